package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TemporalText;
import java.time.LocalDate;
import java.time.LocalTime;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.TimeString;
import org.apache.calcite.util.TimestampString;
import org.jspecify.annotations.Nullable;

/** Date and time literals, to the nanosecond, from every text that the engine reads: ISO 8601 with T and Z too. */
final class TemporalLiterals {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private static final int FIRST_YEAR = 1678;
    private static final int LAST_YEAR = 2261;
    private static final int LAST_WRITTEN_YEAR = 9999;
    private static final int SHORTEST_MONTH = 28;

    private TemporalLiterals() {}

    /**
     * The literal of a type that a text or a number of nanoseconds stands for.
     *
     * @return null when the type is not one of date and time
     * @throws EngineException INVALID_DATETIME or DATETIME_OUT_OF_RANGE at the position
     */
    static @Nullable SqlNode of(SqlTypeName type, String text, SqlParserPos position) {
        try {
            return switch (type) {
                case DATE -> date(text.trim(), position);
                case TIME -> time(TemporalText.parseTime(text.trim()), position);
                case TIMESTAMP -> timestamp(TemporalText.parseTimestamp(text.trim()), position);
                default -> null;
            };
        } catch (EngineException e) {
            throw new EngineException(
                    e.code(), String.valueOf(e.getMessage()), position.getLineNum(), position.getColumnNum(), e);
        }
    }

    /** A literal has the years 1 to 9999 of SQL. */
    private static SqlNode date(String text, SqlParserPos position) {
        int days = TemporalText.parseDate(text);
        int year = LocalDate.ofEpochDay(days).getYear();
        if (year < 1 || year > LAST_WRITTEN_YEAR) {
            throw new EngineException(
                    ErrorCode.DATETIME_OUT_OF_RANGE,
                    "a literal of DATE has the years 1 to " + LAST_WRITTEN_YEAR + ", got '" + text + "'; write CAST('"
                            + text + "' AS DATE)");
        }
        return SqlLiteral.createDate(DateString.fromDaysSinceEpoch(days), position);
    }

    /** TIMESTAMP of nanoseconds since 1970 UTC. */
    static SqlNode timestamp(long nanos, SqlParserPos position) {
        long second = Math.floorDiv(nanos, NANOS_PER_SECOND);
        TimestampString text = TimestampString.fromMillisSinceEpoch(second * 1000)
                .withNanos((int) Math.floorMod(nanos, NANOS_PER_SECOND));
        return SqlLiteral.createTimestamp(SqlTypeName.TIMESTAMP, text, ColumnType.MAX_TIME_PRECISION, position);
    }

    /**
     * As {@link #of}, for the side of a comparison: a TIMESTAMP outside the range of 64 bits is a bound that every value meets or none.
     *
     * @return null when the type is not one of date and time
     */
    static @Nullable SqlNode bound(SqlTypeName type, String text, SqlParserPos position) {
        if (type == SqlTypeName.TIMESTAMP && TemporalText.tryParseTimestamp(text.trim()) == TemporalText.INVALID) {
            int days = TemporalText.tryParseDate(text.trim().split("[ T]", 2)[0]);
            LocalDate date = days == TemporalText.INVALID_DATE ? LocalDate.EPOCH : LocalDate.ofEpochDay(days);
            boolean outside = date.getYear() < FIRST_YEAR || date.getYear() > LAST_YEAR;
            // the time of day and the zone do not matter, but they must be right
            if (outside && isTimestamp(LocalDate.EPOCH + text.trim().substring(dateLength(text.trim())))) {
                return beyond(date, position);
            }
        }
        return of(type, text, position);
    }

    private static int dateLength(String text) {
        return text.split("[ T]", 2)[0].length();
    }

    private static boolean isTimestamp(String text) {
        return TemporalText.tryParseTimestamp(text) != TemporalText.INVALID;
    }

    /** Midnight of any day, in range or not. */
    static SqlNode beyond(LocalDate date, SqlParserPos position) {
        int year = Math.max(1, Math.min(LAST_WRITTEN_YEAR, date.getYear()));
        TimestampString text = new TimestampString(
                year, date.getMonthValue(), Math.min(date.getDayOfMonth(), SHORTEST_MONTH), 0, 0, 0);
        return SqlLiteral.createTimestamp(SqlTypeName.TIMESTAMP, text, ColumnType.MAX_TIME_PRECISION, position);
    }

    private static SqlNode time(long nanosOfDay, SqlParserPos position) {
        LocalTime time = LocalTime.ofNanoOfDay(nanosOfDay);
        TimeString text = new TimeString(time.getHour(), time.getMinute(), time.getSecond()).withNanos(time.getNano());
        return SqlLiteral.createTime(text, ColumnType.MAX_TIME_PRECISION, position);
    }
}
