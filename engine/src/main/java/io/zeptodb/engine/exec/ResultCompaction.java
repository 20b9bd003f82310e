package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns batches into plain columns: rows that are not selected are left out, constants are written out. A batch that is plain already
 * passes as it is, without a copy. Texts stay where they are. What it gives is valid until the next call and as long as the batch. Owned
 * by one cursor or operator, one thread.
 */
public final class ResultCompaction implements AutoCloseable {
    private final WritableColumn[] columns;
    private final ColumnVector[] vectors;
    private final Batch output;
    private int[] zeros = {};

    public ResultCompaction(List<ColumnType> types, MemoryBudget budget) {
        columns = new WritableColumn[types.size()];
        vectors = new ColumnVector[columns.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new WritableColumn(budget, types.get(i));
            vectors[i] = columns[i].vector();
        }
        output = new Batch(vectors);
    }

    /** The same rows, all selected, no column constant. */
    public Batch compact(Batch batch) {
        SelectionVector selection = batch.selection();
        int count = batch.selectedCount();
        for (int i = 0; i < columns.length; i++) {
            vectors[i] = compact(batch.column(i), columns[i], selection, count);
        }
        return output.set(count, null);
    }

    private ColumnVector compact(
            ColumnVector vector, WritableColumn target, @Nullable SelectionVector selection, int count) {
        if (vector.isConstant()) {
            if (zeros.length < count) {
                zeros = new int[Math.max(count, Batch.ROWS)];
            }
            target.gatherShared(vector, zeros, count);
            return target.vector();
        }
        if (selection == null) {
            return vector;
        }
        target.gatherShared(vector, selection.positions(), count);
        return target.vector();
    }

    @Override
    public void close() {
        for (WritableColumn column : columns) {
            column.close();
        }
    }
}
