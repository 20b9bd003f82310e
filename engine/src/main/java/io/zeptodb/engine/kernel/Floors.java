package io.zeptodb.engine.kernel;

import org.jspecify.annotations.Nullable;

/** Floors of int64 columns to multiples of a constant, toward minus infinity: time buckets. */
public final class Floors {
    /**
     * From this width on the quotient of any long has at most 48 bits, and the product with the reciprocal as a double is off by less
     * than one: a multiplication and two corrections replace the division, which takes several times as long.
     */
    private static final long LEAST_QUICK_WIDTH = 1L << 16;

    /** Up to here the rest before its corrections is a long. */
    private static final long MOST_QUICK_WIDTH = 1L << 61;

    private Floors() {}

    /**
     * Writes {@code value - floorMod(value, width)} for rows {@code positions[0, count)}, or 0 … count - 1 when that is null; {@code mask} is 0 for a
     * constant and -1 for a column.
     *
     * @param width greater than 0
     * @return true when a floor is below the smallest long
     */
    public static boolean longs(long values, int mask, long width, int @Nullable [] positions, int count, long out) {
        if (width < LEAST_QUICK_WIDTH || width > MOST_QUICK_WIDTH) {
            return divided(values, mask, width, positions, count, out);
        }
        double reciprocal = 1.0 / width;
        long below = 0;
        if (positions == null) {
            for (int i = 0; i < count; i++) {
                long value = Memory.getLong(values + ((long) (i & mask) << 3));
                long floor = value - quickModulo(value, width, reciprocal);
                below |= value & ~floor;
                Memory.putLong(out + ((long) i << 3), floor);
            }
            return below < 0;
        }
        for (int i = 0; i < count; i++) {
            int at = positions[i];
            long value = Memory.getLong(values + ((long) (at & mask) << 3));
            long floor = value - quickModulo(value, width, reciprocal);
            below |= value & ~floor;
            Memory.putLong(out + ((long) at << 3), floor);
        }
        return below < 0;
    }

    private static long quickModulo(long value, long width, double reciprocal) {
        long rest = value - (long) (value * reciprocal) * width;
        // the quotient is rounded toward zero and off by at most one: the rest lies in (-2 width, 2 width)
        rest += width & (rest >> 63);
        rest += width & (rest >> 63);
        long less = rest - width;
        return less + (width & (less >> 63));
    }

    private static boolean divided(long values, int mask, long width, int @Nullable [] positions, int count, long out) {
        long below = 0;
        for (int i = 0; i < count; i++) {
            int at = positions == null ? i : positions[i];
            long value = Memory.getLong(values + ((long) (at & mask) << 3));
            long floor = value - Math.floorMod(value, width);
            below |= value & ~floor;
            Memory.putLong(out + ((long) at << 3), floor);
        }
        return below < 0;
    }
}
