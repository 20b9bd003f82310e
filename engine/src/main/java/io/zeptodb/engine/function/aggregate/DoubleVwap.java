package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import io.zeptodb.engine.kernel.LaneSums;
import io.zeptodb.engine.kernel.Memory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * VWAP of a DOUBLE price with a DOUBLE or BIGINT volume: sum(price * volume) / sum(volume) over rows with both present; NULL when the
 * volumes sum to 0. Products are rounded to double; both sums are compensated as {@link TwoSum} says. The volume's sum is exact for
 * BIGINT volumes as long as it stays below 2^53.
 */
public final class DoubleVwap extends RowAggregator {
    private static final int WORDS = 4;
    private static final int LEAST_LANE_ROWS = 8;

    private final boolean wholeVolume;
    private final int price;
    private final int volume;
    /** Sum and error of the products, sum and error of the volumes. */
    private double[] sums = {};

    private boolean[] present = {};
    private @Nullable LaneSums lanes;

    /**
     * @param volumeType DOUBLE or BIGINT
     * @param volumeFirst the volume is the first argument (WAVG), not the second
     */
    public DoubleVwap(MemoryBudget budget, ColumnType volumeType, boolean volumeFirst) {
        super(budget, WORDS * Double.BYTES + 1, 2);
        this.wholeVolume = volumeType.kind() == TypeKind.BIGINT;
        this.price = volumeFirst ? 1 : 0;
        this.volume = volumeFirst ? 0 : 1;
    }

    @Override
    void grow(int groups) {
        sums = Arrays.copyOf(sums, groups * WORDS);
        present = Arrays.copyOf(present, groups);
    }

    private static double volumeAt(long data, int at, boolean whole) {
        long address = data + ((long) at << 3);
        return whole ? Memory.getLong(address) : Memory.getDouble(address);
    }

    private void add(int group, double product, double amount) {
        TwoSum.add(sums, group * WORDS, product);
        TwoSum.add(sums, group * WORDS + 2, amount);
    }

