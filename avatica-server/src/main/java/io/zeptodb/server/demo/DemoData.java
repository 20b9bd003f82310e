package io.zeptodb.server.demo;

import io.zeptodb.server.shell.ProgressLine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;

/** Fills the tables of the demo through JDBC: with a generated day, or with the files of a folder. */
final class DemoData {
    private static final int BATCH_ROWS = 10_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Connection connection;

    DemoData(Connection connection) {
        this.connection = connection;
    }

    void createTables() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE trades (symbol SYMBOL, price DOUBLE, quantity DOUBLE, ts TIMESTAMP_NS,"
                    + " trade_id BIGINT, exchange_ms BIGINT, buyer_is_maker BOOLEAN)");
            statement.execute("CREATE TABLE quotes (symbol SYMBOL, bid DOUBLE, bid_size DOUBLE, ask DOUBLE,"
                    + " ask_size DOUBLE, ts TIMESTAMP_NS, update_id BIGINT)");
        }
    }

    /** Makes the day and inserts it in batches; rows inserted. */
    long generate(long trades, int quotesPerTrade) throws SQLException {
        TickGenerator ticks = new TickGenerator(trades, quotesPerTrade);
        long total = trades * (quotesPerTrade + 1);
        try (PreparedStatement trade = connection.prepareStatement("INSERT INTO trades VALUES (?, ?, ?, ?, ?, ?, ?)");
                PreparedStatement quote =
                        connection.prepareStatement("INSERT INTO quotes VALUES (?, ?, ?, ?, ?, ?, ?)");
                ProgressLine progress = ProgressLine.of("generating ticks", total, "rows")) {
            int tradeRows = 0;
            int quoteRows = 0;
            while (ticks.next()) {
                if (ticks.isTrade()) {
                    bindTrade(trade, ticks);
                    tradeRows = flushed(trade, tradeRows + 1);
                } else {
                    bindQuote(quote, ticks);
                    quoteRows = flushed(quote, quoteRows + 1);
                }
                if (ticks.number() % BATCH_ROWS == 0) {
                    progress.at(ticks.number());
                }
            }
            trade.executeBatch();
            quote.executeBatch();
        }
        return total;
    }

    private static int flushed(PreparedStatement statement, int rows) throws SQLException {
        if (rows < BATCH_ROWS) {
            return rows;
        }
        statement.executeBatch();
        return 0;
    }

    private static void bindTrade(PreparedStatement statement, TickGenerator ticks) throws SQLException {
        statement.setString(1, ticks.symbol());
        statement.setDouble(2, ticks.price());
        statement.setDouble(3, ticks.quantity());
        statement.setTimestamp(4, timestamp(ticks.time()));
        statement.setLong(5, ticks.number());
        statement.setLong(6, ticks.time() / 1_000_000);
        statement.setBoolean(7, ticks.price() <= ticks.bid());
        statement.addBatch();
    }

    private static void bindQuote(PreparedStatement statement, TickGenerator ticks) throws SQLException {
        statement.setString(1, ticks.symbol());
        statement.setDouble(2, ticks.bid());
        statement.setDouble(3, ticks.bidSize());
        statement.setDouble(4, ticks.ask());
        statement.setDouble(5, ticks.askSize());
        statement.setTimestamp(6, timestamp(ticks.time()));
        statement.setLong(7, ticks.number());
        statement.addBatch();
    }

    private static Timestamp timestamp(long nanos) {
        return Timestamp.from(
                Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND)));
    }

    /** Copies trades.csv.gz and quotes.csv.gz (or .csv) of a folder; rows copied. */
    long load(Path folder) throws SQLException {
        return copy("trades", folder) + copy("quotes", folder);
    }

    private long copy(String table, Path folder) throws SQLException {
        Path file = folder.resolve(table + ".csv.gz");
        if (!Files.exists(file)) {
            file = folder.resolve(table + ".csv");
        }
        try (Statement statement = connection.createStatement()) {
            return statement.executeLargeUpdate(
                    "COPY " + table + " FROM '" + file.toString().replace("'", "''") + "'");
        }
    }
}
