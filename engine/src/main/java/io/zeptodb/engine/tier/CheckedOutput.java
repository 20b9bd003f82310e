package io.zeptodb.engine.tier;

import io.zeptodb.engine.kernel.Memory;
import io.zeptodb.engine.store.OutputFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Writes a segment's file from its first byte to the last of its body and takes a checksum of every block on the way. Areas follow each other
 * without a gap; the blocks of an area begin at its first byte. One thread.
 */
final class CheckedOutput {
    private static final int FIRST_BYTES = 1 << 14;
    private static final int GROWTH = 4;

    private final OutputFile file;
    /** Grows to the bytes of a block: most files are small. */
    private byte[] block = new byte[FIRST_BYTES];

    private final CRC32C crc = new CRC32C();
    private final List<SegmentIndex.Area> areas = new ArrayList<>();
    private int filled;
    private long areaStart;
    private int[] checksums = new int[1];
    private int blocks;

    CheckedOutput(OutputFile file) {
        this.file = file;
    }

    /** Where the next byte goes. */
    long position() {
        return file.length() + filled;
    }

    /** Begins an area when the present one would be too large to map with this many bytes more. */
    void beginAreaFor(long bytes) {
        if (position() - areaStart + bytes > SegmentFormat.AREA_BYTES) {
            endArea();
        }
    }

    /** Ends the area: the next byte is the first of another. */
    void endArea() {
        if (position() == areaStart) {
            return;
        }
        flush();
        areas.add(new SegmentIndex.Area(areaStart, position() - areaStart, Arrays.copyOf(checksums, blocks)));
        areaStart = position();
        blocks = 0;
    }

    /** Those that are ended. */
    List<SegmentIndex.Area> areas() {
        return areas;
    }

    void write(long address, long bytes) {
        long done = 0;
        while (done < bytes) {
            int count = (int) Math.min(bytes - done, block.length - filled);
            Memory.copyToArray(address + done, block, filled, count);
            done += count;
            advance(count);
        }
    }

    void write(byte[] bytes, int from, int count) {
        int done = 0;
        while (done < count) {
            int some = Math.min(count - done, block.length - filled);
            System.arraycopy(bytes, from + done, block, filled, some);
            done += some;
            advance(some);
        }
    }

    void writeInt(int value) {
        byte[] bytes = {(byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)};
        write(bytes, 0, bytes.length);
    }

    /** Zeros up to the next multiple. */
    void align(int multiple) {
        zeros((int) (-position() & (multiple - 1)));
    }

    void zeros(int count) {
        write(new byte[count], 0, count);
    }

    /** What lies behind a buffer of so many bytes. */
    void endBuffer(long bytes) {
        zeros((int) (SegmentFormat.padded(bytes) - bytes));
    }

    private void advance(int count) {
        filled += count;
        if (filled == SegmentFormat.BLOCK_BYTES) {
            flush();
        } else if (filled == block.length) {
            block = Arrays.copyOf(block, Math.min(SegmentFormat.BLOCK_BYTES, block.length * GROWTH));
        }
    }

    private void flush() {
        if (filled == 0) {
            return;
        }
        crc.reset();
        crc.update(block, 0, filled);
        if (blocks == checksums.length) {
            checksums = Arrays.copyOf(checksums, blocks * 2);
        }
        checksums[blocks++] = (int) crc.getValue();
        file.write(block, 0, filled);
        filled = 0;
    }
}
