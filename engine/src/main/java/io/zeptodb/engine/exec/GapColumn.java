package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.plan.PhysicalPlan.Filling;

/**
 * A column whose added values come from the known ones around them: for each group it remembers the last one that is not NULL, and where it
 * looked for the next. Owned by a {@link GapFillOperator}, one thread.
 */
final class GapColumn implements AutoCloseable {
    private static final int NONE = -1;

    private final int index;
    private final boolean linear;
    private final int timeColumn;
    private final RowStore store;
    /** For each group the last row given out that has a value, or -1. */
    private final AccountedInts before;
    /** For each group the first row, from where it was looked for last, that has a value. */
    private final AccountedInts behind;

    private final int[] picked = new int[Batch.ROWS];
    private final double[] values = new double[Batch.ROWS];
    private final boolean[] computed = new boolean[Batch.ROWS];

    GapColumn(int index, Filling filling, int timeColumn, RowStore store, MemoryBudget budget) {
        this.index = index;
        this.linear = filling == Filling.LINEAR;
        this.timeColumn = timeColumn;
        this.store = store;
        this.before = new AccountedInts(budget);
        this.behind = new AccountedInts(budget);
    }

    int index() {
        return index;
    }

    void reserve(int groups) {
        before.reserve(groups);
        behind.reserve(groups);
        for (int i = 0; i < groups; i++) {
            before.add(NONE);
            behind.add(0);
        }
    }

    /**
     * Decides upon a value.
     *
     * @param at place in the batch
     * @param row of the store; -1 when the row is added
     * @param next the group's first row that comes later
     * @param end behind the group's last row
     * @param time of an added row
     */
    void choose(int at, int group, int row, int next, int end, long time) {
        ColumnVector column = store.column(index);
        computed[at] = false;
        if (row >= 0) {
            picked[at] = row;
            if (!column.isNull(row)) {
                before.values()[group] = row;
            }
            return;
        }
        int from = before.get(group);
        picked[at] = from;
        if (linear && from >= 0) {
            int to = Math.max(next, behind.get(group));
            while (to < end && column.isNull(to)) {
                to++;
            }
            behind.values()[group] = to;
            if (to < end) {
                computed[at] = true;
                values[at] = between(column, from, to, time);
            } else {
                picked[at] = NONE;
            }
        }
    }

    private double between(ColumnVector column, int from, int to, long time) {
        ColumnVector times = store.column(timeColumn);
        double low = column.getDouble(from);
        double high = column.getDouble(to);
        long start = times.getLong(from);
        if (low == high) {
            return low;
        }
        double part = distance(time, start) / distance(times.getLong(to), start);
        double rise = high - low;
        // of two ends of doubles the difference may be none
        return Double.isInfinite(rise) ? low * (1 - part) + high * part : low + rise * part;
    }

    /** Nanoseconds from one time to a later one: exact, unless they do not fit. */
    private static double distance(long later, long time) {
        long exact = later - time;
        return exact < 0 ? (double) later - (double) time : (double) exact;
    }

    void write(WritableColumn target, int count) {
        target.gatherShared(store.column(index), picked, count);
        for (int row = 0; row < count; row++) {
            if (computed[row]) {
                target.setDouble(row, values[row]);
            }
        }
    }

    @Override
    public void close() {
        before.close();
        behind.close();
    }
}
