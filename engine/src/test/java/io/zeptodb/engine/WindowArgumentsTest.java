package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.spec.SpecAnswer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong arguments of window functions: an error that says what is wrong, with its place in the text. */
class WindowArgumentsTest {
    private static final Database DATABASE = Engine.open(Map.of("threads", "1"));
    private static final Session SESSION = DATABASE.openSession();

    @BeforeAll
    static void fill() {
        SESSION.update("CREATE TABLE t (k SYMBOL, x DOUBLE, n BIGINT, ts TIMESTAMP) TIMESTAMP(ts)");
        SESSION.update(
                "INSERT INTO t VALUES ('A', 1, 1, TIMESTAMP '2024-01-01 00:00:00'), ('A', 2, 2, TIMESTAMP '2024-01-01 00:00:01'),"
                        + " ('A', 4, 3, TIMESTAMP '2024-01-01 00:00:02')");
    }

    @AfterAll
    static void close() {
        DATABASE.close();
        assertThat(DATABASE.statistics().allocatedBytes()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ema(x, 0)|22023|the number of rows of ema must be greater than 0, is 0",
                "ema(x, -1)|22023|the number of rows of ema must be greater than 0, is -1",
                "ema(x, NULL)|22023|NULL",
                "ema(x, n)|42000|must be a constant",
                "ema(x, 1.5)|42883|ema(x, n)",
                "ema(x, 'a')|42883|ema(x, n)",
                "ema_alpha(x, 0)|22023|the weight of ema_alpha must be greater than 0 and at most 1, is 0",
                "ema_alpha(x, -0.1)|22023|the weight of ema_alpha",
                "ema_alpha(x, 1.01)|22023|the weight of ema_alpha",
                "ema_alpha(x, CAST('NaN' AS DOUBLE))|22023|the weight of ema_alpha",
                "ema_alpha(x, NULL)|22023|NULL",
                "ema_alpha(x, x)|42000|must be a constant",
                "ema_halflife(x, ts, INTERVAL '-1' SECOND)|22023|must be greater than 0",
                "ema_halflife(x, ts, NULL)|22023|NULL",
                "mavg(x, 0)|22023|must be greater than 0",
                "mavg(x, -2)|22023|the number of rows of mavg must be greater than 0, is -2",
                "mavg(x, n)|42000|the number of rows of mavg must be a constant",
                "mavg(x, NULL)|22023|NULL",
                "msum(x, -9223372036854775807)|22023|must be greater than 0",
                "mmin(x, 0)|22023|must be greater than 0",
                "mmax(x, NULL)|22023|NULL",
                "mcount(x, -1)|22023|must be greater than 0",
                "mdev(x, n)|42000|must be a constant",
                "ntile(0)|22023|must be greater than 0",
                "nth_value(x, 0)|22023|must be greater than 0",
                "nth_value(x, -1)|22023|must be greater than 0",
                "lag(x, 'a')|42804|'LAG' does not take these types",
                "delta(k)|42883|delta(x)",
                "fills(x, 1)|42883|fills(x)",
            })
    void wrongArguments(String call, String sqlState, String part) {
        String sql = "SELECT n,\n  " + call + " OVER (ORDER BY ts) FROM t";
        assertThatThrownBy(() -> SpecAnswer.rows(SESSION, sql)).isInstanceOfSatisfying(EngineException.class, e -> {
            assertThat(e.sqlState()).as(e.getMessage()).isEqualTo(sqlState);
            assertThat(e.getMessage()).contains(part);
            assertThat(e.line()).isEqualTo(2);
            assertThat(e.column()).isBetween(3, 3 + call.length());
        });
    }

    /** What looks wrong and has a meaning: PostgreSQL's lag by a negative offset is lead, and a window wider than the rows has all of them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lag(n, -1)|2,3,NULL",
                "lead(n, -1)|NULL,1,2",
                "lag(n, 0)|1,2,3",
                "lag(n, 9223372036854775807)|NULL,NULL,NULL",
                "lag(n, CAST(NULL AS INTEGER))|NULL,NULL,NULL",
                "prev(n, 1)|NULL,1,2",
                "msum(n, 9223372036854775807)|1,3,6",
                "mcount(n, 2147483648)|1,2,3",
                "ema_alpha(n, 1)|1,2,3",
                "ntile(2147483647)|1,2,3",
                "nth_value(n, 9223372036854775807)|NULL,NULL,NULL",
            })
    void atTheEdge(String call, String expected) {
        assertThat(SpecAnswer.rows(SESSION, "SELECT " + call + " OVER (ORDER BY ts) FROM t ORDER BY ts"))
                .containsExactly(expected.split(","));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ema(x, 3)", "mavg(x, 2)", "delta(x)", "fills(x)", "prev(x)"})
    void withoutOver(String call) {
        assertThatThrownBy(() -> SpecAnswer.rows(SESSION, "SELECT " + call + " FROM t"))
                .isInstanceOfSatisfying(EngineException.class, e -> {
                    assertThat(e.sqlState()).isEqualTo("42000");
                    assertThat(e.getMessage()).contains("OVER");
                    assertThat(e.column()).isEqualTo(8);
                });
    }
}
