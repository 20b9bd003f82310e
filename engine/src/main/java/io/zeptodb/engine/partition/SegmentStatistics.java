package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.ColumnBounds;
import io.zeptodb.engine.catalog.ColumnStatistics;

/** Turns the bounds that a hot segment keeps into what snapshots show. */
final class SegmentStatistics {
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

    private static ColumnStatistics of(ColumnBounds bounds) {
        if (!bounds.hasBounds()) {
            return new ColumnStatistics(false, 0, 0, 0, 0, bounds.nullCount());
        }
        if (bounds.isFloat()) {
            return ColumnStatistics.ofDoubles(bounds.minDouble(), bounds.maxDouble(), bounds.nullCount());
        }
        return ColumnStatistics.ofLongs(bounds.minLong(), bounds.maxLong(), bounds.nullCount());
    }
}
