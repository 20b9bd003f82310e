package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.NearestName;
import io.zeptodb.engine.api.TemporalText;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * UTC to the wall clock of a time zone and back, in nanoseconds since 1970. It remembers between which moments the current offset
 * holds, so that rows in time order ask java.time only when clocks change. One thread.
 */
final class ZoneShift {
    private static final long SECOND_NANOS = DatePart.SECOND_NANOS;

    private final ZoneRules rules;
    private long offset;
    private long validFrom;
    /** Exclusive. */
    private long validTo;

    private ZoneShift(ZoneRules rules) {
        this.rules = rules;
    }

    /** @throws EngineException INVALID_ARGUMENT when there is no such zone */
    static ZoneShift of(String function, String zone) {
        try {
            return new ZoneShift(ZoneId.of(zone.strip(), ZoneId.SHORT_IDS).getRules());
        } catch (DateTimeException e) {
            throw new EngineException(
                    io.zeptodb.engine.api.ErrorCode.INVALID_ARGUMENT,
                    function + ": '" + zone
                            + "' is not a time zone" + NearestName.suggestion(zone, ZoneId.getAvailableZoneIds())
                            + "; use a name as 'Europe/Berlin' or an offset as '+02:00'",
                    e);
        }
    }

    /**
     * What the wall clock shows.
     *
     * @throws EngineException DATETIME_OUT_OF_RANGE when that is before 1677 or behind 2262
     */
    long toLocal(long utc) {
        if (utc < validFrom || utc >= validTo) {
            lookUp(utc);
        }
        return moved(utc, offset, "what the wall clock of the time zone shows at ");
    }

    /** @throws EngineException DATETIME_OUT_OF_RANGE for a result before 1677 or behind 2262 */
    private static long moved(long time, long by, String what) {
        long moved = time + by;
        if (((time ^ moved) & (by ^ moved)) < 0) {
            throw Failures.outOfRange(what + TemporalText.formatTimestamp(time), ColumnType.TIMESTAMP_NS);
        }
        return moved;
    }

    /**
     * When the wall clock came to the start of what it shows at a time.
     *
     * @param local the start, not behind what the clock shows
     * @param first whether it is the first time if the clock came there twice; else, of those not behind {@code utc}, the last
     */
    long startOf(long utc, long local, boolean first) {
        long start = local - (toLocal(utc) - utc);
        if (!first && start >= validFrom) {
            return start;
        }
        long seconds = Math.floorDiv(local, SECOND_NANOS);
        LocalDateTime time =
                LocalDateTime.ofEpochSecond(seconds, (int) (local - seconds * SECOND_NANOS), ZoneOffset.UTC);
        ZoneOffsetTransition change = rules.getTransition(time);
        // a start that the clock never shows is when it passed over it
        return change != null && change.isGap()
                ? nanos(change.toEpochSecond())
                : moved(
                        local,
                        -rules.getOffset(time).getTotalSeconds() * SECOND_NANOS,
                        "the time at which the wall clock of the time zone shows ");
    }

    /** When clocks change next, behind a time; the greatest long when they never do. */
    long changeAfter(long utc) {
        toLocal(utc);
        return validTo;
    }

    private void lookUp(long utc) {
        Instant instant = Instant.ofEpochSecond(Math.floorDiv(utc, SECOND_NANOS));
        offset = rules.getOffset(instant).getTotalSeconds() * SECOND_NANOS;
        ZoneOffsetTransition last = rules.previousTransition(instant.plusSeconds(1));
        ZoneOffsetTransition next = rules.nextTransition(instant);
        validFrom = last == null ? Long.MIN_VALUE : nanos(last.toEpochSecond());
        validTo = next == null ? Long.MAX_VALUE : nanos(next.toEpochSecond());
    }

    private static long nanos(long seconds) {
        if (seconds <= Long.MIN_VALUE / SECOND_NANOS) {
            return Long.MIN_VALUE;
        }
        return seconds >= Long.MAX_VALUE / SECOND_NANOS ? Long.MAX_VALUE : seconds * SECOND_NANOS;
    }
}
