package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.engine.api.PreparedQuery;
import io.zeptodb.engine.api.Session;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDateTime;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of parameters: those that their types do not hold are compared as they are. */
class ParametersTest {
    private static final List<String> OPERATORS = List.of("=", "<>", "<", "<=", ">", ">=");

    private final Database database = Engine.open(Map.of("threads", "2"));
    private final Session session = database.openSession();

    @BeforeEach
    void makeTable() {
        session.update(
                "CREATE TABLE n (id INTEGER, i INTEGER, y TINYINT, b BIGINT, d DECIMAL(10, 2), w DECIMAL(38, 4))");
        session.update("INSERT INTO n VALUES"
                + " (1, -2147483648, -128, -9223372036854775808, -99999999.99, -9999999999999999999999999999999999.9999),"
                + " (2, 2, 2, 2, 1.00, 1.0000), (3, 3, 3, 3, 1.01, 1.0001), (4, NULL, NULL, NULL, NULL, NULL),"
                + " (5, 2147483647, 127, 9223372036854775807, 99999999.99, 9999999999999999999999999999999999.9999)");
    }

    @AfterEach
    void nothingIsLeft() {
        database.close();
        assertThat(database.allocator().getAllocatedMemory()).isZero();
    }

    private List<Object> column(String sql, Object... parameters) {
        List<Object> values = new ArrayList<>();
        try (BatchCursor cursor = session.query(sql, parameters)) {
            while (cursor.next()) {
                for (int row = 0; row < cursor.batch().getRowCount(); row++) {
                    values.add(cursor.batch().getVector(0).getObject(row));
                }
            }
        }
        return values;
    }

    /** Against the same comparison of values that are wide enough for all of it. */
    @ParameterizedTest
    @CsvSource({"i", "y", "b", "d", "w"})
    void aNumberThatTheTypeDoesNotHoldIsComparedExactly(String column) {
        String[] numbers = {
            "2",
            "2.5",
            "1.005",
            "1.00005",
            "-0.5",
            "3000000000",
            "-3000000000",
            "128",
            "-129",
            "9223372036854775808",
            "-9223372036854775809",
            "100000000",
            "-99999999.995",
            "1e40",
            "-1e40",
            "1e-40",
            "1e400",
            "-1e-400",
            "0"
        };
        for (String number : numbers) {
            BigDecimal value = new BigDecimal(number);
            for (String operator : OPERATORS) {
                List<Object> expected = new ArrayList<>();
                for (int id = 1; id <= 5; id++) {
                    List<Object> stored = column("SELECT CAST(" + column + " AS VARCHAR) FROM n WHERE id = " + id);
                    if (stored.get(0) != null && holds(operator, compare(stored.get(0), value))) {
                        expected.add(id);
                    }
                }
                String about = column + " " + operator + " " + number;
                String sql = "SELECT id FROM n WHERE " + column + " " + operator + " ?";
                assertThat(column(sql + " ORDER BY id", value)).as(about).isEqualTo(expected);
                String mirrored = "SELECT id FROM n WHERE NOT (? " + mirror(operator) + " " + column + ")";
                List<Object> others = new ArrayList<>(List.of(1, 2, 3, 5));
                others.removeAll(expected);
                assertThat(column(mirrored + " ORDER BY id", value))
                        .as("not " + about)
                        .isEqualTo(others);
            }
        }
    }

    private static int compare(Object stored, BigDecimal value) {
        return new BigDecimal(stored.toString()).compareTo(value);
    }

