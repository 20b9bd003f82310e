package io.zeptodb.engine.kernel;

import java.util.Arrays;

/**
 * Compensated sums of many doubles. A sum keeps what rounding loses: after t = a + b the exact error (a - (t - z)) + (b - z), z = t - a, is summed
 * apart (Knuth, The Art of Computer Programming, vol. 2, 4.2.2, theorem B; summing it is Neumaier's method). The chain of dependent additions would
 * be slow, so there are {@link #LANES} independent sums in arrays, each row going to the lane of its place: the loops over lanes are the kind that
 * the JVM's compiler turns into vector instructions by itself, on JDK 17 as well, and the result is as exact as one chain's.
 *
 * <p>A register of one loop, one thread: {@code add…} clears it, adds a multiple of {@link #LANES} rows and folds the lanes; then {@link #sum()} and
 * {@link #error()} are two halves of one number.
 */
public final class LaneSums {
    /** Rows come in multiples of this. */
    public static final int LANES = 128;

    private final double[] values = new double[LANES];
    private final double[] sums = new double[LANES];
    private final double[] errors = new double[LANES];
    private final long[] whole = new long[LANES];
    private final long[] wholeSums = new long[LANES];
    private final long[] wholeBits = new long[LANES];

    /** The rounded sum. */
    public double sum() {
        return sums[0];
    }

    /** What the sum lacks. */
    public double error() {
        return errors[0];
    }

    /** The exact error of {@code a + b}, whose rounded value is {@code sum}. */
    public static double errorOf(double a, double b, double sum) {
        double part = sum - a;
        return (a - (sum - part)) + (b - part);
    }

    /** Sums {@code count} doubles, a multiple of {@link #LANES}. */
    public void addDoubles(long address, int count) {
        clear();
        for (int i = 0; i < count; i += LANES) {
            load(address + ((long) i << 3), values);
            addLanes(values, sums, errors);
        }
        fold(sums, errors);
    }

    /** Sums the doubles at the first {@code count} positions of a list, a multiple of {@link #LANES}. */
    public void addDoubles(long address, int[] positions, int count) {
        clear();
        for (int i = 0; i < count; i += LANES) {
            gather(address, positions, i, values);
            addLanes(values, sums, errors);
        }
        fold(sums, errors);
    }

    /** Sums products of doubles. */
    public void addProducts(long left, long right, int count) {
        clear();
        for (int i = 0; i < count; i += LANES) {
            long offset = (long) i << 3;
            loadProducts(left + offset, right + offset, values);
            addLanes(values, sums, errors);
        }
        fold(sums, errors);
    }

    /** Sums products of doubles with longs, each long rounded to double first, and the longs themselves: {@link #wholeSum()}. */
    public void addProductsWithLongs(long left, long right, int count) {
        clear();
        Arrays.fill(wholeSums, 0);
        Arrays.fill(wholeBits, 0);
        for (int i = 0; i < count; i += LANES) {
            long offset = (long) i << 3;
            load(left + offset, values);
            load(right + offset, whole);
            multiply(values, whole);
            addLanes(values, sums, errors);
            addWhole(whole, wholeSums, wholeBits);
        }
        fold(sums, errors);
    }

    /** Whether {@link #wholeSum()} cannot have overflowed: no long was negative or had more than 40 bits, and there were fewer than 2^23. */
    public boolean isWholeSumExact(int count) {
        long bits = 0;
        for (long lane : wholeBits) {
            bits |= lane;
        }
        return bits >>> 40 == 0 && count < 1 << 23;
    }

    /** The sum of the longs, modulo 2^64. */
    public long wholeSum() {
        long sum = 0;
        for (long lane : wholeSums) {
            sum += lane;
        }
        return sum;
    }

    private void clear() {
        Arrays.fill(sums, 0);
        Arrays.fill(errors, 0);
    }

    private static void load(long address, double[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] = Memory.getDouble(address + ((long) i << 3));
        }
    }

    private static void load(long address, long[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] = Memory.getLong(address + ((long) i << 3));
        }
    }

    private static void gather(long address, int[] positions, int from, double[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] = Memory.getDouble(address + ((long) positions[from + i] << 3));
        }
    }

    private static void loadProducts(long left, long right, double[] to) {
        for (int i = 0; i < to.length; i++) {
            long offset = (long) i << 3;
            to[i] = Memory.getDouble(left + offset) * Memory.getDouble(right + offset);
        }
    }

    private static void multiply(double[] values, long[] factors) {
        for (int i = 0; i < values.length; i++) {
            values[i] = values[i] * factors[i];
        }
    }

    private static void addLanes(double[] values, double[] sums, double[] errors) {
        for (int i = 0; i < values.length; i++) {
            double a = sums[i];
            double b = values[i];
            double sum = a + b;
            double part = sum - a;
            errors[i] += (a - (sum - part)) + (b - part);
            sums[i] = sum;
        }
    }

    private static void addWhole(long[] values, long[] sums, long[] bits) {
        for (int i = 0; i < values.length; i++) {
            sums[i] += values[i];
            bits[i] |= values[i];
        }
    }

    /** Adds the upper half of the lanes to the lower until one is left. */
    private static void fold(double[] sums, double[] errors) {
        for (int half = sums.length / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                double a = sums[i];
                double b = sums[half + i];
                double sum = a + b;
                double part = sum - a;
                errors[i] += errors[half + i] + ((a - (sum - part)) + (b - part));
                sums[i] = sum;
            }
        }
    }
}
