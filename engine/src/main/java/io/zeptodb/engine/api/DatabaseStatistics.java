package io.zeptodb.engine.api;

/**
 * Counters of a database since it was opened.
 *
 * @param ingest rows received, stored, refused
 * @param partitions partitions of all tables now
 * @param rowsScanned rows that scans read
 * @param queries statements run
 * @param lastQueryNanos duration of the last statement that ended, nanoseconds
 * @param allocatedBytes bytes that count against the limit now: buffers, and large arrays on the Java heap
 * @param memoryLimitBytes {@code memory_limit}
 * @param log commits and syncs of the commit log
 */
public record DatabaseStatistics(
        IngestCounters ingest,
        int partitions,
        long rowsScanned,
        long queries,
        long lastQueryNanos,
        long allocatedBytes,
        long memoryLimitBytes,
        LogCounters log) {
    /**
     * The commit log of a database on disk.
     *
     * @param commits written; 0 in memory
     * @param syncs of the log: fewer than commits when they share one
     */
    public record LogCounters(long commits, long syncs) {
        public static final LogCounters NONE = new LogCounters(0, 0);
    }
}
