package io.zeptodb.duckdb;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.Session;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.apache.arrow.memory.BufferAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Results and tables in DuckDB: here of an in-process database, in subclasses of one behind a server. */
class ZeptoDuckDbTest {
    private static final String DATABASE = "jdbc:zepto:mem:besides-duckdb";
    private static final int SIDE = 1_000;
    static final String MANY =
            "SELECT a.x * " + SIDE + " + b.x AS n, a.s, 'a text longer than twelve bytes' AS t FROM side a, side b";
    static final long MANY_ROWS = (long) SIDE * SIDE;

    private Connection local;
    Connection zepto;
    Connection duck;
    private Database database;

    /** The connection that is tested. @param inProcess another one to its database */
    Connection connect(Connection inProcess) throws Exception {
        return DriverManager.getConnection(DATABASE);
    }

    /** What {@link #connect} has begun besides. */
    void stop() throws Exception {}

    @BeforeEach
    void open() throws Exception {
        local = DriverManager.getConnection(DATABASE);
        database = local.unwrap(Session.class).database();
        zepto = connect(local);
        duck = DriverManager.getConnection("jdbc:duckdb:");
        try (Statement statement = zepto.createStatement()) {
            statement.execute(
                    "CREATE TABLE trades (symbol SYMBOL, price DOUBLE, volume BIGINT, ts TIMESTAMP_NS, note VARCHAR,"
                            + " f BOOLEAN, d DATE, t TIME, m DECIMAL(12,3), x VARBINARY, r REAL, i INTEGER, s SMALLINT, y TINYINT)");
            statement.execute("INSERT INTO trades VALUES"
                    + " ('AAPL', 150.5, 100, TIMESTAMP '2024-08-09 00:05:04.525430833', 'a note longer than twelve bytes', TRUE,"
                    + " DATE '2024-02-29', TIME '01:02:03.000004', 1.250, X'00FF', CAST(1.5 AS REAL), 7, 6, 5),"
                    + " ('MSFT', 300.25, 50, TIMESTAMP '1969-12-31 23:59:59.999999999', '', FALSE,"
                    + " DATE '1969-12-31', TIME '00:00:00', -0.001, X'', CAST(-2 AS REAL), -7, -6, -5),"
                    + " (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)");
        }
    }

    @AfterEach
    void closeAndCountBytes() throws Exception {
        duck.close();
        zepto.close();
        stop();
        local.close();
        assertEquals(0, database.statistics().allocatedBytes(), "bytes left");
    }

    @Test
    void aResultIsAggregatedInDuckDb() throws SQLException {
        try (RegisteredStream stream = ZeptoDuckDb.register(duck, "trades", zepto, "SELECT * FROM trades")) {
            assertEquals(
                    List.of("225.375\t105.889240483"),
                    DuckDbAnswer.rows(duck, "SELECT avg(price), stddev(price) FROM trades"));
        }
    }

    @Test
    void arraysAreListsAndRowsAreStructs() throws SQLException {
        String sql =
                "SELECT symbol, array_agg(note) AS notes, ohlc(price, volume) AS bar, ARRAY[ROW(1, 'x'), NULL] AS pairs"
                        + " FROM trades WHERE symbol IS NOT NULL GROUP BY symbol ORDER BY symbol";
        try (RegisteredStream stream = ZeptoDuckDb.register(duck, "bars", zepto, sql)) {
            assertEquals(
                    List.of(
                            "AAPL\ta note longer than twelve bytes\t1\t150.5\t100\tx\tVARCHAR[]",
                            "MSFT\t(empty)\t1\t300.25\t50\tx\tVARCHAR[]"),
                    DuckDbAnswer.rows(
                            duck,
                            "SELECT symbol, notes[1], len(notes), bar.high, bar.volume, pairs[1].f2, typeof(notes) FROM bars ORDER BY symbol"));
        }
    }

    @Test
    void aRegisteredResultIsScannedOnce() throws SQLException {
        try (RegisteredStream stream = ZeptoDuckDb.register(duck, "r", zepto, "SELECT symbol, ts FROM trades")) {
            assertEquals(3, DuckDbAnswer.rows(duck, "SELECT * FROM r").size());
            assertThrows(SQLException.class, () -> DuckDbAnswer.rows(duck, "SELECT * FROM r"));
        }
    }

    @Test
    void aRegisteredResultThatNobodyReadsLeavesNothing() throws SQLException {
        ZeptoDuckDb.register(duck, "r", zepto, "SELECT * FROM trades").close();
    }

