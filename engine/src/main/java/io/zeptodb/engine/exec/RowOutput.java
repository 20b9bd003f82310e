package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import java.util.List;

/** Batches of rows picked from a {@link RowStore} by number; texts stay in the store. Owned by one operator, one thread. */
final class RowOutput implements AutoCloseable {
    private final WritableColumn[] columns;
    private final ColumnVector[] vectors;
    private final Batch batch;
    private final int[] picked = new int[Batch.ROWS];

    RowOutput(List<ColumnType> types, MemoryBudget budget) {
        columns = new WritableColumn[types.size()];
        vectors = new ColumnVector[columns.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new WritableColumn(budget, types.get(i));
            vectors[i] = columns[i].vector();
        }
        batch = new Batch(vectors);
    }

    /** The rows {@code order[from, from + count)}; at most {@link Batch#ROWS}. Valid until the next call. */
    Batch pick(RowStore store, int[] order, int from, int count) {
        System.arraycopy(order, from, picked, 0, count);
        for (int i = 0; i < columns.length; i++) {
            columns[i].gatherShared(store.column(i), picked, count);
            vectors[i] = columns[i].vector();
        }
        return batch.set(count, null);
    }

    @Override
    public void close() {
        for (WritableColumn column : columns) {
            column.close();
        }
    }
}
