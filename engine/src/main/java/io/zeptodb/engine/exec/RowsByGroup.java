package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.MemoryBudget;
import java.util.Arrays;
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
        try (Reservation reservation = new Reservation(budget)) {
            reservation.add(groupCount + 1L);
            int[] starts = new int[groupCount + 1];
            int most = 0;
            for (int g = 0; g < groupCount; g++) {
                starts[g + 1] = ends[g];
                most = Math.max(most, ends[g] - starts[g]);
            }
            return new RowsByGroup(budget, starts, null, most, reservation.keep());
        }
    }

    /** Row g in group g. */
    static RowsByGroup oneEach(MemoryBudget budget, int groupCount) {
        try (Reservation reservation = new Reservation(budget)) {
            reservation.add(groupCount + 1L);
            int[] starts = new int[groupCount + 1];
            for (int g = 0; g <= groupCount; g++) {
                starts[g] = g;
            }
            return new RowsByGroup(budget, starts, null, 1, reservation.keep());
        }
    }

    /** @param groups group of each row, -1 for rows in none */
    static RowsByGroup of(MemoryBudget budget, int[] groups, int rowCount, int groupCount) {
        try (Reservation reservation = new Reservation(budget)) {
            budget.poll();
            reservation.add(groupCount + 1L);
            int[] starts = new int[groupCount + 1];
            boolean grouped = count(budget, groups, rowCount, starts);
            int most = 0;
            for (int g = 0; g < groupCount; g++) {
                most = Math.max(most, starts[g + 1]);
                starts[g + 1] += starts[g];
            }
            int[] rows = grouped ? null : scatter(budget, groups, rowCount, starts, reservation);
            return new RowsByGroup(budget, starts, rows, most, reservation.keep());
        }
    }

    /** Counts the rows of group g at g + 1; whether the rows lie group after group. */
    private static boolean count(MemoryBudget budget, int[] groups, int rowCount, int[] counts) {
        boolean grouped = true;
        int previous = 0;
        for (int from = 0; from < rowCount; from += MemoryBudget.POLL_STEPS) {
            budget.poll();
            int to = Math.min(rowCount, from + MemoryBudget.POLL_STEPS);
            for (int i = from; i < to; i++) {
                int group = groups[i];
                grouped &= group >= previous;
                previous = group;
                if (group >= 0) {
                    counts[group + 1]++;
                }
            }
        }
        return grouped;
    }

    private static int[] scatter(
            MemoryBudget budget, int[] groups, int rowCount, int[] starts, Reservation reservation) {
        int groupCount = starts.length - 1;
        int grouped = starts[groupCount];
        budget.poll();
        reservation.add(grouped + (long) groupCount);
        int[] rows = new int[grouped];
        int[] next = Arrays.copyOf(starts, groupCount);
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
        reservation.add(-groupCount);
        return rows;
    }

    /** Heap of arrays that are being made: given back by {@link #close}, whatever ended the making, unless it was kept. */
    private static final class Reservation implements AutoCloseable {
        private final MemoryBudget budget;
        private long bytes;

        Reservation(MemoryBudget budget) {
            this.budget = budget;
        }

        void add(long ints) {
            budget.reserveHeap(ints * Integer.BYTES);
            bytes += ints * Integer.BYTES;
        }

        /** The bytes, which are the caller's from now on. */
        long keep() {
            long kept = bytes;
            bytes = 0;
            return kept;
        }

        @Override
        public void close() {
            budget.reserveHeap(-bytes);
        }
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
