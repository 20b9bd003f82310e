package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.function.FunctionDefinition;
import io.zeptodb.engine.function.ScalarFunction;
import io.zeptodb.engine.function.ScalarKernel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Functions of numbers: the documentation's sections "Numbers" and "Space". */
public final class NumberFunctions {
    static final ColumnType DOUBLE = ColumnType.DOUBLE;
    static final ColumnType BIGINT = ColumnType.BIGINT;
    static final ColumnType BOOLEAN = ColumnType.BOOLEAN;

    private static final double LN_2 = Math.log(2);

    private NumberFunctions() {}

    public static List<FunctionDefinition> definitions() {
        List<FunctionDefinition> definitions = new ArrayList<>(rounding());
        definitions.addAll(analysis());
        definitions.addAll(chance());
        definitions.addAll(trigonometry());
        definitions.addAll(integers());
        definitions.addAll(space());
        return definitions;
    }

    private static List<FunctionDefinition> rounding() {
        return new Section("Numbers", NumberFunctions::rounded)
                .add(
                        "abs",
                        "abs(x)",
                        "The number without its sign; 22003 for the smallest integer.",
                        "SELECT abs(-5)",
                        "5")
                .add("sign", "sign(x)", "-1, 0 or 1.", "SELECT sign(-2.5)", "-1")
                .add(
                        "round",
                        "round(x [, places])",
                        "The nearest number with so many digits after the point (0 when not given, negative ones before it); halves away from zero, for"
                                + " doubles too. The type stays, but a DECIMAL has no digits behind places that are a literal.",
                        "SELECT round(2.345, 2)",
                        "2.35")
                .add(
                        "trunc",
                        "trunc(x [, places])",
                        "The number cut off after so many digits, toward zero.",
                        "SELECT trunc(-2.7)",
                        "-2",
                        "truncate")
                .add("floor", "floor(x)", "The greatest whole number that is not greater.", "SELECT floor(-2.5)", "-3")
                .add(
                        "ceil",
                        "ceil(x)",
                        "The smallest whole number that is not less.",
                        "SELECT ceil(2.1)",
                        "3",
                        "ceiling")
                .add(
                        "greatest",
                        "greatest(a, b, …)",
                        "The greatest of the values that are not NULL; NULL when all are. NaN is greater than every number.",
                        "SELECT greatest(1, 3, 2)",
                        "3")
                .add(
                        "least",
                        "least(a, b, …)",
                        "The smallest of the values that are not NULL; NULL when all are.",
                        "SELECT least('pear', 'apple')",
                        "apple")
                .definitions();
    }

    private static @Nullable ScalarFunction rounded(Call call) {
        return switch (call.name()) {
            case "abs" -> call.count() == 1 ? SignKernels.absolute(call) : null;
            case "sign" -> call.count() == 1 ? SignKernels.sign(call) : null;
            case "greatest" -> Extremes.of(call, true);
            case "least" -> Extremes.of(call, false);
            default -> Rounding.of(call);
        };
    }

    private static List<FunctionDefinition> analysis() {
        return new Section("Numbers", NumberFunctions::analytic)
                .add(
                        "power",
                        "power(x, y)",
                        "x to the power of y; 22023 for 0 to a negative power and for a root of a negative number.",
                        "SELECT power(2, 10)",
                        "1024",
                        "pow")
                .add(
                        "sqrt",
                        "sqrt(x)",
                        "Square root; 22023 for a negative number.",
                        "SELECT sqrt(2)",
                        "1.4142135623730951")
                .add("cbrt", "cbrt(x)", "Cube root.", "SELECT cbrt(-27)", "-3")
                .add("exp", "exp(x)", "e to the power of x.", "SELECT exp(0)", "1")
                .add("ln", "ln(x)", "Natural logarithm; 22023 unless x is greater than 0.", "SELECT ln(1)", "0")
                .add(
                        "log10",
                        "log10(x)",
                        "Logarithm to base 10; 22023 unless x is greater than 0.",
                        "SELECT log10(1000)",
                        "3")
                .add("log2", "log2(x)", "Logarithm to base 2; 22023 unless x is greater than 0.", "SELECT log2(8)", "3")
                .add(
                        "log",
                        "log([base,] x)",
                        "Logarithm to a base, to base 10 when none is given.",
                        "SELECT log(2, 8)",
                        "3")
                .add("isnan", "isnan(x)", "Whether the number is NaN.", "SELECT isnan(CAST('NaN' AS DOUBLE))", "true")
                .add("isinf", "isinf(x)", "Whether the number is infinite.", "SELECT isinf(1.0)", "false")
                .add(
                        "isfinite",
                        "isfinite(x)",
                        "Whether the number is neither NaN nor infinite.",
                        "SELECT isfinite(1.0)",
                        "true")
                .definitions();
    }

