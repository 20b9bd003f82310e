package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.store.CrashDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of equal time stay in the order of ingest, whatever was sealed and written anew in between: as in a database that has all in memory. */
class EqualTimesTest {
    private static final int SEEDS = Integer.getInteger("ties.seeds", 12);
    private static final int STEPS = 24;
    private static final int[] SIZES = {1, 3, 5, 60, 300, 700};

    private static final List<String> QUERIES = List.of(
            "SELECT k, v, row_number() OVER (PARTITION BY k ORDER BY ts) FROM t ORDER BY k, v",
            "SELECT k, v, lag(v) OVER (PARTITION BY k ORDER BY ts) FROM t ORDER BY k, v",
            "SELECT k, v, last_value(v) OVER (PARTITION BY k ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING)"
                    + " FROM t ORDER BY k, v",
            "SELECT k, string_agg(CAST(v AS VARCHAR), ',' ORDER BY ts) FROM t GROUP BY k ORDER BY k",
            "SELECT k, first(v), last(v) FROM t GROUP BY k ORDER BY k",
            "SELECT v FROM t WHERE k = 'k1' ORDER BY ts LIMIT 20",
            "SELECT v FROM t WHERE k = 'k1' ORDER BY ts DESC LIMIT 20");

    @ParameterizedTest
    @ValueSource(strings = {"PARTITION BY k, DAY(ts)", "PARTITION BY DAY(ts)", "PARTITION BY NONE"})
    void theyKeepTheOrderOfIngest(String partitioning) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            Map<String, String> options = Map.of("seal_rows", "1024", "durability", "none");
            try (Database disk = Engine.open(new CrashDirectory(), options);
                    Database memory = Engine.open(Map.of());
                    Session written = disk.openSession();
                    Session expected = memory.openSession()) {
                both(written, expected, "CREATE TABLE t (k SYMBOL, v BIGINT, ts TIMESTAMP_NS) " + partitioning);
                int next = 0;
                for (int step = 0; step < STEPS; step++) {
                    int rows = SIZES[random.nextInt(SIZES.length)];
                    both(written, expected, insert(random, next, rows));
                    next += rows;
                    if (random.nextInt(6) == 0) {
                        both(written, expected, "UPDATE t SET v = v + 1000000 WHERE v % 7 = " + random.nextInt(7));
                    }
                    if (random.nextInt(6) == 0) {
                        both(written, expected, "DELETE FROM t WHERE v % 5 = " + random.nextInt(5));
                    }
                    if (random.nextInt(3) > 0) {
                        written.update("CHECKPOINT");
                    }
                }
                for (String query : QUERIES) {
                    assertThat(rows(written, query))
                            .as("seed %d: %s", seed, query)
                            .isEqualTo(rows(expected, query));
                }
            }
        }
    }

    private static void both(Session one, Session other, String sql) {
        one.update(sql);
        other.update(sql);
    }

    private static String insert(Random random, int first, int rows) {
        StringBuilder sql = new StringBuilder("INSERT INTO t VALUES ");
        for (int i = 0; i < rows; i++) {
            sql.append(i == 0 ? "('k" : ", ('k")
                    .append(random.nextInt(3))
                    .append("', ")
                    .append(first + i)
                    .append(", TIMESTAMP '2024-01-01 00:00:0")
                    .append(random.nextInt(2))
                    .append("')");
        }
        return sql.toString();
    }

    private static List<String> rows(Session session, String sql) {
        List<String> rows = new ArrayList<>();
        try (BatchCursor cursor = session.query(sql)) {
            while (cursor.next()) {
                for (int row = 0; row < cursor.batch().getRowCount(); row++) {
                    StringBuilder text = new StringBuilder();
                    for (var vector : cursor.batch().getFieldVectors()) {
                        text.append(vector.getObject(row)).append('|');
                    }
                    rows.add(text.toString());
                }
            }
        }
        return rows;
    }
}
