package io.zeptodb.jdbc;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs an action when a time has passed, unless it is closed before. The time stands still between {@link #pause} and {@link #resume}: what a reader does with
 * the rows that he has does not count. Thread-safe.
 */
final class Deadline implements AutoCloseable {
    private static final int THREADS = 1;

    private final long timeoutNanos;
    private final Runnable action;
    private long usedNanos;
    private long runningSince;
    private boolean running;
    private @Nullable Future<?> task;
    private volatile boolean passed;
    private boolean closed;

    private Deadline(long timeoutNanos, Runnable action) {
        this.timeoutNanos = timeoutNanos;
        this.action = action;
    }

    /** The thread exists once somebody has asked for a time-out, and never keeps the JVM alive. */
    private static final class Timer {
        private static final ScheduledExecutorService EXECUTOR = start();

        private static ScheduledExecutorService start() {
            ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(THREADS, action -> {
                Thread thread = Executors.defaultThreadFactory().newThread(action);
                thread.setName("zepto-jdbc-timeouts");
                thread.setDaemon(true);
                return thread;
            });
            executor.setRemoveOnCancelPolicy(true);
            return executor;
        }
    }

    /** @param timeoutNanos 0 for a deadline that never comes */
    static Deadline start(long timeoutNanos, Runnable action) {
        Deadline deadline = new Deadline(timeoutNanos, action);
        deadline.resume();
        return deadline;
    }

    synchronized void resume() {
        if (timeoutNanos > 0 && !running && !closed) {
            running = true;
            runningSince = System.nanoTime();
            task = Timer.EXECUTOR.schedule(this::pass, Math.max(0, timeoutNanos - usedNanos), TimeUnit.NANOSECONDS);
        }
    }

    synchronized void pause() {
        if (running) {
            running = false;
            usedNanos += System.nanoTime() - runningSince;
            stopTimer();
        }
    }

    private void stopTimer() {
        if (task != null) {
            task.cancel(false);
            task = null;
        }
    }

    private synchronized void pass() {
        if (running && !closed) {
            passed = true;
            action.run();
        }
    }

    boolean hasPassed() {
        return passed;
    }

    @Override
    public synchronized void close() {
        closed = true;
        stopTimer();
    }

    @Override
    public String toString() {
        return Duration.ofNanos(timeoutNanos).toMillis() + " ms";
    }
}
