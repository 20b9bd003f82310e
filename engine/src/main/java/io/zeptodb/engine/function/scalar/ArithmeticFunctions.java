package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.function.DecimalRules;
import io.zeptodb.engine.function.FunctionDefinition;
import io.zeptodb.engine.function.NullRule;
import io.zeptodb.engine.function.ScalarFunction;
import io.zeptodb.engine.function.ScalarKernel;
import io.zeptodb.engine.function.scalar.IntegerArithmetic.Operator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operators {@code + - * / %} and the sign, over numbers, times and intervals. */
public final class ArithmeticFunctions {
    private static final ColumnType TIMESTAMP = ColumnType.TIMESTAMP_NS;
    private static final ColumnType DAY = ColumnType.INTERVAL_DAY;
    private static final ColumnType MONTH = ColumnType.INTERVAL_MONTH;
    private static final ColumnType BIGINT = ColumnType.BIGINT;

    private ArithmeticFunctions() {}

    public static List<FunctionDefinition> definitions() {
        return new Section("Operators", ArithmeticFunctions::resolve)
                .add(
                        "+",
                        "a + b",
                        "Sum; of integers exact in the wider type (22003 when it does not fit). A TIMESTAMP, DATE or TIME and an interval,"
                                + " nanoseconds (DATE: days). A DATE and a TIME are a TIMESTAMP.",
                        "SELECT 1 + 2",
                        "3")
                .add(
                        "-",
                        "a - b",
                        "Difference, as +. Two TIMESTAMPs or TIMEs give BIGINT nanoseconds, two DATEs give days.",
                        "SELECT TIMESTAMP '2024-01-01 00:00:01' - TIMESTAMP '2024-01-01 00:00:00'",
                        "1000000000")
                .add(
                        "*",
                        "a * b",
                        "Product; exact for integers and DECIMAL (22003 when it does not fit). An interval may be multiplied by a number.",
                        "SELECT 6 * 7",
                        "42")
                .add(
                        "/",
                        "a / b",
                        "Quotient; of integers truncated toward zero, of DECIMAL rounded to 12 or more digits behind the point. Division by zero is"
                                + " an error (22012), for doubles too.",
                        "SELECT 7 / 2",
                        "3")
                .add(
                        "%",
                        "a % b",
                        "Remainder with the sign of a; also mod(a, b). A remainder by zero is an error (22012).",
                        "SELECT mod(-7, 3)",
                        "-1",
                        "mod")
                .add(
                        "negate",
                        "-a",
                        "The number or interval with the opposite sign (22003 for the smallest integer).",
                        "SELECT -(1 + 2)",
                        "-3")
                .definitions();
    }

    private static @Nullable ScalarFunction resolve(Call call) {
        if (call.name().equals("negate")) {
            return call.count() == 1 ? SignKernels.negate(call) : null;
        }
        if (call.count() != 2) {
            return null;
        }
        ScalarFunction numbers = numbers(call);
        if (numbers != null) {
            return numbers;
        }
        return switch (call.name()) {
            case "+" -> sums(call);
            case "-" -> differences(call);
            case "*" -> products(call);
            case "/" -> quotients(call);
            default -> null;
        };
    }

    private static Operator operator(String sign) {
        return switch (sign) {
            case "+" -> Operator.ADD;
            case "-" -> Operator.SUBTRACT;
            case "*" -> Operator.MULTIPLY;
            case "/" -> Operator.DIVIDE;
            default -> Operator.REMAINDER;
        };
    }

