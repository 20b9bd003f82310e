package io.zeptodb.engine.kernel;

/**
 * A comparison with a constant as a range of order keys: values pass when their key lies in [low, high], or when it does not and {@code
 * flip} is 1. What {@link Selects} takes.
 *
 * @param low least key inside
 * @param high greatest key inside; at least low
 * @param flip 0, or 1 for the opposite test
 */
public record OrderRange(long low, long high, int flip) {
    private static final OrderRange ALL = new OrderRange(Long.MIN_VALUE, Long.MAX_VALUE, 0);
    private static final OrderRange NOTHING = new OrderRange(Long.MIN_VALUE, Long.MAX_VALUE, 1);

    /** Numbers that are not NaN, whatever its sign. */
    private static final long LEAST_NUMBER = Selects.orderKey(Double.NEGATIVE_INFINITY);

    private static final long GREATEST_NUMBER = Selects.orderKey(Double.POSITIVE_INFINITY);

    private static OrderRange between(long low, long high, boolean negated) {
        if (low > high) {
            return negated ? ALL : NOTHING;
        }
        return new OrderRange(low, high, negated ? 1 : 0);
    }

    public static OrderRange equal(long value, boolean negated) {
        return between(value, value, negated);
    }

    public static OrderRange less(long value, boolean negated) {
        return value == Long.MIN_VALUE ? (negated ? ALL : NOTHING) : between(Long.MIN_VALUE, value - 1, negated);
    }

    public static OrderRange lessOrEqual(long value, boolean negated) {
        return between(Long.MIN_VALUE, value, negated);
    }

    /** NaN equals NaN; the zeros are equal. */
    public static OrderRange equal(double value, boolean negated) {
        if (Double.isNaN(value)) {
            return between(LEAST_NUMBER, GREATEST_NUMBER, !negated);
        }
        return between(lowKey(value), highKey(value), negated);
    }

    /** NaN is greater than every number. */
    public static OrderRange less(double value, boolean negated) {
        if (Double.isNaN(value)) {
            return between(LEAST_NUMBER, GREATEST_NUMBER, negated);
        }
        return between(LEAST_NUMBER, lowKey(value) - 1, negated);
    }

    public static OrderRange lessOrEqual(double value, boolean negated) {
        if (Double.isNaN(value)) {
            return negated ? NOTHING : ALL;
        }
        return between(LEAST_NUMBER, highKey(value), negated);
    }

    private static long lowKey(double value) {
        return Selects.orderKey(value == 0 ? -0.0 : value);
    }

    private static long highKey(double value) {
        return Selects.orderKey(value == 0 ? 0.0 : value);
    }
}
