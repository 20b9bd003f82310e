package io.zeptodb.engine.function;

import static io.zeptodb.engine.api.ColumnType.BIGINT;
import static io.zeptodb.engine.api.ColumnType.BOOLEAN;
import static io.zeptodb.engine.api.ColumnType.DATE;
import static io.zeptodb.engine.api.ColumnType.DOUBLE;
import static io.zeptodb.engine.api.ColumnType.INTEGER;
import static io.zeptodb.engine.api.ColumnType.INTERVAL_DAY;
import static io.zeptodb.engine.api.ColumnType.INTERVAL_MONTH;
import static io.zeptodb.engine.api.ColumnType.REAL;
import static io.zeptodb.engine.api.ColumnType.SMALLINT;
import static io.zeptodb.engine.api.ColumnType.TIME;
import static io.zeptodb.engine.api.ColumnType.TIMESTAMP_NS;
import static io.zeptodb.engine.api.ColumnType.TINYINT;
import static io.zeptodb.engine.api.ColumnType.VARBINARY;
import static io.zeptodb.engine.api.ColumnType.VARCHAR;
import static io.zeptodb.engine.api.ColumnType.decimal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.TypeKind;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CastsTest {
    private static final long DAY = 86_400_000_000_000L;

    private final Columns columns = new Columns();

    @AfterEach
    void leavesNoMemory() {
        columns.close();
    }

    private Object cast(ColumnType from, ColumnType to, boolean lenient, Object value) {
        ScalarFunction cast = Casts.find(from, to, lenient);
        assertThat(cast).as("cast from %s to %s", from, to).isNotNull();
        List<Object> answers = columns.call(cast, new int[] {1, 2}, 4, columns.of(from, value, value, null, value));
        assertThat(answers.get(1)).as("NULL stays NULL").isNull();
        return answers.get(0);
    }

    static Stream<Arguments> values() {
        return Stream.of(
                arguments(INTEGER, -5, BIGINT, -5L),
                arguments(BIGINT, 127L, TINYINT, 127L),
                arguments(BIGINT, -9_000_000_000L, DOUBLE, -9e9),
                arguments(BIGINT, 16_777_217L, REAL, 16_777_216.0),
                arguments(BIGINT, 5L, decimal(5, 2), new BigDecimal("5.00")),
                arguments(BOOLEAN, true, INTEGER, 1L),
                arguments(BIGINT, 7L, BOOLEAN, true),
                arguments(DOUBLE, 2.5, INTEGER, 2L),
                arguments(DOUBLE, 3.5, INTEGER, 4L),
                arguments(DOUBLE, -2.5, BIGINT, -2L),
                arguments(DOUBLE, 0.1, REAL, (double) 0.1f),
                arguments(REAL, 0.5, DOUBLE, 0.5),
                arguments(DOUBLE, 1.005, decimal(5, 2), new BigDecimal("1.01")),
                arguments(DOUBLE, -0.005, decimal(5, 2), new BigDecimal("-0.01")),
                arguments(decimal(5, 2), new BigDecimal("2.50"), INTEGER, 3L),
                arguments(decimal(5, 2), new BigDecimal("-2.50"), INTEGER, -3L),
                arguments(decimal(5, 2), new BigDecimal("0.10"), DOUBLE, 0.1),
                arguments(
                        decimal(38, 20),
                        new BigDecimal("123456789012345678.12345678901234567890"),
                        DOUBLE,
                        123456789012345678.12345678901234567890),
                arguments(decimal(5, 2), new BigDecimal("1.25"), decimal(5, 1), new BigDecimal("1.3")),
                arguments(decimal(5, 2), new BigDecimal("1.25"), decimal(9, 4), new BigDecimal("1.2500")),
                arguments(VARCHAR, " 42 ", INTEGER, 42L),
                arguments(VARCHAR, "1e-3", DOUBLE, 0.001),
                arguments(VARCHAR, "0.1", REAL, (double) 0.1f),
                arguments(VARCHAR, "1e2", decimal(5, 1), new BigDecimal("100.0")),
                arguments(VARCHAR, "T", BOOLEAN, true),
                arguments(VARCHAR, "2024-02-29", DATE, 19_782L),
                arguments(VARCHAR, "01:00", TIME, DAY / 24),
                arguments(VARCHAR, "1970-01-02T00:00:00.000000001Z", TIMESTAMP_NS, DAY + 1),
                arguments(VARCHAR, "1969-12-31 23:59:59.9999", ColumnType.timestamp(3), -1_000_000L),
                arguments(VARCHAR, "5 minutes", INTERVAL_DAY, 300_000_000_000L),
                arguments(VARCHAR, "1 year", INTERVAL_MONTH, 12L),
                arguments(VARCHAR, "a text longer than a view", VARCHAR, "a text longer than a view"),
                arguments(BIGINT, Long.MIN_VALUE, VARCHAR, "-9223372036854775808"),
                arguments(DOUBLE, 100.0, VARCHAR, "100"),
                arguments(DOUBLE, Double.NaN, VARCHAR, "NaN"),
                arguments(BOOLEAN, false, VARCHAR, "false"),
                arguments(decimal(5, 3), new BigDecimal("-0.050"), VARCHAR, "-0.050"),
                arguments(
                        decimal(38, 0),
                        new BigDecimal("99999999999999999999999999999999999999"),
                        VARCHAR,
                        "99999999999999999999999999999999999999"),
                arguments(VARBINARY, new byte[] {1, -1}, VARCHAR, "\\x01ff"),
                arguments(DATE, -1, VARCHAR, "1969-12-31"),
                arguments(TIME, 1L, VARCHAR, "00:00:00.000000001"),
                arguments(TIMESTAMP_NS, -1L, VARCHAR, "1969-12-31 23:59:59.999999999"),
                arguments(INTERVAL_DAY, DAY, VARCHAR, "1 day"),
                arguments(INTERVAL_MONTH, 14, VARCHAR, "1 year 2 mons"),
                arguments(TIMESTAMP_NS, -1L, DATE, -1L),
                arguments(TIMESTAMP_NS, -1L, TIME, DAY - 1),
                arguments(TIMESTAMP_NS, -1L, ColumnType.timestamp(0), -1_000_000_000L),
                arguments(ColumnType.timestamp(0), 1L, TIMESTAMP_NS, 1L),
                arguments(TIMESTAMP_NS, 5L, BIGINT, 5L),
                arguments(BIGINT, 5L, TIMESTAMP_NS, 5L),
                arguments(DATE, 1, TIMESTAMP_NS, DAY),
                arguments(TIME, 1_999_999_999L, ColumnType.time(0), 1_000_000_000L));
    }

    @ParameterizedTest
    @MethodSource("values")
    void converts(ColumnType from, Object value, ColumnType to, Object expected) {
        assertThat(cast(from, to, false, value)).isEqualTo(expected);
        assertThat(cast(from, to, true, value)).isEqualTo(expected);
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                arguments(BIGINT, 128L, TINYINT, "22003", "128"),
                arguments(INTEGER, -32_769, SMALLINT, "22003", "-32769"),
                arguments(BIGINT, 1L << 31, INTEGER, "22003", "2147483648"),
                arguments(BIGINT, 1000L, decimal(5, 2), "22003", "1000"),
                arguments(DOUBLE, Double.NaN, INTEGER, "22003", "NaN"),
                arguments(DOUBLE, Double.POSITIVE_INFINITY, BIGINT, "22003", "Infinity"),
                arguments(DOUBLE, 9.3e18, BIGINT, "22003", "9.3e+18"),
                arguments(DOUBLE, 1e39, REAL, "22003", "1e+39"),
                arguments(DOUBLE, 1e300, decimal(38, 0), "22003", "1e+300"),
                arguments(DOUBLE, 99.995, decimal(4, 2), "22003", "99.995"),
                arguments(
                        decimal(38, 0), new BigDecimal("9223372036854775808"), BIGINT, "22003", "9223372036854775808"),
                arguments(decimal(5, 2), new BigDecimal("99.95"), decimal(3, 1), "22003", "99.95"),
                arguments(VARCHAR, "x", INTEGER, "22P02", "'x'"),
                arguments(VARCHAR, "", DOUBLE, "22P02", "''"),
                arguments(VARCHAR, "12é", INTEGER, "22P02", "'12é'"),
                arguments(VARCHAR, "1e99999999", decimal(5, 1), "22P02", "1e99999999"),
                arguments(VARCHAR, "1e9999", decimal(5, 1), "22003", "1e9999"),
                arguments(VARCHAR, "1e39", REAL, "22003", "1e39"),
                arguments(VARCHAR, "perhaps", BOOLEAN, "22P02", "'perhaps'"),
                arguments(VARCHAR, "2023-02-29", DATE, "22008", "no day 29, the month has 28"),
                arguments(VARCHAR, "25:00", TIME, "22007", "'25:00'"),
                arguments(VARCHAR, "tomorrow", TIMESTAMP_NS, "22007", "'tomorrow'"),
                arguments(VARCHAR, "\\xzz", VARBINARY, "22P02", "xzz"),
                arguments(VARCHAR, "soon", INTERVAL_DAY, "22007", "'soon'"),
                arguments(DATE, 200_000, TIMESTAMP_NS, "22008", "2517-08-01"),
                arguments(BIGINT, -1L, TIME, "22008", "-1"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void refusesWithTheValueAndLenientlyGivesNull(
            ColumnType from, Object value, ColumnType to, String state, String shown) {
        assertThatThrownBy(() -> cast(from, to, false, value))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining(shown)
                .extracting(e -> ((EngineException) e).sqlState())
                .isEqualTo(state);
        assertThat(cast(from, to, true, value)).isNull();
    }

    @Test
    void hasNoCastWhereThereIsNoMeaning() {
        assertThat(Casts.find(BOOLEAN, DATE, false)).isNull();
        assertThat(Casts.find(DATE, DOUBLE, false)).isNull();
        assertThat(Casts.find(VARCHAR, ColumnType.SYMBOL, false)).isNull();
        assertThat(Casts.find(INTERVAL_DAY, INTERVAL_MONTH, false)).isNull();
    }

    @Test
    void everyTypeButSymbolIsReachedFromItsOwnText() {
        Set<TypeKind> others =
                EnumSet.of(TypeKind.NULL, TypeKind.SYMBOL, TypeKind.DECIMAL, TypeKind.ARRAY, TypeKind.ROW);
        for (TypeKind kind : TypeKind.values()) {
            if (others.contains(kind)) {
                continue;
            }
            int precision = kind == TypeKind.TIME || kind == TypeKind.TIMESTAMP ? 9 : 0;
            ColumnType type = new ColumnType(kind, precision, 0);
            assertThat(Casts.find(type, VARCHAR, false)).as(type.toString()).isNotNull();
            assertThat(Casts.find(VARCHAR, type, false)).as(type.toString()).isNotNull();
        }
    }

    @Test
    void decimalsRescaleAsBigDecimalDoes() {
        Random random = new Random(3);
        for (int i = 0; i < 2_000; i++) {
            int fromScale = random.nextInt(20);
            int toScale = random.nextInt(20);
            BigDecimal value = new BigDecimal(new java.math.BigInteger(random.nextInt(100), random), fromScale);
            value = random.nextBoolean() ? value : value.negate();
            if (value.precision() > 38) {
                continue;
            }
            BigDecimal expected = value.setScale(toScale, RoundingMode.HALF_UP);
            Object answer = cast(decimal(38, fromScale), decimal(38, toScale), true, value);
            assertThat(answer)
                    .as(value + " to scale " + toScale)
                    .isEqualTo(expected.precision() > 38 ? null : expected);
        }
    }

    @Test
    void constantsAreCastOnce() {
        ScalarFunction cast = Casts.find(VARCHAR, BIGINT, false);
        assertThat(columns.call(cast, null, 3, columns.constant(VARCHAR, "17"))).containsExactly(17L, 17L, 17L);
    }
}
