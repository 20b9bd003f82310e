package io.zeptodb.engine.batch;

import io.zeptodb.engine.api.ArrowFields;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.kernel.Bitmaps;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.ipc.WriteChannel;
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

    /** Begins a stream of columns of these types. */
    public static void writeSchema(List<ColumnType> types, WritableByteChannel out) throws IOException {
        List<Field> fields = new ArrayList<>();
        for (ColumnType type : types) {
            ArrowType arrow = type.kind() == TypeKind.NULL ? new ArrowType.Bool() : ArrowFields.arrowType(type);
            fields.add(new Field("c" + fields.size(), FieldType.nullable(arrow), null));
        }
        MessageSerializer.serialize(new WriteChannel(out), new Schema(fields));
    }

    /** Writes the rows of columns that have all one count of them. */
    public static void writeBatch(
            List<WritableColumn> columns, int rows, BufferAllocator allocator, WritableByteChannel out)
            throws IOException {
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
            MessageSerializer.serialize(new WriteChannel(out), batch);
        }
    }

    /** Ends a stream. */
    public static void writeEnd(WritableByteChannel out) throws IOException {
        WriteChannel channel = new WriteChannel(out);
        channel.writeIntLittleEndian(MessageSerializer.IPC_CONTINUATION_TOKEN);
        channel.writeIntLittleEndian(0);
    }

    /**
     * Points vectors at the columns of a record batch.
     *
     * @param message the bytes of the message, which must be right: a checksum says so. Taken over, also when this fails; freed with what this returns
     * @param length bytes of the message
     * @param into a vector for each column of the schema
     * @return what holds the memory, and knows the number of rows
     */
    public static ArrowRecordBatch read(ArrowBuf message, long length, List<ColumnVector> into) throws IOException {
        ArrowRecordBatch batch;
        try {
            ByteBuffer metadata = message.nioBuffer(PREFIX_BYTES, message.getInt(Integer.BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN);
            long bodyAt = PREFIX_BYTES + (long) metadata.remaining();
            // the batch holds the memory from here on, and the message's own hold is given up
            batch = MessageSerializer.deserializeRecordBatch(
                    Message.getRootAsMessage(metadata), message.slice(bodyAt, length - bodyAt));
        } catch (IOException | RuntimeException e) {
            message.close();
            throw e;
        }
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
        return batch;
    }
}
