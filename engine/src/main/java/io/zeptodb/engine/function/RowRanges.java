package io.zeptodb.engine.function;

import java.util.Arrays;

/**
 * Consecutive ranges of positions of a batch, from position 0 on without gaps, each with the group that its rows belong to. Reused from
 * batch to batch by its owner; one thread.
 */
public final class RowRanges {
    private static final int FIRST_CAPACITY = 64;

    private int[] ends = new int[FIRST_CAPACITY];
    private int[] groups = new int[FIRST_CAPACITY];
    private int count;
    private boolean ordered;
    private int[] byRow = {};
    private boolean expanded;

    /** Forgets all ranges. */
    public void clear() {
        count = 0;
        ordered = false;
        expanded = false;
    }

    /** Adds the range from the end of the last one to {@code end}; an empty one is left out. */
    public void add(int end, int group) {
        if (end == rowCount()) {
            return;
        }
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, count * 2);
            groups = Arrays.copyOf(groups, count * 2);
        }
        ends[count] = end;
        groups[count++] = group;
        expanded = false;
    }

    public int count() {
        return count;
    }

    /** Position behind each range; shared, not copied. */
    public int[] ends() {
        return ends;
    }

    /** Group of each range; shared, not copied. */
    public int[] groups() {
        return groups;
    }

    /** Positions of all ranges. */
    public int rowCount() {
        return count == 0 ? 0 : ends[count - 1];
    }

    /**
     * Whether the rows of each range ascend by the function's time and sequence arguments, none of which is NULL, so that FIRST and LAST
     * need to look at the ends only.
     */
    public boolean ordered() {
        return ordered;
    }

    /** Says whether {@link #ordered()}; it may be another answer for each function. */
    public void setOrdered(boolean isOrdered) {
        ordered = isOrdered;
    }

    /** The group of each position, for those who must go row by row; shared, valid until ranges are added or cleared. */
    public int[] groupsByRow() {
        if (!expanded) {
            int rows = rowCount();
            if (byRow.length < rows) {
                byRow = new int[Math.max(rows, byRow.length * 2)];
            }
            int from = 0;
            for (int i = 0; i < count; i++) {
                Arrays.fill(byRow, from, ends[i], groups[i]);
                from = ends[i];
            }
            expanded = true;
        }
        return byRow;
    }
}
