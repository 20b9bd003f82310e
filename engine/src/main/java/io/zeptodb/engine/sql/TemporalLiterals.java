package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.TemporalText;
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

    private TemporalLiterals() {}

    /**
     * The literal of a type that a text or a number of nanoseconds stands for.
     *
     * @return null when the type is not one of date and time
     * @throws EngineException INVALID_DATETIME at the position
     */
    static @Nullable SqlNode of(SqlTypeName type, String text, SqlParserPos position) {
        try {
            return switch (type) {
                case DATE ->
                    SqlLiteral.createDate(DateString.fromDaysSinceEpoch(TemporalText.parseDate(text.trim())), position);
                case TIME -> time(TemporalText.parseTime(text.trim()), position);
                case TIMESTAMP -> timestamp(TemporalText.parseTimestamp(text.trim()), position);
                default -> null;
            };
        } catch (EngineException e) {
            throw new EngineException(
                    e.code(), String.valueOf(e.getMessage()), position.getLineNum(), position.getColumnNum(), e);
        }
    }

    /** TIMESTAMP of nanoseconds since 1970 UTC. */
    static SqlNode timestamp(long nanos, SqlParserPos position) {
        long second = Math.floorDiv(nanos, NANOS_PER_SECOND);
        TimestampString text = TimestampString.fromMillisSinceEpoch(second * 1000)
                .withNanos((int) Math.floorMod(nanos, NANOS_PER_SECOND));
        return SqlLiteral.createTimestamp(SqlTypeName.TIMESTAMP, text, ColumnType.MAX_TIME_PRECISION, position);
    }

    private static SqlNode time(long nanosOfDay, SqlParserPos position) {
        LocalTime time = LocalTime.ofNanoOfDay(nanosOfDay);
        TimeString text = new TimeString(time.getHour(), time.getMinute(), time.getSecond()).withNanos(time.getNano());
        return SqlLiteral.createTime(text, ColumnType.MAX_TIME_PRECISION, position);
    }
}
