package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.ColumnBuffer;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.ViewHeap;
import io.zeptodb.engine.catalog.ColumnStatistics;
import io.zeptodb.engine.partition.index.RowRanges;
import io.zeptodb.engine.partition.index.SegmentIndexes;
import io.zeptodb.engine.partition.index.ValueSearch;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** A hot segment as one commit left it. The arrays may grow behind the counts kept here, which no reader looks at. */
final class HotSnapshot extends TableSegment {
    private final @Nullable Slab[] slabs;
    private final @Nullable ViewHeap[] heaps;
    private final RunPage[] pages;
    private final RunKeys keys;
    private final Object identity;
    private final long rowCount;
    private final boolean timeOrdered;
    private final SegmentIndexes indexes;

    /**
     * The keys of runs [0, count).
     *
     * @param keys by run
     * @param slots see {@link RunIndex}
     * @param count runs of this snapshot
     * @param nullRun run of the NULL key, or -1
     */
    record RunKeys(long[] keys, int[] slots, int count, int nullRun) {}

    HotSnapshot(HotSegment segment, RunPage[] pages, ColumnStatistics[] statistics) {
        super(segment.layout, statistics);
        this.slabs = segment.space.slabs();
        this.heaps = segment.heaps;
        this.pages = pages;
        this.keys = segment.runs.keys();
        this.identity = segment.identity;
        this.rowCount = segment.rowCount();
        this.indexes = segment.indexes;
        this.timeOrdered = segment.runs.unordered() == 0;
    }

    /** The same for all snapshots of one segment. */
    Object identity() {
        return identity;
    }

    RunPage[] pages() {
        return pages;
    }

    @Override
    public long rowCount() {
        return rowCount;
    }

    @Override
    public boolean sealed() {
        return false;
    }

    @Override
    public boolean timeOrdered() {
        return timeOrdered;
    }

    @Override
    public int runCount() {
        return keys.count;
    }

    @Override
    public int findRun(long key) {
        return layout.hasKey() ? RunIndex.find(keys.slots, keys.keys, keys.nullRun, keys.count, key) : -1;
    }

    @Override
    public int findNullRun() {
        return keys.nullRun;
    }

    @Override
    public long runKey(int run) {
        return keys.keys[run];
    }

    @Override
    public boolean runKeyIsNull(int run) {
        return run == keys.nullRun;
    }

    @Override
    public int runRows(int run) {
        return pages[run >>> RunPage.SHIFT].rows[run & RunPage.MASK];
    }

    @Override
    public boolean runOrdered(int run) {
        return pages[run >>> RunPage.SHIFT].ordered[run & RunPage.MASK];
    }

    @Override
    public int @Nullable [] runOrder(int run) {
        RunPage page = pages[run >>> RunPage.SHIFT];
        AtomicReferenceArray<int[]> orders = page.orders;
        if (page.ordered[run & RunPage.MASK] || orders == null) {
            return null;
        }
        int[] known = orders.get(run & RunPage.MASK);
        if (known == null) {
            known = computeOrder(run);
            orders.set(run & RunPage.MASK, known);
        }
        return known;
    }

    private int[] computeOrder(int run) {
        RunPage page = pages[run >>> RunPage.SHIFT];
        int at = run & RunPage.MASK;
        ColumnVector times = new ColumnVector(layout.types[layout.timeOrdinal]);
        if (!buffer(page.slab[at], layout.timeOrdinal).point(times, page.offset[at])) {
            throw new IllegalStateException("a run that does not start at a byte");
        }
        return TimeOrder.of(times, page.rows[at]);
    }

    @Override
    public void slice(int ordinal, int run, int from, int count, ColumnVector target, BitScratch bits) {
        RunPage page = pages[run >>> RunPage.SHIFT];
        int at = run & RunPage.MASK;
        int column = layout.column(ordinal);
        int row = page.offset[at] + from;
        ColumnBuffer buffer = buffer(page.slab[at], column);
        if (!buffer.point(target, row)) {
            bits.pointShifted(buffer, target, row, count);
        }
        ViewHeap heap = heaps[column];
        if (heap != null) {
            target.withHeaps(heap.buffers(), heap.addresses());
        }
        target.withDictionary(layout.dictionaries[column]);
    }

    @Override
    public boolean find(int ordinal, ValueSearch search, RowRanges into) {
        return indexes.collect(this, ordinal, search, into);
    }

    private ColumnBuffer buffer(int slabIndex, int column) {
        Slab slab = slabs[slabIndex];
        if (slab == null) {
            throw new IllegalStateException("slab " + slabIndex + " is not in this snapshot");
        }
        return slab.columns[column];
    }
}
