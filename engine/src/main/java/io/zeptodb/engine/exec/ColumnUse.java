package io.zeptodb.engine.exec;

import io.zeptodb.engine.plan.AggregateCall;
import io.zeptodb.engine.plan.Expression;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which columns of its input an expression reads. */
final class ColumnUse {
    private ColumnUse() {}

    static BitSet of(Expression expression) {
        return of(List.of(expression));
    }

    static BitSet of(List<Expression> expressions) {
        BitSet used = new BitSet();
        collect(expressions, used);
        return used;
    }

    /** What an aggregation reads of its input. */
    static BitSet of(List<Expression> groups, List<AggregateCall> aggregates) {
        BitSet used = of(groups);
        for (AggregateCall call : aggregates) {
            collect(call.arguments(), used);
            if (call.filter() != null) {
                collect(call.filter(), used);
            }
        }
        return used;
    }

    /** The same columns and those of one more expression; null, for all columns, stays so. */
    static @Nullable BitSet and(@Nullable BitSet used, Expression expression) {
        if (used == null) {
            return null;
        }
        BitSet both = of(expression);
        both.or(used);
        return both;
    }

    /**
     * What a join reads of one of its sides.
     *
     * @param used of the join's columns, null for all
     * @param from the first column of the side among the join's
     * @param count columns of the side
     * @param own what the join reads of the side itself, numbered as the side's
     * @param residual over all columns, or null
     */
    static @Nullable BitSet ofSide(
            @Nullable BitSet used, int from, int count, List<Expression> own, @Nullable Expression residual) {
        if (used == null) {
            return null;
        }
        BitSet side = used.get(from, from + count);
        side.or(of(own));
        if (residual != null) {
            side.or(of(residual).get(from, from + count));
        }
        return side;
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
        } else if (expression instanceof Expression.NullIf nullIf) {
            collect(nullIf.input(), used);
            collect(nullIf.other(), used);
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
