package io.zeptodb.engine.partition;

/**
 * What commits wait for before they are seen. Writers write what they change to it while they hold the gate; the store asks here how far that is,
 * and waits without the gate. Thread-safe.
 */
public interface CommitLog {
    /** Nothing to wait for: a database that is gone when it is closed. */
    CommitLog NONE = new CommitLog() {
        @Override
        public long position() {
            return 0;
        }

        @Override
        public long readableFrom() {
            return 0;
        }

        @Override
        public void flush(long position) {}

        @Override
        public void abort() {}

        @Override
        public void deleted(long tableId, long[] sequences, int count) {}
    };

    /** The last record of the last commit; called under the gate. */
    long position();

    /** Number of the file from which on the log must be kept so that what the present transaction writes can be read; called under the gate. */
    long readableFrom();

    /**
     * Returns when all up to the position is as durable as the database promises.
     *
     * @throws io.zeptodb.engine.api.EngineException IO_ERROR, DISK_FULL: nothing of it may be taken for durable, now or later
     */
    void flush(long position);

    /** The open transaction is given up, with what it has written; called under the gate. */
    void abort();

    /**
     * Rows were deleted that nobody named: those that rows of the same dedup keys have replaced. Called under the gate.
     *
     * @param sequences ascending up to count
     */
    void deleted(long tableId, long[] sequences, int count);
}
