package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.function.Aggregator;

/** Flat arrays indexed by group that grow together, and what they take of the budget. */
abstract class FlatAggregator implements Aggregator {
    private static final int LEAST_GROUPS = 8;

    private final MemoryBudget budget;
    private final int bytesPerGroup;
    private int capacity;
    private long accounted;

    FlatAggregator(MemoryBudget budget, int bytesPerGroup) {
        this.budget = budget;
        this.bytesPerGroup = bytesPerGroup;
    }

    final MemoryBudget budget() {
        return budget;
    }

    @Override
    public final void reserve(int groups) {
        if (groups <= capacity) {
            return;
        }
        int wanted = (int) Math.max(Math.max(groups, LEAST_GROUPS), Math.min(capacity * 2L, Integer.MAX_VALUE >>> 2));
        if (wanted >= MemoryBudget.POLL_STEPS) {
            // arrays of millions of groups take a while to copy, and several aggregates grow one after the other
            budget.poll();
        }
        account((long) (wanted - capacity) * bytesPerGroup);
        grow(wanted);
        capacity = wanted;
    }

    /** Makes the arrays this long, which is longer than before; new groups are empty. */
    abstract void grow(int groups);

    /** Tells the budget of Java arrays about to be made, or given up when negative. */
    final void account(long bytes) {
        budget.reserveHeap(bytes);
        accounted += bytes;
    }

    @Override
    public long memoryBytes() {
        return accounted;
    }

    @Override
    public void close() {
        budget.reserveHeap(-accounted);
        accounted = 0;
        capacity = 0;
    }
}
