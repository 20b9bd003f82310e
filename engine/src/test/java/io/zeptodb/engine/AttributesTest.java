package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.spec.SpecAnswer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Columns with attributes answer as columns without: two tables get the same changes at random (inserts, late rows, updates, deletes, seals, attributes
 * set and taken away, restarts), one of them has attributes, and each query is asked of both. {@code -Dseeds=} runs more.
 */
class AttributesTest {
    private static final long START = 1_700_000_000_000_000_000L;
    private static final long SECOND = 1_000_000_000L;
    private static final String[] ATTRIBUTES = {"GROUPED", "PARTED", "SORTED", "NONE"};

    /** Name, type, and an expression of a whole number n that gives the values: few different ones, so that searches find something. */
    private static final String[][] COLUMNS = {
        {"b", "BOOLEAN", "n %% 2 = 0"},
        {"ti", "TINYINT", "CAST(n %% 100 - 50 AS TINYINT)"},
        {"si", "SMALLINT", "CAST(n %% 1000 - 500 AS SMALLINT)"},
        {"i", "INTEGER", "CAST(n %% 700 AS INTEGER)"},
        {"l", "BIGINT", "(n %% 900) * 10000000000 - 7"},
        {
            "r",
            "REAL",
            "CAST(CASE WHEN n %% 9 = 0 THEN 'NaN' WHEN n %% 9 = 1 THEN '-0.0' WHEN n %% 9 = 2 THEN '0.0'"
                    + " ELSE CAST(n %% 50 AS VARCHAR) END AS REAL)"
        },
        {
            "d",
            "DOUBLE",
            "CAST(CASE WHEN n %% 9 = 0 THEN 'NaN' WHEN n %% 9 = 1 THEN '-0.0' WHEN n %% 9 = 2 THEN '0.0'"
                    + " ELSE CAST(n %% 300 - 150 AS VARCHAR) END AS DOUBLE)"
        },
        {"dec", "DECIMAL(12,2)", "CAST(n %% 400 - 200 AS DECIMAL(12,2)) + 0.25"},
        {"big", "DECIMAL(38,0)", "CAST(n %% 200 - 100 AS DECIMAL(38,0)) * 10000000000000000000000000"},
        {"v", "VARCHAR", "CASE WHEN n %% 5 = 0 THEN '' ELSE 'a text of some length ' || CAST(n %% 300 AS VARCHAR) END"},
        {"s", "SYMBOL", "'s' || CAST(n %% 300 AS VARCHAR)"},
        {"x", "VARBINARY", "CASE WHEN n %% 2 = 0 THEN X'0102' ELSE X'00FF' END"},
        {"da", "DATE", "CAST(to_timestamp_s2(n %% 40 * 86400) AS DATE)"},
        {"tm", "TIME", "CAST(to_timestamp_s2(n %% 80000) AS TIME)"},
        {"t3", "TIMESTAMP(3)", "to_timestamp_s2(n %% 900)"},
    };

    /** Conditions over the columns; {} is a number at random. */
    private static final List<String> CONDITIONS = List.of(
            "b = true",
            "ti = {} %% 100 - 50",
            "ti = {}",
            "si = {} %% 1000 - 500",
            "i = {} %% 700",
            "i = 2.5",
            "i IN ({} %% 700, {} %% 700, {} %% 700)",
            "i IN (1, 5, 77, 600, 9999)",
            "i > 690 OR i < 3",
            "i >= {} %% 700 AND i < {} %% 700",
            "l = ({} %% 900) * 10000000000 - 7",
            "l IN (9999999993, -7, 8)",
            "r = CAST('NaN' AS REAL)",
            "r = CAST(0 AS REAL)",
            "r = CAST({} %% 50 AS REAL)",
            "d = CAST('NaN' AS DOUBLE)",
            "d = 0e0",
            "d = -0e0",
            "d = {} %% 300 - 150",
            "d > CAST({} %% 300 - 150 AS DOUBLE)",
            "d <= -140e0",
            "dec = CAST({} %% 400 - 200 AS DECIMAL(12,2)) + 0.25",
            "dec = 3.250",
            "dec = 3.25",
            "dec > 190",
            "big = CAST('-7' || '0000000000000000000000000' AS DECIMAL(38,0))",
            "big < CAST('-70' || '0000000000000000000000000' AS DECIMAL(38,0))",
            "v = ''",
            "v = 'a text of some length ' || CAST({} %% 300 AS VARCHAR)",
            "v > 'a text of some length 298'",
            "s = 's' || CAST({} %% 300 AS VARCHAR)",
            "s IN ('s7', 's8', 'none')",
            "s = 'none'",
            "s >= 's297'",
            "x = X'0102'",
            "da = DATE '1970-01-05'",
            "da >= DATE '1970-02-05'",
            "tm = TIME '10:00:00'",
            "tm < TIME '00:05:00'",
            "t3 = TIMESTAMP '1970-01-01 00:10:00'",
            "t3 BETWEEN TIMESTAMP '1970-01-01 00:10:00' AND TIMESTAMP '1970-01-01 00:11:00'",
            "n = {}",
            "n > {} AND n < {} + 40",
            "i = NULL",
            "i IS NULL",
            "i IS NOT DISTINCT FROM {} %% 700",
            "NOT i = {} %% 700",
            "i <> 5 AND i < 8");

