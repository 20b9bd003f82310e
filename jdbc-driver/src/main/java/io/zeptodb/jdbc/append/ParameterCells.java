package io.zeptodb.jdbc.append;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ValueText;
import io.zeptodb.jdbc.value.SqlErrors;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One row of parameters as they are set one by one: numbers and times as numbers, without an object for each. One thread. */
public final class ParameterCells {
    /** Of a TIME there are fewer. */
    public static final long NANOS_PER_DAY = 86_400_000_000_000L;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final ValueKind[] kinds;
    /** Numbers, bits of floating ones, and times. */
    private final long[] numbers;
    /** Texts, bytes and decimals; of other values the object that was given, if there was one. */
    private final @Nullable Object[] objects;

    public ParameterCells(int count) {
        kinds = new ValueKind[count];
        numbers = new long[count];
        objects = new Object[count];
        clear();
    }

    public int count() {
        return kinds.length;
    }

    /** No parameter is set any more. */
    public void clear() {
        Arrays.fill(kinds, ValueKind.UNSET);
        Arrays.fill(objects, null);
    }

    /** All are NULL. */
    public void setNulls() {
        Arrays.fill(kinds, ValueKind.NULL);
        Arrays.fill(objects, null);
    }

    private int place(int index) throws SQLException {
        if (index < 1 || index > kinds.length) {
            throw outside(index, kinds.length);
        }
        return index - 1;
    }

    public static SQLException outside(int index, int count) {
        return SqlErrors.of(
                ErrorCode.INVALID_PARAMETER.sqlState(),
                "there is no parameter " + index + ": the statement has " + count + ", counted from 1");
    }

    private void set(int index, ValueKind kind, long number, @Nullable Object object) throws SQLException {
        put(place(index), kind, number, object);
    }

    /** Index from 1, here and below. */
    public void setNull(int index) throws SQLException {
        set(index, ValueKind.NULL, 0, null);
    }

    public void setBoolean(int index, boolean value) throws SQLException {
        set(index, ValueKind.BOOLEAN, value ? 1 : 0, null);
    }

    public void setByte(int index, byte value) throws SQLException {
        set(index, ValueKind.BYTE, value, null);
    }

    public void setShort(int index, short value) throws SQLException {
        set(index, ValueKind.SHORT, value, null);
    }

    public void setInt(int index, int value) throws SQLException {
        set(index, ValueKind.INT, value, null);
    }

    public void setLong(int index, long value) throws SQLException {
        set(index, ValueKind.LONG, value, null);
    }

    public void setFloat(int index, float value) throws SQLException {
        set(index, ValueKind.FLOAT, Float.floatToRawIntBits(value), null);
    }

    public void setDouble(int index, double value) throws SQLException {
        set(index, ValueKind.DOUBLE, Double.doubleToRawLongBits(value), null);
    }

    /** A text whose characters do not change before the row is added. */
    public void setText(int index, @Nullable CharSequence value) throws SQLException {
        set(index, value == null ? ValueKind.NULL : ValueKind.TEXT, 0, value);
    }

    /** Days since 1970. */
    public void setDate(int index, int epochDay) throws SQLException {
        set(index, ValueKind.DATE, epochDay, null);
    }

    /** Nanoseconds of the day. */
    public void setTime(int index, long nanosOfDay) throws SQLException {
        set(index, ValueKind.TIME, nanosOfDay, null);
    }

    /** Nanoseconds since 1970. */
    public void setTimestamp(int index, long epochNanos) throws SQLException {
        set(index, ValueKind.TIMESTAMP, epochNanos, null);
    }

    /** A value as the engine's {@code PreparedQuery} takes it, or what it will refuse. */
    public void setObject(int index, @Nullable Object value) throws SQLException {
        if (value == null) {
            setNull(index);
        } else if (value instanceof String) {
            set(index, ValueKind.TEXT, 0, value);
        } else if (value instanceof Number number) {
            setNumber(index, number);
        } else if (value instanceof LocalDateTime local) {
            setSeconds(index, local.toEpochSecond(ZoneOffset.UTC), local.getNano(), value);
        } else if (value instanceof Boolean truth) {
            set(index, ValueKind.BOOLEAN, truth ? 1 : 0, value);
        } else if (value instanceof byte[]) {
            set(index, ValueKind.BYTES, 0, value);
        } else if (value instanceof CharSequence || value instanceof Character || value instanceof UUID) {
            set(index, ValueKind.TEXT, 0, value.toString());
        } else {
            setTemporal(index, value);
        }
    }

