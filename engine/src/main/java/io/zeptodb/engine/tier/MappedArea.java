package io.zeptodb.engine.tier;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.kernel.Memory;
import io.zeptodb.engine.store.Directory;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OwnershipTransferResult;
import org.apache.arrow.memory.ReferenceManager;

/**
 * A stretch of a file in memory, and who holds it: the segment, and every view and exported batch that shows a part of it. Its pages are given
 * back when the last of them is done. They are the system's, which may take them away and read them again, so no allocator counts them.
 * Each block is compared with its checksum before it is first read. Thread-safe.
 */
final class MappedArea implements ReferenceManager {
    private static final String FREED = "this memory of a segment's file was given back";

    private final String path;
    private final SegmentIndex.Area area;
    private final ByteBuffer bytes;
    private final long address;
    private final BufferAllocator allocator;
    private final AtomicInteger holds = new AtomicInteger(1);
    /** By block, 1 when it was found whole. Racy: a block may be looked at twice. */
    private final byte[] whole;

    /** @param allocator that buffers name as theirs; nothing is taken from it */
    MappedArea(Directory directory, String name, SegmentIndex.Area area, BufferAllocator allocator) {
        this.path = directory.path(name);
        this.area = area;
        this.bytes = directory.map(name, area.offset(), (int) area.length());
        this.address = Memory.address(bytes);
        this.allocator = allocator;
        this.whole = new byte[area.checksums().length];
    }

    boolean contains(SegmentIndex.Part part) {
        return part.offset() >= area.offset()
                && part.offset() + part.length() + SegmentFormat.SLACK_BYTES <= area.offset() + area.length();
    }

    /** A buffer over a part, with a hold of its own. */
    ArrowBuf buffer(SegmentIndex.Part part) {
        retain();
        return new ArrowBuf(this, null, part.length(), address + part.offset() - area.offset());
    }

    /**
     * Makes sure that bytes of the file may be read.
     *
     * @param from offset in the file
     * @param count not negative
     * @throws EngineException CORRUPTION
     */
    void check(long from, long count) {
        if (count == 0) {
            return;
        }
        int last = (int) ((from + count - 1 - area.offset()) / SegmentFormat.BLOCK_BYTES);
        for (int block = (int) ((from - area.offset()) / SegmentFormat.BLOCK_BYTES); block <= last; block++) {
            if (whole[block] == 0) {
                checkBlock(block);
                whole[block] = 1;
            }
        }
    }

    private void checkBlock(int block) {
        int start = block * SegmentFormat.BLOCK_BYTES;
        int end = (int) Math.min(start + (long) SegmentFormat.BLOCK_BYTES, area.length());
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().position(start).limit(end));
        check(path, area, block, (int) crc.getValue());
    }

    /** Compares the checksum of a block. @throws EngineException CORRUPTION */
    static void check(String path, SegmentIndex.Area area, int block, int checksum) {
        int expected = area.checksums()[block];
        if (checksum != expected) {
            long offset = area.offset() + (long) block * SegmentFormat.BLOCK_BYTES;
            throw new EngineException(
                    ErrorCode.CORRUPTION,
                    String.format(
                            "'%s' is damaged between offset %d and %d: checksum %08x, expected %08x; restore the file from a"
                                    + " backup",
                            path,
                            offset,
                            Math.min(offset + SegmentFormat.BLOCK_BYTES, area.offset() + area.length()),
                            checksum,
                            expected));
        }
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
        return area.length();
    }

    @Override
    public long getAccountedSize() {
        return 0;
    }
}
