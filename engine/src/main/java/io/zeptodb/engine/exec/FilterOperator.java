package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.plan.Expression;
import org.jspecify.annotations.Nullable;

/** Rows for which a condition is true: narrows the selection of its input's batches and copies nothing. */
final class FilterOperator implements Operator {
    private final Operator input;
    private final ExpressionEvaluator condition;
    private final ExecutionContext context;
    private final SelectionVector selection = new SelectionVector(0);
    private @Nullable Batch output;

    /** Takes over the input, also when it fails. */
    FilterOperator(Operator input, Expression condition, ExecutionContext context) {
        this.input = input;
        this.context = context;
        this.condition = Inputs.closingOnFailure(input, () -> new ExpressionEvaluator(condition, context));
    }

    @Override
    public @Nullable Batch next() {
        while (true) {
            Batch batch = input.next();
            if (batch == null) {
                return null;
            }
            context.checkCancelled();
            if (condition.select(batch, batch.selection(), selection) > 0) {
                Batch narrowed = output;
                if (narrowed == null || narrowed.columns() != batch.columns()) {
                    narrowed = new Batch(batch.columns());
                    output = narrowed;
                }
                // all rows: without a selection loops are faster
                boolean all = selection.count() == batch.rowCount();
                return narrowed.set(batch.rowCount(), all ? null : selection);
            }
        }
    }

    @Override
    public void close() {
        condition.close();
        input.close();
    }
}
