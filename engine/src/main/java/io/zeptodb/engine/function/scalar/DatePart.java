package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.CivilDate;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.NearestName;
import io.zeptodb.engine.api.TemporalText;
import java.util.List;
import java.util.Locale;

/**
 * A part of a date or time as extract, date_trunc and date_diff name it. Units of fixed length say so; those of the calendar are
 * computed from days.
 */
enum DatePart {
    NANOSECOND(1),
    MICROSECOND(1_000),
    MILLISECOND(1_000_000),
    SECOND(DatePart.SECOND_NANOS),
    MINUTE(60 * DatePart.SECOND_NANOS),
    HOUR(3_600 * DatePart.SECOND_NANOS),
    DAY(CivilDate.DAY_NANOS),
    WEEK(0),
    MONTH(0),
    QUARTER(0),
    YEAR(0),
    DECADE(0),
    CENTURY(0),
    MILLENNIUM(0),
    ISO_YEAR(0),
    DAY_OF_WEEK(0),
    ISO_DAY_OF_WEEK(0),
    DAY_OF_YEAR(0),
    EPOCH(0);

    static final long SECOND_NANOS = 1_000_000_000L;
    private static final List<String> UNITS = List.of(
            "nanosecond",
            "microsecond",
            "millisecond",
            "second",
            "minute",
            "hour",
            "day",
            "week",
            "month",
            "quarter",
            "year",
            "decade",
            "century",
            "millennium",
            "isoyear",
            "dow",
            "isodow",
            "doy",
            "epoch");
    private static final int MONTHS_OF_YEAR = 12;
    private static final int MONTHS_OF_QUARTER = 3;
    private static final int DAYS_OF_WEEK = 7;
    private static final int FIRST_YEAR = 1970;

    private final long nanos;

    DatePart(long nanos) {
        this.nanos = nanos;
    }

    /** Length of the unit, 0 when it has none or belongs to the calendar. */
    long nanos() {
        return nanos;
    }

    /**
     * The part of a name, its plural or a usual short form.
     *
     * @throws EngineException INVALID_ARGUMENT with the names there are
     */
    static DatePart of(String function, String name) {
        return switch (name.strip().toLowerCase(Locale.ROOT)) {
            case "ns", "nsec", "nsecs", "nanosecond", "nanoseconds" -> NANOSECOND;
            case "us", "usec", "usecs", "microsecond", "microseconds" -> MICROSECOND;
            case "ms", "msec", "msecs", "millisecond", "milliseconds" -> MILLISECOND;
            case "s", "sec", "secs", "second", "seconds" -> SECOND;
            case "m", "min", "mins", "minute", "minutes" -> MINUTE;
            case "h", "hr", "hrs", "hour", "hours" -> HOUR;
            case "d", "day", "days", "dayofmonth" -> DAY;
            case "w", "week", "weeks", "weekofyear" -> WEEK;
            case "mon", "mons", "month", "months" -> MONTH;
            case "q", "quarter", "quarters" -> QUARTER;
            case "y", "yr", "yrs", "year", "years" -> YEAR;
            case "decade", "decades" -> DECADE;
            case "century", "centuries" -> CENTURY;
            case "millennium", "millenniums", "millennia" -> MILLENNIUM;
            case "isoyear" -> ISO_YEAR;
            case "dow", "dayofweek", "weekday" -> DAY_OF_WEEK;
            case "isodow" -> ISO_DAY_OF_WEEK;
            case "doy", "dayofyear" -> DAY_OF_YEAR;
            case "epoch" -> EPOCH;
            default ->
                throw Failures.invalidArgument(
                        function,
                        "'" + name + "' is not a unit" + NearestName.suggestion(name, UNITS)
                                + "; there are nanosecond, microsecond, millisecond, second, minute, hour, day, week,"
                                + " month, quarter, year, decade, century, millennium (extract also takes isoyear, dow, isodow, doy, epoch)");
        };
    }

    /** Whether date_trunc and date_diff take it. */
    boolean isUnit() {
        return ordinal() <= ISO_YEAR.ordinal();
    }

