package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.plan.PhysicalPlan.Sort;
import org.jspecify.annotations.Nullable;

/**
 * All rows in order: keeps them column by column, orders their numbers, and gives them out by number. A query that passes its budget here
 * fails with the figures.
 */
final class SortOperator implements Operator {
    private final Operator input;
    private final ExecutionContext context;
    private final RowStore store;
    private final RowOrder order;
    private final RowOutput output;
    private int @Nullable [] rows;
    private int next;

    SortOperator(Sort plan, ExecutionContext context, Operator input) {
        this.context = context;
        this.input = input;
        this.store = new RowStore(plan.types(), context.budget());
        this.order = new RowOrder(plan.keys(), context.budget());
        this.output = new RowOutput(plan.types(), context.budget());
    }

    @Override
    public @Nullable Batch next() {
        int[] sorted = rows;
        if (sorted == null) {
            for (Batch batch = input.next(); batch != null; batch = input.next()) {
                context.checkCancelled();
                store.append(batch);
            }
            sorted = order.order(store);
            rows = sorted;
        }
        int count = Math.min(Batch.ROWS, store.rowCount() - next);
        if (count == 0) {
            return null;
        }
        context.checkCancelled();
        Batch batch = output.pick(store, sorted, next, count);
        next += count;
        return batch;
    }

    @Override
    public void close() {
        input.close();
        store.close();
        order.close();
        output.close();
    }
}
