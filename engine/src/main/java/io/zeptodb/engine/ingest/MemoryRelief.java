package io.zeptodb.engine.ingest;

/** Who can make room when new rows fill the memory: by sealing them into files. Thread-safe. */
public interface MemoryRelief {
    /** Nobody can: all rows are in memory. */
    MemoryRelief NONE = new MemoryRelief() {
        @Override
        public void ask() {}

        @Override
        public boolean isUnderWay() {
            return false;
        }
    };

    /** Begins to make room, unless that is under way; quick. */
    void ask();

    /** Whether what was asked for has not ended yet. */
    boolean isUnderWay();
}
