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
import java.util.Locale;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/**
 * Between the engine's numbers (days, nanoseconds), java.time and java.sql. A TIMESTAMP has no zone: what a clock on the wall shows.
 * java.sql's classes are instants that show it in some zone, the calendar's or the JVM's; that is why a time that a change to summer
 * time leaves out comes back an hour later from them, and never from java.time. They and calendars have the days of the Julian calendar
 * before 1582-10-15: what they show is stored, year, month and day, and comes back from them as it was given. Stateless and thread-safe.
 */
public final class WallClock {
    static final long NANOS_PER_SECOND = 1_000_000_000L;
    static final long NANOS_PER_MILLI = 1_000_000L;
    private static final long MILLIS_PER_SECOND = 1_000L;

    /** 1582-10-15: before it java.sql's classes count Julian days, and have others than java.time. */
    private static final long FIRST_GREGORIAN_DAY = -141_427;

    /** A day later, which is Gregorian in every zone. */
    private static final long SURELY_GREGORIAN_MILLIS = (FIRST_GREGORIAN_DAY + 2) * 86_400_000L;

    /** What java.sql's classes count by. */
    private static final String CHANGED_IN_1582 = "gregory";

    private static final int BEFORE_CHRIST = 0;
    private static final int AFTER_CHRIST = 1;

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
        LocalDateTime local = localDateTime(nanos);
        if (calendar == null) {
            return Timestamp.valueOf(local); // in the hour that a clock shows twice the second time
        }
        Timestamp timestamp = new Timestamp(millis(local, own(calendar)));
        timestamp.setNanos(local.getNano());
        return timestamp;
    }

    static Date date(long days, @Nullable Calendar calendar) {
        LocalDate local = LocalDate.ofEpochDay(days);
        return calendar == null && days >= FIRST_GREGORIAN_DAY
                ? Date.valueOf(local)
                : new Date(millis(local.atStartOfDay(), own(calendar)));
    }

    /** Milliseconds of the time; java.sql.Time holds no more. */
    static Time time(long nanosOfDay, @Nullable Calendar calendar) {
        LocalDateTime local = LocalTime.ofNanoOfDay(nanosOfDay).atDate(LocalDate.EPOCH);
        int offset = zone(calendar).getRules().getOffset(local).getTotalSeconds();
        return new Time(nanosOfDay / NANOS_PER_MILLI - offset * MILLIS_PER_SECOND);
    }

    public static LocalDate localDate(Date date, @Nullable Calendar calendar) {
        return calendar == null && date.getTime() >= SURELY_GREGORIAN_MILLIS
                ? date.toLocalDate()
                : day(at(date.getTime(), own(calendar)));
    }

    public static LocalTime localTime(Time time, @Nullable Calendar calendar) {
        return Instant.ofEpochMilli(time.getTime()).atZone(zone(calendar)).toLocalTime();
    }

    public static LocalDateTime localDateTime(Timestamp timestamp, @Nullable Calendar calendar) {
        if (calendar == null && timestamp.getTime() >= SURELY_GREGORIAN_MILLIS) {
            return timestamp.toLocalDateTime();
        }
        Calendar at = at(timestamp.getTime(), own(calendar));
        return day(at).atTime(
                        at.get(Calendar.HOUR_OF_DAY),
                        at.get(Calendar.MINUTE),
                        at.get(Calendar.SECOND),
                        timestamp.getNanos());
    }

    /** The caller's, so that nothing of it changes; one of another era and count of years lends its zone alone. */
    private static Calendar own(@Nullable Calendar calendar) {
        if (calendar != null && calendar.getCalendarType().equals(CHANGED_IN_1582)) {
            return (Calendar) calendar.clone();
        }
        return new Calendar.Builder()
                .setCalendarType(CHANGED_IN_1582)
                .setTimeZone(calendar == null ? TimeZone.getDefault() : calendar.getTimeZone())
                .setLocale(Locale.ROOT)
                .build();
    }

    private static Calendar at(long millis, Calendar calendar) {
        calendar.setTimeInMillis(millis);
        return calendar;
    }

    /** A day that only the Julian calendar has, as 1500-02-29, is the one behind it. */
    private static LocalDate day(Calendar at) {
        int year = at.get(Calendar.ERA) == BEFORE_CHRIST ? 1 - at.get(Calendar.YEAR) : at.get(Calendar.YEAR);
        return LocalDate.of(year, at.get(Calendar.MONTH) + 1, 1).plusDays(at.get(Calendar.DAY_OF_MONTH) - 1L);
    }

    /** The whole second at which a clock of the calendar's zone shows the time. */
    private static long millis(LocalDateTime local, Calendar calendar) {
        int year = local.getYear();
        calendar.clear();
        calendar.setLenient(true);
        calendar.set(Calendar.ERA, year > 0 ? AFTER_CHRIST : BEFORE_CHRIST);
        calendar.set(
                year > 0 ? year : 1 - year,
                local.getMonthValue() - 1,
                local.getDayOfMonth(),
                local.getHour(),
                local.getMinute(),
                local.getSecond());
        return calendar.getTimeInMillis();
    }

    private static ZoneId zone(@Nullable Calendar calendar) {
        return calendar == null
                ? ZoneId.systemDefault()
                : calendar.getTimeZone().toZoneId();
    }
}
