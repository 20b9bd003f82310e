package io.zeptodb.engine.batch;

import io.zeptodb.engine.kernel.Memory;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;

/**
 * The bytes of long texts: buffers that grow in number, never move, and are indexed by views. Owned by one column; one writing thread. The arrays
 * it hands out are replaced, not changed, when it grows, so a reader keeps what it has seen.
 */
public final class ViewHeap implements AutoCloseable {
    private static final int FIRST_BYTES = 4 << 10;
    private static final int MOST_BYTES = 4 << 20;
    private static final int INDEX_AT = 8;
    private static final int OFFSET_AT = 12;

    private final MemoryBudget budget;
    private volatile ArrowBuf[] buffers = {};
    private volatile long[] addresses = {};
    private long used;
    private long capacity;
    private long heldBytes;

    public ViewHeap(MemoryBudget budget) {
        this.budget = budget;
    }

    public ArrowBuf[] buffers() {
        return buffers;
    }

    public long[] addresses() {
        return addresses;
    }

    /** Writes the view of {@code length} bytes at {@code from} to {@code view}; long ones are copied here. */
    public void putView(long view, long from, int length) {
        if (length <= ColumnVector.INLINE_BYTES) {
            // stale bytes behind a short text would break comparison of whole views
            Memory.putLong(view, 0);
            Memory.putLong(view + Long.BYTES, 0);
            Memory.putInt(view, length);
            Memory.copy(from, view + Integer.BYTES, length);
            return;
        }
        long to = reserve(length);
        Memory.copy(from, to, length);
        finishView(view, to, length);
    }

    /** As {@link #putView(long, long, int)} with bytes of a Java array. */
    public void putView(long view, byte[] from, int offset, int length) {
        if (length <= ColumnVector.INLINE_BYTES) {
            Memory.putLong(view, 0);
            Memory.putLong(view + Long.BYTES, 0);
            Memory.putInt(view, length);
            Memory.copyFromArray(from, offset, view + Integer.BYTES, length);
            return;
        }
        long to = reserve(length);
        Memory.copyFromArray(from, offset, to, length);
        finishView(view, to, length);
    }

    /**
     * Room for {@code length} bytes; the caller fills it, then calls {@link #finishView}. The room is taken only then, so a caller may
     * reserve the most it can need and finish with less.
     */
    public long reserve(int length) {
        if (addresses.length == 0 || used + length > capacity) {
            grow(length);
        }
        return addresses[addresses.length - 1] + used;
    }

    /** Writes the view of {@code length} bytes that were put at the address that {@link #reserve} gave. Short ones move inline. */
    public void finishView(long view, long bytes, int length) {
        if (length <= ColumnVector.INLINE_BYTES) {
            putView(view, bytes, length);
            return;
        }
        Memory.putInt(view, length);
        Memory.putInt(view + Integer.BYTES, Memory.getInt(bytes));
        Memory.putInt(view + INDEX_AT, addresses.length - 1);
        Memory.putInt(view + OFFSET_AT, (int) used);
        used += length;
    }

    /** Forgets all texts and keeps the largest buffer. */
    public void clear() {
        for (int i = 0; i < buffers.length - 1; i++) {
            buffers[i].close();
        }
        if (buffers.length > 1) {
            buffers = new ArrowBuf[] {buffers[buffers.length - 1]};
            addresses = new long[] {addresses[addresses.length - 1]};
            heldBytes = buffers[0].capacity();
        }
        used = 0;
    }

    /** Bytes of texts, with what was left unused at the end of full buffers. */
    long usedBytes() {
        return buffers.length == 0 ? 0 : heldBytes - buffers[buffers.length - 1].capacity() + used;
    }

    /** Bytes of buffer i that hold texts. */
    long usedBytes(int i) {
        return i == buffers.length - 1 ? used : buffers[i].capacity();
    }

    /** Bytes of all buffers. */
    long heldBytes() {
        return heldBytes;
    }

    /** Bytes of the buffer that putting so many bytes of texts would add, 0 when there is room. */
    long growthBytes(long bytes) {
        return buffers.length > 0 && used + bytes <= capacity
                ? 0
                : Math.max(bytes, buffers.length == 0 ? FIRST_BYTES : Math.min(MOST_BYTES, capacity * 2));
    }

    /** Where the next text will lie, for {@link #rewind}. */
    public long position() {
        return (long) buffers.length << Integer.SIZE | used;
    }

    /**
     * Forgets the texts put since {@link #position()} was asked: their room is written over. Buffers added since then stay, because
     * a reader may hold the arrays that name them.
     */
    public void rewind(long position) {
        used = position >>> Integer.SIZE == buffers.length ? position & 0xFFFF_FFFFL : 0;
    }

    private void grow(int atLeast) {
        long wanted = buffers.length == 0 ? FIRST_BYTES : Math.min(MOST_BYTES, capacity * 2);
        ArrowBuf next = budget.allocate(Math.max(wanted, atLeast));
        ArrowBuf[] moreBuffers = Arrays.copyOf(buffers, buffers.length + 1);
        long[] moreAddresses = Arrays.copyOf(addresses, addresses.length + 1);
        moreBuffers[buffers.length] = next;
        moreAddresses[addresses.length] = next.memoryAddress();
        buffers = moreBuffers;
        addresses = moreAddresses;
        capacity = Math.min(next.capacity(), Integer.MAX_VALUE);
        heldBytes += next.capacity();
        used = 0;
    }

    @Override
    public void close() {
        for (ArrowBuf buffer : buffers) {
            buffer.close();
        }
        buffers = new ArrowBuf[0];
        addresses = new long[0];
        capacity = 0;
        heldBytes = 0;
        used = 0;
    }
}