    @TempDir
    private Path folder;

    private Database database;
    private Session session;
    private Random random;
    private long sequence;

    private void open() {
        database = Engine.open(
                folder.resolve("db").toString(), Map.of("threads", "2", "seal_rows", "3000", "durability", "none"));
        session = database.openSession();
    }

    private void close() {
        database.close();
        assertThat(database.statistics().allocatedBytes()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "PARTITION BY k,true",
        "PARTITION BY NONE,false",
        "PARTITION BY k HOUR(ts),true",
        "PARTITION BY HOUR(ts),false"
    })
    void anIndexDecidesHowRowsAreFoundAndNeverWhich(String partitioning, boolean late) {
        for (long seed = 1; seed <= Long.getLong("seeds", 1); seed++) {
            random = new Random(seed * 31 + partitioning.hashCode());
            open();
            try {
                round(partitioning.replace("k HOUR", "k, HOUR"), late);
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed + ", " + partitioning, e);
            } finally {
                close();
            }
        }
    }

    private void round(String partitioning, boolean late) {
        List<String> columns = new ArrayList<>();
        for (String[] column : COLUMNS) {
            columns.add(column[0] + " " + column[1]);
        }
        for (String table : List.of("plain", "indexed")) {
            session.update("DROP TABLE IF EXISTS " + table);
            session.update("CREATE TABLE " + table + " (n BIGINT, k SYMBOL, ts TIMESTAMP_NS, "
                    + String.join(", ", columns) + ") TIMESTAMP(ts) " + partitioning);
        }
        for (int step = 0; step < 14; step++) {
            change(late);
            if (random.nextInt(3) == 0) {
                attributes();
            }
            compare(step);
        }
    }

    private void both(String sql) {
        assertThat(session.update(sql.replace("T_", "indexed")))
                .as(sql)
                .isEqualTo(session.update(sql.replace("T_", "plain")));
    }

    private void change(boolean late) {
        switch (random.nextInt(9)) {
            case 0 -> both("DELETE FROM T_ WHERE n % " + (2 + random.nextInt(9)) + " = 1");
            case 1 -> both("UPDATE T_ SET i = i + 1, v = 'changed', d = -d WHERE n % 7 = " + random.nextInt(7));
            case 2 ->
                both("UPDATE T_ SET k = 'k0', ts = ts + INTERVAL '20' MINUTE WHERE n % 11 = " + random.nextInt(11));
            case 3 -> session.update("CHECKPOINT");
            case 4 -> {
                session.close();
                close();
                open();
            }
            case 5 -> {
                session.begin();
                insert(500, late);
                both("DELETE FROM T_ WHERE n % 5 = 2");
                compare(-1);
                if (random.nextBoolean()) {
                    session.commit();
                } else {
                    session.rollback();
                }
            }
            default -> insert(1 + random.nextInt(random.nextBoolean() ? 20 : 4000), late);
        }
    }

    private void insert(int rows, boolean late) {
        List<String> values = new ArrayList<>();
        for (String[] column : COLUMNS) {
            values.add("CASE WHEN n % 13 = 5 THEN NULL ELSE " + expression(column[2]) + " END");
        }
        long first = sequence;
        sequence += rows;
        int stride = late ? 1 + random.nextInt(3) : 1;
        for (String table : List.of("plain", "indexed")) {
            session.update(
                    "INSERT INTO " + table + " WITH RECURSIVE r(n) AS (SELECT CAST(" + first + " AS BIGINT) UNION ALL"
                            + " SELECT n + 1 FROM r WHERE n < " + (first + rows - 1)
                            + ") SELECT n, 'k' || CAST(n % 4 AS VARCHAR),"
                            + " to_timestamp_ns(" + START + " + (n * " + (stride == 2 ? 7919 : 1) + " % 20000) * "
                            + SECOND + "), "
                            + String.join(", ", values) + " FROM r");
        }
    }

    private static String expression(String text) {
        return text.replace("%%", "%").replace("to_timestamp_s2(", "to_timestamp(1e0 * ");
    }

    private void attributes() {
        for (String[] column : COLUMNS) {
            if (random.nextInt(2) == 0) {
                set(column[0], ATTRIBUTES[random.nextInt(ATTRIBUTES.length)]);
            }
        }
        set("n", random.nextBoolean() ? "SORTED" : "GROUPED");
        set("k", "GROUPED");
    }

    /** SORTED may be refused, where the rows are not: half of the columns get it while the table has no rows. */
    private void set(String column, String attribute) {
        try {
            session.update("ALTER TABLE indexed SET ATTRIBUTE " + column + " " + attribute);
        } catch (io.zeptodb.engine.api.EngineException e) {
            assertThat(e.code()).isEqualTo(io.zeptodb.engine.api.ErrorCode.NOT_SORTED);
        }
    }

    private void compare(int step) {
        for (int i = 0; i < 25; i++) {
            String where = condition();
            for (int more = random.nextInt(3); more > 0; more--) {
                where = "(" + where + ") AND (" + (random.nextInt(3) == 0 ? other() : condition()) + ")";
            }
            String sql = (random.nextInt(3) == 0
                            ? "SELECT COUNT(*), MIN(n), MAX(n), SUM(n) FROM T_ WHERE "
                            : "SELECT n, k, i, v, s, d FROM T_ WHERE ")
                    + where;
            assertThat(answer(sql.replace("T_", "indexed")))
                    .as("step " + step + ": " + sql)
                    .isEqualTo(answer(sql.replace("T_", "plain")));
        }
    }

    private String condition() {
        StringBuilder text = new StringBuilder();
        String pattern = CONDITIONS.get(random.nextInt(CONDITIONS.size())).replace("%%", "%");
        for (int at = 0; at < pattern.length(); at++) {
            if (pattern.startsWith("{}", at)) {
                text.append(random.nextInt((int) Math.max(1, sequence)));
                at++;
            } else {
                text.append(pattern.charAt(at));
            }
        }
        return text.toString();
    }

    private String other() {
        long minute = random.nextInt(300);
        return random.nextBoolean()
                ? "k IN ('k1', 'k3')"
                : "ts >= to_timestamp_ns(" + (START + minute * 60 * SECOND) + ")";
    }

    private List<String> answer(String sql) {
        return SpecAnswer.rows(session, sql).stream().sorted().toList();
    }

    @Test
    void columnsThatAreSortedFromTheBeginningStayFindable() {
        open();
        session.update("CREATE TABLE t (n BIGINT ATTRIBUTE SORTED, v VARCHAR ATTRIBUTE SORTED)");
        for (int i = 0; i < 20; i++) {
            int first = i * 100;
            String rows = String.join(
                    ", ",
                    IntStream.range(first, first + 100)
                            .mapToObj(n -> "(" + n + ", '" + String.format("%06d", n) + "')")
                            .toList());
            session.update("INSERT INTO t VALUES " + rows);
            assertThat(answer("SELECT n FROM t WHERE v = '" + String.format("%06d", first + 50) + "'"))
                    .containsExactly(String.valueOf(first + 50));
            assertThat(answer("SELECT COUNT(*) FROM t WHERE n >= 90 AND n < " + (first + 100)))
                    .containsExactly(String.valueOf(first + 10));
        }
        session.update("INSERT INTO t VALUES (5, NULL), (NULL, '000005'), (1, '000001')");
        assertThat(answer("SELECT COUNT(*) FROM t WHERE n = 5")).containsExactly("2");
        assertThat(answer("SELECT COUNT(*) FROM t WHERE v = '000005'")).containsExactly("2");
        assertThat(answer("SELECT COUNT(*) FROM t WHERE n <= 1")).containsExactly("3");
        close();
    }
}
