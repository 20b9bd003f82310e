package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.function.NullRule;
import io.zeptodb.engine.function.ScalarFunction;
import io.zeptodb.engine.kernel.Memory;
import io.zeptodb.engine.plan.Expression;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Random values, and random expressions over columns of given types. */
final class ExpressionRandom {
    static final List<ColumnType> TYPES = List.of(
            ColumnType.BOOLEAN,
            ColumnType.TINYINT,
            ColumnType.SMALLINT,
            ColumnType.INTEGER,
            ColumnType.BIGINT,
            ColumnType.REAL,
            ColumnType.DOUBLE,
            ColumnType.decimal(30, 2),
            ColumnType.VARCHAR,
            ColumnType.SYMBOL,
            ColumnType.VARBINARY,
            ColumnType.DATE,
            ColumnType.TIME,
            ColumnType.TIMESTAMP_NS,
            ColumnType.INTERVAL_DAY,
            ColumnType.INTERVAL_MONTH);

    static final List<String> TEXTS = List.of(
            "",
            "a",
            "a\0",
            "ab",
            "AAPL",
            "exactly 12 by",
            "exactly 12 b",
            "a text too long for its view",
            "a text too long for its view, twice",
            "\u00e9",
            "\uffee",
            "\ud83d\ude00",
            "z");

    /** 1000 / x, an error for 0: must never see a row that a condition excludes. */
    static final ScalarFunction DIVIDE = new ScalarFunction(
            "divide",
            List.of(ColumnType.BIGINT),
            ColumnType.BIGINT,
            NullRule.STRICT,
            true,
            true,
            (arguments, selection, rows, result, context) -> {
                int count = selection == null ? rows : selection.count();
                for (int i = 0; i < count; i++) {
                    int at = selection == null ? i : selection.positions()[i];
                    if (arguments[0].isNull(at)) {
                        throw new IllegalStateException("a strict function that may fail was given NULL");
                    }
                    long divisor = arguments[0].getLong(at);
                    if (divisor == 0) {
                        throw new EngineException(ErrorCode.DIVISION_BY_ZERO, "division by zero");
                    }
                    result.setLong(at, 1000 / divisor);
                }
            });

    /** -x, over all positions. */
    static final ScalarFunction NEGATE = new ScalarFunction(
            "negate",
            List.of(ColumnType.BIGINT),
            ColumnType.BIGINT,
            NullRule.STRICT,
            false,
            true,
            (arguments, selection, rows, result, context) -> {
                long to = result.data();
                for (int i = 0; i < rows; i++) {
                    Memory.putLong(to + 8L * i, -arguments[0].getLong(i));
                }
            });

    /** x || '!', a text, over the selected positions. */
    static final ScalarFunction SHOUT = new ScalarFunction(
            "shout",
            List.of(ColumnType.VARCHAR),
            ColumnType.VARCHAR,
            NullRule.STRICT,
            false,
            true,
            (arguments, selection, rows, result, context) -> {
                int count = selection == null ? rows : selection.count();
                for (int i = 0; i < count; i++) {
                    int at = selection == null ? i : selection.positions()[i];
                    result.setText(
                            at, new String(arguments[0].getBytes(at), java.nio.charset.StandardCharsets.UTF_8) + "!");
                }
            });

    /** Whether the text has an even number of bytes, over all positions. */
    static final ScalarFunction EVEN = new ScalarFunction(
            "even",
            List.of(ColumnType.VARCHAR),
            ColumnType.BOOLEAN,
            NullRule.STRICT,
            false,
            true,
            (arguments, selection, rows, result, context) -> {
                for (int i = 0; i < rows; i++) {
                    result.setBoolean(i, arguments[0].viewLength(i) % 2 == 0);
                }
            });

    private final Random random;
    private final List<ColumnType> columns;

    ExpressionRandom(Random random, List<ColumnType> columns) {
        this.random = random;
        this.columns = columns;
    }

    @Nullable
    Object value(ColumnType type, double nulls) {
        return random.nextDouble() < nulls ? null : value(type);
    }

    Object value(ColumnType type) {
        boolean edge = random.nextInt(20) == 0;
        int small = random.nextInt(7) - 3;
        return switch (type.kind()) {
            case BOOLEAN -> random.nextBoolean();
            case TINYINT -> edge ? (long) (random.nextBoolean() ? Byte.MIN_VALUE : Byte.MAX_VALUE) : small;
            case SMALLINT -> edge ? (long) (random.nextBoolean() ? Short.MIN_VALUE : Short.MAX_VALUE) : small;
            case INTEGER, DATE, INTERVAL_MONTH ->
                edge ? (long) (random.nextBoolean() ? Integer.MIN_VALUE : Integer.MAX_VALUE) : small;
            case BIGINT, TIME, TIMESTAMP, INTERVAL_DAY ->
                edge ? (random.nextBoolean() ? Long.MIN_VALUE : Long.MAX_VALUE) : small;
            case REAL, DOUBLE -> floating(small);
            case DECIMAL ->
                new BigDecimal(
                        edge ? BigInteger.TEN.pow(29).multiply(BigInteger.valueOf(small)) : BigInteger.valueOf(small),
                        type.scale());
            case VARCHAR, SYMBOL -> TEXTS.get(random.nextInt(TEXTS.size()));
            case VARBINARY -> new byte[] {(byte) small, (byte) random.nextInt()};
            case NULL, ARRAY, ROW -> throw new IllegalArgumentException(type + " has no random value");
        };
    }

