package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import io.zeptodb.engine.kernel.Int128;
import io.zeptodb.engine.kernel.Memory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/** VWAP of a BIGINT price with a BIGINT volume: both sums exact, the quotient rounded once. */
public final class IntegerVwap extends RowAggregator {
    /** Many more digits than a double has, so that rounding twice does not show. */
    private static final MathContext QUOTIENT = new MathContext(40);

    private final int price;
    private final int volume;
    private final WideSum products = new WideSum();
    private final WideSum volumes = new WideSum();

    /** @param volumeFirst the volume is the first argument (WAVG), not the second */
    public IntegerVwap(MemoryBudget budget, boolean volumeFirst) {
        super(budget, 2 * WideSum.BYTES, 2);
        this.price = volumeFirst ? 1 : 0;
        this.volume = volumeFirst ? 0 : 1;
    }

    @Override
    void grow(int groups) {
        products.grow(groups);
        volumes.grow(groups);
    }

    private void add(int group, long value, long amount) {
        products.add(group, Math.multiplyHigh(value, amount), value * amount);
        volumes.add(group, amount >> 63, amount);
    }

    @Override
    void scatter(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groups) {
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            add(groups[row], arguments[price].getLong(row), arguments[volume].getLong(row));
        }
    }

    @Override
    void addRows(int group, ColumnVector[] arguments, int[] rows, int count) {
        for (int i = 0; i < count; i++) {
            add(group, arguments[price].getLong(rows[i]), arguments[volume].getLong(rows[i]));
        }
    }

    @Override
    void addRange(int group, ColumnVector[] arguments, int from, int to) {
        long prices = arguments[price].data();
        long amounts = arguments[volume].data();
        int priceMask = arguments[price].mask();
        int volumeMask = arguments[volume].mask();
        int i = from;
        long low = 0;
        long high = 0;
        long lower = 0;
        long upper = 0;
        for (; i < to; i++) {
            long value = Memory.getLong(prices + ((long) (i & priceMask) << 3));
            long amount = Memory.getLong(amounts + ((long) (i & volumeMask) << 3));
            long productHigh = Math.multiplyHigh(value, amount);
            long product = value * amount;
            if (productHigh != product >> 63) {
                // a product of more than 64 bits: rare, goes the exact long way
                products.add(group, productHigh, product);
                product = 0;
            }
            high += (product >> 63) + Int128.carry(low, product);
            low += product;
            lower += amount & 0xFFFF_FFFFL;
            upper += amount >> 32;
        }
        products.add(group, high, low);
        volumes.add(group, upper >> 32, upper << 32);
        volumes.add(group, lower >> 63, lower);
    }

    @Override
    public void merge(Aggregator other, int[] groups, int groupCount) {
        IntegerVwap from = (IntegerVwap) other;
        for (int g = 0; g < groupCount; g++) {
            products.merge(groups[g], from.products, g);
            volumes.merge(groups[g], from.volumes, g);
        }
    }

    @Override
    public void finish(int from, int count, WritableColumn result) {
        for (int i = 0; i < count; i++) {
            BigInteger amount = volumes.value(from + i);
            if (amount.signum() == 0) {
                result.setNull(i);
            } else {
                BigDecimal sum = new BigDecimal(products.value(from + i));
                result.setDouble(i, sum.divide(new BigDecimal(amount), QUOTIENT).doubleValue());
            }
        }
    }
}
