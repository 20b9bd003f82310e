package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.MemoryBudget;

/**
 * Tells an operator that keeps rows when it has taken so much memory that others could not go on. Any thread.
 *
 * <p>It goes by what the query has taken since the operator began: who finds little memory left by others may take half of that, or it could
 * never do anything.
 */
final class MemoryWatch {
    private final MemoryBudget budget;
    private final long spareBytes;
    private final long before;

    /** @param spareBytes what shall be left, 0 for an operator that cannot be given up */
    MemoryWatch(MemoryBudget budget, long spareBytes) {
        this.budget = budget;
        this.spareBytes = spareBytes;
        this.before = budget.usedBytes();
    }

    /**
     * Fails as the budget does when it is passed, but before; called between batches.
     *
     * @param needed bytes that the operator will take for what it holds already
     */
    void check(long needed) {
        if (spareBytes == 0) {
            return;
        }
        long left = budget.availableBytes() - needed;
        if (left < spareBytes && left < budget.usedBytes() + needed - before) {
            throw budget.refusal(needed);
        }
    }
}
