package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.plan.PhysicalPlan.Limit;
import org.jspecify.annotations.Nullable;

/** OFFSET and LIMIT: cuts selections and does not pull what it does not need. */
final class LimitOperator implements Operator {
    private final Operator input;
    private final SelectionVector selection = new SelectionVector(0);
    private @Nullable Batch output;
    private long toSkip;
    private long toGive;

    LimitOperator(Limit plan, ExecutionContext context, Operator input) {
        this.toSkip = RowCounts.evaluate(plan.offset(), "OFFSET", 0, context);
        this.toGive = RowCounts.evaluate(plan.limit(), "LIMIT", Long.MAX_VALUE, context);
        this.input = input;
    }

    @Override
    public @Nullable Batch next() {
        while (toGive > 0) {
            Batch batch = input.next();
            if (batch == null) {
                return null;
            }
            int rows = batch.selectedCount();
            int from = (int) Math.min(toSkip, rows);
            int count = (int) Math.min(toGive, rows - from);
            toSkip -= from;
            toGive -= count;
            if (count == rows) {
                return batch;
            }
            if (count > 0) {
                return cut(batch, from, count);
            }
        }
        return null;
    }

    private Batch cut(Batch batch, int from, int count) {
        selection.reserve(count);
        for (int i = 0; i < count; i++) {
            selection.positions()[i] = batch.position(from + i);
        }
        selection.setCount(count);
        Batch narrowed = output;
        if (narrowed == null || narrowed.columns() != batch.columns()) {
            narrowed = new Batch(batch.columns());
            output = narrowed;
        }
        return narrowed.set(batch.rowCount(), selection);
    }

    @Override
    public void close() {
        input.close();
    }
}
