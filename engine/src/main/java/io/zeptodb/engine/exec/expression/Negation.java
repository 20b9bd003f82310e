package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Moves NOT down to where it costs nothing. Exact in three truth values: orders are total, NaN included. */
final class Negation {
    private Negation() {}

    /** An expression that is the negation of another, or null when only NOT says it. */
    static @Nullable Expression of(Expression expression) {
        if (expression instanceof Expression.Comparison comparison) {
            return new Expression.Comparison(opposite(comparison.operator()), comparison.left(), comparison.right());
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

    private static Comparator opposite(Comparator operator) {
        return switch (operator) {
            case EQUAL -> Comparator.NOT_EQUAL;
            case NOT_EQUAL -> Comparator.EQUAL;
            case LESS -> Comparator.GREATER_OR_EQUAL;
            case LESS_OR_EQUAL -> Comparator.GREATER;
            case GREATER -> Comparator.LESS_OR_EQUAL;
            case GREATER_OR_EQUAL -> Comparator.LESS;
            case DISTINCT -> Comparator.NOT_DISTINCT;
            case NOT_DISTINCT -> Comparator.DISTINCT;
        };
    }

    /** The operator when the sides are exchanged. */
    static Comparator mirrored(Comparator operator) {
        return switch (operator) {
            case LESS -> Comparator.GREATER;
            case LESS_OR_EQUAL -> Comparator.GREATER_OR_EQUAL;
            case GREATER -> Comparator.LESS;
            case GREATER_OR_EQUAL -> Comparator.LESS_OR_EQUAL;
            default -> operator;
        };
    }
}
