package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import io.zeptodb.engine.kernel.Int128;
import io.zeptodb.engine.kernel.LaneSums;
import io.zeptodb.engine.kernel.Memory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * SUM (BIGINT) and AVG (DOUBLE) of INTEGER and BIGINT in 128 bits. A range is summed as two longs, of the upper and the lower halves of the
 * values, which cannot overflow in 2^31 rows, so that the loop has neither carry nor branch.
 */
public final class IntegerSum extends RowAggregator {
    private static final int BYTES_PER_GROUP = 3 * Long.BYTES;
    private static final long LOW_HALF = 0xFFFF_FFFFL;
    /** Longs less than this, and no less than its negative: the sum of {@link TwoSum#LANE_ROWS} of them fits a long. */
    private static final long NARROW = 1L << 50;

    private final boolean wide;
    private final boolean average;
    /** Low and high half of group g at 2g and 2g + 1. */
    private long[] sums = {};

    private long[] counts = {};
    private @Nullable LaneSums lanes;

    /** @param type INTEGER or BIGINT */
    public IntegerSum(MemoryBudget budget, ColumnType type, boolean average) {
        super(budget, BYTES_PER_GROUP, 1);
        this.wide = type.kind() == TypeKind.BIGINT;
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
        boolean longs = wide;
        long[] state = sums;
        long[] counted = counts;
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            int group = groups[row];
            int at = row & mask;
            long value = longs ? Memory.getLong(data + ((long) at << 3)) : Memory.getInt(data + ((long) at << 2));
            long low = state[group * 2];
            state[group * 2] = low + value;
            state[group * 2 + 1] += (value >> 63) + Int128.carry(low, value);
            counted[group]++;
        }
    }

    @Override
    void addRows(int group, ColumnVector[] arguments, int[] rows, int count) {
        long data = arguments[0].data();
        int mask = arguments[0].mask();
        boolean longs = wide;
        long lower = 0;
        long upper = 0;
        for (int i = 0; i < count; i++) {
            int at = rows[i] & mask;
            long value = longs ? Memory.getLong(data + ((long) at << 3)) : Memory.getInt(data + ((long) at << 2));
            lower += value & LOW_HALF;
            upper += value >> 32;
        }
        addHalves(group, lower, upper);
        counts[group] += count;
    }

    @Override
    void addRange(int group, ColumnVector[] arguments, int from, int to) {
        long data = arguments[0].data();
        long lower = 0;
        long upper = 0;
        if (arguments[0].isConstant()) {
            long value = arguments[0].getAsLong(0);
            lower = (value & LOW_HALF) * (to - from);
            upper = (value >> 32) * (to - from);
        } else if (wide) {
            addLongs(group, data, from, to);
            counts[group] += to - from;
            return;
        } else {
            for (int i = from; i < to; i++) {
                // 2^31 ints of 32 bits fit a long
                lower += Memory.getInt(data + ((long) i << 2));
            }
            add(group, lower >> 63, lower);
            counts[group] += to - from;
            return;
        }
        addHalves(group, lower, upper);
        counts[group] += to - from;
    }

    @Override
    boolean addMarked(int group, ColumnVector[] arguments, long[][] marks, int rowCount, int count) {
        if (!wide) {
            return false;
        }
        LaneSums many = lanes();
        if (!many.addLongs(arguments[0].data(), marks, rowCount)) {
            return false;
        }
        add(group, many.wholeSum() >> 63, many.wholeSum());
        counts[group] += count;
        return true;
    }

    private LaneSums lanes() {
        LaneSums made = lanes == null ? new LaneSums() : lanes;
        lanes = made;
        return made;
    }

    private void addLongs(int group, long data, int from, int to) {
        if (to - from >= TwoSum.LANE_ROWS) {
            LaneSums many = lanes();
            if (many.addLongs(data + ((long) from << 3), to - from)) {
                add(group, many.wholeSum() >> 63, many.wholeSum());
                return;
            }
        } else if (from < to && addNarrow(group, data, from, to)) {
            return;
        }
        addHalves(group, data, from, to);
    }

    /**
     * Adds at least one and less than {@link TwoSum#LANE_ROWS} longs if each is so small that the sum of them fits a long.
     *
     * @return false, and nothing added, if one is not
     */
    private boolean addNarrow(int group, long data, int from, int to) {
        long sum = 0;
        long bits = 0;
        int i = from;
        for (; i + 3 < to; i += 4) {
            long at = data + ((long) i << 3);
            long value0 = Memory.getLong(at);
            long value1 = Memory.getLong(at + 8);
            long value2 = Memory.getLong(at + 16);
            long value3 = Memory.getLong(at + 24);
            sum += (value0 + value1) + (value2 + value3);
            bits |= ((value0 + NARROW) | (value1 + NARROW)) | ((value2 + NARROW) | (value3 + NARROW));
        }
        // the rows that are left, and zeros: how many they are is different from range to range, so a branch would be
        // mispredicted
        long value0 = valueOrZero(data, i, to);
        long value1 = valueOrZero(data, i + 1, to);
        long value2 = valueOrZero(data, i + 2, to);
        sum += value0 + value1 + value2;
        bits |= (value0 + NARROW) | (value1 + NARROW) | (value2 + NARROW);
        if ((bits & -(2 * NARROW)) != 0) {
            return false;
        }
        add(group, sum >> 63, sum);
        return true;
    }

    private static long valueOrZero(long data, int row, int to) {
        long isRow = (long) (row - to) >> (Long.SIZE - 1);
        return Memory.getLong(data + ((long) Math.min(row, to - 1) << 3)) & isRow;
    }

    /** Two independent pairs of sums; lower halves are unsigned, upper ones signed. */
    private void addHalves(int group, long data, int from, int to) {
        long lower0 = 0;
        long upper0 = 0;
        long lower1 = 0;
        long upper1 = 0;
        int i = from;
        for (; i + 1 < to; i += 2) {
            long at = data + ((long) i << 3);
            long value0 = Memory.getLong(at);
            long value1 = Memory.getLong(at + Long.BYTES);
            lower0 += value0 & LOW_HALF;
            upper0 += value0 >> 32;
            lower1 += value1 & LOW_HALF;
            upper1 += value1 >> 32;
        }
        if (i < to) {
            long value = Memory.getLong(data + ((long) i << 3));
            lower0 += value & LOW_HALF;
            upper0 += value >> 32;
        }
        addHalves(group, lower0 + lower1, upper0 + upper1);
    }

    /** Adds {@code upper * 2^32 + lower}. */
    private void addHalves(int group, long lower, long upper) {
        add(group, upper >> 32, upper << 32);
        add(group, lower >> 63, lower);
    }

    private void add(int group, long high, long low) {
        long old = sums[group * 2];
        sums[group * 2] = old + low;
        sums[group * 2 + 1] += high + Int128.carry(old, low);
    }

    @Override
    public void merge(Aggregator other, int[] groups, int groupCount) {
        IntegerSum from = (IntegerSum) other;
        for (int g = 0; g < groupCount; g++) {
            add(groups[g], from.sums[g * 2 + 1], from.sums[g * 2]);
            counts[groups[g]] += from.counts[g];
        }
    }

    @Override
    public void finish(int from, int count, WritableColumn result) {
        for (int i = 0; i < count; i++) {
            int group = from + i;
            long low = sums[group * 2];
            long high = sums[group * 2 + 1];
            if (counts[group] == 0) {
                result.setNull(i);
            } else if (average) {
                result.setDouble(i, Int128.averageOf(high, low, counts[group]));
            } else if (Int128.fitsLong(high, low)) {
                result.setLong(i, low);
            } else {
                throw new EngineException(
                        ErrorCode.NUMERIC_OUT_OF_RANGE,
                        "sum is out of range: " + Int128.toString(high, low)
                                + " does not fit BIGINT (cast the argument to DECIMAL(38,0) or DOUBLE)");
            }
        }
    }
}
