package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.MemoryBudget;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a build side, by group: the rows of group g are {@code row(starts()[g]) … row(starts()[g + 1] - 1)}, in the order they
 * came. Two flat arrays, made by counting; when the rows came group by group the second one is left out. Immutable but
 * for the order within a group, which an {@link AsofIndex} may change before others read.
 */
final class RowsByGroup implements AutoCloseable {
    private final MemoryBudget budget;
    private final int[] starts;
    private final int @Nullable [] rows;
    private final int mostRows;
    private long accounted;

    private RowsByGroup(MemoryBudget budget, int[] starts, int @Nullable [] rows, int mostRows, long accounted) {
        this.budget = budget;
        this.starts = starts;
        this.rows = rows;
        this.mostRows = mostRows;
        this.accounted = accounted;
    }

    /** All rows [0, rowCount) in one group 0. */
    static RowsByGroup one(MemoryBudget budget, int rowCount) {
        return new RowsByGroup(budget, new int[] {0, rowCount}, null, rowCount, 0);
    }

    /** Rows that lie group after group, each ending where {@code ends} says. */
    static RowsByGroup consecutive(MemoryBudget budget, int[] ends, int groupCount) {
        long bytes = (groupCount + 1L) * Integer.BYTES;
        budget.reserveHeap(bytes);
        int[] starts = new int[groupCount + 1];
        int most = 0;
        for (int g = 0; g < groupCount; g++) {
            starts[g + 1] = ends[g];
            most = Math.max(most, ends[g] - starts[g]);
        }
        return new RowsByGroup(budget, starts, null, most, bytes);
    }

    /** Row g in group g. */
    static RowsByGroup oneEach(MemoryBudget budget, int groupCount) {
        long bytes = (groupCount + 1L) * Integer.BYTES;
        budget.reserveHeap(bytes);
        int[] starts = new int[groupCount + 1];
        for (int g = 0; g <= groupCount; g++) {
            starts[g] = g;
        }
        return new RowsByGroup(budget, starts, null, 1, bytes);
    }

    /** @param groups group of each row, -1 for rows in none */
    static RowsByGroup of(MemoryBudget budget, int[] groups, int rowCount, int groupCount) {
        long startBytes = (groupCount + 1L) * Integer.BYTES;
        budget.poll();
        budget.reserveHeap(startBytes);
        int[] starts = new int[groupCount + 1];
        boolean grouped = true;
        int previous = 0;
        try {
            for (int from = 0; from < rowCount; from += MemoryBudget.POLL_STEPS) {
                budget.poll();
                int to = Math.min(rowCount, from + MemoryBudget.POLL_STEPS);
                for (int i = from; i < to; i++) {
                    int group = groups[i];
                    grouped &= group >= previous;
                    previous = group;
                    if (group >= 0) {
                        starts[group + 1]++;
                    }
                }
            }
        } catch (RuntimeException e) {
            budget.reserveHeap(-startBytes);
            throw e;
        }
        int most = 0;
        for (int g = 0; g < groupCount; g++) {
            most = Math.max(most, starts[g + 1]);
            starts[g + 1] += starts[g];
        }
        if (grouped) {
            return new RowsByGroup(budget, starts, null, most, startBytes);
        }
        int[] rows = scatter(budget, groups, rowCount, starts, startBytes);
        return new RowsByGroup(budget, starts, rows, most, startBytes + (long) rows.length * Integer.BYTES);
    }

    private static int[] scatter(MemoryBudget budget, int[] groups, int rowCount, int[] starts, long startBytes) {
        int groupCount = starts.length - 1;
        int grouped = starts[groupCount];
        long bytes = (grouped + (long) groupCount) * Integer.BYTES;
        try {
            budget.poll();
            budget.reserveHeap(bytes);
        } catch (RuntimeException e) {
            budget.reserveHeap(-startBytes);
            throw e;
        }
        int[] rows = new int[grouped];
        int[] next = java.util.Arrays.copyOf(starts, groupCount);
        try {
            for (int from = 0; from < rowCount; from += MemoryBudget.POLL_STEPS) {
                budget.poll();
                int to = Math.min(rowCount, from + MemoryBudget.POLL_STEPS);
                for (int i = from; i < to; i++) {
                    int group = groups[i];
                    if (group >= 0) {
                        rows[next[group]++] = i;
                    }
                }
            }
        } catch (RuntimeException e) {
            budget.reserveHeap(-startBytes - bytes);
            throw e;
        }
        budget.reserveHeap(-(long) groupCount * Integer.BYTES);
        return rows;
    }

    int groupCount() {
        return starts.length - 1;
    }

    /** First place of each group, and the number of places behind the last. Shared, not copied. */
    int[] starts() {
        return starts;
    }

    /** The row at each place, or null when place and row are the same. Shared, not copied. */
    int @Nullable [] rows() {
        return rows;
    }

    /** The row at a place: for edges, loops hold {@link #rows()}. */
    int row(int place) {
        return rows == null ? place : rows[place];
    }

    /** Rows of the largest group. */
    int mostRows() {
        return mostRows;
    }

    @Override
    public void close() {
        budget.reserveHeap(-accounted);
        accounted = 0;
    }
}
