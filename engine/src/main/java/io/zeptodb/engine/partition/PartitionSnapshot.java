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
 */
public record PartitionSnapshot(long sliceStart, long sliceEnd, List<SegmentSnapshot> segments) {}
