package io.zeptodb.duckdb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.zeptodb.engine.spec.SpecAnswer;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * SAMPLE BY with FILL against what DuckDB makes of a series of times, the keys, a left join and window functions, over seeded random rows. {@code
 * -Dqueries=1000 -Dseed=1} runs more. Times are whole seconds and values multiples of a quarter, so that both compute the same doubles.
 */
class RandomSamplingTest {
    private static final int IN_THE_GATE = 150;
    private static final int SPAN_SECONDS = 600;
    private static final int[] WIDTHS = {1, 5, 7, 30, 60, 90, 300};

    @Test
    void gapsAreFilledAsDuckDbJoinsFillThem() throws SQLException {
        long first = Long.getLong("seed", 1);
        for (long seed = first; seed < first + Integer.getInteger("queries", IN_THE_GATE); seed++) {
            Random random = new Random(seed);
            try (BesideDuckDb both = new BesideDuckDb(Map.of("threads", "2"))) {
                both.session().update("CREATE TABLE t (k SYMBOL, v DOUBLE, n BIGINT, ts TIMESTAMP_NS)");
                both.inDuckDb("CREATE TABLE t (k VARCHAR, v DOUBLE, n BIGINT, ts TIMESTAMP)");
                for (int i = 0; i < 2; i++) {
                    both.run(List.of(rows(random)), random.nextInt(2));
                }
                Query query = new Query(random);
                List<String> theirs = DuckDbAnswer.rows(both.duck(), query.joined());
                assertEquals(
                        theirs,
                        SpecAnswer.rows(both.session(), query.sampled()),
                        "seed " + seed + ": " + query.sampled());
                assertEquals(
                        theirs,
                        SpecAnswer.rows(both.session(), query.functions()),
                        "seed " + seed + ": " + query.functions());
            }
        }
    }

    private static String rows(Random random) {
        StringBuilder sql = new StringBuilder("INSERT INTO t VALUES ");
        int count = 1 + random.nextInt(40);
        for (int i = 0; i < count; i++) {
            sql.append(i == 0 ? "" : ", ")
                    .append(random.nextInt(12) == 0 ? "(NULL" : "('k" + random.nextInt(4) + "'")
                    .append(random.nextInt(6) == 0 ? ", NULL, " : ", " + random.nextInt(400) / 4.0 + ", ")
                    .append(random.nextInt(100))
                    .append(", TIMESTAMP '")
                    .append(time(random.nextInt(SPAN_SECONDS)))
                    .append("')");
        }
        return sql.toString();
    }

    /** A time in the ten minutes around 1970, so that some are negative. */
    private static String time(int second) {
        int of = second - SPAN_SECONDS / 2;
        int day = of < 0 ? 86_400 + of : of;
        return String.format(
                Locale.ROOT,
                "%s %02d:%02d:%02d",
                of < 0 ? "1969-12-31" : "1970-01-01",
                day / 3600,
                day / 60 % 60,
                day % 60);
    }

    /** One question in three spellings. */
    private static final class Query {
        private final int width;
        private final boolean keyed;
        private final boolean ranged;
        private final String low;
        private final String high;
        private final String condition;

        Query(Random random) {
            width = WIDTHS[random.nextInt(WIDTHS.length)];
            keyed = random.nextInt(3) > 0;
            ranged = random.nextBoolean();
            int from = random.nextInt(SPAN_SECONDS / 2);
            low = "TIMESTAMP '" + time(from) + "'";
            high = "TIMESTAMP '" + time(from + 1 + random.nextInt(SPAN_SECONDS / 2 - 1)) + "'";
            condition = random.nextBoolean() ? "n < 80" : "n >= 0";
        }

        String sampled() {
            return "SELECT ts, " + (keyed ? "k, " : "") + "sum(v), max(v), min(v), count(*) FROM t WHERE " + condition
                    + " SAMPLE BY " + width + "s" + (ranged ? " FROM " + low + " TO " + high : "")
                    + " FILL (NULL, PREV, LINEAR, 0)";
        }

        String functions() {
            String bucket = "time_bucket_gapfill(INTERVAL '" + width + "' SECOND, ts"
                    + (ranged ? ", " + low + ", " + high : "") + ")";
            return "SELECT " + bucket + " AS b, " + (keyed ? "k, " : "")
                    + "sum(v), locf(max(v)), interpolate(min(v)), fill_value(count(*), 0) FROM t WHERE " + condition
                    + " GROUP BY " + (keyed ? "1, k ORDER BY 1, k" : "1 ORDER BY 1");
        }

        /** Rows of the series and keys; values of the nearest known points by window functions. */
        String joined() {
            String bucket = "time_bucket(INTERVAL " + width + " SECOND, ts, TIMESTAMP '1970-01-01')";
            String range = ranged ? " AND ts >= " + low + " AND ts < " + high : "";
            String start = ranged ? bucket.replace("ts,", low + ",") : "(SELECT min(b) FROM a)";
            String end = ranged ? bucket.replace("ts,", high + " - INTERVAL 1 MICROSECOND,") : "(SELECT max(b) FROM a)";
            String key = keyed ? "k" : "1";
            String keys = keyed ? "SELECT DISTINCT k FROM a" : "SELECT 1 AS k";
            String around = " OVER (PARTITION BY k ORDER BY b ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)";
            String behind = " OVER (PARTITION BY k ORDER BY b ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)";
            return "WITH a AS (SELECT " + key + " AS k, " + bucket
                    + " AS b, sum(v) AS s, max(v) AS x, min(v) AS m, count(*) AS c FROM t WHERE " + condition + range
                    + " GROUP BY 1, 2), g AS (SELECT unnest(generate_series(" + start + ", " + end + ", INTERVAL "
                    + width
                    + " SECOND)) AS b), j AS (SELECT g.b, keys.k, a.s, a.x, a.m, a.c FROM g CROSS JOIN (" + keys
                    + ") AS keys LEFT JOIN a ON a.b = g.b AND a.k IS NOT DISTINCT FROM keys.k), w AS (SELECT *,"
                    + " last_value(x IGNORE NULLS)" + around + " AS px, last_value(m IGNORE NULLS)" + around
                    + " AS pm, first_value(m IGNORE NULLS)" + behind + " AS nm,"
                    + " last_value(CASE WHEN m IS NOT NULL THEN epoch(b) END IGNORE NULLS)" + around + " AS pt,"
                    + " first_value(CASE WHEN m IS NOT NULL THEN epoch(b) END IGNORE NULLS)" + behind + " AS nt FROM j)"
                    + " SELECT b, " + (keyed ? "k, " : "") + "s, CASE WHEN c IS NULL THEN px ELSE x END,"
                    + " CASE WHEN c IS NULL THEN CASE WHEN pm = nm THEN pm ELSE pm + (nm - pm) * ((epoch(b) - pt) / (nt - pt)) END ELSE m END,"
                    + " coalesce(c, 0) FROM w ORDER BY b" + (keyed ? ", k NULLS LAST" : "");
        }
    }
}
