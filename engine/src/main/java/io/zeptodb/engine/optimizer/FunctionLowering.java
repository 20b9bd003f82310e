package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.function.ScalarFunction;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Call;
import io.zeptodb.engine.plan.Expression.Literal;
import io.zeptodb.engine.plan.Expression.Not;
import io.zeptodb.engine.sql.ast.IntervalNanos;
import io.zeptodb.engine.sql.type.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.fun.SqlLikeOperator;
import org.apache.calcite.sql.fun.SqlTrimFunction;

/** Calls of functions and operators: finds the registry's name, resolves the overload, casts the arguments to its parameters. */
final class FunctionLowering {
    /** Names of Calcite's own operators, where the registry has another one. */
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("character_length", "char_length"),
            Map.entry("similar to", "similar_to"),
            Map.entry("mod", "%"),
            Map.entry("localtimestamp", "now"),
            Map.entry("current_timestamp", "now"),
            Map.entry("ceiling", "ceil"),
            Map.entry("dateplus", "+"));

    private final LoweringContext context;
    private final ExpressionLowering expressions;

    FunctionLowering(LoweringContext context, ExpressionLowering expressions) {
        this.context = context;
        this.expressions = expressions;
    }

    Expression call(RexCall call) {
        List<RexNode> operands = call.getOperands();
        return switch (call.getKind()) {
            case PLUS -> plus(operands);
            case MINUS -> function("-", operands.subList(0, 2));
            case TIMES -> function("*", operands);
            case DIVIDE -> function("/", operands);
            case MOD -> function("%", operands);
            case MINUS_PREFIX -> function("negate", operands);
            case PLUS_PREFIX -> expressions.lower(operands.get(0));
            case LIKE -> like(call);
            case FLOOR, CEIL -> operands.size() == 2 ? roundToUnit(call) : named(call);
            case EXTRACT -> unitFirst("date_part", (RexLiteral) operands.get(0), operands.get(1));
            case TRIM -> trim(operands);
            default -> named(call);
        };
    }

    private Expression named(RexCall call) {
        if (call.getOperator() instanceof IntervalNanos) {
            Literal nanos = Literals.of((RexLiteral) call.getOperands().get(0));
            return new Literal(nanos.value(), ColumnType.INTERVAL_DAY);
        }
        String name = call.getOperator().getName().toLowerCase(Locale.ROOT);
        return switch (name) {
            case "current_date" -> convert(function("now", List.of()), ColumnType.DATE);
            case "current_time", "localtime" -> convert(function("now", List.of()), ColumnType.TIME);
            case "current_timestamp", "localtimestamp" -> function("now", List.of());
            case "similar to" -> like(call);
            case "round", "trunc" -> rounded(function(name, call.getOperands()), Types.toEngine(call.getType()));
            default -> function(NAMES.getOrDefault(name, name), call.getOperands());
        };
    }

    /** The overload keeps the digits of its argument; the validator knew how many are left. */
    private Expression rounded(Expression result, ColumnType known) {
        boolean fewer = result.type().kind() == TypeKind.DECIMAL
                && known.kind() == TypeKind.DECIMAL
                && known.scale() < result.type().scale();
        return fewer ? convert(result, known) : result;
    }

    private Expression convert(Expression expression, ColumnType type) {
        return context.conversion().to(expression, type);
    }

    /** The registry has the time left of the interval. */
    private Expression plus(List<RexNode> operands) {
        List<Expression> arguments = expressions.lowerAll(operands);
        if (isInterval(arguments.get(0)) && isTime(arguments.get(1))) {
            arguments = List.of(arguments.get(1), arguments.get(0));
        }
        return resolve("+", arguments);
    }

    private static boolean isInterval(Expression expression) {
        TypeKind kind = expression.type().kind();
        return kind == TypeKind.INTERVAL_DAY || kind == TypeKind.INTERVAL_MONTH;
    }

    private static boolean isTime(Expression expression) {
        TypeKind kind = expression.type().kind();
        return kind == TypeKind.DATE || kind == TypeKind.TIME || kind == TypeKind.TIMESTAMP;
    }

    private Expression like(RexCall call) {
        String name = call.getOperator().getName().toLowerCase(Locale.ROOT);
        boolean negated = call.getOperator() instanceof SqlLikeOperator operator && operator.isNegated();
        String positive = name.startsWith("not ") ? name.substring("not ".length()) : name;
        Expression matches = function(NAMES.getOrDefault(positive, positive), call.getOperands());
        return negated ? new Not(context.folding().fold(matches)) : matches;
    }

    private Expression roundToUnit(RexCall call) {
        if (call.getOperator().getName().equalsIgnoreCase("FLOOR")) {
            return unitFirst(
                    "date_trunc",
                    (RexLiteral) call.getOperands().get(1),
                    call.getOperands().get(0));
        }
        throw Unsupported.because("CEIL(… TO unit)", "use date_trunc and add one unit");
    }

    private Expression unitFirst(String function, RexLiteral unit, RexNode value) {
        Literal name = new Literal(text(unit).toLowerCase(Locale.ROOT), ColumnType.VARCHAR);
        return resolve(function, List.of(name, expressions.lower(value)));
    }

    private Expression trim(List<RexNode> operands) {
        if (!(operands.get(0) instanceof RexLiteral flag)) {
            return function("trim", operands);
        }
        String name = switch (SqlTrimFunction.Flag.valueOf(text(flag))) {
            case BOTH -> "trim";
            case LEADING -> "ltrim";
            case TRAILING -> "rtrim";
        };
        return resolve(name, expressions.lowerAll(List.of(operands.get(2), operands.get(1))));
    }

    private static String text(RexLiteral symbol) {
        return String.valueOf(symbol.getValue());
    }

    private Expression function(String name, List<RexNode> operands) {
        return resolve(name, expressions.lowerAll(operands));
    }

    /** A call of the overload that takes these arguments, each cast to its parameter. */
    Expression resolve(String name, List<Expression> arguments) {
        ScalarFunction function = context.functions()
                .scalar(name, arguments.stream().map(Expression::type).toList());
        List<Expression> converted = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            converted.add(convert(arguments.get(i), function.parameters().get(i)));
        }
        return new Call(function, converted, context.place().get());
    }
}