    /** The part of a timestamp; smaller parts of a second include the larger ones, as in PostgreSQL: 4.5 s are 4500 milliseconds. */
    long extract(long timestamp) {
        return switch (this) {
            case NANOSECOND, MICROSECOND, MILLISECOND -> Math.floorMod(timestamp, MINUTE.nanos) / nanos;
            case SECOND -> Math.floorMod(timestamp, MINUTE.nanos) / nanos;
            case MINUTE -> Math.floorMod(timestamp, HOUR.nanos) / nanos;
            case HOUR -> Math.floorMod(timestamp, CivilDate.DAY_NANOS) / nanos;
            case EPOCH -> Math.floorDiv(timestamp, SECOND_NANOS);
            default -> extractFromDay((int) Math.floorDiv(timestamp, CivilDate.DAY_NANOS));
        };
    }

    /** The part of a date, which may lie outside the range of timestamps. */
    long extractFromDate(int day) {
        if (this == EPOCH) {
            return day * (CivilDate.DAY_NANOS / SECOND_NANOS);
        }
        return nanos > 0 && this != DAY ? 0 : extractFromDay(day);
    }

    private long extractFromDay(int day) {
        int date = CivilDate.ofDays(day);
        int year = CivilDate.year(date);
        return switch (this) {
            case DAY -> CivilDate.day(date);
            case MONTH -> CivilDate.month(date);
            case QUARTER -> (CivilDate.month(date) - 1) / MONTHS_OF_QUARTER + 1L;
            case YEAR -> year > 0 ? year : year - 1L;
            case WEEK -> CivilDate.isoWeek(day);
            case DECADE -> Math.floorDiv(year, 10);
            case CENTURY -> counted(year, 100);
            case MILLENNIUM -> counted(year, 1000);
            case ISO_YEAR -> CivilDate.isoYear(day);
            case DAY_OF_WEEK -> CivilDate.isoWeekday(day) % 7;
            case ISO_DAY_OF_WEEK -> CivilDate.isoWeekday(day);
            case DAY_OF_YEAR -> CivilDate.dayOfYear(day);
            default -> throw new IllegalStateException(this + " is not counted in days");
        };
    }

    /** Centuries and millennia count from 1, begin with year 1 and know no zero. */
    private static long counted(int year, int years) {
        return year > 0 ? (year + years - 1) / years : -((long) (years - year) / years);
    }

    /** First day of the unit that a day lies in; only for units of the calendar. */
    int floorDay(int day) {
        return switch (this) {
            case WEEK -> CivilDate.weekStart(day);
            case ISO_YEAR -> CivilDate.weekStart(CivilDate.toDays(CivilDate.isoYear(day), 1, 4));
            case CENTURY -> CivilDate.toDays(Math.floorDiv(yearOf(day) - 1, 100) * 100 + 1, 1, 1);
            case MILLENNIUM -> CivilDate.toDays(Math.floorDiv(yearOf(day) - 1, 1000) * 1000 + 1, 1, 1);
            default -> CivilDate.monthStart(floorMonth(CivilDate.toMonths(day)));
        };
    }

    private int floorMonth(int month) {
        // months count from 1970, which begins a decade and is a multiple of the others
        return switch (this) {
            case MONTH -> month;
            case QUARTER -> month - Math.floorMod(month, MONTHS_OF_QUARTER);
            case YEAR -> month - Math.floorMod(month, MONTHS_OF_YEAR);
            case DECADE -> month - Math.floorMod(month, 10 * MONTHS_OF_YEAR);
            default -> throw new IllegalStateException(this + " has no first month");
        };
    }

    private static int yearOf(int day) {
        return CivilDate.year(CivilDate.ofDays(day));
    }

    /**
     * The start of the unit that a timestamp lies in, toward the past.
     *
     * @throws EngineException DATETIME_OUT_OF_RANGE when that is before 1677
     */
    long floor(long timestamp) {
        if (nanos > 0) {
            long start = timestamp - Math.floorMod(timestamp, nanos);
            if (start > timestamp) {
                throw outOfRange(timestamp);
            }
            return start;
        }
        long day = floorDay((int) Math.floorDiv(timestamp, CivilDate.DAY_NANOS));
        if (day < Long.MIN_VALUE / CivilDate.DAY_NANOS) {
            throw outOfRange(timestamp);
        }
        return day * CivilDate.DAY_NANOS;
    }

