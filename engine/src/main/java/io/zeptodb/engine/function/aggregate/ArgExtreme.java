package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import org.jspecify.annotations.Nullable;

/** ARG_MIN and ARG_MAX by text, binary or DECIMAL, which are compared where they lie; the earliest among equal ones. */
public final class ArgExtreme extends RowAggregator {
    private final CellStore values;
    private final CellStore keys;
    private final boolean greatest;

    public ArgExtreme(MemoryBudget budget, ColumnType value, ColumnType key, boolean greatest) {
        super(budget, 2 * CellStore.BYTES, 0);
        this.values = new CellStore(value, this::account);
        this.keys = new CellStore(key, this::account);
        this.greatest = greatest;
    }

    @Override
    public boolean dependsOnArrival() {
        return true;
    }

    @Override
    void grow(int groups) {
        values.grow(groups);
        keys.grow(groups);
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
        if (arguments[1].isNull(row)) {
            return;
        }
        if (!keys.isSet(group) || better(keys.compare(group, arguments[1], row))) {
            keys.set(group, arguments[1], row);
            values.set(group, arguments[0], row);
        }
    }

    private boolean better(int order) {
        return greatest ? order < 0 : order > 0;
    }

    @Override
    public void merge(Aggregator other, int[] groups, int groupCount) {
        ArgExtreme from = (ArgExtreme) other;
        for (int g = 0; g < groupCount; g++) {
            int to = groups[g];
            if (from.keys.isSet(g) && (!keys.isSet(to) || better(keys.compare(to, from.keys, g)))) {
                keys.set(to, from.keys, g);
                values.set(to, from.values, g);
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
