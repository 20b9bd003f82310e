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
        public void flush(long position) {}
    };

    /** The end of what was written so far; called under the gate. */
    long position();

    /**
     * Returns when all that was written before the position is as durable as the database promises.
     *
     * @throws io.zeptodb.engine.api.EngineException IO_ERROR, DISK_FULL: nothing of it may be taken for durable, now or later
     */
    void flush(long position);
}
