package io.zeptodb.jdbc.append;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;

/**
 * The values of one parameter in the rows of a batch that is filled. Its kind is that of the first value that is not NULL, for all batches. One thread at a time;
 * the vector is owned by this until it is taken.
 */
final class ParameterColumn {
    private static final int MOST_DIGITS = 38;
    private static final int FIRST_TEXT_BYTES = 16;

    private final String name;
    private final BufferAllocator allocator;
    private ValueKind kind = ValueKind.NULL;
    private int scale;
    private @Nullable FieldVector vector;
    private @Nullable ArrowBuf data;
    /** By row, for NULL; the words that there are none of have none. */
    private long[] nulls = {};

    private int lastNullWord = -1;
    /** Bytes of the texts so far. */
    private int textEnd;

    ParameterColumn(String name, BufferAllocator allocator) {
        this.name = name;
        this.allocator = allocator;
    }

    int textBytes() {
        return textEnd;
    }

    /** Whether the value of a cell can stand in this column. */
    boolean takes(ParameterCells cells, int place) {
        ValueKind given = cells.kind(place);
        if (given == ValueKind.DECIMAL) {
            BigDecimal value = (BigDecimal) cells.object(place);
            boolean fits = value.scale() >= 0 && value.scale() <= MOST_DIGITS && value.precision() <= MOST_DIGITS;
            return fits && (kind == ValueKind.NULL || (kind == given && scale == value.scale()));
        }
        return given == ValueKind.NULL || given == kind || (kind == ValueKind.NULL && given != ValueKind.OTHER);
    }

    /**
     * Writes the value of a cell, which this column {@link #takes}, over what the row had.
     *
     * @param capacity rows that there must be room for
     */
    void write(int row, ParameterCells cells, int place, int capacity, EncodedText encoded) {
        ValueKind given = cells.kind(place);
        if (given == ValueKind.NULL) {
            setNull(row);
            if (kind.isVariable() && vector != null) {
                endText(row, textEnd);
            }
            return;
        }
        if (vector == null) {
            begin(cells, place, given, capacity);
        }
        clearNull(row);
        ArrowBuf values = Objects.requireNonNull(data);
        long number = cells.number(place);
        switch (given) {
            case LONG, DOUBLE, TIME, TIMESTAMP -> values.setLong((long) row << 3, number);
            case INT, FLOAT, DATE -> values.setInt((long) row << 2, (int) number);
            case SHORT -> values.setShort((long) row << 1, (int) number);
            case BYTE -> values.setByte(row, (int) number);
            case BOOLEAN -> BitVectorHelper.setValidityBit(values, row, (int) number);
            case DECIMAL -> ((DecimalVector) Objects.requireNonNull(vector)).set(row, (BigDecimal) cells.object(place));
            case BYTES -> {
                byte[] bytes = (byte[]) cells.object(place);
                putText(row, bytes, bytes.length);
            }
            default -> {
                CharSequence text = (CharSequence) cells.object(place);
                encoded.encode(text);
                putText(row, encoded.bytes(), encoded.length());
            }
        }
    }

    private void begin(ParameterCells cells, int place, ValueKind given, int capacity) {
        if (given == ValueKind.DECIMAL) {
            scale = ((BigDecimal) cells.object(place)).scale();
        }
        kind = given;
        FieldVector begun = newVector(capacity);
        vector = begun;
        data = begun.getDataBuffer();
    }

    private FieldVector newVector(int capacity) {
        ArrowType type = kind == ValueKind.DECIMAL
                ? new ArrowType.Decimal(MOST_DIGITS, scale, 2 * Long.SIZE)
                : Objects.requireNonNull(kind.arrowType());
        FieldVector made = new Field(name, FieldType.nullable(type), null).createVector(allocator);
        try {
            if (made instanceof BaseVariableWidthVector texts) {
                texts.allocateNew((long) capacity * FIRST_TEXT_BYTES, capacity);
            } else {
                ((BaseFixedWidthVector) made).allocateNew(capacity);
                // what is NULL has no value, but nobody shall find what was in that memory before
                made.getDataBuffer().setZero(0, made.getDataBuffer().capacity());
            }
            return made;
        } catch (RuntimeException | Error e) {
            made.close();
            throw e;
        }
    }

    private void putText(int row, byte[] bytes, int length) {
        long needed = (long) textEnd + length;
        if (needed > Objects.requireNonNull(data).capacity()) {
            ((BaseVariableWidthVector) Objects.requireNonNull(vector))
                    .reallocDataBuffer(Math.max(needed, 2L * textEnd));
            data = vector.getDataBuffer();
        }
        Objects.requireNonNull(data).setBytes(textEnd, bytes, 0, length);
        endText(row, textEnd + length);
    }

