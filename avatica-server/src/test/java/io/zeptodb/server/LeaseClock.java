package io.zeptodb.server;

import io.zeptodb.server.access.Principal;
import io.zeptodb.server.endpoint.LeaseTerms;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** The time by which a server measures the silence of its clients: it stands still until it is moved. */
public final class LeaseClock implements LongSupplier {
    public static final Duration MOST = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong looks = new AtomicLong();
    private final Map<String, AtomicLong> looksOfUsers = new ConcurrentHashMap<>();

    @Override
    public long getAsLong() {
        looks.incrementAndGet();
        looksOf(Principal.current().name()).incrementAndGet();
        return nanos.get();
    }

    private AtomicLong looksOf(String user) {
        return looksOfUsers.computeIfAbsent(user, name -> new AtomicLong());
    }

    /** Terms by this clock. @param every in real time */
    public LeaseTerms terms(Duration every) {
        return new LeaseTerms(MOST, every, this);
    }

    public void move(Duration on) {
        nanos.addAndGet(on.toNanos());
    }

    /** Waits until a server on which nothing else happens has heard of its one client, for which it looks at the clock. */
    public void awaitLease() throws InterruptedException {
        awaitLease(looks);
    }

    /** The same of a client with this login, beside whom there are others. */
    public void awaitLease(String user) throws InterruptedException {
        awaitLease(looksOf(user));
    }

    private static void awaitLease(AtomicLong looks) throws InterruptedException {
        long before = looks.get();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (looks.get() < before + 2) { // the second is sent when the first was answered
            if (System.nanoTime() >= end) {
                throw new AssertionError("no lease comes");
            }
            Thread.sleep(5);
        }
    }
}
