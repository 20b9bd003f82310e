package io.zeptodb.engine.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.batch.ColumnVector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ArithmeticFunctionsTest {
    @TestFactory
    Stream<DynamicTest> numbers() {
        return FunctionTable.tests("""
                + 1 ; 2 = 3
                + 1i ; 2 = 3
                + 9223372036854775807 ; 1 = !22003
                - -9223372036854775808 ; 1 = !22003
                - 5 ; 7 = -2
                * 4611686018427387904 ; 2 = !22003
                * -4611686018427387904 ; 2 = -9223372036854775808
                * -1 ; -9223372036854775808 = !22003
                / 7 ; 2 = 3
                / -7 ; 2 = -3
                / 7 ; 0 = !22012
                / -9223372036854775808 ; -1 = !22003
                % -7 ; 3 = -1
                % 7 ; -3 = 1
                % 7 ; 0 = !22012
                % -9223372036854775808 ; -1 = 0
                mod 7i ; 4i = 3
                + 2147483647i ; 1i = !22003
                + 2147483647i ; 1 = 2147483648
                - -2147483648i ; 1i = !22003
                * 65536i ; 65536i = !22003
                / -2147483648i ; -1i = !22003
                / 7i ; 0i = !22012
                % 7i ; 0i = !22012
                + 127t ; 1t = !22003
                + 100t ; 27t = 127
                * 200s ; 200s = !22003
                - 127t ; -1s = 128
                / 7s ; 2s = 3
                / 7t ; 0t = !22012
                + 1.5 ; 2 = 3.5
                + 0.1 ; 0.2 = 0.30000000000000004
                - 1.5 ; 0.25 = 1.25
                * 1e308 ; 10.0 = Infinity
                / 1.0 ; 4 = 0.25
                / 1.0 ; 0 = !22012
                / 0.0 ; 0.0 = !22012
                / NaN ; 0.0 = NaN
                % 5.5 ; 2.0 = 1.5
                % 5.5 ; 0.0 = !22012
                + 1.5f ; 1.5f = 3
                / 1.0f ; 4f = 0.25
                / 1.0f ; 0f = !22012
                * 1.5f ; 2 = 3
                + 1.5f ; 0.1 = 1.6
                + 1.10m ; 2.205m = 3.305
                + 1.10m ; 2 = 3.10
                - 1.10m ; 2.205m = -1.105
                * 1.10m ; 2.2m = 2.420
                * 1.10m ; 2i = 2.20
                + 1.10m ; 0.5 = 1.6
                / 1.00m ; 3.0m = 0.333333333333
                / 1m ; 8i = 0.125000000000
                / 1.00m ; 0m = !22012
                / 2.00m ; -3.0m = -0.666666666667
                % -7.5m ; 2m = -1.5
                % 7.5m ; 0.00m = !22012
                * 99999999999999999999999999999999999999m ; 10m = !22003
                * 99999999999999999999999999999999999999m ; 1m = 99999999999999999999999999999999999999
                + 99999999999999999999999999999999999999m ; 1m = !22003
                * 1.00000000000000000001m ; 1.00000000000000000001m = !22003
                negate 5 = -5
                negate -9223372036854775808 = !22003
                negate -128t = !22003
                negate 0.0 = -0
                negate 1.50m = -1.50
                negate 1.5f = -1.5
                + null ; 2 = NULL
                / null ; 0 = NULL
                + 'a' ; 1 = !42883
                + true ; 1 = !42883
                """);
    }

    @TestFactory
    Stream<DynamicTest> timesAndIntervals() {
        return FunctionTable.tests("""
                - ts:2024-01-01 00:00:01 ; ts:2024-01-01 = 1000000000
                - ts:2024-01-01 ; date:2024-01-02 = -86400000000000
                - ts:2262-04-11 ; ts:1677-09-22 = !22003
                - date:2024-03-01 ; date:2024-02-01 = 29
                - time:00:00:01 ; time:00:00:02 = -1000000000
                + ts:2024-01-01 ; day:5 minutes = 2024-01-01 00:05:00
                + day:5 minutes ; ts:2024-01-01 = 2024-01-01 00:05:00
                - ts:2024-01-01 ; day:1 ns = 2023-12-31 23:59:59.999999999
                + ts:2024-01-01 ; 5000000000 = 2024-01-01 00:00:05
                + 5000000000 ; ts:2024-01-01 = 2024-01-01 00:00:05
                - ts:1970-01-01 ; 1i = 1969-12-31 23:59:59.999999999
                + ts:2262-04-11 ; day:1 day = !22008
                + ts:2024-01-31 12:00:00 ; month:1 month = 2024-02-29 12:00:00
                + month:1 month ; ts:2023-01-31 = 2023-02-28 00:00:00
                - ts:2024-03-31 ; month:1 month = 2024-02-29 00:00:00
                - ts:1968-02-29 ; month:1 year = 1967-02-28 00:00:00
                + ts:2262-01-01 ; month:1 year = !22008
                - ts:1678-01-01 ; month:1 year = !22008
                + ts3:2024-01-01 00:00:00.001 ; day:1 ns = 2024-01-01 00:00:00.001000001
                + date:2024-02-28 ; 2 = 2024-03-01
                + 1i ; date:2024-02-28 = 2024-02-29
                - date:2024-03-01 ; 1 = 2024-02-29
                + date:2024-02-28 ; day:1 day 01:00 = 2024-02-29 01:00:00
                + date:2024-01-31 ; month:1 month = 2024-02-29 00:00:00
                + time:23:00 ; day:2 hours = 01:00:00
                - time:01:00 ; day:2 hours = 23:00:00
                + time:01:00 ; 1 = 01:00:00.000000001
                - time:00:00 ; day:100 days 00:00:01 = 23:59:59
                + day:1 day ; day:2 hours = 1 day 02:00:00
                - day:1 day ; day:2 hours = 22:00:00
                + month:1 year ; month:1 month = 1 year 1 mon
                * day:1 hour ; 3 = 03:00:00
                * 3i ; day:1 hour = 03:00:00
                * day:1 hour ; 0.5 = 00:30:00
                * 1.5m ; day:1 hour = 01:30:00
                * month:1 month ; 14i = 1 year 2 mons
                * day:100000 days ; 2 = !22003
                * day:100000 days ; 1e10 = !22003
                / day:1 hour ; 4 = 00:15:00
                / day:1 hour ; 0.5 = 02:00:00
                / day:1 hour ; 0 = !22012
                / day:1 hour ; 0.0 = !22012
                / month:1 year ; 4i = 3 mons
                negate day:1 hour = -01:00:00
                negate month:2 mons = -2 mons
                + ts:2024-01-01 ; null = NULL
                + ts:2024-01-01 ; ts:2024-01-01 = !42883
                + ts:2024-01-01 ; 1.5 = !42883
                - day:1 hour ; ts:2024-01-01 = !42883
                - 1 ; ts:2024-01-01 = !42883
                """);
    }

    @Test
    void errorsShowTheOperands() {
        try (Columns columns = new Columns()) {
            assertThatThrownBy(() -> columns.one("+", ColumnType.BIGINT, Long.MAX_VALUE, ColumnType.BIGINT, 2L))
                    .isInstanceOf(EngineException.class)
                    .hasMessage("out of range: 9223372036854775807 + 2 does not fit BIGINT");
            assertThatThrownBy(() -> columns.one("/", ColumnType.DOUBLE, 1.5, ColumnType.DOUBLE, 0.0))
                    .hasMessage("division by zero: 1.5 / 0");
        }
    }

    @Test
    void longsAgreeWithBigInteger() {
        Random random = new Random(41);
        for (String sign : List.of("+", "-", "*", "/", "%")) {
            for (int round = 0; round < 300; round++) {
                long a = random.nextLong() >> random.nextInt(64);
                long b = random.nextLong() >> random.nextInt(64);
                if (b == 0) {
                    continue;
                }
                BigInteger x = BigInteger.valueOf(a);
                BigInteger y = BigInteger.valueOf(b);
                BigInteger expected = switch (sign) {
                    case "+" -> x.add(y);
                    case "-" -> x.subtract(y);
                    case "*" -> x.multiply(y);
                    case "/" -> x.divide(y);
                    default -> x.remainder(y);
                };
                check(sign, ColumnType.BIGINT, a, b, expected.bitLength() < 64 ? expected.longValue() : null);
                int c = (int) a;
                int d = (int) b;
                if (d == 0) {
                    continue;
                }
                long exact = switch (sign) {
                    case "+" -> (long) c + d;
                    case "-" -> (long) c - d;
                    case "*" -> (long) c * d;
                    case "/" -> (long) c / d;
                    default -> (long) c % d;
                };
                check(sign, ColumnType.INTEGER, (long) c, (long) d, exact == (int) exact ? exact : null);
            }
        }
    }

    private static void check(String sign, ColumnType type, long a, long b, Long expected) {
        try (Columns columns = new Columns()) {
            Object answer;
            try {
                answer = columns.one(sign, type, a, type, b);
            } catch (EngineException e) {
                assertThat(e.sqlState()).isEqualTo("22003");
                answer = null;
            }
            assertThat(answer).as("%d %s %d of %s", a, sign, b, type).isEqualTo(expected);
        }
    }

    @Test
    void decimalsAgreeWithBigDecimal() {
        Random random = new Random(42);
        for (int round = 0; round < 3_000; round++) {
            BigDecimal a = decimal(random);
            BigDecimal b = decimal(random);
            ColumnType left = ColumnType.decimal(Math.max(a.precision(), a.scale()) + random.nextInt(3), a.scale());
            ColumnType right = ColumnType.decimal(Math.max(b.precision(), b.scale()) + random.nextInt(3), b.scale());
            String sign = List.of("+", "-", "*", "/", "%").get(round % 5);
            if (b.signum() == 0 && (sign.equals("/") || sign.equals("%"))) {
                continue;
            }
            try (Columns columns = new Columns()) {
                ScalarFunction function = FunctionRegistry.standard().scalar(sign, List.of(left, right));
                int scale = function.result().scale();
                BigDecimal expected = switch (sign) {
                    case "+" -> a.add(b);
                    case "-" -> a.subtract(b);
                    case "*" -> a.multiply(b).setScale(scale, RoundingMode.HALF_UP);
                    case "/" -> a.divide(b, scale, RoundingMode.HALF_UP);
                    default -> a.remainder(b);
                };
                expected = expected.setScale(scale, RoundingMode.HALF_UP);
                boolean fits = expected.precision() <= function.result().precision();
                ColumnVector[] arguments = {columns.of(left, new Object[] {a}), columns.of(right, new Object[] {b})};
                Object answer;
                try {
                    answer = columns.call(function, null, 1, arguments).get(0);
                } catch (EngineException e) {
                    answer = e.sqlState();
                }
                assertThat(answer).as(a + " " + sign + " " + b).isEqualTo(fits ? expected : "22003");
            }
        }
    }

    private static BigDecimal decimal(Random random) {
        BigInteger digits = new BigInteger(random.nextInt(115), random);
        int scale = random.nextInt(20);
        BigDecimal value = new BigDecimal(random.nextBoolean() ? digits : digits.negate(), scale);
        return Math.max(value.precision(), value.scale()) > 35 ? BigDecimal.ONE : value;
    }
}
