package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.plan.Expression.Literal;
import io.zeptodb.engine.sql.type.Types;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.Objects;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.NlsString;
import org.apache.calcite.util.TimeString;
import org.apache.calcite.util.TimestampString;
import org.jspecify.annotations.Nullable;

/** Calcite's literals as the engine's, to the nanosecond. */
final class Literals {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final BigDecimal MOST_INTERVAL_MONTHS = BigDecimal.valueOf(Integer.MAX_VALUE);
    private static final LocalDateTime FIRST = LocalDateTime.of(1677, 9, 21, 0, 12, 43, 145_224_192);
    private static final LocalDateTime LAST = LocalDateTime.of(2262, 4, 11, 23, 47, 16, 854_775_807);
    private static final BigDecimal NANOS_PER_MILLI = BigDecimal.valueOf(1_000_000);

    private Literals() {}

    static Literal of(RexLiteral literal) {
        ColumnType type = literal.getType().getSqlTypeName() == SqlTypeName.NULL
                ? ColumnType.NULL
                : Types.toEngine(literal.getType());
        Object value = switch (type.kind()) {
            case DATE -> literal.getValueAs(DateString.class);
            case TIME -> literal.getValueAs(TimeString.class);
            case TIMESTAMP -> literal.getValueAs(TimestampString.class);
            default -> literal.getValue();
        };
        return of(value, type);
    }

    /** @param value times as Calcite's strings, which keep nanoseconds */
    private static Literal of(@Nullable Object value, ColumnType type) {
        if (value == null) {
            return new Literal(null, type);
        }
        return new Literal(
                switch (type.kind()) {
                    case BOOLEAN -> value;
                    case TINYINT, SMALLINT, INTEGER, BIGINT -> ((Number) value).longValue();
                    case REAL -> finite(((Number) value).floatValue(), value, type);
                    case DOUBLE -> finite(((Number) value).doubleValue(), value, type);
                    case DECIMAL -> decimal(value, type);
                    case VARCHAR, SYMBOL -> value instanceof NlsString text ? text.getValue() : value.toString();
                    case VARBINARY -> ((ByteString) value).getBytes();
                    case DATE ->
                        LocalDate.parse(((DateString) value).toString()).toEpochDay();
                    case TIME ->
                        LocalTime.parse(((TimeString) value).toString()).toNanoOfDay();
                    case TIMESTAMP -> nanos((TimestampString) value);
                    case INTERVAL_DAY -> intervalNanos(value);
                    case INTERVAL_MONTH -> intervalMonths(new BigDecimal(value.toString()));
                    case ARRAY, ROW -> throw Unsupported.construct("a constant of type " + type);
                    case NULL -> throw new IllegalStateException("a literal of type NULL has the value " + value);
                },
                type);
    }

    private static long intervalMonths(BigDecimal months) {
        if (months.abs().compareTo(MOST_INTERVAL_MONTHS) > 0) {
            throw new EngineException(
                    ErrorCode.DATETIME_OUT_OF_RANGE,
                    "an interval of " + months.toPlainString() + " months is out of range: at most "
                            + MOST_INTERVAL_MONTHS + " months");
        }
        return months.longValueExact();
    }

    /** Calcite makes a literal of CAST(1e300 AS REAL); what is infinite was too great, for infinity is no literal. */
    private static double finite(double number, Object written, ColumnType type) {
        if (Double.isInfinite(number)) {
            throw new EngineException(
                    ErrorCode.NUMERIC_OUT_OF_RANGE, "value " + written + " is outside the range of " + type);
        }
        return number;
    }

    private static BigDecimal decimal(Object value, ColumnType type) {
        BigDecimal number = value instanceof BigDecimal exact ? exact : new BigDecimal(value.toString());
        return number.setScale(type.scale(), RoundingMode.HALF_UP);
    }

    private static long nanos(TimestampString text) {
        LocalDateTime time = time(text);
        long second = time.toEpochSecond(ZoneOffset.UTC);
        long nano = time.getLong(ChronoField.NANO_OF_SECOND);
        try {
            // the lowest second is in range by its later nanoseconds only: count down from the one above
            return second < 0
                    ? Math.addExact(Math.multiplyExact(second + 1, NANOS_PER_SECOND), nano - NANOS_PER_SECOND)
                    : Math.addExact(Math.multiplyExact(second, NANOS_PER_SECOND), nano);
        } catch (ArithmeticException e) {
            throw new EngineException(
                    ErrorCode.DATETIME_OUT_OF_RANGE,
                    "TIMESTAMP '" + text + "' is out of range: 1677-09-21 to 2262-04-11 can be told to the nanosecond",
                    e);
        }
    }

    private static LocalDateTime time(TimestampString text) {
        return LocalDateTime.parse(text.toString().replace(' ', 'T'));
    }

    /** -1 for a TIMESTAMP before the first that there is, 1 for one behind the last, 0 for any other literal. */
    static int beyond(RexLiteral literal) {
        if (literal.getType().getSqlTypeName() != SqlTypeName.TIMESTAMP || literal.isNull()) {
            return 0;
        }
        LocalDateTime time = time(Objects.requireNonNull(literal.getValueAs(TimestampString.class)));
        return time.isBefore(FIRST) ? -1 : time.isAfter(LAST) ? 1 : 0;
    }

    /** Calcite counts intervals of days and less in milliseconds. */
    private static long intervalNanos(Object value) {
        BigDecimal millis = value instanceof BigDecimal exact ? exact : new BigDecimal(value.toString());
        try {
            return millis.multiply(NANOS_PER_MILLI).longValueExact();
        } catch (ArithmeticException e) {
            throw new EngineException(
                    ErrorCode.DATETIME_OUT_OF_RANGE,
                    "an interval of " + millis.toPlainString()
                            + " milliseconds is out of range: at most 292 years to the nanosecond",
                    e);
        }
    }
}
