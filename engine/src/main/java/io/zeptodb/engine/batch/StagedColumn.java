package io.zeptodb.engine.batch;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.api.ValueText;
import io.zeptodb.engine.kernel.Memory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * One column of rows on their way into a table, in Java arrays: a writer that is late when its queue is closed harms nothing. One thread writes
 * rows in order; another may copy rows that were handed to it through a release and an acquire of their count. Rows are not NULL unless said.
 */
public final class StagedColumn {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int FIRST_TEXT_BYTES = 1024;
    private static final int MOST_BYTES_PER_CHAR = 3;

    private final ColumnType type;
    private final int width;
    /** Values; of a BOOLEAN one byte a row, of a text its start and length in {@link #texts}. */
    private final byte[] data;

    private final byte[] isNull;
    private volatile byte[] texts = {};
    private int textBytes;
    /** First row that is NULL; a reader that has not been handed that row looks no further. */
    private int firstNull = Integer.MAX_VALUE;

    public StagedColumn(ColumnType type, int rows) {
        this.type = type;
        this.width = type.kind() == TypeKind.BOOLEAN ? 1 : type.kind().isView() ? Long.BYTES : type.width();
        this.data = new byte[rows * width];
        this.isNull = new byte[rows];
    }

    /** Bytes of the Java arrays for this many rows, texts aside. */
    public static long bytes(ColumnType type, int rows) {
        return (long) rows * (Math.max(type.width(), 1) + 1);
    }

    /** Forgets all rows; nobody copies any more. */
    public void clear() {
        if (firstNull != Integer.MAX_VALUE) {
            Arrays.fill(isNull, (byte) 0);
            firstNull = Integer.MAX_VALUE;
        }
        textBytes = 0;
    }

    public void setNull(int row) {
        isNull[row] = 1;
        firstNull = Math.min(firstNull, row);
        if (type.kind().isView()) {
            LONGS.set(data, row * Long.BYTES, 0L);
        }
    }

    /** Takes back {@link #setNull} of the row being written. */
    public void clearNull(int row) {
        isNull[row] = 0;
    }

    /** BOOLEAN (0 or 1), any integer-like kind, a symbol code: narrowed without a check. */
    public void setLong(int row, long value) {
        switch (width) {
            case Long.BYTES -> LONGS.set(data, row * Long.BYTES, value);
            case Integer.BYTES -> INTS.set(data, row * Integer.BYTES, (int) value);
            case Short.BYTES -> SHORTS.set(data, row * Short.BYTES, (short) value);
            default -> data[row] = (byte) value;
        }
    }

    public void setDouble(int row, double value) {
        if (width == Long.BYTES) {
            LONGS.set(data, row * Long.BYTES, Double.doubleToRawLongBits(value));
        } else {
            INTS.set(data, row * Integer.BYTES, Float.floatToRawIntBits((float) value));
        }
    }

    /** A value of this column's scale and within its precision. */
    public void setDecimal(int row, BigDecimal value) {
        BigInteger unscaled = value.unscaledValue();
        LONGS.set(data, row * 2 * Long.BYTES, unscaled.longValue());
        LONGS.set(
                data,
                row * 2 * Long.BYTES + Long.BYTES,
                unscaled.shiftRight(Long.SIZE).longValue());
    }

    public void setBytes(int row, byte[] value) {
        byte[] room = roomForText(value.length);
        System.arraycopy(value, 0, room, textBytes, value.length);
        endText(row, value.length);
    }

    /** Encodes as UTF-8, without an object. @throws io.zeptodb.engine.api.EngineException INVALID_ENCODING for a surrogate that stands alone; nothing is set then */
    public void setText(int row, CharSequence text) {
        int chars = text.length();
        byte[] room = roomForText(chars * MOST_BYTES_PER_CHAR);
        int at = textBytes;
        for (int i = 0; i < chars; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                room[at++] = (byte) c;
            } else {
                int used = encode(text, i, room, at);
                at += used;
                i += used == 4 ? 1 : 0;
            }
        }
        endText(row, at - textBytes);
    }

    private static int encode(CharSequence text, int index, byte[] room, int at) {
        char c = text.charAt(index);
        if (c < 0x800) {
            room[at] = (byte) (0xC0 | c >> 6);
            room[at + 1] = (byte) (0x80 | (c & 0x3F));
            return 2;
        }
        if (!Character.isSurrogate(c)) {
            room[at] = (byte) (0xE0 | c >> 12);
            room[at + 1] = (byte) (0x80 | (c >> 6 & 0x3F));
            room[at + 2] = (byte) (0x80 | (c & 0x3F));
            return 3;
        }
        int point = Character.codePointAt(text, index);
        if (!Character.isSupplementaryCodePoint(point)) {
            throw ValueText.noUnicode(text, index);
        }
        room[at] = (byte) (0xF0 | point >> 18);
        room[at + 1] = (byte) (0x80 | (point >> 12 & 0x3F));
        room[at + 2] = (byte) (0x80 | (point >> 6 & 0x3F));
        room[at + 3] = (byte) (0x80 | (point & 0x3F));
        return 4;
    }

    private byte[] roomForText(int length) {
        byte[] room = texts;
        if (textBytes + length > room.length) {
            int wanted = Math.max(textBytes + length, Math.max(FIRST_TEXT_BYTES, room.length * 2));
            room = Arrays.copyOf(room, wanted);
            texts = room;
        }
        return room;
    }

    private void endText(int row, int length) {
        LONGS.set(data, row * Long.BYTES, (long) textBytes << Integer.SIZE | length);
        textBytes += length;
    }

    /** Copies rows [from, from + count) to the end of a column of this type. */
    public void copyTo(WritableColumn target, int from, int count) {
        int at = target.rowCount();
        target.reserve(at + count);
        TypeKind kind = type.kind();
        if (kind == TypeKind.BOOLEAN) {
            for (int i = 0; i < count; i++) {
                target.setBoolean(at + i, data[from + i] != 0);
            }
        } else if (kind.isView()) {
            copyTexts(target, from, count, at);
        } else {
            Memory.copyFromArray(data, (long) from * width, target.data() + (long) at * width, (long) count * width);
        }
        if (firstNull < from + count) {
            for (int i = 0; i < count; i++) {
                if (isNull[from + i] != 0) {
                    target.setNull(at + i);
                }
            }
        }
        target.setRowCount(at + count);
    }

    private void copyTexts(WritableColumn target, int from, int count, int at) {
        byte[] bytes = texts;
        for (int i = 0; i < count; i++) {
            long place = (long) LONGS.get(data, (from + i) * Long.BYTES);
            target.heap().putView(target.data() + ((long) (at + i) << 4), bytes, (int) (place >>> Integer.SIZE), (int)
                    place);
        }
    }
}
