package io.zeptodb.duckdb;

import io.zeptodb.engine.api.Session;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * What a registered result holds of ZeptoDB: a session and the memory of the batches that DuckDB has. Close it after DuckDB has read or
 * dropped the table, and before the database.
 */
public final class RegisteredStream implements AutoCloseable {
    private final Session session;
    private @Nullable BufferAllocator allocator;
    private @Nullable ArrowArrayStream stream;
    private boolean closed;

    RegisteredStream(Session session) {
        this.session = session;
    }

    void owns(BufferAllocator batches) {
        allocator = batches;
    }

    void owns(ArrowArrayStream exported) {
        stream = exported;
    }

    /**
     * Releases the stream, the query and the session; again is harmless.
     *
     * @throws IllegalStateException when DuckDB still holds a batch
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (stream != null) {
            // releasing an exported stream that the consumer has not taken closes the query below it
            stream.release();
            stream.close();
        }
        session.close();
        if (allocator != null) {
            allocator.close();
        }
    }
}
