package io.zeptodb.jdbc.meta;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TemporalText;
import io.zeptodb.jdbc.value.WallClock;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.calcite.avatica.ColumnMetaData.Rep;
import org.apache.calcite.avatica.proto.Common;
import org.apache.calcite.avatica.proto.Requests;
import org.apache.calcite.avatica.remote.TypedValue;
import org.apache.calcite.avatica.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Parameter values on their way to a server and there. What Avatica has no exact form for (times with nanoseconds) travels as
 * text, which the engine casts to the parameter's type. Stateless and thread-safe.
 */
public final class ParameterWire {
    private static final long MILLIS_PER_SECOND = 1_000L;
    private static final int NANOS_PER_MILLI = 1_000_000;
    /** Before and after 1970: with nanoseconds a long holds no more. */
    private static final long MOST_SECONDS = Long.MAX_VALUE / 1_000_000_000L - 1;

    /** Those that the engine takes; another class of numbers has no form that travels. */
    private static final Set<Class<?>> NUMBERS =
            Set.of(Byte.class, Short.class, Integer.class, Long.class, Float.class, Double.class);

    private ParameterWire() {}

    /** Values as the engine's {@code PreparedQuery} takes them, in the form that travels. */
    public static List<TypedValue> encode(@Nullable Object[] values) {
        List<TypedValue> encoded = new ArrayList<>(values.length);
        for (int i = 0; i < values.length; i++) {
            encoded.add(encode(values[i], i));
        }
        return encoded;
    }

    private static TypedValue encode(@Nullable Object given, int index) {
        if (given == null) {
            return TypedValue.EXPLICIT_NULL;
        }
        Object value = given;
        try {
            LocalDateTime local = utc(given);
            value = local == null ? given : local;
        } catch (DateTimeException e) {
            throw outside(given, index, e);
        }
        if (value instanceof byte[] bytes) {
            return TypedValue.ofLocal(Rep.BYTE_STRING, new ByteString(bytes));
        }
        if (value instanceof BigInteger integer) {
            return TypedValue.ofLocal(Rep.NUMBER, new BigDecimal(integer));
        }
        if (value instanceof BigDecimal) {
            return TypedValue.ofLocal(Rep.NUMBER, value);
        }
        if (NUMBERS.contains(value.getClass()) || value instanceof Boolean) {
            return TypedValue.ofLocal(Rep.of(value.getClass()), value);
        }
        TypedValue exact = inMillis(value);
        return exact != null ? exact : TypedValue.ofLocal(Rep.STRING, text(value, index));
    }

    /** A date, or a time that milliseconds tell exactly, in Avatica's form, so that the server knows that it is no text; else null. */
    private static @Nullable TypedValue inMillis(Object value) {
        if (value instanceof LocalDate date && date.toEpochDay() == (int) date.toEpochDay()) {
            return TypedValue.ofSerial(Rep.JAVA_SQL_DATE, (int) date.toEpochDay());
        }
        if (value instanceof LocalTime time && time.getNano() % NANOS_PER_MILLI == 0) {
            return TypedValue.ofSerial(Rep.JAVA_SQL_TIME, (int) (time.toNanoOfDay() / NANOS_PER_MILLI));
        }
        if (value instanceof LocalDateTime local && local.getNano() % NANOS_PER_MILLI == 0) {
            long seconds = local.toEpochSecond(ZoneOffset.UTC);
            return Math.abs(seconds) > MOST_SECONDS
                    ? null
                    : TypedValue.ofSerial(
                            Rep.JAVA_SQL_TIMESTAMP, seconds * MILLIS_PER_SECOND + local.getNano() / NANOS_PER_MILLI);
        }
        return null;
    }

    private static String text(Object value, int index) {
        try {
            return exactText(value, index);
        } catch (ArithmeticException e) {
            throw outside(value, index, e);
        }
    }

    private static EngineException outside(Object value, int index, RuntimeException cause) {
        return new EngineException(
                ErrorCode.DATETIME_OUT_OF_RANGE,
                "parameter " + (index + 1) + ": " + value + " is outside the range of every type",
                cause);
    }

