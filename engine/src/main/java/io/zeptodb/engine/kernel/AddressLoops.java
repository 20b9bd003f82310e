package io.zeptodb.engine.kernel;

/**
 * The loops of {@link LaneSums} and {@link RangeMarks} over memory itself, without a copy to an array: late JVMs vectorise them and take
 * about half of the time that copy and loop take; JDK 17 runs them row by row, which is slower than its loops over arrays. Which is which
 * is known by measurement: {@link #ARE_VECTORISED}.
 */
final class AddressLoops {
    /** Measured on 17, where it is not so, and on 25. */
    private static final int FIRST_JDK = 25;

    static final boolean ARE_VECTORISED = Runtime.version().feature() >= FIRST_JDK;

    private static final int LANES = LaneSums.LANES;
    private static final long STRIDE = (long) LANES * Double.BYTES;
    private static final int SIGN = Long.SIZE - 1;

    private AddressLoops() {}

    /**
     * Marks rows as {@code RangeMarks.find} says. One loop for both types: of two, in one caller, the JVM's compiler vectorised but one.
     *
     * @param fold -1 for doubles, whose order keys are compared, 0 for longs
     * @return how many are marked
     */
    static int mark(long data, int rows, OrderRange range, long fold, long[] out) {
        long low = range.low();
        long span = range.high() - low;
        long complement = ~span;
        long flip = range.flip() == 0 ? -1 : 0;
        long magnitude = fold >>> 1;
        long marked = 0;
        for (int i = 0; i < rows; i++) {
            long bits = Memory.getLong(data + ((long) i << 3));
            long offset = (bits ^ ((bits >> SIGN) & magnitude)) - low;
            long borrow = (complement & offset) | ((complement | offset) & (span - offset));
            long mark = (borrow >> SIGN) ^ flip;
            out[i] = mark;
            marked += mark;
        }
        return (int) -marked;
    }

    /** Adds four rows to each lane, with the errors of the sums. */
    static void addChunk(long data, double[] sums, double[] errors) {
        for (int i = 0; i < LANES; i++) {
            long at = data + ((long) i << 3);
            double start = sums[i];
            double b0 = Memory.getDouble(at);
            double sum0 = start + b0;
            double part0 = sum0 - start;
            double error = errors[i] + ((start - (sum0 - part0)) + (b0 - part0));
            double b1 = Memory.getDouble(at + STRIDE);
            double sum1 = sum0 + b1;
            double part1 = sum1 - sum0;
            error += (sum0 - (sum1 - part1)) + (b1 - part1);
            double b2 = Memory.getDouble(at + 2 * STRIDE);
            double sum2 = sum1 + b2;
            double part2 = sum2 - sum1;
            error += (sum1 - (sum2 - part2)) + (b2 - part2);
            double b3 = Memory.getDouble(at + 3 * STRIDE);
            double sum3 = sum2 + b3;
            double part3 = sum3 - sum2;
            errors[i] = error + ((sum2 - (sum3 - part3)) + (b3 - part3));
            sums[i] = sum3;
        }
    }

    /** Adds a row to each of the first {@code rows} lanes, with the errors of the sums. */
    static void addLanes(long data, int rows, double[] sums, double[] errors) {
        for (int i = 0; i < rows; i++) {
            double a = sums[i];
            double b = Memory.getDouble(data + ((long) i << 3));
            double sum = a + b;
            double part = sum - a;
            errors[i] += (a - (sum - part)) + (b - part);
            sums[i] = sum;
        }
    }

    /** The sum of longs; adds to {@code bits[0]} those that they have when {@code shift} is added to each. */
    static long sum(long data, int rows, long shift, long[] bits) {
        long sum = 0;
        long union = 0;
        for (int i = 0; i < rows; i++) {
            long value = Memory.getLong(data + ((long) i << 3));
            sum += value;
            union |= value + shift;
        }
        bits[0] |= union;
        return sum;
    }

    /** Writes the products of a chunk of doubles with longs. */
    static void multiply(long left, long right, double[] products) {
        for (int i = 0; i < LaneSums.CHUNK; i++) {
            long offset = (long) i << 3;
            products[i] = Memory.getDouble(left + offset) * (double) Memory.getLong(right + offset);
        }
    }

    /** Writes the bits of the marked doubles, 0 for the others. */
    static void keepMarked(long data, long[] marks, long[] kept) {
        for (int i = 0; i < LaneSums.CHUNK; i++) {
            kept[i] = Memory.getLong(data + ((long) i << 3)) & marks[i];
        }
    }

    /** The sum of the marked longs; adds to {@code bits[0]} those that they have when {@code shift} is added to each. */
    static long sumMarked(long data, int rows, long[] marks, long shift, long[] bits) {
        long sum = 0;
        long union = 0;
        for (int i = 0; i < rows; i++) {
            long value = Memory.getLong(data + ((long) i << 3)) & marks[i];
            sum += value;
            union |= value + shift;
        }
        bits[0] |= union;
        return sum;
    }

    /** Adds four rows to each lane, with the bits that {@code shift} shows. */
    static void addWholeChunk(long data, long shift, long[] sums, long[] bits) {
        for (int i = 0; i < LANES; i++) {
            long at = data + ((long) i << 3);
            long value0 = Memory.getLong(at);
            long value1 = Memory.getLong(at + STRIDE);
            long value2 = Memory.getLong(at + 2 * STRIDE);
            long value3 = Memory.getLong(at + 3 * STRIDE);
            sums[i] += (value0 + value1) + (value2 + value3);
            bits[i] |= ((value0 + shift) | (value1 + shift)) | ((value2 + shift) | (value3 + shift));
        }
    }
}
