package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.ViewHeap;
import io.zeptodb.engine.catalog.ColumnStatistics;
import org.jspecify.annotations.Nullable;

/** What a hot segment holds now, the rows of the open transaction included: for its writer, who holds the gate. Deleted rows are not known here. */
final class HotRows implements SegmentSnapshot {
    private final HotSegment segment;
    private final TableLayout layout;
    private final RunTable runs;

    HotRows(HotSegment segment) {
        this.segment = segment;
        this.layout = segment.layout;
        this.runs = segment.runs;
    }

    @Override
    public long rowCount() {
        return segment.rowCount();
    }

    @Override
    public boolean sealed() {
        return false;
    }

    @Override
    public long minTime() {
        return hasTimeRange() ? segment.bounds(layout.timeOrdinal).minLong() : 0;
    }

    @Override
    public long maxTime() {
        return hasTimeRange() ? segment.bounds(layout.timeOrdinal).maxLong() : 0;
    }

    @Override
    public boolean hasTimeRange() {
        return layout.hasTime() && segment.bounds(layout.timeOrdinal).hasBounds();
    }

    @Override
    public boolean timeOrdered() {
        return runs.unordered() == 0;
    }

    @Override
    public int runCount() {
        return runs.count();
    }

    @Override
    public int findRun(long key) {
        return layout.hasKey() ? runs.find(key) : -1;
    }

    @Override
    public int findNullRun() {
        return runs.nullRun();
    }

    @Override
    public long runKey(int run) {
        return runs.key(run);
    }

    @Override
    public boolean runKeyIsNull(int run) {
        return run == runs.nullRun();
    }

    @Override
    public int runRows(int run) {
        return runs.rows[run];
    }

    @Override
    public boolean runOrdered(int run) {
        return runs.ordered[run];
    }

    @Override
    public int @Nullable [] runOrder(int run) {
        if (runs.ordered[run]) {
            return null;
        }
        ColumnVector times = new ColumnVector(layout.types[layout.timeOrdinal]);
        segment.space.slab(runs.slab[run]).columns[layout.timeOrdinal].point(times, runs.offset[run]);
        return TimeOrder.of(times, runs.rows[run]);
    }

    @Override
    public void slice(int ordinal, int run, int from, int count, ColumnVector target, BitScratch bits) {
        int column = layout.column(ordinal);
        int row = runs.offset[run] + from;
        var buffer = segment.space.slab(runs.slab[run]).columns[column];
        if (!buffer.point(target, row)) {
            bits.pointShifted(buffer, target, row, count);
        }
        ViewHeap heap = segment.heaps[column];
        if (heap != null) {
            target.withHeaps(heap.buffers(), heap.addresses());
        }
        target.withDictionary(layout.dictionaries[column]);
    }

    @Override
    public ColumnStatistics statistics(int ordinal) {
        return SegmentStatistics.of(segment.bounds(layout.column(ordinal)));
    }
}
