package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PhysicalPlan.ViewAggregate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The groups of a query that is answered from a materialized view: the view's groups that the query's condition leaves, put together where the query
 * groups more coarsely. Owned by one operator, one thread.
 */
final class ViewGroups implements AutoCloseable {
    /** The first group's states; number 0 is where groups go that do not count, so that the others may become more. */
    static final int FIRST = 1;

    private final ViewAggregate plan;
    private final GroupKeys keys;
    private final @Nullable ExpressionEvaluator filter;
    private final AggregateSet aggregates;
    private final ColumnVector[] kept;
    private final Batch step;
    private final SelectionVector passing = new SelectionVector(0);
    private final int[] groups = new int[Batch.ROWS];

    ViewGroups(ViewAggregate plan, ExecutionContext context) {
        this.plan = plan;
        List<Expression> keptGroups = plan.kept().rows().groups();
        this.kept = new ColumnVector[keptGroups.size()];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = new ColumnVector(keptGroups.get(i).type());
        }
        this.step = new Batch(kept);
        List<Runnable> open = new ArrayList<>();
        boolean made = false;
        try {
            this.keys = new GroupKeys(plan.groups(), context);
            open.add(keys::close);
            Expression condition = plan.filter();
            this.filter = condition == null ? null : new ExpressionEvaluator(condition, context);
            if (filter != null) {
                open.add(filter::close);
            }
            this.aggregates = new AggregateSet(
                    plan.calls().stream().map(ViewAggregate.Call::call).toList(), context);
            open.add(aggregates::close);
            if (keys.isWhole()) {
                aggregates.reserve(FIRST + 1);
            }
            made = true;
        } finally {
            if (!made) {
                open.forEach(Runnable::run);
            }
        }
    }

    /** Adds groups that the view keeps; they stay the caller's. */
    void add(KeptGroups part, ExecutionContext context) {
        ColumnVector[] all = new ColumnVector[kept.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = part.key(i);
        }
        add(all, part.groupCount(), part.aggregates(), KeptGroups.FIRST, context);
    }

    /** Adds groups of rows of which the view keeps nothing; they stay the caller's. */
    void add(HashAggregation part, ExecutionContext context) {
        ColumnVector[] all = new ColumnVector[kept.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = part.keys().key(i);
        }
        add(all, part.keys().groupCount(), part.aggregates(), 0, context);
    }

    /** @param first where the states of the first group are among those that are added */
    private void add(ColumnVector[] all, int count, AggregateSet states, int first, ExecutionContext context) {
        if (count == 0) {
            return;
        }
        long bytes = (long) (first + count) * Integer.BYTES;
        context.budget().reserveHeap(bytes);
        int[] joined = new int[first + count];
        if (assign(all, count, joined, first, context)) {
            aggregates.reserve(FIRST + keys.groupCount());
            for (int i = 0; i < plan.calls().size(); i++) {
                aggregates.merge(i, states, plan.calls().get(i).kept(), joined, first + count);
            }
        }
        context.budget().reserveHeap(-bytes);
    }

    /** Finds where each group goes; false when none counts. */
    private boolean assign(ColumnVector[] all, int count, int[] joined, int first, ExecutionContext context) {
        boolean any = false;
        for (int from = 0; from < count; from += Batch.ROWS) {
            context.checkCancelled();
            int rows = Math.min(Batch.ROWS, count - from);
            for (int i = 0; i < all.length; i++) {
                VectorSlices.slice(all[i], from, kept[i]);
            }
            any |= assignStep(first + from, rows, joined);
        }
        return any;
    }

    private boolean assignStep(int from, int rows, int[] joined) {
        step.set(rows, null);
        SelectionVector selection = null;
        if (filter != null) {
            if (filter.select(step, null, passing) == 0) {
                return false;
            }
            selection = passing;
            step.set(rows, selection);
        }
        keys.assign(step, groups);
        boolean whole = keys.isWhole();
        int selected = selection == null ? rows : selection.count();
        int[] positions = selection == null ? null : selection.positions();
        for (int i = 0; i < selected; i++) {
            int row = positions == null ? i : positions[i];
            joined[from + row] = whole ? FIRST : FIRST + groups[row];
        }
        return true;
    }

    /** The groups of the query. */
    GroupKeys keys() {
        return keys;
    }

    /** The states of group g are number {@link #FIRST} + g. */
    AggregateSet aggregates() {
        return aggregates;
    }

    @Override
    public void close() {
        keys.close();
        if (filter != null) {
            filter.close();
        }
        aggregates.close();
    }
}
