package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import io.zeptodb.engine.kernel.Memory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** SUM and AVG of DECIMAL, exact: 192 bits while it runs, an error only when the result has more than 38 digits. */
public final class DecimalSum extends RowAggregator {
    private static final int BYTES_PER_GROUP = WideSum.BYTES + Long.BYTES;

    private final ColumnType argument;
    private final ColumnType result;
    private final boolean average;
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
                continue;
            }
            BigInteger sum = sums.value(group);
            BigDecimal value = new BigDecimal(sum, argument.scale());
            if (average) {
                value = value.divide(BigDecimal.valueOf(counts[group]), result.scale(), RoundingMode.HALF_UP);
            }
            if (value.unscaledValue().abs().compareTo(BigInteger.TEN.pow(result.precision())) >= 0) {
                throw new EngineException(
                        ErrorCode.NUMERIC_OUT_OF_RANGE,
                        (average ? "avg" : "sum") + " is out of range: " + value.toPlainString() + " does not fit "
                                + result + " (cast the argument to DOUBLE)");
            }
            column.setDecimal(i, value);
        }
    }
}