    private static @Nullable ScalarFunction numbers(Call call) {
        ColumnType left = call.isNull(0) ? call.type(1) : call.type(0);
        ColumnType right = call.isNull(1) ? left : call.type(1);
        if (left.kind() == TypeKind.NULL) {
            left = BIGINT;
            right = BIGINT;
        }
        if (!left.kind().isNumeric() || !right.kind().isNumeric()) {
            return null;
        }
        Operator operator = operator(call.name());
        if (left.kind().isFloat() || right.kind().isFloat()) {
            boolean real = left.kind() == TypeKind.REAL && right.kind() == TypeKind.REAL;
            ColumnType type = real ? ColumnType.REAL : ColumnType.DOUBLE;
            boolean divides = operator == Operator.DIVIDE || operator == Operator.REMAINDER;
            return divides
                    ? call.partial(type, FloatArithmetic.of(operator, type), type, type)
                    : call.total(type, FloatArithmetic.of(operator, type), type, type);
        }
        if (left.kind() == TypeKind.DECIMAL || right.kind() == TypeKind.DECIMAL) {
            ColumnType a = DecimalRules.decimalOf(left);
            ColumnType b = DecimalRules.decimalOf(right);
            ColumnType type = switch (operator) {
                case ADD, SUBTRACT -> DecimalRules.sum(a, b);
                case MULTIPLY -> DecimalRules.product(a, b);
                case DIVIDE -> DecimalRules.quotient(a, b);
                case REMAINDER -> DecimalRules.remainder(a, b);
            };
            return call.partial(type, DecimalArithmetic.of(operator, a, b, type), a, b);
        }
        ColumnType wider = left.width() >= right.width() ? left : right;
        return call.partial(wider, IntegerArithmetic.of(operator, wider), wider, wider);
    }

    private static @Nullable ScalarFunction exact(
            Call call, Operator operator, ColumnType result, ColumnType left, ColumnType right) {
        return call.partial(result, IntegerArithmetic.of(operator, result), left, right);
    }

    /** The overloads of + that are not of two numbers; also of date_add. */
    static @Nullable ScalarFunction sums(Call call) {
        TypeKind left = call.kind(0);
        TypeKind right = call.kind(1);
        if (isPoint(left) && right == TypeKind.TIME) {
            return exact(call, Operator.ADD, TIMESTAMP, TIMESTAMP, ColumnType.TIME);
        }
        if (left == TypeKind.TIME && isPoint(right)) {
            return exact(call, Operator.ADD, TIMESTAMP, ColumnType.TIME, TIMESTAMP);
        }
        boolean swapped = !isStep(right) && (isStep(left) || left == TypeKind.NULL);
        ScalarFunction sum = swapped
                ? shifted(call, Operator.ADD, call.type(1), call.type(0), true)
                : shifted(call, Operator.ADD, call.type(0), call.type(1), false);
        if (sum != null) {
            return sum;
        }
        return intervals(call, Operator.ADD);
    }

    private static @Nullable ScalarFunction differences(Call call) {
        TypeKind left = call.kind(0);
        TypeKind right = call.kind(1);
        if (left == TypeKind.DATE && right == TypeKind.DATE) {
            return exact(call, Operator.SUBTRACT, ColumnType.INTEGER, ColumnType.DATE, ColumnType.DATE);
        }
        if (left == TypeKind.TIME && right == TypeKind.TIME) {
            return exact(call, Operator.SUBTRACT, BIGINT, ColumnType.TIME, ColumnType.TIME);
        }
        if (isPoint(left) && isPoint(right)) {
            return exact(call, Operator.SUBTRACT, BIGINT, TIMESTAMP, TIMESTAMP);
        }
        ScalarFunction difference = shifted(call, Operator.SUBTRACT, call.type(0), call.type(1), false);
        return difference != null ? difference : intervals(call, Operator.SUBTRACT);
    }

    private static boolean isPoint(TypeKind kind) {
        return kind == TypeKind.TIMESTAMP || kind == TypeKind.DATE;
    }

    /** What may be added to a point in time. */
    private static boolean isStep(TypeKind kind) {
        return kind.isInteger() || kind == TypeKind.INTERVAL_DAY || kind == TypeKind.INTERVAL_MONTH;
    }

