package io.zeptodb.engine.tier;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.zstd.ZstdCompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.nio.ByteBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/** Zstandard: each piece is a frame of its own, which every decoder takes as one stream. */
final class ZstdFrames implements BufferCodec {
    private static final byte[] NOTHING = {};

    private final ZstdCompressor compressor = new ZstdCompressor();

    @Override
    public byte[] head() {
        return NOTHING;
    }

    @Override
    public int mostBytes() {
        return compressor.maxCompressedLength(PIECE_BYTES);
    }

    @Override
    public int compress(byte[] piece, int count, byte[] into) {
        return compressor.compress(piece, 0, count, into, 0, into.length);
    }

    @Override
    public byte[] tail() {
        return NOTHING;
    }

    @Override
    public @Nullable String decompress(ArrowBuf source, ArrowBuf target, long bytes) {
        ByteBuffer into = target.nioBuffer(0, (int) bytes);
        try {
            new ZstdDecompressor().decompress(source.nioBuffer(0, (int) source.capacity()), into);
        } catch (MalformedInputException | IllegalArgumentException e) {
            return "its Zstandard frames are broken: " + e.getMessage();
        }
        return into.hasRemaining() ? "its Zstandard frames end " + into.remaining() + " bytes too early" : null;
    }
}
