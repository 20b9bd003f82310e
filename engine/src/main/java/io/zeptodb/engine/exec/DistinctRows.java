package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells rows that come for the first time from those that came before, batch after batch. Keeps the distinct rows in memory of the budget;
 * owned by one operator, one thread.
 */
final class DistinctRows implements AutoCloseable {
    private final GroupTable table;
    private int[] groups = new int[Batch.ROWS];
    /** By number of a group of this batch: whether its first row has been found. */
    private boolean[] isFound = new boolean[Batch.ROWS];

    DistinctRows(MemoryBudget budget, List<ColumnType> types) {
        this.table = new GroupTable(budget, types);
    }

    /**
     * Leaves the rows that never came before, each once: the first of equal ones.
     *
     * @param selection the rows to look at, null for all
     * @param out receives their positions; may be {@code selection}
     */
    void narrow(ColumnVector[] columns, @Nullable SelectionVector selection, int rowCount, SelectionVector out) {
        int count = selection == null ? rowCount : selection.count();
        int known = table.groupCount();
        makeRoom(rowCount);
        table.assign(columns, selection, rowCount, groups);
        Arrays.fill(isFound, 0, table.groupCount() - known, false);
        out.reserve(rowCount);
        int @Nullable [] positions = selection == null ? null : selection.positions();
        int[] to = out.positions();
        int size = 0;
        for (int i = 0; i < count; i++) {
            int position = positions == null ? i : positions[i];
            // the new groups of a batch have the highest numbers, in no order that says which row came first
            int group = groups[position] - known;
            if (group >= 0 && !isFound[group]) {
                isFound[group] = true;
                to[size++] = position;
            }
        }
        out.setCount(size);
    }

    /**
     * Leaves the rows that never came before, and remembers none of them.
     *
     * @param selection the rows to look at
     * @param out receives their positions; may be {@code selection}
     */
    void narrowToUnknown(ColumnVector[] columns, SelectionVector selection, int rowCount, SelectionVector out) {
        int count = selection.count();
        makeRoom(rowCount);
        table.find(columns, selection, rowCount, groups);
        out.reserve(rowCount);
        int[] positions = selection.positions();
        int[] to = out.positions();
        int size = 0;
        for (int i = 0; i < count; i++) {
            int position = positions[i];
            to[size] = position;
            size += groups[position] < 0 ? 1 : 0;
        }
        out.setCount(size);
    }

    /** Bytes of the rows remembered. */
    long heldBytes() {
        return table.heldBytes();
    }

    /** Bytes that the table would take to hold twice as many. */
    long growthBytes() {
        return table.heldBytes();
    }

    private void makeRoom(int rowCount) {
        if (groups.length < rowCount) {
            groups = new int[rowCount];
            isFound = new boolean[rowCount];
        }
    }

    @Override
    public void close() {
        table.close();
    }
}
