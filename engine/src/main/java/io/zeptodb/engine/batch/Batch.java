package io.zeptodb.engine.batch;

import org.jspecify.annotations.Nullable;

/**
 * Columns of equal length, and which of their positions count. What flows between operators: valid until the producer's next call. One
 * thread.
 */
public final class Batch {
    /** Rows of a batch that operators make; scans may hand out fewer. */
    public static final int ROWS = 4096;

    private final ColumnVector[] columns;
    private int rowCount;
    private @Nullable SelectionVector selection;

    public Batch(ColumnVector... columns) {
        this.columns = columns;
    }

    public Batch set(int rows, @Nullable SelectionVector selected) {
        this.rowCount = rows;
        this.selection = selected;
        return this;
    }

    public int columnCount() {
        return columns.length;
    }

    public ColumnVector column(int index) {
        return columns[index];
    }

    /** The columns; shared, not copied. */
    public ColumnVector[] columns() {
        return columns;
    }

    /** Positions in each column, selected or not. */
    public int rowCount() {
        return rowCount;
    }

    /** The positions that count, or null when all do. */
    public @Nullable SelectionVector selection() {
        return selection;
    }

    /** Rows that count. */
    public int selectedCount() {
        return selection == null ? rowCount : selection.count();
    }

    /** The i-th position that counts: for edges; loops hold the selection themselves. */
    public int position(int i) {
        return selection == null ? i : selection.positions()[i];
    }
}
