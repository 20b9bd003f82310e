package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.catalog.ColumnStatistics;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.partition.index.RowRanges;
import io.zeptodb.engine.partition.index.ValueSearch;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one segment as one snapshot sees them, in runs: run r is the rows of one key, contiguous in memory column by column. A table
 * without a key has one run. Immutable and thread-safe; valid while the {@link SnapshotLease} that gave it is open.
 *
 * <p>Column ordinals are the table's. {@link #SEQUENCE} names the hidden BIGINT column of ingest sequence numbers, which break ties of
 * equal timestamps: it ascends over the table with the order of ingest.
 *
 * <p>Rows that were deleted stay where they are until the segment is sealed or compacted: rows of a run are numbered from 0 to {@link #runRows}
 * with the deleted ones among them, and it is the reader who passes them over, by {@link #deletedRows}. Of a run all rows may be
 * deleted; of a segment that a snapshot shows, never.
 */
public interface SegmentSnapshot {
    /** Ordinal of the hidden column of ingest sequence numbers. */
    int SEQUENCE = -1;

    /** Rows of all runs that are not deleted. */
    long rowCount();

    boolean sealed();

    /** The file that it lies in; null for one in memory. */
    default @Nullable SegmentMetadata file() {
        return null;
    }

    /**
     * To be called by a statement, or whoever else reads rows, once before the first {@link #slice}: a file that another process has cut short since it
     * was opened is found here, and not by what is read of it.
     *
     * @throws io.zeptodb.engine.api.EngineException CORRUPTION
     */
    default void checkFile() {}

    /**
     * Least designated timestamp, nanoseconds; NULL timestamps do not count. A lower bound when rows were deleted: {@link LiveTimes} knows the
     * least one then. Meaningless while {@link #hasTimeRange()} is false.
     */
    long minTime();

    /** Greatest designated timestamp; an upper bound when rows were deleted. */
    long maxTime();

    /** False without a designated timestamp, or when all are NULL. */
    boolean hasTimeRange();

    /** True when every run is in (time, sequence) order and no timestamp is NULL. */
    boolean timeOrdered();

    /** Runs, numbered from 0; a run has at least one row, which may be deleted. */
    int runCount();

    /** The run of this key: a symbol code or an integer; -1 when it has none. Only for tables with a key. */
    int findRun(long key);

    /** The run of the NULL key, or -1. */
    int findNullRun();

    /** Key of a run: symbol code or integer; 0 for the NULL key and in tables without a key. */
    long runKey(int run);

    boolean runKeyIsNull(int run);

    /** Rows of a run, deleted ones included: what the rows are numbered by. */
    int runRows(int run);

    /** Which rows are deleted. */
    default DeletedRows deletedRows() {
        return DeletedRows.NONE;
    }

    /** Rows of a run that are not deleted. */
    default int liveRows(int run) {
        return runRows(run) - deletedRows().count(run);
    }

    /** Whether this run is in (time, sequence) order with no NULL timestamp. True in tables without a designated timestamp. */
    boolean runOrdered(int run);

    /**
     * Positions of the run's rows that are not deleted, in (time, sequence) order, NULL timestamps last; null when all rows lie so already and none
     * is deleted. May be shared, do not change.
     */
    int @Nullable [] runOrder(int run);

    /**
     * Whether in every column each run begins where the one before it ends, so that {@link #slice} may go on into the runs that follow:
     * many short runs are then read as one range. Deleted rows lie between the others as in every run.
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

    /**
     * Adds the rows that may have the values looked for, by the index of a column; deleted ones are among them.
     *
     * @param ordinal a column of the table
     * @return false when there is no index that tells: any row may have them
     * @throws io.zeptodb.engine.api.EngineException as {@link #slice}, and what the search's poll throws
     */
    default boolean find(int ordinal, ValueSearch search, RowRanges into) {
        return false;
    }

    /** What is known of a column of the whole segment. When rows were deleted, the bounds hold for those that are left, but may be wider. */
    ColumnStatistics statistics(int ordinal);
}
