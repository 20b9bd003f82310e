package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.kernel.LaneSums;

/**
 * Sums of doubles that keep what rounding loses, as {@link LaneSums} says. The result, sum + error, is the exact sum rounded, but for an error
 * of the order of (rows * 2^-53)^2 relative to the sum of magnitudes: so the order of rows, and how they were split, hardly ever shows
 * even in the last bit.
 */
public final class TwoSum {
    /** Ranges of at least this many rows go through {@link LaneSums}; folding the lanes would cost more than it gains below. */
    static final int LANE_ROWS = 4 * LaneSums.LANES;

    private TwoSum() {}

    /** The exact error of {@code a + b}, whose rounded value is {@code sum}. */
    public static double error(double a, double b, double sum) {
        return LaneSums.errorOf(a, b, sum);
    }

    /** Sum and error as one number. Where infinities or NaN took part the error means nothing. */
    public static double total(double sum, double error) {
        double total = sum + error;
        return Double.isNaN(total) ? sum : total;
    }

    /** Adds a value to the pair at {@code state[at]} (sum) and {@code state[at + 1]} (error). */
    public static void add(double[] state, int at, double value) {
        double old = state[at];
        double sum = old + value;
        state[at] = sum;
        state[at + 1] += LaneSums.errorOf(old, value, sum);
    }
}
