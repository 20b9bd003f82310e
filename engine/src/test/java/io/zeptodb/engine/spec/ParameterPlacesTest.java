package io.zeptodb.engine.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.Engine;
import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.Session;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** A question mark may stand wherever a value may: each query gives the answer that it gives with the values written in its text. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ParameterPlacesTest {
    private static final String BEGIN = "2024-08-09 10:00:00";

    private Database database;
    private Session session;

    @BeforeAll
    void open() {
        database = Engine.open(Map.of("threads", "2"));
        session = database.openSession();
        session.update(
                "CREATE TABLE t (symbol SYMBOL, price DOUBLE, volume BIGINT, d DECIMAL(8, 2), s VARCHAR, ts TIMESTAMP_NS)");
        session.update("CREATE TABLE q (symbol SYMBOL, bid DOUBLE, ts TIMESTAMP_NS)");
        session.update("INSERT INTO t VALUES ('A', 10, 1, 1.25, 'one,two', '2024-08-09 10:00:00'),"
                + " ('B', 20, 2, 2.50, 'x', '2024-08-09 10:00:30'), ('A', 30, 3, NULL, NULL, '2024-08-09 10:01:00'),"
                + " ('A', 40, 4, 4.00, 'four', '2024-08-09 10:04:00')");
        session.update("INSERT INTO q VALUES ('A', 9, '2024-08-09 09:59:58'), ('A', 29, '2024-08-09 10:00:59'),"
                + " ('B', 19, '2024-08-09 10:00:29')");
    }

    @AfterAll
    void close() {
        session.close();
        database.close();
    }

    /** A query with question marks and their values. */
    private record Case(String sql, Object... values) {
        /** The query with its values written in. */
        String written() {
            StringBuilder text = new StringBuilder();
            int from = 0;
            for (Object value : values) {
                int at = sql.indexOf('?', from);
                text.append(sql, from, at).append(value instanceof String string ? "'" + string + "'" : value);
                from = at + 1;
            }
            return text.append(sql.substring(from)).toString();
        }
    }

    @TestFactory
    Stream<DynamicTest> answersAreThoseOfValuesInTheText() {
        return Stream.of(clauses(), comparisons(), texts(), queries(), functions(), windows(), joins(), sampling())
                .flatMap(List::stream)
                .map(each -> DynamicTest.dynamicTest(each.sql(), () -> {
                    List<String> expected = SpecAnswer.rows(session, each.written());
                    assertThat(expected).as("a query that tells something").isNotEmpty();
                    assertThat(rows(each)).as(each.written()).isEqualTo(expected);
                }));
    }

    private static List<Case> clauses() {
        return List.of(
                new Case("SELECT volume FROM t WHERE price > ? AND symbol = ? ORDER BY volume", 10, "A"),
                new Case(
                        "SELECT volume FROM t WHERE volume IN (?, ?) OR price BETWEEN ? AND ? ORDER BY 1",
                        1,
                        2,
                        35,
                        45),
                new Case("SELECT volume FROM t WHERE s LIKE ? ORDER BY 1", "%o%"),
                new Case("SELECT volume FROM t WHERE ts > ? AND ts <= ? ORDER BY 1", BEGIN, 1_723_197_660_000_000_000L),
                new Case("SELECT volume FROM t WHERE d >= ? ORDER BY volume LIMIT ? OFFSET ?", 1.25, 1, 1),
                new Case("SELECT symbol, sum(volume) AS v FROM t GROUP BY symbol HAVING v > ? ORDER BY symbol", 2),
                new Case("SELECT CASE WHEN price > ? THEN ? ELSE symbol END FROM t ORDER BY price", 20, "high"),
                new Case("SELECT coalesce(d, ?), volume + ?, price * ? FROM t ORDER BY price", 7, 5, 2),
                new Case("SELECT ts + ?, ts - ? FROM t ORDER BY ts", 1000, 1),
                new Case("SELECT x FROM (VALUES (CAST(? AS INTEGER)), (2)) AS v(x) ORDER BY x", 1));
    }

    private static List<Case> comparisons() {
        return List.of(
                new Case("SELECT ? IN (SELECT volume FROM t), ? NOT IN (SELECT symbol FROM t)", 1, "C"),
                new Case("SELECT volume FROM t WHERE ? IN (SELECT bid FROM q WHERE bid > ?) ORDER BY 1", 9, 5),
                new Case("SELECT ? > ALL (SELECT volume FROM t), ? = ANY (SELECT d FROM t)", 5, 2.5),
                new Case("SELECT volume FROM t WHERE ? < SOME (SELECT price FROM t) ORDER BY 1", 35),
                new Case("SELECT volume FROM t WHERE (volume, symbol) IN ((?, ?), (?, ?))", 1, "A", 2, "A"),
                new Case("SELECT volume FROM t WHERE (volume, symbol) NOT IN ((1, ?)) ORDER BY 1", "A"),
                new Case("SELECT volume FROM t WHERE (?, ?) IN ((volume, symbol), (7, 'A'))", 2, "B"),
                new Case("SELECT volume FROM t WHERE (?, ?) IN (SELECT volume, symbol FROM t) ORDER BY 1", 2, "B"),
                new Case("SELECT volume FROM t WHERE (?, symbol) IN (SELECT volume, symbol FROM t) ORDER BY 1", 2),
                new Case("SELECT volume FROM t WHERE (?, ?) = (volume, symbol)", 3, "A"),
                new Case("SELECT volume FROM t WHERE (volume, symbol) >= (?, ?) ORDER BY 1", 2, "B"),
                new Case("SELECT volume FROM t WHERE (volume, s) BETWEEN (?, ?) AND (?, 'z') ORDER BY 1", 1, "a", 2),
                new Case("SELECT (volume = ?) = ?, ? IS NOT DISTINCT FROM volume FROM t ORDER BY volume", 2, true, 2),
                new Case("SELECT volume FROM t WHERE ? BETWEEN volume AND ? ORDER BY 1", 2, 3),
                new Case("SELECT volume FROM t WHERE CASE ? WHEN volume THEN ? ELSE symbol END = ?", 1, "x", "x"),
                new Case("SELECT volume FROM t WHERE nullif(?, volume) IS NULL", 3));
    }

    private static List<Case> texts() {
        return List.of(
                new Case("SELECT s || ?, ? || s, ? || volume FROM t ORDER BY price", "q", "r", "s"),
                new Case("SELECT ? || s || ?, ? || ? FROM t ORDER BY price", "q", "r", "s", "t"),
                new Case("SELECT volume FROM t WHERE symbol || ? = ? ORDER BY 1", "x", "Ax"),
                new Case("SELECT volume FROM t WHERE symbol || ? IN (?, ?) ORDER BY 1", "x", "Bx", "q"),
                new Case("SELECT ? LIKE ?, symbol LIKE ? || '%' FROM t ORDER BY price", "abc", "a%", "A"),
                new Case("SELECT upper(? || symbol) || ? FROM t ORDER BY price", "q", "r"));
    }

    /** A time before or behind which an interval is added, which the text of a value says with its type. */
    @Test
    void besideATimeAndAnIntervalItIsATime() {
        String before = "SELECT volume FROM t WHERE ts >= %s - INTERVAL '1' MINUTE ORDER BY 1";
        String between =
                "SELECT volume FROM t WHERE ts BETWEEN %1$s - INTERVAL '30' SECOND AND INTERVAL '30' SECOND + %1$s ORDER BY 1";
        LocalDateTime time = LocalDateTime.of(2024, 8, 9, 10, 1);
        String literal = "TIMESTAMP '2024-08-09 10:01:00'";
        assertThat(rows(new Case(String.format(Locale.ROOT, before, "?"), time)))
                .isEqualTo(SpecAnswer.rows(session, String.format(Locale.ROOT, before, literal)))
                .hasSize(4);
        assertThat(rows(new Case(String.format(Locale.ROOT, between, "?"), time, time)))
                .isEqualTo(SpecAnswer.rows(session, String.format(Locale.ROOT, between, literal)))
                .hasSize(2);
    }

    private static List<Case> queries() {
        return List.of(
                new Case(
                        "SELECT volume FROM t WHERE volume > (SELECT min(volume) + ? FROM t WHERE symbol = ?) ORDER BY 1",
                        1,
                        "A"),
                new Case(
                        "WITH w AS (SELECT volume FROM t WHERE price < ?) SELECT volume FROM w WHERE volume > ? ORDER BY 1",
                        40,
                        1),
                new Case(
                        "SELECT volume FROM t WHERE price = ? UNION ALL SELECT volume FROM t WHERE price = ? ORDER BY 1",
                        10,
                        40),
                new Case("SELECT volume FROM t ORDER BY CASE WHEN symbol = ? THEN 0 ELSE 1 END, volume", "B"),
                new Case(
                        "SELECT symbol, volume FROM t WHERE price < ? LATEST ON ts PARTITION BY symbol ORDER BY symbol",
                        40));
    }

    private static List<Case> functions() {
        return List.of(
                new Case("SELECT xbar(ts, ?) AS bar, count(*) FROM t GROUP BY bar ORDER BY bar", 60_000_000_000L),
                new Case(
                        "SELECT xbar(price, ?), time_bucket(?, ts), date_trunc(?, ts) FROM t ORDER BY price",
                        15,
                        7_000_000_000L,
                        "hour"),
                new Case(
                        "SELECT date_trunc('day', ts, ?), ts AT TIME ZONE ? FROM t ORDER BY ts",
                        "Europe/Berlin",
                        "+05:30"),
                new Case(
                        "SELECT percentile(price, ?), percentile_cont(price, ?), approx_percentile(price, ?) FROM t",
                        25,
                        0.5,
                        0.75),
                new Case(
                        "SELECT vwap(price, volume) FILTER (WHERE volume > ?), string_agg(symbol, ? ORDER BY ts) FROM t",
                        1,
                        "-"),
                new Case("SELECT twap(price, ts, ?) FROM t WHERE symbol = ?", "2024-08-09 10:05:00", "A"),
                new Case(
                        "SELECT split_part(s, ?, ?), substr(s, ?, ?), replace(s, ?, ?) FROM t ORDER BY price",
                        ",",
                        2,
                        2,
                        2,
                        "o",
                        "0"),
                new Case(
                        "SELECT round(price / ?, ?), power(volume, ?), greatest(volume, ?) FROM t ORDER BY price",
                        3,
                        2,
                        2,
                        3),
                new Case(
                        "SELECT st_within(?, ?, 52.5, 13.4, ?), round(haversine(52.5, 13.4, ?, ?))",
                        52.52,
                        13.405,
                        5000,
                        48.8566,
                        2.3522),
                new Case("SELECT (ARRAY[10, 20, 30])[?], nullif(volume, ?) FROM t ORDER BY price", 2, 3));
    }

    private static List<Case> windows() {
        return List.of(
                new Case(
                        "SELECT ema(price, ?) OVER (ORDER BY ts), ema_alpha(price, ?) OVER (ORDER BY ts) FROM t ORDER BY ts",
                        3,
                        0.25),
                new Case(
                        "SELECT mavg(price, ?) OVER (ORDER BY ts), msum(volume, ?) OVER (ORDER BY ts) FROM t ORDER BY ts",
                        2,
                        3),
                new Case(
                        "SELECT lag(volume, ?, ?) OVER (ORDER BY ts), nth_value(volume, ?) OVER (ORDER BY ts), ntile(?) OVER (ORDER BY ts) FROM t ORDER BY ts",
                        2,
                        -1,
                        2,
                        3),
                new Case("SELECT sum(volume) OVER (ORDER BY ts ROWS ? PRECEDING) FROM t ORDER BY ts", 1),
                new Case(
                        "SELECT sum(volume) OVER (ORDER BY ts ROWS BETWEEN ? PRECEDING AND ? FOLLOWING) FROM t ORDER BY ts",
                        1,
                        2),
                new Case("SELECT sum(volume) OVER (ORDER BY volume RANGE ? PRECEDING) FROM t ORDER BY ts", 2),
                new Case(
                        "SELECT volume FROM t QUALIFY row_number() OVER (PARTITION BY symbol ORDER BY ts DESC) <= ? ORDER BY volume",
                        1));
    }

    private static List<Case> joins() {
        return List.of(
                new Case("SELECT t.volume, q.bid FROM t JOIN q ON t.symbol = q.symbol AND q.bid > ? ORDER BY 1, 2", 10),
                new Case(
                        "SELECT t.volume, q.bid FROM t LEFT ASOF JOIN q ON t.symbol = q.symbol AND t.ts >= q.ts TOLERANCE ? ORDER BY t.volume",
                        1_000_000_000L),
                new Case(
                        "SELECT t.volume, q.bid FROM t ASOF JOIN q MATCH_CONDITION t.ts >= q.ts + ? ON t.symbol = q.symbol WHERE q.bid < ? ORDER BY t.volume",
                        1_500_000_000L,
                        25),
                new Case(
                        "SELECT t.volume, count(*), avg(q.bid) FILTER (WHERE q.bid > ?) FROM t WINDOW JOIN q ON t.symbol = q.symbol AND q.ts BETWEEN t.ts - ? AND t.ts + ? ORDER BY t.volume",
                        9,
                        2_000_000_000L,
                        1));
    }

    private static List<Case> sampling() {
        return List.of(
                new Case("SELECT symbol, ts, sum(volume) FROM t WHERE price > ? SAMPLE BY 1m FILL (?)", 5, 0),
                new Case(
                        "SELECT ts, sum(volume) FROM t SAMPLE BY ? FROM ? TO ? FILL (PREV)",
                        60_000_000_000L,
                        "2024-08-09 09:59:00",
                        "2024-08-09 10:03:00"),
                new Case(
                        "SELECT time_bucket_gapfill(?, ts) AS bar, fill_value(count(*), ?) FROM t GROUP BY bar ORDER BY bar",
                        60_000_000_000L,
                        0));
    }

    private List<String> rows(Case each) {
        List<String> rows = new ArrayList<>();
        try (BatchCursor cursor = session.query(each.sql(), each.values())) {
            while (cursor.next()) {
                for (int row = 0; row < cursor.batch().getRowCount(); row++) {
                    List<String> values = new ArrayList<>();
                    for (int column = 0; column < cursor.columns().size(); column++) {
                        values.add(SpecValues.text(SpecAnswer.value(cursor, cursor.batch(), column, row)));
                    }
                    rows.add(String.join("\t", values));
                }
            }
        }
        return rows;
    }
}
