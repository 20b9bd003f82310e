package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows that an operator keeps, column by column: appended from batches, read back by row number. Owned by one operator, one thread. */
final class RowStore implements AutoCloseable {
    /** Rows are numbered by int; the rest is for the growth of the columns. */
    private static final int MOST_ROWS = Integer.MAX_VALUE - (1 << 10);

    private final MemoryBudget budget;
    private final WritableColumn[] columns;
    private final ColumnVector[] vectors;
    private final @Nullable BitSet used;
    private int rowCount;
    private int[] step = {};

    RowStore(List<ColumnType> types, MemoryBudget budget) {
        this(types, budget, null);
    }

    /** @param used the columns that are kept; the others stay empty and must not be read. Null for all */
    RowStore(List<ColumnType> types, MemoryBudget budget, @Nullable BitSet used) {
        this.budget = budget;
        this.used = used;
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

    /** A column of the store, valid until the next append. */
    ColumnVector column(int index) {
        return vectors[index];
    }

    /** All columns, as {@link #column}; shared, not copied. */
    ColumnVector[] columns() {
        return vectors;
    }

    /** Appends the selected rows of a batch; texts are copied. */
    void append(Batch batch) {
        append(batch, batch.selection());
    }

    /** Appends rows of a batch, null for all; texts are copied. */
    void append(Batch batch, @Nullable SelectionVector selection) {
        int count = selection == null ? batch.rowCount() : selection.count();
        if (count > MOST_ROWS - rowCount) {
            throw new EngineException(
                    ErrorCode.OUT_OF_MEMORY,
                    "an operator keeps at most " + MOST_ROWS + " rows in memory, got more (filter or aggregate first)");
        }
        try {
            appendColumns(batch, selection, count);
        } catch (RuntimeException | Error e) {
            forgetAppended();
            throw e;
        }
        rowCount += count;
    }

    private void appendColumns(Batch batch, @Nullable SelectionVector selection, int count) {
        for (int i = 0; i < columns.length; i++) {
            if (used != null && !used.get(i)) {
                continue;
            }
            if (selection == null) {
                columns[i].append(batch.column(i), 0, count);
            } else {
                columns[i].append(batch.column(i), selection.positions(), count);
            }
            vectors[i] = columns[i].vector();
        }
    }

    /** The rows before an append that failed are all there and can be read. */
    private void forgetAppended() {
        for (int i = 0; i < columns.length; i++) {
            columns[i].setRowCount(rowCount);
            vectors[i] = columns[i].vector();
        }
    }

    /** Bytes of all columns. */
    long heldBytes() {
        long bytes = 0;
        for (WritableColumn column : columns) {
            bytes += column.heldBytes();
        }
        return bytes;
    }

    /** Bytes that appending so many more rows takes for a moment. */
    long growthBytes(int rows) {
        long bytes = 0;
        for (WritableColumn column : columns) {
            bytes += column.growthBytes(rows);
        }
        return bytes;
    }

    /** Appends rows of another store in the order given. */
    void append(RowStore other, int[] rows, int count) {
        for (int i = 0; i < columns.length; i++) {
            copy(other.vectors[i], rows, count, columns[i]);
            vectors[i] = columns[i].vector();
        }
        rowCount += count;
    }

    /** In steps, between which the statement can be stopped: the rows are many and anywhere in memory. */
    private void copy(ColumnVector source, int[] rows, int count, WritableColumn target) {
        if (count <= MemoryBudget.POLL_STEPS) {
            target.append(source, rows, count);
            return;
        }
        if (step.length == 0) {
            step = new int[MemoryBudget.POLL_STEPS];
        }
        for (int from = 0; from < count; from += step.length) {
            budget.poll();
            int length = Math.min(step.length, count - from);
            System.arraycopy(rows, from, step, 0, length);
            target.append(source, step, length);
        }
    }

    /** Becomes the given rows of itself, in that order. Column by column, so that one column at a time is there twice. */
    void reorder(int[] rows, int count, MemoryBudget budget) {
        for (int i = 0; i < columns.length; i++) {
            WritableColumn moved = new WritableColumn(budget, columns[i].type());
            try {
                moved.reserve(count);
                copy(vectors[i], rows, count, moved);
            } catch (RuntimeException | Error e) {
                moved.close();
                throw e;
            }
            columns[i].close();
            columns[i] = moved;
            vectors[i] = moved.vector();
        }
        rowCount = count;
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
