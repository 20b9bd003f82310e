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
import io.zeptodb.engine.api.StatementKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** EXPLAIN ANALYZE runs what it explains, and its figures are those of the run. */
class ExplainAnalyzeTest {
    private static final int ROWS = 20_000;

    private static Database open(Map<String, String> options) {
        Database database = Engine.open(options);
        try (Session session = database.openSession()) {
            session.update("CREATE TABLE t (k SYMBOL, n BIGINT, ts TIMESTAMP) TIMESTAMP(ts) PARTITION BY k, HOUR(ts)");
            session.update(
                    "INSERT INTO t WITH RECURSIVE r AS (SELECT 0 AS i UNION ALL SELECT i + 1 FROM r WHERE i < 199)"
                            + " SELECT 'k' || CAST(a.i % 5 AS VARCHAR), a.i * 100 + b.i,"
                            + " TIMESTAMP '2024-01-01 00:00:00' + (a.i * 100 + b.i) * CAST(1000000000 AS BIGINT)"
                            + " FROM r a, r b WHERE b.i < 100");
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
        return database;
    }

    private static List<String> lines(Session session, String sql) {
        List<String> lines = new ArrayList<>();
        try (BatchCursor cursor = session.query(sql)) {
            assertThat(cursor.columns().get(0).label()).isEqualTo("plan");
            while (cursor.next()) {
                for (int i = 0; i < cursor.batch().getRowCount(); i++) {
                    lines.add(cursor.batch().getVector(0).getObject(i).toString());
                }
            }
        }
        return lines;
    }

    private static long figure(List<String> lines, String operator, String name) {
        Pattern pattern = Pattern.compile(".*[(, ]" + name + "=(\\d+).*");
        return lines.stream()
                .filter(line -> line.strip().startsWith(operator))
                .map(pattern::matcher)
                .filter(Matcher::matches)
                .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
                .sum();
    }

    private static String sole(Session session, String sql) {
        try (BatchCursor cursor = session.query(sql)) {
            assertThat(cursor.next()).isTrue();
            return String.valueOf(cursor.batch().getVector(0).getObject(0));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "4"})
    void figuresAreThoseOfTheRun(String threads) {
        try (Database database = open(Map.of("threads", threads));
                Session session = database.openSession()) {
            List<String> lines = lines(
                    session,
                    "EXPLAIN ANALYZE SELECT n % 7 AS m, count(*) FROM t WHERE n >= 10000 GROUP BY n % 7 ORDER BY m");
            assertThat(figure(lines, "HashAggregate", "rows")).isEqualTo(7);
            assertThat(figure(lines, "TableScan", "rows")).isEqualTo(10_000);
            assertThat(figure(lines, "TableScan", "batches")).isPositive();
            assertThat(figure(lines, "Sort", "rows")).isEqualTo(7);
            assertThat(figure(lines, "HashAggregate", "memory")).isPositive();
            assertThat(figure(lines, "Execution:", "rows")).isEqualTo(7);
            assertThat(lines.get(0)).contains("time=").contains(" ms");
        }
    }

    @Test
    void viewsTellOfHowManySegmentsTheirGroupsAre() {
        try (Database database = open(Map.of());
                Session session = database.openSession()) {
            long segments = figure(lines(session, "EXPLAIN ANALYZE SELECT sum(n) FROM t"), "TableScan", "segments");
            session.update(
                    "CREATE MATERIALIZED VIEW m AS SELECT k, xbar(ts, INTERVAL '1' MINUTE) AS bar, sum(n) AS s FROM t GROUP BY k, bar");
            List<String> all = lines(session, "EXPLAIN ANALYZE SELECT sum(n) FROM t");
            assertThat(figure(all, "MaterializedView", "segments")).isEqualTo(segments);
            List<String> first =
                    lines(session, "EXPLAIN ANALYZE SELECT sum(n) FROM t WHERE ts < '2024-01-01 01:00:00'");
            assertThat(figure(first, "MaterializedView", "segments")).isEqualTo(1);
            assertThat(figure(first, "MaterializedView", "pruned")).isEqualTo(segments - 1);
            assertThat(figure(first, "MaterializedView", "scanned")).isZero();
            List<String> noKey = lines(session, "EXPLAIN ANALYZE SELECT sum(n) FROM t WHERE k = 'none'");
            assertThat(figure(noKey, "MaterializedView", "segments")).isZero();
        }
    }

    @Test
    void scansTellWhatTheyReadAndWhatWasPruned() {
        try (Database database = open(Map.of());
                Session session = database.openSession()) {
            List<String> all = lines(session, "EXPLAIN ANALYZE SELECT sum(n) FROM t");
            long segments = figure(all, "TableScan", "segments");
            assertThat(segments).isGreaterThan(3);
            assertThat(figure(all, "TableScan", "scanned")).isEqualTo(ROWS);
            List<String> first =
                    lines(session, "EXPLAIN ANALYZE SELECT sum(n) FROM t WHERE ts < '2024-01-01 01:00:00'");
            assertThat(figure(first, "TableScan", "segments")).isEqualTo(1);
            assertThat(figure(first, "TableScan", "pruned")).isEqualTo(segments - 1);
            assertThat(figure(first, "TableScan", "scanned")).isEqualTo(3_600);
            List<String> runs = lines(session, "EXPLAIN ANALYZE SELECT k, sum(n) FROM t GROUP BY k");
            assertThat(figure(runs, "RunAggregate", "rows")).isEqualTo(5);
            assertThat(figure(runs, "TableScan", "scanned")).isEqualTo(ROWS);
        }
    }

    @Test
    void linesAreThoseOfExplain() {
        try (Database database = open(Map.of("threads", "2"));
                Session session = database.openSession()) {
            for (String sql : List.of(
                    "SELECT a.k, sum(b.n) FROM t a JOIN t b ON a.n = b.n GROUP BY a.k",
                    "SELECT k, lag(n) OVER (PARTITION BY k ORDER BY ts) FROM t LIMIT 10",
                    "SELECT n FROM t UNION SELECT n + 1 FROM t ORDER BY 1 LIMIT 3",
                    "SELECT a.n FROM t a ASOF JOIN t b ON a.k = b.k AND a.ts > b.ts WHERE a.n < 50",
                    "WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r WHERE i < 10) SELECT * FROM r",
                    "SELECT (SELECT max(n) FROM t b WHERE b.n < a.n) FROM t a WHERE a.n < 5",
                    "DELETE FROM t WHERE n < 3",
                    "UPDATE t SET n = n + 1 WHERE n < 10",
                    "INSERT INTO t SELECT * FROM t WHERE n < 5")) {
                List<String> plan = lines(session, "EXPLAIN " + sql);
                List<String> analyzed = lines(session, "EXPLAIN ANALYZE " + sql);
                assertThat(analyzed).as(sql).hasSize(plan.size() + 1);
                for (int i = 0; i < plan.size(); i++) {
                    assertThat(analyzed.get(i)).as(sql).startsWith(plan.get(i));
                }
            }
        }
    }

    @Test
    void changesAreMade() {
        try (Database database = open(Map.of());
                Session session = database.openSession()) {
            List<String> lines = lines(session, "EXPLAIN ANALYZE DELETE FROM t WHERE n < 100");
            assertThat(figure(lines, "Execution:", "rows")).isEqualTo(100);
            assertThat(sole(session, "SELECT count(*) FROM t")).isEqualTo("" + (ROWS - 100));
            lines(session, "EXPLAIN ANALYZE INSERT INTO t VALUES ('x', -1, '2024-01-01')");
            assertThat(sole(session, "SELECT count(*) FROM t WHERE n = -1")).isEqualTo("1");
            lines(session, "EXPLAIN ANALYZE UPDATE t SET n = -2 WHERE n = -1");
            assertThat(sole(session, "SELECT count(*) FROM t WHERE n = -2")).isEqualTo("1");
            session.begin();
            lines(session, "EXPLAIN ANALYZE DELETE FROM t");
            session.rollback();
            assertThat(sole(session, "SELECT count(*) FROM t")).isEqualTo("" + (ROWS - 99));
        }
    }

    @Test
    void whatSpillsIsTold() {
        try (Database database = open(Map.of("query_memory_limit", "6MB", "threads", "2"));
                Session session = database.openSession()) {
            List<String> lines = lines(
                    session,
                    "EXPLAIN ANALYZE SELECT a.n, b.n, a.k || b.k AS kk FROM t a JOIN t b ON a.n % 2000 = b.n % 2000"
                            + " ORDER BY kk, a.n, b.n");
            assertThat(figure(lines, "Execution:", "rows")).isEqualTo(200_000);
            assertThat(figure(lines, "Execution:", "spilled")).isPositive();
            assertThat(figure(lines, "Sort", "spilled")).isPositive();
        }
    }

    @Test
    void itIsAQueryThatMayWrite() {
        try (Database database = open(Map.of());
                Session session = database.openSession()) {
            try (PreparedQuery query = session.prepare("EXPLAIN ANALYZE DELETE FROM t WHERE n = ?")) {
                assertThat(query.kind()).isEqualTo(StatementKind.QUERY);
                assertThat(query.writes()).isTrue();
                assertThat(query.parameters()).hasSize(1);
            }
            session.begin(true);
            assertThatThrownBy(() -> lines(session, "EXPLAIN ANALYZE DELETE FROM t"))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.READ_ONLY));
            session.rollback();
            assertThatThrownBy(() -> lines(session, "EXPLAIN ANALYZE SELECT 1 / (n - n) FROM t"))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.column()).isEqualTo(24));
        }
    }

    @Test
    void timeOutsHold() {
        try (Database database = open(Map.of());
                Session session = database.openSession();
                PreparedQuery query = session.prepare(
                        "EXPLAIN ANALYZE SELECT count(*) FROM t a, t b, t c WHERE a.n + b.n + c.n < 0")) {
            ExecutionOptions options =
                    new ExecutionOptions(Duration.ofMillis(200).toNanos(), 0);
            assertThatThrownBy(() -> query.query(List.of(), options))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));
        }
    }
}
