package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.ExpressionTree;
import io.zeptodb.engine.plan.WindowCall;
import io.zeptodb.engine.plan.WindowCall.BoundKind;
import io.zeptodb.engine.plan.WindowCall.Exclusion;
import io.zeptodb.engine.plan.WindowCall.FrameUnit;
import org.jspecify.annotations.Nullable;

/**
 * A window call that needs only a few rows before the current one, so that it can be computed run by run.
 *
 * @param column the argument's column of the input, or -1 when there is none
 * @param back rows before the current one that count
 */
record RunCall(Function function, int column, int back) {
    /** More rows before the current one are not kept for each key. */
    static final int MOST_ROWS_BACK = 256;

    /** Which loop computes it. */
    enum Function {
        ROW_NUMBER,
        COUNT_ROWS,
        COUNT,
        SUM_LONGS,
        AVERAGE_LONGS,
        SUM_DOUBLES,
        AVERAGE_DOUBLES,
        MIN,
        MAX,
        LAG,
        FILL,
        EMA
    }

    /** The call in this form, or null when it has none. */
    static @Nullable RunCall of(WindowCall call, ExecutionContext context) {
        return switch (call.kind()) {
            case ROW_NUMBER -> new RunCall(Function.ROW_NUMBER, -1, 0);
            case LAG -> lag(call, context);
            case LAST_VALUE -> fill(call);
            case EMA, EMA_ALPHA, EMA_HALFLIFE -> average(call);
            case AGGREGATE -> aggregate(call, context);
            default -> null;
        };
    }

    private static @Nullable RunCall lag(WindowCall call, ExecutionContext context) {
        int column = column(call, 0);
        int back = call.arguments().size() < 2 ? 1 : rows(call.arguments().get(1), context);
        boolean fits = column >= 0 && back >= 0 && call.arguments().size() <= 2 && !call.ignoreNulls();
        return fits && RunHistory.holds(call.type().kind()) ? new RunCall(Function.LAG, column, back) : null;
    }

    /** The last value that is not NULL, of all rows up to the current one. */
    private static @Nullable RunCall fill(WindowCall call) {
        WindowCall.Frame frame = call.frame();
        int column = column(call, 0);
        boolean fits = call.ignoreNulls()
                && column >= 0
                && frame.unit() == FrameUnit.ROWS
                && frame.exclusion() == Exclusion.NONE
                && frame.start().kind() == BoundKind.UNBOUNDED_PRECEDING
                && frame.end().kind() == BoundKind.CURRENT_ROW;
        return fits && RunHistory.holds(call.type().kind()) ? new RunCall(Function.FILL, column, 1) : null;
    }

    private static @Nullable RunCall average(WindowCall call) {
        int column = column(call, 0);
        boolean timed = call.kind() == WindowCall.Kind.EMA_HALFLIFE;
        return column >= 0 && (!timed || column(call, 1) >= 0) ? new RunCall(Function.EMA, column, 1) : null;
    }

    private static @Nullable RunCall aggregate(WindowCall call, ExecutionContext context) {
        WindowCall.Frame frame = call.frame();
        if (call.aggregate() == null
                || frame.unit() != FrameUnit.ROWS
                || frame.exclusion() != Exclusion.NONE
                || frame.end().kind() != BoundKind.CURRENT_ROW
                || frame.start().kind() != BoundKind.PRECEDING
                || frame.start().offset() == null) {
            return null;
        }
        int back = rows(frame.start().offset(), context);
        int column = column(call, 0);
        if (back < 0 || (column < 0 && !call.arguments().isEmpty())) {
            return null;
        }
        String name = call.aggregate().name();
        if (column < 0) {
            return name.equals("count") ? new RunCall(Function.COUNT_ROWS, -1, back) : null;
        }
        TypeKind kind = call.arguments().get(0).type().kind();
        Function function = call.arguments().size() > 1 || !RunHistory.holds(kind) ? null : function(name, kind);
        return function == null ? null : new RunCall(function, column, back);
    }

    private static @Nullable Function function(String name, TypeKind kind) {
        boolean isDouble = kind == TypeKind.DOUBLE;
        boolean isLong = kind == TypeKind.BIGINT || kind == TypeKind.INTEGER;
        return switch (name) {
            case "count" -> Function.COUNT;
            case "sum" -> isDouble ? Function.SUM_DOUBLES : isLong ? Function.SUM_LONGS : null;
            case "avg" -> isDouble ? Function.AVERAGE_DOUBLES : isLong ? Function.AVERAGE_LONGS : null;
            case "min" -> kind == TypeKind.SYMBOL ? null : Function.MIN;
            case "max" -> kind == TypeKind.SYMBOL ? null : Function.MAX;
            default -> null;
        };
    }

    private static int column(WindowCall call, int argument) {
        return call.arguments().size() > argument && call.arguments().get(argument) instanceof Expression.Column column
                ? column.index()
                : -1;
    }

    /** A constant number of rows that is small enough, or -1. */
    private static int rows(Expression expression, ExecutionContext context) {
        Object value = ExpressionTree.isConstant(expression) ? Constants.evaluate(expression, context) : null;
        long rows = value instanceof Number number ? number.longValue() : -1;
        return rows < 0 || rows > MOST_ROWS_BACK ? -1 : (int) rows;
    }

    /** Whether doubles are kept as {@link OrderedLongs}. */
    boolean isExtreme() {
        return function == Function.MIN || function == Function.MAX;
    }
}
