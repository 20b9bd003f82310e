package io.zeptodb.engine.partition;

import java.util.function.IntUnaryOperator;

/**
 * The room to give a run from the start, by the lengths of runs that went before: what three quarters of them needed in the end. Such runs never move
 * and lie one behind the other; the quarter that is shorter wastes at most a third of what the others use.
 */
final class UsualCapacity {
    private static final int MOST = 4096;
    private static final int CLASSES = 32;

    private UsualCapacity() {}

    /** @param rows by run number, at least 1 */
    static int of(int runs, IntUnaryOperator rows) {
        int[] bySize = new int[CLASSES];
        for (int run = 0; run < runs; run++) {
            bySize[Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(rows.applyAsInt(run) - 1, 0))]++;
        }
        int sizeClass = CLASSES - 1;
        for (long atLeast = bySize[sizeClass]; sizeClass > 0 && atLeast * 4 < runs * 3L; ) {
            sizeClass--;
            atLeast += bySize[sizeClass];
        }
        return (int) Math.max(SlabSpace.LEAST_CAPACITY, Math.min(1L << sizeClass, MOST));
    }
}
