package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.plan.Expression;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an expression means, one row of objects at a time: the model that evaluation is compared with. */
final class NaiveExpressions {
    private NaiveExpressions() {}

    /** What the functions of a test do with arguments that are not NULL. */
    interface Functions {
        @Nullable
        Object call(String name, List<@Nullable Object> arguments);
    }

    static @Nullable Object evaluate(Expression expression, List<? extends @Nullable Object> row, Functions functions) {
        if (expression instanceof Expression.Column column) {
            return row.get(column.index());
        }
        if (expression instanceof Expression.Literal literal) {
            return literal.value();
        }
        if (expression instanceof Expression.Call call) {
            List<@Nullable Object> arguments = call.arguments().stream()
                    .<@Nullable Object>map(argument -> evaluate(argument, row, functions))
                    .collect(java.util.stream.Collectors.toCollection(java.util.ArrayList::new));
            return arguments.contains(null)
                    ? null
                    : functions.call(call.function().name(), arguments);
        }
        if (expression instanceof Expression.Cast cast) {
            return evaluate(cast.input(), row, functions);
        }
        if (expression instanceof Expression.Case choice) {
            for (int i = 0; i < choice.conditions().size(); i++) {
                if (Boolean.TRUE.equals(evaluate(choice.conditions().get(i), row, functions))) {
                    return evaluate(choice.results().get(i), row, functions);
                }
            }
            return evaluate(choice.otherwise(), row, functions);
        }
        if (expression instanceof Expression.Coalesce coalesce) {
            for (Expression argument : coalesce.arguments()) {
                Object value = evaluate(argument, row, functions);
                if (value != null) {
                    return value;
                }
            }
            return null;
        }
        return condition(expression, row, functions);
    }

    private static @Nullable Boolean condition(
            Expression expression, List<? extends @Nullable Object> row, Functions functions) {
        if (expression instanceof Expression.Comparison comparison) {
            return comparison(
                    comparison.operator(),
                    evaluate(comparison.left(), row, functions),
                    evaluate(comparison.right(), row, functions));
        }
        if (expression instanceof Expression.And and) {
            return connective(and.terms(), false, row, functions);
        }
        if (expression instanceof Expression.Or or) {
            return connective(or.terms(), true, row, functions);
        }
        if (expression instanceof Expression.Not not) {
            Boolean value = (Boolean) evaluate(not.input(), row, functions);
            return value == null ? null : !value;
        }
        if (expression instanceof Expression.IsNull isNull) {
            return (evaluate(isNull.input(), row, functions) == null) != isNull.negated();
        }
        if (expression instanceof Expression.IsTruth truth) {
            Object value = evaluate(truth.input(), row, functions);
            return (value != null && (Boolean) value == truth.truth()) != truth.negated();
        }
        Expression.InList list = (Expression.InList) expression;
        Object value = evaluate(list.input(), row, functions);
        if (value == null) {
            return null;
        }
        return list.values().stream().anyMatch(member -> compare(value, member.value()) == 0) != list.negated();
    }

    private static @Nullable Boolean connective(
            List<Expression> terms, boolean decisive, List<? extends @Nullable Object> row, Functions functions) {
        boolean unknown = false;
        for (Expression term : terms) {
            Boolean value = (Boolean) evaluate(term, row, functions);
            if (value == null) {
                unknown = true;
            } else if (value == decisive) {
                return decisive;
            }
        }
        return unknown ? null : !decisive;
    }

    private static @Nullable Boolean comparison(
            Expression.Comparator operator, @Nullable Object left, @Nullable Object right) {
        boolean distinct = operator == Expression.Comparator.DISTINCT || operator == Expression.Comparator.NOT_DISTINCT;
        if (left == null || right == null) {
            boolean same = left == null && right == null;
            return distinct ? same == (operator == Expression.Comparator.NOT_DISTINCT) : null;
        }
        int order = compare(left, right);
        return switch (operator) {
            case EQUAL, NOT_DISTINCT -> order == 0;
            case NOT_EQUAL, DISTINCT -> order != 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
        };
    }

    /** The order of SQL: NaN equal and greatest, the zeros equal, texts by code point, bytes unsigned. */
    static int compare(Object left, @Nullable Object right) {
        if (left instanceof String text) {
            return Arrays.compareUnsigned(
                    text.getBytes(StandardCharsets.UTF_8), ((String) right).getBytes(StandardCharsets.UTF_8));
        }
        if (left instanceof byte[] bytes) {
            return Arrays.compareUnsigned(bytes, (byte[]) right);
        }
        if (left instanceof Boolean truth) {
            return truth.compareTo((Boolean) right);
        }
        if (left instanceof BigDecimal decimal) {
            return decimal.compareTo((BigDecimal) right);
        }
        if (left instanceof Double number) {
            return Double.compare(number + 0.0, (Double) right + 0.0);
        }
        return ((Long) left).compareTo((Long) right);
    }
}
