package io.zeptodb.engine.copy;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.NumberText;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import org.jspecify.annotations.Nullable;

/**
 * A TIMESTAMP column read from texts that are not ISO: numbers since 1970, or a pattern. Owned by one statement, one thread.
 */
public final class TimestampColumn implements AutoCloseable {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    /** Before the point, or zeros behind it: times have fewer, and others take long to be written out. */
    private static final int MOST_DIGITS = 100;

    private final WritableColumn column;
    private final long unitNanos;
    private final @Nullable DateTimeFormatter pattern;
    private final String format;
    private int failedRow = -1;

    /** @param type the TIMESTAMP type of the column */
    public TimestampColumn(CsvOptions options, ColumnType type, MemoryBudget budget) {
        this.column = new WritableColumn(budget, type);
        this.unitNanos = options.epochUnitNanos();
        this.pattern = options.timestampPattern();
        this.format = options.timestampFormat();
    }

    /** Whether these options say anything else than ISO. */
    public static boolean isNeeded(CsvOptions options) {
        return !options.timestampFormat().equals("iso");
    }

    /**
     * Reads rows [0, count).
     *
     * @param lenient bad texts become NULL instead of an error
     * @return valid until the next call
     */
    public ColumnVector read(ColumnVector texts, int count, boolean lenient) {
        column.clear();
        column.reserve(count);
        for (int row = 0; row < count; row++) {
            if (texts.isNull(row)) {
                column.setLong(row, 0);
                column.setNull(row);
            } else {
                readRow(texts.getText(row), row, lenient);
            }
        }
        column.setRowCount(count);
        return column.vector();
    }

    /** The row that the last failed {@link #read} stopped at, or -1. */
    public int failedRow() {
        return failedRow;
    }

    private void readRow(String text, int row, boolean lenient) {
        try {
            column.setLong(row, pattern == null ? epoch(text) : parse(pattern, text));
        } catch (ArithmeticException | NumberFormatException | DateTimeException e) {
            if (!lenient) {
                failedRow = row;
                throw new EngineException(
                        ErrorCode.INVALID_DATETIME,
                        "'" + text + "' is not a timestamp of format " + format + " within the years 1677 to 2262",
                        e);
            }
            column.setLong(row, 0);
            column.setNull(row);
        }
    }

    private long epoch(String text) {
        if (text.length() > NumberText.MOST_CHARACTERS) {
            throw new NumberFormatException("too long for a time");
        }
        BigDecimal number = new BigDecimal(text.strip());
        if (number.signum() == 0) {
            return 0;
        }
        if (Math.abs((long) number.precision() - number.scale()) > MOST_DIGITS) {
            throw new ArithmeticException("too many digits before the point, or zeros behind it");
        }
        return number.multiply(BigDecimal.valueOf(unitNanos))
                .setScale(0, RoundingMode.FLOOR)
                .longValueExact();
    }

    private static long parse(DateTimeFormatter pattern, String text) {
        TemporalAccessor parsed = pattern.parse(text.strip());
        if (parsed.isSupported(ChronoField.INSTANT_SECONDS)) {
            return nanos(Instant.from(parsed));
        }
        LocalDate date = LocalDate.from(parsed);
        LocalTime time = parsed.query(TemporalQueries.localTime());
        return nanos(
                LocalDateTime.of(date, time == null ? LocalTime.MIDNIGHT : time).toInstant(ZoneOffset.UTC));
    }

    private static long nanos(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS_PER_SECOND), instant.getNano());
    }

    @Override
    public void close() {
        column.close();
    }
}
