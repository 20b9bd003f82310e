package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** BOOL_AND, BOOL_OR and COUNT_IF: how many rows were true and how many false. */
public final class BooleanAggregator extends RowAggregator {
    /** What comes out. */
    public enum Result {
        /** True when no row is false; NULL without rows. */
        AND,
        /** True when a row is true; NULL without rows. */
        OR,
        /** The number of true rows. */
        COUNT
    }

    private final Result kind;
    private long[] trues = {};
    private long[] falses = {};

    public BooleanAggregator(MemoryBudget budget, Result kind) {
        super(budget, 2 * Long.BYTES, 1);
        this.kind = kind;
    }

    @Override
    void grow(int groups) {
        trues = Arrays.copyOf(trues, groups);
        falses = Arrays.copyOf(falses, groups);
    }

    private void add(int group, boolean value) {
        int bit = value ? 1 : 0;
        trues[group] += bit;
        falses[group] += 1 - bit;
    }

    @Override
    void scatter(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groups) {
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            add(groups[row], arguments[0].getBoolean(row));
        }
    }

    @Override
    void addRows(int group, ColumnVector[] arguments, int[] rows, int count) {
        for (int i = 0; i < count; i++) {
            add(group, arguments[0].getBoolean(rows[i]));
        }
    }

    @Override
    void addRange(int group, ColumnVector[] arguments, int from, int to) {
        for (int i = from; i < to; i++) {
            add(group, arguments[0].getBoolean(i));
        }
    }

    @Override
    public void merge(Aggregator other, int[] groups, int groupCount) {
        BooleanAggregator from = (BooleanAggregator) other;
        for (int g = 0; g < groupCount; g++) {
            trues[groups[g]] += from.trues[g];
            falses[groups[g]] += from.falses[g];
        }
    }

    @Override
    public void finish(int from, int count, WritableColumn result) {
        for (int i = 0; i < count; i++) {
            long positive = trues[from + i];
            long negative = falses[from + i];
            if (kind == Result.COUNT) {
                result.setLong(i, positive);
            } else {
                result.setBoolean(i, kind == Result.AND ? negative == 0 : positive > 0);
                if (positive + negative == 0) {
                    result.setNull(i);
                }
            }
        }
    }
}
