package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import org.jspecify.annotations.Nullable;

/** APPROX_PERCENTILE: a {@link QuantileSketch} for each group that has values. */
public final class ApproximatePercentile extends SketchAggregator<QuantileSketch> {
    private final Fraction fraction = new Fraction(1);

    public ApproximatePercentile(MemoryBudget budget) {
        super(budget, new QuantileSketch[0], QuantileSketch::new, QuantileSketch::merge);
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
        fraction.merge(((ApproximatePercentile) other).fraction);
        super.merge(other, groups, groupCount);
    }

    @Override
    public void finish(int from, int count, WritableColumn result) {
        for (int i = 0; i < count; i++) {
            QuantileSketch sketch = known(from + i);
            if (sketch == null || fraction.isNull()) {
                result.setNull(i);
            } else {
                budget().poll();
                result.setDouble(i, sketch.at(fraction.value()));
            }
        }
    }
}
