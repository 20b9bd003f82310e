package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import org.jspecify.annotations.Nullable;

/** MIN and MAX of what has no short loop: text, SYMBOL (by text), VARBINARY, DECIMAL. */
public final class CellExtreme extends RowAggregator {
    private final CellStore cells;
    private final boolean greatest;

    public CellExtreme(MemoryBudget budget, ColumnType type, boolean greatest) {
        super(budget, CellStore.BYTES, 1);
        this.cells = new CellStore(type, this::account);
        this.greatest = greatest;
    }

    @Override
    void grow(int groups) {
        cells.grow(groups);
    }

    @Override
    void scatter(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groups) {
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            offer(groups[row], arguments[0], row);
        }
    }

    @Override
    void addRows(int group, ColumnVector[] arguments, int[] rows, int count) {
        for (int i = 0; i < count; i++) {
            offer(group, arguments[0], rows[i]);
        }
    }

    @Override
    void addRange(int group, ColumnVector[] arguments, int from, int to) {
        int end = arguments[0].isConstant() ? Math.min(to, from + 1) : to;
        for (int i = from; i < end; i++) {
            offer(group, arguments[0], i);
        }
    }

    private void offer(int group, ColumnVector argument, int row) {
        if (!cells.isSet(group) || better(cells.compare(group, argument, row))) {
            cells.set(group, argument, row);
        }
    }

    private boolean better(int order) {
        return greatest ? order < 0 : order > 0;
    }

    @Override
    public void merge(Aggregator other, int[] groups, int groupCount) {
        CellStore from = ((CellExtreme) other).cells;
        for (int g = 0; g < groupCount; g++) {
            if (from.isSet(g) && (!cells.isSet(groups[g]) || better(cells.compare(groups[g], from, g)))) {
                cells.set(groups[g], from, g);
            }
        }
    }

    @Override
    public void finish(int from, int count, WritableColumn result) {
        for (int i = 0; i < count; i++) {
            cells.write(from + i, result, i);
        }
    }
}