    private EngineException outOfRange(long timestamp) {
        return Failures.outOfRange(
                "the start of the " + name().toLowerCase(Locale.ROOT) + " of "
                        + TemporalText.formatTimestamp(timestamp),
                ColumnType.TIMESTAMP_NS);
    }

    /**
     * Whole units from one timestamp to another, toward zero. A month is whole on the same day of the month, or on the last one of a month that
     * has no such day.
     *
     * @throws EngineException NUMERIC_VALUE_OUT_OF_RANGE for nanoseconds beyond BIGINT; INVALID_ARGUMENT for what has no fixed number of
     *     days or months
     */
    long wholeBetween(long from, long to) {
        int months = months();
        if (months > 0) {
            return wholeMonths(from, to) / months;
        }
        long length = this == WEEK ? DAYS_OF_WEEK * CivilDate.DAY_NANOS : nanos;
        if (length == 0) {
            throw Failures.invalidArgument("timestampdiff", "no units of " + this + " are counted");
        }
        long first = Math.floorDiv(from, length);
        long last = Math.floorDiv(to, length);
        long difference = last - first;
        if (((last ^ first) & (last ^ difference)) < 0) {
            throw Failures.outOfRange(to + " - " + from, ColumnType.BIGINT);
        }
        return whole(difference, Math.floorMod(from, length), Math.floorMod(to, length));
    }

    private static long wholeMonths(long from, long to) {
        int fromDay = (int) Math.floorDiv(from, CivilDate.DAY_NANOS);
        int toDay = (int) Math.floorDiv(to, CivilDate.DAY_NANOS);
        long difference = (long) CivilDate.toMonths(toDay) - CivilDate.toMonths(fromDay);
        int date = CivilDate.ofDays(toDay);
        int lastDay = CivilDate.lengthOfMonth(CivilDate.year(date), CivilDate.month(date));
        int day = Math.min(CivilDate.day(CivilDate.ofDays(fromDay)), lastDay);
        long reached = day * CivilDate.DAY_NANOS + Math.floorMod(from, CivilDate.DAY_NANOS);
        long wanted = CivilDate.day(date) * CivilDate.DAY_NANOS + Math.floorMod(to, CivilDate.DAY_NANOS);
        return whole(difference, reached, wanted);
    }

    /** Boundaries crossed, less the last unit when it is not full: what lies behind its start tells. */
    private static long whole(long boundaries, long from, long to) {
        if (boundaries > 0 && to < from) {
            return boundaries - 1;
        }
        return boundaries < 0 && to > from ? boundaries + 1 : boundaries;
    }

    /** How many months the unit has; 0 when it is not counted in months. */
    private int months() {
        return switch (this) {
            case MONTH -> 1;
            case QUARTER -> MONTHS_OF_QUARTER;
            case YEAR -> MONTHS_OF_YEAR;
            case DECADE -> 10 * MONTHS_OF_YEAR;
            case CENTURY -> 100 * MONTHS_OF_YEAR;
            case MILLENNIUM -> 1000 * MONTHS_OF_YEAR;
            default -> 0;
        };
    }

    /** How many of the unit began between some fixed moment and the timestamp: differences count boundaries crossed. */
    long index(long timestamp) {
        if (nanos > 0) {
            return Math.floorDiv(timestamp, nanos);
        }
        int day = (int) Math.floorDiv(timestamp, CivilDate.DAY_NANOS);
        return switch (this) {
            case WEEK -> Math.floorDiv(CivilDate.weekStart(day) + 3, 7);
            case MONTH -> CivilDate.toMonths(day);
            case QUARTER -> Math.floorDiv(CivilDate.toMonths(day), MONTHS_OF_QUARTER);
            case ISO_YEAR -> CivilDate.isoYear(day);
            case CENTURY -> Math.floorDiv(yearOf(day) - 1, 100);
            case MILLENNIUM -> Math.floorDiv(yearOf(day) - 1, 1000);
            case DECADE -> Math.floorDiv(yearOf(day), 10);
            default -> yearOf(day) - FIRST_YEAR;
        };
    }
}
