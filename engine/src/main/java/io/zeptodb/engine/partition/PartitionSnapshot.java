package io.zeptodb.engine.partition;

import java.util.List;

/**
 * One time slice of a table: its segments, sealed ones first in the order they were sealed, the hot one last.
 *
 * <p>The partition of rows with NULL timestamps has no slice: its start and end are both Long.MAX_VALUE.
 *
 * @param sliceStart first nanosecond of the slice; Long.MIN_VALUE when the table has no time slices
 * @param sliceEnd first nanosecond behind the slice; Long.MAX_VALUE when the table has no time slices
 * @param segments the segments that have rows
 * @param sealedThrough rows with a smaller sequence number are in sealed segments, or gone
 * @param logFile number of the first log file that may have rows of the segments that are not sealed
 */
public record PartitionSnapshot(
        long sliceStart, long sliceEnd, List<SegmentSnapshot> segments, long sealedThrough, long logFile) {
    /** A {@link #logFile()} when no segment is in memory. */
    public static final long NO_LOG_FILE = Long.MAX_VALUE;

    /** A partition that no log has. */
    public PartitionSnapshot(long sliceStart, long sliceEnd, List<SegmentSnapshot> segments) {
        this(sliceStart, sliceEnd, segments, 0, NO_LOG_FILE);
    }

    /** Whether it is the one of the rows with NULL timestamps. */
    public boolean nullTimes() {
        return sliceStart == Long.MAX_VALUE;
    }
}