    /** A point in time moved by an interval, by nanoseconds or, for a DATE, by days. */
    private static @Nullable ScalarFunction shifted(
            Call call, Operator operator, ColumnType point, ColumnType step, boolean swapped) {
        boolean days = point.kind() == TypeKind.DATE && (step.kind().isInteger() || step.kind() == TypeKind.NULL);
        if (days) {
            return days(call, operator, swapped);
        }
        int sign = operator == Operator.ADD ? 1 : -1;
        if (point.kind() == TypeKind.TIME && step.kind() != TypeKind.INTERVAL_MONTH) {
            ColumnType by = step.kind() == TypeKind.INTERVAL_DAY ? DAY : BIGINT;
            return swap(call, swapped, point, TemporalArithmetic.clock(sign, swapped), point, by);
        }
        if (!isPoint(point.kind())) {
            return null;
        }
        if (step.kind() == TypeKind.INTERVAL_MONTH) {
            return swap(call, swapped, TIMESTAMP, TemporalArithmetic.months(sign, swapped), TIMESTAMP, MONTH);
        }
        ColumnType by = step.kind() == TypeKind.INTERVAL_DAY ? DAY : BIGINT;
        return swap(call, swapped, TIMESTAMP, IntegerArithmetic.of(operator, TIMESTAMP), TIMESTAMP, by);
    }

    /** Days are INTEGERs; a BIGINT of them is cast, for one that does not fit leads to no DATE. */
    private static ScalarFunction days(Call call, Operator operator, boolean swapped) {
        List<ColumnType> parameters =
                swapped ? List.of(ColumnType.INTEGER, ColumnType.DATE) : List.of(ColumnType.DATE, ColumnType.INTEGER);
        ScalarKernel kernel = IntegerArithmetic.of(operator, ColumnType.DATE);
        return new ScalarFunction(call.name(), parameters, ColumnType.DATE, NullRule.STRICT, true, true, kernel);
    }

    private static @Nullable ScalarFunction swap(
            Call call, boolean swapped, ColumnType result, ScalarKernel kernel, ColumnType point, ColumnType step) {
        return swapped ? call.partial(result, kernel, step, point) : call.partial(result, kernel, point, step);
    }

    private static @Nullable ScalarFunction intervals(Call call, Operator operator) {
        if (call.kind(0) == TypeKind.INTERVAL_MONTH || call.kind(1) == TypeKind.INTERVAL_MONTH) {
            return exact(call, operator, MONTH, MONTH, MONTH);
        }
        if (call.kind(0) == TypeKind.INTERVAL_DAY || call.kind(1) == TypeKind.INTERVAL_DAY) {
            ColumnType left = call.kind(0).isInteger() ? BIGINT : DAY;
            ColumnType right = call.kind(1).isInteger() ? BIGINT : DAY;
            return exact(call, operator, DAY, left, right);
        }
        return null;
    }

    private static @Nullable ScalarFunction products(Call call) {
        boolean swapped = call.kind(1) == TypeKind.INTERVAL_DAY || call.kind(1) == TypeKind.INTERVAL_MONTH;
        ColumnType interval = call.type(swapped ? 1 : 0);
        TypeKind factor = call.kind(swapped ? 0 : 1);
        if (interval.kind() == TypeKind.INTERVAL_MONTH) {
            return swap(
                    call, swapped, MONTH, IntegerArithmetic.of(Operator.MULTIPLY, MONTH), MONTH, ColumnType.INTEGER);
        }
        if (interval.kind() != TypeKind.INTERVAL_DAY) {
            return null;
        }
        if (factor.isInteger() || factor == TypeKind.NULL) {
            return swap(call, swapped, DAY, IntegerArithmetic.of(Operator.MULTIPLY, DAY), DAY, BIGINT);
        }
        return swap(call, swapped, DAY, TemporalArithmetic.scaled(false, swapped), DAY, ColumnType.DOUBLE);
    }

    private static @Nullable ScalarFunction quotients(Call call) {
        if (call.kind(0) == TypeKind.INTERVAL_MONTH) {
            return exact(call, Operator.DIVIDE, MONTH, MONTH, ColumnType.INTEGER);
        }
        if (call.kind(0) != TypeKind.INTERVAL_DAY) {
            return null;
        }
        if (call.kind(1).isInteger() || call.isNull(1)) {
            return exact(call, Operator.DIVIDE, DAY, DAY, BIGINT);
        }
        return call.partial(DAY, TemporalArithmetic.scaled(true, false), DAY, ColumnType.DOUBLE);
    }
}
