package io.zeptodb.arrow;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.flatbuf.BodyCompressionMethod;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.BufferLayout;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TypeLayout;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.compression.CompressionUtil;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * Takes the message of a record batch apart without belief in it: Arrow's own reader leaves memory behind when a message is wrong. Stateless.
 */
final class CheckedBatch {
    private CheckedBatch() {}

    /**
     * The batch of a message, decompressed.
     *
     * @param body of the message; stays the caller's, who may close it behind this
     * @throws IOException when the message says what cannot be
     */
    static ArrowRecordBatch of(
            @Nullable RecordBatch message, ArrowBuf body, BufferAllocator allocator, CompressionCodec.Factory codecs)
            throws IOException {
        if (message == null) {
            throw new IOException("a batch is missing");
        }
        List<ArrowFieldNode> nodes = new ArrayList<>();
        for (int i = 0; i < message.nodesLength(); i++) {
            FieldNode node = message.nodes(i);
            checkCount(node.length());
            checkCount(node.nullCount());
            nodes.add(new ArrowFieldNode(node.length(), node.nullCount()));
        }
        List<Long> heaps = new ArrayList<>();
        for (int i = 0; i < message.variadicBufferCountsLength(); i++) {
            checkCount(message.variadicBufferCounts(i));
            heaps.add(message.variadicBufferCounts(i));
        }
        checkCount(message.length());
        long allHeaps = heaps.stream().mapToLong(Long::longValue).sum();
        if (allHeaps > message.buffersLength()) {
            throw new IOException(allHeaps + " heaps are more than its buffers");
        }
        CompressionCodec codec = codec(message.compression(), codecs);
        List<ArrowBuf> buffers = new ArrayList<>();
        List<ArrowBuf> made = new ArrayList<>();
        try {
            for (int i = 0; i < message.buffersLength(); i++) {
                ArrowBuf slice = slice(message.buffers(i), body);
                if (codec != null && slice.capacity() > 0) {
                    slice = decompress(codec, slice, allocator);
                    made.add(slice);
                }
                buffers.add(slice);
            }
            return new ArrowRecordBatch(
                    (int) message.length(),
                    nodes,
                    buffers,
                    NoCompressionCodec.DEFAULT_BODY_COMPRESSION,
                    heaps,
                    false,
                    true);
        } finally {
            made.forEach(ArrowBuf::close); // the batch holds them now
        }
    }

    private static void checkCount(long count) throws IOException {
        if (count < 0 || count > Integer.MAX_VALUE) {
            throw new IOException("a count of " + count);
        }
    }

    private static @Nullable CompressionCodec codec(
            @Nullable BodyCompression compression, CompressionCodec.Factory codecs) throws IOException {
        if (compression == null) {
            return null;
        }
        if (compression.method() != BodyCompressionMethod.BUFFER) {
            throw new IOException("a compression of kind " + compression.method());
        }
        return codecs.createCodec(CompressionUtil.CodecType.fromCompressionType(compression.codec()));
    }

    private static ArrowBuf slice(Buffer buffer, ArrowBuf body) throws IOException {
        long offset = buffer.offset();
        long length = buffer.length();
        if (offset < 0 || length < 0 || offset > body.capacity() || length > body.capacity() - offset) {
            throw new IOException(
                    "a buffer of " + length + " bytes at " + offset + " is outside of " + body.capacity());
        }
        ArrowBuf slice = body.slice(offset, length);
        slice.writerIndex(length);
        return slice;
    }

    /** A codec lets go of what it decompresses: it gets a hold of its own, which is taken back when it fails before that. */
    private static ArrowBuf decompress(CompressionCodec codec, ArrowBuf slice, BufferAllocator allocator) {
        int held = slice.refCnt();
        slice.getReferenceManager().retain();
        try {
            return codec.decompress(allocator, slice);
        } catch (RuntimeException e) {
            if (slice.refCnt() > held) {
                slice.getReferenceManager().release();
            }
            throw e;
        }
    }

    /** @throws IOException when the columns of a batch are not these, or a buffer has too little for its rows: Arrow would make room then and believe the count */
    static void checkColumns(List<FieldVector> columns, ArrowRecordBatch batch) throws IOException {
        if (batch.getNodes().size() != columns.size()) {
            throw new IOException(batch.getNodes().size() + " columns came, expected " + columns.size());
        }
        int buffer = 0;
        int view = 0;
        for (int i = 0; i < columns.size(); i++) {
            FieldVector column = columns.get(i);
            Field field = column.getField();
            if (!field.getChildren().isEmpty()) {
                throw new IOException("column " + (i + 1) + " is a " + field.getType() + ", which is not taken");
            }
            ArrowFieldNode node = batch.getNodes().get(i);
            if (node.getLength() != batch.getLength()) {
                throw new IOException(
                        "column " + (i + 1) + " has " + node.getLength() + " values of " + batch.getLength() + " rows");
            }
            boolean hasHeaps =
                    field.getType() instanceof ArrowType.Utf8View || field.getType() instanceof ArrowType.BinaryView;
            List<BufferLayout> layouts =
                    TypeLayout.getTypeLayout(field.getType()).getBufferLayouts();
            boolean hasOffsets =
                    layouts.stream().anyMatch(layout -> layout.getType() == BufferLayout.BufferType.OFFSET);
            for (BufferLayout layout : layouts) {
                if (buffer == batch.getBuffers().size()) {
                    throw new IOException("a buffer of column " + (i + 1) + " is missing");
                }
                long there = batch.getBuffers().get(buffer++).capacity();
                boolean isLeftOut =
                        there == 0 && node.getNullCount() == 0 && layout.getType() == BufferLayout.BufferType.VALIDITY;
                long needed = neededBytes(layout, node, hasOffsets, column);
                if (there < needed && !isLeftOut) {
                    throw new IOException("a buffer of column " + (i + 1) + " has " + there + " bytes, "
                            + node.getLength() + " values need " + needed);
                }
            }
            if (hasHeaps) {
                if (view == batch.getVariadicBufferCounts().size()) {
                    throw new IOException("the heaps of column " + (i + 1) + " are not counted");
                }
                buffer += batch.getVariadicBufferCounts().get(view++).intValue();
            }
        }
        if (buffer != batch.getBuffers().size()) {
            throw new IOException(batch.getBuffers().size() + " buffers came, expected " + buffer);
        }
    }

    /** Of texts behind offsets the length is not known here: who reads them looks at the offsets. */
    private static long neededBytes(BufferLayout layout, ArrowFieldNode node, boolean hasOffsets, FieldVector column) {
        // a type may say another width than its vectors have
        int width = column instanceof BaseFixedWidthVector fixed ? fixed.getTypeWidth() * Byte.SIZE : 0;
        long rows = node.getLength();
        return switch (layout.getType()) {
            case VALIDITY -> (rows + Byte.SIZE - 1) / Byte.SIZE;
            case OFFSET -> rows == 0 ? 0 : (rows + 1) * layout.getTypeBitWidth() / Byte.SIZE;
            case VIEWS -> rows * BaseVariableWidthViewVector.ELEMENT_SIZE;
            case DATA ->
                hasOffsets ? 0 : (rows * Math.max(width, layout.getTypeBitWidth()) + Byte.SIZE - 1) / Byte.SIZE;
            default -> 0;
        };
    }
}
