package io.zeptodb.engine.partition;

import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.catalog.ColumnStatistics;

/** Least and greatest dedup keys of the rows just appended, of keys that have bounds: leaves out segments without reading them. One thread. */
final class UpsertBounds {
    private final int[] ordinals;
    private final ColumnVector[] columns;
    private final BitScratch bits;
    private final long[] least;
    private final long[] most;
    private final boolean[] withNulls;

    UpsertBounds(TableLayout layout, BitScratch bits) {
        this.bits = bits;
        this.ordinals = layout.metadata.schema().dedupKeys().stream()
                .mapToInt(Integer::intValue)
                .filter(ordinal -> hasBounds(layout.types[ordinal].kind()))
                .toArray();
        this.columns = new ColumnVector[ordinals.length];
        for (int i = 0; i < ordinals.length; i++) {
            columns[i] = new ColumnVector(layout.types[ordinals[i]]);
        }
        this.least = new long[ordinals.length];
        this.most = new long[ordinals.length];
        this.withNulls = new boolean[ordinals.length];
    }

    private static boolean hasBounds(TypeKind kind) {
        return kind.isInteger() || kind == TypeKind.DATE || kind == TypeKind.TIME || kind == TypeKind.TIMESTAMP;
    }

    /** Takes those of the rows that were appended last to a hot segment. */
    void find(StoredSegment own) {
        HotSegment hot = own.requireHot();
        for (int k = 0; k < ordinals.length; k++) {
            long min = Long.MAX_VALUE;
            long max = Long.MIN_VALUE;
            boolean nulls = false;
            ColumnVector column = columns[k];
            for (int i = 0; i < hot.appendedRuns(); i++) {
                int run = hot.appendedRun(i);
                int rows = own.rows().runRows(run);
                own.rows().slice(ordinals[k], run, 0, rows, column, bits);
                for (int row = hot.appendedFrom(i); row < rows; row++) {
                    if (column.isNull(row)) {
                        nulls = true;
                    } else {
                        min = Math.min(min, column.getAsLong(row));
                        max = Math.max(max, column.getAsLong(row));
                    }
                }
            }
            least[k] = min;
            most[k] = max;
            withNulls[k] = nulls;
        }
    }

    /** False when no row of a segment can have the keys of a new one. */
    boolean mayBeIn(SegmentSnapshot segment) {
        for (int k = 0; k < ordinals.length; k++) {
            ColumnStatistics known = segment.statistics(ordinals[k]);
            boolean apart = known.hasBounds()
                    ? known.minLong() > most[k] || known.maxLong() < least[k]
                    : known.nullCount() == segment.rowCount();
            if (apart && !(withNulls[k] && known.nullCount() != 0)) {
                return false;
            }
        }
        return true;
    }
}
