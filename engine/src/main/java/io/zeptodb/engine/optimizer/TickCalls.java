package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.function.AggregateFunction;
import io.zeptodb.engine.function.WindowFunction;
import io.zeptodb.engine.function.WindowFunction.Constant;
import io.zeptodb.engine.function.scalar.RowsBefore;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Call;
import io.zeptodb.engine.plan.Expression.Column;
import io.zeptodb.engine.plan.Expression.Literal;
import io.zeptodb.engine.plan.Expression.NullIf;
import io.zeptodb.engine.plan.WindowCall;
import io.zeptodb.engine.plan.WindowCall.Bound;
import io.zeptodb.engine.plan.WindowCall.BoundKind;
import io.zeptodb.engine.plan.WindowCall.Exclusion;
import io.zeptodb.engine.plan.WindowCall.Frame;
import io.zeptodb.engine.plan.WindowCall.FrameUnit;
import io.zeptodb.engine.plan.WindowCall.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The window functions for ticks in terms of the standard's: a moving sum is a sum over a frame of rows, fills the last value that is not NULL,
 * delta and ratio are computed from a lag. The family of ema is of its own kind.
 */
final class TickCalls {
    private static final Bound FIRST = new Bound(BoundKind.UNBOUNDED_PRECEDING, null);
    private static final Bound CURRENT = new Bound(BoundKind.CURRENT_ROW, null);
    private static final Frame RUNNING = new Frame(FrameUnit.ROWS, FIRST, CURRENT, Exclusion.NONE);

    private static final Map<String, String> MOVING =
            Map.of("msum", "sum", "mavg", "avg", "mmin", "min", "mmax", "max", "mcount", "count", "mdev", "stddev_pop");

    private static final Map<String, Kind> KINDS = Map.of(
            "prev", Kind.LAG,
            "next", Kind.LEAD,
            "delta", Kind.LAG,
            "ratio", Kind.LAG,
            "fills", Kind.LAST_VALUE,
            "ema", Kind.EMA,
            "ema_alpha", Kind.EMA_ALPHA,
            "ema_halflife", Kind.EMA_HALFLIFE);

    private final LoweringContext context;

    TickCalls(LoweringContext context) {
        this.context = context;
    }

    /** Finds the column below the windows that holds an expression. */
    interface Inputs {
        Expression columnOf(Expression expression);
    }

    /**
     * Makes the call of a function of the registry.
     *
     * @param given the arguments as they were lowered
     */
    WindowCall call(WindowFunction function, List<Expression> given, boolean ignoreNulls, String name, Inputs inputs) {
        List<Expression> arguments = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            arguments.add(
                    context.conversion().to(given.get(i), function.parameters().get(i)));
        }
        int last = arguments.size() - 1;
        Constant constant = function.constant();
        if (constant != null) {
            arguments.set(last, constant(function.name(), constant, arguments.get(last)));
        }
        int values = constant == null ? arguments.size() : last;
        for (int i = 0; i < values; i++) {
            arguments.set(i, inputs.columnOf(arguments.get(i)));
        }
        String aggregate = MOVING.get(function.name());
        if (aggregate != null) {
            return moving(function, aggregate, arguments, name);
        }
        Kind kind = KINDS.get(function.name());
        if (kind == null) {
            throw Unsupported.construct("window function " + function.name());
        }
        boolean fills = kind == Kind.LAST_VALUE;
        boolean picks = fills || kind == Kind.LAG || kind == Kind.LEAD;
        ColumnType type = picks ? arguments.get(0).type() : function.result();
        return new WindowCall(kind, null, arguments, RUNNING, fills || ignoreNulls, type, name);
    }

    private Expression constant(String function, Constant constant, Expression argument) {
        Expression folded = context.folding().foldTree(argument);
        if (folded instanceof Literal literal) {
            Number value = literal.value() instanceof Number number ? number : null;
            if (value == null || !constant.allows(value.doubleValue())) {
                throw new EngineException(
                        ErrorCode.INVALID_ARGUMENT,
                        "function " + function + "(…): " + constant.refusal(function, value));
            }
        }
        return folded;
    }

    private WindowCall moving(WindowFunction function, String aggregate, List<Expression> arguments, String name) {
        AggregateFunction made = context.functions()
                .aggregate(aggregate, List.of(arguments.get(0).type()));
        Expression rows = arguments.get(1);
        Expression before = rows instanceof Literal literal && literal.value() instanceof Number number
                ? new Literal(number.longValue() - 1, ColumnType.BIGINT)
                : new Call(RowsBefore.of(function.name()), List.of(rows));
        Frame frame = new Frame(FrameUnit.ROWS, new Bound(BoundKind.PRECEDING, before), CURRENT, Exclusion.NONE);
        return new WindowCall(Kind.AGGREGATE, made, arguments.subList(0, 1), frame, false, made.result(), name);
    }

    /** What is computed from the result of the call, for delta and ratio; null when the call's result is the function's. */
    @Nullable
    Expression over(String function, WindowCall call, Column result) {
        Expression value = call.arguments().get(0);
        return switch (function) {
            case "delta" ->
                new Call(context.functions().scalar("-", List.of(value.type(), value.type())), List.of(value, result));
            case "ratio" ->
                new Call(
                        context.functions().scalar("/", List.of(ColumnType.DOUBLE, ColumnType.DOUBLE)),
                        List.of(value, new NullIf(result, new Literal(0.0, ColumnType.DOUBLE), ColumnType.DOUBLE)));
            default -> null;
        };
    }
}
