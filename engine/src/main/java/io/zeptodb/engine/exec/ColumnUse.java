package io.zeptodb.engine.exec;

import io.zeptodb.engine.plan.Expression;
import java.util.BitSet;

/** Which columns of its input an expression reads. */
final class ColumnUse {
    private ColumnUse() {}

    static BitSet of(Expression expression) {
        BitSet used = new BitSet();
        collect(expression, used);
        return used;
    }

    private static void collect(Expression expression, BitSet used) {
        if (expression instanceof Expression.Column column) {
            used.set(column.index());
        } else if (expression instanceof Expression.Call call) {
            collect(call.arguments(), used);
        } else if (expression instanceof Expression.Cast cast) {
            collect(cast.input(), used);
        } else if (expression instanceof Expression.Comparison comparison) {
            collect(comparison.left(), used);
            collect(comparison.right(), used);
        } else if (expression instanceof Expression.And and) {
            collect(and.terms(), used);
        } else if (expression instanceof Expression.Or or) {
            collect(or.terms(), used);
        } else if (expression instanceof Expression.Not not) {
            collect(not.input(), used);
        } else if (expression instanceof Expression.IsNull isNull) {
            collect(isNull.input(), used);
        } else if (expression instanceof Expression.IsTruth isTruth) {
            collect(isTruth.input(), used);
        } else if (expression instanceof Expression.InList inList) {
            collect(inList.input(), used);
        } else if (expression instanceof Expression.Case choice) {
            collect(choice.conditions(), used);
            collect(choice.results(), used);
            collect(choice.otherwise(), used);
        } else if (expression instanceof Expression.Coalesce coalesce) {
            collect(coalesce.arguments(), used);
        } else if (!(expression instanceof Expression.Literal) && !(expression instanceof Expression.Parameter)) {
            throw new IllegalArgumentException("an expression of a kind not known here: " + expression.getClass());
        }
    }

    private static void collect(Iterable<Expression> expressions, BitSet used) {
        for (Expression expression : expressions) {
            collect(expression, used);
        }
    }
}
