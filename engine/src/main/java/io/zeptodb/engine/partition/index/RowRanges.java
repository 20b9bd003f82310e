package io.zeptodb.engine.partition.index;

import java.util.Arrays;

/**
 * Rows of a segment as ranges of runs, ascending and apart once they are {@linkplain #sort() sorted}. Flat arrays, reused by their owner. One thread
 * until nobody changes it any more.
 */
public final class RowRanges {
    private static final int FIRST_CAPACITY = 8;

    /** Run and first row: {@code run << 32 | row}. */
    private long[] starts = new long[FIRST_CAPACITY];

    private int[] lengths = new int[FIRST_CAPACITY];
    private int size;
    private long rows;

    public int size() {
        return size;
    }

    /** Rows of all ranges, those counted twice that lie in two of them. */
    public long rows() {
        return rows;
    }

    public int run(int range) {
        return (int) (starts[range] >>> Integer.SIZE);
    }

    /** The first row, counted in the run. */
    public int from(int range) {
        return (int) starts[range];
    }

    /** The row behind the last one. */
    public int end(int range) {
        return from(range) + lengths[range];
    }

    public void clear() {
        size = 0;
        rows = 0;
    }

    /** Adds rows [from, end) of a run; nothing when there are none. */
    public void add(int run, int from, int end) {
        if (end <= from) {
            return;
        }
        add((long) run << Integer.SIZE | from, end - from);
    }

    private void add(long start, int length) {
        rows += length;
        if (size > 0 && starts[size - 1] + lengths[size - 1] == start) {
            lengths[size - 1] += length; // the rows follow each other
            return;
        }
        if (size == starts.length) {
            starts = Arrays.copyOf(starts, size * 2);
            lengths = Arrays.copyOf(lengths, size * 2);
        }
        starts[size] = start;
        lengths[size] = length;
        size++;
    }

    /** Puts the ranges in order and makes one of those that touch or overlap. */
    public RowRanges sort() {
        if (!isAscending()) {
            sortStarts();
        }
        int last = 0;
        rows = size == 0 ? 0 : lengths[0];
        for (int i = 1; i < size; i++) {
            long behind = starts[last] + lengths[last];
            long end = starts[i] + lengths[i];
            if (starts[i] > behind) {
                last++;
                starts[last] = starts[i];
                lengths[last] = (int) (end - starts[i]);
                rows += lengths[last];
            } else if (end > behind) {
                lengths[last] += (int) (end - behind);
                rows += end - behind;
            }
        }
        size = size == 0 ? 0 : last + 1;
        return this;
    }

    private boolean isAscending() {
        for (int i = 1; i < size; i++) {
            if (starts[i] < starts[i - 1]) {
                return false;
            }
        }
        return true;
    }

    /** Lengths are mostly 1: the order of the starts is then all there is to it. */
    private void sortStarts() {
        if (rows == size) {
            Arrays.sort(starts, 0, size);
            return;
        }
        int[] order = LongOrder.of(starts, size);
        long[] sortedStarts = new long[starts.length];
        int[] sortedLengths = new int[starts.length];
        for (int i = 0; i < size; i++) {
            sortedStarts[i] = starts[order[i]];
            sortedLengths[i] = lengths[order[i]];
        }
        starts = sortedStarts;
        lengths = sortedLengths;
    }

    /** Keeps the rows that are in the other ranges too. Both must be sorted. */
    public RowRanges retain(RowRanges other) {
        RowRanges both = new RowRanges();
        int theirs = 0;
        for (int i = 0; i < size; i++) {
            long end = starts[i] + lengths[i];
            while (theirs < other.size && other.starts[theirs] + other.lengths[theirs] <= starts[i]) {
                theirs++;
            }
            for (int at = theirs; at < other.size && other.starts[at] < end; at++) {
                long from = Math.max(starts[i], other.starts[at]);
                both.add(from, (int) (Math.min(end, other.starts[at] + other.lengths[at]) - from));
            }
        }
        return both;
    }

    /** Keeps the rows of these runs. Must be sorted. */
    public RowRanges retainRuns(int[] ascendingRuns) {
        RowRanges kept = new RowRanges();
        for (int i = 0; i < size; i++) {
            if (Arrays.binarySearch(ascendingRuns, run(i)) >= 0) {
                kept.add(starts[i], lengths[i]);
            }
        }
        return kept;
    }

    @Override
    public String toString() {
        return "RowRanges[" + size + " ranges, " + rows + " rows]";
    }
}