    @Override
    void scatter(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groups) {
        long prices = arguments[price].data();
        int priceMask = arguments[price].mask();
        long volumes = arguments[volume].data();
        int volumeMask = arguments[volume].mask();
        boolean whole = wholeVolume;
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            double amount = volumeAt(volumes, row & volumeMask, whole);
            add(groups[row], Memory.getDouble(prices + ((long) (row & priceMask) << 3)) * amount, amount);
            present[groups[row]] = true;
        }
    }

    @Override
    void addRows(int group, ColumnVector[] arguments, int[] rows, int count) {
        long prices = arguments[price].data();
        int priceMask = arguments[price].mask();
        long volumes = arguments[volume].data();
        int volumeMask = arguments[volume].mask();
        boolean whole = wholeVolume;
        double sum = 0;
        double error = 0;
        double amounts = 0;
        double amountError = 0;
        for (int i = 0; i < count; i++) {
            double amount = volumeAt(volumes, rows[i] & volumeMask, whole);
            double product = Memory.getDouble(prices + ((long) (rows[i] & priceMask) << 3)) * amount;
            double next = sum + product;
            error += LaneSums.errorOf(sum, product, next);
            sum = next;
            double nextAmount = amounts + amount;
            amountError += LaneSums.errorOf(amounts, amount, nextAmount);
            amounts = nextAmount;
        }
        add(group, sum, amounts);
        sums[group * WORDS + 1] += error;
        sums[group * WORDS + 3] += amountError;
        present[group] |= count > 0;
    }

    @Override
    void addRange(int group, ColumnVector[] arguments, int from, int to) {
        if (from == to) {
            return;
        }
        present[group] = true;
        ColumnVector prices = arguments[price];
        ColumnVector volumes = arguments[volume];
        int i = from;
        boolean plain = !prices.isConstant() && !volumes.isConstant();
        if (plain && to - from >= TwoSum.LANE_ROWS) {
            int rows = (to - from) / LaneSums.LANES * LaneSums.LANES;
            addLanes(group, prices.data(), volumes.data(), from, rows);
            i += rows;
        }
        if (plain && to - i >= LEAST_LANE_ROWS) {
            int even = i + ((to - i) & ~1);
            addProducts(group, prices.data(), volumes.data(), i, even);
            addVolumes(group, volumes.data(), i, even);
            i = even;
        }
        for (; i < to; i++) {
            double amount = volumeAt(volumes.data(), i & volumes.mask(), wholeVolume);
            add(group, prices.getDouble(i) * amount, amount);
        }
    }

    /** Many lanes at once; {@code rows} is a multiple of their number. */
    private void addLanes(int group, long prices, long volumes, int from, int rows) {
        LaneSums wide = lanes == null ? new LaneSums() : lanes;
        lanes = wide;
        long offset = (long) from << 3;
        if (wholeVolume) {
            if (wide.addProductsWithLongs(prices + offset, volumes + offset, rows)) {
                addSum(group * WORDS, wide.sum(), wide.error());
                TwoSum.add(sums, group * WORDS + 2, wide.wholeSum());
            } else {
                addProducts(group, prices, volumes, from, from + rows);
                addVolumes(group, volumes, from, from + rows);
            }
            return;
        }
        wide.addProducts(prices + offset, volumes + offset, rows);
        addSum(group * WORDS, wide.sum(), wide.error());
        wide.addDoubles(volumes + offset, rows);
        addSum(group * WORDS + 2, wide.sum(), wide.error());
    }

    private void addSum(int at, double sum, double error) {
        TwoSum.add(sums, at, sum);
        sums[at + 1] += error;
    }

    /** Two lanes: each is a chain of additions, so two of them hide half of the latency. */
    private void addProducts(int group, long prices, long volumes, int from, int to) {
        boolean whole = wholeVolume;
        double sum0 = 0;
        double sum1 = 0;
        double error0 = 0;
        double error1 = 0;
        for (int i = from; i < to; i += 2) {
            long at = (long) i << 3;
            double product0 = Memory.getDouble(prices + at) * volumeAt(volumes, i, whole);
            double product1 = Memory.getDouble(prices + at + 8) * volumeAt(volumes, i + 1, whole);
            double next0 = sum0 + product0;
            double next1 = sum1 + product1;
            error0 += LaneSums.errorOf(sum0, product0, next0);
            error1 += LaneSums.errorOf(sum1, product1, next1);
            sum0 = next0;
            sum1 = next1;
        }
        TwoSum.add(sums, group * WORDS, sum0);
        TwoSum.add(sums, group * WORDS, sum1);
        sums[group * WORDS + 1] += error0 + error1;
    }

    private void addVolumes(int group, long volumes, int from, int to) {
        if (wholeVolume) {
            long lower = 0;
            long upper = 0;
            for (int i = from; i < to; i++) {
                long amount = Memory.getLong(volumes + ((long) i << 3));
                lower += amount & 0xFFFF_FFFFL;
                upper += amount >> 32;
            }
            TwoSum.add(sums, group * WORDS + 2, upper * 0x1p32);
            TwoSum.add(sums, group * WORDS + 2, lower);
            return;
        }
        double sum0 = 0;
        double sum1 = 0;
        double error0 = 0;
        double error1 = 0;
        for (int i = from; i < to; i += 2) {
            long at = volumes + ((long) i << 3);
            double amount0 = Memory.getDouble(at);
            double amount1 = Memory.getDouble(at + 8);
            double next0 = sum0 + amount0;
            double next1 = sum1 + amount1;
            error0 += LaneSums.errorOf(sum0, amount0, next0);
            error1 += LaneSums.errorOf(sum1, amount1, next1);
            sum0 = next0;
            sum1 = next1;
        }
        TwoSum.add(sums, group * WORDS + 2, sum0);
        TwoSum.add(sums, group * WORDS + 2, sum1);
        sums[group * WORDS + 3] += error0 + error1;
    }

    @Override
    public void merge(Aggregator other, int[] groups, int groupCount) {
        DoubleVwap from = (DoubleVwap) other;
        for (int g = 0; g < groupCount; g++) {
            int to = groups[g];
            add(to, from.sums[g * WORDS], from.sums[g * WORDS + 2]);
            sums[to * WORDS + 1] += from.sums[g * WORDS + 1];
            sums[to * WORDS + 3] += from.sums[g * WORDS + 3];
            present[to] |= from.present[g];
        }
    }

    @Override
    public void finish(int from, int count, WritableColumn result) {
        for (int i = 0; i < count; i++) {
            int at = (from + i) * WORDS;
            double amount = TwoSum.total(sums[at + 2], sums[at + 3]);
            if (!present[from + i] || amount == 0) {
                result.setNull(i);
            } else {
                result.setDouble(i, TwoSum.total(sums[at], sums[at + 1]) / amount);
            }
        }
    }
}
