package io.zeptodb.server.endpoint;

import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineConfig;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.Session;
import io.zeptodb.jdbc.meta.EngineMeta;
import io.zeptodb.jdbc.meta.StatementListener;
import io.zeptodb.jdbc.meta.WireFormat;
import io.zeptodb.server.access.Principal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.NoSuchConnectionException;
import org.apache.calcite.avatica.remote.ProtobufMeta;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of the clients, each a session of the one database. Requests of one connection wait for each other, except for
 * cancellation and closing, which stop what runs. A connection that sends nothing for a while is closed: its client may be gone without a word. Thread-safe.
 */
public final class ServedConnections implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServedConnections.class);
    private static final String CLOSE_STATEMENT = "closeStatement";
    private static final int NO_STATEMENT = RequestTarget.NO_STATEMENT;
    /** Clients that come back later are told that their connection is not known. */
    private static final int MOST_EXPIRED = 10_000;

    private static final long MILLIS_BETWEEN_STOPS = 50;
    /** Requests of one connection that wait for it; each has a thread. */
    private static final int MOST_WAITING = 32;

    private static final String ALL_PATHS = "*";
    /** Clients choose it, and it goes to the log. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final Database database;
    private final long mostIdleNanos;
    private final String allowedPaths;
    private final Map<Key, Served> byId = new ConcurrentHashMap<>();
    /** Connections that were closed because nothing was asked of them, the latest of them. */
    private final Map<Key, WireFormat> expired = Collections.synchronizedMap(new LinkedHashMap<Key, WireFormat>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, WireFormat> eldest) {
            return size() > MOST_EXPIRED;
        }
    });

    private final Object opening = new Object();
    private final long mostIdleResultNanos;
    private final BiFunction<String, String, StatementListener> listeners;
    private volatile boolean draining;
    private boolean closed;

    /**
     * The database stays the caller's.
     *
     * @param mostIdle of a connection
     * @param mostIdleResult of a result that is open
     * @param allowedPaths what clients may reach of the machine's files, as the option {@code allowed_paths} says it
     * @param listeners gives who is told of the statements of a connection with this id, of a user with this name
     */
    public ServedConnections(
            Database database,
            Duration mostIdle,
            Duration mostIdleResult,
            String allowedPaths,
            BiFunction<String, String, StatementListener> listeners) {
        this.database = database;
        this.allowedPaths = allowedPaths;
        this.mostIdleNanos = mostIdle.toNanos();
        this.mostIdleResultNanos = mostIdleResult.toNanos();
        this.listeners = listeners;
    }

    /** Each user has ids of his own: nobody learns of those of others, not by taking one of them either. */
    private record Key(String owner, String id) {
        static Key of(String id) {
            return new Key(Principal.current().name(), id);
        }
    }

    /** One connection. Its lock is held while a request runs. */
    private static final class Served {
        private final EngineMeta meta;
        private final Principal owner;
        private final WireFormat format;
        private final ReentrantLock lock = new ReentrantLock();
        private volatile long lastUsedNanos = System.nanoTime();
        private volatile boolean busy;
        private volatile @Nullable Thread runner;
        private final Set<Thread> beside = ConcurrentHashMap.newKeySet();
        private volatile boolean stopping;
        private boolean ended;

        Served(EngineMeta meta, Principal owner, WireFormat format) {
            this.meta = meta;
            this.owner = owner;
            this.format = format;
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
                if (stopping && !closes) {
                    throw new EngineException(ErrorCode.CLOSED, "the connection is being closed");
                }
                busy = true;
                runner = Thread.currentThread();
                return work.run(meta);
            } finally {
                busy = false;
                runner = null;
                lastUsedNanos = System.nanoTime();
                lock.unlock();
            }
        }

        /** As {@link #run}, beside what holds the lock. */
        <T extends @Nullable Object> T runBeside(Work<T> work) throws Exception {
            beside.add(Thread.currentThread());
            try {
                if (stopping) {
                    throw new EngineException(ErrorCode.CLOSED, "the connection is being closed");
                }
                return work.run(meta);
            } finally {
                beside.remove(Thread.currentThread());
                lastUsedNanos = System.nanoTime();
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
        private void stopAndLock() {
            stopping = true;
            lockAndStop(meta::cancel);
        }

        /** Stops what runs and takes nothing more, without waiting for its end: who closes the connection then does. */
        void stopAll() {
            stopping = true;
            meta.cancel();
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

        void end() {
            stopAndLock();
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

    /** Something that a connection does. */
    interface Work<T extends @Nullable Object> {
        T run(EngineMeta meta) throws Exception;
    }

    /** Runs something on a connection, when nothing else does. */
    <T extends @Nullable Object> T run(String id, Work<T> work) throws Exception {
        return served(id).run(id, NO_STATEMENT, work);
    }

    /** Runs something on a connection beside what else it does: the reading of a result, which looks after itself. */
    <T extends @Nullable Object> T runBeside(String id, Work<T> work) throws Exception {
        return served(id).runBeside(work);
    }

    /** The connection of this id, if it is of who asks: to others it is not known. */
    private @Nullable Served own(@Nullable String id) {
        return id == null ? null : byId.get(Key.of(id));
    }

    private Served served(@Nullable String id) throws NoSuchConnectionException {
        Served served = own(id);
        if (served == null) {
            throw unknown(id);
        }
        return served;
    }

    private NoSuchConnectionException unknown(@Nullable String id) {
        if (id == null || !ID.matcher(id).matches()) {
            return new NoSuchConnectionException(""); // what it says is not repeated, in whatever length
        }
        // Avatica's own drivers know what to do about a connection that is unknown, and nothing else
        return expired.get(Key.of(id)) == WireFormat.EXACT
                ? new ExpiredConnectionException(
                        id, Duration.ofNanos(mostIdleNanos).toSeconds())
                : new NoSuchConnectionException(id);
    }

    /** Opens a connection whose values are all exact. */
    void openExact(String id) {
        open(id, WireFormat.EXACT, null);
    }

    /** Avatica's door for clients that get values in this format, unless they ask for {@link WireFormat#EXACT}. */
    Meta meta(WireFormat format) {
        return (Meta) Proxy.newProxyInstance(
                ProtobufMeta.class.getClassLoader(),
                new Class<?>[] {ProtobufMeta.class},
                (proxy, method, arguments) -> dispatch(format, method, arguments));
    }

    /** Every method of Meta names the connection in its first argument. */
    private @Nullable Object dispatch(WireFormat format, Method method, @Nullable Object[] arguments) throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            throw new UnsupportedOperationException(method.getName());
        }
        Object handle = arguments[0];
        String id = handle instanceof Meta.StatementHandle statement
                ? statement.connectionId
                : ((Meta.ConnectionHandle) handle).id;
        switch (method.getName()) {
            case "openConnection" -> {
                open(id, format, arguments[1]);
                return null;
            }
            case "closeConnection" -> {
                Turn.concerns(new RequestTarget(id, NO_STATEMENT, true, 0));
                if (own(id) != null) {
                    close(Key.of(id));
                }
                return null;
            }
            default -> {
                Served served = served(id);
                int statement = handle instanceof Meta.StatementHandle of ? of.id : NO_STATEMENT;
                boolean closes = method.getName().equals(CLOSE_STATEMENT);
                Turn.concerns(new RequestTarget(id, statement, closes, 0));
                return served.call(method, arguments, id);
            }
        }
    }

    /** A session of a client: what it may reach is never more than the database was opened with. */
    private Session openSession(Principal owner) {
        Session session = owner.openSession(database);
        if (!allowedPaths.equals(ALL_PATHS)) {
            try {
                session.update("SET allowed_paths = '" + allowedPaths.replace("'", "''") + "'");
            } catch (RuntimeException e) {
                try (session) {
                    throw e;
                }
            }
        }
        return session;
    }

    private void open(String id, WireFormat format, @Nullable Object info) {
        if (draining) {
            throw stopping();
        }
        if (id == null || !ID.matcher(id).matches()) {
            throw new EngineException(
                    ErrorCode.INVALID_PARAMETER,
                    "the id of a connection has 1 to 64 letters, digits, dots, dashes and underlines");
        }
        Object asked = info instanceof Map<?, ?> properties ? properties.get(WireFormat.PROPERTY) : null;
        WireFormat agreed = WireFormat.EXACT.name().equals(asked) ? WireFormat.EXACT : format;
        Principal owner = Principal.current();
        EngineMeta meta = new EngineMeta(openSession(owner), agreed);
        meta.limitStatements(owner.limits().statements());
        meta.listen(listeners.apply(id, owner.name()));
        Served served = new Served(meta, owner, agreed);
        Key key = new Key(owner.name(), id);
        try {
            synchronized (opening) {
                if (draining || closed) {
                    throw stopping();
                }
                owner.checkConnections(byId.values().stream()
                        .filter(each -> each.owner.name().equals(owner.name()))
                        .count());
                if (byId.putIfAbsent(key, served) == null) {
                    expired.remove(key);
                    return;
                }
            }
        } catch (EngineException e) {
            served.end();
            throw e;
        }
        served.end();
        throw new EngineException(ErrorCode.INVALID_PARAMETER, "there is a connection with the id " + id + " already");
    }

    private static EngineException stopping() {
        return new EngineException(ErrorCode.ADMIN_SHUTDOWN, "the server is stopping: connect again later");
    }

    private void close(Key key) {
        Served served = byId.remove(key);
        if (served != null) {
            served.end();
        }
    }

    /** Stops what a statement runs; one that is not known runs nothing. */
    void cancel(String connectionId, int statementId) {
        Served served = own(connectionId);
        if (served != null) {
            served.meta.cancel(statementId);
        }
    }

    /** Stops what this thread runs for a client that is gone. */
    void cancelRunOf(Thread thread) {
        for (Served served : byId.values()) {
            if (served.runsIn(thread)) {
                LOG.info("cancelling a request: its client is gone");
                served.meta.cancel();
            }
        }
    }

    /** Stops all statements of a connection, which its client is about to close; one that is not known runs nothing. */
    void stopAll(String connectionId) {
        Served served = own(connectionId);
        if (served != null) {
            served.stopAll();
        }
    }

    EngineConfig databaseConfig() {
        return database.config();
    }

    /** Connections that are open now. */
    public int count() {
        return byId.size();
    }

    /** Closes the connections that were idle for too long, and those of users who are none any more; to be called now and then. */
    public void closeIdle() {
        long now = System.nanoTime();
        for (Map.Entry<Key, Served> entry : byId.entrySet()) {
            Served served = entry.getValue();
            if (served.owner.isGone()) {
                LOG.info(
                        "closing connection {}: its user was removed",
                        entry.getKey().id());
                close(entry.getKey());
            } else if (!served.isBusy() && now - served.lastUsedNanos > mostIdleNanos) {
                LOG.info(
                        "closing connection {}: idle for too long",
                        entry.getKey().id());
                expired.put(entry.getKey(), served.format);
                close(entry.getKey());
            } else {
                served.runIfIdle(meta -> {
                    meta.expireResults(mostIdleResultNanos);
                    return true;
                });
            }
        }
    }

    /** Whether connections are opened and statements begun. */
    public boolean takesWork() {
        return !draining;
    }

    /**
     * Takes no new work, and lets what is under way come to its end: statements, results that are read, transactions.
     *
     * @return whether all of it did within this time
     */
    public boolean drain(Duration most) throws InterruptedException {
        synchronized (opening) { // or one that is being opened would be missed
            draining = true;
            byId.values().forEach(served -> served.meta.refuseNewWork());
        }
        long end = System.nanoTime() + most.toNanos();
        while (!byId.values().stream().allMatch(served -> served.runIfIdle(EngineMeta::isAtRest))) {
            if (System.nanoTime() >= end) {
                return false;
            }
            Thread.sleep(MILLIS_BETWEEN_STOPS);
        }
        return true;
    }

    /** Stops what runs, and closes all connections. */
    @Override
    public void close() {
        synchronized (opening) {
            closed = true;
            draining = true;
        }
        RuntimeException failure = null;
        for (Key key : List.copyOf(byId.keySet())) {
            try {
                close(key);
            } catch (RuntimeException e) {
                failure = e; // the others are closed all the same
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
