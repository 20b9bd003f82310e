package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.catalog.ColumnStatistics;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.partition.index.RowRanges;
import io.zeptodb.engine.partition.index.ValueSearch;
import org.jspecify.annotations.Nullable;

/** Another segment, seen as it is but for what a subclass changes. */
abstract class WrappedSegment implements SegmentSnapshot {
    final SegmentSnapshot segment;

    WrappedSegment(SegmentSnapshot segment) {
        this.segment = segment;
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
    public void checkFile() {
        segment.checkFile();
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
        return segment.deletedRows();
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
        segment.slice(ordinal, run, from, count, target, bits);
    }

    @Override
    public boolean find(int ordinal, ValueSearch search, RowRanges into) {
        return segment.find(ordinal, search, into);
    }

    @Override
    public ColumnStatistics statistics(int ordinal) {
        return segment.statistics(ordinal);
    }
}
