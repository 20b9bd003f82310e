package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.plan.Expression;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Computed columns; columns of the input pass through as they are. */
final class ProjectOperator implements Operator {
    private final Operator input;
    private final ExpressionEvaluator[] expressions;
    private final ExecutionContext context;
    private final ColumnVector[] columns;
    private final Batch output;

    /** Takes over the input, also when it fails. */
    ProjectOperator(Operator input, List<Expression> expressions, ExecutionContext context) {
        this.input = input;
        this.context = context;
        this.expressions = Inputs.closingOnFailure(input, () -> ExpressionEvaluator.all(expressions, context));
        this.columns = new ColumnVector[expressions.size()];
        this.output = new Batch(columns);
    }

    @Override
    public @Nullable Batch next() {
        Batch batch = input.next();
        if (batch == null) {
            return null;
        }
        context.checkCancelled();
        for (int i = 0; i < expressions.length; i++) {
            columns[i] = expressions[i].evaluate(batch);
        }
        return output.set(batch.rowCount(), batch.selection());
    }

    @Override
    public void close() {
        ExpressionEvaluator.closeAll(expressions);
        input.close();
    }
}
