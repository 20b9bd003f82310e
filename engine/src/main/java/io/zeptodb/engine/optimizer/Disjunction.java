package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Comparator;
import io.zeptodb.engine.plan.Expression.Comparison;
import io.zeptodb.engine.plan.Expression.InList;
import io.zeptodb.engine.plan.Expression.Literal;
import io.zeptodb.engine.plan.Expression.Or;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An OR whose equalities of one expression with several constants become one IN. */
final class Disjunction {
    private Disjunction() {}

    static Expression of(List<Expression> terms) {
        Map<Expression, List<Literal>> constants = new LinkedHashMap<>();
        List<Expression> others = new ArrayList<>();
        for (Expression term : terms) {
            if (term instanceof Comparison equality
                    && equality.operator() == Comparator.EQUAL
                    && equality.right() instanceof Literal value
                    && value.value() != null) {
                constants
                        .computeIfAbsent(equality.left(), key -> new ArrayList<>())
                        .add(value);
            } else {
                others.add(term);
            }
        }
        List<Expression> result = new ArrayList<>();
        constants.forEach((input, values) -> result.add(in(input, values, false)));
        result.addAll(others);
        return result.size() == 1 ? result.get(0) : new Or(result);
    }

    /** IN, or a plain comparison for one value; values must not be NULL. */
    static Expression in(Expression input, List<Literal> values, boolean negated) {
        if (values.size() == 1) {
            return new Comparison(negated ? Comparator.NOT_EQUAL : Comparator.EQUAL, input, values.get(0));
        }
        return new InList(input, List.copyOf(values), negated);
    }
}
