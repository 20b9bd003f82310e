package io.zeptodb.engine.kernel;

import java.util.Arrays;

/**
 * Sums of many doubles, compensated, and of many longs. A sum of doubles keeps what rounding loses: after t = a + b the exact error
 * (a - (t - z)) + (b - z), z = t - a, is summed apart (Knuth, The Art of Computer Programming, vol. 2, 4.2.2, theorem B; summing it is Neumaier's
 * method). The chain of dependent additions would be slow, so there are {@link #LANES} independent sums in arrays, each row going to the lane
 * of its place: the loops over lanes are the kind that the JVM's compiler turns into vector instructions by itself, on JDK 17 as well, and the result
 * is as exact as one chain's. For the same reason rows are copied to arrays first, and four rows are added to a lane at a time.
 *
 * <p>A register of one loop, one thread: {@code add…} clears it, adds rows and folds the lanes; then {@link #sum()} and {@link #error()}
 * are two halves of one number.
 */
public final class LaneSums {
    /** Rows come in multiples of this, but for marked ones. */
    public static final int LANES = 128;

    /** Rows that are copied and added at a time. */
    static final int CHUNK = 4 * LANES;

    /** Longs less than this, and no less than its negative, are added without looking at carries. */
    private static final long NARROW = 1L << 40;

    /** So many narrow longs have a sum that fits a long. */
    private static final int MOST_NARROW = 1 << 22;

    /** {@code 1.5 * 2^52}: the low bits of such a double are an integer, so that adding the bits of both gives the double of a narrow long. */
    private static final double WHOLE = 0x1.8p52;

    private static final long WHOLE_BITS = Double.doubleToRawLongBits(WHOLE);

