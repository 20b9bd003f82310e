package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import io.zeptodb.engine.kernel.Int128;
import io.zeptodb.engine.kernel.Memory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** SUM and AVG of DECIMAL, exact: 192 bits while it runs, an error only when the result has more than 38 digits. */
public final class DecimalSum extends RowAggregator {
    private static final int BYTES_PER_GROUP = WideSum.BYTES + Long.BYTES;
    /** A long has at most one digit more than so many nines. */
    private static final int LONG_DIGITS = 18;

    private final ColumnType argument;
    private final ColumnType result;
    private final boolean average;
    /** What brings a sum to the scale of the result; 0 when that is more than a long. */
    private final long scaling;

    private final WideSum sums = new WideSum();
    private long[] counts = {};

    /**
     * @param argument a DECIMAL
     * @param result a DECIMAL of the same scale for SUM, of the same or a greater scale for AVG
     */
    public DecimalSum(MemoryBudget budget, ColumnType argument, ColumnType result, boolean average) {
        super(budget, BYTES_PER_GROUP, 1);
        this.argument = argument;
        this.result = result;
        this.average = average;
        int digits = result.scale() - argument.scale();
        this.scaling = digits >= 0 && digits <= LONG_DIGITS ? Int128.powerOfTenLow(digits) : 0;
    }

    @Override
    void grow(int groups) {
        sums.grow(groups);
        counts = java.util.Arrays.copyOf(counts, groups);
    }

    @Override
    void scatter(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groups) {
        long data = arguments[0].data();
        int mask = arguments[0].mask();
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            add(groups[row], data + ((long) (row & mask) << 4));
        }
    }

    @Override
    void addRows(int group, ColumnVector[] arguments, int[] rows, int count) {
        long data = arguments[0].data();
        int mask = arguments[0].mask();
        for (int i = 0; i < count; i++) {
            add(group, data + ((long) (rows[i] & mask) << 4));
        }
    }

    @Override
    void addRange(int group, ColumnVector[] arguments, int from, int to) {
        long data = arguments[0].data();
        int mask = arguments[0].mask();
        for (int i = from; i < to; i++) {
            add(group, data + ((long) (i & mask) << 4));
        }
    }

    private void add(int group, long address) {
        sums.add(group, Memory.getLong(address + Long.BYTES), Memory.getLong(address));
        counts[group]++;
    }

    @Override
    public void merge(Aggregator other, int[] groups, int groupCount) {
        DecimalSum from = (DecimalSum) other;
        for (int g = 0; g < groupCount; g++) {
            sums.merge(groups[g], from.sums, g);
            counts[groups[g]] += from.counts[g];
        }
    }

    @Override
    public void finish(int from, int count, WritableColumn column) {
        for (int i = 0; i < count; i++) {
            int group = from + i;
            if (counts[group] == 0) {
                column.setDecimal(i, 0, 0);
                column.setNull(i);
            } else if (!(average ? setAverage(group, column, i) : setSum(group, column, i))) {
                column.setDecimal(i, exact(group));
            }
        }
    }

    /** Writes a sum that needs no wider numbers; false when it does, or is out of range. */
    private boolean setSum(int group, WritableColumn column, int row) {
        long high = sums.high(group);
        long low = sums.low(group);
        boolean plain = sums.fits128(group) && Int128.fitsPrecision(high, low, result.precision());
        if (plain) {
            column.setDecimal(row, high, low);
        }
        return plain;
    }

    /** Writes an average whose sum, at the scale of the result, is a long; false for others. */
    private boolean setAverage(int group, WritableColumn column, int row) {
        long sum = sums.low(group);
        long scaled = sum * scaling;
        boolean plain = result.precision() > LONG_DIGITS // every long fits
                && sums.fits128(group)
                && sums.high(group) == sum >> (Long.SIZE - 1)
                && scaling > 0
                && Math.multiplyHigh(sum, scaling) == scaled >> (Long.SIZE - 1);
        if (plain) {
            long quotient = scaled / counts[group];
            long rest = Math.abs(scaled % counts[group]);
            long away = rest >= counts[group] - rest ? Long.signum(scaled) : 0;
            column.setDecimal(row, (quotient + away) >> (Long.SIZE - 1), quotient + away);
        }
        return plain;
    }

    private BigDecimal exact(int group) {
        BigDecimal value = new BigDecimal(sums.value(group), argument.scale());
        if (average) {
            value = value.divide(BigDecimal.valueOf(counts[group]), result.scale(), RoundingMode.HALF_UP);
        }
        if (value.unscaledValue().abs().compareTo(BigInteger.TEN.pow(result.precision())) >= 0) {
            throw new EngineException(
                    ErrorCode.NUMERIC_OUT_OF_RANGE,
                    (average ? "avg" : "sum") + " is out of range: " + value.toPlainString() + " does not fit " + result
                            + " (cast the argument to DOUBLE)");
        }
        return value;
    }
}
