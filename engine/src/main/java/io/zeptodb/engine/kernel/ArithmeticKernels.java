package io.zeptodb.engine.kernel;

import org.jspecify.annotations.Nullable;

/**
 * Arithmetic over columns of fixed-width numbers. Row i reads {@code left} at {@code i & leftMask}: a mask of 0 makes a constant of
 * it, -1 a column. Rows are {@code positions[0, count)}, or 0 … count - 1 when that is null; results go to the same rows of {@code out},
 * which may be one of the operands.
 *
 * <p>No loop stops at a row that does not fit: what went wrong is gathered on the way, so that no branch depends on data, and a result
 * other than 0 makes the caller look for the row. The values written for such rows mean nothing.
 */
public interface ArithmeticKernels {
    /** int64 sums; negative when one overflowed. */
    long addLongs(long left, int leftMask, long right, int rightMask, int @Nullable [] positions, int count, long out);

    /** int64 differences; negative when one overflowed. */
    long subtractLongs(
            long left, int leftMask, long right, int rightMask, int @Nullable [] positions, int count, long out);

    /** int64 products; not 0 when one overflowed. */
    long multiplyLongs(
            long left, int leftMask, long right, int rightMask, int @Nullable [] positions, int count, long out);

    /** int32 sums; not 0 when one overflowed. */
    long addInts(long left, int leftMask, long right, int rightMask, int @Nullable [] positions, int count, long out);

    /** int32 differences; not 0 when one overflowed. */
    long subtractInts(
            long left, int leftMask, long right, int rightMask, int @Nullable [] positions, int count, long out);

    /** int32 products; not 0 when one overflowed. */
    long multiplyInts(
            long left, int leftMask, long right, int rightMask, int @Nullable [] positions, int count, long out);

    void addDoubles(
            long left, int leftMask, long right, int rightMask, int @Nullable [] positions, int count, long out);

    void subtractDoubles(
            long left, int leftMask, long right, int rightMask, int @Nullable [] positions, int count, long out);

    void multiplyDoubles(
            long left, int leftMask, long right, int rightMask, int @Nullable [] positions, int count, long out);

    /** Quotients as IEEE 754 has them; not 0 when a divisor was 0 under a dividend that is a number. */
    long divideDoubles(
            long left, int leftMask, long right, int rightMask, int @Nullable [] positions, int count, long out);
}
