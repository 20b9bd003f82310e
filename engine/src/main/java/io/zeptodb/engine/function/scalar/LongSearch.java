package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.kernel.Memory;

/**
 * Finds long parts in texts: the two-way algorithm of Crochemore and Perrin (Two-way string-matching, JACM 38, 1991), which takes time in proportion to text
 * and part, and no memory. Comparing place by place takes their product, hours for texts of megabytes.
 */
final class LongSearch {
    private final long part;
    private final int width;
    private int suffix;
    private int period;

    private LongSearch(long part, int width) {
        this.part = part;
        this.width = width;
    }

    /** Where the part, of one byte or more, first occurs from {@code from} on, as a byte offset, or -1. */
    static int find(long text, int length, int from, long part, int width) {
        LongSearch search = new LongSearch(part, width);
        search.factorise();
        return Utf8.equal(part, part + search.period, search.suffix)
                ? search.periodic(text, length - width, from)
                : search.plain(text, length - width, from);
    }

    /** Divides the part where no repetition goes over the division that is shorter than the part's own period. */
    private void factorise() {
        int forward = greatestSuffix(1);
        int forwardPeriod = period;
        int backward = greatestSuffix(-1);
        if (backward < forward) {
            suffix = forward;
            period = forwardPeriod;
        } else {
            suffix = backward;
        }
    }

    /** Where the greatest suffix begins, with bytes in their order or, for -1, in the reverse one; leaves its period. */
    private int greatestSuffix(int order) {
        int before = -1;
        int at = 0;
        int step = 1;
        period = 1;
        while (at + step < width) {
            int difference = (byteOfPart(at + step) - byteOfPart(before + step)) * order;
            if (difference < 0) {
                at += step;
                step = 1;
                period = at - before;
            } else if (difference > 0) {
                before = at++;
                step = 1;
                period = 1;
            } else if (step == period) {
                at += period;
                step = 1;
            } else {
                step++;
            }
        }
        return before + 1;
    }

    private int byteOfPart(int at) {
        return Memory.getByte(part + at) & 0xFF;
    }

    private boolean differs(long text, int at) {
        return Memory.getByte(part + at) != Memory.getByte(text + at);
    }

    /** Of a part that repeats itself: what is known to match after a step is not compared again. */
    private int periodic(long text, int last, int from) {
        int known = 0;
        for (int place = from; place <= last; ) {
            int at = Math.max(suffix, known);
            while (at < width && !differs(text + place, at)) {
                at++;
            }
            if (at < width) {
                place += at - suffix + 1;
                known = 0;
                continue;
            }
            at = suffix - 1;
            while (at >= known && !differs(text + place, at)) {
                at--;
            }
            if (at < known) {
                return place;
            }
            place += period;
            known = width - period;
        }
        return -1;
    }

    private int plain(long text, int last, int from) {
        int shift = Math.max(suffix, width - suffix) + 1;
        for (int place = from; place <= last; ) {
            int at = suffix;
            while (at < width && !differs(text + place, at)) {
                at++;
            }
            if (at < width) {
                place += at - suffix + 1;
                continue;
            }
            at = suffix - 1;
            while (at >= 0 && !differs(text + place, at)) {
                at--;
            }
            if (at < 0) {
                return place;
            }
            place += shift;
        }
        return -1;
    }
}
