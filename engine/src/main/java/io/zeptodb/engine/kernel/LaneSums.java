package io.zeptodb.engine.kernel;

import java.util.Arrays;

/**
 * Sums of many doubles, compensated, and of many longs. A sum of doubles keeps what rounding loses: after t = a + b the exact error
 * (a - (t - z)) + (b - z), z = t - a, is summed apart (Knuth, The Art of Computer Programming, vol. 2, 4.2.2, theorem B; summing it is Neumaier's
 * method). The chain of dependent additions would be slow, so there are {@link #LANES} independent sums in arrays, each row going to the lane
 * of its place: the loops over lanes are the kind that the JVM's compiler turns into vector instructions by itself, on JDK 17 as well, and the result
 * is as exact as one chain's. For the same reason four rows are added to a lane at a time, and rows are
 * copied to arrays first where {@link AddressLoops} are not vectorised.
 *
 * <p>A register of one loop, one thread: {@code add…} clears it, adds rows and folds the lanes; then {@link #sum()} and {@link #error()}
 * are two halves of one number.
 */
public final class LaneSums {
    /** Positions and products come in multiples of this. */
    public static final int LANES = 128;

    /** Rows that are copied and added at a time. */
    static final int CHUNK = 4 * LANES;

    /** Longs less than this, and no less than its negative, are added without looking at carries. */
    private static final long NARROW = 1L << 40;

    /** Lanes of longs are not worth the folding for fewer rows, where the loop over memory runs row by row. */
    private static final int LEAST_ROWS_FOR_LANES = 4 * CHUNK;

    /** So many narrow longs have a sum that fits a long. */
    private static final int MOST_NARROW = 1 << 22;

    /** {@code 1.5 * 2^52}: the low bits of such a double are an integer, so that adding the bits of both gives the double of a narrow long. */
    private static final double WHOLE = 0x1.8p52;

    private static final long WHOLE_BITS = Double.doubleToRawLongBits(WHOLE);

    private static final double[] NO_DOUBLES = {};
    private static final long[] NO_LONGS = {};

    // rows are copied to these, when they are: AddressLoops need few of them
    private double[] values = NO_DOUBLES;
    private double[] factors = NO_DOUBLES;
    private long[] whole = NO_LONGS;

    private final double[] sums = new double[LANES];
    private final double[] errors = new double[LANES];
    private final long[] wholeSums = new long[LANES];
    private final long[] wholeBits = new long[LANES];
    private long wholeSum;

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

    private void needValues() {
        if (values.length == 0) {
            values = new double[CHUNK];
        }
    }

    private void needFactors() {
        if (factors.length == 0) {
            factors = new double[CHUNK];
        }
    }

    private void needWhole() {
        if (whole.length == 0) {
            whole = new long[CHUNK];
        }
    }

    /** Sums {@code count} doubles. */
    public void addDoubles(long address, int count) {
        clear();
        keepDoubles(address, count);
        fold();
    }

    /** Adds {@code count} doubles to the lanes as they are, which {@link #fold} sums: for a sum of several ranges. */
    public void keepDoubles(long address, int count) {
        int i = 0;
        if (AddressLoops.ARE_VECTORISED) {
            for (; i <= count - CHUNK; i += CHUNK) {
                AddressLoops.addChunk(address + ((long) i << 3), sums, errors);
            }
            for (; i < count; i += LANES) {
                AddressLoops.addLanes(address + ((long) i << 3), Math.min(LANES, count - i), sums, errors);
            }
            return;
        }
        needValues();
        for (; i <= count - CHUNK; i += CHUNK) {
            Memory.copyToArray(address + ((long) i << 3), values, CHUNK);
            addChunk(values, sums, errors);
        }
        for (; i < count; i += LANES) {
            int rows = Math.min(LANES, count - i);
            Memory.copyToArray(address + ((long) i << 3), values, rows);
            addLanes(values, rows, sums, errors);
        }
    }

    /** Sums the doubles at the first {@code count} positions of a list, a multiple of {@link #LANES}. */
    public void addDoubles(long address, int[] positions, int count) {
        clear();
        needValues();
        for (int i = 0; i < count; i += LANES) {
            gather(address, positions, i, values);
            addLanes(values, LANES, sums, errors);
        }
        fold();
    }

    /** Sums those of {@code count} doubles that are marked as {@link RangeMarks} says. */
    public void addDoubles(long address, long[][] marks, int count) {
        clear();
        needValues();
        needWhole();
        for (int i = 0; i < count; i += CHUNK) {
            if (AddressLoops.ARE_VECTORISED && i <= count - CHUNK) {
                AddressLoops.keepMarked(address + ((long) i << 3), marks[i / CHUNK], whole);
            } else {
                Memory.copyToArray(address + ((long) i << 3), whole, Math.min(CHUNK, count - i));
                keepMarked(whole, marks[i / CHUNK]);
            }
            Memory.copyBits(whole, values, CHUNK);
            addChunk(values, sums, errors);
        }
        fold();
    }

    /** Sums {@code count} products of doubles, a multiple of {@link #LANES}. */
    public void addProducts(long left, long right, int count) {
        clear();
        needValues();
        needFactors();
        for (int i = 0; i < count; i += LANES) {
            long offset = (long) i << 3;
            Memory.copyToArray(left + offset, values, LANES);
            Memory.copyToArray(right + offset, factors, LANES);
            multiply(values, factors, LANES, 0.0);
            addLanes(values, LANES, sums, errors);
        }
        fold();
    }

