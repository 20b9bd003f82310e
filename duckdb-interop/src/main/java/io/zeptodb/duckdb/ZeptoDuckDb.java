package io.zeptodb.duckdb;

import io.zeptodb.arrow.ArrowResults;
import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.engine.api.PreparedQuery;
import io.zeptodb.engine.api.Session;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.memory.BufferAllocator;
import org.duckdb.DuckDBConnection;

/**
 * Brings tables and results of an in-process ZeptoDB into DuckDB. A result becomes a DuckDB table that can be scanned once; a table
 * becomes one that can be scanned again and again, with only the columns asked for.
 */
public final class ZeptoDuckDb {
    private ZeptoDuckDb() {}

    /**
     * Makes the result of a query a DuckDB table, as an Arrow stream: nothing is read until DuckDB scans it, and it can be scanned once
     * (DuckDB says "This stream has been released" the second time).
     *
     * @param duck a DuckDB connection, or a wrapper of one
     * @param name of the table in DuckDB
     * @param zepto an in-process connection
     * @param sql a query
     * @return close it when DuckDB has done with the table
     * @throws SQLException when a connection is of another driver, or the query or DuckDB refuses
     */
    public static RegisteredStream register(Connection duck, String name, Connection zepto, String sql)
            throws SQLException {
        DuckDBConnection target = duck.unwrap(DuckDBConnection.class);
        Session own = zepto.unwrap(Session.class).database().openSession();
        RegisteredStream registered = new RegisteredStream(own);
        try {
            PreparedQuery query = own.prepare(sql);
            BatchCursor cursor = query.query(List.of(), ExecutionOptions.DEFAULT);
            BufferAllocator allocator =
                    own.database().allocator().newChildAllocator("duckdb:" + name, 0, Long.MAX_VALUE);
            registered.owns(allocator);
            ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator);
            registered.owns(stream);
            ArrowResults.exportStream(cursor, allocator, stream);
            target.registerArrowStream(name, stream);
            return registered;
        } catch (RuntimeException e) {
            try {
                registered.close();
            } catch (RuntimeException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /**
     * Makes a table (or a view of the query's text) of ZeptoDB a view in DuckDB that reads it anew with each scan, joins with itself included,
     * and reads only the columns that DuckDB asks for. Filters are DuckDB's.
     *
     * @param duck a DuckDB connection, or a wrapper of one
     * @param name of the view in DuckDB
     * @param zepto an in-process connection; each scan opens a session of its own
     * @param table the table's name in ZeptoDB
     * @throws SQLException when a connection is of another driver, there is no such table, or DuckDB refuses
     */
    public static void attachTable(Connection duck, String name, Connection zepto, String table) throws SQLException {
        DuckDBConnection target = duck.unwrap(DuckDBConnection.class);
        AttachedTable.attach(target, name, zepto.unwrap(Session.class).database(), table);
    }
}
