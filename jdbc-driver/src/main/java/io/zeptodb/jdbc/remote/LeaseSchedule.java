package io.zeptodb.jdbc.remote;

import java.util.concurrent.TimeUnit;

/**
 * When the leases of one login are sent. Servers wait for four intervals (their {@code LeaseTerms}): within them, what is not answered is sent again at half an interval, counted from its
 * beginning and not from its end, so that one message that is stalled costs one attempt. Only later, when the lease is over for a server that has heard nothing, is it asked more seldom, and
 * never so seldom that a server whose answers alone are lost would take this client for dead. Times are of {@link System#nanoTime}. Not thread-safe.
 */
final class LeaseSchedule {
    // whatever a server asks for
    private static final long LEAST_MILLIS = 10;
    private static final long MOST_MILLIS = TimeUnit.DAYS.toMillis(1);

    private static final int INTERVALS_OF_LEASE = 4;
    /** A server that has not answered for a lease is asked this much more seldom than it wants. */
    private static final int BACK_OFF = 2;

    private static final long MOST_TIMEOUT_MILLIS = 5_000;
    /** With shorter ones a busy machine would be taken for a lost message. */
    private static final long LEAST_TIMEOUT_MILLIS = 1_000;

    private long everyMillis;
    private long heardNanos;
    private long nextNanos;

    LeaseSchedule(long now, long everyMillis) {
        this.everyMillis = bounded(everyMillis);
        this.heardNanos = now;
        this.nextNanos = now + intervalNanos();
    }

    /** The server has opened a connection now, and wants to hear of it as often as this. */
    void opened(long now, long millis) {
        everyMillis = bounded(millis);
        heardNanos = now;
        nextNanos = now + Math.min(nextNanos - now, intervalNanos());
    }

    /** Leases are sent now. Until {@link #heard} is called they count as lost. */
    void begin(long now) {
        boolean isOver = now - heardNanos >= INTERVALS_OF_LEASE * intervalNanos();
        nextNanos = now + (isOver ? BACK_OFF * intervalNanos() : intervalNanos() / 2);
    }

    /** The server has answered those that were begun then. */
    void heard(long begun) {
        heardNanos = begun;
        nextNanos = begun + intervalNanos();
    }

    /** Nothing is sent now, but looked whether there is something to send again. */
    void pass(long now) {
        nextNanos = now + intervalNanos();
    }

    /** When leases are due. */
    long nextNanos() {
        return nextNanos;
    }

    /** Until an attempt is given up. Half an interval: the next one is due then. */
    int timeoutMillis() {
        return (int) Math.max(LEAST_TIMEOUT_MILLIS, Math.min(MOST_TIMEOUT_MILLIS, everyMillis / 2));
    }

    private static long bounded(long millis) {
        return Math.max(LEAST_MILLIS, Math.min(MOST_MILLIS, millis));
    }

    private long intervalNanos() {
        return TimeUnit.MILLISECONDS.toNanos(everyMillis);
    }
}
