package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.ColumnBounds;
import io.zeptodb.engine.batch.ColumnBuffer;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.catalog.ColumnStatistics;
import java.util.Arrays;

/** Turns the bounds of columns, as a hot segment keeps them, into what snapshots show. */
public final class SegmentStatistics {
    private static final int STEP_ROWS = 1 << 12;

    private SegmentStatistics() {}

    static ColumnBounds[] newBounds(TableLayout layout) {
        ColumnBounds[] bounds = new ColumnBounds[layout.types.length];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = new ColumnBounds(layout.types[i].kind());
        }
        return bounds;
    }

    static ColumnStatistics[] of(ColumnBounds[] bounds) {
        ColumnStatistics[] statistics = new ColumnStatistics[bounds.length];
        for (int i = 0; i < bounds.length; i++) {
            statistics[i] = of(bounds[i]);
        }
        return statistics;
    }

    /** Of all rows of columns. */
    static ColumnStatistics[] of(TableLayout layout, ColumnBuffer[] columns, int rows) {
        ColumnBounds[] bounds = newBounds(layout);
        int[] positions = new int[Math.min(rows, STEP_ROWS)];
        Arrays.setAll(positions, i -> i);
        for (int i = 0; i < bounds.length; i++) {
            ColumnVector vector = new ColumnVector(layout.types[i]);
            for (int from = 0; from < rows; from += STEP_ROWS) {
                columns[i].point(vector, from); // at a multiple of 8: nothing is shifted
                bounds[i].add(vector, positions, 0, Math.min(STEP_ROWS, rows - from));
            }
        }
        return of(bounds);
    }

    public static ColumnStatistics of(ColumnBounds bounds) {
        if (!bounds.hasBounds()) {
            return new ColumnStatistics(false, 0, 0, 0, 0, bounds.nullCount());
        }
        if (bounds.isFloat()) {
            return ColumnStatistics.ofDoubles(bounds.minDouble(), bounds.maxDouble(), bounds.nullCount());
        }
        return ColumnStatistics.ofLongs(bounds.minLong(), bounds.maxLong(), bounds.nullCount());
    }
}
