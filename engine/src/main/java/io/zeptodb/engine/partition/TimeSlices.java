package io.zeptodb.engine.partition;

import io.zeptodb.engine.api.PartitionScheme.TimeSlice;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;

/** Bounds of time slices in nanoseconds since 1970 UTC; cut off where a long ends. */
final class TimeSlices {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long HOUR = 3_600 * NANOS_PER_SECOND;
    private static final long DAY = 24 * HOUR;

    private TimeSlices() {}

    /** First nanosecond of the slice that a time lies in. */
    static long start(TimeSlice slice, long time) {
        return switch (slice) {
            case NONE -> Long.MIN_VALUE;
            case HOUR -> floor(time, HOUR);
            case DAY -> floor(time, DAY);
            case MONTH -> firstOfMonth(monthOf(time));
        };
    }

    /** First nanosecond behind the slice that a time lies in. */
    static long end(TimeSlice slice, long time) {
        return switch (slice) {
            case NONE -> Long.MAX_VALUE;
            case HOUR -> ceiling(time, HOUR);
            case DAY -> ceiling(time, DAY);
            case MONTH -> firstOfMonth(monthOf(time).plusMonths(1));
        };
    }

    private static long floor(long time, long width) {
        long start = time - Math.floorMod(time, width);
        return start > time ? Long.MIN_VALUE : start;
    }

    private static long ceiling(long time, long width) {
        long end = time - Math.floorMod(time, width) + width;
        return end < time ? Long.MAX_VALUE : end;
    }

    private static YearMonth monthOf(long time) {
        return YearMonth.from(LocalDate.ofEpochDay(Math.floorDiv(time, DAY)));
    }

    private static long firstOfMonth(YearMonth month) {
        long seconds = month.atDay(1).atStartOfDay(ZoneOffset.UTC).toEpochSecond();
        long nanos = seconds * NANOS_PER_SECOND;
        if (Math.floorDiv(nanos, NANOS_PER_SECOND) == seconds) {
            return nanos;
        }
        return seconds < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
}
