package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import io.zeptodb.engine.kernel.LaneSums;
import io.zeptodb.engine.kernel.Memory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** SUM and AVG of doubles, compensated as {@link TwoSum} says; a range is summed in independent lanes, four for a short one. */
public final class DoubleSum extends RowAggregator {
    private static final int BYTES_PER_GROUP = 3 * Long.BYTES;
    private static final int NO_GROUP = -1;

    private final boolean average;
    /** Sum and error of group g at 2g and 2g + 1. */
    private double[] sums = {};

    private long[] counts = {};
    private @Nullable LaneSums lanes;
    /** The group whose rows are in the lanes, not yet in {@link #sums}. */
    private int laneGroup = NO_GROUP;

    public DoubleSum(MemoryBudget budget, boolean average) {
        super(budget, BYTES_PER_GROUP, 1);
        this.average = average;
    }

    @Override
    void grow(int groups) {
        sums = Arrays.copyOf(sums, groups * 2);
        counts = Arrays.copyOf(counts, groups);
    }

    @Override
    void scatter(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groups) {
        long data = arguments[0].data();
        int mask = arguments[0].mask();
        double[] state = sums;
        long[] counted = counts;
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            int group = groups[row];
            double value = Memory.getDouble(data + ((long) (row & mask) << 3));
            double old = state[group * 2];
            double sum = old + value;
            state[group * 2] = sum;
            state[group * 2 + 1] += LaneSums.errorOf(old, value, sum);
            counted[group]++;
        }
    }

    @Override
    void addRows(int group, ColumnVector[] arguments, int[] rows, int count) {
        long data = arguments[0].data();
        int mask = arguments[0].mask();
        double sum0 = 0;
        double sum1 = 0;
        double error0 = 0;
        double error1 = 0;
        int i = 0;
        if (mask != 0 && count >= TwoSum.LANE_ROWS) {
            LaneSums wide = lanes();
            i = count / LaneSums.LANES * LaneSums.LANES;
            wide.addDoubles(data, rows, i);
            add(group, wide.sum(), wide.error());
        }
        for (; i + 1 < count; i += 2) {
            double value0 = Memory.getDouble(data + ((long) (rows[i] & mask) << 3));
            double value1 = Memory.getDouble(data + ((long) (rows[i + 1] & mask) << 3));
            double next0 = sum0 + value0;
            double next1 = sum1 + value1;
            error0 += LaneSums.errorOf(sum0, value0, next0);
            error1 += LaneSums.errorOf(sum1, value1, next1);
            sum0 = next0;
            sum1 = next1;
        }
        add(group, sum0, error0);
        add(group, sum1, error1);
        if (i < count) {
            add(group, Memory.getDouble(data + ((long) (rows[i] & mask) << 3)), 0);
        }
        counts[group] += count;
    }

    @Override
    void addRange(int group, ColumnVector[] arguments, int from, int to) {
        long data = arguments[0].data();
        int mask = arguments[0].mask();
        if (mask == 0) {
            for (int i = from; i < to; i++) {
                add(group, Memory.getDouble(data), 0);
            }
        } else if (to - from >= TwoSum.LANE_ROWS) {
            lanesOf(group).keepDoubles(data + ((long) from << 3), to - from);
        } else if (from < to) {
            addShort(group, data, from, to);
        }
        counts[group] += to - from;
    }

    @Override
    boolean addMarked(int group, ColumnVector[] arguments, long[][] marks, int rowCount, int count) {
        LaneSums wide = lanes();
        wide.addDoubles(arguments[0].data(), marks, rowCount);
        add(group, wide.sum(), wide.error());
        counts[group] += count;
        return true;
    }

    /** At least one row: four lanes that stay in registers. */
    private void addShort(int group, long data, int from, int to) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        double error0 = 0;
        double error1 = 0;
        double error2 = 0;
        double error3 = 0;
        int i = from;
        for (; i + 3 < to; i += 4) {
            long at = data + ((long) i << 3);
            double value0 = Memory.getDouble(at);
            double value1 = Memory.getDouble(at + 8);
            double value2 = Memory.getDouble(at + 16);
            double value3 = Memory.getDouble(at + 24);
            double next0 = sum0 + value0;
            double next1 = sum1 + value1;
            double next2 = sum2 + value2;
            double next3 = sum3 + value3;
            error0 += LaneSums.errorOf(sum0, value0, next0);
            error1 += LaneSums.errorOf(sum1, value1, next1);
            error2 += LaneSums.errorOf(sum2, value2, next2);
            error3 += LaneSums.errorOf(sum3, value3, next3);
            sum0 = next0;
            sum1 = next1;
            sum2 = next2;
            sum3 = next3;
        }
        // the rows that are left, and zeros: how many they are is different from range to range, so a branch would be
        // mispredicted
        double value0 = valueOrZero(data, i, to);
        double value1 = valueOrZero(data, i + 1, to);
        double value2 = valueOrZero(data, i + 2, to);
        double last0 = sum0 + value0;
        double last1 = sum1 + value1;
        double last2 = sum2 + value2;
        error0 += LaneSums.errorOf(sum0, value0, last0);
        error1 += LaneSums.errorOf(sum1, value1, last1);
        error2 += LaneSums.errorOf(sum2, value2, last2);
        double left = last0 + last1;
        double right = last2 + sum3;
        double all = left + right;
        double error = LaneSums.errorOf(last0, last1, left)
                + LaneSums.errorOf(last2, sum3, right)
                + LaneSums.errorOf(left, right, all);
        add(group, all, error + (error0 + error1) + (error2 + error3));
    }

    private static double valueOrZero(long data, int row, int to) {
        long isRow = (long) (row - to) >> (Long.SIZE - 1);
        return Double.longBitsToDouble(Memory.getLong(data + ((long) Math.min(row, to - 1) << 3)) & isRow);
    }

    /** Lanes that nobody's rows are in. */
    private LaneSums lanes() {
        endLanes();
        LaneSums made = lanes == null ? new LaneSums() : lanes;
        lanes = made;
        return made;
    }

    /** Lanes for more rows of a group, with those of its ranges before this one when there were only such: they are folded once for all. */
    private LaneSums lanesOf(int group) {
        LaneSums open = lanes;
        if (open == null || laneGroup != group) {
            open = lanes();
            open.clear();
            laneGroup = group;
        }
        return open;
    }

    /** Adds what the lanes hold to its group. */
    private void endLanes() {
        LaneSums open = lanes;
        if (open != null && laneGroup != NO_GROUP) {
            open.fold();
            add(laneGroup, open.sum(), open.error());
        }
        laneGroup = NO_GROUP;
    }

    private void add(int group, double sum, double error) {
        TwoSum.add(sums, group * 2, sum);
        sums[group * 2 + 1] += error;
    }

    @Override
    public void merge(Aggregator other, int[] groups, int groupCount) {
        DoubleSum from = (DoubleSum) other;
        from.endLanes();
        for (int g = 0; g < groupCount; g++) {
            add(groups[g], from.sums[g * 2], from.sums[g * 2 + 1]);
            counts[groups[g]] += from.counts[g];
        }
    }

    @Override
    public void finish(int from, int count, WritableColumn result) {
        endLanes();
        for (int i = 0; i < count; i++) {
            int group = from + i;
            if (counts[group] == 0) {
                result.setNull(i);
                continue;
            }
            double total = TwoSum.total(sums[group * 2], sums[group * 2 + 1]);
            result.setDouble(i, average ? total / counts[group] : total);
        }
    }
}
