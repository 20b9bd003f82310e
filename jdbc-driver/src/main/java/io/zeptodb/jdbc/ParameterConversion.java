package io.zeptodb.jdbc;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.IntervalText;
import io.zeptodb.engine.api.NumberText;
import io.zeptodb.engine.api.TemporalText;
import io.zeptodb.engine.api.ValueText;
import io.zeptodb.jdbc.value.JdbcTypes;
import io.zeptodb.jdbc.value.SqlErrors;
import io.zeptodb.jdbc.value.WallClock;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Turns what JDBC's setters take into what the engine takes: Java's own value classes. Stateless and thread-safe. The engine then casts to
 * the type of the parameter.
 */
final class ParameterConversion {
    /** Characters read at a time. */
    private static final int PIECE = 8192;

    private ParameterConversion() {}

    /** setObject without a type. */
    static @Nullable Object natural(@Nullable Object value) throws SQLException {
        if (value instanceof Timestamp timestamp) {
            return WallClock.localDateTime(timestamp, null);
        }
        if (value instanceof Date date) {
            return WallClock.localDate(date, null);
        }
        if (value instanceof Time time) {
            return WallClock.localTime(time, null);
        }
        if (value instanceof java.util.Date date) {
            return WallClock.localDateTime(new Timestamp(date.getTime()), null);
        }
        if (value instanceof Calendar calendar) {
            return WallClock.localDateTime(new Timestamp(calendar.getTimeInMillis()), calendar);
        }
        if (value instanceof Clob clob) {
            return text(clob.getCharacterStream(), clob.length());
        }
        if (value instanceof Blob blob) {
            return bytes(blob.getBinaryStream(), blob.length());
        }
        if (value instanceof byte[] bytes) {
            return bytes.clone();
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        return value;
    }

    /**
     * What is passed on of values that depend on what they are for, in both drivers. An interval is the text that CAST reads, and a Duration for a BIGINT, which is
     * what is added to times, its nanoseconds; a Period that has days beside or in place of months stays what it is, for no INTERVAL holds it. A UUID
     * for bytes is its 16 bytes, the most significant first. Other values stay what they are.
     *
     * @param sqlType what the value is for, of java.sql.Types
     */
    static @Nullable Object forType(@Nullable Object value, int sqlType) throws SQLException {
        if (value instanceof UUID id && isBinary(sqlType)) {
            return ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(id.getMostSignificantBits())
                    .putLong(id.getLeastSignificantBits())
                    .array();
        }
        try {
            if (value instanceof Duration duration) {
                long nanos = duration.toNanos();
                return sqlType == Types.BIGINT ? (Object) nanos : IntervalText.formatNanos(nanos);
            }
            return value instanceof Period period && period.getDays() == 0
                    ? IntervalText.formatMonths(Math.toIntExact(period.toTotalMonths()))
                    : value;
        } catch (ArithmeticException e) {
            throw SqlErrors.of(
                    ErrorCode.DATETIME_OUT_OF_RANGE.sqlState(),
                    0,
                    "the parameter " + value + " is outside the range of INTERVAL "
                            + (value instanceof Period ? "YEAR TO MONTH" : "DAY TO SECOND"),
                    e);
        }
    }

    private static boolean isBinary(int sqlType) {
        return switch (sqlType) {
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> true;
            default -> false;
        };
    }

    /**
     * setObject with a type of java.sql.Types, which converts as CAST does to that type, where without one a value is refused that would lose digits: converts to the class that belongs to it.
     *
     * @param scale digits after the point for DECIMAL and NUMERIC, or -1
     */
    static @Nullable Object convert(@Nullable Object given, int sqlType, int scale) throws SQLException {
        Object value = natural(given);
        if (value == null) {
            return null;
        }
        try {
            return switch (sqlType) {
                case Types.TINYINT -> (byte) integer(value, "TINYINT", Byte.MIN_VALUE, Byte.MAX_VALUE);
                case Types.SMALLINT -> (short) integer(value, "SMALLINT", Short.MIN_VALUE, Short.MAX_VALUE);
                case Types.INTEGER -> (int) integer(value, "INTEGER", Integer.MIN_VALUE, Integer.MAX_VALUE);
                case Types.BIGINT -> integer(value, "BIGINT", Long.MIN_VALUE, Long.MAX_VALUE);
                case Types.REAL -> single(value);
                case Types.FLOAT, Types.DOUBLE -> floating(value);
                case Types.DECIMAL, Types.NUMERIC -> {
                    BigDecimal exact = decimal(value);
                    yield scale < 0 ? exact : JdbcTypes.withScale(exact, scale);
                }
                case Types.BIT, Types.BOOLEAN -> truth(value);
                case Types.CHAR,
                        Types.VARCHAR,
                        Types.LONGVARCHAR,
                        Types.NCHAR,
                        Types.NVARCHAR,
                        Types.LONGNVARCHAR,
                        Types.CLOB,
                        Types.NCLOB -> text(value);
                case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> binary(value);
                case Types.DATE -> date(value);
                case Types.TIME, Types.TIME_WITH_TIMEZONE -> time(value);
                case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE -> timestamp(value);
                case Types.OTHER, Types.JAVA_OBJECT, Types.NULL -> value;
                default ->
                    throw SqlErrors.unsupported("a parameter cannot be set as type " + sqlType
                            + " of java.sql.Types: no column can hold it");
            };
        } catch (EngineException e) {
            throw SqlErrors.of(e);
        }
    }

    private static long integer(Object value, String type, long least, long most) {
        if (value instanceof Boolean truth) {
            return truth ? 1 : 0;
        }
        if (value instanceof CharSequence text) {
            return NumberText.parseInteger(text, type, least, most);
        }
        boolean isBinary = value instanceof Double || value instanceof Float; // which CAST rounds as IEEE 754 does
        RoundingMode rounding = isBinary ? RoundingMode.HALF_EVEN : RoundingMode.HALF_UP;
        BigInteger whole = decimal(value).setScale(0, rounding).unscaledValue();
        if (whole.compareTo(BigInteger.valueOf(least)) < 0 || whole.compareTo(BigInteger.valueOf(most)) > 0) {
            throw outside(value, type);
        }
        return whole.longValue();
    }

    private static float single(Object value) {
        double exact = floating(value);
        float nearest = (float) exact;
        if (Float.isInfinite(nearest) && !Double.isInfinite(exact)) {
            throw outside(value, "REAL");
        }
        return nearest;
    }

    private static double floating(Object value) {
        if (value instanceof Double || value instanceof Float) {
            return ((Number) value).doubleValue();
        }
        double nearest = value instanceof CharSequence text
                ? NumberText.parseDouble(text) // which refuses what is too great
                : value instanceof Number number
                        ? number.doubleValue()
                        : decimal(value).doubleValue();
        if (Double.isInfinite(nearest) && value instanceof Number) {
            throw outside(value, "DOUBLE");
        }
        return nearest;
    }

    private static EngineException outside(Object value, String type) {
        return new EngineException(
                ErrorCode.NUMERIC_OUT_OF_RANGE, "the parameter " + value + " is outside the range of " + type);
    }

    private static BigDecimal decimal(Object value) {
        if (value instanceof BigDecimal exact) {
            return exact;
        }
        if (value instanceof BigInteger integer) {
            return new BigDecimal(integer);
        }
        if (value instanceof Boolean truth) {
            return truth ? BigDecimal.ONE : BigDecimal.ZERO;
        }
        boolean finite =
                !(value instanceof Double || value instanceof Float) || Double.isFinite(((Number) value).doubleValue());
        if ((value instanceof Number && finite) || value instanceof CharSequence) {
            return NumberText.parseDecimal(value.toString());
        }
        throw impossible(value, "a number");
    }

    private static boolean truth(Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        return value instanceof CharSequence text
                ? ValueText.parseBoolean(text)
                : decimal(value).signum() != 0;
    }

    /** As CAST of the value makes it. */
    private static String text(Object value) {
        if (value instanceof byte[] bytes) {
            return ValueText.formatBinary(bytes);
        }
        if (value instanceof Double number) {
            return NumberText.format(number);
        }
        if (value instanceof Float number) {
            return NumberText.format(number);
        }
        if (value instanceof BigDecimal exact) {
            return exact.toPlainString();
        }
        boolean hasText = value instanceof CharSequence || value instanceof Character || value instanceof UUID;
        boolean isWhole = value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte
                || value instanceof BigInteger;
        return hasText || isWhole || value instanceof Boolean ? value.toString() : temporalText(value);
    }

    private static String temporalText(Object value) {
        if (value instanceof LocalDate date) {
            if (date.toEpochDay() != (int) date.toEpochDay()) {
                throw new EngineException(
                        ErrorCode.DATETIME_OUT_OF_RANGE, "the parameter " + date + " is outside the range of DATE");
            }
            return TemporalText.formatDate((int) date.toEpochDay());
        }
        if (value instanceof LocalTime time) {
            return TemporalText.formatTime(time.toNanoOfDay());
        }
        LocalDateTime local = value instanceof LocalDateTime plain
                ? plain
                : value instanceof Instant instant
                        ? inUtc(instant)
                        : value instanceof OffsetDateTime time
                                ? inUtc(time.toInstant())
                                : value instanceof ZonedDateTime zoned ? inUtc(zoned.toInstant()) : null;
        if (local == null) {
            throw impossible(value, "a text");
        }
        return TemporalText.formatTimestamp(WallClock.nanos(local));
    }

    private static LocalDateTime inUtc(Instant instant) {
        try {
            return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new EngineException(
                    ErrorCode.DATETIME_OUT_OF_RANGE,
                    "the parameter " + instant + " is outside the range of TIMESTAMP",
                    e);
        }
    }

    private static byte[] binary(Object value) {
        if (value instanceof byte[] bytes) {
            return bytes;
        }
        if (value instanceof CharSequence text) {
            return ValueText.parseBinary(text);
        }
        throw impossible(value, "bytes");
    }

    private static Object date(Object value) {
        if (value instanceof LocalDateTime local) {
            return local.toLocalDate();
        }
        return value instanceof CharSequence text ? LocalDate.ofEpochDay(TemporalText.parseDate(text)) : value;
    }

    private static Object time(Object value) {
        if (value instanceof LocalDateTime local) {
            return local.toLocalTime();
        }
        return value instanceof CharSequence text ? LocalTime.ofNanoOfDay(TemporalText.parseTime(text)) : value;
    }

    private static Object timestamp(Object value) {
        if (value instanceof LocalDate date) {
            return date.atStartOfDay();
        }
        return value instanceof CharSequence text ? WallClock.localDateTime(TemporalText.parseTimestamp(text)) : value;
    }

    private static EngineException impossible(Object value, String wanted) {
        return new EngineException(
                ErrorCode.INVALID_PARAMETER,
                "a parameter of class " + value.getClass().getName() + " cannot be made " + wanted);
    }

    /** All that a reader gives. */
    static @Nullable String text(@Nullable Reader reader) throws SQLException {
        if (reader == null) {
            return null;
        }
        try (Reader source = reader) {
            StringWriter text = new StringWriter();
            source.transferTo(text);
            return text.toString();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** As many characters as are told, and no more are read. */
    static @Nullable String text(@Nullable Reader reader, long length) throws SQLException {
        checkLength(length);
        if (reader == null) {
            return null;
        }
        try (Reader source = reader) {
            StringBuilder text = new StringBuilder();
            char[] piece = new char[PIECE];
            while (text.length() < length) {
                int read = source.read(piece, 0, (int) Math.min(PIECE, length - text.length()));
                if (read < 0) {
                    throw shorter(text.length(), length, "characters");
                }
                text.append(piece, 0, read);
            }
            return text.toString();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** All that a stream gives. */
    static byte @Nullable [] bytes(@Nullable InputStream stream) throws SQLException {
        if (stream == null) {
            return null;
        }
        try (InputStream source = stream) {
            return source.readAllBytes();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** As many bytes as are told, and no more are read. */
    static byte @Nullable [] bytes(@Nullable InputStream stream, long length) throws SQLException {
        checkLength(length);
        if (stream == null) {
            return null;
        }
        try (InputStream source = stream) {
            byte[] bytes = source.readNBytes((int) length);
            if (bytes.length < length) {
                throw shorter(bytes.length, length, "bytes");
            }
            return bytes;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static void checkLength(long length) throws SQLException {
        if (length < 0 || length > Integer.MAX_VALUE) {
            throw SqlErrors.of(
                    ErrorCode.INVALID_ARGUMENT.sqlState(),
                    "the length of a parameter's stream is 0 to " + Integer.MAX_VALUE + ", got " + length);
        }
    }

    private static SQLException shorter(long read, long length, String units) {
        return SqlErrors.of(
                ErrorCode.INVALID_ARGUMENT.sqlState(),
                "a parameter's stream ends after " + read + " " + units + ", its length was given as " + length);
    }

    private static SQLException unreadable(IOException failure) {
        return SqlErrors.of(
                ErrorCode.IO_ERROR.sqlState(), 0, "cannot read a parameter's stream: " + failure.getMessage(), failure);
    }
}
