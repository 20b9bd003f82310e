package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.CivilDate;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.IntervalText;
import io.zeptodb.engine.api.TemporalText;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Buckets of time: a width of nanoseconds that counts from 1970-01-01 00:00 or an origin, or one of months by the calendar from January 1970 or the
 * origin's month; with a zone the wall clock there is cut. Times are nanoseconds UTC. One thread.
 *
 * <p>On a wall clock a bucket begins when the clock shows its start: a day has 23 or 25 hours where clocks change, and buckets shorter than a day
 * that the clock shows twice are two.
 */
public final class BucketGrid {
    /** A million years: more than times and dates have. */
    private static final int MOST_MONTHS = 12_000_000;

    private final String function;
    private final long step;
    private final boolean months;
    private final long origin;
    private final @Nullable ZoneShift shift;
    private final boolean wholeDays;

    private BucketGrid(String function, long step, boolean months, long origin, @Nullable ZoneShift shift) {
        this.function = function;
        this.step = step;
        this.months = months;
        this.origin = origin;
        this.shift = shift;
        this.wholeDays = months || step % CivilDate.DAY_NANOS == 0;
    }

    /**
     * @param function for messages
     * @param step nanoseconds or months
     * @param origin a time, of the wall clock if there is a zone, at which a bucket begins
     * @throws EngineException INVALID_ARGUMENT for a step that is not greater than zero, and for an unknown zone
     */
    public static BucketGrid of(String function, long step, boolean months, long origin, @Nullable String zone) {
        if (step <= 0) {
            String shown = "INTERVAL '"
                    + (months ? IntervalText.formatMonths((int) step) : IntervalText.formatNanos(step)) + "'";
            throw Failures.invalidArgument(function, "the width must be greater than zero, got " + shown);
        }
        return new BucketGrid(function, step, months, origin, zone == null ? null : ZoneShift.of(function, zone));
    }

    /** Start of the bucket that a time is in. */
    public long floor(long time) {
        ZoneShift zone = shift;
        if (zone == null) {
            return floorLocal(time);
        }
        return zone.startOf(time, floorLocal(zone.toLocal(time)), wholeDays);
    }

    /** The day in which the bucket starts that the midnight of a day is in; without a time zone for every day there is. */
    public long floorDay(int day) {
        if (shift == null && months) {
            return floorMonthsOfDay(day);
        }
        boolean fits = Math.abs((long) day) < Long.MAX_VALUE / CivilDate.DAY_NANOS;
        if (fits) {
            return Math.floorDiv(floor(day * CivilDate.DAY_NANOS), CivilDate.DAY_NANOS);
        }
        if (shift != null) {
            throw Failures.outOfRange(
                    function + " of " + TemporalText.formatDate(day) + " in a time zone", ColumnType.TIMESTAMP_NS);
        }
        BigInteger past = BigInteger.valueOf(day)
                .multiply(BigInteger.valueOf(CivilDate.DAY_NANOS))
                .subtract(BigInteger.valueOf(origin));
        long rest = past.mod(BigInteger.valueOf(step)).longValueExact();
        long daysBack = rest / CivilDate.DAY_NANOS + (rest % CivilDate.DAY_NANOS == 0 ? 0 : 1);
        return day - daysBack;
    }

    /** Start of the bucket behind the one that starts here; the greatest long when there is none. */
    public long next(long start) {
        ZoneShift zone = shift;
        if (zone == null) {
            return nextLocal(floorLocal(start));
        }
        long at = start;
        while (true) {
            long local = zone.toLocal(at);
            long behind = nextLocal(floorLocal(local));
            long end = behind == Long.MAX_VALUE ? behind : at + (behind - local);
            // clocks may change before: then the bucket goes on, or the next one begins there
            long change = zone.changeAfter(at);
            at = Math.min(end, change);
            if (at == Long.MAX_VALUE) {
                return at;
            }
            long found = floor(at);
            if (found > start) {
                return found;
            }
        }
    }

    /** About how many buckets there are from one start to another; never far too few. */
    public double count(long first, long last) {
        double width = months ? step * 28.0 * CivilDate.DAY_NANOS : step;
        return ((double) last - first) / width + 1;
    }

    private long nextLocal(long floor) {
        if (!months) {
            long next = floor + step;
            return next < floor ? Long.MAX_VALUE : next;
        }
        int month = CivilDate.toMonths((int) Math.floorDiv(floor, CivilDate.DAY_NANOS));
        long next = month + step;
        if (next > MOST_MONTHS) {
            return Long.MAX_VALUE;
        }
        long days = CivilDate.monthStart((int) next);
        return days > Long.MAX_VALUE / CivilDate.DAY_NANOS ? Long.MAX_VALUE : days * CivilDate.DAY_NANOS;
    }

    private long floorLocal(long point) {
        return months ? floorMonths(point) : floorNanos(point);
    }

    private long floorNanos(long point) {
        // by the rests of both, for their difference may not be a long
        long rest = Math.floorMod(point, step) - Math.floorMod(origin, step);
        long floor = point - (rest < 0 ? rest + step : rest);
        if (floor > point) {
            throw Failures.outOfRange(function + "(" + point + ", " + step + ")", ColumnType.TIMESTAMP_NS);
        }
        return floor;
    }

    private long floorMonthsOfDay(int day) {
        int from = CivilDate.toMonths((int) Math.floorDiv(origin, CivilDate.DAY_NANOS));
        int month = CivilDate.toMonths(day);
        long start = month - Math.floorMod(month - from, step);
        if (Math.abs(start) > MOST_MONTHS) {
            throw Failures.outOfRange(
                    function + "(" + TemporalText.formatDate(day) + ", INTERVAL '"
                            + IntervalText.formatMonths((int) step) + "')",
                    ColumnType.TIMESTAMP_NS);
        }
        return CivilDate.monthStart((int) start);
    }

    private long floorMonths(long point) {
        long days = floorMonthsOfDay((int) Math.floorDiv(point, CivilDate.DAY_NANOS));
        if (days < Long.MIN_VALUE / CivilDate.DAY_NANOS) {
            throw Failures.outOfRange(function + " of the earliest times", ColumnType.TIMESTAMP_NS);
        }
        return days * CivilDate.DAY_NANOS;
    }
}
