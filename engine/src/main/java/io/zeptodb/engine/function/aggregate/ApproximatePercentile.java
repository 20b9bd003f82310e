package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** APPROX_PERCENTILE: a {@link QuantileSketch} for each group that has values. */
public final class ApproximatePercentile extends RowAggregator {
    private static final int BYTES_PER_GROUP = Long.BYTES;

    private final Fraction fraction = new Fraction(1);
    private @Nullable QuantileSketch[] sketches = {};

    public ApproximatePercentile(MemoryBudget budget) {
        super(budget, BYTES_PER_GROUP, 1);
    }

    @Override
    void grow(int groups) {
        sketches = Arrays.copyOf(sketches, groups);
    }

    private QuantileSketch of(int group) {
        QuantileSketch sketch = sketches[group];
        if (sketch == null) {
            sketch = new QuantileSketch(this::account);
            sketches[group] = sketch;
        }
        return sketch;
    }

    @Override
    void scatter(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groups) {
        fraction.read(arguments, rows, 0, count);
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            of(groups[row]).add(arguments[0].getDouble(row));
        }
    }

    @Override
    void addRows(int group, ColumnVector[] arguments, int[] rows, int count) {
        if (count == 0) {
            return;
        }
        fraction.read(arguments, rows, 0, count);
        QuantileSketch sketch = of(group);
        for (int i = 0; i < count; i++) {
            sketch.add(arguments[0].getDouble(rows[i]));
        }
    }

    @Override
    void addRange(int group, ColumnVector[] arguments, int from, int to) {
        if (from == to) {
            return;
        }
        fraction.read(arguments, null, from, to);
        QuantileSketch sketch = of(group);
        for (int i = from; i < to; i++) {
            sketch.add(arguments[0].getDouble(i));
        }
    }

    @Override
    public void merge(Aggregator other, int[] groups, int groupCount) {
        ApproximatePercentile from = (ApproximatePercentile) other;
        fraction.merge(from.fraction);
        for (int g = 0; g < groupCount; g++) {
            QuantileSketch sketch = from.sketches[g];
            if (sketch != null) {
                budget().poll();
                of(groups[g]).merge(sketch);
            }
        }
    }

    @Override
    public void finish(int from, int count, WritableColumn result) {
        for (int i = 0; i < count; i++) {
            QuantileSketch sketch = sketches[from + i];
            if (sketch == null || fraction.isNull()) {
                result.setNull(i);
            } else {
                budget().poll();
                result.setDouble(i, sketch.at(fraction.value()));
            }
        }
    }
}
