package io.zeptodb.engine.tier;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.catalog.SegmentCompression;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.compression.AbstractCompressionCodec;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.compression.CompressionUtil;
import org.apache.arrow.vector.compression.NoCompressionCodec;

/**
 * The codecs of segment files for Arrow's own writers and readers: each buffer as LZ4 or Zstandard frames behind its length, as Arrow's format says. Stateless
 * and thread-safe; a codec is for one thread.
 */
public final class ArrowCompression implements CompressionCodec.Factory {
    @Override
    public CompressionCodec createCodec(CompressionUtil.CodecType type) {
        return switch (type) {
            case NO_COMPRESSION -> NoCompressionCodec.INSTANCE;
            case LZ4_FRAME -> new Codec(type, BufferCodec.of(SegmentCompression.LZ4));
            case ZSTD -> new Codec(type, BufferCodec.of(SegmentCompression.ZSTD));
        };
    }

    /** As {@link #createCodec(CompressionUtil.CodecType)}: the codecs have one level. */
    @Override
    public CompressionCodec createCodec(CompressionUtil.CodecType type, int level) {
        return createCodec(type);
    }

    /** Leaves the length in front of the frames to its ancestor. */
    private static final class Codec extends AbstractCompressionCodec {
        private final CompressionUtil.CodecType type;
        private final BufferCodec frames;
        private final byte[] piece = new byte[BufferCodec.PIECE_BYTES];
        private final byte[] compressed;

        Codec(CompressionUtil.CodecType type, BufferCodec frames) {
            this.type = type;
            this.frames = frames;
            this.compressed = new byte[frames.mostBytes()];
        }

        @Override
        public CompressionUtil.CodecType getCodecType() {
            return type;
        }

        @Override
        protected ArrowBuf doCompress(BufferAllocator allocator, ArrowBuf raw) {
            long bytes = raw.writerIndex();
            byte[] head = frames.head();
            byte[] tail = frames.tail();
            long pieces = (bytes + BufferCodec.PIECE_BYTES - 1) / BufferCodec.PIECE_BYTES;
            // of the last piece only what it has is compressed, which may still grow by what a full one does
            long most = CompressionUtil.SIZE_OF_UNCOMPRESSED_LENGTH
                    + head.length
                    + bytes
                    + pieces * (compressed.length - BufferCodec.PIECE_BYTES)
                    + tail.length;
            ArrowBuf into = allocator.buffer(most);
            try {
                long at = append(into, CompressionUtil.SIZE_OF_UNCOMPRESSED_LENGTH, head, head.length);
                for (long from = 0; from < bytes; from += BufferCodec.PIECE_BYTES) {
                    int count = (int) Math.min(BufferCodec.PIECE_BYTES, bytes - from);
                    raw.getBytes(from, piece, 0, count);
                    at = append(into, at, compressed, frames.compress(piece, count, compressed));
                }
                into.writerIndex(append(into, at, tail, tail.length));
                return into;
            } catch (RuntimeException | Error e) {
                into.close();
                throw e;
            }
        }

        private static long append(ArrowBuf into, long at, byte[] bytes, int count) {
            into.setBytes(at, bytes, 0, count);
            return at + count;
        }

        @Override
        protected ArrowBuf doDecompress(BufferAllocator allocator, ArrowBuf source) {
            long bytes = readUncompressedLength(source);
            long room = source.writerIndex() - CompressionUtil.SIZE_OF_UNCOMPRESSED_LENGTH;
            if (bytes < 0 || room < 0) {
                throw broken("it has " + bytes + " bytes");
            }
            ArrowBuf into = allocator.buffer(bytes);
            try {
                String wrong =
                        frames.decompress(source.slice(CompressionUtil.SIZE_OF_UNCOMPRESSED_LENGTH, room), into, bytes);
                if (wrong != null) {
                    throw broken(wrong);
                }
                into.writerIndex(bytes);
                return into;
            } catch (RuntimeException | Error e) {
                into.close();
                throw e;
            }
        }

        private EngineException broken(String why) {
            return new EngineException(
                    ErrorCode.IO_ERROR, "cannot decompress a buffer of an Arrow batch (" + type + "): " + why);
        }
    }
}
