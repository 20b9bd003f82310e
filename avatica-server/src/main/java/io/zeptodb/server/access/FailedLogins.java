package io.zeptodb.server.access;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Makes those wait who gave a wrong password: after a few of them for one name from one address, twice as long with each; and after many from one address, every
 * name that has not logged in from there before, or one would only have to take another name each time. Nobody sleeps here: who comes too early is refused at
 * once. Remembers the last ones only, in a memory that is bounded. Thread-safe.
 */
final class FailedLogins {
    private static final int MOST = 10_000;
    private static final int MOST_DOUBLINGS = 10;
    /** After so long without another one it was a person's mistake. */
    private static final long FORGOTTEN_NANOS = TimeUnit.MINUTES.toNanos(15);

    private static final Patience OF_NAME =
            new Patience(3, TimeUnit.MILLISECONDS.toNanos(500), TimeUnit.SECONDS.toNanos(30));
    private static final Patience OF_ADDRESS =
            new Patience(30, TimeUnit.MILLISECONDS.toNanos(500), TimeUnit.SECONDS.toNanos(5));

    /** How many failures cost nothing, what the next one costs, and what one costs at most. */
    private record Patience(int free, long firstNanos, long longestNanos) {
        Failure after(Failure last, long now) {
            int count = now - last.atNanos > FORGOTTEN_NANOS ? 1 : last.count + 1;
            long wait = count <= free
                    ? 0
                    : Math.min(longestNanos, firstNanos << Math.min(MOST_DOUBLINGS, count - free - 1));
            return new Failure(count, now + wait, now);
        }
    }

    private record Failure(int count, long untilNanos, long atNanos) {
        long waitNanos(long now) {
            return Math.max(0, untilNanos - now);
        }
    }

    /** The least recently written goes when there are too many. */
    private static final class Recent<V> extends LinkedHashMap<String, V> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > MOST;
        }
    }

    private final Map<String, Failure> ofNames = new Recent<>();
    private final Map<String, Failure> ofAddresses = new Recent<>();
    /** Names that have logged in from an address. */
    private final Map<String, Boolean> welcome = new Recent<>();

    /** How long this name has to wait at this address; 0 for not at all. */
    synchronized long waitNanos(String name, String address, long now) {
        String key = key(name, address);
        Failure own = ofNames.get(key);
        Failure all = welcome.containsKey(key) ? null : ofAddresses.get(address);
        return Math.max(own == null ? 0 : own.waitNanos(now), all == null ? 0 : all.waitNanos(now));
    }

    synchronized void failed(String name, String address, long now) {
        note(ofNames, key(name, address), OF_NAME, now);
        note(ofAddresses, address, OF_ADDRESS, now);
    }

    private static void note(Map<String, Failure> failures, String key, Patience patience, long now) {
        Failure last = failures.remove(key);
        failures.put(key, patience.after(last == null ? new Failure(0, now, now) : last, now));
    }

    synchronized void succeeded(String name, String address) {
        String key = key(name, address);
        ofNames.remove(key);
        welcome.remove(key);
        welcome.put(key, true);
    }

    private static String key(String name, String address) {
        return address + " " + name;
    }
}
