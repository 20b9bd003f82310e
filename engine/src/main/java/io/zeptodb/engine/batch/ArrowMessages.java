package io.zeptodb.engine.batch;

import io.zeptodb.engine.api.ArrowFields;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.kernel.Bitmaps;
import io.zeptodb.engine.kernel.Memory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Columns as messages of an Arrow IPC stream, for files that one process writes and reads again: a schema, record batches, an end. A SYMBOL is
 * the int32 of its code, whose dictionary the process keeps; a NULL type is a BOOLEAN without a value.
 */
public final class ArrowMessages {
    private static final int BYTE_BITS = 8;
    /** Continuation marker and length of the metadata. */
    private static final int PREFIX_BYTES = 2 * Integer.BYTES;

    private ArrowMessages() {}

    /** Where the bytes of a message go. */
    public interface Sink {
        void write(byte[] bytes, int from, int count);
    }

    /** Begins a stream of columns of these types. */
    public static void writeSchema(List<ColumnType> types, Sink out) {
        List<Field> fields = new ArrayList<>();
        for (ColumnType type : types) {
            ArrowType arrow = type.kind() == TypeKind.NULL ? new ArrowType.Bool() : ArrowFields.arrowType(type);
            fields.add(new Field("c" + fields.size(), FieldType.nullable(arrow), null));
        }
        writeMetadata(MessageSerializer.serializeMetadata(new Schema(fields)), out);
    }

    /** The marker, the length and the metadata, padded to a multiple of eight bytes. */
    private static void writeMetadata(ByteBuffer metadata, Sink out) {
        int padded = (metadata.remaining() + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
        byte[] bytes = new byte[PREFIX_BYTES + padded];
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(MessageSerializer.IPC_CONTINUATION_TOKEN)
                .putInt(padded)
                .put(metadata);
        out.write(bytes, 0, bytes.length);
    }

    /** Copied in pieces: Arrow's way to a {@link ByteBuffer} needs a module opened that may be closed. */
    private static void writeBody(ArrowBuf buffer, byte[] piece, Sink out) {
        long bytes = buffer.readableBytes();
        long address = bytes == 0 ? 0 : buffer.memoryAddress();
        for (long at = 0; at < bytes; at += piece.length) {
            int count = (int) Math.min(piece.length, bytes - at);
            Memory.copyToArray(address + at, piece, 0, count);
            out.write(piece, 0, count);
        }
        int padding = (int) (-bytes & (Long.BYTES - 1));
        if (padding > 0) {
            out.write(new byte[padding], 0, padding);
        }
    }

    /**
     * Writes the rows of columns that have all one count of them.
     *
     * @param piece scratch memory through which the bytes go
     */
    public static void writeBatch(
            List<WritableColumn> columns, int rows, BufferAllocator allocator, byte[] piece, Sink out) {
        List<ArrowFieldNode> nodes = new ArrayList<>();
        List<ArrowBuf> buffers = new ArrayList<>();
        List<Long> heapCounts = new ArrayList<>();
        for (WritableColumn column : columns) {
            ColumnVector vector = column.vector();
            int nulls = vector.hasNulls() ? rows - Bitmaps.count(vector.validity(), rows) : 0;
            nodes.add(new ArrowFieldNode(rows, nulls));
            long bitBytes = (rows + BYTE_BITS - 1L) / BYTE_BITS;
            ArrowBuf bits = vector.validityBuffer();
            ArrowBuf validity = bits == null ? allocator.getEmpty() : bits.slice(0, bitBytes);
            buffers.add(validity);
            TypeKind kind = column.type().kind();
            ArrowBuf data = vector.dataBuffer();
            if (kind == TypeKind.NULL) {
                buffers.add(validity);
            } else {
                long bytes = kind == TypeKind.BOOLEAN
                        ? bitBytes
                        : (long) rows * column.type().width();
                buffers.add(data == null ? allocator.getEmpty() : data.slice(0, bytes));
            }
            if (kind.isView()) {
                ArrowBuf[] heaps = vector.heaps();
                for (int i = 0; i < heaps.length; i++) {
                    buffers.add(heaps[i].slice(0, column.heap().usedBytes(i)));
                }
                heapCounts.add((long) heaps.length);
            }
        }
        try (ArrowRecordBatch batch = new ArrowRecordBatch(
                rows, nodes, buffers, NoCompressionCodec.DEFAULT_BODY_COMPRESSION, heapCounts, true)) {
            writeMetadata(MessageSerializer.serializeMetadata(batch), out);
            for (ArrowBuf buffer : buffers) {
                writeBody(buffer, piece, out);
            }
        }
    }

    /** Ends a stream. */
    public static void writeEnd(Sink out) {
        byte[] bytes = new byte[PREFIX_BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(MessageSerializer.IPC_CONTINUATION_TOKEN);
        out.write(bytes, 0, bytes.length);
    }

    /** A record batch that was read back; holds the memory of its columns until it is closed. */
    public static final class Page implements AutoCloseable {
        private final ArrowRecordBatch batch;

        private Page(ArrowRecordBatch batch) {
            this.batch = batch;
        }

        public int rowCount() {
            return batch.getLength();
        }

        @Override
        public void close() {
            batch.close();
        }
    }

    /**
     * Points vectors at the columns of a record batch.
     *
     * @param message the bytes of the message, which must be right: a checksum says so. Taken over, also when this fails; freed with the page
     * @param length bytes of the message
     * @param into a vector for each column of the schema
     */
    public static Page read(ArrowBuf message, long length, List<ColumnVector> into) {
        ArrowRecordBatch batch;
        try {
            byte[] metadata = new byte[message.getInt(Integer.BYTES)];
            message.getBytes(PREFIX_BYTES, metadata);
            long bodyAt = PREFIX_BYTES + (long) metadata.length;
            // the batch holds the memory from here on, and the message's own hold is given up
            batch = MessageSerializer.deserializeRecordBatch(
                    Message.getRootAsMessage(ByteBuffer.wrap(metadata).order(ByteOrder.LITTLE_ENDIAN)),
                    message.slice(bodyAt, length - bodyAt));
        } catch (IOException e) {
            message.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            message.close();
            throw e;
        }
        point(batch, into);
        return new Page(batch);
    }

    private static void point(ArrowRecordBatch batch, List<ColumnVector> into) {
        int next = 0;
        List<ArrowBuf> buffers = batch.getBuffers();
        int views = 0;
        for (int i = 0; i < into.size(); i++) {
            ColumnVector vector = into.get(i);
            ArrowBuf bits = buffers.get(next++);
            ArrowBuf data = buffers.get(next++);
            boolean hasNulls = bits.capacity() > 0;
            vector.point(data, data.memoryAddress(), hasNulls ? bits : null, hasNulls ? bits.memoryAddress() : 0);
            if (vector.type().kind().isView()) {
                int heaps = batch.getVariadicBufferCounts().get(views++).intValue();
                ArrowBuf[] heapBuffers = new ArrowBuf[heaps];
                long[] addresses = new long[heaps];
                for (int h = 0; h < heaps; h++) {
                    heapBuffers[h] = buffers.get(next++);
                    addresses[h] = heapBuffers[h].memoryAddress();
                }
                vector.withHeaps(heapBuffers, addresses);
            }
        }
    }
}