    private final double[] values = new double[CHUNK];
    private final double[] factors = new double[CHUNK];
    private final double[] sums = new double[LANES];
    private final double[] errors = new double[LANES];
    private final long[] whole = new long[CHUNK];
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
        int i = 0;
        for (; i <= count - CHUNK; i += CHUNK) {
            Memory.copyToArray(address + ((long) i << 3), values, CHUNK);
            addChunk(values, sums, errors);
        }
        for (; i < count; i += LANES) {
            Memory.copyToArray(address + ((long) i << 3), values, LANES);
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

    /** Sums those of {@code count} doubles that are marked as {@link RangeMarks} says. */
    public void addDoubles(long address, long[][] marks, int count) {
        clear();
        for (int i = 0; i < count; i += CHUNK) {
            Memory.copyToArray(address + ((long) i << 3), whole, Math.min(CHUNK, count - i));
            keepMarked(whole, marks[i / CHUNK]);
            Memory.copyBits(whole, values, CHUNK);
            addChunk(values, sums, errors);
        }
        fold(sums, errors);
    }

    /** Sums products of doubles. */
    public void addProducts(long left, long right, int count) {
        clear();
        for (int i = 0; i < count; i += LANES) {
            long offset = (long) i << 3;
            Memory.copyToArray(left + offset, values, LANES);
            Memory.copyToArray(right + offset, factors, LANES);
            multiply(values, factors, 0.0);
            addLanes(values, sums, errors);
        }
        fold(sums, errors);
    }

    /**
     * Sums products of doubles with longs, and the longs themselves: {@link #wholeSum()}.
     *
     * @return false when a long is so large that none of the sums is known
     */
    public boolean addProductsWithLongs(long left, long right, int count) {
        clear();
        clearWhole();
        for (int i = 0; i < count; i += CHUNK) {
            long offset = (long) i << 3;
            int rows = Math.min(CHUNK, count - i);
            Memory.copyToArray(left + offset, values, rows);
            Memory.copyToArray(right + offset, whole, rows);
            if (rows == CHUNK) {
                addWholeChunk(whole, wholeSums, wholeBits);
            } else {
                // the places behind the last row add nothing
                Arrays.fill(values, rows, CHUNK, 0);
                Arrays.fill(factors, rows, CHUNK, WHOLE);
                addWholeLanes(whole, rows, wholeSums, wholeBits);
            }
            toDoubleBits(whole);
            Memory.copyBits(whole, factors, rows);
            multiply(values, factors, WHOLE);
            addChunk(values, sums, errors);
        }
        fold(sums, errors);
        return isWholeSumExact(count);
    }

    /**
     * Sums {@code count} longs, a multiple of {@link #LANES}: {@link #wholeSum()}.
     *
     * @return false when a long is so large that the sum is not known
     */
    public boolean addLongs(long address, int count) {
        clearWhole();
        int i = 0;
        for (; i <= count - CHUNK; i += CHUNK) {
            Memory.copyToArray(address + ((long) i << 3), whole, CHUNK);
            addWholeChunk(whole, wholeSums, wholeBits);
        }
        if (i < count) {
            Memory.copyToArray(address + ((long) i << 3), whole, count - i);
            addWholeLanes(whole, count - i, wholeSums, wholeBits);
        }
        return isWholeSumExact(count);
    }

    /**
     * Sums those of {@code count} longs that are marked as {@link RangeMarks} says: {@link #wholeSum()}.
     *
     * @return false when a long is so large that the sum is not known
     */
    public boolean addLongs(long address, long[][] marks, int count) {
        clearWhole();
        for (int i = 0; i < count; i += CHUNK) {
            Memory.copyToArray(address + ((long) i << 3), whole, Math.min(CHUNK, count - i));
            keepMarked(whole, marks[i / CHUNK]);
            addWholeChunk(whole, wholeSums, wholeBits);
        }
        return isWholeSumExact(count);
    }

    private boolean isWholeSumExact(int count) {
        long bits = 0;
        for (long lane : wholeBits) {
            bits |= lane;
        }
        return (bits & -(2 * NARROW)) == 0 && count < MOST_NARROW;
    }

    /** The sum of the longs. */
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

    private void clearWhole() {
        Arrays.fill(wholeSums, 0);
        Arrays.fill(wholeBits, 0);
    }

    private static void gather(long address, int[] positions, int from, double[] to) {
        for (int i = 0; i < LANES; i++) {
            to[i] = Memory.getDouble(address + ((long) positions[from + i] << 3));
        }
    }

    /** Both arrays go by the same index: the compiler does not take a loop where one store may hide behind another load. */
    private static void keepMarked(long[] values, long[] marks) {
        for (int i = 0; i < CHUNK; i++) {
            values[i] &= marks[i];
        }
    }

    private static void multiply(double[] values, double[] factors, double offset) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= factors[i] - offset;
        }
    }

    private static void toDoubleBits(long[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] += WHOLE_BITS;
        }
    }

    private static void addLanes(double[] values, double[] sums, double[] errors) {
        for (int i = 0; i < LANES; i++) {
            double a = sums[i];
            double b = values[i];
            double sum = a + b;
            double part = sum - a;
            errors[i] += (a - (sum - part)) + (b - part);
            sums[i] = sum;
        }
    }

    /** Adds four rows to each lane. */
    private static void addChunk(double[] values, double[] sums, double[] errors) {
        for (int i = 0; i < LANES; i++) {
            double start = sums[i];
            double b0 = values[i];
            double sum0 = start + b0;
            double part0 = sum0 - start;
            double error = errors[i] + ((start - (sum0 - part0)) + (b0 - part0));
            double b1 = values[i + LANES];
            double sum1 = sum0 + b1;
            double part1 = sum1 - sum0;
            error += (sum0 - (sum1 - part1)) + (b1 - part1);
            double b2 = values[i + 2 * LANES];
            double sum2 = sum1 + b2;
            double part2 = sum2 - sum1;
            error += (sum1 - (sum2 - part2)) + (b2 - part2);
            double b3 = values[i + 3 * LANES];
            double sum3 = sum2 + b3;
            double part3 = sum3 - sum2;
            errors[i] = error + ((sum2 - (sum3 - part3)) + (b3 - part3));
            sums[i] = sum3;
        }
    }

    /** A long is narrow when it and the limit have a sum between 0 and twice the limit. */
    private static void addWholeLanes(long[] values, int count, long[] sums, long[] bits) {
        for (int from = 0; from < count; from += LANES) {
            for (int i = 0; i < LANES; i++) {
                long value = values[from + i];
                sums[i] += value;
                bits[i] |= value + NARROW;
            }
        }
    }

    private static void addWholeChunk(long[] values, long[] sums, long[] bits) {
        for (int i = 0; i < LANES; i++) {
            long value0 = values[i];
            long value1 = values[i + LANES];
            long value2 = values[i + 2 * LANES];
            long value3 = values[i + 3 * LANES];
            sums[i] += (value0 + value1) + (value2 + value3);
            bits[i] |= ((value0 + NARROW) | (value1 + NARROW)) | ((value2 + NARROW) | (value3 + NARROW));
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
