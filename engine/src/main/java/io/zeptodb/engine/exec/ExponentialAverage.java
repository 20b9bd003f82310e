package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.WindowFunction.Constant;
import io.zeptodb.engine.kernel.Memory;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.WindowCall;
import java.util.Arrays;
import java.util.Locale;

/**
 * The exponential moving averages: a number carried from row to row for each key. With a weight a that is the same for all rows a value x gives {@code a
 * * x + (1 - a) * before}, of which only one fused operation waits for the row before. With a half-life h the weight is {@code 1 - 2^(-t / h)}
 * for the time t since the value before, whichever of the two is later. A NULL, or a value without a time, leaves the average as it is, and is NULL
 * while there is none. One thread.
 */
final class ExponentialAverage implements AutoCloseable {
    private static final int LEAST_KEYS = 16;
    private static final double DOUBLED = 2;
    private static final double LN_2 = Math.log(2);
    /** Half-lives. */
    private static final double SHORT = 1.0 / 16;

    private static final int BYTES_OF_KEY = Double.BYTES + Long.BYTES + 1;

    private final MemoryBudget budget;
    private final int valueColumn;
    private final int timeColumn;
    private final double weight;
    private final double halfLife;
    private double[] last = {};
    private long[] lastTime = {};
    private boolean[] begun = {};

    private ExponentialAverage(MemoryBudget budget, int valueColumn, int timeColumn, double weight, double halfLife) {
        this.budget = budget;
        this.valueColumn = valueColumn;
        this.timeColumn = timeColumn;
        this.weight = weight;
        this.halfLife = halfLife;
    }

    /** @throws EngineException INVALID_ARGUMENT for a parameter that is out of range */
    static ExponentialAverage of(WindowCall call, ExecutionContext context) {
        Expression constant = call.arguments().get(call.arguments().size() - 1);
        Object value = Constants.evaluate(constant, context);
        Constant rule = switch (call.kind()) {
            case EMA -> Constant.ROWS;
            case EMA_ALPHA -> Constant.WEIGHT;
            default -> Constant.DURATION;
        };
        double number = value instanceof Number given ? given.doubleValue() : Double.NaN;
        if (!rule.allows(number)) {
            String name = call.kind().name().toLowerCase(Locale.ROOT);
            throw new EngineException(ErrorCode.INVALID_ARGUMENT, rule.refusal(name, value));
        }
        boolean timed = rule == Constant.DURATION;
        return new ExponentialAverage(
                context.budget(),
                column(call, 0),
                timed ? column(call, 1) : -1,
                rule == Constant.ROWS ? DOUBLED / (number + 1) : number,
                timed ? number : Double.NaN);
    }

    private static int column(WindowCall call, int argument) {
        return call.arguments().get(argument) instanceof Expression.Column column ? column.index() : -1;
    }

    /** Forgets what came before of a key. */
    void begin(int key) {
        reserve(key);
        begun[key] = false;
    }

    /** Goes on with a key's rows [from, from + count) of a batch with the input's columns, and writes their averages at their places. */
    void compute(int key, Batch batch, int from, int count, WritableColumn result) {
        reserve(key);
        ColumnVector values = batch.column(valueColumn);
        if (timeColumn >= 0) {
            timed(key, values, batch.column(timeColumn), from, count, result);
        } else {
            weighted(key, values, from, count, result);
        }
    }

    /** As the other, over the values of the call's arguments. */
    void compute(int key, ColumnVector[] arguments, int from, int count, WritableColumn result) {
        reserve(key);
        if (Double.isNaN(halfLife)) {
            weighted(key, arguments[0], from, count, result);
        } else {
            timed(key, arguments[0], arguments[1], from, count, result);
        }
    }

    private void weighted(int key, ColumnVector values, int from, int count, WritableColumn result) {
        long data = values.data();
        int mask = values.mask();
        long to = result.data();
        double average = last[key];
        int row = from;
        int end = from + count;
        boolean nulls = values.hasNulls();
        while (row < end && !begun[key]) {
            if (nulls && values.isNull(row)) {
                result.setNull(row);
            } else {
                begun[key] = true;
                average = Memory.getDouble(data + ((long) (row & mask) << 3));
                Memory.putDouble(to + ((long) row << 3), average);
            }
            row++;
        }
        double rest = 1 - weight;
        if (nulls) {
            for (; row < end; row++) {
                if (!values.isNull(row)) {
                    average = Math.fma(rest, average, weight * Memory.getDouble(data + ((long) (row & mask) << 3)));
                }
                Memory.putDouble(to + ((long) row << 3), average);
            }
        } else {
            for (; row < end; row++) {
                average = Math.fma(rest, average, weight * Memory.getDouble(data + ((long) (row & mask) << 3)));
                Memory.putDouble(to + ((long) row << 3), average);
            }
        }
        last[key] = average;
    }

    private void timed(int key, ColumnVector values, ColumnVector times, int from, int count, WritableColumn result) {
        double average = last[key];
        long before = lastTime[key];
        boolean there = begun[key];
        for (int row = from; row < from + count; row++) {
            if (!values.isNull(row) && !times.isNull(row)) {
                double value = values.getDouble(row);
                long time = times.getLong(row);
                average = there ? decayed(average, value, distance(time, before) / halfLife) : value;
                before = time;
                there = true;
            }
            if (there) {
                result.setDouble(row, average);
            } else {
                result.setNull(row);
            }
        }
        last[key] = average;
        lastTime[key] = before;
        begun[key] = there;
    }

    /** The average after so many half-lives. */
    private static double decayed(double average, double value, double passed) {
        double kept = Math.pow(DOUBLED, -passed);
        // of a short time 1 - kept would be rounding errors
        double added = passed < SHORT ? -Math.expm1(-passed * LN_2) : 1 - kept;
        return Math.fma(kept, average, added * value);
    }

    /** Nanoseconds between two times: exact, unless they do not fit. */
    private static double distance(long time, long other) {
        long exact = time - other;
        boolean overflows = ((time ^ other) & (time ^ exact)) < 0;
        return Math.abs(overflows ? (double) time - (double) other : (double) exact);
    }

    private void reserve(int key) {
        if (key < last.length) {
            return;
        }
        int wanted = (int)
                Math.max(key + 1L, Math.min(Math.max(LEAST_KEYS, last.length * 2L), Integer.MAX_VALUE - Long.BYTES));
        budget.reserveHeap((long) (wanted - last.length) * BYTES_OF_KEY);
        last = Arrays.copyOf(last, wanted);
        lastTime = Arrays.copyOf(lastTime, wanted);
        begun = Arrays.copyOf(begun, wanted);
    }

    @Override
    public void close() {
        budget.reserveHeap(-(long) last.length * BYTES_OF_KEY);
        last = new double[0];
        lastTime = new long[0];
        begun = new boolean[0];
    }
}
