package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.exec.expression.ExpressionCompiler;
import io.zeptodb.engine.exec.expression.ExpressionNode;
import io.zeptodb.engine.plan.Expression;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An expression, ready to run over batches. Made once by an operator and closed by it; one thread. Results are valid until the next call
 * and as long as the batch.
 */
public final class ExpressionEvaluator implements AutoCloseable {
    private final ExpressionNode root;

    public ExpressionEvaluator(Expression expression, ExecutionContext context) {
        this.root = new ExpressionCompiler(context.parameters(), context.functionContext()).compile(expression);
    }

    /** Evaluators of several expressions; when one cannot be made, those before it are closed. */
    public static ExpressionEvaluator[] all(List<Expression> expressions, ExecutionContext context) {
        ExpressionEvaluator[] evaluators = new ExpressionEvaluator[expressions.size()];
        int made = 0;
        try {
            for (; made < evaluators.length; made++) {
                evaluators[made] = new ExpressionEvaluator(expressions.get(made), context);
            }
            return evaluators;
        } finally {
            if (made < evaluators.length) {
                closeAll(evaluators, made);
            }
        }
    }

    public static void closeAll(ExpressionEvaluator[] evaluators) {
        closeAll(evaluators, evaluators.length);
    }

    private static void closeAll(ExpressionEvaluator[] evaluators, int count) {
        for (int i = 0; i < count; i++) {
            evaluators[i].close();
        }
    }

    public ColumnType type() {
        return root.type();
    }

    /** The values at the positions that the batch's selection has; at others they mean nothing. May be constant. */
    public ColumnVector evaluate(Batch batch) {
        return root.evaluate(batch, batch.selection());
    }

    /** The values at these positions of the batch, null for all, whatever its own selection. */
    public ColumnVector evaluate(Batch batch, @Nullable SelectionVector selection) {
        return root.evaluate(batch, selection);
    }

    /**
     * Finds where a condition is true (not where it is false or NULL).
     *
     * @param in the positions to look at, null for all, whatever the batch's own selection
     * @param out becomes the positions, ascending; may be {@code in}
     * @return how many they are
     */
    public int select(Batch batch, @Nullable SelectionVector in, SelectionVector out) {
        out.reserve(in == null ? batch.rowCount() : in.count());
        return root.select(batch, in, out);
    }

    @Override
    public void close() {
        root.close();
    }
}