    private static @Nullable ScalarFunction analytic(Call call) {
        String name = call.name();
        return switch (name) {
            case "power" -> call.partial(DOUBLE, DoubleLoops.binary(NumberFunctions::power), DOUBLE, DOUBLE);
            case "sqrt" -> call.partial(DOUBLE, DoubleLoops.unary(NumberFunctions::squareRoot), DOUBLE);
            case "cbrt" -> call.total(DOUBLE, DoubleLoops.unary(Math::cbrt), DOUBLE);
            case "exp" -> call.total(DOUBLE, DoubleLoops.unary(Math::exp), DOUBLE);
            case "ln" -> call.partial(DOUBLE, DoubleLoops.unary(x -> Math.log(positive(name, x))), DOUBLE);
            case "log10" -> call.partial(DOUBLE, DoubleLoops.unary(x -> Math.log10(positive(name, x))), DOUBLE);
            case "log2" -> call.partial(DOUBLE, DoubleLoops.unary(x -> log2(positive(name, x))), DOUBLE);
            case "log" ->
                call.count() == 1
                        ? call.partial(DOUBLE, DoubleLoops.unary(x -> Math.log10(positive(name, x))), DOUBLE)
                        : call.partial(DOUBLE, DoubleLoops.binary(NumberFunctions::logarithm), DOUBLE, DOUBLE);
            case "isnan" -> call.total(BOOLEAN, test(Double::isNaN), DOUBLE);
            case "isinf" -> call.total(BOOLEAN, test(Double::isInfinite), DOUBLE);
            default -> call.total(BOOLEAN, test(Double::isFinite), DOUBLE);
        };
    }

    private static List<FunctionDefinition> chance() {
        return new Section("Numbers", RandomKernels::resolve)
                .add(
                        "random",
                        "random()",
                        "A number from 0 to below 1, another one for each row.",
                        "SELECT random() < 1",
                        "true",
                        "rand")
                .add(
                        "width_bucket",
                        "width_bucket(x, low, high, n)",
                        "Which of n equal parts of low to high holds x, from 1; 0 before and n + 1 behind them. 22023 for n < 1 or equal bounds.",
                        "SELECT width_bucket(5, 0, 10, 4)",
                        "3")
                .definitions();
    }

    private static List<FunctionDefinition> trigonometry() {
        return new Section("Numbers", NumberFunctions::trigonometric)
                .add(
                        "pi",
                        "pi()",
                        "The ratio of a circle's circumference to its diameter.",
                        "SELECT pi()",
                        "3.141592653589793")
                .add("degrees", "degrees(x)", "Radians as degrees.", "SELECT degrees(pi())", "180")
                .add("radians", "radians(x)", "Degrees as radians.", "SELECT radians(180) = pi()", "true")
                .add("sin", "sin(x)", "Sine of radians.", "SELECT sin(0)", "0")
                .add("cos", "cos(x)", "Cosine of radians.", "SELECT cos(0)", "1")
                .add("tan", "tan(x)", "Tangent of radians.", "SELECT tan(0)", "0")
                .add("cot", "cot(x)", "Cotangent of radians; 22012 for 0.", "SELECT round(cot(pi() / 4), 6)", "1")
                .add("asin", "asin(x)", "Angle of a sine; 22023 outside -1 to 1.", "SELECT asin(0)", "0")
                .add("acos", "acos(x)", "Angle of a cosine; 22023 outside -1 to 1.", "SELECT acos(1)", "0")
                .add("atan", "atan(x)", "Angle of a tangent.", "SELECT atan(0)", "0")
                .add("atan2", "atan2(y, x)", "Angle of a point.", "SELECT atan2(0, 1)", "0")
                .add("sinh", "sinh(x)", "Hyperbolic sine.", "SELECT sinh(0)", "0")
                .add("cosh", "cosh(x)", "Hyperbolic cosine.", "SELECT cosh(0)", "1")
                .add("tanh", "tanh(x)", "Hyperbolic tangent.", "SELECT tanh(0)", "0")
                .definitions();
    }

    private static @Nullable ScalarFunction trigonometric(Call call) {
        String name = call.name();
        return switch (name) {
            case "pi" -> call.total(DOUBLE, constant(Math.PI));
            case "degrees" -> call.total(DOUBLE, DoubleLoops.unary(Math::toDegrees), DOUBLE);
            case "radians" -> call.total(DOUBLE, DoubleLoops.unary(Math::toRadians), DOUBLE);
            case "sin" -> call.total(DOUBLE, DoubleLoops.unary(Math::sin), DOUBLE);
            case "cos" -> call.total(DOUBLE, DoubleLoops.unary(Math::cos), DOUBLE);
            case "tan" -> call.total(DOUBLE, DoubleLoops.unary(Math::tan), DOUBLE);
            case "cot" -> call.partial(DOUBLE, DoubleLoops.unary(NumberFunctions::cotangent), DOUBLE);
            case "asin" -> call.partial(DOUBLE, DoubleLoops.unary(x -> Math.asin(unit(name, x))), DOUBLE);
            case "acos" -> call.partial(DOUBLE, DoubleLoops.unary(x -> Math.acos(unit(name, x))), DOUBLE);
            case "atan" -> call.total(DOUBLE, DoubleLoops.unary(Math::atan), DOUBLE);
            case "atan2" -> call.total(DOUBLE, DoubleLoops.binary(Math::atan2), DOUBLE, DOUBLE);
            case "sinh" -> call.total(DOUBLE, DoubleLoops.unary(Math::sinh), DOUBLE);
            case "cosh" -> call.total(DOUBLE, DoubleLoops.unary(Math::cosh), DOUBLE);
            default -> call.total(DOUBLE, DoubleLoops.unary(Math::tanh), DOUBLE);
        };
    }

