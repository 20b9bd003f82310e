package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.engine.api.PreparedQuery;
import io.zeptodb.engine.api.Session;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Patterns that backtrack for ages, or deeper than a stack: the statement ends with an error, when it is told to, and the database goes on. */
@Timeout(120)
class PatternLimitsTest {
    /** A text of sixty characters, of a table or written in the statement. */
    private static final String TEXT = "a".repeat(60) + "!";

    private final Database database = Engine.open(Map.of("threads", "2"));
    private final Session session = database.openSession();

    @BeforeEach
    void makeTable() {
        session.update("CREATE TABLE t (s VARCHAR)");
        session.update("INSERT INTO t VALUES ('" + TEXT + "')");
    }

    @AfterEach
    void nothingIsLeft() {
        database.close();
        assertThat(database.allocator().getAllocatedMemory()).isZero();
    }

    /** Ages of matching over {@code $}, which stands for a text. */
    private static Stream<String> ages() {
        return Stream.of(
                "$ SIMILAR TO '((a+)+)+'",
                "regexp_like($, '(a|aa)+\\1b')",
                "regexp_like($, '(A|AA)+\\1B', 'i')",
                "regexp_replace($, '(a|aa)+\\1b', 'x', 'g') = 'x'",
                "regexp_extract($, '(a|aa)+\\1b', 1) = 'x'",
                "regexp_substr($, '(a|aa)+\\1b') IS NULL",
                "regexp_count($, '(a|aa)+\\1b') = 1",
                "repeat($, 300000) LIKE '%' || repeat('a', 60) || '!' || repeat(repeat('a', 60) || '!', 20000) || 'b%'",
                "repeat($, 300000) LIKE '%_' || repeat(repeat('a', 60) || '!', 20000) || 'b%c'",
                "repeat($, 300000) ILIKE '%_' || repeat(repeat('a', 60) || '!', 20000) || 'b%c'");
    }

    private static Stream<String> statements() {
        return ages().flatMap(condition -> Stream.of(
                "SELECT count(*) FROM t WHERE " + condition.replace("$", "s"),
                "SELECT " + condition.replace("$", "'" + TEXT + "'"),
                "SELECT count(*) FROM t WHERE " + condition.replace("$", "'" + TEXT + "'")));
    }

    private static ErrorCode codeOf(Session by, String sql) {
        try (BatchCursor cursor = by.query(sql)) {
            cursor.next();
        } catch (EngineException e) {
            return e.code();
        }
        throw new AssertionError("no error: " + sql);
    }

    private Object first(String sql) {
        try (BatchCursor cursor = session.query(sql)) {
            assertThat(cursor.next()).isTrue();
            return cursor.batch().getVector(0).getObject(0);
        }
    }

    @ParameterizedTest
    @MethodSource("statements")
    void aTimeOutEndsThem(String sql) {
        session.update("SET statement_timeout = '200ms'");
        assertThat(codeOf(session, sql)).isEqualTo(ErrorCode.TIMEOUT);
    }

    @ParameterizedTest
    @MethodSource("ages")
    void theTimeOutOfARunReachesAConstantOfTheStatement(String condition) {
        ExecutionOptions options = new ExecutionOptions(Duration.ofMillis(50).toNanos(), 0);
        try (PreparedQuery query = session.prepare("SELECT " + condition.replace("$", "'" + TEXT + "'"))) {
            assertThatThrownBy(() -> {
                        try (BatchCursor cursor = query.query(List.of(), options)) {
                            cursor.next();
                        }
                    })
                    .hasMessageContaining("time-out of 50 ms");
        }
    }

    @Test
    void aCancelEndsThem() throws Exception {
        for (String text : List.of("s", "'" + TEXT + "'")) {
            String sql = "SELECT count(*) FROM t WHERE " + text + " SIMILAR TO '((a+)+)+'";
            AtomicReference<ErrorCode> seen = new AtomicReference<>();
            try (Crew crew = new Crew();
                    Session other = database.openSession()) {
                Thread thread = crew.start("matching", () -> seen.set(codeOf(other, sql)));
                while (thread.isAlive()) {
                    other.cancel(); // one that comes before the statement concerns nothing
                    Thread.sleep(1);
                }
            }
            assertThat(seen.get()).isEqualTo(ErrorCode.CANCELLED);
        }
    }

    @Test
    void whatTakesAgesAndIsNotAskedForIsNotComputed() {
        assertThat(first("SELECT count(*) FROM t WHERE s = 'b' AND '" + TEXT + "' SIMILAR TO '((a+)+)+'"))
                .isEqualTo(0L);
    }

    @Test
    void planningThatIsToEndEndsInsideOfAConstant() {
        String sql = "SELECT '" + TEXT + "' SIMILAR TO '((a+)+)+'";
        try (PreparedQuery query = session.prepare(sql)) {
            assertThat(query.columns()).hasSize(1); // the run will compute it
        }
        session.update("SET statement_timeout = '1ms'");
        assertThatThrownBy(() -> session.prepare(sql + " OR true = false"))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT))
                .hasMessageContaining("planning");
    }

    private static Stream<String> deep() {
        return Stream.of(
                "regexp_like(repeat('a', 200000), '(a|b)*c')",
                "regexp_like(repeat(s, 4000), '([a!]|b)*c')",
                "repeat('a', 200000) SIMILAR TO '(a|bc)*d'",
                "regexp_replace(repeat('a', 200000), '(a|b)*c', 'x') = 'a'",
                "regexp_like('a', repeat('(', 20000) || repeat(')', 20000))",
                "regexp_like(s, repeat('(', 20000) || repeat(')', 20000))",
                "regexp_like('a', repeat('(?:a|', 20000) || repeat(')', 20000))",
                "regexp_like('a', repeat('[', 20000) || 'a' || repeat(']', 20000))",
                "regexp_like('a', repeat('a?', 200000))");
    }

    @ParameterizedTest
    @MethodSource("deep")
    void deepOnesAreRefusedWithTheirPlace(String condition) {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> first("SELECT count(*) FROM t\nWHERE " + condition))
                    .isInstanceOfSatisfying(EngineException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.STATEMENT_TOO_COMPLEX);
                        assertThat(e.line()).isEqualTo(2);
                    })
                    .hasMessageMatching("(?s)(regexp_.*|similar to): the pattern .*");
            assertThat(first("SELECT count(*) FROM t WHERE regexp_like(s, '(a|b)*!')"))
                    .isEqualTo(1L);
        }
    }
}
