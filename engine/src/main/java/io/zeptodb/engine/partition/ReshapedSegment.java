package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.catalog.ColumnStatistics;
import io.zeptodb.engine.partition.index.RowRanges;
import io.zeptodb.engine.partition.index.ValueSearch;
import org.jspecify.annotations.Nullable;

/**
 * A segment that was made when its table had other columns, read as the table is now: columns are found by their ids, one that the segment lacks is
 * NULL in every row. ALTER TABLE touches no row.
 */
final class ReshapedSegment extends WrappedSegment {
    private static final int ABSENT = -2;

    private final Shape shape;

    /** How a table's columns are found in a segment. */
    static final class Shape {
        /** Of the segment, by ordinal of the table; {@link #ABSENT} where it has none. */
        private final int[] ordinals;
        /** As it is now. */
        private final TableLayout table;

        private Shape(int[] ordinals, TableLayout table) {
            this.ordinals = ordinals;
            this.table = table;
        }

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
    }

    ReshapedSegment(SegmentSnapshot segment, Shape shape) {
        super(segment);
        this.shape = shape;
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

    /** Nothing is found in a column that the segment lacks: NULL is no value. */
    @Override
    public boolean find(int ordinal, ValueSearch search, RowRanges into) {
        int made = shape.ordinals[ordinal];
        return made == ABSENT || segment.find(made, search, into);
    }

    @Override
    public ColumnStatistics statistics(int ordinal) {
        int made = ordinal == SEQUENCE ? SEQUENCE : shape.ordinals[ordinal];
        return made == ABSENT ? new ColumnStatistics(false, 0, 0, 0, 0, segment.rowCount()) : segment.statistics(made);
    }
}
