package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.aggregate.TwoSum;
import io.zeptodb.engine.kernel.Int128;
import io.zeptodb.engine.kernel.Memory;

/**
 * The loops of {@link RunWindowOperator}: aggregates over each row of a run and a fixed number of rows before it. Rows before the run are
 * at the head of the arrays. Sums are exact or compensated and never carry what has left a frame, as in {@link SlidingDoubleSum}. Owned by
 * one operator; one thread.
 */
final class RunFrames implements AutoCloseable {
    private final MemoryBudget budget;
    private long accounted;
    /** Of the older part of a frame, by its first row: the sum with its error, or the extreme. */
    private double[] sums = {};

    private double[] errors = {};
    private long[] extremes = {};

    RunFrames(MemoryBudget budget) {
        this.budget = budget;
    }

    /**
     * What a loop works on.
     *
     * @param have rows before the run
     * @param count rows of the run
     * @param back rows of a frame before the current one
     * @param result reserved; the run's first row is written at {@code to}
     */
    record Run(RunHistory history, int have, int count, int back, WritableColumn result, int to) {
        /** Writes NULL where no row of the frame has a value. */
        void clearEmpty() {
            if (!history.hasNulls()) {
                return;
            }
            boolean[] present = history.present();
            int here = 0;
            for (int i = 0; i < have + count; i++) {
                here += present[i] ? 1 : 0;
                here -= i > back && present[i - back - 1] ? 1 : 0;
                if (i >= have && here == 0) {
                    result.setNull(to + i - have);
                }
            }
        }

        /** Values in the frame of each row of the run. */
        int[] counts() {
            int[] counts = new int[count];
            boolean[] present = history.present();
            boolean nulls = history.hasNulls();
            int here = 0;
            for (int i = 0; i < have + count; i++) {
                here += !nulls || present[i] ? 1 : 0;
                here -= i > back && (!nulls || present[i - back - 1]) ? 1 : 0;
                if (i >= have) {
                    counts[i - have] = here;
                }
            }
            return counts;
        }
    }

    static void count(Run run) {
        int[] counts = run.counts();
        long at = run.result.data() + ((long) run.to << 3);
        for (int i = 0; i < counts.length; i++) {
            Memory.putLong(at + ((long) i << 3), counts[i]);
        }
    }

    /** SUM of whole numbers: in 64 bits where no sum of a frame can pass them. */
    static void sumLongs(Run run) {
        long[] values = run.history.values();
        int total = run.have + run.count;
        long magnitude = 0;
        for (int i = 0; i < total; i++) {
            magnitude |= values[i] ^ (values[i] >> (Long.SIZE - 1));
        }
        int bits = Long.SIZE - Long.numberOfLeadingZeros(magnitude);
        int frameBits = Integer.SIZE - Integer.numberOfLeadingZeros(run.back + 1);
        if (bits + frameBits >= Long.SIZE - 1) {
            sumWide(run, false);
            return;
        }
        long at = run.result.data() + ((long) (run.to - run.have) << 3);
        long sum = 0;
        int i = 0;
        for (; i < run.have; i++) {
            sum += values[i];
            sum -= i > run.back ? values[i - run.back - 1] : 0;
        }
        int whole = Math.min(total, Math.max(run.have, run.back + 1));
        for (; i < whole; i++) {
            sum += values[i];
            Memory.putLong(at + ((long) i << 3), sum);
        }
        int width = run.back + 1;
        for (; i < total; i++) {
            sum += values[i] - values[i - width];
            Memory.putLong(at + ((long) i << 3), sum);
        }
        run.clearEmpty();
    }

    static void averageLongs(Run run) {
        sumWide(run, true);
    }

    private static void sumWide(Run run, boolean average) {
        long[] values = run.history.values();
        int[] counts = run.counts();
        long high = 0;
        long low = 0;
        for (int i = 0; i < run.have + run.count; i++) {
            long value = values[i];
            high += (value >> (Long.SIZE - 1)) + Int128.carry(low, value);
            low += value;
            if (i > run.back) {
                long gone = values[i - run.back - 1];
                high -= (gone >> (Long.SIZE - 1)) + (Long.compareUnsigned(low, gone) < 0 ? 1 : 0);
                low -= gone;
            }
            if (i >= run.have) {
                writeWide(run, i - run.have, counts[i - run.have], high, low, average);
            }
        }
    }

    private static void writeWide(Run run, int row, int count, long high, long low, boolean average) {
        if (count == 0) {
            run.result.setNull(run.to + row);
        } else if (average) {
            run.result.setDouble(run.to + row, Int128.toDouble(high, low) / count);
        } else if (Int128.fitsLong(high, low)) {
            run.result.setLong(run.to + row, low);
        } else {
            throw new EngineException(
                    ErrorCode.NUMERIC_OUT_OF_RANGE,
                    "sum is out of range: " + Int128.toString(high, low)
                            + " does not fit BIGINT (cast the argument to DECIMAL(38,0) or DOUBLE)");
        }
    }

