package io.zeptodb.server.endpoint;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.meta.EngineMeta;
import io.zeptodb.jdbc.meta.WireFormat;
import io.zeptodb.server.access.Principal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.NoSuchConnectionException;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a client: a session of the database, the requests that run in it, and its end. Requests wait for each other, and the lock is held while one runs;
 * what is read of a result runs beside them. Thread-safe.
 */
final class ServedConnection {
    static final String CLOSE_STATEMENT = "closeStatement";

    private static final int NO_STATEMENT = RequestTarget.NO_STATEMENT;
    private static final long MILLIS_BETWEEN_STOPS = 50;
    /** Requests of one connection that wait for it; each has a thread. */
    private static final int MOST_WAITING = 32;

    /** Something that a connection does. */
    interface Work<T extends @Nullable Object> {
        T run(EngineMeta meta) throws Exception;
    }

    private final EngineMeta meta;
    private final Principal owner;
    private final WireFormat format;
    /** Null when its client promised nothing. */
    private final @Nullable LeaseTerms leases;

    private volatile long lastHeard;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile long lastUsedNanos = System.nanoTime();
    private volatile boolean busy;
    private volatile @Nullable Thread runner;
    private final Set<Thread> beside = ConcurrentHashMap.newKeySet();
    /** Null while it takes work. */
    private volatile @Nullable ConnectionEnd ending;

    private volatile boolean ended;

    ServedConnection(EngineMeta meta, Principal owner, WireFormat format, @Nullable LeaseTerms leases) {
        this.meta = meta;
        this.owner = owner;
        this.format = format;
        this.leases = leases;
        used();
    }

    /** To ask, and to stop from beside; work goes through {@link #run}. */
    EngineMeta meta() {
        return meta;
    }

    Principal owner() {
        return owner;
    }

    WireFormat format() {
        return format;
    }

    /** For how long nothing was asked of it. */
    long unusedNanos() {
        return System.nanoTime() - lastUsedNanos;
    }

    /** Its client lived at this time of the leases' clock. */
    void hear(long now) {
        lastHeard = now;
    }

    private void used() {
        lastUsedNanos = System.nanoTime();
        if (leases != null) {
            hear(leases.clock().getAsLong());
        }
    }

    /** Nanoseconds for which its client was silent longer than it promised; not positive when it was not, or has promised nothing. */
    long silence() {
        return leases == null || isBusy()
                ? 0
                : leases.clock().getAsLong() - lastHeard - leases.most().toNanos();
    }

    /** Lets nothing more begin, unless its client is back. Whether it is silent still: whoever asked ends it then. */
    boolean stopIfSilent(ConnectionEnd end) {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            boolean silent = !ended && silence() > 0;
            if (silent) {
                begin(end);
            }
            return silent;
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    Object call(Method method, @Nullable Object[] arguments, String id) throws Exception {
        boolean closes = method.getName().equals(CLOSE_STATEMENT);
        int statement = closes ? ((Meta.StatementHandle) Objects.requireNonNull(arguments[0])).id : NO_STATEMENT;
        return run(id, statement, engine -> {
            try {
                return method.invoke(engine, arguments);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof Exception failure) {
                    throw failure; // what the engine threw
                } else if (e.getCause() instanceof Error error) {
                    throw error;
                }
                throw e;
            }
        });
    }

    /**
     * Waits for the connection, then runs.
     *
     * @param stopped a statement that is stopped to get the connection, for it is about to be closed; or {@link #NO_STATEMENT}
     */
    <T extends @Nullable Object> T run(String id, int stopped, Work<T> work) throws Exception {
        boolean closes = stopped != NO_STATEMENT;
        if (closes) {
            lockAndStop(() -> meta.cancel(stopped));
        } else if (lock.getQueueLength() >= MOST_WAITING) {
            throw new EngineException(
                    ErrorCode.TOO_MANY_OPEN,
                    MOST_WAITING + " requests of this connection wait for each other: use more connections");
        } else {
            Turn.await(lock);
        }
        try {
            if (ended) {
                throw new NoSuchConnectionException(id);
            }
            ConnectionEnd end = ending;
            if (end != null && !closes) {
                throw end.error();
            }
            busy = true;
            runner = Thread.currentThread();
            return work.run(meta);
        } finally {
            busy = false;
            runner = null;
            used();
            lock.unlock();
        }
    }

    /** As {@link #run}, beside what holds the lock. */
    <T extends @Nullable Object> T runBeside(Work<T> work) throws Exception {
        beside.add(Thread.currentThread());
        try {
            ConnectionEnd end = ending;
            if (end != null) {
                throw end.error();
            }
            return work.run(meta);
        } finally {
            beside.remove(Thread.currentThread());
            used();
        }
    }

    boolean isBusy() {
        return busy || !beside.isEmpty();
    }

    boolean runsIn(Thread thread) {
        return runner == thread || beside.contains(thread);
    }

    /** Takes the lock from what holds it, which is stopped again and again: what has not begun yet cannot be stopped. */
    private void lockAndStop(Runnable stop) {
        try {
            while (!lock.tryLock()) {
                stop.run();
                if (lock.tryLock(MILLIS_BETWEEN_STOPS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException(ErrorCode.CANCELLED, "interrupted while a statement was stopped", e);
        }
    }

    /** Ends what runs and takes nothing more, but for the closing of statements. Holds the lock when it returns. */
    private void stopAndLock(ConnectionEnd end) {
        stopAll(end); // what is read beside the lock too
        lockAndStop(() -> end.stop(meta));
    }

    /** Stops what runs and takes nothing more, without waiting for its end: who closes the connection then does. Whether it is the first to do so. */
    boolean stopAll(ConnectionEnd end) {
        boolean first = begin(end);
        end.stop(meta);
        return first;
    }

    private synchronized boolean begin(ConnectionEnd end) {
        boolean first = ending == null;
        if (first) {
            ending = end;
        }
        return first;
    }

    /** Does something if nothing runs. Whether it was done. */
    boolean runIfIdle(Predicate<EngineMeta> work) {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            return ended || work.test(meta);
        } finally {
            lock.unlock();
        }
    }

    boolean hasEnded() {
        return ended;
    }

    void end(ConnectionEnd end) {
        stopAndLock(end);
        try {
            if (!ended) {
                ended = true;
                meta.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
