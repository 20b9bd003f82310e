package io.zeptodb.duckdb;

import io.zeptodb.arrow.ArrowResults;
import io.zeptodb.engine.api.BatchCursor;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.memory.BufferAllocator;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * What a registered result holds of ZeptoDB: a query, and the memory of the batches that DuckDB has. Close it after DuckDB has read or
 * dropped the table, and before the connection to ZeptoDB: who closes that first ends the query, and DuckDB gets an error for the rows that it has not read. One
 * thread closes it, when DuckDB does not read.
 */
public final class RegisteredStream implements AutoCloseable {
    private final @Nullable Statement statement;
    private final BufferAllocator allocator;
    private final ArrowArrayStream stream;
    private boolean closed;

    /** @param statement closed with this, if there is one */
    private RegisteredStream(@Nullable Statement statement, BufferAllocator allocator, ArrowArrayStream stream) {
        this.statement = statement;
        this.allocator = allocator;
        this.stream = stream;
    }

    /**
     * Makes the rows a table of DuckDB.
     *
     * @param statement of the rows, to be closed with them; null when it is the caller's. Not closed when this throws
     */
    static RegisteredStream of(DuckDBConnection duck, String name, ResultSet rows, @Nullable Statement statement)
            throws SQLException {
        BatchCursor cursor = rows.unwrap(BatchCursor.class);
        // batches go from allocator to allocator below one root
        BufferAllocator allocator = cursor.batch()
                .getVector(0)
                .getAllocator()
                .getRoot()
                .newChildAllocator("duckdb:" + name, 0, Long.MAX_VALUE);
        RegisteredStream registered =
                new RegisteredStream(statement, allocator, ArrowArrayStream.allocateNew(allocator));
        try {
            ArrowResults.exportStream(cursor, allocator, registered.stream);
            duck.registerArrowStream(name, registered.stream);
            return registered;
        } catch (RuntimeException | Error e) {
            try {
                registered.free();
            } catch (RuntimeException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /**
     * Releases the stream and the query; again is harmless.
     *
     * @throws IllegalStateException when DuckDB still holds a batch
     */
    @Override
    public void close() throws SQLException {
        if (closed) {
            return;
        }
        closed = true;
        try (Statement ends = statement) {
            free();
        }
    }

    private void free() {
        // releasing an exported stream that the consumer has not taken closes the query below it
        stream.release();
        stream.close();
        allocator.close();
    }
}