    /** SUM and AVG of doubles. */
    void sumDoubles(Run run, boolean average) {
        long[] values = run.history.values();
        int total = run.have + run.count;
        reserveSums(total);
        double[] tails = sums;
        double[] tailErrors = errors;
        int[] counts = average ? run.counts() : null;
        long at = run.result.data() + ((long) (run.to - run.have) << 3);
        double sum = 0;
        double error = 0;
        int middle = 0;
        for (int i = 0; i < total; i++) {
            double value = Double.longBitsToDouble(values[i]);
            double next = sum + value;
            error += TwoSum.error(sum, value, next);
            sum = next;
            int start = Math.max(0, i - run.back);
            if (start >= middle) {
                turnSums(values, start, i + 1);
                middle = i + 1;
                sum = 0;
                error = 0;
            }
            if (i >= run.have) {
                double tail = tails[start];
                double all = tail + sum;
                double result = TwoSum.total(all, TwoSum.error(tail, sum, all) + tailErrors[start] + error);
                Memory.putDouble(at + ((long) i << 3), counts == null ? result : result / counts[i - run.have]);
            }
        }
        run.clearEmpty();
    }

    private void turnSums(long[] values, int start, int end) {
        double sum = 0;
        double error = 0;
        for (int i = end - 1; i >= start; i--) {
            double value = Double.longBitsToDouble(values[i]);
            double next = sum + value;
            error += TwoSum.error(sum, value, next);
            sum = next;
            sums[i] = sum;
            errors[i] = error;
        }
    }

    private void reserveSums(int rows) {
        if (sums.length < rows) {
            account((long) (rows - sums.length) * 2 * Double.BYTES);
            sums = new double[rows];
            errors = new double[rows];
        }
    }

    /** MIN and MAX; doubles are {@link OrderedLongs}. */
    void extreme(Run run, boolean greatest) {
        long flip = greatest ? -1 : 0;
        int total = run.have + run.count;
        if (extremes.length < total) {
            account((long) (total - extremes.length) * Long.BYTES);
            extremes = new long[total];
        }
        boolean isDouble = run.result.type().kind().isFloat();
        long least = Long.MAX_VALUE;
        int middle = 0;
        for (int i = 0; i < total; i++) {
            least = Math.min(least, ranked(run, i, flip));
            int start = Math.max(0, i - run.back);
            if (start >= middle) {
                long running = Long.MAX_VALUE;
                for (int j = i; j >= start; j--) {
                    running = Math.min(running, ranked(run, j, flip));
                    extremes[j] = running;
                }
                middle = i + 1;
                least = Long.MAX_VALUE;
            }
            if (i >= run.have) {
                long best = Math.min(extremes[start], least) ^ flip;
                if (isDouble) {
                    run.result.setDouble(run.to + i - run.have, OrderedLongs.toDouble(best));
                } else {
                    run.result.setLong(run.to + i - run.have, best);
                }
            }
        }
        run.clearEmpty();
    }

    private static long ranked(Run run, int i, long flip) {
        return run.history.hasNulls() && !run.history.present()[i]
                ? Long.MAX_VALUE
                : run.history.values()[i] ^ flip;
    }

    /** The last value that is not NULL; the values and their presence are filled too, so that it is kept for the key's next run. */
    static void fill(Run run) {
        long[] values = run.history.values();
        boolean nulls = run.history.hasNulls();
        boolean[] present = run.history.present();
        boolean isDouble = run.result.type().kind().isFloat();
        for (int i = 0; i < run.count; i++) {
            int row = run.have + i;
            if (nulls && !present[row]) {
                if (row == 0 || !present[row - 1]) {
                    run.result.setNull(run.to + i);
                    continue;
                }
                values[row] = values[row - 1];
                present[row] = true;
            }
            if (isDouble) {
                run.result.setDouble(run.to + i, Double.longBitsToDouble(values[row]));
            } else {
                run.result.setLong(run.to + i, values[row]);
            }
        }
    }

    /** LAG: the value of the row {@code back} rows before. */
    static void lag(Run run) {
        long[] values = run.history.values();
        for (int i = 0; i < run.count; i++) {
            int source = run.have + i - run.back;
            if (source < 0 || (run.history.hasNulls() && !run.history.present()[source])) {
                run.result.setNull(run.to + i);
            } else if (run.result.type().kind().isFloat()) {
                run.result.setDouble(run.to + i, Double.longBitsToDouble(values[source]));
            } else {
                run.result.setLong(run.to + i, values[source]);
            }
        }
    }

    private void account(long bytes) {
        budget.reserveHeap(bytes);
        accounted += bytes;
    }

    @Override
    public void close() {
        account(-accounted);
        sums = new double[0];
        errors = new double[0];
        extremes = new long[0];
    }
}
