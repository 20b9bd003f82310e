package io.zeptodb.server.access;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets few passwords be hashed at the same time, and few wait for it: a hash takes long on purpose, and thousands of them shall not keep the machine from its
 * work. From one address only some may wait, so that who comes from another one soon has a turn. Thread-safe.
 */
final class HashTurns {
    private static final int MOST_WAITING = 48;
    private static final int MOST_WAITING_OF_ADDRESS = 8;
    private static final long LONGEST_WAIT_SECONDS = 10;

    private final Semaphore turns =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);
    private final Map<String, Integer> waiting = new HashMap<>();
    private int allWaiting;

    /** What the check says; null when there are too many others. */
    @Nullable
    Boolean run(String address, BooleanSupplier check) {
        if (!enter(address)) {
            return null;
        }
        try {
            if (!turns.tryAcquire(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
                return null;
            }
            try {
                return check.getAsBoolean();
            } finally {
                turns.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            leave(address);
        }
    }

    private synchronized boolean enter(String address) {
        int here = waiting.getOrDefault(address, 0);
        if (allWaiting >= MOST_WAITING || here >= MOST_WAITING_OF_ADDRESS) {
            return false;
        }
        waiting.put(address, here + 1);
        allWaiting++;
        return true;
    }

    private synchronized void leave(String address) {
        allWaiting--;
        waiting.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }
}
