package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.catalog.ColumnStatistics;
import io.zeptodb.engine.catalog.SegmentMetadata;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A segment that was made when its table had other columns, read as the table is now: columns are found by their ids, one that the segment lacks is
 * NULL in every row. ALTER TABLE touches no row.
 */
final class ReshapedSegment implements SegmentSnapshot {
    private static final int ABSENT = -2;

    private final SegmentSnapshot segment;
    private final Shape shape;

    /**
     * How a table's columns are found in a segment.
     *
     * @param ordinals of the segment, by ordinal of the table; {@link #ABSENT} where it has none
     * @param table as it is now
     */
    record Shape(int[] ordinals, TableLayout table) {
        /** Null when the segment has just the columns of the table. */
        static @Nullable Shape of(TableLayout made, TableLayout now) {
            if (made.metadata.columnIds().equals(now.metadata.columnIds())) {
                return null;
            }
            int[] ordinals = new int[now.sequenceColumn];
            for (int i = 0; i < ordinals.length; i++) {
                int found = made.metadata.ordinalOfId(now.metadata.columnId(i));
                ordinals[i] = found < 0 ? ABSENT : found;
            }
            return new Shape(ordinals, now);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Shape shape && Arrays.equals(shape.ordinals, ordinals) && shape.table.equals(table);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(ordinals);
        }

        @Override
        public String toString() {
            return "Shape" + Arrays.toString(ordinals);
        }
    }

    ReshapedSegment(SegmentSnapshot segment, Shape shape) {
        this.segment = segment;
        this.shape = shape;
    }

    @Override
    public long rowCount() {
        return segment.rowCount();
    }

    @Override
    public boolean sealed() {
        return segment.sealed();
    }

    @Override
    public @Nullable SegmentMetadata file() {
        return segment.file();
    }

    @Override
    public long minTime() {
        return segment.minTime();
    }

    @Override
    public long maxTime() {
        return segment.maxTime();
    }

    @Override
    public boolean hasTimeRange() {
        return segment.hasTimeRange();
    }

    @Override
    public boolean timeOrdered() {
        return segment.timeOrdered();
    }

    @Override
    public int runCount() {
        return segment.runCount();
    }

    @Override
    public int findRun(long key) {
        return segment.findRun(key);
    }

    @Override
    public int findNullRun() {
        return segment.findNullRun();
    }

    @Override
    public long runKey(int run) {
        return segment.runKey(run);
    }

    @Override
    public boolean runKeyIsNull(int run) {
        return segment.runKeyIsNull(run);
    }

    @Override
    public int runRows(int run) {
        return segment.runRows(run);
    }

    @Override
    public boolean runOrdered(int run) {
        return segment.runOrdered(run);
    }

    @Override
    public int @Nullable [] runOrder(int run) {
        return segment.runOrder(run);
    }

    @Override
    public boolean runsAreContiguous() {
        return segment.runsAreContiguous();
    }

    @Override
    public void slice(int ordinal, int run, int from, int count, ColumnVector target, BitScratch bits) {
        int made = ordinal == SEQUENCE ? SEQUENCE : shape.ordinals[ordinal];
        if (made != ABSENT) {
            segment.slice(made, run, from, count, target, bits);
            return;
        }
        shape.table.nulls.point(target, count);
        target.withDictionary(shape.table.dictionaries[ordinal]);
    }

    @Override
    public ColumnStatistics statistics(int ordinal) {
        int made = ordinal == SEQUENCE ? SEQUENCE : shape.ordinals[ordinal];
        return made == ABSENT ? new ColumnStatistics(false, 0, 0, 0, 0, segment.rowCount()) : segment.statistics(made);
    }
}