    private static List<FunctionDefinition> integers() {
        return new Section("Numbers", IntegerBits::resolve)
                .add("bitand", "bitand(a, b)", "Bits that both integers have.", "SELECT bitand(12, 10)", "8", "&")
                .add("bitor", "bitor(a, b)", "Bits that one of the integers has.", "SELECT bitor(12, 10)", "14", "|")
                .add(
                        "bitxor",
                        "bitxor(a, b)",
                        "Bits that exactly one of the integers has.",
                        "SELECT bitxor(12, 10)",
                        "6",
                        "#")
                .add("bitnot", "bitnot(a)", "Bits that the integer does not have.", "SELECT bitnot(0)", "-1", "~")
                .add(
                        "shiftleft",
                        "shiftleft(a, n)",
                        "Bits moved up by n places, 0 to 63; those that leave are lost.",
                        "SELECT shiftleft(1, 4)",
                        "16",
                        "<<")
                .add(
                        "shiftright",
                        "shiftright(a, n)",
                        "Bits moved down by n places, 0 to 63; the sign stays.",
                        "SELECT shiftright(-16, 2)",
                        "-4",
                        ">>")
                .add(
                        "factorial",
                        "factorial(n)",
                        "1 * 2 * … * n; 22003 above 20, 22023 below 0.",
                        "SELECT factorial(5)",
                        "120")
                .add("gcd", "gcd(a, b)", "Greatest common divisor.", "SELECT gcd(12, 18)", "6")
                .add("lcm", "lcm(a, b)", "Least common multiple; 22003 when it does not fit.", "SELECT lcm(4, 6)", "12")
                .definitions();
    }

    private static List<FunctionDefinition> space() {
        return new Section("Space", SpaceKernels::resolve)
                .add(
                        "haversine",
                        "haversine(lat1, lon1, lat2, lon2)",
                        "Metres between two points, in degrees, on a sphere of 6,371,008.8 m.",
                        "SELECT round(haversine(52.52, 13.405, 48.8566, 2.3522))",
                        "877465",
                        "st_distance")
                .add(
                        "st_within",
                        "st_within(lat, lon, centre_lat, centre_lon, radius)",
                        "Whether a point lies within so many metres of another.",
                        "SELECT st_within(52.52, 13.405, 52.5, 13.4, 5000)",
                        "true")
                .definitions();
    }

    private static double power(double x, double y) {
        if (x == 0 && y < 0) {
            throw Failures.invalidArgument("power", "0 to the power of " + y + " is undefined");
        }
        if (x < 0 && y != Math.rint(y) && !Double.isInfinite(x)) {
            throw Failures.invalidArgument("power", x + " to the power of " + y + " is not a real number");
        }
        if (x == 1 || y == 0) {
            // also for NaN, as in PostgreSQL
            return 1;
        }
        return Math.pow(x, y);
    }

    private static double squareRoot(double x) {
        if (x < 0) {
            throw Failures.invalidArgument("sqrt", "the square root of " + x + " is not a real number");
        }
        return Math.sqrt(x);
    }

    private static double positive(String name, double x) {
        if (x <= 0) {
            throw Failures.invalidArgument(name, "the logarithm of " + x + " is undefined");
        }
        return x;
    }

    private static double log2(double x) {
        int exponent = Math.getExponent(x);
        // powers of two exactly
        return Double.MIN_NORMAL <= x && x == Math.scalb(1.0, exponent) ? exponent : Math.log(x) / LN_2;
    }

    private static double logarithm(double base, double x) {
        double divisor = Math.log(positive("log", base));
        if (divisor == 0) {
            throw Failures.divisionByZero("log(1, " + x + ")");
        }
        if (base == 2) {
            return log2(positive("log", x));
        }
        return base == 10 ? Math.log10(positive("log", x)) : Math.log(positive("log", x)) / divisor;
    }

    private static double cotangent(double x) {
        if (x == 0) {
            throw Failures.divisionByZero("cot(0)");
        }
        return 1 / Math.tan(x);
    }

    private static double unit(String name, double x) {
        if (x < -1 || x > 1) {
            throw Failures.invalidArgument(name, x + " is outside -1 to 1");
        }
        return x;
    }

    /** A question about a double. */
    private interface DoubleTest {
        boolean test(double x);
    }

    private static ScalarKernel test(DoubleTest test) {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                result.setBoolean(at, test.test(arguments[0].getDouble(at)));
            }
        };
    }

    private static ScalarKernel constant(double value) {
        return (arguments, selection, rowCount, result, context) -> {
            for (int i = 0; i < rowCount; i++) {
                result.setDouble(i, value);
            }
        };
    }
}
