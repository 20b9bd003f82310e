package io.zeptodb.arrow;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/**
 * Copies columns of texts or bytes so that each has its own values alone: as the engine hands them out they share the table's heaps, which hold
 * the values of all batches. Stateless.
 */
final class CompactTexts {
    /** A view: length, then either the bytes themselves or four of them, the heap's number and the place in it. */
    private static final int VIEW_BYTES = 16;

    private static final int MOST_INLINE = 12;
    private static final int HEAP_AT = 8;
    private static final int PLACE_AT = 12;
    /** Places in a heap are 32 bits with a sign; a heap ends before, unless one value alone is longer. */
    private static final long MOST_HEAP_BYTES = 1L << 28;

    private CompactTexts() {}

    /** A copy of the column in buffers of this allocator; the caller closes it. */
    static FieldVector copy(BaseVariableWidthViewVector from, BufferAllocator allocator) {
        return copy(from, 0, from.getValueCount(), allocator);
    }

    /** As {@link #copy(BaseVariableWidthViewVector, BufferAllocator)}, of some rows. */
    static FieldVector copy(BaseVariableWidthViewVector from, int first, int rows, BufferAllocator allocator) {
        FieldVector to = from.getField().createVector(allocator);
        if (rows == 0) {
            return to;
        }
        List<ArrowBuf> made = new ArrayList<>();
        try {
            ArrowBuf views = allocator.buffer((long) rows * VIEW_BYTES);
            made.add(views);
            views.writerIndex((long) rows * VIEW_BYTES);
            boolean hasNulls = from.getNullCount() > 0;
            copyViews(from, first, rows, hasNulls, views, made, allocator);
            ArrowBuf validity = allocator.buffer(BitVectorHelper.getValidityBufferSizeFromCount(rows));
            made.add(validity);
            int nulls = copyValidity(from, first, rows, hasNulls, validity);
            List<ArrowBuf> buffers = new ArrayList<>(made.size());
            buffers.add(validity);
            buffers.addAll(made.subList(0, made.size() - 1));
            to.loadFieldBuffers(new ArrowFieldNode(rows, nulls), buffers);
            return to;
        } catch (RuntimeException | Error e) {
            to.close();
            throw e;
        } finally {
            made.forEach(ArrowBuf::close); // the column holds them now
        }
    }

    /** NULLs among the rows. */
    private static int copyValidity(
            BaseVariableWidthViewVector from, int first, int rows, boolean hasNulls, ArrowBuf validity) {
        validity.setOne(0, validity.capacity());
        validity.writerIndex(validity.capacity());
        int nulls = 0;
        for (int row = 0; hasNulls && row < rows; row++) {
            if (from.isNull(first + row)) {
                BitVectorHelper.unsetBit(validity, row);
                nulls++;
            }
        }
        return nulls;
    }

    /** Fills the views, and adds the heaps that they point to. */
    private static void copyViews(
            BaseVariableWidthViewVector from,
            int first,
            int rows,
            boolean hasNulls,
            ArrowBuf views,
            List<ArrowBuf> made,
            BufferAllocator allocator) {
        ArrowBuf source = from.getDataBuffer();
        List<ArrowBuf> sourceHeaps = from.getDataBuffers();
        long[] heapSizes = heapSizes(from, first, rows, hasNulls);
        int heapNumber = -1;
        ArrowBuf heap = views; // replaced before its first use
        for (int row = 0; row < rows; row++) {
            long at = (long) row * VIEW_BYTES;
            long sourceAt = (long) (first + row) * VIEW_BYTES;
            if (hasNulls && from.isNull(first + row)) {
                views.setLong(at, 0); // what stands below a NULL is written too
                views.setLong(at + Long.BYTES, 0);
                continue;
            }
            views.setLong(at, source.getLong(sourceAt));
            int length = source.getInt(sourceAt);
            if (length <= MOST_INLINE) {
                views.setLong(at + Long.BYTES, source.getLong(sourceAt + Long.BYTES));
                continue;
            }
            if (heapNumber < 0 || heap.writerIndex() + length > heapSizes[heapNumber]) {
                heapNumber++;
                heap = allocator.buffer(heapSizes[heapNumber]);
                made.add(heap);
            }
            long place = heap.writerIndex();
            heap.setBytes(
                    place,
                    sourceHeaps.get(source.getInt(sourceAt + HEAP_AT)),
                    source.getInt(sourceAt + PLACE_AT),
                    length);
            heap.writerIndex(place + length);
            views.setInt(at + HEAP_AT, heapNumber);
            views.setInt(at + PLACE_AT, (int) place);
        }
    }

    /** Bytes of each heap, filled in the order of the rows. */
    private static long[] heapSizes(BaseVariableWidthViewVector from, int first, int rows, boolean hasNulls) {
        ArrowBuf source = from.getDataBuffer();
        List<Long> sizes = new ArrayList<>();
        long size = 0;
        for (int row = 0; row < rows; row++) {
            int length = source.getInt((long) (first + row) * VIEW_BYTES);
            if (length <= MOST_INLINE || (hasNulls && from.isNull(first + row))) {
                continue;
            }
            if (size > 0 && size + length > MOST_HEAP_BYTES) {
                sizes.add(size);
                size = 0;
            }
            size += length;
        }
        if (size > 0) {
            sizes.add(size);
        }
        return sizes.stream().mapToLong(Long::longValue).toArray();
    }

    /** Bytes that a copy of one row takes. */
    static long bytes(BaseVariableWidthViewVector column, int row) {
        if (column.isNull(row)) {
            return VIEW_BYTES;
        }
        int length = column.getDataBuffer().getInt((long) row * VIEW_BYTES);
        return length <= MOST_INLINE ? VIEW_BYTES : VIEW_BYTES + (long) length;
    }
}
