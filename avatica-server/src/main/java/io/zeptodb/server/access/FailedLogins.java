package io.zeptodb.server.access;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Makes those wait who gave a wrong password: after a few of them for one name from one address, twice as long with each. Nobody sleeps here: who comes too
 * early is refused at once. Remembers the last ones only, in a memory that is bounded. Thread-safe.
 */
final class FailedLogins {
    private static final int MOST = 10_000;
    private static final int FREE = 3;
    private static final long FIRST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int MOST_DOUBLINGS = 10;
    /** After so long without another one it was a person's mistake. */
    private static final long FORGOTTEN_NANOS = TimeUnit.MINUTES.toNanos(15);

    private record Failure(int count, long untilNanos, long atNanos) {}

    private final Map<String, Failure> failures = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failure> eldest) {
            return size() > MOST;
        }
    };

    /** How long this name has to wait at this address; 0 for not at all. */
    synchronized long waitNanos(String name, String address, long now) {
        Failure last = failures.get(key(name, address));
        return last == null ? 0 : Math.max(0, last.untilNanos - now);
    }

    synchronized void failed(String name, String address, long now) {
        String key = key(name, address);
        Failure last = failures.remove(key);
        int count = last == null || now - last.atNanos > FORGOTTEN_NANOS ? 1 : last.count + 1;
        long wait = count <= FREE
                ? 0
                : Math.min(LONGEST_WAIT_NANOS, FIRST_WAIT_NANOS << Math.min(MOST_DOUBLINGS, count - FREE - 1));
        failures.put(key, new Failure(count, now + wait, now));
    }

    synchronized void succeeded(String name, String address) {
        failures.remove(key(name, address));
    }

    private static String key(String name, String address) {
        return address + " " + name;
    }
}