    private Double floating(int small) {
        return switch (random.nextInt(12)) {
            case 0 -> Double.NaN;
            case 1 -> -0.0;
            case 2 -> Double.POSITIVE_INFINITY;
            case 3 -> Double.NEGATIVE_INFINITY;
            case 4 -> Double.longBitsToDouble(0xFFF8000000000000L);
            default -> small * 0.5;
        };
    }

    Expression condition(int depth) {
        int kind = depth == 0 ? 7 + random.nextInt(3) : random.nextInt(10);
        return switch (kind) {
            case 0, 1 -> new Expression.And(conditions(depth));
            case 2, 3 -> new Expression.Or(conditions(depth));
            case 4 -> new Expression.Not(condition(depth - 1));
            case 5 -> new Expression.IsTruth(condition(depth - 1), random.nextBoolean(), random.nextBoolean());
            case 6 -> new Expression.IsNull(any(depth - 1), random.nextBoolean());
            case 7 -> inList(depth);
            case 8 -> new Expression.Call(EVEN, List.of(text(depth - 1)));
            default -> comparison(depth);
        };
    }

    private List<Expression> conditions(int depth) {
        List<Expression> terms = new ArrayList<>();
        for (int i = 0; i < 2 + random.nextInt(2); i++) {
            terms.add(condition(depth - 1));
        }
        return terms;
    }

    private Expression inList(int depth) {
        Expression input = any(depth - 1);
        List<Expression.Literal> values = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(10); i++) {
            values.add(new Expression.Literal(value(input.type()), input.type()));
        }
        return new Expression.InList(input, values, random.nextBoolean());
    }

    private Expression comparison(int depth) {
        Expression.Comparator[] operators = Expression.Comparator.values();
        Expression.Comparator operator = operators[random.nextInt(operators.length)];
        Expression left = any(depth - 1);
        Expression right;
        if (left.type().kind().isText() && random.nextBoolean()) {
            right = random.nextBoolean() ? text(depth - 1) : of(ColumnType.SYMBOL, 0);
        } else {
            right = of(left.type(), depth - 1);
        }
        return random.nextBoolean()
                ? new Expression.Comparison(operator, left, right)
                : new Expression.Comparison(operator, right, left);
    }

    private Expression text(int depth) {
        return of(ColumnType.VARCHAR, depth);
    }

    Expression any(int depth) {
        return of(TYPES.get(random.nextInt(TYPES.size())), depth);
    }

    /** An expression of this type. */
    Expression of(ColumnType type, int depth) {
        int kind = depth <= 0 ? random.nextInt(4) : random.nextInt(9);
        return switch (kind) {
            case 0 -> new Expression.Literal(type.kind() == TypeKind.SYMBOL ? null : value(type, 0.1), type);
            case 4 ->
                new Expression.Case(
                        List.of(condition(depth - 1), condition(depth - 1)),
                        List.of(same(type, depth - 1), same(type, depth - 1)),
                        same(type, depth - 1),
                        type);
            case 5 ->
                new Expression.Coalesce(
                        List.of(same(type, depth - 1), same(type, depth - 1), same(type, depth - 1)), type);
            case 6 -> call(type, depth);
            default -> column(type);
        };
    }

    /** Symbols of several dictionaries do not meet in one value. */
    private Expression same(ColumnType type, int depth) {
        return type.kind() == TypeKind.SYMBOL ? firstColumn(type) : of(type, depth);
    }

    private Expression call(ColumnType type, int depth) {
        return switch (type.kind()) {
            case BIGINT -> {
                Expression input = of(type, depth - 1);
                yield random.nextBoolean() ? new Expression.Call(NEGATE, List.of(input)) : divided(input);
            }
            case VARCHAR -> new Expression.Call(SHOUT, List.of(of(type, depth - 1)));
            case BOOLEAN -> condition(depth - 1);
            default -> column(type);
        };
    }

    /** CASE WHEN x <> 0 THEN 1000 / x END. */
    private static Expression divided(Expression input) {
        return new Expression.Case(
                List.of(new Expression.Comparison(
                        Expression.Comparator.NOT_EQUAL, input, new Expression.Literal(0L, ColumnType.BIGINT))),
                List.of(new Expression.Call(DIVIDE, List.of(input))),
                new Expression.Literal(null, ColumnType.BIGINT),
                ColumnType.BIGINT);
    }

    private Expression column(ColumnType type) {
        List<Integer> fitting = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).equals(type)) {
                fitting.add(i);
            }
        }
        return new Expression.Column(fitting.get(random.nextInt(fitting.size())), type);
    }

    private Expression firstColumn(ColumnType type) {
        return new Expression.Column(columns.indexOf(type), type);
    }

    static @Nullable Object call(String name, List<@Nullable Object> arguments) {
        Object argument = arguments.get(0);
        return switch (name) {
            case "divide" -> 1000 / (Long) argument;
            case "negate" -> -(Long) argument;
            case "shout" -> argument + "!";
            case "even" -> ((String) argument).getBytes(java.nio.charset.StandardCharsets.UTF_8).length % 2 == 0;
            default -> throw new IllegalArgumentException(name);
        };
    }
}
