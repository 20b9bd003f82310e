package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.PreparedQuery;
import io.zeptodb.engine.api.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** As-of and window joins as statements: parameters, places of errors, memory and cancelling. */
@Timeout(60)
class TimeJoinsTest {
    private static final int ROWS = 60_000;

    private final Database database = Engine.open(Map.of("threads", "2"));
    private final Session session = database.openSession();

    @BeforeEach
    void makeTables() {
        for (String table : List.of("t", "q")) {
            session.update("CREATE TABLE " + table + " (k BIGINT, n BIGINT, x DOUBLE, ts TIMESTAMP_NS)");
            session.update("INSERT INTO " + table
                    + " SELECT i % 100, i, i / 4.0, TIMESTAMP '2024-08-09 00:00:00' + i * CAST(1000000000 AS BIGINT)"
                    + " FROM (WITH RECURSIVE d(v) AS (VALUES (0) UNION ALL SELECT v + 1 FROM d WHERE v < 9)"
                    + " SELECT a.v + 10 * b.v + 100 * c.v + 1000 * e.v + 10000 * f.v AS i FROM d a, d b, d c, d e, d f) r"
                    + " WHERE i < " + ROWS);
        }
    }

    @AfterEach
    void nothingIsLeft() {
        database.close();
        assertThat(database.allocator().getAllocatedMemory()).isZero();
    }

    private List<List<Object>> rows(String sql, Object... parameters) {
        List<List<Object>> rows = new ArrayList<>();
        try (BatchCursor cursor = session.query(sql, parameters)) {
            while (cursor.next()) {
                for (int row = 0; row < cursor.batch().getRowCount(); row++) {
                    List<Object> values = new ArrayList<>();
                    for (var vector : cursor.batch().getFieldVectors()) {
                        values.add(vector.getObject(row));
                    }
                    rows.add(values);
                }
            }
        }
        return rows;
    }

    private static List<List<Object>> row(Object... values) {
        return List.of(Arrays.asList(values));
    }

    @Test
    void aToleranceMayBeAParameterOfNanoseconds() {
        String sql = "SELECT count(*) FROM t ASOF JOIN q ON t.k = q.k AND t.ts > q.ts TOLERANCE ?";
        assertThat(rows(sql, 100_000_000_000L)).isEqualTo(row(ROWS - 100L));
        assertThat(rows(sql, 99_999_999_999L)).isEqualTo(row(0L));
        try (PreparedQuery query = session.prepare(sql)) {
            assertThat(query.parameters()).containsExactly(ColumnType.BIGINT);
        }
        assertThatThrownBy(() -> rows(sql, -1L))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("must not be negative, is -1");
        assertThatThrownBy(() -> rows(sql, (Object) null))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("must not be NULL");
    }

    /** The tree of these joins has the question marks in another order than the text. */
    @Test
    void parametersKeepTheirPlaces() {
        String asof =
                "SELECT t.n, q.n, CAST(? AS VARCHAR) FROM t ASOF JOIN q MATCH_CONDITION t.ts >= q.ts + ? ON t.k + ? = q.k TOLERANCE ?"
                        + " WHERE t.n = ?";
        assertThat(rows(asof, "a", 5_000_000_000L, 0L, 1_000_000_000_000L, 1000L))
                .isEqualTo(row(1000L, 900L, new org.apache.arrow.vector.util.Text("a")));
        String window = "SELECT t.n, count(*) FILTER (WHERE q.x < ?), max(q.n + ?) FROM t WINDOW JOIN q ON t.k = q.k"
                + " AND q.ts BETWEEN t.ts - ? AND t.ts + ? WHERE t.n = ? ORDER BY sum(q.x * ?) LIMIT ?";
        assertThat(rows(window, 240.5, 7L, 200_000_000_000L, 100_000_000_000L, 1000L, 2.0, 1L))
                .isEqualTo(row(1000L, 2L, 1107L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT count(*) FROM t WINDOW JOIN q ON t.k = q.k AND q.ts BETWEEN t.ts AND t.ts AND q.x > 3",
                "SELECT count(*) FROM t WINDOW JOIN q ON t.k = q.k AND q.ts >= t.ts",
                "SELECT sum(t.x) FROM t WINDOW JOIN q ON t.k = q.k AND q.ts BETWEEN t.ts AND t.ts",
                "SELECT * FROM t ASOF JOIN q ON t.k = q.k AND t.ts >= q.ts TOLERANCE -1",
                "SELECT * FROM t ASOF JOIN q ON t.k = q.k AND t.ts >= q.ts AND q.x = 3",
                "SELECT * FROM t ASOF JOIN q ON t.k = q.k AND NEAREST(t.x, q.x)",
                "SELECT * FROM t PLUS JOIN q",
            })
    void errorsHaveAPlace(String sql) {
        assertThatThrownBy(() -> session.prepare(sql).close()).isInstanceOfSatisfying(EngineException.class, e -> {
            assertThat(e.line()).as(e.getMessage()).isEqualTo(1);
            assertThat(e.column()).as(e.getMessage()).isGreaterThan(1);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT sum(q.x) FROM t ASOF JOIN q ON t.k = q.k AND t.ts >= q.ts",
                "SELECT max(a) FROM (SELECT avg(q.x) AS a FROM t WINDOW JOIN q ON t.k = q.k"
                        + " AND q.ts BETWEEN t.ts - INTERVAL '1' HOUR AND t.ts)",
                "SELECT max(a) FROM (SELECT median(q.x) AS a FROM t WINDOW JOIN q ON q.ts BETWEEN t.ts - INTERVAL '1' HOUR AND t.ts)",
            })
    void aQueryThatPassesItsMemoryFailsWithTheFigures(String sql) {
        session.update("SET query_memory_limit = '600KB'");
        assertThatThrownBy(() -> rows(sql)).isInstanceOfSatisfying(EngineException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
            assertThat(e).hasMessageContaining("query_memory_limit");
        });
    }

    @Test
    void aLongWindowJoinIsCancelled() throws Exception {
        String sql =
                "SELECT count(DISTINCT q.n) FROM t WINDOW JOIN q ON q.ts BETWEEN t.ts - INTERVAL '1' DAY AND t.ts + INTERVAL '1' DAY";
        AtomicReference<ErrorCode> seen = new AtomicReference<>();
        BatchCursor cursor = session.query(sql);
        try (Crew crew = new Crew()) {
            long before = database.statistics().rowsScanned();
            crew.start("reader", () -> {
                try {
                    cursor.next();
                } catch (EngineException e) {
                    seen.set(e.code());
                }
            });
            while (database.statistics().rowsScanned() < before + ROWS) {
                Thread.sleep(1);
            }
            cursor.close();
        }
        assertThat(seen.get()).isEqualTo(ErrorCode.CANCELLED);
    }
}
