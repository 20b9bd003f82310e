package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Finds conditions that depend on one SYMBOL column only and cost more than a look at its code. */
final class SymbolConditions {
    /** No such column. */
    static final int NONE = -1;

    private SymbolConditions() {}

    /** The one column, or {@link #NONE}. */
    static int columnOf(Expression expression) {
        boolean costly = (expression instanceof Expression.Comparison comparison && !comparesCodes(comparison))
                || expression instanceof Expression.Call
                || expression instanceof Expression.Or;
        if (!costly || expression.type().kind() != TypeKind.BOOLEAN || !repeatable(expression)) {
            return NONE;
        }
        List<Expression.Column> columns =
                columns(expression).distinct().limit(2).toList();
        boolean one = columns.size() == 1 && columns.get(0).type().kind() == TypeKind.SYMBOL;
        return one ? columns.get(0).index() : NONE;
    }

    private static boolean comparesCodes(Expression.Comparison comparison) {
        boolean equality = comparison.operator() == Comparator.EQUAL || comparison.operator() == Comparator.NOT_EQUAL;
        return equality
                && (comparison.left() instanceof Expression.Column || comparison.right() instanceof Expression.Column);
    }

    private static boolean repeatable(Expression expression) {
        boolean itself =
                !(expression instanceof Expression.Call call) || call.function().deterministic();
        return itself && children(expression).allMatch(SymbolConditions::repeatable);
    }

    private static Stream<Expression.Column> columns(Expression expression) {
        if (expression instanceof Expression.Column column) {
            return Stream.of(column);
        }
        return children(expression).flatMap(SymbolConditions::columns);
    }

    private static Stream<Expression> children(Expression expression) {
        if (expression instanceof Expression.Call call) {
            return call.arguments().stream();
        }
        if (expression instanceof Expression.Cast cast) {
            return Stream.of(cast.input());
        }
        if (expression instanceof Expression.Comparison comparison) {
            return Stream.of(comparison.left(), comparison.right());
        }
        if (expression instanceof Expression.And and) {
            return and.terms().stream();
        }
        if (expression instanceof Expression.Or or) {
            return or.terms().stream();
        }
        if (expression instanceof Expression.Not not) {
            return Stream.of(not.input());
        }
        if (expression instanceof Expression.IsNull isNull) {
            return Stream.of(isNull.input());
        }
        if (expression instanceof Expression.IsTruth truth) {
            return Stream.of(truth.input());
        }
        if (expression instanceof Expression.InList list) {
            return Stream.of(list.input());
        }
        if (expression instanceof Expression.Case choice) {
            return Stream.of(choice.conditions(), choice.results(), List.of(choice.otherwise()))
                    .flatMap(List::stream);
        }
        if (expression instanceof Expression.NullIf nullIf) {
            return Stream.of(nullIf.input(), nullIf.other());
        }
        return expression instanceof Expression.Coalesce coalesce ? coalesce.arguments().stream() : Stream.empty();
    }
}
