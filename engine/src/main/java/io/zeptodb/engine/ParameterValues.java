package io.zeptodb.engine;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.NumberText;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.api.ValueText;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.UnfitNumber;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns the Java values of parameters into the representation of {@code Expression.Literal} for the types that the validator found. A
 * value of another kind is converted as CAST would.
 */
final class ParameterValues {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    /** Class of the states of values that are wrong. */
    private static final String DATA_EXCEPTION = "22";
    /** Digits of the greatest BIGINT. */
    private static final int MOST_INTEGER_DIGITS = 19;

    private ParameterValues() {}

    /** What converts a literal to another type as CAST does. */
    @FunctionalInterface
    interface Caster {
        @Nullable
        Object cast(Expression.Literal value, ColumnType type);
    }

    /**
     * Converts a row of parameters. Numbers that their types do not hold stay what they are, as {@link UnfitNumber}, for comparisons.
     *
     * @throws EngineException naming the parameter (from 1), its type and the value's: what the cast to the type says of the value, or INVALID_PARAMETER when there is none
     */
    static @Nullable Object[] convert(List<?> values, List<ColumnType> types, Caster caster) {
        requireCount(values, types);
        @Nullable Object[] converted = new Object[types.size()];
        for (int i = 0; i < converted.length; i++) {
            converted[i] = convert(values.get(i), types.get(i), i, caster);
        }
        return converted;
    }

    /** @throws EngineException INVALID_PARAMETER */
    static void requireCount(List<?> values, List<ColumnType> types) {
        if (values.size() != types.size()) {
            throw new EngineException(
                    ErrorCode.INVALID_PARAMETER,
                    "the statement has " + types.size() + " parameters, got " + values.size() + " values");
        }
    }

    /** As {@link #convert(List, List, Caster)} for one parameter, counted from 0, that is stored: every number becomes one of its type. */
    static @Nullable Object convertToStore(@Nullable Object value, ColumnType type, int index, Caster caster) {
        Object converted = convert(value, type, index, caster);
        return converted instanceof UnfitNumber unfit ? unfit.converted() : converted;
    }

    /**
     * Whether values of one type that do not fit another become what CAST makes of them, or its error, when they are stored: times are not cut, and numbers
     * with places are no integers.
     */
    static boolean isCast(ColumnType given, ColumnType type) {
        return !losesTime(given, type) && !(type.kind().isInteger() && hasPlaces(given));
    }

    /** As {@link #convert(List, List, Caster)} for one parameter, counted from 0. */
    static @Nullable Object convert(@Nullable Object value, ColumnType type, int index, Caster caster) {
        if (value == null) {
            return null;
        }
        Expression.Literal natural;
        try {
            natural = natural(value);
        } catch (ArithmeticException e) {
            throw new EngineException(
                    ErrorCode.DATETIME_OUT_OF_RANGE,
                    "parameter " + (index + 1) + ": " + value + " is outside the range of "
                            + (isMoment(value) ? "a TIMESTAMP in nanoseconds (1677 to 2262)" : "every type"),
                    e);
        }
        if (natural == null) {
            throw new EngineException(
                    ErrorCode.INVALID_PARAMETER,
                    "parameter " + (index + 1) + " is " + type + ", got a "
                            + value.getClass().getName());
        }
        if (fits(natural.type(), type)) {
            return natural.value();
        }
        requireTime(natural.type(), type, index);
        BigDecimal number = isExact(type.kind()) ? exact(value) : null;
        Expression.Literal given = natural;
        if (number == null) {
            return cast(value, given, type, index, caster);
        }
        boolean held = holds(type, number);
        if (held && !(type.kind().isInteger() && hasPlaces(given.type()))) {
            return cast(value, given, type, index, caster);
        }
        return new UnfitNumber(
                number,
                held,
                () -> cast(value, given, type, index, caster),
                () -> refusal(value, given, number, type, index, caster));
    }

    private static boolean isMoment(Object value) {
        return !(value instanceof LocalDate || value instanceof Duration || value instanceof Period);
    }

    /** A time of day that a DATE has no place for, or the date of a TIME, would be lost; nanoseconds for a time are no number of anything. */
    private static void requireTime(ColumnType given, ColumnType type, int index) {
        if (losesTime(given, type)) {
            // the state that its text would have, which is what travels to a server
            throw new EngineException(
                    type.kind().isNumeric() ? ErrorCode.INVALID_TEXT : ErrorCode.INVALID_DATETIME,
                    "parameter " + (index + 1) + " is " + type + ", got " + given + "; to give one write CAST(? AS "
                            + (given.kind() == TypeKind.INTERVAL_MONTH ? "INTERVAL MONTH" : given.kind()) + ")");
        }
    }

