package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.KeyHashing;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import org.jspecify.annotations.Nullable;

/** APPROX_COUNT_DISTINCT: a {@link DistinctSketch} for each group that has values. Any type but SYMBOL, whose codes say nothing outside of a table. */
public final class ApproximateDistinct extends SketchAggregator<DistinctSketch> {
    private long[] hashes = {};
    private int[] range = {};

    public ApproximateDistinct(MemoryBudget budget) {
        super(budget, new DistinctSketch[0], DistinctSketch::new, DistinctSketch::merge);
    }

    private void hash(ColumnVector argument, int @Nullable [] rows, int count) {
        if (hashes.length < count) {
            hashes = new long[count];
        }
        KeyHashing.hashWide(argument, rows, count, hashes);
    }

    @Override
    void scatter(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groups) {
        hash(arguments[0], rows, count);
        for (int i = 0; i < count; i++) {
            of(groups[rows == null ? i : rows[i]]).add(hashes[i]);
        }
    }

    @Override
    void addRows(int group, ColumnVector[] arguments, int[] rows, int count) {
        if (count == 0) {
            return;
        }
        hash(arguments[0], rows, count);
        DistinctSketch sketch = of(group);
        for (int i = 0; i < count; i++) {
            sketch.add(hashes[i]);
        }
    }

    @Override
    void addRange(int group, ColumnVector[] arguments, int from, int to) {
        int count = to - from;
        if (range.length < count) {
            range = new int[count];
        }
        for (int i = 0; i < count; i++) {
            range[i] = from + i;
        }
        addRows(group, arguments, range, count);
    }

    @Override
    public void finish(int from, int count, WritableColumn result) {
        for (int i = 0; i < count; i++) {
            budget().poll();
            DistinctSketch sketch = known(from + i);
            result.setLong(i, sketch == null ? 0 : sketch.estimate());
        }
    }
}
