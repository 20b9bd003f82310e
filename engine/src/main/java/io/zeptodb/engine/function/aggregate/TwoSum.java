package io.zeptodb.engine.function.aggregate;

/**
 * Sums of doubles that keep what rounding loses: after t = a + b the exact error (a - (t - z)) + (b - z), z = t - a, is summed apart (Knuth, The Art of
 * Computer Programming, vol. 2, 4.2.2, theorem B; the sum is Neumaier's). The result, sum + error, is the exact sum rounded, but for an error of the order of
 * (rows * 2^-53)^2 relative to the sum of magnitudes: so the order of rows, and how they were split, hardly ever shows even in the last bit.
 */
public final class TwoSum {
    private TwoSum() {}

    /** The exact error of {@code a + b}, whose rounded value is {@code sum}. */
    public static double error(double a, double b, double sum) {
        double part = sum - a;
        return (a - (sum - part)) + (b - part);
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
        state[at + 1] += error(old, value, sum);
    }
}
