package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.Session;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Statements that programs write: long chains, long lists, deep nests. */
class DeepStatementsTest {
    private static final Database DATABASE = Engine.open(Map.of());
    private static final Session SESSION = DATABASE.openSession();

    @BeforeAll
    static void fill() {
        SESSION.update("CREATE TABLE t (a BIGINT, b DOUBLE, c VARCHAR)");
        SESSION.update("INSERT INTO t VALUES (1, 1.5, 'x')");
    }

    @AfterAll
    static void close() {
        SESSION.close();
        DATABASE.close();
    }

    static Stream<Arguments> statements() {
        return Stream.of(
                query("OR of one column", "SELECT count(*) FROM t WHERE " + chain(5_000, " OR ", i -> "a = " + i), 1L),
                query(
                        "OR of conjunctions",
                        "SELECT count(*) FROM t WHERE "
                                + chain(5_000, " OR ", i -> "(a = " + i + " AND b > " + i + ")"),
                        1L),
                query("AND", "SELECT count(*) FROM t WHERE " + chain(5_000, " AND ", i -> "a + b > " + -i), 1L),
                query("sum of columns", "SELECT " + chain(5_000, " + ", i -> "a") + " FROM t", 5_000L),
                query("sum of constants", "SELECT " + chain(5_000, " + ", i -> "1"), 5_000),
                query("||", "SELECT length(" + chain(5_000, " || ", i -> "c") + ") FROM t", 5_000),
                query("NOT", "SELECT count(*) FROM t WHERE " + "NOT ".repeat(1_000) + "a = 1", 1L),
                query("minus signs", "SELECT " + "- ".repeat(1_000) + "a FROM t", 1L),
                query("calls", "SELECT " + "abs(".repeat(500) + "a" + ")".repeat(500) + " FROM t", 1L),
                query("many calls", "SELECT " + "abs(".repeat(3_000) + "a" + ")".repeat(3_000) + " FROM t", 1L),
                query("parentheses", "SELECT " + "(".repeat(500) + "a" + ")".repeat(500) + " FROM t", 1L),
                query("sums in each other", "SELECT " + "(1 + ".repeat(500) + "a" + ")".repeat(500) + " FROM t", 501L),
                query(
                        "WHENs",
                        "SELECT CASE " + chain(1_000, " ", i -> "WHEN a = " + i + " THEN " + i) + " END FROM t",
                        1),
                query(
                        "rows",
                        "SELECT count(*) FROM (VALUES " + chain(5_000, ",", i -> "(" + i + ", 'x')") + ") v",
                        5_000L),
                query(
                        "branches",
                        "SELECT sum(x) FROM (" + chain(1_000, " UNION ALL ", i -> "SELECT a AS x FROM t") + ") u",
                        1_000L),
                query("list", "SELECT count(*) FROM t WHERE a IN (" + chain(20_000, ",", i -> "" + i) + ")", 1L),
                query(
                        "list of text",
                        "SELECT count(*) FROM t WHERE c NOT IN (" + chain(20_000, ",", i -> "'y" + i + "'") + ")",
                        1L));
    }

    private static Arguments query(String name, String sql, Object answer) {
        return Arguments.of(name, sql, answer);
    }

    private static String chain(int terms, String between, IntFunction<String> term) {
        return IntStream.range(0, terms).mapToObj(term).collect(Collectors.joining(between));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("statements")
    void longAndDeepStatementsAreAnswered(String name, String sql, Object answer) {
        assertThat(answer(sql)).as(name).isEqualTo(answer);
    }

    private static Object answer(String sql) {
        try (BatchCursor cursor = SESSION.query(sql)) {
            assertThat(cursor.next()).isTrue();
            VectorSchemaRoot rows = cursor.batch();
            return rows.getVector(0).getObject(0);
        }
    }

    @Test
    void aBranchThatIsNotTakenIsNotComputedHoweverDeepItIs() {
        String deep = chain(1_000, " + ", i -> "a") + " + 1 / (a - 1)";
        assertThat(answer("SELECT CASE WHEN a = 1 THEN 7 ELSE " + deep + " END FROM t"))
                .isEqualTo(7L);
    }

    @Test
    void whatIsTooDeepForAnyStackIsRefusedWithAPlace() {
        String sql = "SELECT\n" + "(".repeat(300_000) + "1" + ")".repeat(300_000);
        assertThatThrownBy(() -> SESSION.query(sql)).isInstanceOfSatisfying(EngineException.class, e -> {
            assertThat(e).hasMessageContaining("nested too deeply");
            assertThat(e.line()).isEqualTo(2);
            assertThat(e.sqlState()).isEqualTo("54001");
            assertThat(e.column()).isEqualTo(10_001);
        });
    }
}
