package io.zeptodb.engine.kernel;

import org.jspecify.annotations.Nullable;

/**
 * Loops that narrow lists of positions: each writes the ascending positions that pass to {@code out} and returns how many they are. They
 * take positions {@code in[0, count)}, or 0 … count - 1 when {@code in} is null; {@code out} may be {@code in} and has room for count. A
 * position is written always and kept by adding 0 or 1, so that no branch depends on data.
 *
 * <p>A comparison with a constant is a test whether the value's order key lies in a range of longs; {@code flip} is 1 for the opposite
 * test. The order key of an integer is itself; that of a float is its {@link #orderKey bits}, see {@link OrderRange}.
 */
public final class Selects {
    private static final int INT_SHIFT = 2;
    private static final int LONG_SHIFT = 3;
    private static final int VIEW_SHIFT = 4;

    private Selects() {}

    /**
     * Bits as they are but for the sign: ascends with the number from -Infinity to +Infinity, -0.0 right below 0.0; a NaN with its sign
     * bit set lies below all of them, another NaN above.
     */
    public static long orderKey(double value) {
        long bits = Double.doubleToRawLongBits(value);
        return bits ^ ((bits >> (Long.SIZE - 1)) >>> 1);
    }

    /** Positions whose bit is set, or clear when {@code flip} is 1. */
    public static int bits(long bits, int @Nullable [] in, int count, int[] out, int flip) {
        int kept = 0;
        if (in == null) {
            for (int i = 0; i < count; i++) {
                out[kept] = i;
                kept += ((Memory.getByte(bits + (i >>> 3)) >>> (i & 7)) & 1) ^ flip;
            }
            return kept;
        }
        for (int i = 0; i < count; i++) {
            int at = in[i];
            out[kept] = at;
            kept += ((Memory.getByte(bits + (at >>> 3)) >>> (at & 7)) & 1) ^ flip;
        }
        return kept;
    }

    /** Positions of int8 values in [low, high], or outside when {@code flip} is 1. Likewise the next ones. */
    public static int bytes(long data, int @Nullable [] in, int count, int[] out, long low, long high, int flip) {
        long base = low + Long.MIN_VALUE;
        long span = high - low + Long.MIN_VALUE;
        int kept = 0;
        if (in == null) {
            for (int i = 0; i < count; i++) {
                out[kept] = i;
                kept += (Memory.getByte(data + i) - base <= span ? 1 : 0) ^ flip;
            }
            return kept;
        }
        for (int i = 0; i < count; i++) {
            int at = in[i];
            out[kept] = at;
            kept += (Memory.getByte(data + at) - base <= span ? 1 : 0) ^ flip;
        }
        return kept;
    }

    public static int shorts(long data, int @Nullable [] in, int count, int[] out, long low, long high, int flip) {
        long base = low + Long.MIN_VALUE;
        long span = high - low + Long.MIN_VALUE;
        int kept = 0;
        if (in == null) {
            for (int i = 0; i < count; i++) {
                out[kept] = i;
                kept += (Memory.getShort(data + ((long) i << 1)) - base <= span ? 1 : 0) ^ flip;
            }
            return kept;
        }
        for (int i = 0; i < count; i++) {
            int at = in[i];
            out[kept] = at;
            kept += (Memory.getShort(data + ((long) at << 1)) - base <= span ? 1 : 0) ^ flip;
        }
        return kept;
    }

    public static int ints(long data, int @Nullable [] in, int count, int[] out, long low, long high, int flip) {
        long base = low + Long.MIN_VALUE;
        long span = high - low + Long.MIN_VALUE;
        int kept = 0;
        if (in == null) {
            for (int i = 0; i < count; i++) {
                out[kept] = i;
                kept += (Memory.getInt(data + ((long) i << INT_SHIFT)) - base <= span ? 1 : 0) ^ flip;
            }
            return kept;
        }
        for (int i = 0; i < count; i++) {
            int at = in[i];
            out[kept] = at;
            kept += (Memory.getInt(data + ((long) at << INT_SHIFT)) - base <= span ? 1 : 0) ^ flip;
        }
        return kept;
    }

    public static int longs(long data, int @Nullable [] in, int count, int[] out, long low, long high, int flip) {
        long base = low + Long.MIN_VALUE;
        long span = high - low + Long.MIN_VALUE;
        int kept = 0;
        if (in == null) {
            for (int i = 0; i < count; i++) {
                out[kept] = i;
                kept += (Memory.getLong(data + ((long) i << LONG_SHIFT)) - base <= span ? 1 : 0) ^ flip;
            }
            return kept;
        }
        for (int i = 0; i < count; i++) {
            int at = in[i];
            out[kept] = at;
            kept += (Memory.getLong(data + ((long) at << LONG_SHIFT)) - base <= span ? 1 : 0) ^ flip;
        }
        return kept;
    }

    public static int floats(long data, int @Nullable [] in, int count, int[] out, long low, long high, int flip) {
        long base = low + Long.MIN_VALUE;
        long span = high - low + Long.MIN_VALUE;
        int kept = 0;
        if (in == null) {
            for (int i = 0; i < count; i++) {
                out[kept] = i;
                kept += (orderKey(Memory.getFloat(data + ((long) i << INT_SHIFT))) - base <= span ? 1 : 0) ^ flip;
            }
            return kept;
        }
        for (int i = 0; i < count; i++) {
            int at = in[i];
            out[kept] = at;
            kept += (orderKey(Memory.getFloat(data + ((long) at << INT_SHIFT))) - base <= span ? 1 : 0) ^ flip;
        }
        return kept;
    }

