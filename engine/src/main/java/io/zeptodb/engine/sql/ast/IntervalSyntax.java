package io.zeptodb.engine.sql.ast;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
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
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final int MONTHS_PER_YEAR = 12;
    private static final int MONTHS_PER_QUARTER = 3;
    private static final int DIGITS = 10;

    /** Nanoseconds of each unit of a fixed length. */
    private static final Map<String, BigDecimal> FIXED = Map.ofEntries(
            Map.entry("nanosecond", BigDecimal.ONE),
            Map.entry("ns", BigDecimal.ONE),
            Map.entry("microsecond", BigDecimal.valueOf(1_000)),
            Map.entry("us", BigDecimal.valueOf(1_000)),
            Map.entry("millisecond", BigDecimal.valueOf(NANOS_PER_MILLI)),
            Map.entry("ms", BigDecimal.valueOf(NANOS_PER_MILLI)),
            Map.entry("second", NANOS_PER_SECOND),
            Map.entry("sec", NANOS_PER_SECOND),
            Map.entry("s", NANOS_PER_SECOND),
            Map.entry("minute", NANOS_PER_MINUTE),
            Map.entry("min", NANOS_PER_MINUTE),
            Map.entry("m", NANOS_PER_MINUTE),
            Map.entry("hour", NANOS_PER_HOUR),
            Map.entry("h", NANOS_PER_HOUR),
            Map.entry("day", NANOS_PER_DAY),
            Map.entry("d", NANOS_PER_DAY),
            Map.entry("week", NANOS_PER_DAY.multiply(BigDecimal.valueOf(7))),
            Map.entry("w", NANOS_PER_DAY.multiply(BigDecimal.valueOf(7))));

    /** Months of each unit of the calendar. */
    private static final Map<String, Integer> CALENDAR =
            Map.of("month", 1, "mon", 1, "quarter", MONTHS_PER_QUARTER, "year", MONTHS_PER_YEAR, "y", MONTHS_PER_YEAR);

    private static final Pattern PART = Pattern.compile(
            "\\s*(?:([+-]?)(\\d+):(\\d{1,2})(?::(\\d{1,2}(?:\\.\\d{1,9})?))?|([+-]?\\d+(?:\\.\\d+)?)\\s*([a-z]+))");
    private static final Pattern FINE_SECONDS =
            Pattern.compile("\\s*([+-]?)(?:(?:(\\d+)\\s+)?(?:(\\d+):)??(?:(\\d+):)?)?(\\d+)\\.(\\d{4,9})\\s*");

    private IntervalSyntax() {}

    /** {@code INTERVAL 'text' qualifier}. */
    public static SqlNode qualified(String text, int sign, SqlIntervalQualifier qualifier, SqlParserPos position) {
        if (qualifier.getEndUnit() == TimeUnit.SECOND || qualifier.getUnit() == TimeUnit.SECOND) {
            Matcher fine = FINE_SECONDS.matcher(text);
            if (fine.matches()) {
                return ofNanos(fineNanos(fine, qualifier, position).multiply(BigDecimal.valueOf(sign)), position);
            }
        }
        if (text.isBlank()) {
            throw error(text, position);
        }
        return SqlLiteral.createInterval(sign, text.trim(), qualifier, position);
    }

    /** {@code INTERVAL 'text'}: pairs of a number and a unit, and hours:minutes[:seconds], in any order. */
    public static SqlNode unqualified(String text, int sign, SqlParserPos position) {
        String rest = text.toLowerCase(Locale.ROOT).trim();
        Matcher part = PART.matcher(rest);
        BigDecimal nanos = BigDecimal.ZERO;
        BigDecimal months = BigDecimal.ZERO;
        boolean calendar = false;
        int at = 0;
        while (at < rest.length()) {
            part.region(at, rest.length());
            if (!part.lookingAt()) {
                throw error(text, position);
            }
            if (part.group(6) == null) {
                nanos = nanos.add(clock(part));
            } else {
                BigDecimal count = new BigDecimal(part.group(5));
                String unit = singular(part.group(6));
                if (FIXED.containsKey(unit)) {
                    nanos = nanos.add(count.multiply(FIXED.get(unit)));
                } else if (CALENDAR.containsKey(unit)) {
                    calendar = true;
                    months = months.add(count.multiply(BigDecimal.valueOf(CALENDAR.get(unit))));
                } else {
                    throw error(text, position);
                }
            }
            at = part.end();
        }
        if (rest.isEmpty()) {
            throw error(text, position);
        }
        if (calendar && nanos.signum() != 0) {
            throw new EngineException(
                    ErrorCode.FEATURE_NOT_SUPPORTED,
                    "INTERVAL '" + text + "' mixes months with days or times: add two intervals instead",
                    position.getLineNum(),
                    position.getColumnNum(),
                    null);
        }
        BigDecimal signed = BigDecimal.valueOf(sign);
        return calendar ? ofMonths(months.multiply(signed), text, position) : ofNanos(nanos.multiply(signed), position);
    }

    private static BigDecimal clock(Matcher part) {
        BigDecimal seconds = part.group(4) == null ? BigDecimal.ZERO : new BigDecimal(part.group(4));
        BigDecimal nanos = new BigDecimal(part.group(2))
                .multiply(NANOS_PER_HOUR)
                .add(new BigDecimal(part.group(3)).multiply(NANOS_PER_MINUTE))
                .add(seconds.multiply(NANOS_PER_SECOND));
        return part.group(1).equals("-") ? nanos.negate() : nanos;
    }

    private static String singular(String unit) {
        boolean plural = unit.length() > 2 && unit.endsWith("s");
        return plural ? unit.substring(0, unit.length() - 1) : unit;
    }

    private static BigDecimal fineNanos(Matcher fine, SqlIntervalQualifier qualifier, SqlParserPos position) {
        BigDecimal nanos = new BigDecimal(fine.group(5) + "." + fine.group(6)).multiply(NANOS_PER_SECOND);
        boolean alone = qualifier.getUnit() == TimeUnit.SECOND;
        boolean hasMore = fine.group(2) != null || fine.group(3) != null || fine.group(4) != null;
        if (alone && hasMore) {
            throw error(fine.group(), position);
        }
        nanos = nanos.add(times(fine.group(4), NANOS_PER_MINUTE))
                .add(times(fine.group(3), NANOS_PER_HOUR))
                .add(times(fine.group(2), NANOS_PER_DAY));
        return fine.group(1).equals("-") ? nanos.negate() : nanos;
    }

    private static BigDecimal times(@Nullable String count, BigDecimal unit) {
        return count == null ? BigDecimal.ZERO : new BigDecimal(count).multiply(unit);
    }

    private static SqlNode ofMonths(BigDecimal months, String text, SqlParserPos position) {
        if (months.stripTrailingZeros().scale() > 0) {
            throw error(text, position);
        }
        SqlIntervalQualifier qualifier = new SqlIntervalQualifier(TimeUnit.MONTH, DIGITS, null, -1, position);
        return SqlLiteral.createInterval(
                months.signum() < 0 ? -1 : 1,
                months.abs().setScale(0, RoundingMode.UNNECESSARY).toPlainString(),
                qualifier,
                position);
    }

    private static SqlNode ofNanos(BigDecimal exact, SqlParserPos position) {
        long nanos;
        try {
            nanos = exact.setScale(0, RoundingMode.HALF_EVEN).longValueExact();
        } catch (ArithmeticException e) {
            throw new EngineException(
                    ErrorCode.DATETIME_OUT_OF_RANGE,
                    "interval of " + exact.toPlainString() + " ns does not fit 64 bits (about 292 years)",
                    position.getLineNum(),
                    position.getColumnNum(),
                    e);
        }
        return IntervalNanos.literal(nanos, position);
    }

    private static EngineException error(String text, SqlParserPos position) {
        return new EngineException(
                ErrorCode.INVALID_DATETIME,
                "'" + text + "' is not an interval; write e.g. INTERVAL '5' MINUTE or INTERVAL '1 hour 30 minutes'",
                position.getLineNum(),
                position.getColumnNum(),
                null);
    }
}
