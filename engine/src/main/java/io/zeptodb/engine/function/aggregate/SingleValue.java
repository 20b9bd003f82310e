package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import org.jspecify.annotations.Nullable;

/** The value of the only row of a group; a second row is an error. What a scalar subquery becomes when it is turned into a join. */
public final class SingleValue extends FlatAggregator {
    private final CellStore cells;

    public SingleValue(MemoryBudget budget, ColumnType type) {
        super(budget, CellStore.BYTES);
        this.cells = new CellStore(type, this::account);
    }

    @Override
    void grow(int groups) {
        cells.grow(groups);
    }

    @Override
    public void update(ColumnVector[] arguments, @Nullable SelectionVector selection, int rowCount, int[] groups) {
        if (selection == null) {
            for (int row = 0; row < rowCount; row++) {
                take(groups[row], arguments[0], row);
            }
            return;
        }
        int[] positions = selection.positions();
        for (int i = 0; i < selection.count(); i++) {
            take(groups[positions[i]], arguments[0], positions[i]);
        }
    }

    @Override
    public void updateGroup(int group, ColumnVector[] arguments, @Nullable SelectionVector selection, int rowCount) {
        int count = selection == null ? rowCount : selection.count();
        for (int i = 0; i < count; i++) {
            take(group, arguments[0], selection == null ? i : selection.positions()[i]);
        }
    }

    private void take(int group, ColumnVector values, int row) {
        requireEmpty(group);
        cells.set(group, values, row);
    }

    private void requireEmpty(int group) {
        if (cells.isSet(group)) {
            throw new EngineException(
                    ErrorCode.CARDINALITY_VIOLATION,
                    "a scalar subquery gave more than one row; aggregate its value, or add LIMIT 1");
        }
    }

    @Override
    public void merge(Aggregator other, int[] groups, int groupCount) {
        SingleValue from = (SingleValue) other;
        for (int g = 0; g < groupCount; g++) {
            if (from.cells.isSet(g)) {
                requireEmpty(groups[g]);
                cells.set(groups[g], from.cells, g);
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
