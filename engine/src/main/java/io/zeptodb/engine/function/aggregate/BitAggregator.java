package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** BIT_AND, BIT_OR and BIT_XOR of integers of any width; NULL without rows. */
public final class BitAggregator extends RowAggregator {
    /** How bits are combined. */
    public enum Operation {
        AND,
        OR,
        XOR
    }

    private final Operation operation;
    private long[] values = {};
    private boolean[] present = {};

    public BitAggregator(MemoryBudget budget, Operation operation) {
        super(budget, Long.BYTES + 1, 1);
        this.operation = operation;
    }

    @Override
    void grow(int groups) {
        int old = values.length;
        values = Arrays.copyOf(values, groups);
        Arrays.fill(values, old, groups, operation == Operation.AND ? -1 : 0);
        present = Arrays.copyOf(present, groups);
    }

    private void add(int group, long value) {
        long old = values[group];
        values[group] = switch (operation) {
            case AND -> old & value;
            case OR -> old | value;
            case XOR -> old ^ value;
        };
        present[group] = true;
    }

    @Override
    void scatter(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groups) {
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            add(groups[row], arguments[0].getAsLong(row));
        }
    }

    @Override
    void addRows(int group, ColumnVector[] arguments, int[] rows, int count) {
        for (int i = 0; i < count; i++) {
            add(group, arguments[0].getAsLong(rows[i]));
        }
    }

    @Override
    void addRange(int group, ColumnVector[] arguments, int from, int to) {
        for (int i = from; i < to; i++) {
            add(group, arguments[0].getAsLong(i));
        }
    }

    @Override
    public void merge(Aggregator other, int[] groups, int groupCount) {
        BitAggregator from = (BitAggregator) other;
        for (int g = 0; g < groupCount; g++) {
            if (from.present[g]) {
                add(groups[g], from.values[g]);
            }
        }
    }

    @Override
    public void finish(int from, int count, WritableColumn result) {
        for (int i = 0; i < count; i++) {
            result.setLong(i, values[from + i]);
            if (!present[from + i]) {
                result.setNull(i);
            }
        }
    }
}
