package io.zeptodb.engine.tier;

import io.zeptodb.engine.catalog.SegmentCompression;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/** Compresses a buffer piece by piece and decompresses it whole, in a format that Arrow names. One thread. */
interface BufferCodec {
    /** Bytes that are compressed at once. */
    int PIECE_BYTES = 1 << 18;

    /** What stands before the first piece. */
    byte[] head();

    /** Most bytes that {@link #compress} makes. */
    int mostBytes();

    /** Compresses the first bytes of a piece to the beginning of another array. Bytes made. */
    int compress(byte[] piece, int count, byte[] into);

    /** What stands behind the last piece. */
    byte[] tail();

    /**
     * Decompresses all pieces.
     *
     * @param source with what stands before and behind them
     * @param target of just as many bytes as there are
     * @return null, or what is wrong with the source
     */
    @Nullable
    String decompress(ArrowBuf source, ArrowBuf target, long bytes);

    /** The one of a compression. */
    static BufferCodec of(SegmentCompression compression) {
        return switch (compression) {
            case LZ4 -> new Lz4Frames();
            case ZSTD -> new ZstdFrames();
            case NONE -> throw new IllegalArgumentException("no codec is needed where nothing is compressed");
        };
    }
}
