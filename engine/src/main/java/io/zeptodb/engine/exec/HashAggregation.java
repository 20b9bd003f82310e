package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.function.RowRanges;
import io.zeptodb.engine.plan.PhysicalPlan.HashAggregate;

/**
 * What one thread has aggregated: groups by hash table, and the aggregates' states. Partial ones are merged into one. Without group
 * expressions there is the one group 0, whether rows come or not.
 */
final class HashAggregation implements AutoCloseable {
    /** Ranges of groups shorter than this on the average are taken row by row. */
    private static final int LEAST_RANGE_ROWS = 8;

    private final GroupKeys keys;
    private final AggregateSet aggregates;
    private final RowRanges ranges = new RowRanges();
    private final boolean[] unordered;
    private int[] groups = {};

    HashAggregation(HashAggregate plan, ExecutionContext context) {
        this.keys = new GroupKeys(plan.groups(), context);
        this.aggregates = Inputs.closingOnFailure(keys, () -> new AggregateSet(plan.aggregates(), context));
        this.unordered = new boolean[aggregates.size()];
        if (keys.isWhole()) {
            Inputs.closingOnFailure(this, () -> {
                aggregates.reserve(1);
                return aggregates;
            });
        }
    }

    /** Whether rows must come in their order, to one aggregation. */
    boolean dependsOnArrival() {
        return aggregates.dependsOnArrival();
    }

    GroupKeys keys() {
        return keys;
    }

    AggregateSet aggregates() {
        return aggregates;
    }

    /** Takes the selected rows of a batch. */
    void consume(Batch batch) {
        if (keys.isWhole()) {
            aggregates.updateGroup(batch, 0);
            return;
        }
        if (groups.length < batch.rowCount()) {
            groups = new int[Math.max(batch.rowCount(), Batch.ROWS)];
        }
        keys.assign(batch, groups);
        if (aggregates.size() == 0) {
            return;
        }
        aggregates.reserve(keys.groupCount());
        if (batch.selection() == null && findRanges(batch.rowCount())) {
            aggregates.updateRanges(batch, ranges, unordered);
        } else {
            aggregates.update(batch, groups);
        }
    }

    /** Rows of a table come run by run, so that groups often come in long ranges; false when these are short. */
    private boolean findRanges(int rows) {
        int changes = 0;
        for (int i = 1; i < rows; i++) {
            changes += groups[i] == groups[i - 1] ? 0 : 1;
        }
        if (changes > rows / LEAST_RANGE_ROWS) {
            return false;
        }
        ranges.clear();
        for (int i = 1; i < rows; i++) {
            if (groups[i] != groups[i - 1]) {
                ranges.add(i, groups[i - 1]);
            }
        }
        ranges.add(rows, groups[rows - 1]);
        return true;
    }

    /** Adds another aggregation of the same plan. */
    void merge(HashAggregation other, ExecutionContext context) {
        if (keys.isWhole()) {
            aggregates.merge(other.aggregates, new int[] {0}, 1);
            return;
        }
        int count = other.keys.groupCount();
        context.budget().reserveHeap((long) count * Integer.BYTES);
        int[] joined = new int[count];
        keys.assign(other.keys, joined);
        aggregates.reserve(keys.groupCount());
        aggregates.merge(other.aggregates, joined, count);
        context.budget().reserveHeap(-(long) count * Integer.BYTES);
    }

    @Override
    public void close() {
        keys.close();
        aggregates.close();
    }
}
