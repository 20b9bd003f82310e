package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.EndMark;
import io.zeptodb.engine.catalog.ColumnStatistics;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.partition.index.RowRanges;
import io.zeptodb.engine.partition.index.SegmentIndexes;
import io.zeptodb.engine.partition.index.ValueSearch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rows sorted by (key, time, sequence), each column one contiguous buffer, which never change. Runs are in the order of their keys, the NULL key
 * last. What it needs to be counted and pruned it knows; its rows may be in a file that is opened when a reader first asks for them. A
 * column that the table has dropped since may still be in it.
 */
final class SealedSegment extends TableSegment {
    private final SegmentColumns source;
    private final long rows;
    private final boolean ordered;
    /** By column of the layout: the one of the source. */
    private final int[] places;
    /** By column of the layout, those of which every row may be read. Racy: who misses one asks the source. */
    private final @Nullable SealedColumn[] complete;

    final SegmentIndexes indexes;
    private final @Nullable SegmentMetadata metadata;
    private @Nullable SealedRuns runs;
    /** {@link SegmentColumns#endMark()} once it is known. */
    private volatile @Nullable EndMark endMark;

    private SealedSegment(
            TableLayout layout,
            ColumnStatistics[] statistics,
            SegmentColumns source,
            int[] places,
            long rows,
            @Nullable SegmentMetadata metadata) {
        super(layout, statistics);
        this.source = source;
        this.rows = rows;
        this.ordered = !layout.hasTime() || statistics[layout.timeOrdinal].nullCount() == 0;
        this.places = places;
        this.complete = new SealedColumn[places.length];
        this.indexes = new SegmentIndexes(layout.types, false, layout.budget);
        this.metadata = metadata;
    }

    /** A segment whose source has the columns of the layout. */
    static SealedSegment inMemory(TableLayout layout, SegmentColumns source, ColumnStatistics[] statistics) {
        int[] places = new int[layout.types.length];
        Arrays.setAll(places, i -> i);
        return new SealedSegment(
                layout, statistics, source, places, source.runs().rows(), null);
    }

    /**
     * A segment of a file, which is not opened.
     *
     * @param layout of columns that are all in the file, by their ids
     */
    static SealedSegment of(TableLayout layout, SegmentMetadata metadata, SegmentColumns source) {
        int[] places = new int[layout.types.length];
        ColumnStatistics[] statistics = new ColumnStatistics[places.length];
        for (int i = 0; i < layout.sequenceColumn; i++) {
            places[i] = metadata.placeOf(layout.metadata.columnId(i));
            statistics[i] = metadata.columns().get(places[i]).statistics();
        }
        places[layout.sequenceColumn] = metadata.columns().size();
        statistics[layout.sequenceColumn] = ColumnStatistics.ofLongs(
                metadata.sequences().min(), metadata.sequences().max(), 0);
        return new SealedSegment(layout, statistics, source, places, metadata.rows(), metadata);
    }

    @Override
    public @Nullable SegmentMetadata file() {
        return metadata;
    }

    /** Reads the mark itself, which most of the time is all: even going to the source for it would miss the cache twice. */
    @Override
    public void checkFile() {
        EndMark mark = endMark;
        if (mark == null) {
            mark = source.endMark();
            endMark = mark;
        }
        if (mark != null && !mark.isThere()) {
            throw source.cutShort();
        }
    }

    /** Whether the runs are known without opening a file. */
    boolean knowsRuns() {
        return runs != null || metadata == null;
    }

    @Override
    public long rowCount() {
        return rows;
    }

    @Override
    public boolean sealed() {
        return true;
    }

    @Override
    public boolean timeOrdered() {
        return ordered;
    }

    private SealedRuns runs() {
        // racy on purpose: every reader that finds none asks, and gets the same
        SealedRuns known = runs;
        if (known == null) {
            known = source.runs();
            runs = known;
        }
        return known;
    }

    @Override
    public int runCount() {
        return runs().count();
    }

    @Override
    public int findRun(long key) {
        if (!layout.hasKey()) {
            return -1;
        }
        SealedRuns known = runs();
        int keys = known.count() - (known.hasNullKey() ? 1 : 0);
        return Math.max(Arrays.binarySearch(known.keys(), 0, keys, key), -1);
    }

    @Override
    public int findNullRun() {
        return runs().hasNullKey() ? runCount() - 1 : -1;
    }

    @Override
    public long runKey(int run) {
        return runs().keys()[run];
    }

    @Override
    public boolean runKeyIsNull(int run) {
        return runs().hasNullKey() && run == runCount() - 1;
    }

    @Override
    public int runRows(int run) {
        int[] starts = runs().starts();
        return starts[run + 1] - starts[run];
    }

    @Override
    public boolean runOrdered(int run) {
        return ordered;
    }

    @Override
    public int @Nullable [] runOrder(int run) {
        return null;
    }

    @Override
    public boolean runsAreContiguous() {
        return true;
    }

    @Override
    public void slice(int ordinal, int run, int from, int count, ColumnVector target, BitScratch bits) {
        int column = layout.column(ordinal);
        int row = runs().starts()[run] + from;
        SealedColumn present = complete[column];
        if (present == null) {
            present = touch(column, row, count);
        }
        if (!present.values.point(target, row)) {
            bits.pointShifted(present.values, target, row, count);
        }
        if (present.hasViews) {
            target.withHeaps(present.heaps, present.heapAddresses);
        }
        target.withDictionary(layout.dictionaries[column]);
    }

    @Override
    public boolean find(int ordinal, ValueSearch search, RowRanges into) {
        return indexes.collect(this, ordinal, search, into);
    }

    private SealedColumn touch(int column, int row, int count) {
        int place = places[column];
        SealedColumn whole = source.complete(place);
        if (whole == null) {
            return source.column(place, row, count);
        }
        complete[column] = whole;
        return whole;
    }

    /** Only when no snapshot of it can be read any more. */
    void close() {
        indexes.close();
        Arrays.fill(complete, null);
        runs = null;
        endMark = null;
        source.close();
    }
}
