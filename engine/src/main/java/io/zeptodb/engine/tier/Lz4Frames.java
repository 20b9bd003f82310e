package io.zeptodb.engine.tier;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.lz4.Lz4Compressor;
import io.airlift.compress.lz4.Lz4Decompressor;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/**
 * LZ4's frame format: one frame of independent blocks, each with its length before it, the top bit set when it is not compressed. No checksums, for the
 * file has its own.
 */
final class Lz4Frames implements BufferCodec {
    private static final int MAGIC = 0x184D2204;
    /** Version 1, independent blocks. */
    private static final byte FLAGS = 0x60;
    /** Blocks of up to 256 KiB. */
    private static final byte BLOCK_SIZE = 0x50;

    private static final int NOT_COMPRESSED = 1 << 31;
    private static final int HEAD_BYTES = 7;

    private final Lz4Compressor compressor = new Lz4Compressor();
    private final Lz4Decompressor decompressor = new Lz4Decompressor();

    @Override
    public byte[] head() {
        byte[] head = new byte[HEAD_BYTES];
        putInt(head, 0, MAGIC);
        head[4] = FLAGS;
        head[5] = BLOCK_SIZE;
        head[6] = (byte) (hash(FLAGS, BLOCK_SIZE) >>> 8);
        return head;
    }

    /** xxHash32 of two bytes, of which the frame's head has the second byte. */
    private static int hash(byte first, byte second) {
        int hash = 0x165667B1 + 2;
        hash = Integer.rotateLeft(hash + (first & 0xFF) * 0x165667B1, 11) * 0x9E3779B1;
        hash = Integer.rotateLeft(hash + (second & 0xFF) * 0x165667B1, 11) * 0x9E3779B1;
        hash = (hash ^ (hash >>> 15)) * 0x85EBCA77;
        hash = (hash ^ (hash >>> 13)) * 0xC2B2AE3D;
        return hash ^ (hash >>> 16);
    }

    @Override
    public int mostBytes() {
        return Integer.BYTES + compressor.maxCompressedLength(PIECE_BYTES);
    }

    @Override
    public int compress(byte[] piece, int count, byte[] into) {
        int made = compressor.compress(piece, 0, count, into, Integer.BYTES, into.length - Integer.BYTES);
        if (made < count) {
            putInt(into, 0, made);
            return Integer.BYTES + made;
        }
        putInt(into, 0, count | NOT_COMPRESSED);
        System.arraycopy(piece, 0, into, Integer.BYTES, count);
        return Integer.BYTES + count;
    }

    @Override
    public byte[] tail() {
        return new byte[Integer.BYTES];
    }

    @Override
    public @Nullable String decompress(ArrowBuf source, ArrowBuf target, long bytes) {
        byte[] head = new byte[HEAD_BYTES];
        source.getBytes(0, head);
        if (!java.util.Arrays.equals(head, head())) {
            return "it does not begin as a frame of LZ4";
        }
        byte[] piece = new byte[mostBytes()];
        byte[] raw = new byte[PIECE_BYTES];
        long from = HEAD_BYTES;
        long at = 0;
        while (from <= source.capacity() - Integer.BYTES) {
            int length = source.getInt(from);
            from += Integer.BYTES;
            if (length == 0) {
                return at == bytes && from == source.capacity() ? null : "its frame ends at the wrong place";
            }
            boolean plain = (length & NOT_COMPRESSED) != 0;
            int count = length & ~NOT_COMPRESSED;
            if (count > piece.length || count > source.capacity() - from) {
                return "a block of " + count + " bytes is too long";
            }
            source.getBytes(from, piece, 0, count);
            from += count;
            int made = plain ? count : decompress(piece, count, raw);
            if (made < 0 || made > bytes - at) {
                return "a block has other bytes than its frame has room for";
            }
            target.setBytes(at, plain ? piece : raw, 0, made);
            at += made;
        }
        return "its frame does not end";
    }

    private int decompress(byte[] piece, int count, byte[] raw) {
        try {
            return decompressor.decompress(piece, 0, count, raw, 0, raw.length);
        } catch (MalformedInputException e) {
            return -1;
        }
    }

    private static void putInt(byte[] bytes, int at, int value) {
        for (int i = 0; i < Integer.BYTES; i++) {
            bytes[at + i] = (byte) (value >>> (i * Byte.SIZE));
        }
    }
}
