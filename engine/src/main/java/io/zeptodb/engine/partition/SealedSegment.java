package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.ColumnBuffer;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.catalog.ColumnStatistics;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/**
 * Rows sorted by (key, time, sequence), each column one contiguous buffer: made by a {@link SealedSegmentBuilder}, never changed. Runs are in the
 * order of their keys, the NULL key last. Owns its columns and holds the heaps of its texts, which it shares with the hot segment that it
 * was made of.
 */
final class SealedSegment extends TableSegment {
    /** The texts of a column: the heaps that its views index. */
    record Heaps(ArrowBuf[] buffers, long[] addresses) {
        static final Heaps NONE = new Heaps(new ArrowBuf[0], new long[0]);
    }

    /**
     * Where the runs are.
     *
     * @param keys by run; ascending, but for the NULL key's at the end
     * @param starts first row of each run, and the number of rows behind the last
     * @param hasNullKey whether the last run is that of the NULL key
     * @param ordered whether no timestamp is NULL
     */
    record Runs(long[] keys, int[] starts, boolean hasNullKey, boolean ordered) {}

    private final ColumnBuffer[] columns;
    private final @Nullable Heaps[] heaps;
    private final Runs runs;

    SealedSegment(
            TableLayout layout,
            ColumnBuffer[] columns,
            @Nullable Heaps[] heaps,
            Runs runs,
            ColumnStatistics[] statistics) {
        super(layout, statistics);
        this.columns = columns;
        this.heaps = heaps;
        this.runs = runs;
    }

    @Override
    public long rowCount() {
        return runs.starts[runCount()];
    }

    @Override
    public boolean sealed() {
        return true;
    }

    @Override
    public boolean timeOrdered() {
        return runs.ordered;
    }

    @Override
    public int runCount() {
        return runs.keys.length;
    }

    @Override
    public int findRun(long key) {
        if (!layout.hasKey()) {
            return -1;
        }
        int known = runCount() - (runs.hasNullKey ? 1 : 0);
        return Math.max(Arrays.binarySearch(runs.keys, 0, known, key), -1);
    }

    @Override
    public int findNullRun() {
        return runs.hasNullKey ? runCount() - 1 : -1;
    }

    @Override
    public long runKey(int run) {
        return runs.keys[run];
    }

    @Override
    public boolean runKeyIsNull(int run) {
        return runs.hasNullKey && run == runCount() - 1;
    }

    @Override
    public int runRows(int run) {
        return runs.starts[run + 1] - runs.starts[run];
    }

    @Override
    public boolean runOrdered(int run) {
        return runs.ordered;
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
        int row = runs.starts[run] + from;
        ColumnBuffer buffer = columns[column];
        if (!buffer.point(target, row)) {
            bits.pointShifted(buffer, target, row, count);
        }
        Heaps texts = heaps[column];
        if (texts != null) {
            target.withHeaps(texts.buffers, texts.addresses);
        }
        target.withDictionary(layout.dictionaries[column]);
    }

    /** Only when no snapshot of it can be read any more. */
    void close() {
        for (ColumnBuffer column : columns) {
            column.close();
        }
        release(heaps);
    }

    static void release(@Nullable Heaps[] heaps) {
        for (Heaps texts : heaps) {
            if (texts != null) {
                for (ArrowBuf buffer : texts.buffers) {
                    buffer.getReferenceManager().release();
                }
            }
        }
    }
}
