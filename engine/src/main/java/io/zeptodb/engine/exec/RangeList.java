package io.zeptodb.engine.exec;

import java.util.Arrays;

/**
 * Ranges of rows that lie contiguous in memory, but for deleted rows between them: parts of runs, by number of the segment in its {@link ScanRanges}. Flat arrays, reused
 * by the owner. One thread.
 */
final class RangeList {
    private static final int FIRST_CAPACITY = 16;

    private int[] segments = new int[FIRST_CAPACITY];
    private int[] runs = new int[FIRST_CAPACITY];
    private int[] froms = new int[FIRST_CAPACITY];
    private int[] counts = new int[FIRST_CAPACITY];
    private int[] spans = new int[FIRST_CAPACITY];
    private boolean[] timeFiltered = new boolean[FIRST_CAPACITY];
    private boolean[] following = new boolean[FIRST_CAPACITY];
    private int size;
    private long rowCount;

    void clear() {
        size = 0;
        rowCount = 0;
    }

    /**
     * @param filterTime the run is not in time order, so the scan's time bounds must be applied to each row
     * @param follows in memory the range begins where the range added before it ends, and neither is time filtered
     */
    void add(int segment, int run, int from, int count, boolean filterTime, boolean follows) {
        add(segment, run, from, count, count, filterTime, follows);
    }

    /**
     * Adds a range with deleted rows in it.
     *
     * @param span its rows
     * @param count those of them that are not deleted
     */
    void addWithHoles(int segment, int run, int from, int span, int count) {
        add(segment, run, from, span, count, false, false);
    }

    private void add(int segment, int run, int from, int span, int count, boolean filterTime, boolean follows) {
        if (size == segments.length) {
            grow();
        }
        segments[size] = segment;
        runs[size] = run;
        froms[size] = from;
        counts[size] = count;
        spans[size] = span;
        timeFiltered[size] = filterTime;
        following[size] = follows;
        size++;
        rowCount += count;
    }

    private void grow() {
        int capacity = size * 2;
        segments = Arrays.copyOf(segments, capacity);
        runs = Arrays.copyOf(runs, capacity);
        froms = Arrays.copyOf(froms, capacity);
        counts = Arrays.copyOf(counts, capacity);
        spans = Arrays.copyOf(spans, capacity);
        timeFiltered = Arrays.copyOf(timeFiltered, capacity);
        following = Arrays.copyOf(following, capacity);
    }

    int size() {
        return size;
    }

    /** Rows of all ranges. */
    long rowCount() {
        return rowCount;
    }

    /** Number of the segment in the {@link ScanRanges}. */
    int segment(int range) {
        return segments[range];
    }

    int run(int range) {
        return runs[range];
    }

    /** First row, counted in the run. */
    int from(int range) {
        return froms[range];
    }

    /** Rows that are not deleted. */
    int count(int range) {
        return counts[range];
    }

    /** Whether rows are deleted between the first and the last one: the others are not contiguous. */
    boolean hasHoles(int range) {
        return spans[range] != counts[range];
    }

    /** The row behind the last one, counted in the run. */
    int end(int range) {
        return froms[range] + spans[range];
    }

    /** Whether each row's time must still be compared with the bounds of the {@link ScanRanges}. */
    boolean filterTime(int range) {
        return timeFiltered[range];
    }

    /** Whether in memory the range begins where the one before it ends, so that both can be read as one. */
    boolean follows(int range) {
        return following[range];
    }
}
