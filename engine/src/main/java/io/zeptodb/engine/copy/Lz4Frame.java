package io.zeptodb.engine.copy;

import io.airlift.compress.lz4.Lz4Compressor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * LZ4's frame format as other writers of Arrow make it: any size of blocks, which may refer to the 64 KiB before them. Checksums are passed
 * over. What is written has independent blocks of up to 4 MiB, without checksums.
 *
 * <p>The format: magic, flags, block size, [int64 content size], [int32 dictionary], one byte of a hash; blocks, each an int32 length whose top bit says
 * that it is not compressed, its bytes and [an int32 checksum]; an int32 0; [an int32 checksum].
 */
final class Lz4Frame {
    private static final int MAGIC = 0x184D2204;
    private static final int VERSION = 0x40;
    private static final int VERSION_MASK = 0xC0;
    private static final int INDEPENDENT = 0x20;
    private static final int BLOCK_CHECKSUMS = 0x10;
    private static final int CONTENT_SIZE = 0x08;
    private static final int CONTENT_CHECKSUM = 0x04;
    private static final int DICTIONARY = 0x01;
    private static final int FOUR_MIB = 0x70;
    private static final int NOT_COMPRESSED = 1 << 31;
    private static final int BLOCK_BYTES = 4 << 20;
    private static final int HEAD_BYTES = 7;
    private static final int LEAST_MATCH = 4;
    private static final int LITERAL_BITS = 4;
    private static final int LONG_LENGTH = 15;
    private static final int PRIME_1 = 0x9E3779B1;
    private static final int PRIME_2 = 0x85EBCA77;
    private static final int PRIME_3 = 0xC2B2AE3D;
    private static final int PRIME_5 = 0x165667B1;

    private Lz4Frame() {}

    /** Most bytes that {@link #compress} makes of so many. */
    static int mostBytes(int raw) {
        int blocks = raw / BLOCK_BYTES + 1;
        return HEAD_BYTES + Integer.BYTES + blocks * Integer.BYTES + raw + raw / 255 + 16 * blocks;
    }

    /** Writes one frame of all that the source has. */
    static void compress(ByteBuffer source, ByteBuffer target) {
        ByteBuffer into = target.order(ByteOrder.LITTLE_ENDIAN);
        byte flags = VERSION | INDEPENDENT;
        into.putInt(MAGIC).put(flags).put((byte) FOUR_MIB).put((byte) (hash(flags, (byte) FOUR_MIB) >>> Byte.SIZE));
        Lz4Compressor compressor = new Lz4Compressor();
        byte[] raw = new byte[Math.min(BLOCK_BYTES, source.remaining())];
        byte[] made = new byte[compressor.maxCompressedLength(raw.length)];
        while (source.hasRemaining()) {
            int count = Math.min(raw.length, source.remaining());
            source.get(raw, 0, count);
            int length = compressor.compress(raw, 0, count, made, 0, made.length);
            if (length < count) {
                into.putInt(length).put(made, 0, length);
            } else {
                into.putInt(count | NOT_COMPRESSED).put(raw, 0, count);
            }
        }
        into.putInt(0);
    }

    /** xxHash32 of two bytes, of which the frame's head has the second byte. */
    private static int hash(byte first, byte second) {
        int hash = PRIME_5 + 2;
        hash = Integer.rotateLeft(hash + (first & 0xFF) * PRIME_5, 11) * PRIME_1;
        hash = Integer.rotateLeft(hash + (second & 0xFF) * PRIME_5, 11) * PRIME_1;
        hash = (hash ^ (hash >>> 15)) * PRIME_2;
        hash = (hash ^ (hash >>> 13)) * PRIME_3;
        return hash ^ (hash >>> 16);
    }

    /**
     * Reads frames until the target is full.
     *
     * @throws BrokenArrowException when they are none, or hold another number of bytes
     */
    static void decompress(ByteBuffer source, ByteBuffer target) {
        ByteBuffer from = source.order(ByteOrder.LITTLE_ENDIAN);
        try {
            do {
                readFrame(from, target);
            } while (from.hasRemaining());
        } catch (java.nio.BufferUnderflowException | IndexOutOfBoundsException e) {
            throw broken("ends too early");
        } catch (java.nio.BufferOverflowException e) {
            throw broken("holds more bytes than it says");
        }
        if (target.hasRemaining()) {
            throw broken("holds " + target.remaining() + " bytes less than it says");
        }
    }

    private static BrokenArrowException broken(String what) {
        return new BrokenArrowException("a buffer's LZ4 frame is broken: it " + what);
    }

    private static void readFrame(ByteBuffer from, ByteBuffer target) {
        if (from.getInt() != MAGIC) {
            throw broken("does not begin as one");
        }
        int flags = from.get();
        from.get(); // the size of blocks: each has its own
        if ((flags & VERSION_MASK) != VERSION || (flags & DICTIONARY) != 0) {
            throw broken("has flags " + (flags & 0xFF) + ", of another version or with a dictionary");
        }
        skip(from, ((flags & CONTENT_SIZE) != 0 ? Long.BYTES : 0) + 1);
        int start = target.position();
        for (int length = from.getInt(); length != 0; length = from.getInt()) {
            int count = length & ~NOT_COMPRESSED;
            if (count > from.remaining()) {
                throw broken("has a block of " + count + " bytes where " + from.remaining() + " are left");
            }
            ByteBuffer block = from.slice(from.position(), count);
            if ((length & NOT_COMPRESSED) != 0) {
                target.put(block);
            } else {
                readBlock(block, target, (flags & INDEPENDENT) != 0 ? target.position() : start);
            }
            skip(from, count + ((flags & BLOCK_CHECKSUMS) != 0 ? Integer.BYTES : 0));
        }
        skip(from, (flags & CONTENT_CHECKSUM) != 0 ? Integer.BYTES : 0);
    }

    private static void skip(ByteBuffer from, int bytes) {
        if (bytes > from.remaining()) {
            throw broken("ends too early");
        }
        from.position(from.position() + bytes);
    }

    /** @param first the earliest place of the target that the block may refer to */
    private static void readBlock(ByteBuffer block, ByteBuffer target, int first) {
        while (block.hasRemaining()) {
            int token = block.get() & 0xFF;
            int literals = length(token >>> LITERAL_BITS, block);
            if (literals > block.remaining() || literals > target.remaining()) {
                throw broken("has " + literals + " bytes where there is no room for them");
            }
            target.put(block.slice(block.position(), literals));
            block.position(block.position() + literals);
            if (!block.hasRemaining()) {
                return; // the last sequence is of literals alone
            }
            int offset = (block.get() & 0xFF) | (block.get() & 0xFF) << Byte.SIZE;
            int match = length(token & LONG_LENGTH, block) + LEAST_MATCH;
            int at = target.position() - offset;
            if (offset == 0 || at < first || match > target.remaining() || match < 0) {
                throw broken("refers to " + match + " bytes that are not there");
            }
            copyMatch(target, at, match, offset);
        }
    }

    private static void copyMatch(ByteBuffer target, int at, int match, int offset) {
        int to = target.position();
        if (offset >= match) {
            target.put(target.slice(at, match));
            return;
        }
        // a match may run into what it writes
        for (int i = 0; i < match; i++) {
            target.put(to + i, target.get(at + i));
        }
        target.position(to + match);
    }

    private static int length(int begun, ByteBuffer block) {
        int length = begun;
        if (begun == LONG_LENGTH) {
            int more;
            do {
                more = block.get() & 0xFF;
                length += more;
            } while (more == 0xFF && length >= 0);
        }
        return length;
    }
}
