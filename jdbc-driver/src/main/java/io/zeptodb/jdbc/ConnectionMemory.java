package io.zeptodb.jdbc;

import io.zeptodb.jdbc.meta.FrameCursor;
import io.zeptodb.jdbc.meta.Signatures;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.calcite.avatica.Meta;
import org.jspecify.annotations.Nullable;

/**
 * Memory of a connection: of rows that come in frames, of rows of metadata and of batches of parameters. Thread-safe; what is made of it and must not
 * meet its end is made by who holds its monitor.
 */
final class ConnectionMemory {
    private static final long NANOS_BETWEEN_LOOKS = 1_000_000;

    private final ZeptoConnection connection;
    private final Set<ZeptoResultSet> metadataResults = ConcurrentHashMap.newKeySet();
    /** Made by whoever needs it first, and closed once. */
    private @Nullable BufferAllocator allocator;

    /** One root for all: a batch may go to an allocator beside that of its connection, and outlive it there. */
    private static final class OfServers {
        static final BufferAllocator ROOT = new RootAllocator();
    }

    ConnectionMemory(ZeptoConnection connection) {
        this.connection = connection;
    }

    /** @throws SQLException when there is no more of it: the connection is closed */
    synchronized BufferAllocator allocator() throws SQLException {
        connection.checkOpen();
        BufferAllocator existing = allocator;
        if (existing == null) {
            existing = connection.target() instanceof ConnectionTarget.InProcess inProcess
                    ? inProcess.lease().database().allocator().newChildAllocator("connection", 0, Long.MAX_VALUE)
                    : OfServers.ROOT.newChildAllocator("connection", 0, Long.MAX_VALUE);
            allocator = existing;
        }
        return existing;
    }

    /** Rows of metadata: all of them are there; their memory is freed at their end, by close, or with the connection. */
    synchronized ResultSet metadata(Meta.Signature signature, List<Object> rows) throws SQLException {
        ZeptoResultSet[] opened = new ZeptoResultSet[1];
        FrameCursor cursor = new FrameCursor(
                Signatures.columns(signature),
                CatalogAnswers.frame(rows, 0),
                offset -> CatalogAnswers.frame(rows, offset),
                0,
                allocator(),
                () -> {
                    if (opened[0] != null) {
                        metadataResults.remove(opened[0]);
                    }
                });
        opened[0] = ZeptoResultSet.ofMetadata(connection, signature, cursor);
        metadataResults.add(opened[0]);
        return opened[0];
    }

    /**
     * Ends results of metadata, each when its reader is not in the middle of a value, and gives all back; waits so long for readers that are on their way out.
     */
    synchronized void free(long mostMillis) {
        List.copyOf(metadataResults).forEach(ZeptoResultSet::close);
        BufferAllocator held = allocator;
        allocator = null;
        if (held != null) {
            awaitEmpty(held, TimeUnit.MILLISECONDS.toNanos(mostMillis));
            held.close();
        }
    }

    /** A thread that was reading when the connection was closed gives back what it holds on its way out. */
    private static void awaitEmpty(BufferAllocator allocator, long mostNanos) {
        long begun = System.nanoTime();
        while (allocator.getAllocatedMemory() > 0 && System.nanoTime() - begun < mostNanos) {
            LockSupport.parkNanos(allocator, NANOS_BETWEEN_LOOKS);
        }
    }
}
