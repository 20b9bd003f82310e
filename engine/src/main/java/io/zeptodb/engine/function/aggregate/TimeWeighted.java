package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * TWAP, exact: each price weighs as long as it held, from its time to that of the next row, the last one until the end if there is one. Rows of one
 * time follow each other by sequence, without one by arrival, so that the last of them holds. All rows are kept and put in order when a result is asked
 * for, because the rows of a group may come in any order and from several threads. The result is the same, bit by bit, whatever that order was.
 *
 * <p>Arguments: price (DOUBLE), time (a long), end (of the time's type) and sequence (BIGINT); the last two may be missing.
 */
public final class TimeWeighted extends OrderedRows {
    private static final int BYTES_PER_GROUP = Long.BYTES + 1;

    private static final byte NOT_SEEN = 0;
    private static final byte NO_END = 1;
    private static final byte HAS_END = 2;

    private final boolean hasEnd;
    private final boolean hasSequence;
    private double[] prices = {};
    private long[] ends = {};
    private byte[] endStates = {};

    /** @param arguments how many there are, 2 to 4 */
    public TimeWeighted(MemoryBudget budget, int arguments) {
        super(budget, BYTES_PER_GROUP, 2, Double.BYTES, true, arguments > 3);
        this.hasEnd = arguments > 2;
        this.hasSequence = arguments > 3;
    }

    @Override
    void grow(int wanted) {
        ends = Arrays.copyOf(ends, wanted);
        endStates = Arrays.copyOf(endStates, wanted);
        super.grow(wanted);
    }

    @Override
    void growRows(int rows) {
        prices = Arrays.copyOf(prices, rows);
    }

    @Override
    void scatter(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groupOf) {
        reserveRows(count);
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            add(groupOf[row], arguments, row);
        }
    }

    @Override
    void addRows(int group, ColumnVector[] arguments, int[] rows, int count) {
        reserveRows(count);
        for (int i = 0; i < count; i++) {
            add(group, arguments, rows[i]);
        }
    }

    @Override
    void addRange(int group, ColumnVector[] arguments, int from, int to) {
        reserveRows(to - from);
        for (int i = from; i < to; i++) {
            add(group, arguments, i);
        }
    }

    private void add(int group, ColumnVector[] arguments, int row) {
        if (hasEnd) {
            boolean none = arguments[2].isNull(row);
            takeEnd(group, none ? NO_END : HAS_END, none ? 0 : arguments[2].getLong(row));
        }
        groups[size] = group;
        prices[size] = arguments[0].getDouble(row);
        times[size] = arguments[1].getLong(row);
        if (hasSequence) {
            sequences[size] = arguments[3].getLong(row);
        }
        size++;
    }

    private void takeEnd(int group, byte state, long end) {
        if (endStates[group] == NOT_SEEN) {
            endStates[group] = state;
            ends[group] = end;
        } else if (endStates[group] != state || ends[group] != end) {
            throw new EngineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the end of a twap must be the same for all rows of a group, got "
                            + text(endStates[group], ends[group]) + " and " + text(state, end));
        }
    }

    private static String text(byte state, long end) {
        return state == HAS_END ? Long.toString(end) : "NULL";
    }

    @Override
    public void merge(Aggregator other, int[] map, int groupCount) {
        TimeWeighted from = (TimeWeighted) other;
        reserveRows(from.size);
        for (int g = 0; g < groupCount; g++) {
            if (from.endStates[g] != NOT_SEEN) {
                takeEnd(map[g], from.endStates[g], from.ends[g]);
            }
        }
        System.arraycopy(from.prices, 0, prices, size, from.size);
        mergeRows(from, map);
    }

    @Override
    public void finish(int from, int count, WritableColumn result) {
        order();
        for (int i = 0; i < count; i++) {
            write(from + i, result, i);
        }
    }

    private void write(int group, WritableColumn result, int row) {
        int start = ordering.start(group);
        int stop = ordering.end(group);
        boolean bounded = endStates[group] == HAS_END;
        while (bounded && stop > start && times[ordering.place(stop - 1)] >= ends[group]) {
            stop--;
        }
        if (start == stop) {
            result.setNull(row);
            return;
        }
        long first = times[ordering.place(start)];
        long end = bounded ? ends[group] : times[ordering.place(stop - 1)];
        if (end == first) {
            result.setDouble(row, average(start, stop));
            return;
        }
        double shift = prices[ordering.place(start)];
        double value = shift + weighted(start, stop, end, shift) / asDouble(end - first);
        // an infinite price is no point to count from
        result.setDouble(row, Double.isNaN(value) ? weighted(start, stop, end, 0) / asDouble(end - first) : value);
    }

    /** The sum of (price - shift) * duration: a price that never changes is the average exactly. */
    private double weighted(int start, int stop, long end, double shift) {
        double sum = 0;
        double error = 0;
        for (int i = start; i < stop; i++) {
            int place = ordering.place(i);
            long next = i + 1 < stop ? times[ordering.place(i + 1)] : end;
            if (next == times[place]) {
                continue;
            }
            double term = (prices[place] - shift) * asDouble(next - times[place]);
            double old = sum;
            sum = old + term;
            error += TwoSum.error(old, term, sum);
        }
        return TwoSum.total(sum, error);
    }

    private double average(int start, int stop) {
        double sum = 0;
        double error = 0;
        for (int i = start; i < stop; i++) {
            double price = prices[ordering.place(i)];
            double old = sum;
            sum = old + price;
            error += TwoSum.error(old, price, sum);
        }
        return TwoSum.total(sum, error) / (stop - start);
    }

    /** Times lie up to 2^64 - 1 apart. */
    private static double asDouble(long unsigned) {
        return unsigned >= 0 ? unsigned : (unsigned >>> 1 | (unsigned & 1)) * 2.0;
    }
}
