package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.spec.SpecAnswer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries over data many times their memory answer as those that have all of it, and leave nothing on disk. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SpillingTest {
    private static final int ROWS = 300_000;
    private static final String LITTLE_MEMORY = "4MB";

    private SpillingDatabase database;

    @BeforeAll
    void fill(@TempDir Path folder) {
        database = new SpillingDatabase(folder, LITTLE_MEMORY);
        Session session = database.unlimited();
        session.update(
                "CREATE TABLE t (id BIGINT, g BIGINT, few SYMBOL, s VARCHAR, d DOUBLE, x DECIMAL(20, 2), b BOOLEAN)");
        session.update(
                "CREATE TABLE bars (sym SYMBOL, ts TIMESTAMP(9), p DOUBLE) TIMESTAMP(ts) PARTITION BY sym, DAY(ts)");
        session.update("CREATE TABLE u (k BIGINT, v VARCHAR, w BIGINT)");
        Random random = new Random(7);
        database.fill("t", ROWS, (row, i) -> {
            row.setLong(0, i);
            row.setLong(1, random.nextInt(ROWS / 3));
            row.setString(2, "sym" + random.nextInt(50));
            row.setString(3, "a text of row " + random.nextInt(ROWS / 2) + (i % 7 == 0 ? " that is longer" : ""));
            row.setDouble(4, random.nextInt(1000) / 4.0);
            row.setDecimal(5, java.math.BigDecimal.valueOf(random.nextInt(1_000_000), 2));
            row.setBoolean(6, random.nextBoolean());
            for (int column = 1; column < 7; column++) {
                if (random.nextInt(20) == 0) {
                    row.setNull(column);
                }
            }
        });
        database.fill("u", ROWS / 2, (row, i) -> {
            row.setLong(0, random.nextInt(ROWS / 2));
            row.setString(1, "the other side's text " + random.nextInt(ROWS));
            row.setLong(2, i);
            if (i % 30 == 0) {
                row.setNull(0);
            }
        });
        database.fill("bars", ROWS, (row, i) -> {
            row.setString(0, "sym" + i % 20);
            row.setLong(1, i * 1_000_000_000L);
            row.setDouble(2, random.nextInt(1000) / 4.0);
        });
        database.database().checkpoint();
    }

    @AfterAll
    void close() throws IOException {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM t ORDER BY s DESC, id",
                "SELECT * FROM t ORDER BY g NULLS FIRST, few, x DESC NULLS LAST, id",
                "SELECT d, id FROM t ORDER BY d",
                "SELECT few, b, s FROM t ORDER BY few DESC, b, s, id",
                "SELECT x, g FROM t ORDER BY x, g DESC, id",
                "SELECT NULL AS n, id FROM t ORDER BY s, id",
            })
    void aSortOfMoreThanItsMemory(String sql) throws IOException {
        assertThat(database.compare(sql, true)).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT g, COUNT(*), SUM(d), MIN(s), MAX(x), AVG(id) FROM t GROUP BY g",
                "SELECT s, few, COUNT(*) FROM t GROUP BY s, few",
                "SELECT DISTINCT g, b, few FROM t",
                "SELECT g, COUNT(DISTINCT s), COUNT(DISTINCT few) FILTER (WHERE b) FROM t GROUP BY g",
                "SELECT g, FIRST(id), LAST(s) FROM t GROUP BY g",
                "SELECT g % 100, MEDIAN(d), COUNT(*) FROM t GROUP BY g % 100",
                "SELECT few, COUNT(DISTINCT s) FROM t GROUP BY few",
                "SELECT UPPER(s), x, SUM(d) FROM t GROUP BY UPPER(s), x ORDER BY 1, 2",
                "SELECT c, COUNT(*) FROM (SELECT g, COUNT(*) AS c FROM t GROUP BY g) q GROUP BY c",
                "SELECT COUNT(*), SUM(c) FROM (SELECT s, g, COUNT(*) AS c FROM t GROUP BY ROLLUP(s, g)) q",
            })
    void groupsOfMoreThanTheirMemory(String sql) throws IOException {
        assertThat(database.compare(sql, false)).isPositive();
    }

    /** Those that match are fewer, but each is large, and the join that chooses them may have to be given up. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT q.g, q.s, u.v FROM u JOIN (SELECT g, s, COUNT(*) AS n FROM t GROUP BY g, s) q ON q.g = u.k",
                "SELECT q.g, q.n FROM (SELECT DISTINCT k, v FROM u WHERE w > 3) u JOIN (SELECT g, s, COUNT(*) AS n FROM t"
                        + " GROUP BY g, s) q ON q.g = u.k AND q.s <> u.v",
            })
    void groupsThatAJoinChooses(String sql) throws IOException {
        assertThat(SpecAnswer.rows(database.unlimited(), "EXPLAIN " + sql))
                .anyMatch(line -> line.contains("; filters t by g"));
        assertThat(database.compare(sql, false)).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT sym, TIME_BUCKET(INTERVAL '1' SECOND, ts), FIRST(p), MAX(p), COUNT(*) FROM bars GROUP BY 1, 2",
                "SELECT TIME_BUCKET(INTERVAL '2' SECOND, ts) AS bar, SUM(p) FROM bars GROUP BY bar",
            })
    void barsOfMoreThanTheirMemory(String sql) throws IOException {
        assertThat(database.compare(sql, false)).isPositive();
    }

    @Test
    void anAggregateDoesNotGiveUpForTheMemoryOfItsInput() {
        String sql =
                "SELECT count(z), sum(z) FROM (SELECT lag(id, 3) IGNORE NULLS OVER (PARTITION BY few ORDER BY id) AS z FROM t"
                        + " WHERE id < 100000) AS w";
        String whole = SpecAnswer.rows(database.unlimited(), sql).toString();
        Session limited = database.limited();
        int answered = 0;
        try {
            for (int kilobytes = 3_000; kilobytes < 9_000; kilobytes += 500) {
                limited.update("SET query_memory_limit = '" + kilobytes + "kB'");
                try {
                    assertThat(SpecAnswer.rows(limited, sql)).hasToString(whole);
                    answered++;
                } catch (EngineException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
                    assertThat(e.getMessage()).doesNotContain("asked for 0 bytes");
                }
            }
        } finally {
            limited.update("SET query_memory_limit = '" + LITTLE_MEMORY + "'");
        }
        assertThat(answered).isPositive();
    }

    /** A batch of long results and its copy for the caller take more than the little memory. */
    @Test
    void longResultsOfGroups() throws IOException {
        database.limited().update("SET query_memory_limit = '8MB'");
        try {
            assertThat(database.compare("SELECT g, STRING_AGG(s, ',') FROM t GROUP BY g", false))
                    .isPositive();
        } finally {
            database.limited().update("SET query_memory_limit = '" + LITTLE_MEMORY + "'");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT t.id, u.v FROM t JOIN u ON t.g = u.k",
                "SELECT t.id, u.v, u.w FROM t LEFT JOIN u ON t.g = u.k AND u.w % 2 = 0",
                "SELECT t.id, u.v FROM t RIGHT JOIN u ON t.g = u.k",
                "SELECT t.few, t.s, u.v FROM t FULL JOIN u ON t.id = u.k",
                "SELECT u.w FROM u WHERE EXISTS (SELECT 1 FROM t WHERE t.id = u.k)",
                "SELECT u.w FROM u WHERE NOT EXISTS (SELECT 1 FROM t WHERE t.g = u.k AND t.s > u.v)",
                "SELECT u.w, u.k IN (SELECT NULLIF(id, 7) FROM t) FROM u",
                "SELECT u.w FROM u WHERE u.k NOT IN (SELECT id FROM t WHERE g IS NOT NULL)",
                "SELECT COUNT(*), SUM(a.d) FROM t a JOIN t b ON a.s = b.s AND a.few = b.few",
                "SELECT a.id, b.c FROM t a JOIN (SELECT s, COUNT(*) AS c FROM t GROUP BY s) b ON a.s = b.s",
            })
    void joinsOfMoreThanTheirMemory(String sql) throws IOException {
        assertThat(database.compare(sql, false)).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT s, few FROM t EXCEPT SELECT s, few FROM t WHERE id % 3 = 0",
                "SELECT s, g FROM t EXCEPT SELECT v, w FROM u",
                "SELECT g, d FROM t INTERSECT SELECT g, d FROM t WHERE b",
                "SELECT s FROM t EXCEPT ALL SELECT s FROM t WHERE id % 2 = 0",
                "SELECT s, few FROM t INTERSECT ALL SELECT s, few FROM t WHERE id % 2 = 0",
                "SELECT s FROM t UNION SELECT v FROM u",
            })
    void setsOfMoreThanTheirMemory(String sql) throws IOException {
        assertThat(database.compare(sql, false)).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT id, ROW_NUMBER() OVER (PARTITION BY g ORDER BY s, id) FROM t",
                "SELECT id, SUM(d) OVER (PARTITION BY s ORDER BY id), LAG(s) OVER (PARTITION BY g ORDER BY id) FROM t",
                "SELECT id, few, AVG(x) OVER (PARTITION BY g, b ORDER BY id ROWS 3 PRECEDING) FROM t",
                "SELECT id, COUNT(*) OVER (PARTITION BY UPPER(s)), MAX(s) OVER (PARTITION BY g) FROM t",
            })
    void windowsOfMoreThanTheirMemory(String sql) throws IOException {
        assertThat(database.compare(sql, false)).isPositive();
    }
}
