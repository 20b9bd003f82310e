package io.zeptodb.engine.ingest;

import io.zeptodb.engine.batch.MemoryBudget;

/** Makes room while a log is read back, which may be longer than the memory. One thread. */
public final class ReplayRelief {
    /** With more than one of so many parts of memory_limit in use rows are sealed. */
    private static final int USED_PART = 4;
    /** Not for fewer bytes of the log than one of so many parts: what fills the memory is something else. */
    private static final int REPLAYED_PART = 16;

    private final MemoryBudget memory;
    private final long mostBytes;
    private final Runnable seal;
    private long bytes;

    /**
     * @param memory the database's
     * @param mostBytes of the log after which rows are sealed in any case
     * @param seal what seals all rows there are; when it can do nothing it returns
     */
    public ReplayRelief(MemoryBudget memory, long mostBytes, Runnable seal) {
        this.memory = memory;
        this.mostBytes = mostBytes;
        this.seal = seal;
    }

    void add(long recordBytes) {
        bytes += recordBytes;
    }

    void afterTransaction() {
        long limit = memory.limitBytes();
        boolean isShort = bytes > limit / REPLAYED_PART && memory.usedBytes() > limit / USED_PART;
        if (isShort || bytes > mostBytes) {
            bytes = 0;
            seal.run();
        }
    }
}
