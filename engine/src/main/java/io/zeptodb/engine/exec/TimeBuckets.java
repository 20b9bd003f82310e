package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TemporalText;
import io.zeptodb.engine.kernel.Memory;

/** Which bucket of a fixed width a time is in. Remembers the last one; one thread. */
final class TimeBuckets {
    /** Rows looked at one by one before the end of a bucket is searched by leaps. */
    private static final int NEAR_ROWS = 16;

    private final long width;
    private final long originRest;
    private boolean sought;
    private long start = Long.MAX_VALUE;
    /** The last time in the bucket: the one behind it may not be a long. */
    private long last = Long.MIN_VALUE;

    /**
     * @param width nanoseconds, positive
     * @param origin a time at which a bucket begins
     */
    TimeBuckets(long width, long origin) {
        this.width = width;
        this.originRest = Math.floorMod(origin, width);
    }

    /** Start of the bucket that was sought last. */
    long start() {
        return start;
    }

    /** Whether a time is in the bucket that was sought last. */
    boolean holds(long time) {
        return time >= start && time <= last;
    }

    /** Goes to the bucket of a time. @throws EngineException DATETIME_OUT_OF_RANGE when that begins before the first time there is */
    void seek(long time) {
        // a distance that is no long is negative here
        if (sought && time > last && time - last > 0 && time - last <= width) {
            // the next bucket: no division
            start = last + 1;
        } else {
            long rest = Math.floorMod(time, width) - originRest;
            long floor = time - (rest < 0 ? rest + width : rest);
            if (floor > time) {
                throw new EngineException(
                        ErrorCode.DATETIME_OUT_OF_RANGE,
                        "out of range: the bucket of " + TemporalText.formatTimestamp(time)
                                + " begins before the first TIMESTAMP");
            }
            start = floor;
        }
        sought = true;
        last = start + (width - 1) < start ? Long.MAX_VALUE : start + (width - 1);
    }

    /** First position in [from, to) of ascending times that is not in the bucket, at least from + 1, or to. */
    int endOf(long times, int from, int to) {
        if (last == Long.MAX_VALUE) {
            return to;
        }
        long limit = last + 1;
        int near = Math.min(to, from + NEAR_ROWS);
        int i = from + 1;
        while (i < near && Memory.getLong(times + ((long) i << 3)) < limit) {
            i++;
        }
        if (i < near || i >= to) {
            return Math.min(i, to);
        }
        // leaps of growing length, then halves: long buckets cost the logarithm of their rows
        int low = i;
        int leap = NEAR_ROWS;
        int high = low;
        while (high < to && Memory.getLong(times + ((long) high << 3)) < limit) {
            low = high + 1;
            high = leap > to - low ? to : low + leap;
            leap = leap << 1;
        }
        return Morsels.firstAtLeast(times, low, Math.min(high, to), limit);
    }
}
