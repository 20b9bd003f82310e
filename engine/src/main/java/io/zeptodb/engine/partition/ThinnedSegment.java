package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.catalog.ColumnStatistics;
import io.zeptodb.engine.catalog.SegmentMetadata;
import org.jspecify.annotations.Nullable;

/** A segment of which rows were deleted, at one commit. */
final class ThinnedSegment implements SegmentSnapshot {
    private final SegmentSnapshot segment;
    private final DeletedRows deleted;

    ThinnedSegment(SegmentSnapshot segment, DeletedRows deleted) {
        this.segment = segment;
        this.deleted = deleted;
    }

    /** With the deleted rows. */
    SegmentSnapshot whole() {
        return segment;
    }

    @Override
    public long rowCount() {
        return segment.rowCount() - deleted.count();
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
    public DeletedRows deletedRows() {
        return deleted;
    }

    @Override
    public boolean runOrdered(int run) {
        return segment.runOrdered(run);
    }

    @Override
    public int @Nullable [] runOrder(int run) {
        int[] order = segment.runOrder(run);
        int gone = deleted.count(run);
        if (gone == 0) {
            return order;
        }
        int rows = segment.runRows(run);
        int[] live = new int[rows - gone];
        int count = 0;
        if (order == null) {
            for (int row = deleted.nextLive(run, 0, rows); row < rows; row = deleted.nextLive(run, row + 1, rows)) {
                live[count++] = row;
            }
        } else {
            for (int row : order) {
                if (!deleted.contains(run, row)) {
                    live[count++] = row;
                }
            }
        }
        return live;
    }

    @Override
    public boolean runsAreContiguous() {
        return segment.runsAreContiguous();
    }

    @Override
    public void slice(int ordinal, int run, int from, int count, ColumnVector target, BitScratch bits) {
        segment.slice(ordinal, run, from, count, target, bits);
    }

    @Override
    public ColumnStatistics statistics(int ordinal) {
        ColumnStatistics all = segment.statistics(ordinal);
        long nulls = all.nullCount();
        if (nulls == segment.rowCount()) {
            nulls = rowCount();
        } else if (nulls > 0) {
            nulls = -1;
        }
        return new ColumnStatistics(
                all.hasBounds(), all.minLong(), all.maxLong(), all.minDouble(), all.maxDouble(), nulls);
    }
}
