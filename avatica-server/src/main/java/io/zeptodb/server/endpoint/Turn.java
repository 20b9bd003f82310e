package io.zeptodb.server.endpoint;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.server.access.Principal;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A request from the moment all of it has arrived until its answer is made: it waits for a thread, then maybe for its connection, then runs. Its time-out counts
 * from the arrival, and a cancellation finds it wherever it is. {@link RequestQueue} has the turns; any thread may cancel.
 */
abstract class Turn {
    private static final ThreadLocal<@Nullable Turn> CURRENT = new ThreadLocal<>();

    private final Principal principal;
    private final long arrived = System.nanoTime();
    private volatile RequestTarget target = RequestTarget.UNKNOWN;
    private volatile @Nullable Thread runner;

    private boolean cancelled;
    /** The thread while it waits for a connection, and may be interrupted. */
    private @Nullable Thread waiter;

    Turn(Principal principal) {
        this.principal = principal;
    }

    /** Does what the request asks for, and answers. In a thread of its own. */
    abstract void run();

    /** Answers that it will not run. */
    abstract void refuse(EngineException why);

    /** Reads what the request is about, before it waits. */
    abstract RequestTarget readTarget();

    final String user() {
        return principal.name();
    }

    final RequestTarget target() {
        return target;
    }

    final void setTarget(RequestTarget known) {
        target = known;
    }

    /** The thread that it runs on; null before. */
    final @Nullable Thread runner() {
        return runner;
    }

    final long waitedNanos() {
        return System.nanoTime() - arrived;
    }

    /** Runs on this thread. */
    final void perform() {
        CURRENT.set(this);
        runner = Thread.currentThread();
        try {
            principal.run(this::run);
        } finally {
            CURRENT.remove();
        }
    }

    /** Ends its wait for a connection, and lets it not begin. What runs already has to be stopped by other means. */
    final synchronized void cancel() {
        cancelled = true;
        if (waiter != null) {
            waiter.interrupt();
        }
    }

    // ---- of the request that this thread works for; where it works for none nothing waits and nothing ends

    /** Says what this thread's request is about. */
    static void concerns(RequestTarget target) {
        Turn turn = CURRENT.get();
        if (turn != null) {
            turn.target = target;
        }
    }

    /**
     * How much of the request's time-out is over.
     *
     * @param timeoutNanos from the arrival; 0 for none
     * @return 0 when there is none
     * @throws EngineException TIMEOUT when nothing is left, CANCELLED when it was cancelled before it began
     */
    static long used(long timeoutNanos) {
        Turn turn = CURRENT.get();
        if (turn == null) {
            return 0;
        }
        turn.checkNotCancelled();
        if (timeoutNanos <= 0) {
            return 0;
        }
        long used = turn.waitedNanos();
        if (used >= timeoutNanos) {
            throw waitedTooLong(timeoutNanos);
        }
        return used;
    }

    /** Takes a lock. @throws EngineException TIMEOUT or CANCELLED, without the lock */
    static void await(ReentrantLock lock) {
        Turn turn = CURRENT.get();
        if (turn == null) {
            lock.lock();
            return;
        }
        if (!lock.tryLock()) {
            turn.awaitTurn(lock);
        }
        try {
            turn.checkNotCancelled();
        } catch (EngineException e) {
            lock.unlock();
            throw e;
        }
    }

    private void awaitTurn(ReentrantLock lock) {
        long timeout = target.timeoutNanos();
        synchronized (this) {
            if (cancelled) {
                throw cancelledWhileWaiting();
            }
            waiter = Thread.currentThread();
        }
        boolean taken = false;
        boolean interrupted = false;
        try {
            if (timeout > 0) {
                taken = lock.tryLock(timeout - waitedNanos(), TimeUnit.NANOSECONDS);
            } else {
                lock.lockInterruptibly();
                taken = true;
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            synchronized (this) {
                waiter = null;
                // one that came too late was meant for this wait as well
                interrupted |= Thread.interrupted();
            }
        }
        if (!taken) {
            throw interrupted ? cancelledWhileWaiting() : waitedTooLong(timeout);
        }
    }

    private synchronized void checkNotCancelled() {
        if (cancelled) {
            throw cancelledWhileWaiting();
        }
    }

    static EngineException cancelledWhileWaiting() {
        return new EngineException(
                ErrorCode.CANCELLED, "statement stopped: it was cancelled while it waited for its turn");
    }

    static EngineException waitedTooLong(long timeoutNanos) {
        return new EngineException(
                ErrorCode.TIMEOUT,
                "statement stopped: it waited for its turn longer than its time-out of "
                        + TimeUnit.NANOSECONDS.toMillis(timeoutNanos)
                        + " ms, for other statements of this user or this connection run; run fewer at once");
    }
}