    public static int doubles(long data, int @Nullable [] in, int count, int[] out, long low, long high, int flip) {
        long base = low + Long.MIN_VALUE;
        long span = high - low + Long.MIN_VALUE;
        int kept = 0;
        if (in == null) {
            for (int i = 0; i < count; i++) {
                long bits = Memory.getLong(data + ((long) i << LONG_SHIFT));
                out[kept] = i;
                kept += ((bits ^ ((bits >> (Long.SIZE - 1)) >>> 1)) - base <= span ? 1 : 0) ^ flip;
            }
            return kept;
        }
        for (int i = 0; i < count; i++) {
            int at = in[i];
            long bits = Memory.getLong(data + ((long) at << LONG_SHIFT));
            out[kept] = at;
            kept += ((bits ^ ((bits >> (Long.SIZE - 1)) >>> 1)) - base <= span ? 1 : 0) ^ flip;
        }
        return kept;
    }

    /** Positions whose 16 bytes are these two words: short texts, decimals. */
    public static int pairs(long data, int @Nullable [] in, int count, int[] out, long first, long second, int flip) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            int at = in == null ? i : in[i];
            long row = data + ((long) at << VIEW_SHIFT);
            long difference = (Memory.getLong(row) ^ first) | (Memory.getLong(row + Long.BYTES) ^ second);
            out[kept] = at;
            kept += (difference == 0 ? 1 : 0) ^ flip;
        }
        return kept;
    }

    /** Positions whose int32 code has {@code wanted} in the table. */
    public static int codes(long data, int @Nullable [] in, int count, int[] out, byte[] table, byte wanted) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            int at = in == null ? i : in[i];
            out[kept] = at;
            kept += table[Memory.getInt(data + ((long) at << INT_SHIFT))] == wanted ? 1 : 0;
        }
        return kept;
    }

    /**
     * Positions whose key k has {@code table[k - low]}, or has it not when {@code flip} is 1; keys are indexed by place in {@code in}. The
     * table's last place stands for all keys that it does not reach, and is false.
     */
    public static int members(
            long[] keys, int @Nullable [] in, int count, int[] out, boolean[] table, long low, int flip) {
        int beyond = table.length - 1;
        long span = beyond - 1 + Long.MIN_VALUE;
        int kept = 0;
        for (int i = 0; i < count; i++) {
            long offset = keys[i] - low;
            out[kept] = in == null ? i : in[i];
            kept += (table[offset + Long.MIN_VALUE <= span ? (int) offset : beyond] ? 1 : 0) ^ flip;
        }
        return kept;
    }

    /** Positions whose left key is less than their right key; keys are indexed by place in {@code in}. */
    public static int less(long[] left, long[] right, int @Nullable [] in, int count, int[] out, int flip) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            out[kept] = in == null ? i : in[i];
            kept += (left[i] < right[i] ? 1 : 0) ^ flip;
        }
        return kept;
    }

    /** Positions whose left key equals their right key; keys are indexed by place in {@code in}. */
    public static int equal(long[] left, long[] right, int @Nullable [] in, int count, int[] out, int flip) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            out[kept] = in == null ? i : in[i];
            kept += (left[i] == right[i] ? 1 : 0) ^ flip;
        }
        return kept;
    }

    /** All positions: copies {@code in}, or counts. */
    public static int all(int @Nullable [] in, int count, int[] out) {
        if (in == null) {
            for (int i = 0; i < count; i++) {
                out[i] = i;
            }
        } else if (in != out) {
            System.arraycopy(in, 0, out, 0, count);
        }
        return count;
    }

    /** Positions of {@code in} that are not in {@code without}, an ascending part of it. {@code out} may be {@code in}. */
    public static int minus(int @Nullable [] in, int count, int[] without, int withoutCount, int[] out) {
        if (withoutCount == 0) {
            return all(in, count, out);
        }
        int last = withoutCount - 1;
        int kept = 0;
        int next = 0;
        for (int i = 0; i < count; i++) {
            int at = in == null ? i : in[i];
            // behind the last one nothing equals it again
            int same = without[Math.min(next, last)] == at ? 1 : 0;
            out[kept] = at;
            kept += 1 - same;
            next += same;
        }
        return kept;
    }

    /** Both of two ascending lists that share no position; {@code out} is neither of them. */
    public static int union(int[] left, int leftCount, int[] right, int rightCount, int[] out) {
        int l = 0;
        int r = 0;
        int written = 0;
        while (l < leftCount && r < rightCount) {
            int a = left[l];
            int b = right[r];
            int takeLeft = a < b ? 1 : 0;
            out[written++] = Math.min(a, b);
            l += takeLeft;
            r += 1 - takeLeft;
        }
        System.arraycopy(left, l, out, written, leftCount - l);
        written += leftCount - l;
        System.arraycopy(right, r, out, written, rightCount - r);
        return written + rightCount - r;
    }
}
