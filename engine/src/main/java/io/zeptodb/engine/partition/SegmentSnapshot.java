package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.catalog.ColumnStatistics;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one segment as one snapshot sees them, in runs: run r is the rows of one key, contiguous in memory column by column. A table
 * without a key has one run. Immutable and thread-safe; valid while the {@link SnapshotLease} that gave it is open.
 *
 * <p>Column ordinals are the table's. {@link #SEQUENCE} names the hidden BIGINT column of ingest sequence numbers, which break ties of
 * equal timestamps: it ascends over the table with the order of ingest.
 */
public interface SegmentSnapshot {
    /** Ordinal of the hidden column of ingest sequence numbers. */
    int SEQUENCE = -1;

    /** Rows of all runs. */
    long rowCount();

    boolean sealed();

    /** Least designated timestamp, nanoseconds; NULL timestamps do not count. Meaningless while {@link #hasTimeRange()} is false. */
    long minTime();

    /** Greatest designated timestamp. */
    long maxTime();

    /** False without a designated timestamp, or when all are NULL. */
    boolean hasTimeRange();

    /** True when every run is in (time, sequence) order and no timestamp is NULL. */
    boolean timeOrdered();

    /** Runs, numbered from 0; a run has at least one row. */
    int runCount();

    /** The run of this key: a symbol code or an integer; -1 when it has none. Only for tables with a key. */
    int findRun(long key);

    /** The run of the NULL key, or -1. */
    int findNullRun();

    /** Key of a run: symbol code or integer; 0 for the NULL key and in tables without a key. */
    long runKey(int run);

    boolean runKeyIsNull(int run);

    int runRows(int run);

    /** Whether this run is in (time, sequence) order with no NULL timestamp. True in tables without a designated timestamp. */
    boolean runOrdered(int run);

    /**
     * Positions of the run's rows in (time, sequence) order, NULL timestamps last; null when they lie so already. Computed once and kept with the
     * snapshot; shared, do not change.
     */
    int @Nullable [] runOrder(int run);

    /**
     * Whether in every column each run begins where the one before it ends, so that {@link #slice} may go on into the runs that follow:
     * many short runs are then read as one range.
     */
    default boolean runsAreContiguous() {
        return false;
    }

    /**
     * Points a vector at rows [from, from + count) of a column of a run, without a copy unless a bitmap must be shifted: {@code from} is then
     * better a multiple of 8.
     *
     * @param ordinal a column of the table, or {@link #SEQUENCE}
     * @param target a vector of the column's type, re-pointed
     * @param bits room for a shifted bitmap, used when from is not a multiple of 8 and the column has NULLs or is BOOLEAN
     */
    void slice(int ordinal, int run, int from, int count, ColumnVector target, BitScratch bits);

    /** What is known of a column of the whole segment. */
    ColumnStatistics statistics(int ordinal);
}
