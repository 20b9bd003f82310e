package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** COUNT(*) without arguments, COUNT(x) of the rows whose argument is present. */
public final class CountAggregator extends RowAggregator {
    private long[] counts = {};

    public CountAggregator(MemoryBudget budget, int arguments) {
        super(budget, Long.BYTES, arguments);
    }

    @Override
    void grow(int groups) {
        counts = Arrays.copyOf(counts, groups);
    }

    @Override
    void scatter(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groups) {
        long[] state = counts;
        for (int i = 0; i < count; i++) {
            state[groups[rows == null ? i : rows[i]]]++;
        }
    }

    @Override
    void addRows(int group, ColumnVector[] arguments, int[] rows, int count) {
        counts[group] += count;
    }

    @Override
    void addRange(int group, ColumnVector[] arguments, int from, int to) {
        counts[group] += to - from;
    }

    @Override
    boolean addMarked(int group, ColumnVector[] arguments, long[][] marks, int rowCount, int count) {
        counts[group] += count;
        return true;
    }

    @Override
    public void merge(Aggregator other, int[] groups, int groupCount) {
        CountAggregator from = (CountAggregator) other;
        for (int g = 0; g < groupCount; g++) {
            counts[groups[g]] += from.counts[g];
        }
    }

    @Override
    public void finish(int from, int count, WritableColumn result) {
        for (int i = 0; i < count; i++) {
            result.setLong(i, counts[from + i]);
        }
    }
}
