package io.zeptodb.engine.partition;

import io.zeptodb.engine.catalog.ColumnStatistics;
import org.jspecify.annotations.Nullable;

/** A segment of which rows were deleted, at one commit. */
final class ThinnedSegment extends WrappedSegment {
    private final DeletedRows deleted;

    ThinnedSegment(SegmentSnapshot segment, DeletedRows deleted) {
        super(segment);
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
    public DeletedRows deletedRows() {
        return deleted;
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
