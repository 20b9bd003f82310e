package io.zeptodb.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zeptodb.duckdb.ZeptoDuckDb;
import io.zeptodb.server.ZeptoCommand;
import io.zeptodb.server.ZeptoServer;
import io.zeptodb.server.demo.DemoQueries;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a person runs it, and its queries through every door: in process, through the server, in DuckDB over the same tables. */
class DemoAnswersTest {
    /** Nine digits: sums of doubles may be taken in any order. */
    private static final MathContext DIGITS = new MathContext(9);

    /** Names the folder of real ticks: days of trades as Binance publishes them. They are too large for the project. */
    private static final String DATA = "zepto.data";

    /** The demo's queries in DuckDB's words. */
    private static final Map<String, String> IN_DUCKDB = Map.of(
            DemoQueries.VWAP_BY_SYMBOL,
            "SELECT symbol, count(*), sum(quantity), sum(price * quantity) / sum(quantity), first(price ORDER BY ts, trade_id),"
                    + " max(price), min(price), last(price ORDER BY ts, trade_id) FROM trades GROUP BY symbol ORDER BY symbol",
            DemoQueries.MINUTE_BARS,
            "SELECT symbol, date_trunc('minute', ts) AS bar, count(*), first(price ORDER BY ts, trade_id), max(price), min(price),"
                    + " last(price ORDER BY ts, trade_id), sum(quantity), sum(price * quantity) / sum(quantity)"
                    + " FROM trades GROUP BY symbol, bar ORDER BY symbol, bar",
            DemoQueries.EFFECTIVE_SPREAD,
            "SELECT t.symbol, count(*), sum(t.price - q.bid), count(*) FILTER (WHERE t.price >= q.ask),"
                    + " avg(2 * abs(t.price - (q.bid + q.ask) / 2)) FROM trades t ASOF JOIN"
                    // of quotes with equal times the last counts, which DuckDB does not promise
                    + " (SELECT symbol, ts, last(bid ORDER BY update_id) AS bid, last(ask ORDER BY update_id) AS ask"
                    + " FROM quotes GROUP BY symbol, ts) q ON t.symbol = q.symbol AND t.ts >= q.ts"
                    + " GROUP BY t.symbol ORDER BY t.symbol");

    @Test
    void everyDoorGivesTheSameAnswers(@TempDir Path folder) throws Exception {
        String url = "jdbc:zepto:mem:demo-answers";
        try (Connection keptOpen = DriverManager.getConnection(url)) {
            Path picture = folder.resolve("demo.png");
            assertEquals(
                    0, ZeptoCommand.run("demo", "--db", url, "--trades", "20000", "--picture", picture.toString()));
            assertTrue(Files.size(picture) > 1_000, "the picture is empty");
            try (ZeptoServer server = ZeptoServer.builder().url(url).port(0).start();
                    Connection remote = DriverManager.getConnection(server.jdbcUrl());
                    Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
                ZeptoDuckDb.attachTable(duck, "trades", keptOpen, "trades");
                ZeptoDuckDb.attachTable(duck, "quotes", keptOpen, "quotes");
                for (Map.Entry<String, String> query : IN_DUCKDB.entrySet()) {
                    List<String> here = rows(keptOpen, query.getKey());
                    assertTrue(here.size() >= 50, "a row for each symbol at least");
                    assertEquals(here, rows(remote, query.getKey()), query.getKey());
                    assertEquals(rows(duck, query.getValue()), here, query.getKey());
                }
            }
        }
    }

    @Test
    void realTicksGiveTheKnownAnswers(@TempDir Path folder) throws Exception {
        String given = System.getProperty(DATA, "");
        assumeTrue(!given.isEmpty(), "skipped: -D" + DATA + "=DIR tells where real ticks are");
        Path ticks = Path.of(given);
        assertTrue(Files.isDirectory(ticks), () -> "-D" + DATA + ": no folder " + ticks.toAbsolutePath());
        String url = "jdbc:zepto:mem:real-answers";
        try (Connection connection = DriverManager.getConnection(url)) {
            assertEquals(
                    0,
                    ZeptoCommand.run(
                            "demo",
                            "--db",
                            url,
                            "--data",
                            ticks.toString(),
                            "--picture",
                            folder.resolve("real.png").toString()));
            assertEquals(
                    List.of(
                            "BTCUSDT|19904|437.91552|61671.5516|61837.63|61860.8|61556.04|61602.02",
                            "ETHUSDT|14515|4272.7241|2680.77434|2683.8|2685.37|2673.6|2677.61"),
                    rows(connection, DemoQueries.VWAP_BY_SYMBOL));
            assertEquals(
                    List.of("BTCUSDT|73174", "ETHUSDT|58758"),
                    rows(connection, "SELECT symbol, count(*) FROM quotes GROUP BY symbol ORDER BY symbol"));
            assertEquals(
                    List.of("BTCUSDT|19904|21620.04|9963", "ETHUSDT|14515|-11.17|7123"),
                    rows(
                            connection,
                            "SELECT symbol, matches, above_bid, at_ask FROM (" + DemoQueries.EFFECTIVE_SPREAD
                                    + ") x ORDER BY symbol"));
            assertEquals(
                    "BTCUSDT|2024-08-08 23:54:00.0|912|61837.63|61855.37|61824|61831.99|13.46372|61836.8765",
                    rows(connection, DemoQueries.MINUTE_BARS).get(0));
        }
    }

    private static List<String> rows(Connection connection, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= columns; i++) {
                    row.append(i == 1 ? "" : "|").append(text(result, i));
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }

    private static String text(ResultSet result, int column) throws SQLException {
        Object value = result.getObject(column);
        if (value instanceof Double number) {
            return new BigDecimal(number).round(DIGITS).stripTrailingZeros().toPlainString();
        }
        boolean time = result.getMetaData().getColumnTypeName(column).startsWith("TIMESTAMP");
        return time ? String.valueOf(result.getTimestamp(column)) : String.valueOf(value);
    }
}
