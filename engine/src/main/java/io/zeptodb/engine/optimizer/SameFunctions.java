package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.function.ScalarFunction;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Call;
import io.zeptodb.engine.plan.ExpressionTree;
import io.zeptodb.engine.plan.TimeBound;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes expressions of two statements comparable: each resolves its functions for itself, and functions with kernels of their own are not equal. What
 * this gives is equal when the names, types and arguments are. To be compared only, not to be computed.
 */
final class SameFunctions {
    private record Signature(String name, List<ColumnType> parameters, ColumnType result) {}

    private final Map<Signature, ScalarFunction> functions = new HashMap<>();

    Expression of(Expression expression) {
        return ExpressionTree.rewrite(
                expression,
                each -> each instanceof Call call ? new Call(one(call.function()), call.arguments()) : each);
    }

    private ScalarFunction one(ScalarFunction function) {
        Signature signature = new Signature(function.name(), function.parameters(), function.result());
        return functions.computeIfAbsent(signature, key -> function);
    }

    @Nullable
    Expression ofNullable(@Nullable Expression expression) {
        return expression == null ? null : of(expression);
    }

    List<Expression> all(List<Expression> expressions) {
        return expressions.stream().map(this::of).toList();
    }

    TimeBound bound(TimeBound bound) {
        return new TimeBound(bound.operator(), of(bound.value()));
    }

    List<TimeBound> bounds(List<TimeBound> bounds) {
        return bounds.stream().map(this::bound).toList();
    }
}
