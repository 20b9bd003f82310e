package io.zeptodb.engine.sql.ast;

import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.OperandTypes;

/**
 * A day-time interval that is not whole milliseconds. Calcite's interval literals are milliseconds, so such a one is this function
 * over a BIGINT literal; the lowering makes an INTERVAL_DAY literal of both forms.
 */
public final class IntervalNanos extends SqlFunction {
    /** The one instance. */
    public static final IntervalNanos OPERATOR = new IntervalNanos();

    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final long MILLIS_PER_SECOND = 1_000;
    private static final long SECONDS_PER_MINUTE = 60;
    private static final long MINUTES_PER_HOUR = 60;
    private static final long HOURS_PER_DAY = 24;
    private static final int DAY_DIGITS = 10;
    private static final int FRACTION_DIGITS = 9;

    private IntervalNanos() {
        super(
                "$INTERVAL_NANOS",
                SqlKind.OTHER_FUNCTION,
                binding -> binding.getTypeFactory().createSqlIntervalType(qualifier(SqlParserPos.ZERO)),
                null,
                OperandTypes.EXACT_NUMERIC,
                SqlFunctionCategory.SYSTEM);
    }

    /** DAY TO SECOND, as wide as it gets. */
    public static SqlIntervalQualifier qualifier(SqlParserPos position) {
        return new SqlIntervalQualifier(TimeUnit.DAY, DAY_DIGITS, TimeUnit.SECOND, FRACTION_DIGITS, position);
    }

    /** An interval of so many nanoseconds. */
    public static SqlNode literal(long nanos, SqlParserPos position) {
        if (nanos % NANOS_PER_MILLI != 0) {
            return OPERATOR.createCall(position, SqlLiteral.createExactNumeric(Long.toString(nanos), position));
        }
        long millis = Math.abs(nanos / NANOS_PER_MILLI);
        long seconds = millis / MILLIS_PER_SECOND;
        long minutes = seconds / SECONDS_PER_MINUTE;
        long hours = minutes / MINUTES_PER_HOUR;
        String text = (hours / HOURS_PER_DAY) + " " + twoDigits(hours % HOURS_PER_DAY) + ":"
                + twoDigits(minutes % MINUTES_PER_HOUR) + ":" + twoDigits(seconds % SECONDS_PER_MINUTE) + "."
                + Long.toString(MILLIS_PER_SECOND + millis % MILLIS_PER_SECOND).substring(1);
        return SqlLiteral.createInterval(nanos < 0 ? -1 : 1, text, qualifier(position), position);
    }

    private static String twoDigits(long value) {
        return value < 10 ? "0" + value : Long.toString(value);
    }
}