    /**
     * Sums {@code count} products of doubles with longs, a multiple of {@link #LANES}, and the longs themselves: {@link #wholeSum()}.
     *
     * @return false when a long is so large that none of the sums is known
     */
    public boolean addProductsWithLongs(long left, long right, int count) {
        clear();
        clearWhole();
        needValues();
        int i = 0;
        if (AddressLoops.ARE_VECTORISED) {
            for (; i <= count - CHUNK; i += CHUNK) {
                long offset = (long) i << 3;
                AddressLoops.multiply(left + offset, right + offset, values);
                addChunk(values, sums, errors);
                AddressLoops.addWholeChunk(right + offset, NARROW, wholeSums, wholeBits);
            }
        }
        if (i < count) {
            addCopiedProducts(left, right, i, count);
        }
        fold();
        return foldWhole(count);
    }

    private void addCopiedProducts(long left, long right, int from, int count) {
        needFactors();
        needWhole();
        for (int i = from; i < count; i += CHUNK) {
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
            multiply(values, factors, CHUNK, WHOLE);
            addChunk(values, sums, errors);
        }
    }

    /**
     * Sums {@code count} longs: {@link #wholeSum()}.
     *
     * @return false when a long is so large that the sum is not known
     */
    public boolean addLongs(long address, int count) {
        if (AddressLoops.ARE_VECTORISED || count < LEAST_ROWS_FOR_LANES) {
            wholeBits[0] = 0;
            wholeSum = AddressLoops.sum(address, count, NARROW, wholeBits);
            return areNarrow(wholeBits[0], count);
        }
        clearWhole();
        needWhole();
        int i = 0;
        for (; i <= count - CHUNK; i += CHUNK) {
            Memory.copyToArray(address + ((long) i << 3), whole, CHUNK);
            addWholeChunk(whole, wholeSums, wholeBits);
        }
        int rest = count - i;
        if (rest > 0) {
            Memory.copyToArray(address + ((long) i << 3), whole, rest);
            // the places behind the last row add nothing
            Arrays.fill(whole, rest, CHUNK, 0);
            addWholeLanes(whole, rest, wholeSums, wholeBits);
        }
        return foldWhole(count);
    }

    /**
     * Sums those of {@code count} longs that are marked as {@link RangeMarks} says: {@link #wholeSum()}.
     *
     * @return false when a long is so large that the sum is not known
     */
    public boolean addLongs(long address, long[][] marks, int count) {
        if (AddressLoops.ARE_VECTORISED) {
            wholeBits[0] = 0;
            long sum = 0;
            for (int i = 0; i < count; i += CHUNK) {
                int rows = Math.min(CHUNK, count - i);
                sum += AddressLoops.sumMarked(address + ((long) i << 3), rows, marks[i / CHUNK], NARROW, wholeBits);
            }
            wholeSum = sum;
            return areNarrow(wholeBits[0], count);
        }
        clearWhole();
        needWhole();
        for (int i = 0; i < count; i += CHUNK) {
            Memory.copyToArray(address + ((long) i << 3), whole, Math.min(CHUNK, count - i));
            keepMarked(whole, marks[i / CHUNK]);
            addWholeChunk(whole, wholeSums, wholeBits);
        }
        return foldWhole(count);
    }

    /** Adds the lanes of longs; false when one was too large for it. */
    private boolean foldWhole(int count) {
        long sum = 0;
        long bits = 0;
        for (int i = 0; i < LANES; i++) {
            sum += wholeSums[i];
            bits |= wholeBits[i];
        }
        wholeSum = sum;
        return areNarrow(bits, count);
    }

    private static boolean areNarrow(long bits, int count) {
        return (bits & -(2 * NARROW)) == 0 && count < MOST_NARROW;
    }

    /** The sum of the longs. */
    public long wholeSum() {
        return wholeSum;
    }

    /** Empties the lanes. */
    public void clear() {
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

    private static void multiply(double[] values, double[] factors, int count, double offset) {
        for (int i = 0; i < count; i++) {
            values[i] *= factors[i] - offset;
        }
    }

    private static void toDoubleBits(long[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] += WHOLE_BITS;
        }
    }

    private static void addLanes(double[] values, int rows, double[] sums, double[] errors) {
        for (int i = 0; i < rows; i++) {
            double a = sums[i];
            double b = values[i];
            double sum = a + b;
            double part = sum - a;
            errors[i] += (a - (sum - part)) + (b - part);
            sums[i] = sum;
        }
    }

    /** Adds four rows to each lane. */
    static void addChunk(double[] values, double[] sums, double[] errors) {
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

    /** Adds the lanes until one is left: {@link #sum()} and {@link #error()}. Each loop has a cost of its own, so there are few. */
    public void fold() {
        foldQuarters(LANES / 4);
        foldQuarters(LANES / 16);
        for (int i = 1; i < LANES / 16; i++) {
            double a = sums[0];
            double b = sums[i];
            double sum = a + b;
            errors[0] += errors[i] + errorOf(a, b, sum);
            sums[0] = sum;
        }
    }

    /** Adds four quarters of {@code 4 * lanes} lanes. */
    private void foldQuarters(int lanes) {
        double[] to = sums;
        double[] lost = errors;
        for (int i = 0; i < lanes; i++) {
            double a = to[i];
            double b = to[lanes + i];
            double c = to[2 * lanes + i];
            double d = to[3 * lanes + i];
            double left = a + b;
            double right = c + d;
            double sum = left + right;
            double error = (lost[i] + lost[lanes + i]) + (lost[2 * lanes + i] + lost[3 * lanes + i]);
            lost[i] = error + (errorOf(a, b, left) + errorOf(c, d, right)) + errorOf(left, right, sum);
            to[i] = sum;
        }
    }
}