    private static boolean losesTime(ColumnType given, ColumnType type) {
        boolean loses = given.kind() == TypeKind.TIMESTAMP
                && (type.kind() == TypeKind.DATE
                        || type.kind() == TypeKind.TIME
                        || type.kind().isNumeric());
        boolean counts = (given.kind() == TypeKind.DATE || given.kind() == TypeKind.TIME)
                && type.kind().isNumeric();
        boolean hasNone =
                (given.kind() == TypeKind.TIME && (type.kind() == TypeKind.DATE || type.kind() == TypeKind.TIMESTAMP))
                        || (given.kind() == TypeKind.DATE && type.kind() == TypeKind.TIME);
        // a number of months would be taken for days, or for nothing that a number is
        boolean months = given.kind() == TypeKind.INTERVAL_MONTH && type.kind().isNumeric();
        return loses || counts || hasNone || months;
    }

    /** Of the type's setters, not of the value: 2.0 is no integer, though it is whole. */
    private static boolean hasPlaces(ColumnType given) {
        return given.kind().isFloat() || (given.kind() == TypeKind.DECIMAL && given.scale() > 0);
    }

    /** Why a number is no operand: what is wrong with it as a value, or that it would be rounded or be divided as an integer. */
    private static EngineException refusal(
            Object value, Expression.Literal natural, BigDecimal number, ColumnType type, int index, Caster caster) {
        try {
            cast(value, natural, type, index, caster);
        } catch (EngineException e) {
            return e;
        }
        int scale = Math.max(0, number.scale());
        boolean isExact =
                type.kind() == TypeKind.DECIMAL || !natural.type().kind().isFloat();
        ColumnType fitting = isExact && scale <= ColumnType.MAX_DECIMAL_PRECISION
                ? ColumnType.decimal(ColumnType.MAX_DECIMAL_PRECISION, scale)
                : ColumnType.DOUBLE;
        return new EngineException(
                ErrorCode.INVALID_PARAMETER,
                "parameter " + (index + 1) + " is " + type + " here, got " + natural.type() + ": " + value
                        + "; write CAST(? AS " + fitting + ")");
    }

    private static @Nullable Object cast(
            Object value, Expression.Literal natural, ColumnType type, int index, Caster caster) {
        if (type.kind().isInteger() && hasFraction(natural.value())) {
            // a number that is rounded in silence is another one
            throw new EngineException(
                    ErrorCode.INVALID_PARAMETER,
                    "parameter " + (index + 1) + " is " + type + ", got " + natural.type() + ": " + value
                            + " is not a whole number; round it, or write CAST(? AS " + natural.type() + ")");
        }
        try {
            return caster.cast(natural, type);
        } catch (EngineException e) {
            // a value that its type does not hold has the state of the cast; without a cast the parameter is wrong
            throw new EngineException(
                    e.code().sqlState().startsWith(DATA_EXCEPTION) ? e.code() : ErrorCode.INVALID_PARAMETER,
                    "parameter " + (index + 1) + " is " + type + ", got " + natural.type() + ": " + e.getMessage(),
                    e);
        }
    }

    private static boolean isExact(TypeKind kind) {
        return kind.isInteger() || kind == TypeKind.DECIMAL;
    }

    /** The number as it was written, or null when it is none: a DOUBLE is the shortest decimal that reads as it. */
    private static @Nullable BigDecimal exact(Object value) {
        if (value instanceof BigDecimal decimal) {
            return decimal;
        }
        if (value instanceof BigInteger integer) {
            return new BigDecimal(integer);
        }
        boolean text = value instanceof CharSequence;
        if (!text && !(value instanceof Number)) {
            return null;
        }
        String written = value.toString().strip();
        if (written.length() > NumberText.MOST_CHARACTERS) {
            return null;
        }
        try {
            return new BigDecimal(written);
        } catch (NumberFormatException e) {
            return null; // NaN, Infinity, or text that the cast refuses
        }
    }

