package io.zeptodb.engine.tier;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.EndMark;
import io.zeptodb.engine.store.Directory;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/** A stretch of a segment's file in memory. Each block is compared with its checksum before it is first read. Thread-safe. */
final class MappedArea {
    /** What a checksum is taken of at once: little enough for the cache nearest to the processor. */
    private static final int PART_BYTES = 8 << 10;

    private final String path;
    private final SegmentIndex.Area area;
    private final MappedMemory memory;
    /** By block, 1 when it was found whole. Racy: a block may be looked at twice. */
    private final byte[] whole;

    /** @param allocator that buffers name as theirs; nothing is taken from it */
    MappedArea(Directory directory, String name, SegmentIndex.Area area, BufferAllocator allocator) {
        this.path = directory.path(name);
        this.area = area;
        this.memory = new MappedMemory(directory.map(name, area.offset(), (int) area.length()), allocator);
        this.whole = new byte[area.checksums().length];
    }

    boolean contains(SegmentIndex.Part part) {
        return part.offset() >= area.offset()
                && part.offset() + part.length() + SegmentFormat.SLACK_BYTES <= area.offset() + area.length();
    }

    /** The last bytes, which of the last area are the mark behind all columns. */
    EndMark endMark() {
        return new EndMark(memory.address() + area.length() - SegmentFormat.END_MARK_BYTES);
    }

    /** A buffer over a part, with a hold of its own. */
    ArrowBuf buffer(SegmentIndex.Part part) {
        return memory.part(part.offset() - area.offset(), part.length());
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
        // by way of an array: pages that cannot be read, of a file that was cut short, end a copy with an error, but a
        // checksum of them the JVM
        ByteBuffer bytes = memory.bytes().position(start).limit(end);
        byte[] part = new byte[PART_BYTES];
        while (bytes.hasRemaining()) {
            int count = Math.min(part.length, bytes.remaining());
            bytes.get(part, 0, count);
            crc.update(part, 0, count);
        }
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
                            Locale.ROOT,
                            "'%s' is damaged between offset %d and %d: checksum %08x, expected %08x; restore the file from a"
                                    + " backup",
                            path,
                            offset,
                            Math.min(offset + SegmentFormat.BLOCK_BYTES, area.offset() + area.length()),
                            checksum,
                            expected));
        }
    }

    /** Gives up the segment's hold. */
    void release() {
        memory.release();
    }
}
