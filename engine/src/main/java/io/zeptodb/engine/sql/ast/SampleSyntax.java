package io.zeptodb.engine.sql.ast;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.NumberText;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalLiteral;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlSampleSpec;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** The parts of SAMPLE BY and TABLESAMPLE while they are parsed. Made and called by the generated parser. */
public final class SampleSyntax {
    private static final Pattern SHORT_WIDTH = Pattern.compile("(\\d+)([A-Za-z]+)");
    private static final String UNITS = "ns, us, ms, s, m (minutes), h, d, w, M (months) or y";
    private static final int MONTHS_OF_YEAR = 12;
    private static final int MONTH_DIGITS = 9;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long SECONDS_PER_MINUTE = 60;
    private static final long SECONDS_PER_HOUR = 3_600;
    private static final long SECONDS_PER_DAY = 86_400;
    private static final long DAYS_OF_WEEK = 7;

    private final List<SqlNode> fills = new ArrayList<>();
    private @Nullable SqlNode width;
    private boolean weeks;
    private @Nullable SqlIdentifier time;
    private @Nullable SqlNode start;
    private @Nullable SqlNode end;
    private @Nullable SqlNode zone;

    /** A width as {@code 5m}. */
    public void shortWidth(String text, SqlParserPos position) {
        Matcher matcher = SHORT_WIDTH.matcher(text.replace("_", ""));
        if (text.length() > NumberText.MOST_CHARACTERS || !matcher.matches()) {
            throw error("'" + text + "' is no width: write a whole number and " + UNITS, position);
        }
        BigDecimal count = new BigDecimal(matcher.group(1));
        String unit = matcher.group(2);
        switch (unit) {
            case "M" -> width = months(text, count, 1, position);
            case "y", "Y" -> width = months(text, count, MONTHS_OF_YEAR, position);
            default -> {
                width = IntervalNanos.literal(nanos(text, count, unit, position), position);
                weeks = unit.equalsIgnoreCase("w");
            }
        }
    }

    private static long nanos(String text, BigDecimal count, String unit, SqlParserPos position) {
        long each = switch (unit) {
            case "n", "ns" -> 1;
            case "u", "U", "us" -> 1_000;
            case "T", "ms" -> 1_000_000;
            case "s", "S" -> NANOS_PER_SECOND;
            case "m" -> SECONDS_PER_MINUTE * NANOS_PER_SECOND;
            case "h", "H" -> SECONDS_PER_HOUR * NANOS_PER_SECOND;
            case "d", "D" -> SECONDS_PER_DAY * NANOS_PER_SECOND;
            case "w", "W" -> DAYS_OF_WEEK * SECONDS_PER_DAY * NANOS_PER_SECOND;
            default -> throw error("'" + unit + "' is no unit of SAMPLE BY; there are " + UNITS, position);
        };
        BigDecimal nanos = count.multiply(BigDecimal.valueOf(each));
        if (nanos.signum() <= 0 || nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw outOfRange(text, position);
        }
        return nanos.longValue();
    }

    private static SqlNode months(String text, BigDecimal count, int each, SqlParserPos position) {
        BigDecimal months = count.multiply(BigDecimal.valueOf(each));
        if (months.signum() <= 0 || months.precision() > MONTH_DIGITS) {
            throw outOfRange(text, position);
        }
        SqlIntervalQualifier qualifier = new SqlIntervalQualifier(TimeUnit.MONTH, MONTH_DIGITS, null, -1, position);
        return SqlLiteral.createInterval(1, months.toPlainString(), qualifier, position);
    }

    private static EngineException outOfRange(String text, SqlParserPos position) {
        return new EngineException(
                ErrorCode.INVALID_ARGUMENT,
                "the width of SAMPLE BY must be greater than zero and at most 292 years, got " + text,
                position.getLineNum(),
                position.getColumnNum(),
                null);
    }

    /** A width that is an expression. */
    public void width(SqlNode node) {
        width = node;
        weeks = node instanceof SqlIntervalLiteral literal
                && literal.getValue() instanceof SqlIntervalLiteral.IntervalValue value
                && value.getIntervalQualifier().getUnit() == TimeUnit.WEEK;
    }

    public void time(SqlIdentifier column) {
        time = column;
    }

    public void start(SqlNode node) {
        start = node;
    }

    public void end(SqlNode node) {
        end = node;
    }

    public void fill(SqlNode node) {
        fills.add(node);
    }

    public void zone(SqlNode node) {
        zone = node;
    }

    /** @throws EngineException always: buckets begin where the calendar says */
    public static void alignedOtherwise(SqlParserPos position) {
        throw new EngineException(
                ErrorCode.FEATURE_NOT_SUPPORTED,
                "ALIGN TO anything but CALENDAR is not supported; buckets begin where the calendar says",
                position.getLineNum(),
                position.getColumnNum(),
                null);
    }

    public SampleClause clause() {
        if (width == null) {
            throw new IllegalStateException("SAMPLE BY without a width");
        }
        return new SampleClause(width, weeks, time, start, end, fills, zone);
    }

    /** {@code t TABLE SAMPLE 0.1}: a share of the rows, as TABLESAMPLE BERNOULLI of a hundred times as much. */
    public static SqlNode share(SqlNode table, SqlNode share, SqlParserPos position) {
        BigDecimal rate = ((SqlNumericLiteral) share).bigDecimalValue();
        if (rate == null || rate.signum() < 0 || rate.compareTo(BigDecimal.ONE) > 0) {
            throw rate("TABLE SAMPLE takes a share of the rows from 0 to 1, got " + share, share.getParserPosition());
        }
        SqlLiteral spec = SqlLiteral.createSample(SqlSampleSpec.createTableSample(true, rate), position);
        return SqlStdOperatorTable.TABLESAMPLE.createCall(position, table, spec);
    }

    /** The percentage of TABLESAMPLE as a share. */
    public static BigDecimal percentage(SqlNumericLiteral percentage) {
        BigDecimal percent = percentage.bigDecimalValue();
        if (percent == null || percent.signum() < 0 || percent.compareTo(BigDecimal.valueOf(100)) > 0) {
            throw rate(
                    "TABLESAMPLE takes a percentage of the rows from 0 to 100, got " + percentage,
                    percentage.getParserPosition());
        }
        return percent.movePointLeft(2);
    }

    private static EngineException rate(String message, SqlParserPos position) {
        return new EngineException(
                ErrorCode.INVALID_ARGUMENT, message, position.getLineNum(), position.getColumnNum(), null);
    }

    private static EngineException error(String message, SqlParserPos position) {
        return new EngineException(
                ErrorCode.SYNTAX_ERROR, message, position.getLineNum(), position.getColumnNum(), null);
    }
}
