package io.zeptodb.duckdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.Session;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Results and tables of an in-process database in DuckDB. */
class ZeptoDuckDbTest {
    private Connection zepto;
    private Connection duck;
    private Database database;

    @BeforeEach
    void open() throws SQLException {
        zepto = DriverManager.getConnection("jdbc:zepto:");
        database = zepto.unwrap(Session.class).database();
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
    void closeAndCountBytes() throws SQLException {
        duck.close();
        zepto.close();
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
        try (Statement statement = zepto.createStatement()) {
            statement.execute(
                    "CREATE TABLE numbers AS SELECT row_number() OVER () AS n FROM trades a, trades b, trades c,"
                            + " trades d, trades e, trades f, trades g, trades h, trades i");
        }
        try (RegisteredStream stream =
                ZeptoDuckDb.register(duck, "bad", zepto, "SELECT 1 / (n - 15000) AS x FROM numbers")) {
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
