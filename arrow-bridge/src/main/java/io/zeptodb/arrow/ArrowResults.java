package io.zeptodb.arrow;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;

/** The ways a query result leaves as Arrow: a reader, a C stream, an IPC stream. Each takes over the cursor. */
public final class ArrowResults {
    private ArrowResults() {}

    /**
     * The rest of a cursor as a reader; closing the reader closes the cursor.
     *
     * @param allocator owns the batches; a child of {@code Database.allocator()}, and open until the last batch is let go
     */
    public static ArrowReader reader(BatchCursor cursor, BufferAllocator allocator) {
        return new CursorReader(cursor, allocator);
    }

    /**
     * Exports the rest of a cursor through Arrow's C stream interface. The cursor is closed when the consumer releases the stream.
     *
     * @param allocator owns the batches, and is open until the consumer has released the last of them
     * @param stream empty, owned by the caller
     */
    public static void exportStream(BatchCursor cursor, BufferAllocator allocator, ArrowArrayStream stream) {
        Data.exportArrayStream(allocator, new CursorReader(cursor, allocator), stream);
    }

    /**
     * Writes the rest of a cursor in Arrow's IPC stream format and closes the cursor; the stream stays open. Each batch has its own texts
     * only, not those of the table.
     *
     * @return rows written
     * @throws EngineException IO_ERROR when the stream fails
     */
    public static long writeStream(BatchCursor cursor, BufferAllocator allocator, OutputStream out) {
        try (CursorReader reader = new CursorReader(cursor, allocator);
                CompactBatches batches = new CompactBatches(reader, allocator)) {
            // the first batch brings the dictionaries, which the schema's message names
            boolean more = batches.next();
            long rows = 0;
            try (ArrowStreamWriter writer =
                    new ArrowStreamWriter(batches.root(), batches, Channels.newChannel(new KeptOpen(out)))) {
                writer.start();
                for (; more; more = batches.next()) {
                    writer.writeBatch();
                    rows += batches.root().getRowCount();
                }
                writer.end();
            }
            return rows;
        } catch (IOException e) {
            throw new EngineException(
                    ErrorCode.IO_ERROR, "cannot write the result as an Arrow stream: " + e.getMessage(), e);
        }
    }

    /** Flushes where Arrow's writer would close what is the caller's. */
    private static final class KeptOpen extends FilterOutputStream {
        KeptOpen(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
