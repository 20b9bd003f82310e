package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.exec.expression.BoxedValues;
import io.zeptodb.engine.exec.expression.ExpressionCompiler;
import io.zeptodb.engine.exec.expression.ExpressionNode;
import io.zeptodb.engine.function.FunctionContext;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.UnfitNumber;
import org.jspecify.annotations.Nullable;

/** Values of expressions that have no column: literals, parameters and what is computed from them. */
final class Constants {
    private Constants() {}

    /** Whether the value is known without evaluation. */
    static boolean isGiven(Expression expression) {
        return expression instanceof Expression.Literal || expression instanceof Expression.Parameter;
    }

    /** The value in the representation of {@link Expression.Literal}; null for NULL. The expression must be {@link #isGiven given}. */
    static @Nullable Object given(Expression expression, @Nullable Object[] parameters) {
        if (expression instanceof Expression.Literal literal) {
            return literal.value();
        }
        if (expression instanceof Expression.Parameter parameter) {
            return parameter.valueIn(parameters);
        }
        throw new IllegalArgumentException("neither a literal nor a parameter: " + expression);
    }

    /** What a parameter was given when its type does not hold it, below casts; null when the expression is anything else. */
    static @Nullable UnfitNumber unfit(Expression expression, @Nullable Object[] parameters) {
        if (expression instanceof Expression.Cast cast && !cast.lenient()) {
            return unfit(cast.input(), parameters);
        }
        UnfitNumber unfit = expression instanceof Expression.Parameter parameter ? parameter.unfitIn(parameters) : null;
        return unfit == null || unfit.isHeld() ? null : unfit;
    }

    /** The value of an expression without columns, in the representation of {@link Expression.Literal}; null for NULL. */
    static @Nullable Object evaluate(Expression expression, ExecutionContext context) {
        return isGiven(expression)
                ? given(expression, context.parameters())
                : evaluate(expression, context.parameters(), context.functionContext());
    }

    static @Nullable Object evaluate(
            Expression expression, @Nullable Object[] parameters, FunctionContext functionContext) {
        Batch oneRow = new Batch().set(1, null);
        try (ExpressionNode node = new ExpressionCompiler(parameters, functionContext).compile(expression)) {
            return BoxedValues.read(node.evaluate(oneRow, null), 0);
        }
    }
}
