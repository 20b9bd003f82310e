package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * ARG_MIN and ARG_MAX by text, binary or DECIMAL, which are compared where they lie. Among equal ones the row with the least sequence, a
 * third argument, is taken; without it the earliest.
 */
public final class ArgExtreme extends RowAggregator {
    private final CellStore values;
    private final CellStore keys;
    private final boolean greatest;
    private final boolean hasSequence;
    private long[] sequences = {};

    public ArgExtreme(MemoryBudget budget, ColumnType value, ColumnType key, boolean greatest, boolean hasSequence) {
        super(budget, 2 * CellStore.BYTES + Long.BYTES, 0);
        this.hasSequence = hasSequence;
        this.values = new CellStore(value, this::account);
        this.keys = new CellStore(key, this::account);
        this.greatest = greatest;
    }

    @Override
    public boolean dependsOnArrival() {
        return !hasSequence;
    }

    @Override
    void grow(int groups) {
        values.grow(groups);
        keys.grow(groups);
        sequences = Arrays.copyOf(sequences, groups);
    }

    @Override
    void scatter(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groups) {
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            offer(groups[row], arguments, row);
        }
    }

    @Override
    void addRows(int group, ColumnVector[] arguments, int[] rows, int count) {
        for (int i = 0; i < count; i++) {
            offer(group, arguments, rows[i]);
        }
    }

    @Override
    void addRange(int group, ColumnVector[] arguments, int from, int to) {
        for (int i = from; i < to; i++) {
            offer(group, arguments, i);
        }
    }

    private void offer(int group, ColumnVector[] arguments, int row) {
        if (arguments[1].isNull(row) || (hasSequence && arguments[2].isNull(row))) {
            return;
        }
        long sequence = hasSequence ? arguments[2].getLong(row) : 0;
        if (!keys.isSet(group) || better(keys.compare(group, arguments[1], row), sequence, sequences[group])) {
            keys.set(group, arguments[1], row);
            values.set(group, arguments[0], row);
            sequences[group] = sequence;
        }
    }

    /** @param order of the key held compared with the one offered */
    private boolean better(int order, long sequence, long held) {
        return order == 0 ? sequence < held : greatest == (order < 0);
    }

    @Override
    public void merge(Aggregator other, int[] groups, int groupCount) {
        ArgExtreme from = (ArgExtreme) other;
        for (int g = 0; g < groupCount; g++) {
            int to = groups[g];
            if (from.keys.isSet(g)
                    && (!keys.isSet(to) || better(keys.compare(to, from.keys, g), from.sequences[g], sequences[to]))) {
                keys.set(to, from.keys, g);
                values.set(to, from.values, g);
                sequences[to] = from.sequences[g];
            }
        }
    }

    @Override
    public void finish(int from, int count, WritableColumn result) {
        for (int i = 0; i < count; i++) {
            values.write(from + i, result, i);
        }
    }
}
