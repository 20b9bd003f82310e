package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.aggregate.TwoSum;
import io.zeptodb.engine.kernel.Memory;
import java.util.Arrays;

/**
 * SUM and AVG of doubles over frames, without ever subtracting: what is left of an infinity or of a large number that has gone would be
 * wrong for ever. A frame is kept as two parts. Of the older one, [start, middle), the sums of all its ends are known, so that
 * dropping a row costs nothing; the newer one, [middle, end), is a running sum. When the older part is used up the newer one becomes it: each
 * row is added twice in all. Both are compensated, see {@link TwoSum}.
 */
final class SlidingDoubleSum implements FrameFunction {
    private final MemoryBudget budget;
    private final ColumnVector argument;
    private final boolean average;
    private final PresentCounts present;
    /** Sum and error of rows [i, middle) at 2 * (i - tailsFrom). */
    private double[] tails = {};

    private int tailsFrom;
    private int middle;
    /** Start of the frame before; one that goes back, or ends sooner, is begun anew. */
    private int last;

    private int end;
    private double sum;
    private double error;

    SlidingDoubleSum(MemoryBudget budget, ColumnVector argument, int rowCount, boolean average) {
        this.budget = budget;
        this.argument = argument;
        this.average = average;
        this.present = new PresentCounts(budget, argument, rowCount);
    }

    private double value(int row) {
        if (argument.hasNulls() && argument.isNull(row)) {
            return 0;
        }
        return Memory.getDouble(argument.data() + ((long) (row & argument.mask()) << 3));
    }

    @Override
    public void compute(int from, int count, int[] starts, int[] ends, WritableColumn result) {
        long to = result.data();
        for (int i = 0; i < count; i++) {
            int start = starts[i];
            if (start >= end || start < last || ends[i] < end) {
                clear(start);
            }
            last = start;
            extend(ends[i]);
            if (start >= middle && start < end) {
                turn(start);
            }
            int rows = present.between(start, ends[i]);
            if (rows == 0) {
                result.setNull(from + i);
                continue;
            }
            double total = total(start);
            Memory.putDouble(to + ((long) (from + i) << 3), average ? total / rows : total);
        }
    }

    private double total(int start) {
        int at = 2 * (start - tailsFrom);
        double tail = tails[at];
        double all = tail + sum;
        return TwoSum.total(all, TwoSum.error(tail, sum, all) + tails[at + 1] + error);
    }

    private void clear(int start) {
        middle = start;
        end = start;
        sum = 0;
        error = 0;
    }

    private void extend(int newEnd) {
        double running = sum;
        double lost = error;
        for (int row = end; row < newEnd; row++) {
            double value = value(row);
            double next = running + value;
            lost += TwoSum.error(running, value, next);
            running = next;
        }
        sum = running;
        error = lost;
        end = Math.max(end, newEnd);
    }

    /** Makes the newer part the older one. */
    private void turn(int start) {
        reserve(2 * (end - start));
        double running = 0;
        double lost = 0;
        for (int row = end - 1; row >= start; row--) {
            double value = value(row);
            double next = running + value;
            lost += TwoSum.error(running, value, next);
            running = next;
            tails[2 * (row - start)] = running;
            tails[2 * (row - start) + 1] = lost;
        }
        tailsFrom = start;
        middle = end;
        sum = 0;
        error = 0;
    }

    private void reserve(int doubles) {
        if (doubles > tails.length) {
            int wanted = (int) Math.max(doubles, Math.min(tails.length * 2L, Integer.MAX_VALUE - Long.BYTES));
            budget.reserveHeap((long) (wanted - tails.length) * Double.BYTES);
            tails = Arrays.copyOf(tails, wanted);
        }
    }

    @Override
    public void close() {
        present.close();
        budget.reserveHeap(-(long) tails.length * Double.BYTES);
        tails = new double[0];
    }
}
