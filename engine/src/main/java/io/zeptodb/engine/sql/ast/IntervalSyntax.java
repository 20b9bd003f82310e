package io.zeptodb.engine.sql.ast;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.IntervalText;
import io.zeptodb.engine.api.NumberText;
import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * Interval literals. The standard's form with a qualifier is Calcite's unless it has more than three digits of a second, which Calcite
 * would lose; {@code INTERVAL '5 minutes'} is read here. Called by the generated parser.
 */
public final class IntervalSyntax {
    private static final BigDecimal NANOS_PER_SECOND = BigDecimal.valueOf(1_000_000_000L);
    private static final BigDecimal NANOS_PER_MINUTE = NANOS_PER_SECOND.multiply(BigDecimal.valueOf(60));
    private static final BigDecimal NANOS_PER_HOUR = NANOS_PER_MINUTE.multiply(BigDecimal.valueOf(60));
    private static final BigDecimal NANOS_PER_DAY = NANOS_PER_HOUR.multiply(BigDecimal.valueOf(24));
    private static final int MONTH_DIGITS = 10;

    /** sign, days, hours, minutes, seconds, fraction of more than milliseconds */
    private static final Pattern FINE_SECONDS = Pattern.compile(
            "\\s*([+-]?)(?:(?:(\\d{1,9})\\s+)?(?:(\\d{1,9}):)??(?:(\\d{1,9}):)?)(\\d{1,9})\\.(\\d{4,9})\\s*");

    private IntervalSyntax() {}

    /** {@code INTERVAL 'text' qualifier}. */
    public static SqlNode qualified(String text, int sign, SqlIntervalQualifier qualifier, SqlParserPos position) {
        if (text.isBlank() || text.length() > NumberText.MOST_CHARACTERS) {
            throw error(ErrorCode.INVALID_DATETIME, "'" + text.trim() + "' is not an interval", position, null);
        }
        if (qualifier.getEndUnit() == TimeUnit.SECOND || qualifier.getUnit() == TimeUnit.SECOND) {
            Matcher fine = FINE_SECONDS.matcher(text);
            if (fine.matches()) {
                return IntervalNanos.literal(sign * fineNanos(fine, position), position);
            }
        }
        return SqlLiteral.createInterval(sign, text.trim(), qualifier, position);
    }

    /** {@code INTERVAL 'text'}, as {@link IntervalText} reads it. */
    public static SqlNode unqualified(String text, int sign, SqlParserPos position) {
        IntervalText.Parts parts;
        try {
            parts = IntervalText.parse(text);
        } catch (EngineException e) {
            throw error(e.code(), e.getMessage(), position, e);
        }
        if (!parts.hasMonths()) {
            return IntervalNanos.literal(sign * parts.nanos(), position);
        }
        if (parts.hasNanos()) {
            throw error(
                    ErrorCode.FEATURE_NOT_SUPPORTED,
                    "INTERVAL '" + text + "' mixes months with days or times: add two intervals instead",
                    position,
                    null);
        }
        SqlIntervalQualifier qualifier = new SqlIntervalQualifier(TimeUnit.MONTH, MONTH_DIGITS, null, -1, position);
        boolean negative = parts.months() * sign < 0;
        return SqlLiteral.createInterval(
                negative ? -1 : 1, Long.toString(Math.abs(parts.months())), qualifier, position);
    }

    private static long fineNanos(Matcher fine, SqlParserPos position) {
        BigDecimal nanos = new BigDecimal(fine.group(5) + "." + fine.group(6))
                .multiply(NANOS_PER_SECOND)
                .add(times(fine.group(4), NANOS_PER_MINUTE))
                .add(times(fine.group(3), NANOS_PER_HOUR))
                .add(times(fine.group(2), NANOS_PER_DAY));
        try {
            return (fine.group(1).equals("-") ? nanos.negate() : nanos).longValueExact();
        } catch (ArithmeticException e) {
            throw error(
                    ErrorCode.DATETIME_OUT_OF_RANGE,
                    "interval '" + fine.group() + "' does not fit 64 bits of nanoseconds (about 292 years)",
                    position,
                    e);
        }
    }

    private static BigDecimal times(@Nullable String count, BigDecimal unit) {
        return count == null ? BigDecimal.ZERO : new BigDecimal(count).multiply(unit);
    }

    private static EngineException error(
            ErrorCode code, @Nullable String message, SqlParserPos position, @Nullable Throwable cause) {
        return new EngineException(
                code, String.valueOf(message), position.getLineNum(), position.getColumnNum(), cause);
    }
}
