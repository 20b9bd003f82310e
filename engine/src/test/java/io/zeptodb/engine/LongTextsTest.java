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
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions that go over long texts, for row after row of one batch or in one row: minutes of work, that a time-out ends at once. */
@Timeout(300)
class LongTextsTest {
    private final Database database = Engine.open(Map.of("threads", "1"));
    private final Session session = database.openSession();

    @BeforeEach
    void makeTable() {
        session.update("CREATE TABLE t (s VARCHAR, n BIGINT)");
        String digits = "(VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9))";
        session.update("INSERT INTO t SELECT concat('S', a.i, b.i, c.i), c.i FROM " + digits + " AS a(i), " + digits
                + " AS b(i), " + digits + " AS c(i)");
    }

    @AfterEach
    void close() {
        session.close();
        database.close();
    }

    private Object first(String sql) {
        try (BatchCursor cursor = session.query(sql)) {
            assertThat(cursor.next()).isTrue();
            return cursor.batch().getVector(0).getObject(0);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "strpos(repeat('a', 100000000), s) > 0",
                "locate(s, repeat('a', 100000000), 5) > 0",
                "contains(repeat('a', 100000000), s)",
                "split_part(repeat('a', 100000000), s, -2) = 'x'",
                "regexp_like(repeat('a', 100000000), '^' || s)",
                "translate(repeat('x', 2000000), repeat('b', 1000000) || s, 'c') = s",
                "trim(repeat('é', 2000000) || s, repeat('é', 1000000) || s) = s",
                "to_char(TIMESTAMP '2024-01-01', repeat('z', 2000000 + n)) = s"
            })
    void aTimeOutEndsThem(String condition) {
        ExecutionOptions options = new ExecutionOptions(Duration.ofMillis(200).toNanos(), 0);
        long start = System.nanoTime();
        try (PreparedQuery query = session.prepare("SELECT count(*) FROM t WHERE " + condition)) {
            assertThatThrownBy(() -> {
                        try (BatchCursor cursor = query.query(List.of(), options)) {
                            cursor.next();
                        }
                    })
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
        assertThat(first("SELECT sum(n) FROM t")).isEqualTo(4500L);
    }

    @Test
    void caseTakesTimeThatGoesWithTheLength() {
        assertThat(first("SELECT length(upper(repeat('ß', 2000000 + n))) FROM (SELECT n FROM t WHERE n = 0 LIMIT 1)"))
                .isEqualTo(4_000_000);
    }

    @Test
    void whatIsCutForItsCaseIsAsInOnePiece() {
        String words = "ὈΔΥΣΣΕΎΣ ΠΟΛΎΜΗΤΙΣ İI😀ΣΑΣ ";
        for (String text :
                new String[] {words.repeat(300), "ΣΑ".repeat(2000), "😀".repeat(3001), "a" + "😀Σ".repeat(999) + "b"}) {
            session.update("CREATE TABLE w (v VARCHAR)");
            session.update("INSERT INTO w VALUES ('" + text + "')");
            assertThat(first("SELECT lower(v) FROM w")).hasToString(text.toLowerCase(Locale.ROOT));
            assertThat(first("SELECT upper(v) FROM w")).hasToString(text.toUpperCase(Locale.ROOT));
            session.update("DROP TABLE w");
        }
    }

    @Test
    void paddingIsMadeOfWholeAndCutFills() {
        assertThat(first("SELECT lpad('ü', 10, 'é😀a')")).hasToString("é😀aé😀aé😀aü");
        assertThat(first("SELECT rpad('ü', 9, 'é😀a')")).hasToString("üé😀aé😀aé😀");
        assertThat(first("SELECT lpad('ab', 5) || '|' || rpad('', 3) || '|'")).hasToString("   ab|   |");
        assertThat(first("SELECT octet_length(lpad('x', 10000000, '😀'))")).isEqualTo(39_999_997);
    }
}
