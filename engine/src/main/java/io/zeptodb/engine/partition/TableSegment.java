package io.zeptodb.engine.partition;

import io.zeptodb.engine.catalog.ColumnStatistics;

/** What hot and sealed segments know in the same way: the table's layout, and what holds of each column of all rows. Immutable. */
abstract class TableSegment implements SegmentSnapshot {
    final TableLayout layout;
    private final ColumnStatistics[] statistics;

    /** @param statistics by column of the layout; not changed any more */
    TableSegment(TableLayout layout, ColumnStatistics[] statistics) {
        this.layout = layout;
        this.statistics = statistics;
    }

    @Override
    public final long minTime() {
        return hasTimeRange() ? statistics[layout.timeOrdinal].minLong() : 0;
    }

    @Override
    public final long maxTime() {
        return hasTimeRange() ? statistics[layout.timeOrdinal].maxLong() : 0;
    }

    @Override
    public final boolean hasTimeRange() {
        return layout.hasTime() && statistics[layout.timeOrdinal].hasBounds();
    }

    @Override
    public final ColumnStatistics statistics(int ordinal) {
        return statistics[layout.column(ordinal)];
    }
}
