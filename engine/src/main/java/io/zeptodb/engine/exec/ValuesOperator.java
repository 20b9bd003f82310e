package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PhysicalPlan.Values;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Constant rows, in batches. */
final class ValuesOperator implements Operator {
    private final Values plan;
    private final ExecutionContext context;
    private final BoxedRows rows;
    private int next;

    ValuesOperator(Values plan, ExecutionContext context) {
        this.plan = plan;
        this.context = context;
        this.rows = new BoxedRows(plan.types(), context.budget());
    }

    @Override
    public @Nullable Batch next() {
        if (next == plan.rows().size()) {
            return null;
        }
        context.checkCancelled();
        int count = Math.min(Batch.ROWS, plan.rows().size() - next);
        rows.begin(count);
        for (int row = 0; row < count; row++) {
            List<Expression> expressions = plan.rows().get(next + row);
            for (int i = 0; i < expressions.size(); i++) {
                rows.write(row, i, Constants.evaluate(expressions.get(i), context));
            }
        }
        next += count;
        return rows.batch(count);
    }

    @Override
    public void close() {
        rows.close();
    }
}
