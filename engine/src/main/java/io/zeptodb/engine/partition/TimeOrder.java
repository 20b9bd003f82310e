package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.ColumnVector;

/**
 * The permutation that puts rows, which lie in the order of ingest, into (time, sequence) order with NULL timestamps last: a stable merge sort of
 * positions that takes ascending stretches as they are, for late rows are few.
 */
final class TimeOrder {
    private TimeOrder() {}

    static int[] of(ColumnVector times, int rows) {
        long[] time = new long[rows];
        int[] positions = new int[rows];
        int known = 0;
        for (int i = 0; i < rows; i++) {
            if (!times.isNull(i)) {
                positions[known++] = i;
                time[i] = times.getLong(i);
            }
        }
        for (int i = 0, at = known; i < rows && at < rows; i++) {
            if (times.isNull(i)) {
                positions[at++] = i;
            }
        }
        mergeStretches(time, positions, known);
        return positions;
    }

    private static void mergeStretches(long[] time, int[] positions, int count) {
        int[] ends = new int[count + 1];
        int stretches = 0;
        for (int i = 1; i <= count; i++) {
            if (i == count || time[positions[i]] < time[positions[i - 1]]) {
                ends[stretches++] = i;
            }
        }
        int[] from = positions;
        int[] to = new int[positions.length];
        System.arraycopy(positions, count, to, count, positions.length - count);
        while (stretches > 1) {
            int merged = 0;
            int start = 0;
            for (int s = 0; s < stretches; s += 2) {
                int middle = ends[s];
                int end = s + 1 < stretches ? ends[s + 1] : middle;
                merge(time, from, to, start, middle, end);
                ends[merged++] = end;
                start = end;
            }
            stretches = merged;
            int[] swap = from;
            from = to;
            to = swap;
        }
        if (from != positions) {
            System.arraycopy(from, 0, positions, 0, count);
        }
    }

    private static void merge(long[] time, int[] from, int[] to, int start, int middle, int end) {
        int left = start;
        int right = middle;
        for (int at = start; at < end; at++) {
            // the left one wins ties: it came first
            boolean takeLeft = right >= end || (left < middle && time[from[left]] <= time[from[right]]);
            to[at] = takeLeft ? from[left++] : from[right++];
        }
    }
}
