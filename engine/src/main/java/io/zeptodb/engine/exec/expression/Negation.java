package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.plan.Expression;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Moves NOT down to where it costs nothing. Exact in three truth values: orders are total, NaN included. */
final class Negation {
    private Negation() {}

    /** An expression that is the negation of another, or null when only NOT says it. */
    static @Nullable Expression of(Expression expression) {
        if (expression instanceof Expression.Comparison comparison) {
            return new Expression.Comparison(comparison.operator().negated(), comparison.left(), comparison.right());
        }
        if (expression instanceof Expression.Not not) {
            return not.input();
        }
        if (expression instanceof Expression.And and) {
            return new Expression.Or(negated(and.terms()));
        }
        if (expression instanceof Expression.Or or) {
            return new Expression.And(negated(or.terms()));
        }
        if (expression instanceof Expression.IsNull isNull) {
            return new Expression.IsNull(isNull.input(), !isNull.negated());
        }
        if (expression instanceof Expression.IsTruth truth) {
            return new Expression.IsTruth(truth.input(), truth.truth(), !truth.negated());
        }
        if (expression instanceof Expression.InList list) {
            return new Expression.InList(list.input(), list.values(), !list.negated());
        }
        return null;
    }

    private static List<Expression> negated(List<Expression> terms) {
        return terms.stream().<Expression>map(Expression.Not::new).toList();
    }
}
