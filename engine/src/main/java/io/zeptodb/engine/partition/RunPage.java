package io.zeptodb.engine.partition;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot knows of up to 256 runs of a hot segment. Immutable, but for the permutations of unordered runs that readers compute and
 * keep here; two that compute one at once get the same.
 */
final class RunPage {
    static final int SHIFT = 8;
    static final int RUNS = 1 << SHIFT;
    static final int MASK = RUNS - 1;

    final int[] slab;
    final int[] offset;
    final int[] rows;
    final boolean[] ordered;
    /** By run; null while every run is ordered. */
    final @Nullable AtomicReferenceArray<int[]> orders;

    RunPage(int[] slab, int[] offset, int[] rows, boolean[] ordered, @Nullable AtomicReferenceArray<int[]> orders) {
        this.slab = slab;
        this.offset = offset;
        this.rows = rows;
        this.ordered = ordered;
        this.orders = orders;
    }
}