    private static boolean holds(ColumnType type, BigDecimal number) {
        BigDecimal plain = number.stripTrailingZeros();
        int scale = Math.max(0, plain.scale());
        if (type.kind() == TypeKind.DECIMAL) {
            return scale <= type.scale() && plain.precision() - plain.scale() <= type.precision() - type.scale();
        }
        if (scale > 0 || plain.precision() - plain.scale() > MOST_INTEGER_DIGITS) {
            return false;
        }
        BigInteger whole = plain.toBigIntegerExact();
        return whole.bitLength() < type.width() * Byte.SIZE;
    }

    private static boolean hasFraction(@Nullable Object value) {
        if (value instanceof BigDecimal exact) {
            return exact.stripTrailingZeros().scale() > 0;
        }
        return value instanceof Double number && Double.isFinite(number) && number != Math.rint(number);
    }

    /** Same representation, and nothing to check. */
    static boolean fits(ColumnType from, ColumnType to) {
        return from.equals(to)
                || (from.kind() == to.kind() && from.kind() != TypeKind.DECIMAL && from.precision() == to.precision())
                || (from.kind().isText() && to.kind().isText());
    }

    private static Expression.@Nullable Literal natural(Object value) {
        Expression.Literal number = number(value);
        if (number != null) {
            return number;
        }
        if (value instanceof Boolean) {
            return new Expression.Literal(value, ColumnType.BOOLEAN);
        }
        if (value instanceof CharSequence || value instanceof Character || value instanceof java.util.UUID) {
            String text = value.toString();
            ValueText.checkUnicode(text);
            return new Expression.Literal(text, ColumnType.VARCHAR);
        }
        if (value instanceof byte[] bytes) {
            return new Expression.Literal(bytes.clone(), ColumnType.VARBINARY);
        }
        return temporal(value);
    }

    private static Expression.@Nullable Literal number(Object value) {
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            ColumnType type = value instanceof Long
                    ? ColumnType.BIGINT
                    : value instanceof Integer
                            ? ColumnType.INTEGER
                            : value instanceof Short ? ColumnType.SMALLINT : ColumnType.TINYINT;
            return new Expression.Literal(((Number) value).longValue(), type);
        }
        if (value instanceof Double || value instanceof Float) {
            return new Expression.Literal(
                    ((Number) value).doubleValue(), value instanceof Double ? ColumnType.DOUBLE : ColumnType.REAL);
        }
        if (value instanceof BigInteger integer) {
            return decimal(new BigDecimal(integer));
        }
        return value instanceof BigDecimal exact ? decimal(exact) : null;
    }

    private static Expression.Literal decimal(BigDecimal value) {
        boolean far = Math.abs((long) value.scale()) > NumberText.MOST_CHARACTERS;
        if (far) {
            return new Expression.Literal(
                    value.toString(), ColumnType.VARCHAR); // the cast refuses it, or makes a zero of it
        }
        BigDecimal plain = value.scale() < 0 ? value.setScale(0) : value;
        int precision = Math.max(plain.precision(), plain.scale() + 1);
        if (precision > ColumnType.MAX_DECIMAL_PRECISION) {
            // more digits than a DECIMAL holds: as text, so that the cast to the parameter's type decides
            return new Expression.Literal(plain.toPlainString(), ColumnType.VARCHAR);
        }
        return new Expression.Literal(plain, ColumnType.decimal(precision, plain.scale()));
    }

    private static Expression.@Nullable Literal temporal(Object value) {
        if (value instanceof LocalDate date) {
            return new Expression.Literal((long) Math.toIntExact(date.toEpochDay()), ColumnType.DATE);
        }
        if (value instanceof LocalTime time) {
            return new Expression.Literal(time.toNanoOfDay(), ColumnType.TIME);
        }
        if (value instanceof LocalDateTime local) {
            return timestamp(local.toInstant(ZoneOffset.UTC));
        }
        if (value instanceof Instant instant) {
            return timestamp(instant);
        }
        if (value instanceof OffsetDateTime offset) {
            return timestamp(offset.toInstant());
        }
        if (value instanceof ZonedDateTime zoned) {
            return timestamp(zoned.toInstant());
        }
        if (value instanceof Duration duration) {
            return new Expression.Literal(duration.toNanos(), ColumnType.INTERVAL_DAY);
        }
        if (value instanceof Period period && period.getDays() == 0) {
            return new Expression.Literal((long) Math.toIntExact(period.toTotalMonths()), ColumnType.INTERVAL_MONTH);
        }
        return null;
    }

    private static Expression.Literal timestamp(Instant instant) {
        long nanos = Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS_PER_SECOND), instant.getNano());
        return new Expression.Literal(nanos, ColumnType.TIMESTAMP_NS);
    }
}
