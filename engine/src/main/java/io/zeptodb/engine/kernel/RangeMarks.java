package io.zeptodb.engine.kernel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Marks rows whose value passes a comparison with a constant: -1 for a row that passes, 0 for one that does not. {@link Selects} lists
 * positions instead; marks are made, and used by sums, in loops over arrays that the JVM's compiler turns into vector instructions, which
 * a list does not allow. They are in blocks: row r at {@code [r / BLOCK][r % BLOCK]}, so that a loop takes a block of rows and the marks of
 * it by the same index. Scratch of one condition, one thread.
 */
public final class RangeMarks {
    /** Rows of a block; places behind the last row are 0. */
    public static final int BLOCK = LaneSums.CHUNK;

    private static final int LANES = LaneSums.LANES;

    private static final long[] NONE = {};

    private long[] keys = NONE;
    private long[] counts = NONE;

    /** Blocks that so many rows need. */
    public static int blocks(int rows) {
        return (rows + BLOCK - 1) / BLOCK;
    }

    /**
     * Marks doubles.
     *
     * @param among marks of the rows that may be marked, or null for all; may be {@code out}
     * @param out has {@link #blocks} for the rows
     * @return how many are marked
     */
    public int doubles(long data, int count, OrderRange range, long @Nullable [][] among, long[][] out) {
        if (among == null && AddressLoops.ARE_VECTORISED) {
            return atAddresses(data, count, range, -1, out);
        }
        clear();
        for (int from = 0; from < count; from += BLOCK) {
            int rows = Math.min(BLOCK, count - from);
            Memory.copyToArray(data + ((long) from << 3), keys, rows);
            toOrderKeys(keys);
            mark(rows, range, among == null ? null : among[from / BLOCK], out[from / BLOCK]);
        }
        return counted();
    }

    /** Marks longs. */
    public int longs(long data, int count, OrderRange range, long @Nullable [][] among, long[][] out) {
        if (among == null && AddressLoops.ARE_VECTORISED) {
            return atAddresses(data, count, range, 0, out);
        }
        clear();
        for (int from = 0; from < count; from += BLOCK) {
            int rows = Math.min(BLOCK, count - from);
            Memory.copyToArray(data + ((long) from << 3), keys, rows);
            mark(rows, range, among == null ? null : among[from / BLOCK], out[from / BLOCK]);
        }
        return counted();
    }

    private void clear() {
        if (keys.length == 0) {
            keys = new long[BLOCK];
            counts = new long[LANES];
        }
        Arrays.fill(counts, 0);
    }

    private static int atAddresses(long data, int count, OrderRange range, long fold, long[][] out) {
        int marked = 0;
        for (int from = 0; from < count; from += BLOCK) {
            int rows = Math.min(BLOCK, count - from);
            long[] block = out[from / BLOCK];
            marked += AddressLoops.mark(data + ((long) from << 3), rows, range, fold, block);
            if (rows < BLOCK) {
                Arrays.fill(block, rows, BLOCK, 0);
            }
        }
        return marked;
    }

    private void mark(int rows, OrderRange range, long @Nullable [] among, long[] out) {
        long span = range.high() - range.low();
        long flip = range.flip() == 0 ? -1 : 0;
        if (among == null) {
            find(keys, out, range.low(), span, flip);
        } else {
            find(keys, keys, range.low(), span, flip);
            keep(keys, among, out);
        }
        if (rows < BLOCK) {
            Arrays.fill(out, rows, BLOCK, 0);
        }
        count(out, counts);
    }

    private static void toOrderKeys(long[] bits) {
        for (int i = 0; i < bits.length; i++) {
            long value = bits[i];
            bits[i] = value ^ ((value >> (Long.SIZE - 1)) >>> 1);
        }
    }

    /**
     * A key is outside when {@code key - low} is more than the span, both unsigned: when their subtraction borrows, which shows in the
     * sign of a formula (Warren, Hacker's Delight, 2-13) where a comparison would be a branch.
     */
    private static void find(long[] keys, long[] found, long low, long span, long flip) {
        long complement = ~span;
        for (int i = 0; i < BLOCK; i++) {
            long offset = keys[i] - low;
            long borrow = (complement & offset) | ((complement | offset) & (span - offset));
            found[i] = (borrow >> (Long.SIZE - 1)) ^ flip;
        }
    }

    private static void keep(long[] found, long[] among, long[] out) {
        for (int i = 0; i < BLOCK; i++) {
            out[i] = found[i] & among[i];
        }
    }

    private static void count(long[] found, long[] counts) {
        for (int i = 0; i < LANES; i++) {
            counts[i] -= (found[i] + found[i + LANES]) + (found[i + 2 * LANES] + found[i + 3 * LANES]);
        }
    }

    private int counted() {
        long sum = 0;
        for (long lane : counts) {
            sum += lane;
        }
        return (int) sum;
    }

    /** Writes the ascending positions of the marked ones of {@code count} rows; {@code out} has room for all rows. */
    public static void list(long[][] marks, int count, int[] out) {
        int kept = 0;
        for (int from = 0; from < count; from += BLOCK) {
            long[] block = marks[from / BLOCK];
            int rows = Math.min(BLOCK, count - from);
            for (int i = 0; i < rows; i++) {
                out[kept] = from + i;
                kept -= (int) block[i];
            }
        }
    }
}
