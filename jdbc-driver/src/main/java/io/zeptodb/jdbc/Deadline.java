package io.zeptodb.jdbc;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs an action when a time has passed, unless it is closed before. Thread-safe. */
final class Deadline implements AutoCloseable {
    private static final int THREADS = 1;

    private final long timeoutNanos;
    private @Nullable Future<?> task;
    private volatile boolean passed;
    private boolean closed;

    private Deadline(long timeoutNanos) {
        this.timeoutNanos = timeoutNanos;
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
        Deadline deadline = new Deadline(timeoutNanos);
        if (timeoutNanos > 0) {
            deadline.task = Timer.EXECUTOR.schedule(() -> deadline.pass(action), timeoutNanos, TimeUnit.NANOSECONDS);
        }
        return deadline;
    }

    private synchronized void pass(Runnable action) {
        if (!closed) {
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
        if (task != null) {
            task.cancel(false);
        }
    }

    @Override
    public String toString() {
        return Duration.ofNanos(timeoutNanos).toSeconds() + " s";
    }
}
