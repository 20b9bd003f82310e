package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.spec.SpecAnswer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Windows over more rows than their memory, without PARTITION BY or with partitions that do not fit, answer as with all the memory they want.
 * {@code -Drows=10000000} takes so many rows, and as many bytes of memory for each as for a row of 64 MB among ten million.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LargeWindowsTest {
    private static final int ROWS = Integer.getInteger("rows", 300_000);
    private static final long LEAST_MEMORY = 4L << 20;
    private static final long MEMORY = Math.max(LEAST_MEMORY, (64L << 20) * ROWS / 10_000_000);
    private static final int KEYS = 3;

    private SpillingDatabase database;

    @BeforeAll
    void fill(@TempDir Path folder) {
        database = new SpillingDatabase(folder, Long.toString(MEMORY));
        database.unlimited()
                .update("CREATE TABLE t (sym SYMBOL, ts TIMESTAMP(9), p DOUBLE, v BIGINT) TIMESTAMP(ts)"
                        + " PARTITION BY sym, DAY(ts)");
        Random random = new Random(11);
        long[] time = {0};
        database.fill("t", ROWS, (row, i) -> {
            time[0] += random.nextInt(3) * 1_000_000L;
            row.setString(0, "s" + random.nextInt(KEYS));
            row.setLong(1, time[0]);
            row.setDouble(2, random.nextInt(1000) / 4.0);
            row.setLong(3, random.nextInt(1000));
            if (random.nextInt(20) == 0) {
                row.setNull(2);
            }
        });
        database.database().checkpoint();
    }

    @AfterAll
    void close() throws IOException {
        database.close();
    }

    /** The window functions of one select list each, over {@code w}. */
    static List<String> windows() {
        String time = "ORDER BY ts";
        String key = "PARTITION BY sym ORDER BY ts, v";
        return List.of(
                "row_number() OVER (" + time + ")",
                "rank() OVER (" + time + "), dense_rank() OVER (" + time + ")",
                "rank() OVER (PARTITION BY sym ORDER BY v)",
                "percent_rank() OVER (" + time + "), cume_dist() OVER (" + time + "), ntile(7) OVER (" + time + ")",
                "lag(p) OVER (" + time + "), lead(v, 100, -1) OVER (" + time + "), lag(p, 3) IGNORE NULLS OVER (" + time
                        + ")",
                "sum(v) OVER (" + time + "), count(p) OVER (" + time + ")",
                "sum(v) OVER (" + time + " ROWS UNBOUNDED PRECEDING), max(p) OVER (" + time
                        + " ROWS UNBOUNDED PRECEDING)",
                "sum(v) OVER (" + time + " ROWS 1000 PRECEDING), min(p) OVER (" + time
                        + " ROWS BETWEEN 50 PRECEDING AND 50 FOLLOWING)",
                "avg(p) OVER (" + time + " RANGE INTERVAL '1' SECOND PRECEDING)",
                "count(*) OVER (" + time + " GROUPS BETWEEN 3 PRECEDING AND 2 FOLLOWING EXCLUDE TIES)",
                "msum(v, 20) OVER (), mavg(p, 500) OVER ()",
                "ema(p, 20) OVER (" + time + "), fills(p) OVER (" + time + "), delta(v) OVER (" + time + ")",
                "sum(v) OVER (), max(p) OVER (), row_number() OVER ()",
                "first_value(p) OVER (" + time + "), last_value(p) OVER (" + time
                        + " ROWS BETWEEN CURRENT ROW AND 10 FOLLOWING)",
                "row_number() OVER (" + key + "), sum(v) OVER (" + key + ")",
                "ntile(4) OVER (" + key + "), sum(v) OVER (PARTITION BY sym), msum(v, 3) OVER (" + key + ")");
    }

    @ParameterizedTest
    @MethodSource("windows")
    void aWindowOverMoreThanItsMemory(String window) throws IOException {
        String[] aliased = window.split("(?<=\\)), (?=[a-z_]+\\()");
        StringBuilder select = new StringBuilder();
        StringBuilder sums = new StringBuilder("count(*)");
        for (int i = 0; i < aliased.length; i++) {
            select.append(", ").append(aliased[i]).append(" AS w").append(i);
            // what place each row has counts too, doubles of quarters add up exactly, and ten million sums of sums do
            // not fit 64 bits
            sums.append(", count(w")
                    .append(i)
                    .append("), sum(CAST(w")
                    .append(i)
                    .append(" * 1000 AS DECIMAL(38, 0)) * (v % 7 + 1))");
        }
        String sql = "SELECT sym, " + sums + " FROM (SELECT sym, v" + select + " FROM t) GROUP BY sym ORDER BY sym";
        assertThat(database.compare(sql, true)).isPositive();
    }

    @Test
    void aFrameThatDoesNotFitIsRefusedWithTheFigures() {
        for (String window : List.of(
                "sum(v) OVER (ORDER BY ts ROWS BETWEEN 1 PRECEDING AND UNBOUNDED FOLLOWING)",
                "max(v) OVER (ORDER BY ts ROWS " + ROWS + " PRECEDING)",
                "nth_value(v, 2) OVER (ORDER BY ts)")) {
            assertThatThrownBy(() -> SpecAnswer.rows(
                            database.limited(), "SELECT sum(w) FROM (SELECT " + window + " AS w FROM t)"))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("query_memory_limit")
                    .extracting(e -> ((EngineException) e).code())
                    .isEqualTo(ErrorCode.OUT_OF_MEMORY);
        }
    }
}
