package io.zeptodb.engine;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Acts once when a statement has worked for longer than its time-out. What its reader does between two batches does not count: a long result may be read
 * slowly under a short time-out. Thread-safe; the action is run by the timer's thread.
 */
final class WorkTimeout implements AutoCloseable {
    private final ScheduledExecutorService timer;
    private final EngineClock clock;
    private final long limitNanos;
    private final Runnable action;
    private long usedNanos;
    private long workingSince;
    private boolean working = true;
    private boolean ended;
    /** Stays when the work stops, so that a batch costs no more than reading the clock; it finds out when it comes whether there is work. */
    private @Nullable ScheduledFuture<?> task;

    /** Begins at work. */
    WorkTimeout(ScheduledExecutorService timer, EngineClock clock, long limitNanos, Runnable action) {
        this.timer = timer;
        this.clock = clock;
        this.limitNanos = limitNanos;
        this.action = action;
        this.workingSince = clock.monotonicNanos();
        schedule();
    }

    /** The reader has what it asked for. */
    synchronized void pause() {
        if (working) {
            usedNanos = used();
            working = false;
        }
    }

    /** The reader wants more. */
    synchronized void resume() {
        if (!working) {
            working = true;
            workingSince = clock.monotonicNanos();
            if (task == null) {
                schedule();
            }
        }
    }

    private long used() {
        return working ? usedNanos + clock.monotonicNanos() - workingSince : usedNanos;
    }

    private void schedule() {
        if (!ended) {
            task = timer.schedule(this::look, Math.max(0, limitNanos - used()), TimeUnit.NANOSECONDS);
        }
    }

    private synchronized void look() {
        task = null;
        if (ended) {
            return;
        }
        if (used() >= limitNanos) {
            ended = true;
            action.run();
        } else if (working) {
            schedule();
        }
    }

    @Override
    public synchronized void close() {
        ended = true;
        if (task != null) {
            task.cancel(false);
        }
    }
}
