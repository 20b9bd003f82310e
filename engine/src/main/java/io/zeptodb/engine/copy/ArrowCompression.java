package io.zeptodb.engine.copy;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.zstd.ZstdCompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import io.zeptodb.engine.batch.MemoryBudget;
import java.nio.ByteBuffer;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/**
 * How the buffers of an Arrow file are compressed, each by itself: an int64 with the length before compression, or -1 when the bytes behind it are
 * not compressed, then a frame of LZ4 or of Zstandard.
 */
public enum ArrowCompression {
    NONE,
    LZ4,
    ZSTD;

    private static final long PLAIN = -1;
    private static final int PREFIX_BYTES = Long.BYTES;
    /** What a ByteBuffer can hold. */
    private static final long MOST_BYTES = Integer.MAX_VALUE - 64;

    /** The one of this code of Arrow's metadata; null for one that Arrow has not. */
    static @Nullable ArrowCompression of(byte code) {
        return switch (code) {
            case CompressionType.LZ4_FRAME -> LZ4;
            case CompressionType.ZSTD -> ZSTD;
            default -> null;
        };
    }

    /** Arrow's code of it. */
    byte code() {
        return this == LZ4 ? CompressionType.LZ4_FRAME : CompressionType.ZSTD;
    }

    /**
     * The bytes of a compressed buffer, in one of the budget's that the caller closes.
     *
     * @throws BrokenArrowException when they are no such frame
     */
    ArrowBuf decompress(ArrowBuf source, MemoryBudget budget) {
        if (source.capacity() < PREFIX_BYTES) {
            throw new BrokenArrowException("a compressed buffer of " + source.capacity() + " bytes has no length");
        }
        long raw = source.getLong(0);
        long rest = source.capacity() - PREFIX_BYTES;
        long bytes = raw == PLAIN ? rest : raw;
        if (bytes < 0 || bytes > MOST_BYTES || rest > MOST_BYTES) {
            throw new BrokenArrowException("a compressed buffer of " + rest + " bytes says that it has " + bytes);
        }
        ArrowBuf target = budget.allocate(bytes);
        try {
            if (raw == PLAIN) {
                target.setBytes(0, source, PREFIX_BYTES, bytes);
            } else {
                decompress(source.nioBuffer(PREFIX_BYTES, (int) rest), target.nioBuffer(0, (int) bytes));
            }
            return target.writerIndex(bytes);
        } catch (RuntimeException | Error e) {
            target.close();
            throw e;
        }
    }

    private void decompress(ByteBuffer source, ByteBuffer target) {
        if (this == LZ4) {
            Lz4Frame.decompress(source, target);
            return;
        }
        try {
            new ZstdDecompressor().decompress(source, target);
        } catch (MalformedInputException | IllegalArgumentException e) {
            throw new BrokenArrowException("a buffer's Zstandard frame is broken: " + e.getMessage());
        }
        if (target.hasRemaining()) {
            throw new BrokenArrowException(
                    "a buffer's Zstandard frame ends " + target.remaining() + " bytes too early");
        }
    }

    /** The buffer as the file has it, in one of the budget's that the caller closes. */
    ArrowBuf compress(ArrowBuf source, MemoryBudget budget) {
        long raw = source.writerIndex();
        if (raw > MOST_BYTES / 2) {
            return plain(source, raw, budget);
        }
        ByteBuffer bytes = source.nioBuffer(0, (int) raw);
        int most = this == LZ4 ? Lz4Frame.mostBytes((int) raw) : new ZstdCompressor().maxCompressedLength((int) raw);
        ArrowBuf target = budget.allocate(PREFIX_BYTES + (long) most);
        try {
            ByteBuffer into = target.nioBuffer(PREFIX_BYTES, most);
            if (this == LZ4) {
                Lz4Frame.compress(bytes, into);
            } else {
                new ZstdCompressor().compress(bytes, into);
            }
            if (into.position() < raw) {
                target.setLong(0, raw);
                return target.writerIndex(PREFIX_BYTES + (long) into.position());
            }
        } catch (RuntimeException | Error e) {
            target.close();
            throw e;
        }
        target.close();
        return plain(source, raw, budget);
    }

    private static ArrowBuf plain(ArrowBuf source, long raw, MemoryBudget budget) {
        ArrowBuf target = budget.allocate(PREFIX_BYTES + raw);
        target.setLong(0, PLAIN);
        target.setBytes(PREFIX_BYTES, source, 0, raw);
        return target.writerIndex(PREFIX_BYTES + raw);
    }
}
