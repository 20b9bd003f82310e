package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.batch.MemoryBudget;
import org.jspecify.annotations.Nullable;

/** Places of kept rows, in order of group, then of time, then of sequence or arrival. Owned by one aggregator. */
final class RowOrdering {
    private int[] places = {};
    private int[] scratch = {};
    /** First place of each group, and the end of the last. */
    private int[] starts = {};

    /** Bytes of the arrays for so many rows and groups. */
    static long bytes(int rows, int groups) {
        return 2L * rows * Integer.BYTES + (groups + 1L) * Integer.BYTES;
    }

    /** Bytes held. */
    long bytes() {
        return bytes(places.length, Math.max(0, starts.length - 1)) - (starts.length == 0 ? Integer.BYTES : 0);
    }

    /** Whether this many rows of this many groups are what was put in order last. */
    boolean isOf(int rows, int groups) {
        return places.length == rows && starts.length == groups + 1;
    }

    int start(int group) {
        return starts[group];
    }

    int end(int group) {
        return starts[group + 1];
    }

    /** The row at a place of the order. */
    int place(int at) {
        return places[at];
    }

    /**
     * @param times null when the order of arrival decides alone
     * @param sequences decides among rows of one time, null when the order of arrival does
     */
    void order(
            int[] groups,
            int rows,
            int groupCount,
            long @Nullable [] times,
            long @Nullable [] sequences,
            MemoryBudget budget) {
        int[] next = new int[groupCount + 1];
        for (int i = 0; i < rows; i++) {
            next[groups[i] + 1]++;
        }
        for (int g = 0; g < groupCount; g++) {
            next[g + 1] += next[g];
        }
        starts = next.clone();
        places = new int[rows];
        scratch = new int[rows];
        for (int i = 0; i < rows; i++) {
            if ((i & (MemoryBudget.POLL_STEPS - 1)) == 0) {
                budget.poll();
            }
            places[next[groups[i]]++] = i;
        }
        for (int g = 0; g < groupCount && times != null; g++) {
            sort(starts[g], starts[g + 1], times, sequences, budget);
        }
    }

    /** Merges ever longer ranges; those that follow each other already are left as they are. */
    private void sort(int from, int to, long[] times, long @Nullable [] sequences, MemoryBudget budget) {
        for (long width = 1; width < to - from; width *= 2) {
            for (long at = from; at + width < to; at += 2 * width) {
                int middle = (int) (at + width);
                int end = (int) Math.min(to, at + 2 * width);
                if ((at & (MemoryBudget.POLL_STEPS - 1)) == 0 || end - at > MemoryBudget.POLL_STEPS) {
                    budget.poll();
                }
                if (compare(places[middle - 1], places[middle], times, sequences) > 0) {
                    merge((int) at, middle, end, times, sequences);
                }
            }
        }
    }

    private void merge(int from, int middle, int to, long[] times, long @Nullable [] sequences) {
        System.arraycopy(places, from, scratch, from, middle - from);
        int left = from;
        int right = middle;
        int at = from;
        while (left < middle && right < to) {
            boolean takeLeft = compare(scratch[left], places[right], times, sequences) <= 0;
            places[at++] = takeLeft ? scratch[left++] : places[right++];
        }
        System.arraycopy(scratch, left, places, at, middle - left);
    }

    private static int compare(int a, int b, long[] times, long @Nullable [] sequences) {
        int order = Long.compare(times[a], times[b]);
        if (order != 0) {
            return order;
        }
        return sequences == null ? Integer.compare(a, b) : Long.compare(sequences[a], sequences[b]);
    }
}
