package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.function.RowRanges;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PhysicalPlan.HashAggregate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one thread has aggregated: groups by hash table, and the aggregates' states. Partial ones are merged into one. Without group
 * expressions there is the one group 0, whether rows come or not.
 */
final class HashAggregation implements AutoCloseable {
    /** Ranges of groups shorter than this on the average are taken row by row. */
    private static final int LEAST_RANGE_ROWS = 8;

    private final ExpressionEvaluator[] groupExpressions;
    private final ColumnVector[] keys;
    private final @Nullable GroupTable table;
    private final AggregateSet aggregates;
    private final RowRanges ranges = new RowRanges();
    private final boolean[] unordered;
    private int[] groups = {};

    HashAggregation(HashAggregate plan, ExecutionContext context) {
        this.groupExpressions = ExpressionEvaluator.all(plan.groups(), context);
        this.aggregates = Inputs.closingOnFailure(
                () -> ExpressionEvaluator.closeAll(groupExpressions),
                () -> new AggregateSet(plan.aggregates(), context));
        this.unordered = new boolean[aggregates.size()];
        this.keys = new ColumnVector[groupExpressions.length];
        List<ColumnType> types = new ArrayList<>();
        for (Expression group : plan.groups()) {
            types.add(group.type());
        }
        if (types.isEmpty()) {
            this.table = null;
            Inputs.closingOnFailure(this::closeStates, () -> {
                aggregates.reserve(1);
                return aggregates;
            });
        } else {
            this.table = Inputs.closingOnFailure(this::closeStates, () -> new GroupTable(context.budget(), types));
        }
    }

    /** Whether rows must come in their order, to one aggregation. */
    boolean dependsOnArrival() {
        return aggregates.dependsOnArrival();
    }

    int groupCount() {
        return table == null ? 1 : table.groupCount();
    }

    /** Group expression i of all groups. */
    ColumnVector key(int i) {
        if (table == null) {
            throw new IllegalStateException("an aggregation without groups has no keys");
        }
        return table.key(i);
    }

    AggregateSet aggregates() {
        return aggregates;
    }

    /** Takes the selected rows of a batch. */
    void consume(Batch batch) {
        if (table == null) {
            aggregates.updateGroup(batch, 0);
            return;
        }
        for (int i = 0; i < keys.length; i++) {
            keys[i] = groupExpressions[i].evaluate(batch);
        }
        if (groups.length < batch.rowCount()) {
            groups = new int[Math.max(batch.rowCount(), Batch.ROWS)];
        }
        table.assign(keys, batch.selection(), batch.rowCount(), groups);
        if (aggregates.size() == 0) {
            return;
        }
        aggregates.reserve(table.groupCount());
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
        int count = other.groupCount();
        if (table == null || other.table == null) {
            aggregates.merge(other.aggregates, new int[] {0}, 1);
            return;
        }
        context.budget().reserveHeap((long) count * Integer.BYTES);
        int[] joined = new int[count];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = other.table.key(i);
        }
        table.assign(keys, null, count, joined);
        aggregates.reserve(table.groupCount());
        aggregates.merge(other.aggregates, joined, count);
        context.budget().reserveHeap(-(long) count * Integer.BYTES);
    }

    private void closeStates() {
        ExpressionEvaluator.closeAll(groupExpressions);
        aggregates.close();
    }

    @Override
    public void close() {
        closeStates();
        if (table != null) {
            table.close();
        }
    }
}
