package io.zeptodb.engine.batch;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OwnershipTransferResult;
import org.apache.arrow.memory.ReferenceManager;

/**
 * Notes whether a buffer was ever handed to another allocator. Arrow counts the references of each allocator apart, so the owner of a buffer
 * cannot see by its own count that an exported batch still holds it; an owner who means to write over a part of the buffer must know.
 */
final class LendingRecord implements ReferenceManager {
    private final ReferenceManager counts;
    private volatile boolean lent;

    private LendingRecord(ReferenceManager counts) {
        this.counts = counts;
    }

    /** The same memory with a record; closing what this returns gives the buffer back. */
    static ArrowBuf keptFor(ArrowBuf buffer) {
        LendingRecord record = new LendingRecord(buffer.getReferenceManager());
        return new ArrowBuf(record, null, buffer.capacity(), buffer.memoryAddress());
    }

    /** Whether somebody else holds, or may hold, a buffer that {@link #keptFor} made. */
    static boolean isLent(ArrowBuf buffer) {
        return buffer.refCnt() > 1 || (buffer.getReferenceManager() instanceof LendingRecord record && record.lent);
    }

    @Override
    public ArrowBuf retain(ArrowBuf buffer, BufferAllocator target) {
        lent = true;
        return counts.retain(buffer, target);
    }

    @Override
    public OwnershipTransferResult transferOwnership(ArrowBuf buffer, BufferAllocator target) {
        lent = true;
        return counts.transferOwnership(buffer, target);
    }

    @Override
    public ArrowBuf deriveBuffer(ArrowBuf source, long index, long length) {
        return new ArrowBuf(this, null, length, source.memoryAddress() + index);
    }

    @Override
    public int getRefCount() {
        return counts.getRefCount();
    }

    @Override
    public boolean release() {
        return counts.release();
    }

    @Override
    public boolean release(int decrement) {
        return counts.release(decrement);
    }

    @Override
    public void retain() {
        counts.retain();
    }

    @Override
    public void retain(int increment) {
        counts.retain(increment);
    }

    @Override
    public BufferAllocator getAllocator() {
        return counts.getAllocator();
    }

    @Override
    public long getSize() {
        return counts.getSize();
    }

    @Override
    public long getAccountedSize() {
        return counts.getAccountedSize();
    }
}
