package io.zeptodb.engine.partition;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Ranges and segments that a commit replaced, to be given back when no query can see them. */
final class RetiredRanges implements Runnable {
    private static final int FIRST_RANGES = 8;

    private SlabSpace[] spaces = new SlabSpace[FIRST_RANGES];
    private long[] ranges = new long[FIRST_RANGES];
    private int[] capacities = new int[FIRST_RANGES];
    private int count;
    private final List<Runnable> segments = new ArrayList<>();

    void add(SlabSpace space, long range, int capacity) {
        if (count == spaces.length) {
            spaces = Arrays.copyOf(spaces, count * 2);
            ranges = Arrays.copyOf(ranges, count * 2);
            capacities = Arrays.copyOf(capacities, count * 2);
        }
        spaces[count] = space;
        ranges[count] = range;
        capacities[count] = capacity;
        count++;
    }

    /** What frees segments that are gone as a whole: run after their ranges were given back. */
    void add(Runnable free) {
        segments.add(free);
    }

    boolean isEmpty() {
        return count == 0 && segments.isEmpty();
    }

    @Override
    public void run() {
        for (int i = 0; i < count; i++) {
            spaces[i].free(SlabSpace.slabOf(ranges[i]), SlabSpace.offsetOf(ranges[i]), capacities[i]);
        }
        segments.forEach(Runnable::run);
    }
}