    private void setNumber(int index, Number value) throws SQLException {
        if (value instanceof Long) {
            set(index, ValueKind.LONG, value.longValue(), value);
        } else if (value instanceof Integer) {
            set(index, ValueKind.INT, value.longValue(), value);
        } else if (value instanceof Double number) {
            set(index, ValueKind.DOUBLE, Double.doubleToRawLongBits(number), value);
        } else if (value instanceof BigDecimal) {
            set(index, ValueKind.DECIMAL, 0, value);
        } else if (value instanceof Float number) {
            set(index, ValueKind.FLOAT, Float.floatToRawIntBits(number), value);
        } else if (value instanceof Short) {
            set(index, ValueKind.SHORT, value.longValue(), value);
        } else if (value instanceof Byte) {
            set(index, ValueKind.BYTE, value.longValue(), value);
        } else {
            set(index, ValueKind.OTHER, 0, value);
        }
    }

    private void setTemporal(int index, Object value) throws SQLException {
        if (value instanceof LocalDate date && date.toEpochDay() == (int) date.toEpochDay()) {
            set(index, ValueKind.DATE, date.toEpochDay(), value);
        } else if (value instanceof LocalTime time) {
            set(index, ValueKind.TIME, time.toNanoOfDay(), value);
        } else if (value instanceof Instant instant) {
            setSeconds(index, instant.getEpochSecond(), instant.getNano(), value);
        } else if (value instanceof OffsetDateTime time) {
            setSeconds(index, time.toEpochSecond(), time.getNano(), value);
        } else if (value instanceof ZonedDateTime time) {
            setSeconds(index, time.toEpochSecond(), time.getNano(), value);
        } else {
            set(index, ValueKind.OTHER, 0, value);
        }
    }

    private void setSeconds(int index, long seconds, int nanos, Object value) throws SQLException {
        long whole = seconds * NANOS_PER_SECOND;
        long sum = whole + nanos;
        boolean held = Math.multiplyHigh(seconds, NANOS_PER_SECOND) == whole >> (Long.SIZE - 1) && sum >= whole;
        set(index, held ? ValueKind.TIMESTAMP : ValueKind.OTHER, held ? sum : 0, value);
    }

    // ---- what was set, by place: from 0

    ValueKind kind(int place) {
        return kinds[place];
    }

    long number(int place) {
        return numbers[place];
    }

    /** Of a text, bytes, a decimal and another value, what it is; of others the object that was given, if there was one. */
    @Nullable
    Object object(int place) {
        return objects[place];
    }

    /** A parameter by place. */
    void put(int place, ValueKind kind, long number, @Nullable Object object) {
        kinds[place] = kind;
        numbers[place] = number;
        objects[place] = object;
    }

    /** The values as objects. @throws SQLException 07001 naming the first that is not set; 22021 for a text that is no Unicode */
    public @Nullable Object[] copy() throws SQLException {
        requireSet();
        @Nullable Object[] row = new Object[kinds.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = value(i);
        }
        return row;
    }

    /** @throws SQLException 07001 naming the first that is not set */
    public void requireSet() throws SQLException {
        for (int i = 0; i < kinds.length; i++) {
            if (kinds[i] == ValueKind.UNSET) {
                throw SqlErrors.of(
                        ErrorCode.INVALID_PARAMETER.sqlState(),
                        "parameter " + (i + 1) + " of " + kinds.length + " is not set");
            }
        }
    }

    private @Nullable Object value(int place) throws SQLException {
        Object object = objects[place];
        if (object instanceof CharSequence characters) {
            String text = characters.toString();
            try {
                ValueText.checkUnicode(text);
            } catch (EngineException e) {
                throw SqlErrors.of(e);
            }
            return text;
        }
        if (object != null) {
            return object;
        }
        return ParameterObjects.of(kinds[place], numbers[place]);
    }
}
