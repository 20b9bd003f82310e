package io.zeptodb.engine.batch;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.kernel.Memory;
import java.util.Arrays;

/**
 * Columns as bytes of a record: what the log holds. Little-endian, as the memory is.
 *
 * <pre>
 *   flags (1 byte: 1 = has a validity bitmap, 2 = one value that stands for all rows)
 *   validity, (rows + 7) / 8 bytes, when flags say so
 *   values: BOOLEAN (rows + 7) / 8 bytes; texts and binaries: lengths (4 bytes each, 0 for NULL), then all bytes; others rows x width
 * </pre>
 */
public final class ColumnEncoding {
    private static final int HAS_VALIDITY = 1;
    private static final int IS_CONSTANT = 2;
    private static final int FLAG_BYTES = 1;

    private ColumnEncoding() {}

    /** Bytes that {@link #encode} needs for rows [from, from + count). */
    public static long bytes(ColumnVector column, int from, int count) {
        int rows = column.isConstant() ? 1 : count;
        int first = column.isConstant() ? 0 : from;
        long validity = column.hasNulls() ? bitBytes(rows) : 0;
        return FLAG_BYTES + validity + valueBytes(column, first, rows);
    }

    private static long valueBytes(ColumnVector column, int first, int rows) {
        TypeKind kind = column.type().kind();
        if (kind == TypeKind.BOOLEAN) {
            return bitBytes(rows);
        }
        if (!kind.isView()) {
            return (long) rows * column.type().width();
        }
        long bytes = (long) rows * Integer.BYTES;
        for (int i = first; i < first + rows; i++) {
            bytes += column.isNull(i) ? 0 : column.viewLength(i);
        }
        return bytes;
    }

    private static int bitBytes(int rows) {
        return (rows + Byte.SIZE - 1) / Byte.SIZE;
    }

    /**
     * Writes rows [from, from + count) to an array that has room for {@link #bytes}; slowly when from is no multiple of 8 and there are bits.
     *
     * @return the byte behind the last
     */
    public static int encode(ColumnVector column, int from, int count, byte[] target, int at) {
        boolean constant = column.isConstant();
        int rows = constant ? 1 : count;
        int first = constant ? 0 : from;
        int next = at;
        target[next++] = (byte) ((column.hasNulls() ? HAS_VALIDITY : 0) | (constant ? IS_CONSTANT : 0));
        if (column.hasNulls()) {
            next = encodeBits(column.validity(), first, rows, target, next);
        }
        TypeKind kind = column.type().kind();
        if (kind.isView()) {
            return encodeTexts(column, first, rows, target, next);
        }
        if (kind == TypeKind.BOOLEAN) {
            return encodeBits(column.data(), first, rows, target, next);
        }
        int width = column.type().width();
        long bytes = (long) rows * width;
        Memory.copyToArray(column.data() + (long) first * width, target, next, bytes);
        return (int) (next + bytes);
    }

    private static int encodeBits(long bits, int first, int rows, byte[] target, int at) {
        int bytes = bitBytes(rows);
        if (first % Byte.SIZE == 0) {
            Memory.copyToArray(bits + first / Byte.SIZE, target, at, bytes);
        } else {
            Arrays.fill(target, at, at + bytes, (byte) 0);
            for (int i = 0; i < rows; i++) {
                if (Memory.getBit(bits, first + i)) {
                    target[at + i / Byte.SIZE] |= (byte) (1 << (i % Byte.SIZE));
                }
            }
        }
        return at + bytes;
    }

    private static int encodeTexts(ColumnVector column, int first, int rows, byte[] target, int at) {
        int lengths = at;
        int next = at + rows * Integer.BYTES;
        for (int i = first; i < first + rows; i++) {
            int length = column.isNull(i) ? 0 : column.viewLength(i);
            putInt(target, lengths, length);
            lengths += Integer.BYTES;
            if (length > 0) {
                Memory.copyToArray(column.viewBytes(i), target, next, length);
                next += length;
            }
        }
        return next;
    }

    /**
     * Reads a column back.
     *
     * @param target of the type that was written, emptied and filled; its {@link WritableColumn#vector()} then stands for {@code count} rows
     * @return the byte behind the last; -1 when the bytes end before the column does, or say what cannot be
     */
    public static int decode(byte[] source, int at, int limit, int count, WritableColumn target) {
        if (at >= limit) {
            return -1;
        }
        int flags = source[at];
        boolean constant = (flags & IS_CONSTANT) != 0;
        int rows = constant ? 1 : count;
        int next = at + FLAG_BYTES;
        int validity = -1;
        if ((flags & HAS_VALIDITY) != 0) {
            validity = next;
            next += bitBytes(rows);
        }
        if (next > limit || flags < 0 || flags > (HAS_VALIDITY | IS_CONSTANT)) {
            return -1;
        }
        target.clear();
        target.reserve(count);
        ColumnType type = target.type();
        int end = type.kind().isView()
                ? decodeTexts(source, next, limit, rows, target)
                : decodeValues(source, next, limit, rows, target);
        if (end < 0) {
            return -1;
        }
        for (int i = 0; validity >= 0 && i < rows; i++) {
            if ((source[validity + i / Byte.SIZE] & (1 << (i % Byte.SIZE))) == 0) {
                target.setNull(i);
            }
        }
        target.setRowCount(rows);
        target.vector().asConstant(constant);
        return end;
    }

    private static int decodeValues(byte[] source, int at, int limit, int rows, WritableColumn target) {
        boolean bits = target.type().kind() == TypeKind.BOOLEAN;
        long bytes = bits ? bitBytes(rows) : (long) rows * target.type().width();
        if (bytes > limit - at) {
            return -1;
        }
        Memory.copyFromArray(source, at, target.data(), bytes);
        return (int) (at + bytes);
    }

    private static int decodeTexts(byte[] source, int at, int limit, int rows, WritableColumn target) {
        long next = at + (long) rows * Integer.BYTES;
        if (next > limit) {
            return -1;
        }
        for (int i = 0; i < rows; i++) {
            int length = getInt(source, at + i * Integer.BYTES);
            if (length < 0 || next + length > limit) {
                return -1;
            }
            target.setBytes(i, source, (int) next, length);
            next += length;
        }
        return (int) next;
    }

    private static void putInt(byte[] target, int at, int value) {
        for (int i = 0; i < Integer.BYTES; i++) {
            target[at + i] = (byte) (value >>> (i * Byte.SIZE));
        }
    }

    private static int getInt(byte[] source, int at) {
        int value = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            value |= (source[at + i] & 0xFF) << (i * Byte.SIZE);
        }
        return value;
    }
}
