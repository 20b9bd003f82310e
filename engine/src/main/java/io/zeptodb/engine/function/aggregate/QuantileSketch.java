package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.batch.KeyHashing;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Counts of the values of one group, to the bit while there are few different ones. A value is counted under the leading bits of its {@link OrderKey}: all 64
 * of them at first, one fewer each time that there would be more than {@link #MOST} different ones. How many bits are left is thus a function of the values
 * alone, not of their order or of how they were dealt out to several sketches that were merged: the answer is always the same.
 *
 * <p>With K the number of powers of two that the values spread over (both signs counted), K * 2^m buckets hold all values when m bits of the mantissa are
 * left. So m is at least floor(log2(MOST / K)), and the middle of a bucket, half of 2^-m of the value wide at either side, differs from each value in it by
 * less than K / MOST of that value.
 */
final class QuantileSketch {
    /** Most buckets. */
    static final int MOST = 1 << 13;

    private static final int FIRST_SLOTS = 16;
    private static final int SLOT_BYTES = 2 * Long.BYTES;

    private final LongConsumer accounting;
    /** Bits of keys that are left out. */
    private int shift;

    private long[] keys = new long[FIRST_SLOTS];
    /** 0 for a slot that is free. */
    private long[] counts = new long[FIRST_SLOTS];

    private int size;
    private long finite;
    private long below;
    private long above;
    private long notNumbers;

    /** @param accounting told of the bytes of Java arrays */
    QuantileSketch(LongConsumer accounting) {
        this.accounting = accounting;
        accounting.accept((long) FIRST_SLOTS * SLOT_BYTES);
    }

    void add(double value) {
        if (Double.isNaN(value)) {
            notNumbers++;
        } else if (Double.isInfinite(value)) {
            below += value < 0 ? 1 : 0;
            above += value < 0 ? 0 : 1;
        } else {
            finite++;
            add(OrderKey.of(value) >> shift, 1);
        }
    }

    private void add(long key, long count) {
        int slot = slot(keys, counts, key);
        if (counts[slot] == 0) {
            keys[slot] = key;
            size++;
        }
        counts[slot] += count;
        if (size > MOST) {
            coarsen(shift + 1);
        } else if (size > counts.length / 2) {
            accounting.accept((long) counts.length * SLOT_BYTES);
            rebuild(0, counts.length * 2);
        }
    }

    private static int slot(long[] keys, long[] counts, long key) {
        int mask = counts.length - 1;
        int slot = (int) KeyHashing.mix(key) & mask;
        while (counts[slot] != 0 && keys[slot] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /** Leaves out so many bits, and more while there are too many buckets. */
    private void coarsen(int wanted) {
        do {
            int step = Math.max(1, wanted - shift);
            shift += step;
            rebuild(step, counts.length);
        } while (size > MOST);
    }

    private void rebuild(int step, int slots) {
        long[] oldKeys = keys;
        long[] oldCounts = counts;
        keys = new long[slots];
        counts = new long[slots];
        size = 0;
        for (int i = 0; i < oldCounts.length; i++) {
            if (oldCounts[i] != 0) {
                long key = oldKeys[i] >> step;
                int slot = slot(keys, counts, key);
                size += counts[slot] == 0 ? 1 : 0;
                keys[slot] = key;
                counts[slot] += oldCounts[i];
            }
        }
    }

    /** Adds what another one has counted. */
    void merge(QuantileSketch other) {
        if (other.shift > shift) {
            coarsen(other.shift);
        }
        for (int i = 0; i < other.counts.length; i++) {
            if (other.counts[i] != 0) {
                add(other.keys[i] >> (shift - other.shift), other.counts[i]);
            }
        }
        finite += other.finite;
        below += other.below;
        above += other.above;
        notNumbers += other.notNumbers;
    }

    /** Number of values. */
    long count() {
        return below + finite + above + notNumbers;
    }

    /** The value at a fraction of the values, between two neighbours in proportion; there must be one. */
    double at(double fraction) {
        double place = fraction * (count() - 1);
        long first = (long) place;
        long[] ordered = orderedKeys();
        double low = valueAt(first, ordered);
        double part = place - first;
        if (part == 0) {
            return low;
        }
        double high = valueAt(first + 1, ordered);
        return low == high ? low : low + part * (high - low);
    }

    private long[] orderedKeys() {
        long[] ordered = new long[size];
        int n = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 0) {
                ordered[n++] = keys[i];
            }
        }
        Arrays.sort(ordered);
        return ordered;
    }

    private double valueAt(long place, long[] ordered) {
        if (place < below) {
            return Double.NEGATIVE_INFINITY;
        }
        long left = place - below;
        if (left >= finite) {
            return left - finite < above ? Double.POSITIVE_INFINITY : Double.NaN;
        }
        for (long key : ordered) {
            left -= counts[slot(keys, counts, key)];
            if (left < 0) {
                return middle(key);
            }
        }
        throw new IllegalStateException("fewer than " + finite + " values are counted");
    }

    private double middle(long key) {
        long low = key << shift;
        long high = low | ((1L << shift) - 1);
        return shift == 0 ? OrderKey.toDouble(low) : OrderKey.toDouble(low) / 2 + OrderKey.toDouble(high) / 2;
    }
}
