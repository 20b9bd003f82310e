package io.zeptodb.jdbc.append;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ValueText;
import io.zeptodb.jdbc.value.SqlErrors;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;

/**
 * The values of one parameter in the rows of a batch that is filled: the last {@link #STAGE_ROWS} at most in Java arrays, the stage, those before in
 * an Arrow vector. The kind is that of the first value that is not NULL. One thread at a time; the vector is owned by this until it is taken.
 */
final class ParameterColumn {
    /** Rows of the stage. */
    static final int STAGE_ROWS = 512;

    /** A stage whose texts are longer than this shall be emptied. */
    private static final int LARGE_TEXTS = 1 << 20;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int MOST_DIGITS = 38;
    private static final int LONG_TEXT = 1 << 20;
    private static final int MOST_BYTES_PER_CHAR = 3;

    private final String name;
    private final BufferAllocator allocator;
    private ValueKind kind = ValueKind.NULL;
    private int scale;
    /** By row the value, or where its text ends, counted from the start of the vector. */
    private byte[] stage = {};
    /** The texts of the stage. */
    private byte[] texts = {};
    /** Bytes of texts in the vector. */
    private int textsBefore;
    /** The row of the stage that has a value. */
    private int written = -1;

    private @Nullable FieldVector vector;
    /** By row of the vector and of the stage behind it. */
    private long[] nulls = {};

    private int lastNullWord = -1;

    ParameterColumn(String name, BufferAllocator allocator) {
        this.name = name;
        this.allocator = allocator;
    }

    ValueKind kind() {
        return kind;
    }

    /** Bytes of texts in the vector. */
    int textBytes() {
        return textsBefore;
    }

    /** Whether a row of the stage was given a value. */
    boolean isWritten(int row) {
        return written == row;
    }

    /** The row that is set has no value. */
    void unset() {
        written = -1;
    }

    /** Whether a value that is not NULL can stand in this column. */
    boolean takes(ValueKind given, @Nullable Object object) {
        if (given == ValueKind.DECIMAL && object instanceof BigDecimal value) {
            boolean fits = value.scale() >= 0 && value.scale() <= MOST_DIGITS && value.precision() <= MOST_DIGITS;
            return fits && (kind == ValueKind.NULL || (kind == given && scale == value.scale()));
        }
        return given == kind || (kind == ValueKind.NULL && given != ValueKind.OTHER);
    }

    /** Writes a value that this column {@link #takes} to a row of the stage; whether the stage has become large. */
    boolean put(int row, ValueKind given, long number, @Nullable Object object) throws SQLException {
        if (kind == ValueKind.NULL) {
            begin(given, object);
        }
        switch (given) {
            case TEXT -> {
                return putText(row, (CharSequence) Objects.requireNonNull(object));
            }
            case BYTES -> {
                return putBytes(row, (byte[]) Objects.requireNonNull(object));
            }
            case DECIMAL -> putDecimal(row, (BigDecimal) Objects.requireNonNull(object));
            default -> putNumber(row, number);
        }
        return false;
    }

    private void begin(ValueKind given, @Nullable Object object) {
        if (object instanceof BigDecimal value && given == ValueKind.DECIMAL) {
            scale = value.scale();
        }
        kind = given;
        int bytes = STAGE_ROWS * given.width();
        if (stage.length < bytes) {
            stage = new byte[bytes];
        } else {
            Arrays.fill(stage, (byte) 0);
        }
    }

    /** A value of 64 bits in a column of such a kind. */
    void putLong(int row, long value) {
        LONGS.set(stage, row * Long.BYTES, value);
        written = row;
    }

    private void putNumber(int row, long value) {
        switch (kind.width()) {
            case Long.BYTES -> LONGS.set(stage, row * Long.BYTES, value);
            case Integer.BYTES -> INTS.set(stage, row * Integer.BYTES, (int) value);
            case Short.BYTES -> SHORTS.set(stage, row * Short.BYTES, (short) value);
            default -> stage[row] = (byte) value;
        }
        written = row;
    }

