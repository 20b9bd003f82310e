package io.zeptodb.engine.partition.index;

/** The order of longs without boxing them: a stable merge sort of their positions. Stateless. */
final class LongOrder {
    private static final int SHORT = 16;

    private LongOrder() {}

    /** Positions [0, count) by their keys, those of equal keys in their own order. */
    static int[] of(long[] keys, int count) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = i;
        }
        for (int from = 0; from < count; from += SHORT) {
            insert(keys, order, from, Math.min(from + SHORT, count));
        }
        int[] other = new int[count];
        for (int width = SHORT; width < count && width > 0; width *= 2) {
            for (int from = 0; from < count; from += 2 * width) {
                int middle = Math.min(from + width, count);
                merge(keys, order, other, from, middle, (int) Math.min((long) middle + width, count));
                if (from > count - 2 * width) {
                    break; // the next one would begin beyond an int
                }
            }
            int[] merged = other;
            other = order;
            order = merged;
        }
        return order;
    }

    private static void insert(long[] keys, int[] order, int from, int end) {
        for (int i = from + 1; i < end; i++) {
            int moved = order[i];
            int at = i;
            while (at > from && keys[order[at - 1]] > keys[moved]) {
                order[at] = order[at - 1];
                at--;
            }
            order[at] = moved;
        }
    }

    private static void merge(long[] keys, int[] order, int[] into, int from, int middle, int end) {
        int left = from;
        int right = middle;
        for (int at = from; at < end; at++) {
            boolean takeLeft = left < middle && (right == end || keys[order[left]] <= keys[order[right]]);
            into[at] = takeLeft ? order[left++] : order[right++];
        }
    }
}
