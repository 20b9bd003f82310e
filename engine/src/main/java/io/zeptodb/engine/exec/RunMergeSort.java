package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.MemoryBudget;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A stable sort of rows by a long key that merges the ordered runs it finds: rows that come from a few ordered streams cost one merge of
 * those, ordered rows one look. Strictly descending runs are turned round first. Reused for many ranges; one thread.
 */
final class RunMergeSort implements AutoCloseable {
    /** Runs shorter than this are made so long by insertion. */
    private static final int LEAST_RUN = 16;

    private static final int POLL_RUNS = MemoryBudget.POLL_STEPS / LEAST_RUN;

    private final MemoryBudget budget;
    private final @Nullable RowComparator ties;
    private long[] otherKeys = {};
    private int[] otherRows = {};
    private int[] ends = {};
    private long accounted;

    /** @param ties orders rows of equal keys; null to leave them in their order */
    RunMergeSort(MemoryBudget budget, @Nullable RowComparator ties) {
        this.budget = budget;
        this.ties = ties;
    }

    /** Sorts places [0, count) of both arrays. */
    void sort(long[] keys, int[] rows, int count) {
        budget.poll();
        int runs = findRuns(keys, rows, count);
        if (runs <= 1) {
            return;
        }
        if (otherKeys.length < count) {
            account((long) (count - otherKeys.length) * (Long.BYTES + Integer.BYTES));
            otherKeys = new long[count];
            otherRows = new int[count];
        }
        long[] fromKeys = keys;
        int[] fromRows = rows;
        long[] toKeys = otherKeys;
        int[] toRows = otherRows;
        while (runs > 1) {
            int merged = 0;
            int start = 0;
            for (int r = 0; r < runs; r += 2) {
                int middle = ends[r];
                int end = r + 1 < runs ? ends[r + 1] : middle;
                merge(fromKeys, fromRows, start, middle, end, toKeys, toRows);
                ends[merged++] = end;
                start = end;
            }
            runs = merged;
            long[] swapKeys = fromKeys;
            int[] swapRows = fromRows;
            fromKeys = toKeys;
            fromRows = toRows;
            toKeys = swapKeys;
            toRows = swapRows;
        }
        if (fromKeys != keys) {
            System.arraycopy(fromKeys, 0, keys, 0, count);
            System.arraycopy(fromRows, 0, rows, 0, count);
        }
    }

    private boolean inOrder(long[] keys, int[] rows, int i, int j) {
        return keys[i] < keys[j] || (keys[i] == keys[j] && (ties == null || ties.compare(rows[i], rows[j]) <= 0));
    }

    /** Writes the end of each ordered run to {@link #ends}; gives their number. */
    private int findRuns(long[] keys, int[] rows, int count) {
        int runs = 0;
        int start = 0;
        while (start < count) {
            int end = start + 1;
            if (end < count && !inOrder(keys, rows, start, end)) {
                end++;
                while (end < count && !inOrder(keys, rows, end - 1, end)) {
                    end++;
                }
                reverse(keys, rows, start, end);
            }
            while (end < count && inOrder(keys, rows, end - 1, end)) {
                end++;
            }
            if (end - start < LEAST_RUN && end < count) {
                int longer = Math.min(count, start + LEAST_RUN);
                insert(keys, rows, start, end, longer);
                end = longer;
            }
            if ((runs & (POLL_RUNS - 1)) == 0) {
                budget.poll();
            }
            if (runs == ends.length) {
                account((long) Math.max(ends.length, LEAST_RUN) * Integer.BYTES);
                ends = Arrays.copyOf(ends, ends.length + Math.max(ends.length, LEAST_RUN));
            }
            ends[runs++] = end;
            start = end;
        }
        return runs;
    }

    private static void reverse(long[] keys, int[] rows, int from, int end) {
        for (int i = from, j = end - 1; i < j; i++, j--) {
            long key = keys[i];
            keys[i] = keys[j];
            keys[j] = key;
            int row = rows[i];
            rows[i] = rows[j];
            rows[j] = row;
        }
    }

    private void insert(long[] keys, int[] rows, int start, int from, int end) {
        for (int i = from; i < end; i++) {
            long key = keys[i];
            int row = rows[i];
            int j = i - 1;
            while (j >= start
                    && (keys[j] > key || (keys[j] == key && ties != null && ties.compare(rows[j], row) > 0))) {
                keys[j + 1] = keys[j];
                rows[j + 1] = rows[j];
                j--;
            }
            keys[j + 1] = key;
            rows[j + 1] = row;
        }
    }

    private void merge(long[] keys, int[] rows, int start, int middle, int end, long[] toKeys, int[] toRows) {
        int left = start;
        int right = middle;
        int to = start;
        while (left < middle && right < end) {
            if ((to & (MemoryBudget.POLL_STEPS - 1)) == 0) {
                budget.poll();
            }
            boolean takeLeft = keys[left] < keys[right]
                    || (keys[left] == keys[right] && (ties == null || ties.compare(rows[left], rows[right]) <= 0));
            int from = takeLeft ? left : right;
            toKeys[to] = keys[from];
            toRows[to] = rows[from];
            to++;
            left += takeLeft ? 1 : 0;
            right += takeLeft ? 0 : 1;
        }
        System.arraycopy(keys, left, toKeys, to, middle - left);
        System.arraycopy(rows, left, toRows, to, middle - left);
        to += middle - left;
        System.arraycopy(keys, right, toKeys, to, end - right);
        System.arraycopy(rows, right, toRows, to, end - right);
    }

    private void account(long bytes) {
        budget.reserveHeap(bytes);
        accounted += bytes;
    }

    @Override
    public void close() {
        account(-accounted);
        otherKeys = new long[0];
        otherRows = new int[0];
        ends = new int[0];
    }
}
