package io.zeptodb.duckdb;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.duckdb.DuckDBConnection;

/**
 * Brings tables and results of ZeptoDB into DuckDB, those of a database in the process and those of a server alike. A result becomes a DuckDB table that can be
 * scanned once; a table becomes one that can be scanned again and again, with only the columns asked for. All is read through the connection that is given, in
 * its transaction if it has one, by DuckDB's threads: it stays open as long as DuckDB reads.
 */
public final class ZeptoDuckDb {
    private ZeptoDuckDb() {}

    /**
     * Makes the result of a query a DuckDB table, as an Arrow stream: nothing is read until DuckDB scans it but the first rows of a server, and it can be scanned
     * once (DuckDB says "This stream has been released" the second time). Batches are DuckDB's one after the other; a failure behind the first of them is an
     * error of DuckDB's query.
     *
     * @param duck a DuckDB connection, or a wrapper of one
     * @param name of the table in DuckDB
     * @param zepto a connection of ZeptoDB's driver, or a wrapper of one; open until what is returned is closed
     * @param sql a query
     * @return close it when DuckDB has done with the table
     * @throws SQLException when a connection is of another driver, or the query or DuckDB refuses
     */
    public static RegisteredStream register(Connection duck, String name, Connection zepto, String sql)
            throws SQLException {
        DuckDBConnection target = duck.unwrap(DuckDBConnection.class);
        Statement statement = zepto.createStatement();
        try {
            return RegisteredStream.of(target, name, statement.executeQuery(sql), statement);
        } catch (RuntimeException | SQLException | Error e) {
            try (statement) {
                throw e;
            }
        }
    }

    /**
     * As {@link #register(Connection, String, Connection, String)}, of a result that is there, such as that of a prepared statement.
     *
     * @param rows of ZeptoDB's driver, none of them read; DuckDB takes them, but the result set and its statement are the caller's to close, after what is returned
     * @throws SQLException 24000 when rows were read; or when the result is of another driver, or DuckDB refuses
     */
    public static RegisteredStream register(Connection duck, String name, ResultSet rows) throws SQLException {
        return RegisteredStream.of(duck.unwrap(DuckDBConnection.class), name, rows, null);
    }

    /**
     * Makes a table or view of ZeptoDB a view in DuckDB that reads it anew with each scan, joins with itself included,
     * and reads only the columns that DuckDB asks for. Filters are DuckDB's.
     *
     * @param duck a DuckDB connection, or a wrapper of one
     * @param name of the view in DuckDB
     * @param zepto a connection of ZeptoDB's driver, or a wrapper of one; each scan is a statement of it, which waits while another one runs. Open as long as the
     *     view is used
     * @param table the table's name in ZeptoDB
     * @throws SQLException when a connection is of another driver, there is no such table, or DuckDB refuses
     */
    public static void attachTable(Connection duck, String name, Connection zepto, String table) throws SQLException {
        AttachedTable.attach(duck.unwrap(DuckDBConnection.class), name, zepto, table);
    }
}
