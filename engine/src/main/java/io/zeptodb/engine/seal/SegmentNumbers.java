package io.zeptodb.engine.seal;

import java.util.concurrent.atomic.AtomicLong;

/** Numbers of segment files: each is given once in the life of a database. Thread-safe. */
public final class SegmentNumbers {
    private final AtomicLong next;

    /** @param next above all that a manifest has seen, and all that are in the folder */
    public SegmentNumbers(long next) {
        this.next = new AtomicLong(next);
    }

    long take() {
        return next.getAndIncrement();
    }

    /** The number that comes next. */
    public long next() {
        return next.get();
    }
}
