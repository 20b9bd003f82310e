package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.Pipeline;
import io.zeptodb.engine.api.PipelineOptions;
import io.zeptodb.engine.api.RowWriter;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.spec.SpecAnswer;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Joins that give their keys to scans below an aggregation, over more rows than a thread takes at once: they answer as the same joins whose keys are
 * computed, which have no filter.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JoinFilterTest {
    private static final int ROWS = 500_000;
    private static final int KEYS = 5_000;
    private static final Pattern ROWS_OF_SCAN = Pattern.compile("TableScan t \\[.*\\(rows=(\\d+)");

    private Database database;
    private Session session;

    @BeforeAll
    void fill() {
        database = Engine.open(Map.of("threads", "3", "memory_limit", "1GB"));
        session = database.openSession();
        session.update("CREATE TABLE t (id BIGINT, k BIGINT, part INTEGER, v DECIMAL(15, 2), name SYMBOL)");
        session.update("CREATE TABLE few (k BIGINT, part INTEGER, least DECIMAL(15, 2), name VARCHAR)");
        session.update("INSERT INTO few VALUES (1, 1, 0, 'n1'), (1, 2, 999999, 'n2'), (17, 3, 1, 'none'),"
                + " (4999, 0, 100, NULL), (70000, 1, 0, 'n3'), (NULL, 2, 0, 'n1'), (12, NULL, 0, 'n4')");
        Random random = new Random(11);
        try (Pipeline pipeline = database.openPipeline("t", PipelineOptions.SYNCHRONOUS);
                RowWriter row = pipeline.newWriter()) {
            for (int i = 0; i < ROWS; i++) {
                row.setLong(0, i);
                row.setLong(1, random.nextInt(KEYS));
                row.setLong(2, random.nextInt(4));
                row.setDecimal(3, BigDecimal.valueOf(random.nextInt(100_000), 2));
                row.setString(4, "n" + random.nextInt(40));
                for (int column = 1; column < 5; column++) {
                    if (random.nextInt(30) == 0) {
                        row.setNull(column);
                    }
                }
                row.append();
            }
        }
        database.checkpoint();
    }

    @AfterAll
    void close() {
        database.close();
        assertThat(database.statistics().allocatedBytes()).isZero();
    }

    /** In each, {@code KEY} stands for the key, or for the same value computed. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT f.k, g.s, g.n FROM few f JOIN (SELECT KEY AS k, sum(v) AS s, count(*) AS n FROM t GROUP BY KEY) g ON g.k = f.k",
                "SELECT f.k, g.part, g.s FROM few f JOIN (SELECT KEY AS k, part, avg(v) AS s FROM t GROUP BY KEY, part) g"
                        + " ON g.k = f.k AND g.part = f.part",
                "SELECT f.k, g.s FROM few f JOIN (SELECT KEY AS k, min(part) AS part, sum(v) AS s FROM t GROUP BY KEY) g"
                        + " ON g.k = f.k AND g.part = f.part",
                "SELECT f.k, f.least FROM few f WHERE f.least < (SELECT avg(v) FROM (SELECT KEY AS k, v FROM t) u WHERE u.k = f.k)",
                "SELECT f.k FROM few f WHERE EXISTS (SELECT 1 FROM (SELECT KEY AS k, sum(v) AS s FROM t GROUP BY KEY) g"
                        + " WHERE g.k = f.k AND g.s > f.least)",
                "SELECT f.k, g.s FROM few f JOIN (SELECT k, max(s) AS s FROM (SELECT KEY AS k, part, sum(v) AS s FROM t"
                        + " WHERE v > 5 GROUP BY KEY, part) h GROUP BY k) g ON g.k = f.k",
                "SELECT f.k, g.n FROM few f JOIN (SELECT a.k, count(*) AS n FROM (SELECT id, KEY AS k FROM t) a JOIN"
                        + " (SELECT id FROM t WHERE v < 20) b ON a.id = b.id GROUP BY a.k) g ON g.k = f.k",
                "SELECT f.k, g.n FROM few f JOIN (SELECT KEY AS k, count(*) AS n FROM t GROUP BY KEY) g"
                        + " ON g.k IS NOT DISTINCT FROM f.k",
            })
    void answersAreThoseWithoutTheFilter(String query) {
        compare(query.replace("KEY AS k", "k").replace("KEY", "k"), query.replace("KEY", "abs(k)"));
    }

    @Test
    void symbolsAndTextsAreKeys() {
        String query = "SELECT f.name, g.part, g.s FROM few f JOIN (SELECT NAME AS name, part, sum(v) AS s FROM t"
                + " GROUP BY NAME, part) g ON g.name = f.name";
        compare(query.replace("NAME AS name", "name").replace("NAME", "name"), query.replace("NAME", "lower(name)"));
    }

    private void compare(String filtered, String plain) {
        assertThat(SpecAnswer.rows(session, "EXPLAIN " + filtered)).anyMatch(line -> line.contains("; filters t by "));
        assertThat(SpecAnswer.rows(session, "EXPLAIN " + plain))
                .noneMatch(line -> line.contains("filters t by k") || line.contains("filters t by name"));
        List<String> actual = SpecAnswer.rows(session, filtered);
        List<String> expected = SpecAnswer.rows(session, plain);
        assertThat(expected).isNotEmpty();
        actual.sort(null);
        expected.sort(null);
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void rowsOfOtherKeysAreLeftOut() {
        String query = "SELECT f.k, g.n FROM few f JOIN (SELECT k, count(*) AS n FROM t GROUP BY k) g ON g.k = f.k";
        long matching = Long.parseLong(SpecAnswer.rows(session, "SELECT count(*) FROM t WHERE k IN (1, 17, 4999, 12)")
                .get(0));
        assertThat(rowsOfScan(query)).isEqualTo(matching).isLessThan(ROWS / 500);
    }

    @Test
    void nothingIsReadForNoKeys() {
        String query = "SELECT f.k, g.n FROM (SELECT k FROM few WHERE part > 100) f"
                + " JOIN (SELECT k, count(*) AS n FROM t GROUP BY k) g ON g.k = f.k";
        assertThat(SpecAnswer.rows(session, query)).isEmpty();
        assertThat(rowsOfScan(query)).isZero();
    }

    /** Nine keys of ten: to look them up is more work than it saves. */
    @Test
    void aFilterThatLeavesLittleOutRests() {
        session.update("CREATE TABLE most AS SELECT DISTINCT k FROM t WHERE k % 10 > 0");
        String query = "SELECT count(*), sum(g.n) FROM most m JOIN (SELECT k, v, count(*) AS n FROM t GROUP BY k, v) g"
                + " ON g.k = m.k";
        assertThat(SpecAnswer.rows(session, "EXPLAIN " + query)).anyMatch(line -> line.contains("; filters t by k"));
        String groups =
                "SELECT count(*), sum(n) FROM (SELECT k, v, count(*) AS n FROM t WHERE k % 10 > 0 GROUP BY k, v) g";
        assertThat(SpecAnswer.rows(session, query)).isEqualTo(SpecAnswer.rows(session, groups));
        assertThat(rowsOfScan(query)).isGreaterThan(ROWS * 95 / 100).isLessThan(ROWS);
    }

    /** Rows that came out of the scan of t, the last one of the plan. */
    private long rowsOfScan(String query) {
        long rows = -1;
        for (String line : SpecAnswer.rows(session, "EXPLAIN ANALYZE " + query)) {
            Matcher matcher = ROWS_OF_SCAN.matcher(line);
            if (matcher.find()) {
                rows = Long.parseLong(matcher.group(1));
            } else if (line.contains("TableScan t ")) {
                rows = 0;
            }
        }
        return rows;
    }
}
