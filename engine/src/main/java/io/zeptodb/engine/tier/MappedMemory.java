package io.zeptodb.engine.tier;

import io.zeptodb.engine.kernel.Memory;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OwnershipTransferResult;
import org.apache.arrow.memory.ReferenceManager;

/**
 * Mapped memory of a file, and how many hold it: the segment, and every view and exported batch that shows a part of it. Its pages are given back when
 * the last of them is done. They are the system's, which may take them away and read them again, so no allocator counts them. Thread-safe.
 */
final class MappedMemory implements ReferenceManager {
    private static final String FREED = "this memory of a segment's file was given back";

    private final ByteBuffer bytes;
    private final long address;
    private final BufferAllocator allocator;
    private final AtomicInteger holds = new AtomicInteger(1);

    /**
     * The caller has the first hold.
     *
     * @param bytes as they were mapped
     * @param allocator that buffers name as theirs; nothing is taken from it
     */
    MappedMemory(ByteBuffer bytes, BufferAllocator allocator) {
        this.bytes = bytes;
        this.address = Memory.address(bytes);
        this.allocator = allocator;
    }

    /** A view of the bytes of its own. */
    ByteBuffer bytes() {
        return bytes.duplicate();
    }

    /** Of the first byte. */
    long address() {
        return address;
    }

    /** A buffer over a part, with a hold of its own. */
    ArrowBuf part(long offset, long length) {
        retain();
        return new ArrowBuf(this, null, length, address + offset);
    }

    /** A buffer over the first bytes, to which the caller's hold goes over. */
    ArrowBuf whole(long length) {
        return new ArrowBuf(this, null, length, address);
    }

    @Override
    public int getRefCount() {
        return holds.get();
    }

    @Override
    public boolean release() {
        return release(1);
    }

    @Override
    public boolean release(int decrement) {
        int left = holds.addAndGet(-decrement);
        if (left < 0) {
            throw new IllegalStateException(FREED);
        }
        if (left == 0) {
            free();
        }
        return left == 0;
    }

    private void free() {
        try {
            Memory.free(bytes);
        } catch (IllegalArgumentException e) {
            // a folder may hand out a part of a larger buffer, which the collector gives back with this one
            return;
        }
    }

    @Override
    public void retain() {
        retain(1);
    }

    @Override
    public void retain(int increment) {
        int before = holds.getAndUpdate(count -> count == 0 ? 0 : count + increment);
        if (before <= 0) {
            throw new IllegalStateException(FREED);
        }
    }

    @Override
    public ArrowBuf retain(ArrowBuf buffer, BufferAllocator target) {
        retain();
        ArrowBuf another = deriveBuffer(buffer, 0, buffer.capacity());
        another.readerIndex(buffer.readerIndex());
        another.writerIndex(buffer.writerIndex());
        return another;
    }

    @Override
    public ArrowBuf deriveBuffer(ArrowBuf source, long index, long length) {
        return new ArrowBuf(this, null, length, source.memoryAddress() + index);
    }

    @Override
    public OwnershipTransferResult transferOwnership(ArrowBuf buffer, BufferAllocator target) {
        ArrowBuf another = retain(buffer, target);
        return new OwnershipTransferResult() {
            @Override
            public boolean getAllocationFit() {
                return true;
            }

            @Override
            public ArrowBuf getTransferredBuffer() {
                return another;
            }
        };
    }

    @Override
    public BufferAllocator getAllocator() {
        return allocator;
    }

    @Override
    public long getSize() {
        return bytes.capacity();
    }

    @Override
    public long getAccountedSize() {
        return 0;
    }
}
