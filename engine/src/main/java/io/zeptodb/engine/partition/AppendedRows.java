package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.catalog.ColumnStatistics;
import io.zeptodb.engine.partition.index.RowRanges;
import io.zeptodb.engine.partition.index.ValueSearch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The last rows of some runs of a segment, deleted ones among them: what it has got since an earlier snapshot. */
final class AppendedRows extends WrappedSegment {
    private final int[] runs;
    private final int[] first;
    private final long rowCount;

    /**
     * @param segment with its deleted rows
     * @param runs of the segment, ascending
     * @param first by run: the first row that is meant
     */
    AppendedRows(SegmentSnapshot segment, int[] runs, int[] first) {
        super(segment);
        this.runs = runs;
        this.first = first;
        long rows = 0;
        for (int i = 0; i < runs.length; i++) {
            rows += segment.runRows(runs[i]) - first[i];
        }
        this.rowCount = rows;
    }

    @Override
    public long rowCount() {
        return rowCount;
    }

    @Override
    public int runCount() {
        return runs.length;
    }

    @Override
    public int findRun(long key) {
        return own(segment.findRun(key));
    }

    @Override
    public int findNullRun() {
        return own(segment.findNullRun());
    }

    private int own(int run) {
        return Math.max(Arrays.binarySearch(runs, run), -1);
    }

    @Override
    public long runKey(int run) {
        return segment.runKey(runs[run]);
    }

    @Override
    public boolean runKeyIsNull(int run) {
        return segment.runKeyIsNull(runs[run]);
    }

    @Override
    public int runRows(int run) {
        return segment.runRows(runs[run]) - first[run];
    }

    @Override
    public DeletedRows deletedRows() {
        return DeletedRows.NONE;
    }

    @Override
    public boolean runOrdered(int run) {
        return segment.runOrdered(runs[run]);
    }

    /** The segment is the one with its deleted rows, so that its order has all of these. */
    @Override
    public int @Nullable [] runOrder(int run) {
        int[] all = segment.runOrder(runs[run]);
        if (all == null) {
            return null;
        }
        int[] order = new int[runRows(run)];
        int count = 0;
        for (int row : all) {
            if (row >= first[run]) {
                order[count++] = row - first[run];
            }
        }
        return order;
    }

    /** An index numbers the segment's rows: these few are looked at. */
    @Override
    public boolean find(int ordinal, ValueSearch search, RowRanges into) {
        return false;
    }

    @Override
    public boolean runsAreContiguous() {
        return false;
    }

    @Override
    public void slice(int ordinal, int run, int from, int count, ColumnVector target, BitScratch bits) {
        segment.slice(ordinal, runs[run], first[run] + from, count, target, bits);
    }

    @Override
    public ColumnStatistics statistics(int ordinal) {
        ColumnStatistics all = segment.statistics(ordinal);
        long nulls = all.nullCount();
        if (nulls == segment.rowCount()) {
            nulls = rowCount;
        } else if (nulls > 0) {
            nulls = -1;
        }
        return new ColumnStatistics(
                all.hasBounds(), all.minLong(), all.maxLong(), all.minDouble(), all.maxDouble(), nulls);
    }
}