    private void putDecimal(int row, BigDecimal value) {
        BigInteger unscaled = value.unscaledValue();
        LONGS.set(stage, row * 2 * Long.BYTES, unscaled.longValue());
        LONGS.set(
                stage,
                row * 2 * Long.BYTES + Long.BYTES,
                unscaled.shiftRight(Long.SIZE).longValue());
        written = row;
    }

    /**
     * In a column of texts, as UTF-8. Whether the stage has become large.
     *
     * @throws SQLException 22021 for a surrogate that stands alone; the row has no value then
     */
    boolean putText(int row, CharSequence text) throws SQLException {
        int chars = text.length();
        if (chars > LONG_TEXT) {
            return putLongText(row, text.toString());
        }
        int at = textStart(row);
        byte[] room = room(at, chars * MOST_BYTES_PER_CHAR);
        for (int i = 0; i < chars; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                return endText(row, encodeRest(text, i, at));
            }
            room[at++] = (byte) c;
        }
        return endText(row, at);
    }

    private boolean putLongText(int row, String text) throws SQLException {
        try {
            ValueText.checkUnicode(text);
        } catch (EngineException e) {
            unset();
            throw SqlErrors.of(e);
        }
        return putBytes(row, text.getBytes(StandardCharsets.UTF_8));
    }

    private int encodeRest(CharSequence text, int from, int start) throws SQLException {
        byte[] room = texts;
        int at = start;
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
                    unset();
                    throw SqlErrors.of(ValueText.noUnicode(text, i));
                }
            }
        }
        return at;
    }

    private boolean putBytes(int row, byte[] bytes) {
        int at = textStart(row);
        System.arraycopy(bytes, 0, room(at, bytes.length), at, bytes.length);
        return endText(row, at + bytes.length);
    }

    /** Where the text of a row begins in the stage's. */
    private int textStart(int row) {
        return row == 0 ? 0 : (int) INTS.get(stage, (row - 1) * Integer.BYTES) - textsBefore;
    }

    private byte[] room(int from, int length) {
        if (from + length > texts.length) {
            texts = Arrays.copyOf(texts, Math.max(from + length, 2 * texts.length));
        }
        return texts;
    }

    private boolean endText(int row, int end) {
        INTS.set(stage, row * Integer.BYTES, textsBefore + end);
        written = row;
        return end > LARGE_TEXTS;
    }

    /** The value that a row of the stage was given, as an object. */
    Object value(int row) {
        return switch (kind) {
            case TEXT -> new String(texts, textStart(row), textStart(row + 1) - textStart(row), StandardCharsets.UTF_8);
            case BYTES -> Arrays.copyOfRange(texts, textStart(row), textStart(row + 1));
            case DECIMAL -> {
                long low = (long) LONGS.get(stage, row * 2 * Long.BYTES);
                long high = (long) LONGS.get(stage, row * 2 * Long.BYTES + Long.BYTES);
                BigInteger lowBits = BigInteger.valueOf(low >>> 1).shiftLeft(1).or(BigInteger.valueOf(low & 1));
                BigInteger unscaled =
                        BigInteger.valueOf(high).shiftLeft(Long.SIZE).or(lowBits);
                yield new BigDecimal(unscaled, scale);
            }
            default -> Objects.requireNonNull(ParameterObjects.of(kind, number(row)));
        };
    }

    private long number(int row) {
        return switch (kind.width()) {
            case Long.BYTES -> (long) LONGS.get(stage, row * Long.BYTES);
            case Integer.BYTES -> (int) INTS.get(stage, row * Integer.BYTES);
            case Short.BYTES -> (short) SHORTS.get(stage, row * Short.BYTES);
            default -> stage[row];
        };
    }

    /** A row of the stage is NULL. @param before rows of the vector */
    void putNull(int row, int before) {
        int at = before + row;
        int word = at >> 6;
        if (word >= nulls.length) {
            nulls = Arrays.copyOf(nulls, Math.max(word + 1, nulls.length * 2));
        }
        nulls[word] |= 1L << at;
        lastNullWord = Math.max(lastNullWord, word);
        if (kind.isVariable()) {
            INTS.set(stage, row * Integer.BYTES, textsBefore + textStart(row));
        } else if (kind == ValueKind.DECIMAL) {
            putDecimal(row, BigDecimal.ZERO);
        } else if (kind != ValueKind.NULL) {
            putNumber(row, 0);
        }
        written = -1;
    }

    /** The row can be given a value again. */
    void takeBack(int row, int before) {
        int at = before + row;
        if (at >> 6 <= lastNullWord) {
            nulls[at >> 6] &= ~(1L << at);
        }
    }

    /**
     * Copies the rows of the stage behind those of the vector. Done again, it does the same; they are gone from the stage only by {@link #forgetStage}.
     *
     * @param capacity rows that there shall be room for
     */
    void unstage(int rows, int before, int capacity) {
        if (kind == ValueKind.NULL) {
            return;
        }
        FieldVector target = vector;
        if (target == null) {
            target = newVector(capacity);
            vector = target;
        }
        if (target instanceof BaseVariableWidthVector ofTexts) {
            while (ofTexts.getValueCapacity() < capacity) {
                ofTexts.reallocValidityAndOffsetBuffers();
            }
            int length = textStart(rows);
            if (ofTexts.getDataBuffer().capacity() < (long) textsBefore + length) {
                ofTexts.reallocDataBuffer(Math.max((long) textsBefore + length, 2L * textsBefore));
            }
            ofTexts.getDataBuffer().setBytes(textsBefore, texts, 0, length);
            ofTexts.getOffsetBuffer().setBytes((before + 1L) * Integer.BYTES, stage, 0, (long) rows * Integer.BYTES);
            return;
        }
        while (target.getValueCapacity() < capacity) {
            target.reAlloc();
        }
        ArrowBuf data = target.getDataBuffer();
        if (kind == ValueKind.BOOLEAN) {
            for (int i = 0; i < rows; i++) {
                BitVectorHelper.setValidityBit(data, before + i, stage[i]);
            }
        } else {
            data.setBytes((long) before * kind.width(), stage, 0, (long) rows * kind.width());
        }
    }

    /** The rows of the stage are in the vector: the next begin a new one. */
    void forgetStage(int rows) {
        if (kind.isVariable()) {
            textsBefore += textStart(rows);
        }
        written = -1;
    }

    private FieldVector newVector(int capacity) {
        ArrowType type = kind == ValueKind.DECIMAL
                ? new ArrowType.Decimal(MOST_DIGITS, scale, 2 * Long.SIZE)
                : Objects.requireNonNull(kind.arrowType());
        FieldVector made = new Field(name, FieldType.nullable(type), null).createVector(allocator);
        try {
            if (made instanceof BaseVariableWidthVector ofTexts) {
                ofTexts.allocateNew((long) capacity * Long.BYTES, capacity);
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

    /** The vector of so many rows, null when all are NULL; the next ones begin another. The stage is empty. */
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
            if (full instanceof BaseVariableWidthVector ofTexts) {
                ofTexts.setLastSet(rows - 1);
            }
            full.setValueCount(rows);
        }
        vector = null;
        textsBefore = 0;
        forgetNulls();
        return full;
    }

    private void forgetNulls() {
        Arrays.fill(nulls, 0);
        lastNullWord = -1;
    }

    /** A vector of nothing but NULL, of the kind of the others. */
    FieldVector nulls(int rows) {
        FieldVector made = kind == ValueKind.NULL ? new NullVector(name) : newVector(Math.max(rows, 1));
        made.setValueCount(rows);
        return made;
    }

    /** Forgets everything, and keeps the Java arrays for another batch. */
    void clear() {
        if (vector != null) {
            vector.close();
            vector = null;
        }
        kind = ValueKind.NULL;
        textsBefore = 0;
        written = -1;
        if (texts.length > LARGE_TEXTS) {
            texts = new byte[0];
        }
        forgetNulls();
    }
}
