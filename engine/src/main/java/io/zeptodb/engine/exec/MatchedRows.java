package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Output of a join in which each left row has at most one right row: the left columns as they are, the right ones gathered beside them. Valid
 * as long as the left batch. Owned by one operator; one thread.
 */
final class MatchedRows implements AutoCloseable {
    private final int leftColumns;
    private final @Nullable WritableColumn[] gathered;
    private final ColumnVector[] columns;
    private final Batch output;
    private final SelectionVector matched = new SelectionVector(Batch.ROWS);

    /** @param used the columns, left then right, that are read of the output; null for all. Other right columns stay empty */
    MatchedRows(MemoryBudget budget, List<ColumnType> leftTypes, List<ColumnType> rightTypes, @Nullable BitSet used) {
        leftColumns = leftTypes.size();
        gathered = new WritableColumn[rightTypes.size()];
        columns = new ColumnVector[leftColumns + gathered.length];
        for (int i = 0; i < leftColumns; i++) {
            columns[i] = new ColumnVector(leftTypes.get(i));
        }
        for (int i = 0; i < gathered.length; i++) {
            if (used == null || used.get(leftColumns + i)) {
                gathered[i] = new WritableColumn(budget, rightTypes.get(i));
            }
            columns[leftColumns + i] = new ColumnVector(rightTypes.get(i));
        }
        output = new Batch(columns);
    }

    /**
     * @param rows the right row for each position of the left batch that counts, -1 for none; it is written to
     * @param right the columns that the rows are of
     * @param keepUnmatched left rows without a right row stay, with NULLs
     * @return null when no row is left
     */
    @Nullable
    Batch output(Batch left, int[] rows, ColumnVector[] right, boolean keepUnmatched) {
        int rowCount = left.rowCount();
        SelectionVector selection = left.selection();
        if (!keepUnmatched) {
            int kept = select(left, rows);
            if (kept == 0) {
                return null;
            }
            if (kept < rowCount) {
                selection = matched;
                // rows that do not count read row 0, so that they make no NULL
                for (int i = 0; i < rowCount; i++) {
                    rows[i] = Math.max(rows[i], 0);
                }
            }
        }
        for (int i = 0; i < leftColumns; i++) {
            columns[i].pointLike(left.column(i));
        }
        for (int i = 0; i < gathered.length; i++) {
            WritableColumn column = gathered[i];
            if (column != null) {
                column.gatherShared(right[i], rows, rowCount);
                columns[leftColumns + i].pointLike(column.vector());
            }
        }
        return output.set(rowCount, selection);
    }

    private int select(Batch left, int[] rows) {
        int count = left.selectedCount();
        matched.reserve(count);
        int[] to = matched.positions();
        SelectionVector from = left.selection();
        int kept = 0;
        for (int i = 0; i < count; i++) {
            int position = from == null ? i : from.positions()[i];
            to[kept] = position;
            kept += rows[position] >= 0 ? 1 : 0;
        }
        matched.setCount(kept);
        return kept;
    }

    @Override
    public void close() {
        for (WritableColumn column : gathered) {
            if (column != null) {
                column.close();
            }
        }
    }
}