    private static String exactText(Object value, int index) {
        if (value instanceof LocalDate date) {
            return TemporalText.formatDate(Math.toIntExact(date.toEpochDay()));
        }
        if (value instanceof LocalTime time) {
            return TemporalText.formatTime(time.toNanoOfDay());
        }
        if (value instanceof LocalDateTime local) {
            return timestamp(local, index);
        }
        if (value instanceof CharSequence || value instanceof Character || value instanceof UUID) {
            return value.toString();
        }
        throw new EngineException(
                ErrorCode.INVALID_PARAMETER,
                "parameter " + (index + 1) + ": got a " + value.getClass().getName() + ", which no column can hold");
    }

    /** The server would say the same of a value that could travel. */
    private static String timestamp(LocalDateTime value, int index) {
        try {
            return TemporalText.formatTimestamp(WallClock.nanos(value));
        } catch (EngineException e) {
            throw new EngineException(
                    ErrorCode.DATETIME_OUT_OF_RANGE,
                    "parameter " + (index + 1) + ": " + value
                            + " is outside the range of a TIMESTAMP in nanoseconds (1677 to 2262)",
                    e);
        }
    }

    private static @Nullable LocalDateTime utc(Object value) {
        if (value instanceof LocalDateTime local) {
            return local;
        }
        if (value instanceof Instant instant) {
            return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        }
        if (value instanceof OffsetDateTime offset) {
            return LocalDateTime.ofInstant(offset.toInstant(), ZoneOffset.UTC);
        }
        return value instanceof ZonedDateTime zoned ? LocalDateTime.ofInstant(zoned.toInstant(), ZoneOffset.UTC) : null;
    }

    /** Values as {@link #encode} makes them, in Avatica's message {@code UpdateBatch}. */
    public static byte[] encodeProtobuf(@Nullable Object[] values) {
        Requests.UpdateBatch.Builder row = Requests.UpdateBatch.newBuilder();
        encode(values).forEach(value -> row.addParameterValues(value.toProto()));
        return row.build().toByteArray();
    }

    /**
     * Reads what {@link #encodeProtobuf} made.
     *
     * @throws IOException when the bytes are no such message
     */
    public static List<@Nullable Object> decodeProtobuf(byte[] bytes) throws IOException {
        return decodeProtobuf(Requests.UpdateBatch.parseFrom(bytes).getParameterValuesList());
    }

    /**
     * What arrived, as the engine takes it; from our driver or from Avatica's.
     *
     * @throws EngineException INVALID_PARAMETER when a parameter was not set, or holds what the engine has no type for
     */
    public static List<@Nullable Object> decode(List<@Nullable TypedValue> values) {
        List<@Nullable Object> decoded = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            TypedValue value = values.get(i);
            if (value == null) {
                throw new EngineException(ErrorCode.INVALID_PARAMETER, "parameter " + (i + 1) + " is not set");
            }
            decoded.add(value.value == null ? null : decode(value, i));
        }
        return decoded;
    }

    /** As {@link #decode(List)}, of values that are still in their message. */
    static List<@Nullable Object> decodeProtobuf(List<Common.TypedValue> values) {
        List<@Nullable TypedValue> typed = new ArrayList<>(values.size());
        for (Common.TypedValue value : values) {
            typed.add(value.getImplicitlyNull() ? null : TypedValue.fromProto(value));
        }
        return decode(typed);
    }

    private static Object decode(TypedValue value, int index) {
        return switch (value.type) {
            case JAVA_SQL_DATE -> LocalDate.ofEpochDay(((Number) value.value).longValue());
            case JAVA_SQL_TIME -> LocalTime.ofNanoOfDay(((Number) value.value).longValue() * NANOS_PER_MILLI);
            case JAVA_SQL_TIMESTAMP, JAVA_UTIL_DATE -> timestamp(((Number) value.value).longValue());
            case BYTE_STRING -> ((ByteString) value.toLocal()).getBytes();
            case ARRAY, STRUCT, MULTISET ->
                throw new EngineException(
                        ErrorCode.INVALID_PARAMETER,
                        "parameter " + (index + 1) + " is a " + value.type + ", which no column can hold");
            default -> value.toLocal();
        };
    }

    private static LocalDateTime timestamp(long millis) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(millis, MILLIS_PER_SECOND),
                (int) Math.floorMod(millis, MILLIS_PER_SECOND) * NANOS_PER_MILLI,
                ZoneOffset.UTC);
    }
}
