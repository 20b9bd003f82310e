package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.MemoryBudget;
import java.util.Arrays;

/**
 * A stable sort of row numbers by a long key, in place in two arrays: insertion for few, radix by byte for many, where bytes that all keys
 * share cost nothing. Ordered input costs one look; few ordered runs are merged. Owned by one operator, one thread.
 */
final class KeyedRowSort implements AutoCloseable {
    private static final int INSERTION_ROWS = 32;
    private static final int RADIX_ROWS = 1 << 10;
    private static final int BYTE_VALUES = 1 << Byte.SIZE;
    private static final int BYTE_MASK = BYTE_VALUES - 1;
    /** Up to this many ordered runs merging them beats the radix. */
    private static final int FEW_RUNS = 8;

    private final MemoryBudget budget;
    private long[] otherKeys = {};
    private int[] otherRows = {};
    private long accounted;

    KeyedRowSort(MemoryBudget budget) {
        this.budget = budget;
    }

    /** Sorts places [from, to) of both arrays by key; equal keys keep their order. */
    void sort(long[] keys, int[] rows, int from, int to) {
        int count = to - from;
        if (count <= INSERTION_ROWS) {
            insert(keys, rows, from, to);
            return;
        }
        int descents = 0;
        for (int i = from + 1; i < to; i++) {
            descents += keys[i - 1] > keys[i] ? 1 : 0;
        }
        if (descents == 0) {
            return;
        }
        reserve(count);
        if (count >= RADIX_ROWS) {
            budget.poll();
        }
        if (count < RADIX_ROWS || descents < FEW_RUNS) {
            mergeRuns(keys, rows, from, to);
        } else {
            radix(keys, rows, from, to);
        }
    }

    private static void insert(long[] keys, int[] rows, int from, int to) {
        for (int i = from + 1; i < to; i++) {
            long key = keys[i];
            int row = rows[i];
            int j = i - 1;
            while (j >= from && keys[j] > key) {
                keys[j + 1] = keys[j];
                rows[j + 1] = rows[j];
                j--;
            }
            keys[j + 1] = key;
            rows[j + 1] = row;
        }
    }

    /** Natural merge sort: merges neighbouring ordered runs until one is left. */
    private void mergeRuns(long[] keys, int[] rows, int from, int to) {
        boolean sorted = false;
        while (!sorted) {
            int start = from;
            sorted = true;
            while (start < to) {
                int middle = runEnd(keys, start, to);
                if (middle == to) {
                    break;
                }
                int end = runEnd(keys, middle, to);
                merge(keys, rows, start, middle, end);
                sorted &= start == from && end == to;
                start = end;
            }
        }
    }

    private static int runEnd(long[] keys, int start, int to) {
        int end = start + 1;
        while (end < to && keys[end - 1] <= keys[end]) {
            end++;
        }
        return end;
    }

    private void merge(long[] keys, int[] rows, int start, int middle, int end) {
        int leftCount = middle - start;
        System.arraycopy(keys, start, otherKeys, 0, leftCount);
        System.arraycopy(rows, start, otherRows, 0, leftCount);
        int left = 0;
        int right = middle;
        int at = start;
        while (left < leftCount && right < end) {
            if ((at & (MemoryBudget.POLL_STEPS - 1)) == 0) {
                budget.poll();
            }
            if (otherKeys[left] <= keys[right]) {
                keys[at] = otherKeys[left];
                rows[at++] = otherRows[left++];
            } else {
                keys[at] = keys[right];
                rows[at++] = rows[right++];
            }
        }
        System.arraycopy(otherKeys, left, keys, at, leftCount - left);
        System.arraycopy(otherRows, left, rows, at, leftCount - left);
    }

    private void radix(long[] keys, int[] rows, int from, int to) {
        long all = keys[from];
        long any = keys[from];
        for (int i = from; i < to; i++) {
            all &= keys[i];
            any |= keys[i];
        }
        long varying = all ^ any;
        int[] counts = new int[BYTE_VALUES];
        boolean inOther = false;
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            if (((varying >>> shift) & BYTE_MASK) != 0) {
                // the sign bit of the highest byte makes negative numbers come first
                int flip = shift == Long.SIZE - Byte.SIZE ? BYTE_VALUES / 2 : 0;
                if (inOther) {
                    pass(otherKeys, otherRows, 0, keys, rows, from, to - from, shift, flip, counts);
                } else {
                    pass(keys, rows, from, otherKeys, otherRows, 0, to - from, shift, flip, counts);
                }
                inOther = !inOther;
            }
        }
        if (inOther) {
            System.arraycopy(otherKeys, 0, keys, from, to - from);
            System.arraycopy(otherRows, 0, rows, from, to - from);
        }
    }

    /** Deals places [start, start + count) out to another pair of arrays, from {@code toStart} on, by one byte of the key. */
    private void pass(
            long[] keys,
            int[] rows,
            int start,
            long[] toKeys,
            int[] toRows,
            int toStart,
            int count,
            int shift,
            int flip,
            int[] counts) {
        Arrays.fill(counts, 0);
        for (int i = start; i < start + count; i++) {
            counts[((int) (keys[i] >>> shift) & BYTE_MASK) ^ flip]++;
        }
        int next = toStart;
        for (int i = 0; i < BYTE_VALUES; i++) {
            int each = counts[i];
            counts[i] = next;
            next += each;
        }
        int end = start + count;
        for (int from = start; from < end; from += MemoryBudget.POLL_STEPS) {
            budget.poll();
            int to = Math.min(end, from + MemoryBudget.POLL_STEPS);
            for (int i = from; i < to; i++) {
                long key = keys[i];
                int place = counts[((int) (key >>> shift) & BYTE_MASK) ^ flip]++;
                toKeys[place] = key;
                toRows[place] = rows[i];
            }
        }
    }

    private void reserve(int count) {
        if (otherKeys.length < count) {
            long bytes = (long) (count - otherKeys.length) * (Long.BYTES + Integer.BYTES);
            budget.reserveHeap(bytes);
            accounted += bytes;
            otherKeys = new long[count];
            otherRows = new int[count];
        }
    }

    @Override
    public void close() {
        budget.reserveHeap(-accounted);
        accounted = 0;
        otherKeys = new long[0];
        otherRows = new int[0];
    }
}