    private void endText(int row, int end) {
        Objects.requireNonNull(vector).getOffsetBuffer().setInt((row + 1L) << 2, end);
    }

    /** The row is whole: the next text lies behind its own. */
    void keep(int row) {
        if (kind.isVariable() && vector != null) {
            textEnd = vector.getOffsetBuffer().getInt((row + 1L) << 2);
        }
    }

    void reserve(int capacity) {
        FieldVector growing = vector;
        if (growing != null) {
            while (growing.getValueCapacity() < capacity) {
                if (growing instanceof BaseVariableWidthVector texts) {
                    texts.reallocValidityAndOffsetBuffers();
                } else {
                    growing.reAlloc();
                }
            }
            data = growing.getDataBuffer();
        }
    }

    private void setNull(int row) {
        int word = row >> 6;
        if (word >= nulls.length) {
            nulls = Arrays.copyOf(nulls, Math.max(word + 1, nulls.length * 2));
        }
        nulls[word] |= 1L << row;
        lastNullWord = Math.max(lastNullWord, word);
    }

    private void clearNull(int row) {
        int word = row >> 6;
        if (word <= lastNullWord) {
            nulls[word] &= ~(1L << row);
        }
    }

    /** The rows so far as a vector, null when all are NULL; the next ones begin another. */
    @Nullable
    FieldVector take(int rows) {
        FieldVector full = vector;
        if (full != null) {
            ArrowBuf bits = full.getValidityBuffer();
            int bytes = BitVectorHelper.getValidityBufferSizeFromCount(rows);
            for (int i = 0; i < bytes; i++) {
                int word = i >> 3;
                long isNull = word <= lastNullWord ? nulls[word] >>> ((i & 7) << 3) : 0;
                bits.setByte(i, (int) ~isNull);
            }
            if (full instanceof BaseVariableWidthVector texts) {
                texts.setLastSet(rows - 1);
            }
            full.setValueCount(rows);
        }
        vector = null;
        data = null;
        textEnd = 0;
        Arrays.fill(nulls, 0);
        lastNullWord = -1;
        return full;
    }

    /** A vector of nothing but NULL, of the kind of the others. */
    FieldVector nulls(int rows) {
        FieldVector made = kind == ValueKind.NULL ? new NullVector(name) : newVector(Math.max(rows, 1));
        made.setValueCount(rows);
        return made;
    }

    void close() {
        if (vector != null) {
            vector.close();
            vector = null;
            data = null;
        }
    }

    /** Bytes of a text, in an array that is used again and again: no object for each text. One thread. */
    static final class EncodedText {
        private static final int FIRST = 256;
        private static final int MOST_BYTES_PER_CHAR = 3;
        private static final int LONG_TEXT = 1 << 20;

        private byte[] bytes = new byte[FIRST];
        private int length;

        byte[] bytes() {
            return bytes;
        }

        int length() {
            return length;
        }

        /** UTF-8; a surrogate that stands alone becomes a question mark. */
        void encode(CharSequence text) {
            int chars = text.length();
            if (chars > LONG_TEXT) {
                bytes = text.toString().getBytes(StandardCharsets.UTF_8);
                length = bytes.length;
                return;
            }
            if (chars * MOST_BYTES_PER_CHAR > bytes.length) {
                bytes = new byte[Math.max(chars * MOST_BYTES_PER_CHAR, 2 * bytes.length)];
            }
            int at = 0;
            byte[] room = bytes;
            while (at < chars) {
                char c = text.charAt(at);
                if (c >= 0x80) {
                    break;
                }
                room[at++] = (byte) c;
            }
            length = at == chars ? at : encodeRest(text, at);
        }

        private int encodeRest(CharSequence text, int from) {
            byte[] room = bytes;
            int at = from;
            for (int i = from; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c < 0x80) {
                    room[at++] = (byte) c;
                } else if (c < 0x800) {
                    room[at++] = (byte) (0xC0 | c >> 6);
                    room[at++] = (byte) (0x80 | (c & 0x3F));
                } else if (!Character.isSurrogate(c)) {
                    room[at++] = (byte) (0xE0 | c >> 12);
                    room[at++] = (byte) (0x80 | (c >> 6 & 0x3F));
                    room[at++] = (byte) (0x80 | (c & 0x3F));
                } else {
                    int point = Character.codePointAt(text, i);
                    if (Character.isSupplementaryCodePoint(point)) {
                        room[at++] = (byte) (0xF0 | point >> 18);
                        room[at++] = (byte) (0x80 | (point >> 12 & 0x3F));
                        room[at++] = (byte) (0x80 | (point >> 6 & 0x3F));
                        room[at++] = (byte) (0x80 | (point & 0x3F));
                        i++;
                    } else {
                        room[at++] = '?';
                    }
                }
            }
            return at;
        }
    }
}