    /** The rows go to DuckDB batch by batch, never all at once. */
    @Test
    void aLongResultTakesLittleMemory() throws SQLException {
        makeSide();
        try (Statement statement = zepto.createStatement();
                ResultSet rows = statement.executeQuery(MANY)) {
            BufferAllocator memory = rows.unwrap(BatchCursor.class)
                    .batch()
                    .getVector(0)
                    .getAllocator()
                    .getRoot();
            try (RegisteredStream stream = ZeptoDuckDb.register(duck, "many", rows)) {
                assertEquals(
                        List.of(MANY_ROWS + "\t" + MANY_ROWS * (MANY_ROWS - 1) / 2 + "\t2\t31"),
                        DuckDbAnswer.rows(duck, "SELECT count(*), sum(n), count(DISTINCT s), max(len(t)) FROM many"));
            }
            assertTrue(memory.getPeakMemoryAllocation() < MANY_ROWS * 32, memory::toVerboseString);
        }
    }

    final void makeSide() throws SQLException {
        try (Statement statement = zepto.createStatement()) {
            statement.execute("CREATE TABLE side (x BIGINT, s SYMBOL)");
        }
        try (PreparedStatement insert = zepto.prepareStatement("INSERT INTO side VALUES (?, ?)")) {
            for (int i = 0; i < SIDE; i++) {
                insert.setLong(1, i);
                insert.setString(2, i % 2 == 0 ? "even" : "odd");
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    @Test
    void aResultSetIsRegistered() throws SQLException {
        try (PreparedStatement statement = zepto.prepareStatement("SELECT * FROM trades WHERE volume > ?")) {
            statement.setLong(1, 60);
            try (ResultSet rows = statement.executeQuery();
                    RegisteredStream stream = ZeptoDuckDb.register(duck, "r", rows)) {
                assertEquals(
                        List.of("AAPL\t150.5\t2024-08-09 00:05:04.525430833\ttrue\t2024-02-29\t1.250\t\\x00ff\t1.5\t5"),
                        DuckDbAnswer.rows(duck, "SELECT symbol, price, ts, f, d, m, x, r, y FROM r"));
            }
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                SQLException e = assertThrows(SQLException.class, () -> ZeptoDuckDb.register(duck, "r", rows));
                assertEquals("24000", e.getSQLState());
            }
        }
        try (Statement statement = duck.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 1")) {
            assertThrows(SQLException.class, () -> ZeptoDuckDb.register(duck, "r", rows));
        }
    }

    @Test
    void theTypesInDuckDbAreThoseOfTheColumns() throws SQLException {
        try (RegisteredStream stream = ZeptoDuckDb.register(duck, "r", zepto, "SELECT * FROM trades")) {
            assertEquals(
                    List.of("VARCHAR", "DOUBLE", "BIGINT", "TIMESTAMP_NS", "VARCHAR", "BOOLEAN", "DATE", "TIME_NS")
                            .toString(),
                    DuckDbAnswer.rows(duck, "DESCRIBE r").stream()
                            .map(row -> row.split("\t")[1])
                            .limit(8)
                            .toList()
                            .toString());
        }
    }

    /** What was open when the connection was closed ends with an error: never with fewer rows. */
    @Test
    void aConnectionThatIsClosedInTheMiddleIsAnError() throws SQLException {
        makeSide();
        ZeptoDuckDb.attachTable(duck, "trades", zepto, "trades");
        assertThrows(SQLException.class, () -> countWhile(() -> zepto.close()));
        SQLException e = assertThrows(SQLException.class, () -> DuckDbAnswer.rows(duck, "SELECT * FROM trades"));
        assertTrue(e.getMessage().contains("closed"), e.getMessage());
    }

    /** Registers {@link #MANY}, reads all rows as DuckDB gets them, and does something behind the first. */
    final long countWhile(Executable inTheMiddle) throws Throwable {
        Properties streaming = new Properties();
        streaming.setProperty("jdbc_stream_results", "true");
        long count = 0;
        try (Connection reader = DriverManager.getConnection("jdbc:duckdb:", streaming);
                RegisteredStream stream = ZeptoDuckDb.register(reader, "many", zepto, MANY);
                Statement statement = reader.createStatement();
                ResultSet rows = statement.executeQuery("SELECT n, t FROM many")) {
            while (rows.next()) {
                if (count++ == 0) {
                    assertDoesNotThrow(inTheMiddle);
                }
            }
        }
        return count;
    }

    @Test
    void aBadQueryIsToldAndLeavesNothing() {
        Exception e = assertThrows(
                Exception.class, () -> ZeptoDuckDb.register(duck, "r", zepto, "SELECT nothing FROM trades"));
        assertTrue(e.getMessage().contains("nothing"), e.getMessage());
    }

    @Test
    void anAttachedTableHasEveryTypeExactly() throws SQLException {
        ZeptoDuckDb.attachTable(duck, "trades", zepto, "trades");
        assertEquals(
                List.of(
                        "AAPL\t150.5\t100\t2024-08-09 00:05:04.525430833\ta note longer than twelve bytes\ttrue\t2024-02-29"
                                + "\t01:02:03.000004\t1.250\t\\x00ff\t1.5\t7\t6\t5",
                        "MSFT\t300.25\t50\t1969-12-31 23:59:59.999999999\t(empty)\tfalse\t1969-12-31\t00:00:00\t-0.001\t\\x"
                                + "\t-2\t-7\t-6\t-5",
                        "NULL\tNULL\tNULL\tNULL\tNULL\tNULL\tNULL\tNULL\tNULL\tNULL\tNULL\tNULL\tNULL\tNULL"),
                DuckDbAnswer.rows(duck, "SELECT * FROM trades ORDER BY symbol NULLS LAST"));
    }

    @Test
    void anAttachedTableIsScannedAgainAndJoinsItself() throws SQLException {
        ZeptoDuckDb.attachTable(duck, "trades", zepto, "trades");
        for (int i = 0; i < 2; i++) {
            assertEquals(List.of("3\t2"), DuckDbAnswer.rows(duck, "SELECT count(*), count(price) FROM trades"));
        }
        assertEquals(
                List.of("AAPL\tMSFT"),
                DuckDbAnswer.rows(
                        duck, "SELECT a.symbol, b.symbol FROM trades a JOIN trades b ON a.volume > b.volume"));
        assertEquals(
                1, DuckDbAnswer.rows(duck, "SELECT note FROM trades LIMIT 1").size());
    }

    @Test
    void anAttachedTableShowsRowsThatCameLater() throws SQLException {
        ZeptoDuckDb.attachTable(duck, "trades", zepto, "trades");
        try (Statement statement = zepto.createStatement()) {
            statement.execute("INSERT INTO trades (symbol, price) VALUES ('IBM', 1)");
        }
        assertEquals(List.of("4"), DuckDbAnswer.rows(duck, "SELECT count(*) FROM trades"));
    }

    @Test
    void aTableWithoutRowsHasItsColumns() throws SQLException {
        try (Statement statement = zepto.createStatement()) {
            statement.execute("CREATE TABLE nothing (symbol SYMBOL, m DECIMAL(38,3), ts TIMESTAMP_NS)");
        }
        ZeptoDuckDb.attachTable(duck, "nothing", zepto, "nothing");
        assertEquals(List.of("0\tNULL"), DuckDbAnswer.rows(duck, "SELECT count(*), max(m) FROM nothing"));
        try (RegisteredStream stream = ZeptoDuckDb.register(duck, "none", zepto, "SELECT * FROM nothing")) {
            assertEquals(List.of(), DuckDbAnswer.rows(duck, "SELECT symbol, m, ts FROM none"));
        }
    }

    /** More rows than any batch, read by several of DuckDB's threads, and by a reader that wants only a few of them. */
    @Test
    void manyRowsWithNullsAreReadByManyThreadsOrOnlyBegun() throws SQLException {
        try (Statement statement = zepto.createStatement();
                Statement settings = duck.createStatement()) {
            statement.execute(
                    "CREATE TABLE many AS SELECT a.symbol, a.m, a.ts, a.f FROM trades a, trades b, trades c, trades d,"
                            + " trades e, trades f, trades g, trades h, trades i, trades j, trades k");
            settings.execute("SET threads = 4");
        }
        String sums = "SELECT count(*), count(symbol), sum(m), max(ts), count(*) FILTER (WHERE f)";
        String expected = "177147\t118098\t73752.201\t2024-08-09 00:05:04.525430833\t59049";
        ZeptoDuckDb.attachTable(duck, "many", zepto, "many");
        assertEquals(List.of(expected), DuckDbAnswer.rows(duck, sums + " FROM many"));
        assertEquals(5, DuckDbAnswer.rows(duck, "SELECT ts FROM many LIMIT 5").size());
        try (RegisteredStream stream = ZeptoDuckDb.register(duck, "once", zepto, "SELECT * FROM many")) {
            assertEquals(List.of(expected), DuckDbAnswer.rows(duck, sums + " FROM once"));
        }
        try (RegisteredStream stream = ZeptoDuckDb.register(duck, "begun", zepto, "SELECT * FROM many")) {
            assertEquals(
                    5, DuckDbAnswer.rows(duck, "SELECT ts FROM begun LIMIT 5").size());
        }
    }

    @Test
    void anErrorInTheMiddleOfAStreamIsToldAndLeavesNothing() throws SQLException {
        makeSide();
        try (RegisteredStream stream = ZeptoDuckDb.register(
                duck,
                "bad",
                zepto,
                "SELECT 1 / (n - " + (MANY_ROWS - 1) + ") AS x, t || n AS t, t || -n AS u FROM (" + MANY + ")")) {
            SQLException e = assertThrows(SQLException.class, () -> DuckDbAnswer.rows(duck, "SELECT sum(x) FROM bad"));
            assertTrue(e.getMessage().contains("division by zero"), e.getMessage());
        }
    }

    @Test
    void aMissingTableIsRefusedWithASuggestion() {
        SQLException e = assertThrows(SQLException.class, () -> ZeptoDuckDb.attachTable(duck, "x", zepto, "trade"));
        assertTrue(e.getMessage().contains("did you mean 'trades'"), e.getMessage());
        assertEquals("42P01", e.getSQLState());
    }
}
