package io.zeptodb.engine.tier;

import io.zeptodb.engine.api.TypeKind;
import java.nio.charset.StandardCharsets;

/** Numbers of the format of segment files; see the description of the package. */
final class SegmentFormat {
    static final int VERSION = 1;

    /** Bytes that have one checksum. */
    static final int BLOCK_BYTES = 1 << 18;
    /** Bytes that are mapped at once, unless one buffer is longer: what one mapping can hold is twice this. */
    static final long AREA_BYTES = 1L << 30;
    /** Longest heap of texts, unless one text is longer. */
    static final long HEAP_BYTES = 1L << 30;
    /** Longest buffer: of one mapping. */
    static final long MOST_BUFFER_BYTES = Integer.MAX_VALUE - 4096L;
    /** Buffers begin at a multiple of this. */
    static final int ALIGNMENT = 64;
    /** Behind a buffer, for readers of whole words. */
    static final int SLACK_BYTES = 8;

    /** Arrow's magic, at both ends of a file. */
    static final byte[] ARROW_MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);

    static final int MESSAGE_ALIGNMENT = 8;
    static final int CONTINUATION = -1;
    /** Continuation mark and length 0, Arrow's end of stream: the last bytes of the last area. */
    static final int END_MARK_BYTES = 8;
    /** Continuation mark and length before a message. */
    static final int MESSAGE_PREFIX_BYTES = 8;

    /** "ZEPTOSEG", little-endian. */
    static final long TRAILER_MAGIC = 0x4745534F5450455AL;
    /** Magic, version, padding before it, length of the index. */
    static final int TRAILER_BYTES = 24;
    /** Length of the footer and Arrow's magic. */
    static final int END_BYTES = Integer.BYTES + 6;

    /** Folder in the database's for files that are nobody's when it is opened. */
    static final String TEMPORARY_FOLDER = "tmp";

    /** Name of the column of sequence numbers, with more underlines when a column of the table has it. */
    static final String SEQUENCE_NAME = "__sequence";

    private SegmentFormat() {}

    /** Bytes of the values of a column. */
    static long valueBytes(TypeKind kind, long rows) {
        return kind == TypeKind.BOOLEAN ? bitmapBytes(rows) : rows * kind.width();
    }

    static long bitmapBytes(long rows) {
        return (rows + Byte.SIZE - 1) / Byte.SIZE;
    }

    /** Bytes that a buffer takes with what lies behind it. */
    static long padded(long bytes) {
        return (bytes + SLACK_BYTES + ALIGNMENT - 1) & -ALIGNMENT;
    }
}
