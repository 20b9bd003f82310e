package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** PRODUCT of doubles, rounded after each row; NULL without rows. */
public final class ProductAggregator extends RowAggregator {
    private double[] values = {};
    private boolean[] present = {};

    public ProductAggregator(MemoryBudget budget) {
        super(budget, Double.BYTES + 1, 1);
    }

    @Override
    void grow(int groups) {
        int old = values.length;
        values = Arrays.copyOf(values, groups);
        Arrays.fill(values, old, groups, 1);
        present = Arrays.copyOf(present, groups);
    }

    @Override
    void scatter(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groups) {
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            values[groups[row]] *= arguments[0].getDouble(row);
            present[groups[row]] = true;
        }
    }

    @Override
    void addRows(int group, ColumnVector[] arguments, int[] rows, int count) {
        for (int i = 0; i < count; i++) {
            values[group] *= arguments[0].getDouble(rows[i]);
        }
        present[group] |= count > 0;
    }

    @Override
    void addRange(int group, ColumnVector[] arguments, int from, int to) {
        double product = values[group];
        for (int i = from; i < to; i++) {
            product *= arguments[0].getDouble(i);
        }
        values[group] = product;
        present[group] |= from < to;
    }

    @Override
    public void merge(Aggregator other, int[] groups, int groupCount) {
        ProductAggregator from = (ProductAggregator) other;
        for (int g = 0; g < groupCount; g++) {
            values[groups[g]] *= from.values[g];
            present[groups[g]] |= from.present[g];
        }
    }

    @Override
    public void finish(int from, int count, WritableColumn result) {
        for (int i = 0; i < count; i++) {
            result.setDouble(i, values[from + i]);
            if (!present[from + i]) {
                result.setNull(i);
            }
        }
    }
}
