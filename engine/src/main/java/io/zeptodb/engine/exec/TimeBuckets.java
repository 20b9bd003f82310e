package io.zeptodb.engine.exec;

import io.zeptodb.engine.kernel.Memory;

/** Which bucket of a fixed width a time is in. Remembers the last one; one thread. */
final class TimeBuckets {
    /** Rows looked at one by one before the end of a bucket is searched by leaps. */
    private static final int NEAR_ROWS = 16;

    private static final long NOT_SOUGHT = Long.MIN_VALUE;

    private final long width;
    private final long originRest;
    private long start = Long.MAX_VALUE;
    private long end = NOT_SOUGHT;

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
        return time >= start && time < end;
    }

    /** Goes to the bucket of a time. */
    void seek(long time) {
        if (end != NOT_SOUGHT && time >= end && time - end < width && time - end >= 0) {
            // the next bucket: no division
            start = end;
        } else {
            long rest = Math.floorMod(time, width) - originRest;
            start = time - (rest < 0 ? rest + width : rest);
        }
        end = start + width < start ? Long.MAX_VALUE : start + width;
    }

    /** First position in [from, to) of ascending times that is not in the bucket, at least from + 1, or to. */
    int endOf(long times, int from, int to) {
        long limit = end;
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
