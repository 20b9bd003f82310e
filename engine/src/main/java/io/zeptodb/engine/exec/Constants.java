package io.zeptodb.engine.exec;

import io.zeptodb.engine.plan.Expression;
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
            return parameters[parameter.index()];
        }
        throw new IllegalArgumentException("neither a literal nor a parameter: " + expression);
    }
}
