package io.zeptodb.engine.batch;

import io.zeptodb.engine.kernel.Memory;
import org.apache.arrow.memory.ArrowBuf;

/** Views in Arrow's older layout, which every reader knows: int32 offsets, and the bytes one behind the other. Stateless. */
public final class PackedTexts {
    private static final int ASCII_BYTES = 8;
    private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

    private PackedTexts() {}

    /** Bytes of the values of rows [from, to). */
    public static long bytes(ColumnVector views, int from, int to) {
        long bytes = 0;
        for (int i = from; i < to; i++) {
            bytes += views.isNull(i) ? 0 : views.viewLength(i);
        }
        return bytes;
    }

    /**
     * Writes rows [from, to).
     *
     * @param offsets of {@code to - from + 1} int32
     * @param bytes of as many as {@link #bytes} says
     */
    public static void write(ColumnVector views, int from, int to, ArrowBuf offsets, ArrowBuf bytes) {
        long offset = offsets.memoryAddress();
        int at = 0;
        for (int i = from; i < to; i++) {
            Memory.putInt(offset, at);
            offset += Integer.BYTES;
            if (!views.isNull(i)) {
                int length = views.viewLength(i);
                Memory.copy(views.viewBytes(i), bytes.memoryAddress() + at, length);
                at += length;
            }
        }
        Memory.putInt(offset, at);
        offsets.writerIndex((to - from + 1L) * Integer.BYTES);
        bytes.writerIndex(at);
    }

    /** The first of the rows whose value is not UTF-8, or -1. */
    public static int firstNotUtf8(ColumnVector views, int rows) {
        for (int i = 0; i < rows; i++) {
            long view = views.viewAddress(i);
            // a short text with its length and what fills it up: most of all texts need no look at their bytes
            boolean plain = Memory.getInt(view) <= ColumnVector.INLINE_BYTES
                    && ((Memory.getLong(view) | Memory.getLong(view + ASCII_BYTES)) & NOT_ASCII) == 0;
            if (!plain && !views.isNull(i) && !isUtf8(views.viewBytes(i), views.viewLength(i))) {
                return i;
            }
        }
        return -1;
    }

    /** Whether bytes from an address on are UTF-8. */
    static boolean isUtf8(long bytes, int length) {
        long at = bytes;
        long end = bytes + length;
        while (at < end) {
            if (end - at >= ASCII_BYTES && (Memory.getLong(at) & NOT_ASCII) == 0) {
                at += ASCII_BYTES;
                continue;
            }
            int size = codePointBytes(at, end);
            if (size == 0) {
                return false;
            }
            at += size;
        }
        return true;
    }

    /** Bytes of the code point that begins here; 0 when none does: by table 3-7 of the Unicode standard. */
    private static int codePointBytes(long at, long end) {
        int first = Memory.getByte(at) & 0xFF;
        if (first < 0x80) {
            return 1;
        }
        int size = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        if (first < 0xC2 || first > 0xF4 || end - at < size) {
            return 0;
        }
        int second = Memory.getByte(at + 1) & 0xFF;
        int least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        if (second < least || second > most) {
            return 0;
        }
        for (int i = 2; i < size; i++) {
            if ((Memory.getByte(at + i) & 0xC0) != 0x80) {
                return 0;
            }
        }
        return size;
    }
}
