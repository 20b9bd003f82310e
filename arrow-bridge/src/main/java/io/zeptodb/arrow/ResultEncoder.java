package io.zeptodb.arrow;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowDictionaryBatch;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.util.TransferPair;
import org.jspecify.annotations.Nullable;

/**
 * Turns a query result into the bytes of one Arrow IPC stream, piece by piece: whoever takes the pieces says when the next is made, so that a result of
 * any size needs the memory of one piece. The pieces together are one stream that every Arrow reader takes; symbols are sent once, as dictionary batches
 * of which the later ones are deltas. Owns the cursor. One thread.
 */
public final class ResultEncoder implements AutoCloseable {
    private static final int END_OF_STREAM = 0;

    private final BatchCursor cursor;
    private final BufferAllocator allocator;
    private final CompressionCodec codec;
    private final Map<Long, StreamSymbols> symbols = new HashMap<>();
    /** The first row of the batch that was not written yet. */
    private int row;

    private int batchRows;
    private boolean started;
    private boolean ended;

    /**
     * Takes over a cursor that was not read yet.
     *
     * @param allocator for the copies of one batch at a time; a child of {@code Database.allocator()}
     * @param codec compresses the buffers of each batch
     */
    public ResultEncoder(BatchCursor cursor, BufferAllocator allocator, CompressionCodec codec) {
        this.cursor = cursor;
        this.allocator = allocator;
        this.codec = codec;
    }

    /**
     * Writes the next piece: whole messages, until it has so many bytes or so many rows. A batch that is larger than that is cut.
     *
     * @param out takes all bytes of each write
     * @param enoughBytes ends the piece behind the rows with which it has these; about twice as many may be in it, and one row of any length
     * @param enoughRows most rows of the piece
     * @return whether the stream ended with it; there is no piece after that
     * @throws EngineException what the query fails with; IO_ERROR when the channel does
     */
    public boolean encode(WritableByteChannel out, long enoughBytes, long enoughRows) {
        if (ended) {
            throw new EngineException(ErrorCode.STATEMENT_CLOSED, "the result was read to its end");
        }
        // not closed: that would close what is the caller's
        WriteChannel channel = new WriteChannel(out);
        try {
            if (!started) {
                started = true;
                MessageSerializer.serialize(channel, StreamSymbols.asSent(cursor.schema()));
            }
            long rows = 0;
            while (channel.getCurrentPosition() < enoughBytes && rows < enoughRows) {
                if (row == batchRows && !nextBatch()) {
                    ended = true;
                    channel.writeIntLittleEndian(MessageSerializer.IPC_CONTINUATION_TOKEN);
                    channel.writeIntLittleEndian(END_OF_STREAM);
                    return true;
                }
                long most = enoughRows - rows;
                int from = row;
                // a database that closes meanwhile waits for these rows
                cursor.whileOpen(() -> writeRows(channel, enoughBytes, most));
                rows += row - from;
            }
            return false;
        } catch (IOException e) {
            throw unwritten(e);
        }
    }

    private boolean nextBatch() {
        row = 0;
        batchRows = 0;
        if (!cursor.next()) {
            return false;
        }
        batchRows = cursor.batch().getRowCount();
        return true;
    }

    private static EngineException unwritten(IOException e) {
        return new EngineException(ErrorCode.IO_ERROR, "cannot write the result as Arrow: " + e.getMessage(), e);
    }

    private void writeRows(WriteChannel channel, long enoughBytes, long mostRows) {
        int count = RowSizes.rowsWithin(cursor.batch(), row, enoughBytes, mostRows);
        try {
            writeBatch(channel, cursor.batch(), row, count);
        } catch (IOException e) {
            throw unwritten(e);
        }
        row += count;
    }

    private void writeBatch(WriteChannel channel, VectorSchemaRoot batch, int first, int count) throws IOException {
        List<FieldVector> columns = new ArrayList<>(batch.getFieldVectors());
        List<FieldVector> copies = new ArrayList<>();
        try {
            for (int i = 0; i < columns.size(); i++) {
                FieldVector copy = copyOf(columns.get(i), first, count, channel);
                if (copy != null) {
                    copies.add(copy);
                    columns.set(i, copy);
                }
            }
            // the root is not closed: what it has is the cursor's, or closed below
            VectorSchemaRoot root = new VectorSchemaRoot(cursor.schema().getFields(), columns, count);
            try (ArrowRecordBatch message = new VectorUnloader(root, true, codec, true).getRecordBatch()) {
                MessageSerializer.serialize(channel, message);
            }
        } finally {
            copies.forEach(FieldVector::close);
        }
    }

    /** What is sent in place of a column, or null when it is sent as it lies; writes the symbols that it needs. */
    private @Nullable FieldVector copyOf(FieldVector column, int first, int count, WriteChannel channel)
            throws IOException {
        boolean isWhole = count == column.getValueCount();
        if (column instanceof BaseVariableWidthViewVector texts) {
            return CompactTexts.copy(texts, first, count, allocator);
        }
        DictionaryEncoding encoding = column.getField().getDictionary();
        if (encoding == null) {
            return isWhole ? null : slice(column, first, count);
        }
        if (isWhole) {
            return encodeSymbols((IntVector) column, encoding.getId(), channel);
        }
        try (FieldVector slice = slice(column, first, count)) {
            return encodeSymbols((IntVector) slice, encoding.getId(), channel);
        }
    }

    private FieldVector slice(FieldVector column, int first, int count) {
        TransferPair pair = column.getTransferPair(column.getField(), allocator);
        pair.splitAndTransfer(first, count);
        return (FieldVector) pair.getTo();
    }

    private FieldVector encodeSymbols(IntVector column, long id, WriteChannel channel) throws IOException {
        Dictionary dictionary = Objects.requireNonNull(cursor.dictionaries().lookup(id), "no dictionary " + id);
        StreamSymbols sent = symbols.get(id);
        boolean first = sent == null;
        if (sent == null) {
            sent = new StreamSymbols();
            symbols.put(id, sent);
        }
        IntVector encoded = sent.encode(column, dictionary.getVector().getValueCount(), allocator);
        try {
            if (first || sent.hasAdded()) {
                writeSymbols(id, sent.added(dictionary.getVector(), allocator), !first, channel);
            }
            return encoded;
        } catch (IOException | RuntimeException | Error e) {
            encoded.close();
            throw e;
        }
    }

    /** Takes over the texts. */
    private void writeSymbols(long id, FieldVector texts, boolean isDelta, WriteChannel channel) throws IOException {
        int count = texts.getValueCount();
        try (VectorSchemaRoot root = new VectorSchemaRoot(List.of(texts.getField()), List.of(texts), count);
                ArrowDictionaryBatch message = new ArrowDictionaryBatch(
                        id, new VectorUnloader(root, true, codec, true).getRecordBatch(), isDelta)) {
            MessageSerializer.serialize(channel, message);
        }
    }

    /** Closes the cursor. */
    @Override
    public void close() {
        ended = true;
        cursor.close();
    }
}
