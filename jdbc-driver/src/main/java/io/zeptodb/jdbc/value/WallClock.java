package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.sql.Date;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Calendar;
import org.jspecify.annotations.Nullable;

/**
 * Between the engine's numbers (days, nanoseconds), java.time and java.sql. A TIMESTAMP has no zone: what a clock on the wall shows.
 * java.sql's classes are instants that show it in some zone, the calendar's or the JVM's; that is why a time that a change to summer
 * time leaves out comes back an hour later from them, and never from java.time. Stateless and thread-safe.
 */
public final class WallClock {
    static final long NANOS_PER_SECOND = 1_000_000_000L;
    static final long NANOS_PER_MILLI = 1_000_000L;
    private static final long MILLIS_PER_SECOND = 1_000L;

    /** Before this, java.util.TimeZone does not know the local mean times that java.time knows. */
    private static final long FIRST_SECOND_OF_1910 = -1_893_456_000L;

    private WallClock() {}

    public static LocalDateTime localDateTime(long nanos) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(nanos, NANOS_PER_SECOND), (int) Math.floorMod(nanos, NANOS_PER_SECOND), ZoneOffset.UTC);
    }

    /**
     * Nanoseconds since 1970.
     *
     * @throws EngineException DATETIME_OUT_OF_RANGE outside 1677 to 2262
     */
    public static long nanos(LocalDateTime value) {
        try {
            long seconds = value.toEpochSecond(ZoneOffset.UTC);
            // the first second of the range is not whole: count back from the one above
            return seconds < 0
                    ? Math.addExact(
                            Math.multiplyExact(seconds + 1, NANOS_PER_SECOND), value.getNano() - NANOS_PER_SECOND)
                    : Math.addExact(Math.multiplyExact(seconds, NANOS_PER_SECOND), value.getNano());
        } catch (ArithmeticException e) {
            throw new EngineException(
                    ErrorCode.DATETIME_OUT_OF_RANGE, value + " is outside the range of TIMESTAMP, 1677 to 2262", e);
        }
    }

    static Timestamp timestamp(long nanos, @Nullable Calendar calendar) {
        long second = Math.floorDiv(nanos, NANOS_PER_SECOND);
        int fraction = (int) Math.floorMod(nanos, NANOS_PER_SECOND);
        LocalDateTime local = LocalDateTime.ofEpochSecond(second, fraction, ZoneOffset.UTC);
        ZoneId zone = zone(calendar);
        if (second < FIRST_SECOND_OF_1910 && zone.equals(ZoneId.systemDefault())) {
            return Timestamp.valueOf(local);
        }
        int offset = zone.getRules().getOffset(local).getTotalSeconds();
        Timestamp timestamp = new Timestamp((second - offset) * MILLIS_PER_SECOND);
        timestamp.setNanos(fraction);
        return timestamp;
    }

    static Date date(long days, @Nullable Calendar calendar) {
        LocalDate local = LocalDate.ofEpochDay(days);
        ZoneId zone = zone(calendar);
        if (zone.equals(ZoneId.systemDefault())) {
            return Date.valueOf(local);
        }
        return new Date(local.atStartOfDay(zone).toInstant().toEpochMilli());
    }

    /** Milliseconds of the time; java.sql.Time holds no more. */
    static Time time(long nanosOfDay, @Nullable Calendar calendar) {
        LocalDateTime local = LocalTime.ofNanoOfDay(nanosOfDay).atDate(LocalDate.EPOCH);
        int offset = zone(calendar).getRules().getOffset(local).getTotalSeconds();
        return new Time(nanosOfDay / NANOS_PER_MILLI - offset * MILLIS_PER_SECOND);
    }

    public static LocalDate localDate(Date date, @Nullable Calendar calendar) {
        return calendar == null
                ? date.toLocalDate()
                : Instant.ofEpochMilli(date.getTime()).atZone(zone(calendar)).toLocalDate();
    }

    public static LocalTime localTime(Time time, @Nullable Calendar calendar) {
        return Instant.ofEpochMilli(time.getTime()).atZone(zone(calendar)).toLocalTime();
    }

    public static LocalDateTime localDateTime(Timestamp timestamp, @Nullable Calendar calendar) {
        return calendar == null
                ? timestamp.toLocalDateTime()
                : LocalDateTime.ofInstant(timestamp.toInstant(), zone(calendar));
    }

    private static ZoneId zone(@Nullable Calendar calendar) {
        return calendar == null
                ? ZoneId.systemDefault()
                : calendar.getTimeZone().toZoneId();
    }
}
