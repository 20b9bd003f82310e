package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import java.util.List;

/** Rows that an operator keeps, column by column: appended from batches, read back by row number. Owned by one operator, one thread. */
final class RowStore implements AutoCloseable {
    private final WritableColumn[] columns;
    private final ColumnVector[] vectors;
    private int rowCount;

    RowStore(List<ColumnType> types, MemoryBudget budget) {
        columns = new WritableColumn[types.size()];
        vectors = new ColumnVector[columns.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new WritableColumn(budget, types.get(i));
            vectors[i] = columns[i].vector();
        }
    }

    int rowCount() {
        return rowCount;
    }

    int columnCount() {
        return columns.length;
    }

    /** A column of the store, valid until the next append. */
    ColumnVector column(int index) {
        return vectors[index];
    }

    /** Appends the selected rows of a batch; texts are copied. */
    void append(Batch batch) {
        SelectionVector selection = batch.selection();
        for (int i = 0; i < columns.length; i++) {
            if (selection == null) {
                columns[i].append(batch.column(i), 0, batch.rowCount());
            } else {
                columns[i].append(batch.column(i), selection.positions(), selection.count());
            }
            vectors[i] = columns[i].vector();
        }
        rowCount += batch.selectedCount();
    }

    /** Appends rows of another store in the order given. */
    void append(RowStore other, int[] rows, int count) {
        for (int i = 0; i < columns.length; i++) {
            columns[i].append(other.vectors[i], rows, count);
            vectors[i] = columns[i].vector();
        }
        rowCount += count;
    }

    void clear() {
        for (WritableColumn column : columns) {
            column.clear();
        }
        rowCount = 0;
    }

    @Override
    public void close() {
        for (WritableColumn column : columns) {
            column.close();
        }
        rowCount = 0;
    }
}
