package io.zeptodb.jdbc;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.value.SqlErrors;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets the statements of a connection begin one after the other: a session takes one thread at a time. Held while a statement is planned and run until its
 * first rows are there, and while a transaction ends; not while rows are read, which belong to a snapshot, nor by what cancels or closes: who waits for it is
 * freed when the connection ends, by an interrupt, and a statement by its cancellation and time-out. Thread-safe.
 */
final class ConnectionLock {
    private static final long MILLIS_BETWEEN_LOOKS = 5;

    private final ReentrantLock lock = new ReentrantLock();
    private final Impatience open;

    /** @param open throws when the connection ends or is lost: who closes it may not know a statement that is made now, and nothing is sent behind an answer that is lost */
    ConnectionLock(Impatience open) {
        this.open = open;
    }

    /** What is done alone. */
    interface Work<T> {
        @Nullable
        T run() throws SQLException;
    }

    /** What would end the wait for the lock. */
    interface Impatience {
        void check() throws SQLException;
    }

    <T> @Nullable T alone(Work<T> work) throws SQLException {
        return alone(() -> {}, work);
    }

    /** @param impatience asked now and then while another thread holds the lock; it throws to give up */
    <T> @Nullable T alone(Impatience impatience, Work<T> work) throws SQLException {
        while (!acquired()) {
            open.check();
            impatience.check();
        }
        try {
            open.check();
            return work.run();
        } catch (RuntimeException e) {
            throw SqlErrors.translate(e);
        } finally {
            lock.unlock();
        }
    }

    private boolean acquired() throws SQLException {
        if (lock.tryLock()) {
            return true;
        }
        try {
            return lock.tryLock(MILLIS_BETWEEN_LOOKS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(e);
        }
    }

    private static SQLException interrupted(InterruptedException e) {
        return SqlErrors.of(new EngineException(
                ErrorCode.CANCELLED, "interrupted while another statement of the connection ran", e));
    }

    /**
     * Waits until nobody holds it, or so long; what holds it then is a server that does not answer. An interrupt does not shorten it: what is closed
     * is closed.
     */
    void quiet(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        boolean interrupted = Thread.interrupted();
        boolean free = lock.tryLock();
        while (!free && System.nanoTime() < end) {
            try {
                free = lock.tryLock(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (free) {
            lock.unlock();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
