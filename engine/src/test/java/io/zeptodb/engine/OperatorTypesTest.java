package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.Session;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every operator over every type: an answer, or an error of the planning that has its place and speaks of types. No text of the table is a number, a time or a
 * truth value, so that an operator that takes a text and finds out from its value that it cannot would fail when it runs.
 */
class OperatorTypesTest {
    private static final Map<String, String> TYPES = new LinkedHashMap<>();

    static {
        TYPES.put("truth", "BOOLEAN");
        TYPES.put("tiny", "TINYINT");
        TYPES.put("small", "SMALLINT");
        TYPES.put("n", "INTEGER");
        TYPES.put("big", "BIGINT");
        TYPES.put("f", "REAL");
        TYPES.put("d", "DOUBLE");
        TYPES.put("dec", "DECIMAL(10, 2)");
        TYPES.put("txt", "VARCHAR");
        TYPES.put("sym", "SYMBOL");
        TYPES.put("raw", "VARBINARY");
        TYPES.put("dt", "DATE");
        TYPES.put("tm", "TIME");
        TYPES.put("ts", "TIMESTAMP");
    }

    private static final List<String> VALUES = List.of(
            "true",
            "1",
            "2",
            "3",
            "4",
            "1.5",
            "2.5",
            "3.25",
            "'abc'",
            "'abc'",
            "X'0001'",
            "DATE '2024-01-02'",
            "TIME '03:04:05'",
            "TIMESTAMP '2024-01-02 03:04:05'");

    /** What no column has. */
    private static final List<String> OTHERS = List.of(
            "INTERVAL '1' HOUR",
            "INTERVAL '1' MONTH",
            "ARRAY[1, 2]",
            "ROW(1, 'abc')",
            "NULL",
            "(SELECT max(txt) FROM kinds)",
            "upper(sym)");

    private static final List<String> UNARY = List.of(
            "- %s",
            "+ %s",
            "NOT %s",
            "~ %s",
            "%s IS NULL",
            "%s IS NOT NULL",
            "%s IS TRUE",
            "%s IS NOT TRUE",
            "%s IS FALSE",
            "%s IS UNKNOWN",
            "CASE WHEN %s THEN 1 END",
            "abs(%s)",
            "sign(%s)");

    private static final List<String> BINARY = List.of(
            "%s + %s",
            "%s - %s",
            "%s * %s",
            "%s / %s",
            "%s %% %s",
            "%s || %s",
            "%s = %s",
            "%s <> %s",
            "%s < %s",
            "%s >= %s",
            "%s AND %s",
            "%s OR %s",
            "%s & %s",
            "%s | %s",
            "%s # %s",
            "%s << %s",
            "%s >> %s",
            "%s LIKE %s",
            "%s ILIKE %s",
            "%s SIMILAR TO %s",
            "%s NOT LIKE %s",
            "%s IN (%s)",
            "%s NOT IN (%1$s, %2$s)",
            "%s IS DISTINCT FROM %s",
            "%s BETWEEN %s AND %1$s",
            "%s IN (SELECT %s FROM kinds)",
            "%s = ANY (SELECT %s FROM kinds)",
            "coalesce(%s, %s)",
            "nullif(%s, %s)",
            "CASE WHEN true THEN %s ELSE %s END",
            "CASE %s WHEN %s THEN 1 END",
            "greatest(%s, %s)");

    private static Database database;
    private static Session session;

    @BeforeAll
    static void makeTable() {
        database = Engine.open(Map.of());
        session = database.openSession();
        List<String> columns = new ArrayList<>();
        TYPES.forEach((name, type) -> columns.add(name + " " + type));
        session.update("CREATE TABLE kinds (" + String.join(", ", columns) + ")");
        session.update("INSERT INTO kinds VALUES (" + String.join(", ", VALUES) + ")");
    }

    @AfterAll
    static void close() {
        session.close();
        database.close();
    }

    private static List<String> operands() {
        List<String> operands = new ArrayList<>(TYPES.keySet());
        operands.addAll(OTHERS);
        return operands;
    }

    @Test
    void unaryOperatorsAnswerOrRefuseTheType() {
        List<String> wrong = new ArrayList<>();
        for (String operator : UNARY) {
            for (String operand : operands()) {
                check(String.format(Locale.ROOT, operator, operand), wrong);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void binaryOperatorsAnswerOrRefuseTheTypes() {
        List<String> wrong = new ArrayList<>();
        for (String operator : BINARY) {
            for (String left : operands()) {
                for (String right : operands()) {
                    check(String.format(Locale.ROOT, operator, left, right), wrong);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static void check(String expression, List<String> wrong) {
        String problem = problem("SELECT " + expression + " FROM kinds");
        if (problem != null) {
            wrong.add(expression + ": " + problem);
        }
    }

    private static @Nullable String problem(String sql) {
        BatchCursor cursor;
        try {
            cursor = session.query(sql);
        } catch (EngineException e) {
            boolean ofTypes = e.sqlState().startsWith("42")
                    || e.sqlState().equals("0A000")
                    || e.sqlState().equals("22007");
            boolean placed = e.line() == 1 && e.column() > 0;
            return ofTypes && placed ? null : "planning: " + e.sqlState() + " " + e.getMessage();
        }
        try (cursor) {
            while (cursor.next()) {
                cursor.batch();
            }
            return null;
        } catch (EngineException e) {
            // a text beside a date or time is read as one, whatever it is
            if (e.sqlState().equals("22007")) {
                return null;
            }
            return "running: " + e.sqlState() + " " + e.getMessage();
        }
    }
}
