package io.zeptodb.server.access;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets few passwords be hashed at the same time, and few wait for it: a hash takes long on purpose, and thousands of them shall not keep the machine from its
 * work. From one address only some may wait, so that who comes from another one soon has a turn. What waits has no thread. Thread-safe.
 */
final class HashTurns implements AutoCloseable {
    private static final int MOST_WAITING = 48;
    private static final int MOST_WAITING_OF_ADDRESS = 8;
    private static final long IDLE_THREAD_SECONDS = 10;

    private final ThreadPoolExecutor threads;
    private final Map<String, Integer> waiting = new HashMap<>();
    private int allWaiting;

    HashTurns() {
        int atOnce = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        AtomicInteger number = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                atOnce, atOnce, IDLE_THREAD_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), action -> {
                    Thread thread = new Thread(action, "zepto-login-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Does the work when it has its turn. Whether it will: not when too many others wait, or after the end. */
    boolean submit(String address, Runnable work) {
        if (!enter(address)) {
            return false;
        }
        try {
            threads.execute(() -> {
                try {
                    work.run();
                } finally {
                    leave(address);
                }
            });
            return true;
        } catch (RuntimeException e) { // it was closed
            leave(address);
            return false;
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

    /** What waits is never done. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
