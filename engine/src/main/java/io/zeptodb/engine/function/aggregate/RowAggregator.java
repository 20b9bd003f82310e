package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.function.RowRanges;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate that looks only at rows whose arguments are all present. Subclasses have three loops: scattered over groups, a list of
 * rows of one group, and a range of rows of one group, which is the one to make fast.
 */
abstract class RowAggregator extends FlatAggregator {
    /** When fewer than one row in this many is selected, the list of them is shorter work than marks of all. */
    private static final int MOST_ROWS_FOR_ONE = 4;

    private final int strict;
    private final PresentRows rows = new PresentRows();

    /** @param strict how many of the arguments must not be NULL for a row to count: the first ones */
    RowAggregator(MemoryBudget budget, int bytesPerGroup, int strict) {
        super(budget, bytesPerGroup);
        this.strict = strict;
    }

    /**
     * Adds rows to the groups they belong to.
     *
     * @param rows positions, or null for [0, count)
     * @param groups by position
     */
    abstract void scatter(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groups);

    /** Adds listed rows to one group. */
    abstract void addRows(int group, ColumnVector[] arguments, int[] rows, int count);

    /** Adds rows [from, to), all present, to one group. */
    abstract void addRange(int group, ColumnVector[] arguments, int from, int to);

    /**
     * Adds the marked ones of {@code rowCount} rows to one group, if it can: no argument is constant or can be NULL.
     *
     * @param marks see {@link io.zeptodb.engine.kernel.RangeMarks}
     * @param count how many are marked
     * @return false when it cannot, and nothing has been added
     */
    boolean addMarked(int group, ColumnVector[] arguments, long[][] marks, int rowCount, int count) {
        return false;
    }

    @Override
    public final void update(
            ColumnVector[] arguments, @Nullable SelectionVector selection, int rowCount, int[] groups) {
        rows.collect(arguments, strict, selection, rowCount);
        scatter(arguments, rows.positions(), rows.count(), groups);
    }

    @Override
    public final void updateGroup(
            int group, ColumnVector[] arguments, @Nullable SelectionVector selection, int rowCount) {
        if (selection != null && addMarked(group, arguments, selection, rowCount)) {
            return;
        }
        rows.collect(arguments, strict, selection, rowCount);
        int[] positions = rows.positions();
        if (positions == null) {
            addRange(group, arguments, 0, rows.count());
        } else {
            addRows(group, arguments, positions, rows.count());
        }
    }

    private boolean addMarked(int group, ColumnVector[] arguments, SelectionVector selection, int rowCount) {
        long[][] marks = selection.marks();
        return marks != null
                && selection.count() >= rowCount / MOST_ROWS_FOR_ONE
                && PresentRows.areSimple(arguments, strict)
                && addMarked(group, arguments, marks, rowCount, selection.count());
    }

    @Override
    public void updateRanges(ColumnVector[] arguments, RowRanges ranges) {
        rows.collect(arguments, strict, null, ranges.rowCount());
        int[] present = rows.positions();
        if (present != null) {
            scatter(arguments, present, rows.count(), ranges.groupsByRow());
            return;
        }
        if (rows.count() == 0) {
            return;
        }
        int[] ends = ranges.ends();
        int[] groups = ranges.groups();
        int from = 0;
        for (int i = 0; i < ranges.count(); i++) {
            addRange(groups[i], arguments, from, ends[i]);
            from = ends[i];
        }
    }
}