    private static boolean holds(String operator, int order) {
        return switch (operator) {
            case "=" -> order == 0;
            case "<>" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    private static String mirror(String operator) {
        return operator.indexOf('<') == 0 && !operator.equals("<>")
                ? operator.replace('<', '>')
                : operator.replace(operator.equals("<>") ? ' ' : '>', '<');
    }

    @Test
    void numbersOfAllJavaTypesAreCompared() {
        assertThat(column("SELECT id FROM n WHERE i < ?", 3_000_000_000L)).hasSize(4);
        assertThat(column("SELECT id FROM n WHERE i > ?", 2.5)).containsExactly(3, 5);
        assertThat(column("SELECT id FROM n WHERE i = ?", 2.5f)).isEmpty();
        assertThat(column("SELECT id FROM n WHERE b < ?", BigInteger.TEN.pow(30)))
                .hasSize(4);
        assertThat(column("SELECT id FROM n WHERE d < ?", 1.005)).containsExactly(1, 2);
        assertThat(column("SELECT id FROM n WHERE d = ?", 1.01)).containsExactly(3);
        assertThat(column("SELECT id FROM n WHERE d = ?", 1.01f)).containsExactly(3);
        assertThat(column("SELECT id FROM n WHERE d > ?", "1.005")).containsExactly(3, 5);
        assertThat(column("SELECT id FROM n WHERE i BETWEEN ? AND ?", 2.5, 3_000_000_000L))
                .containsExactly(3, 5);
        assertThat(column("SELECT id FROM n WHERE d IN (?, ?)", new BigDecimal("1.005"), 1))
                .containsExactly(2);
        assertThat(column("SELECT id FROM n WHERE i IS DISTINCT FROM ?", 2.5)).containsExactly(1, 2, 3, 4, 5);
        assertThat(column("SELECT id FROM n WHERE i IS NOT DISTINCT FROM ?", 2.5))
                .isEmpty();
        assertThat(column("SELECT i > ? FROM n WHERE id > 2 ORDER BY id", 2.5))
                .isEqualTo(Arrays.asList(true, null, true));
        assertThat(column("SELECT count(*) FROM n HAVING sum(d) > ?", new BigDecimal("2.005")))
                .containsExactly(5L);
    }

    @Test
    void aKeyThatTheNumberIsNotHasNoRows() {
        session.update("CREATE TABLE k (symbol INTEGER, ts TIMESTAMP, v BIGINT)");
        session.update("INSERT INTO k VALUES (1, '2024-01-01', 10), (-1294967296, '2024-01-01', 20)");
        assertThat(column("SELECT v FROM k WHERE symbol = ?", 3_000_000_000L)).isEmpty();
        assertThat(column("SELECT v FROM k WHERE symbol = ?", 1.5)).isEmpty();
        assertThat(column("SELECT v FROM k WHERE symbol = ?", 1.0)).containsExactly(10L);
    }

    @Test
    void aNumberThatIsNotComparedFitsOrIsRefused() {
        refused("SELECT coalesce(i, ?) FROM n", 3_000_000_000L).hasMessageContaining("parameter 1 is INTEGER");
        assertThatThrownBy(() -> session.update("INSERT INTO n (i) VALUES (2.5), (?)", 2.5))
                .hasMessageContaining("is not a whole number");
        try (PreparedQuery insert = session.prepare("INSERT INTO n (id, d) VALUES (?, ?)")) {
            insert.updateBatch(List.of(List.of(7, new BigDecimal("1.005"))), ExecutionOptions.DEFAULT);
            assertThatThrownBy(() -> insert.updateBatch(List.of(List.of(3_000_000_000L, 1)), ExecutionOptions.DEFAULT))
                    .hasMessageContaining("parameter 1 is INTEGER");
        }
        assertThat(column("SELECT d FROM n WHERE id = 7")).containsExactly(new BigDecimal("1.01"));
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(String sql, Object... parameters) {
        return assertThatThrownBy(() -> column(sql, parameters))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.code())
                                .isIn(
                                        ErrorCode.INVALID_PARAMETER,
                                        ErrorCode.NUMERIC_OUT_OF_RANGE,
                                        ErrorCode.INVALID_TEXT,
                                        ErrorCode.INVALID_DATETIME));
    }

    @Test
    void besideAnIntegerAnyIntegerIsAnOperandAndNoOtherNumber() {
        assertThat(column("SELECT i + ? FROM n WHERE id = 3", 3_000_000_000L)).containsExactly(3_000_000_003L);
        assertThat(column("SELECT y * ? FROM n WHERE id = 3", 3_000_000_000L)).containsExactly(9_000_000_000L);
        assertThat(column("SELECT ? % i FROM n WHERE id = 3", 7)).containsExactly(1L);
        assertThat(column("SELECT mod(i, ?) FROM n WHERE id = 3", new BigDecimal("2")))
                .containsExactly(1L);
        assertThat(column("SELECT i / ? FROM n WHERE id = 3", BigInteger.TWO)).containsExactly(1L);
        for (Object two : List.of(2.0, 2.5, 2f, new BigDecimal("2.0"))) {
            refused("SELECT i / ? FROM n", two).hasMessageContaining("parameter 1 is BIGINT");
            refused("SELECT i + (? - 1) FROM n", two).hasMessageContaining("CAST(? AS D");
            refused("SELECT repeat('a', ?)", two);
        }
        refused("SELECT i / ? FROM n", 2.0).hasMessageContaining("write CAST(? AS DOUBLE)");
        assertThat(column("SELECT i / CAST(? AS DOUBLE) FROM n WHERE id = 3", 2.0))
                .containsExactly(1.5);
        assertThat(column("SELECT id FROM n WHERE i = ?", 2.0)).containsExactly(2);
        assertThat(column("SELECT id FROM n WHERE i + ? = 5", 2)).containsExactly(3);
        assertThat(column("SELECT id FROM n WHERE NOT (y - ?) * 2 + ? <> 5 AND id < 5", 2, 3))
                .containsExactly(3);
        assertThat(column("SELECT sum(i * ?) FROM n WHERE abs(i - ?) < 2 GROUP BY y % ? ORDER BY 1", 10, 3, 2))
                .containsExactly(20L, 30L);
        assertThat(column("SELECT CASE WHEN i - ? > 0 THEN i + ? ELSE 0 END FROM n WHERE id = 3", 1, 2))
                .containsExactly(5L);
        session.update("INSERT INTO n (id, i) VALUES (20, ?)", 2.0);
        assertThat(column("SELECT i FROM n WHERE id = 20")).containsExactly(2);
    }

    /** DATE + ? is a number of days. */
    @Test
    void aNumberOfMonthsIsNoOtherNumber() {
        Period months = Period.ofMonths(14);
        for (String sql :
                List.of("SELECT DATE '2024-01-01' + ?", "SELECT i + ? FROM n", "SELECT id FROM n WHERE d < ?")) {
            refused(sql, months)
                    .hasMessageContaining("got INTERVAL YEAR TO MONTH; to give one write CAST(? AS INTERVAL MONTH)")
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.sqlState()).isEqualTo("22P02"));
        }
        assertThat(column(
                        "SELECT count(*) FROM n WHERE DATE '2024-01-01' + CAST(? AS INTERVAL MONTH) = DATE '2025-03-01'",
                        months))
                .containsExactly(5L);
    }

    @Test
    void besideADecimalANumberIsNotRounded() {
        assertThat(column("SELECT d * ? FROM n WHERE id = 3", new BigDecimal("1.5")))
                .containsExactly(new BigDecimal("1.5150"));
        refused("SELECT d * ? FROM n", new BigDecimal("1.005")).hasMessageContaining("write CAST(? AS DECIMAL(38,3))");
        refused("SELECT d + ? FROM n", 0.005).hasMessageContaining("write CAST(? AS DECIMAL(38,3))");
        assertThat(column("SELECT d * CAST(? AS DECIMAL(38,3)) FROM n WHERE id = 3", new BigDecimal("1.005")))
                .containsExactly(new BigDecimal("1.01505"));
    }

    @Test
    void aTimeIsMovedByNanosecondsAndADateByDays() {
        String ts =
                "SELECT CAST(%s AS VARCHAR) FROM (VALUES (TIMESTAMP '2024-01-01 00:00:00', DATE '2024-01-31')) AS t(ts, d)";
        assertThat(column(String.format(ts, "ts + ?"), 1_000_000_000L).get(0)).hasToString("2024-01-01 00:00:01");
        assertThat(column(String.format(ts, "? + ts"), 1_000_000_000L).get(0)).hasToString("2024-01-01 00:00:01");
        assertThat(column(String.format(ts, "ts - ?"), 1).get(0)).hasToString("2023-12-31 23:59:59.999999999");
        assertThat(column(String.format(ts, "d + ?"), 1).get(0)).hasToString("2024-02-01");
        assertThat(column(String.format(ts, "d - ?"), 31L).get(0)).hasToString("2023-12-31");
        assertThat(column(String.format(ts, "ts + ? * INTERVAL '1' DAY"), 2).get(0))
                .hasToString("2024-01-03 00:00:00");
        LocalDateTime second = LocalDateTime.of(2024, 1, 1, 0, 0, 1);
        assertThat(column(String.format(ts, "? - ts"), second).get(0)).hasToString("1000000000");
        assertThat(column(String.format(ts, "ts - CAST(? AS TIMESTAMP)"), second)
                        .get(0))
                .hasToString("-1000000000");
        refused(String.format(ts, "ts - ?"), second).hasMessageContaining("write CAST(? AS TIMESTAMP)");
        refused(String.format(ts, "d - ?"), second.toLocalDate()).hasMessageContaining("write CAST(? AS DATE)");
        refused(String.format(ts, "ts + ?"), 1e9);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "greatest(?, ?)",
                "least(?, NULL)",
                "abs(?)",
                "sum(?)",
                "min(?)",
                "first(?)",
                "mod(?, ?)",
                "? + ?",
                "-?",
                "coalesce(?, ?)",
                "nullif(?, ?)",
                "? = ?",
                "? IN (?, ?)",
                "(?, ?) IN ((?, 1), (?, 2))",
                "(i, ?) = (1, ?)",
                "? BETWEEN ? AND ?",
                "CASE WHEN i = ? THEN ? ELSE ? END",
                "i IN (SELECT ?)",
                "i = (SELECT ?)",
                "(? + ?) = i",
                "lag(?) OVER (ORDER BY i)",
                "?"
            })
    void aParameterWhoseTypeNothingTellsIsRefused(String expression) {
        assertThatThrownBy(() ->
                        session.prepare("SELECT " + expression + " FROM n").close())
                .isInstanceOfSatisfying(EngineException.class, e -> {
                    assertThat(e)
                            .hasMessageContaining("the type of this parameter cannot be told: write CAST(? AS type)");
                    assertThat(e.line()).isEqualTo(1);
                    assertThat(e.column()).isGreaterThan(6);
                });
    }

    @Test
    void aFunctionThatIsNotThereIsSaidSo() {
        assertThatThrownBy(() -> session.prepare("SELECT abz(?, i) FROM n").close())
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNDEFINED_FUNCTION))
                .hasMessageContaining("function abz(?, INTEGER) does not exist");
    }

    @Test
    void aNeighbourTellsTheTypeOfAParameter() {
        assertThat(column("SELECT greatest(?, i) FROM n WHERE id = 3", 10)).containsExactly(10);
        assertThat(column("SELECT greatest(CAST(? AS BIGINT), ?)", 2, 10)).containsExactly(10L);
        assertThat(column("SELECT ? IN (1, 2)", 2)).containsExactly(true);
        assertThat(column("SELECT round(?)", 2.5)).containsExactly(3.0);
        assertThat(column("SELECT length(?)", "abc")).containsExactly(3);
        assertThat(column("SELECT lag(d, 1, ?) OVER (ORDER BY id) FROM n ORDER BY id LIMIT 1", new BigDecimal("2.5")))
                .containsExactly(new BigDecimal("2.50"));
    }

    /** NULL among the values of a comparison, as SQL has it. */
    @Test
    void anAbsentValueIsComparedAsNull() {
        assertThat(column("SELECT ? IN (SELECT i FROM n)", (Object) null)).containsExactly((Object) null);
        assertThat(column("SELECT ? > ALL (SELECT i FROM n WHERE id = 3)", (Object) null))
                .containsExactly((Object) null);
        assertThat(column("SELECT (i, id) IN ((?, 3)) FROM n WHERE id = 3", (Object) null))
                .containsExactly((Object) null);
        assertThat(column("SELECT CAST(id AS VARCHAR) || ? FROM n WHERE id = 3", (Object) null))
                .containsExactly((Object) null);
        assertThat(column("SELECT id FROM n WHERE ? IS NULL AND id = 3", (Object) null))
                .containsExactly(3);
        refused("SELECT ? IN (SELECT i FROM n)", "x").hasMessageContaining("parameter 1 is INTEGER");
        refused("SELECT (i, id) IN ((?, ?)) FROM n", 1, "x").hasMessageContaining("parameter 2 is INTEGER");
    }

    @Test
    void aTimeOfDayIsNotLost() {
        LocalDateTime noon = LocalDateTime.of(2024, 1, 1, 12, 0);
        refused("SELECT DATE '2024-01-01' >= ?", noon).hasMessageContaining("parameter 1 is DATE, got TIMESTAMP");
        refused("SELECT TIME '12:00:00' = ?", noon).hasMessageContaining("parameter 1 is TIME, got TIMESTAMP");
        assertThat(column("SELECT TIMESTAMP '2024-01-01 00:00:00' = ?", noon.toLocalDate()))
                .containsExactly(true);
    }

    @Test
    void aParameterInAConcatenationIsText() {
        try (PreparedQuery query = session.prepare("SELECT ? || 'a', 'b' || ?, ? || CAST(1 AS VARCHAR)")) {
            assertThat(query.parameters()).containsExactly(ColumnType.VARCHAR, ColumnType.VARCHAR, ColumnType.VARCHAR);
        }
        assertThat(column("SELECT ? || ?", "a", "b").get(0)).hasToString("ab");
        assertThat(column("SELECT ? || 'a'", 1).get(0)).hasToString("1a");
        assertThat(column("SELECT concat(?, 'a', ?)", 1, "b").get(0)).hasToString("1ab");
    }
}
