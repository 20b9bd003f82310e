package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.batch.MemoryBudget;
import java.util.Arrays;

/** Sorts longs ascending, in parts that are short enough for the statement to be stopped between them; then the parts are merged. Stateless. */
final class LongSort {
    /** Longs that are sorted at once, some milliseconds of work. */
    static final int PART = 1 << 16;

    private LongSort() {}

    /** Sorts places [from, to); {@code scratch} has as many places when they are more than a {@link #PART}. */
    static void sort(long[] values, int from, int to, long[] scratch, MemoryBudget budget) {
        if (to - from <= PART) {
            Arrays.sort(values, from, to);
            return;
        }
        for (int at = from; at < to; at += PART) {
            budget.poll();
            Arrays.sort(values, at, Math.min(to, at + PART));
        }
        for (long width = PART; width < to - from; width *= 2) {
            for (long at = from; at + width < to; at += 2 * width) {
                merge(values, (int) at, (int) (at + width), (int) Math.min(to, at + 2 * width), scratch, budget);
            }
        }
    }

    private static void merge(long[] values, int from, int middle, int to, long[] scratch, MemoryBudget budget) {
        int count = middle - from;
        System.arraycopy(values, from, scratch, 0, count);
        int left = 0;
        int right = middle;
        int at = from;
        while (left < count && right < to) {
            if ((at & (MemoryBudget.POLL_STEPS - 1)) == 0) {
                budget.poll();
            }
            boolean takeLeft = scratch[left] <= values[right];
            values[at++] = takeLeft ? scratch[left] : values[right];
            left += takeLeft ? 1 : 0;
            right += takeLeft ? 0 : 1;
        }
        System.arraycopy(scratch, left, values, at, count - left);
    }
}
