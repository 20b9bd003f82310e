package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import io.zeptodb.engine.kernel.Memory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** MIN and MAX of everything that is an integer in memory: integers, DATE, TIME, TIMESTAMP, intervals, BOOLEAN. */
public final class LongExtreme extends RowAggregator {
    private static final int BYTES_PER_GROUP = Long.BYTES + 1;

    private final int width;
    private final boolean greatest;
    private long[] values = {};
    private boolean[] present = {};

    public LongExtreme(MemoryBudget budget, ColumnType type, boolean greatest) {
        super(budget, BYTES_PER_GROUP, 1);
        this.width = type.width();
        this.greatest = greatest;
    }

    @Override
    void grow(int groups) {
        int old = values.length;
        values = Arrays.copyOf(values, groups);
        Arrays.fill(values, old, groups, greatest ? Long.MIN_VALUE : Long.MAX_VALUE);
        present = Arrays.copyOf(present, groups);
    }

    @Override
    void scatter(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groups) {
        ColumnVector argument = arguments[0];
        long data = argument.data();
        int mask = argument.mask();
        boolean wide = width == Long.BYTES;
        boolean max = greatest;
        long[] state = values;
        boolean[] seen = present;
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            int group = groups[row];
            long value = wide ? Memory.getLong(data + ((long) (row & mask) << 3)) : argument.getAsLong(row);
            long old = state[group];
            state[group] = max ? Math.max(old, value) : Math.min(old, value);
            seen[group] = true;
        }
    }

    @Override
    void addRows(int group, ColumnVector[] arguments, int[] rows, int count) {
        ColumnVector argument = arguments[0];
        long data = argument.data();
        int mask = argument.mask();
        boolean wide = width == Long.BYTES;
        boolean max = greatest;
        long best = values[group];
        for (int i = 0; i < count; i++) {
            int row = rows[i];
            long value = wide ? Memory.getLong(data + ((long) (row & mask) << 3)) : argument.getAsLong(row);
            best = max ? Math.max(best, value) : Math.min(best, value);
        }
        values[group] = best;
        present[group] |= count > 0;
    }

    @Override
    void addRange(int group, ColumnVector[] arguments, int from, int to) {
        if (from == to) {
            return;
        }
        ColumnVector argument = arguments[0];
        long best;
        if (argument.isConstant()) {
            best = argument.getAsLong(0);
        } else if (width == Long.BYTES) {
            best = greatest ? maxOfLongs(argument.data(), from, to) : minOfLongs(argument.data(), from, to);
        } else if (width == Integer.BYTES) {
            best = greatest ? maxOfInts(argument.data(), from, to) : minOfInts(argument.data(), from, to);
        } else {
            best = argument.getAsLong(from);
            for (int i = from + 1; i < to; i++) {
                long value = argument.getAsLong(i);
                best = greatest ? Math.max(best, value) : Math.min(best, value);
            }
        }
        values[group] = greatest ? Math.max(values[group], best) : Math.min(values[group], best);
        present[group] = true;
    }

    private static long maxOfLongs(long data, int from, int to) {
        long best0 = Long.MIN_VALUE;
        long best1 = Long.MIN_VALUE;
        int i = from;
        for (; i + 1 < to; i += 2) {
            long at = data + ((long) i << 3);
            best0 = Math.max(best0, Memory.getLong(at));
            best1 = Math.max(best1, Memory.getLong(at + 8));
        }
        if (i < to) {
            best0 = Math.max(best0, Memory.getLong(data + ((long) i << 3)));
        }
        return Math.max(best0, best1);
    }

    private static long minOfLongs(long data, int from, int to) {
        long best0 = Long.MAX_VALUE;
        long best1 = Long.MAX_VALUE;
        int i = from;
        for (; i + 1 < to; i += 2) {
            long at = data + ((long) i << 3);
            best0 = Math.min(best0, Memory.getLong(at));
            best1 = Math.min(best1, Memory.getLong(at + 8));
        }
        if (i < to) {
            best0 = Math.min(best0, Memory.getLong(data + ((long) i << 3)));
        }
        return Math.min(best0, best1);
    }

    private static int maxOfInts(long data, int from, int to) {
        int best = Integer.MIN_VALUE;
        for (int i = from; i < to; i++) {
            best = Math.max(best, Memory.getInt(data + ((long) i << 2)));
        }
        return best;
    }

    private static int minOfInts(long data, int from, int to) {
        int best = Integer.MAX_VALUE;
        for (int i = from; i < to; i++) {
            best = Math.min(best, Memory.getInt(data + ((long) i << 2)));
        }
        return best;
    }

    @Override
    public void merge(Aggregator other, int[] groups, int groupCount) {
        LongExtreme from = (LongExtreme) other;
        for (int g = 0; g < groupCount; g++) {
            int to = groups[g];
            values[to] = greatest ? Math.max(values[to], from.values[g]) : Math.min(values[to], from.values[g]);
            present[to] |= from.present[g];
        }
    }

    @Override
    public void finish(int from, int count, WritableColumn result) {
        for (int i = 0; i < count; i++) {
            if (present[from + i]) {
                result.setLong(i, values[from + i]);
            } else {
                result.setNull(i);
            }
        }
    }
}
