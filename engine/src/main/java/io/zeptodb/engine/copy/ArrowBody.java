package io.zeptodb.engine.copy;

import io.zeptodb.engine.batch.MemoryBudget;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.Types;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * Takes the columns out of the body of one message, in their order. What a vector gets is as long as its rows need, whatever the message says: a foreign
 * file cannot have us read what is not its own. Only for types without children. One thread; vectors stay valid after it is closed.
 */
final class ArrowBody implements AutoCloseable {
    private static final int MOST_ROWS = Integer.MAX_VALUE - 64;
    private static final int VIEW_BYTES = 16;

    private final RecordBatch batch;
    private final ArrowBuf body;
    private final MemoryBudget budget;
    private final int rows;
    private final @Nullable ArrowCompression compression;
    /** What was decompressed or copied for the column at hand. */
    private final List<ArrowBuf> own = new ArrayList<>();

    private int nextNode;
    private int nextBuffer;
    private int nextVariadic;

    /** @param body stays the caller's */
    ArrowBody(RecordBatch batch, ArrowBuf body, MemoryBudget budget) {
        this.batch = batch;
        this.body = body;
        this.budget = budget;
        if (batch.length() < 0 || batch.length() > MOST_ROWS) {
            throw new BrokenArrowException("a batch of " + batch.length() + " rows");
        }
        this.rows = (int) batch.length();
        BodyCompression used = batch.compression();
        this.compression = used == null ? null : ArrowCompression.of(used.codec());
        if (used != null && compression == null) {
            throw new BrokenArrowException("compression " + used.codec() + " is unknown: LZ4 and ZSTD are read");
        }
    }

    int rows() {
        return rows;
    }

    /** The next column, which the caller closes. */
    FieldVector take(Field field) {
        if (nextNode >= batch.nodesLength()) {
            throw new BrokenArrowException("a batch has " + batch.nodesLength() + " columns");
        }
        FieldNode node = batch.nodes(nextNode++);
        if (node.length() != rows) {
            throw new BrokenArrowException(
                    "column '" + field.getName() + "' has " + node.length() + " rows in a batch of " + rows);
        }
        FieldVector vector = field.createVector(budget.allocator());
        try {
            load(vector, field);
            return vector;
        } catch (RuntimeException | Error e) {
            vector.close();
            throw e;
        } finally {
            own.forEach(ArrowBuf::close);
            own.clear();
        }
    }

    private void load(FieldVector vector, Field field) {
        if (field.getType() instanceof ArrowType.Null) {
            vector.setValueCount(rows);
            return;
        }
        ArrowBuf validity = validity();
        int nulls = rows == 0 ? 0 : BitVectorHelper.getNullCount(validity, rows);
        List<ArrowBuf> buffers = new ArrayList<>();
        buffers.add(validity);
        switch (Types.getMinorTypeForArrowType(field.getType())) {
            case BIT -> buffers.add(wholeWords(buffer()));
            case VARCHAR, VARBINARY -> {
                buffers.add(atLeast((rows + 1L) * Integer.BYTES, "offsets", buffer()));
                buffers.add(buffer());
            }
            case LARGEVARCHAR, LARGEVARBINARY -> {
                buffers.add(atLeast((rows + 1L) * Long.BYTES, "offsets", buffer()));
                buffers.add(buffer());
            }
            case VIEWVARCHAR, VIEWVARBINARY -> {
                buffers.add(atLeast((long) rows * VIEW_BYTES, "views", buffer()));
                for (long left = variadicBuffers(); left > 0; left--) {
                    buffers.add(buffer());
                }
            }
            default -> {
                int width = ((BaseFixedWidthVector) vector).getTypeWidth();
                buffers.add(atLeast((long) rows * width, "values", buffer()));
            }
        }
        vector.loadFieldBuffers(new ArrowFieldNode(rows, nulls), buffers);
    }

    private ArrowBuf validity() {
        ArrowBuf bits = buffer();
        if (bits.capacity() > 0) {
            return wholeWords(bits);
        }
        ArrowBuf all = keep(budget.allocateBitmap(rows));
        all.setOne(0, all.capacity());
        return all;
    }

    /** A bitmap as kernels read it, 8 bytes at a time. */
    private ArrowBuf wholeWords(ArrowBuf bits) {
        long bytes = (rows + 7L) / Byte.SIZE;
        atLeast(bytes, "bits", bits);
        ArrowBuf whole = keep(budget.allocateBitmap(rows));
        whole.setZero(0, whole.capacity());
        whole.setBytes(0, bits, 0, bytes);
        return whole;
    }

    private ArrowBuf keep(ArrowBuf buffer) {
        own.add(buffer);
        return buffer.writerIndex(buffer.capacity());
    }

    private ArrowBuf atLeast(long bytes, String what, ArrowBuf buffer) {
        // a batch without rows may have no buffers to speak of
        if (buffer.capacity() < bytes && rows > 0) {
            throw new BrokenArrowException(
                    rows + " rows need " + bytes + " bytes of " + what + ", a column has " + buffer.capacity());
        }
        return buffer;
    }

    private long variadicBuffers() {
        if (nextVariadic >= batch.variadicBufferCountsLength()) {
            throw new BrokenArrowException("a column of views does not say how many buffers it has");
        }
        return batch.variadicBufferCounts(nextVariadic++);
    }

    private ArrowBuf buffer() {
        if (nextBuffer >= batch.buffersLength()) {
            throw new BrokenArrowException("a batch has " + batch.buffersLength() + " buffers, its columns need more");
        }
        Buffer place = batch.buffers(nextBuffer++);
        if (place.offset() < 0 || place.length() < 0 || place.offset() > body.capacity() - place.length()) {
            throw new BrokenArrowException("a buffer of " + place.length() + " bytes from byte " + place.offset()
                    + " of a body of " + body.capacity());
        }
        ArrowBuf bytes = body.slice(place.offset(), place.length());
        ArrowCompression codec = compression;
        if (codec == null || place.length() == 0) {
            return bytes;
        }
        ArrowBuf raw = codec.decompress(bytes, budget);
        own.add(raw);
        // as long as it was said to be: an allocator may give more
        return raw.slice(0, raw.writerIndex());
    }

    @Override
    public void close() {
        own.forEach(ArrowBuf::close);
        own.clear();
    }
}
