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
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.NoSuchConnectionException;
import org.apache.calcite.avatica.remote.ProtobufMeta;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of the clients, each a session of the one database. Requests of one connection wait for each other, except for
 * cancellation and closing, which stop what runs. A connection that sends nothing for a while is closed: its client may be gone without a word. Sooner than that, when
 * its user wants another one and has as many as there may be, and its client does not keep to the {@link LeaseTerms}. Thread-safe.
 */
public final class ServedConnections implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServedConnections.class);
    private static final int NO_STATEMENT = RequestTarget.NO_STATEMENT;
    /** Clients that come back later are told that their connection is not known. */
    private static final int MOST_EXPIRED = 10_000;

    private static final long MILLIS_BETWEEN_LOOKS = 50;
    /** How long the end of what was stopped is waited for by who looks after all connections, and by who wants the room. */
    private static final long SWEEP_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long OPENING_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final String ALL_PATHS = "*";
    /** Clients choose it, and it goes to the log. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final Database database;
    private final long mostIdleNanos;
    private final String allowedPaths;
    private final Map<Key, ServedConnection> byId = new ConcurrentHashMap<>();
    /** Nobody finds them any more, but they have not ended yet: what they hold is not given back. */
    private final Set<ServedConnection> leaving = ConcurrentHashMap.newKeySet();
    /** Connections that were closed because their clients were not heard of, the latest of them. */
    private final Map<Key, Expiry> expired = Collections.synchronizedMap(new LinkedHashMap<Key, Expiry>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Expiry> eldest) {
            return size() > MOST_EXPIRED;
        }
    });

    private final Object opening = new Object();
    private final LeaseTerms leases;
    private final long mostIdleResultNanos;
    private final BiFunction<String, String, StatementListener> listeners;
    /** Whether something of a user's connection waits for a thread. */
    private volatile BiPredicate<String, String> waiting = (user, id) -> false;

    private volatile boolean draining;
    private boolean closed;

    /**
     * The database stays the caller's.
     *
     * @param mostIdle of a connection
     * @param mostIdleResult of a result that is open
     * @param leases for clients of ours
     * @param allowedPaths what clients may reach of the machine's files, as the option {@code allowed_paths} says it
     * @param listeners gives who is told of the statements of a connection with this id, of a user with this name
     */
    public ServedConnections(
            Database database,
            Duration mostIdle,
            Duration mostIdleResult,
            LeaseTerms leases,
            String allowedPaths,
            BiFunction<String, String, StatementListener> listeners) {
        this.database = database;
        this.allowedPaths = allowedPaths;
        this.mostIdleNanos = mostIdle.toNanos();
        this.mostIdleResultNanos = mostIdleResult.toNanos();
        this.leases = leases;
        this.listeners = listeners;
    }

    /** Each user has ids of his own: nobody learns of those of others, not by taking one of them either. */
    private record Key(String owner, String id) {
        static Key of(String id) {
            return new Key(Principal.current().name(), id);
        }
    }

    /** @param why for the client, should it come back */
    private record Expiry(WireFormat format, String why) {}

    /** Runs something on a connection, when nothing else does. */
    <T extends @Nullable Object> T run(String id, ServedConnection.Work<T> work) throws Exception {
        return served(id).run(id, NO_STATEMENT, work);
    }

    /** Runs something on a connection beside what else it does: the reading of a result, which looks after itself. */
    <T extends @Nullable Object> T runBeside(String id, ServedConnection.Work<T> work) throws Exception {
        return served(id).runBeside(work);
    }

    /** The connection of this id, if it is of who asks: to others it is not known. */
    private @Nullable ServedConnection own(@Nullable String id) {
        return id == null ? null : byId.get(Key.of(id));
    }

    private ServedConnection served(@Nullable String id) throws NoSuchConnectionException {
        ServedConnection served = own(id);
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
        Expiry expiry = expired.get(Key.of(id));
        return expiry != null && expiry.format() == WireFormat.EXACT
                ? new ExpiredConnectionException(id, expiry.why())
                : new NoSuchConnectionException(id);
    }

    /**
     * Opens a connection whose values are all exact.
     *
     * @param leased whether its client offers leases
     */
    void openExact(String id, boolean leased) {
        open(id, WireFormat.EXACT, leased && leases.areWanted() ? leases : null);
    }

    LeaseTerms leases() {
        return leases;
    }

    /** Asks this about user and connection before a client is taken for dead: whether something of it waits for a thread. */
    void watchWaiting(BiPredicate<String, String> anything) {
        waiting = anything;
    }

    /** The client of these connections lives; those that are not of who asks are passed over. It does not count as use of them. */
    void renew(List<String> ids) {
        long now = leases.clock().getAsLong();
        for (String id : ids) {
            ServedConnection served = own(id);
            if (served != null) {
                served.hear(now);
            }
        }
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
                Object asked =
                        arguments[1] instanceof Map<?, ?> properties ? properties.get(WireFormat.PROPERTY) : null;
                open(id, WireFormat.EXACT.name().equals(asked) ? WireFormat.EXACT : format, null);
                return null;
            }
            case "closeConnection" -> {
                Turn.concerns(new RequestTarget(id, NO_STATEMENT, true, 0));
                if (own(id) != null) {
                    close(Key.of(id), ConnectionEnd.BY_CLIENT);
                }
                return null;
            }
            default -> {
                ServedConnection served = served(id);
                int statement = handle instanceof Meta.StatementHandle of ? of.id : NO_STATEMENT;
                boolean closes = method.getName().equals(ServedConnection.CLOSE_STATEMENT);
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

    private void open(String id, WireFormat format, @Nullable LeaseTerms promised) {
        if (draining) {
            throw ConnectionEnd.OF_SERVER.error();
        }
        if (id == null || !ID.matcher(id).matches()) {
            throw new EngineException(
                    ErrorCode.INVALID_PARAMETER,
                    "the id of a connection has 1 to 64 letters, digits, dots, dashes and underlines");
        }
        Principal owner = Principal.current();
        endOldLogins(owner);
        EngineMeta meta = new EngineMeta(openSession(owner), format);
        meta.limitStatements(owner.limits().statements());
        meta.listen(listeners.apply(id, owner.name()));
        ServedConnection served = new ServedConnection(meta, owner, format, promised);
        List<Leaving> silent = new ArrayList<>();
        boolean added = false;
        try {
            added = add(new Key(owner.name(), id), served, silent);
        } finally {
            silent.forEach(this::endSilent); // what they hold is the room that was asked for
            if (!added) {
                served.end(ConnectionEnd.BY_CLIENT);
            }
        }
        if (!added) {
            throw new EngineException(
                    ErrorCode.INVALID_PARAMETER, "there is a connection with the id " + id + " already");
        }
    }

    /**
     * Only chooses, for every user's opening waits for the lock.
     *
     * @param silent gets those that make room, which the caller ends
     * @return false when there is a connection with this key
     */
    private boolean add(Key key, ServedConnection served, List<Leaving> silent) {
        synchronized (opening) {
            if (draining || closed) {
                throw ConnectionEnd.OF_SERVER.error();
            }
            makeRoom(served.owner(), silent);
            boolean added = byId.putIfAbsent(key, served) == null;
            if (added) {
                expired.remove(key);
            }
            return added;
        }
    }

    private List<Map.Entry<Key, ServedConnection>> openOf(Principal owner) {
        return byId.entrySet().stream()
                .filter(each -> each.getKey().owner().equals(owner.name()))
                .toList();
    }

    /**
     * A user who comes with another password or token is not kept out by what the one before has left. What it runs has to come to its end: nobody else may
     * have to wait for that.
     */
    private void endOldLogins(Principal owner) {
        List<Map.Entry<Key, ServedConnection>> open = openOf(owner);
        int most = owner.limits().connections();
        if (most > 0 && open.size() >= most) {
            endOver(open, OPENING_PATIENCE_NANOS);
        }
    }

    /**
     * Ends those of these connections whose logins are good no more: their clients can neither use nor close them. One in which something does not stop within
     * this time stays until somebody calls this again, stopped as it is.
     */
    private void endOver(Collection<Map.Entry<Key, ServedConnection>> open, long patienceNanos) {
        List<Leaving> over = new ArrayList<>();
        for (Map.Entry<Key, ServedConnection> each : open) {
            String why = each.getValue().owner().whyOver();
            if (why != null) {
                ConnectionEnd end = ConnectionEnd.ofLogin(why);
                if (each.getValue().stopAll(end)) { // all of them, before one is waited for
                    LOG.info("closing connection {}: {}", each.getKey().id(), why);
                }
                over.add(new Leaving(each.getKey(), each.getValue(), end));
            }
        }
        long until = System.nanoTime() + patienceNanos;
        over.removeIf(this::endIfFree);
        while (!over.isEmpty() && System.nanoTime() < until) {
            try {
                Thread.sleep(MILLIS_BETWEEN_LOOKS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return; // somebody comes again
            }
            over.forEach(each -> each.served().stopAll(each.end())); // what had not begun yet could not be stopped
            over.removeIf(this::endIfFree);
        }
        over.forEach(each -> LOG.warn(
                "connection {} is not closed yet: what it runs was told to stop, and does not",
                each.key().id()));
    }

    /** A connection that was chosen to end. */
    private record Leaving(Key key, ServedConnection served, ConnectionEnd end) {}

    /** Closes a connection unless something runs in it. Whether it has ended. */
    private boolean endIfFree(Leaving leaving) {
        ServedConnection served = leaving.served();
        return !served.isBusy()
                && served.runIfIdle(meta -> {
                    try {
                        if (take(leaving.key(), served)) {
                            finish(served, leaving.end());
                        }
                    } catch (RuntimeException e) { // the others are closed all the same
                        LOG.warn(
                                "what connection {} has left cannot be closed",
                                leaving.key().id(),
                                e);
                    }
                    return true;
                });
    }

    /**
     * Takes connections of clients that are dead, those first that were silent for the longest time, as many as another one of this user needs.
     *
     * @param taken gets them
     * @throws EngineException TOO_MANY_OPEN when there are not enough of them
     */
    private void makeRoom(Principal owner, List<Leaving> taken) {
        List<Map.Entry<Key, ServedConnection>> open = openOf(owner);
        int left = open.size();
        int most = owner.limits().connections();
        if (most > 0 && left >= most) {
            List<Silent> silent = open.stream()
                    .map(each -> new Silent(
                            each.getKey(), each.getValue(), each.getValue().silence()))
                    .filter(each -> each.nanos() > 0
                            && !waiting.test(owner.name(), each.key().id()))
                    .sorted(Comparator.comparingLong(Silent::nanos).reversed())
                    .toList();
            String why = "its client was not heard of for "
                    + leases.most().toSeconds()
                    + " s or longer, and its user had as many connections as there may be";
            ConnectionEnd end = ConnectionEnd.ofSilence(why);
            for (int i = 0; i < silent.size() && left >= most; i++) {
                Silent each = silent.get(i);
                if (each.served().stopIfSilent(end)) {
                    expired.put(each.key(), new Expiry(each.served().format(), why));
                    if (take(each.key(), each.served())) {
                        taken.add(new Leaving(each.key(), each.served(), end));
                    }
                    left--;
                }
            }
        }
        owner.checkConnections(left);
    }

    /** @param nanos longer than was promised */
    private record Silent(Key key, ServedConnection served, long nanos) {}

    private void endSilent(Leaving silent) {
        LOG.info(
                "closing connection {}: its client is silent, and its user wants another one",
                silent.key().id());
        try {
            finish(silent.served(), silent.end());
        } catch (RuntimeException e) {
            LOG.warn("what a silent client has left cannot be closed", e); // which is not the fault of who comes next
        }
    }

    private void close(Key key, ConnectionEnd end) {
        ServedConnection served = byId.get(key);
        if (served != null && take(key, served)) {
            finish(served, end);
        }
    }

    /** Nobody finds it from here on. Whether the caller has to {@link #finish} it: else somebody else does. */
    private boolean take(Key key, ServedConnection served) {
        AtomicBoolean taken = new AtomicBoolean();
        byId.computeIfPresent(key, (same, there) -> {
            taken.set(there == served);
            if (there == served) {
                leaving.add(served); // before it is gone from the map: who drains looks there first
            }
            return there == served ? null : there;
        });
        return taken.get();
    }

    private void finish(ServedConnection served, ConnectionEnd end) {
        try {
            served.end(end);
        } finally {
            if (served.hasEnded()) { // or the thread was interrupted, and the server's end closes it
                leaving.remove(served);
            }
        }
    }

    /** Stops what a statement runs; one that is not known runs nothing. @param run that is meant, which may not have come yet; 0 for what runs now */
    void cancel(String connectionId, int statementId, long run) {
        ServedConnection served = own(connectionId);
        if (served != null) {
            served.meta().cancel(statementId, run);
        }
    }

    /** Stops what this thread runs for a client that is gone. */
    void cancelRunOf(Thread thread) {
        for (ServedConnection served : byId.values()) {
            if (served.runsIn(thread)) {
                LOG.info("cancelling a request: its client is gone");
                served.meta().cancel();
            }
        }
    }

    /** Stops all statements of a connection, which its client is about to close; one that is not known runs nothing. */
    void stopAll(String connectionId) {
        ServedConnection served = own(connectionId);
        if (served != null) {
            served.stopAll(ConnectionEnd.BY_CLIENT);
        }
    }

    EngineConfig databaseConfig() {
        return database.config();
    }

    /** Connections that are open now. */
    public int count() {
        return byId.size();
    }

    /**
     * Closes the connections that were idle for too long, and those whose logins are good no more; to be called now and then. What runs in them is waited for a
     * short time only: it closes with a later call.
     */
    public void closeIdle() {
        closeIdle(Duration.ofNanos(mostIdleNanos));
    }

    /** As {@link #closeIdle()}. @param most a connection that was idle for longer is closed */
    public void closeIdle(Duration most) {
        long mostNanos = most.toNanos();
        byId.values().stream()
                .map(ServedConnection::owner)
                .filter(owner -> !owner.isNameless())
                .findAny() // all are of one file
                .ifPresent(Principal::refresh);
        endOver(byId.entrySet(), SWEEP_PATIENCE_NANOS);
        for (ServedConnection served : leaving) { // whoever closes it may have come to nothing
            served.runIfIdle(meta -> {
                finish(served, ConnectionEnd.BY_CLIENT);
                return true;
            });
        }
        for (Map.Entry<Key, ServedConnection> entry : byId.entrySet()) {
            ServedConnection served = entry.getValue();
            if (!isIdle(served, mostNanos)) {
                served.runIfIdle(meta -> {
                    meta.expireResults(mostIdleResultNanos);
                    return true;
                });
            } else {
                served.runIfIdle(meta -> isIdle(served, mostNanos) && endIdle(entry.getKey(), served, most));
            }
        }
    }

    private static boolean isIdle(ServedConnection served, long mostNanos) {
        return !served.isBusy() && served.unusedNanos() > mostNanos;
    }

    private boolean endIdle(Key key, ServedConnection served, Duration most) {
        LOG.info("closing connection {}: idle for too long", key.id());
        String why = "nothing was asked of it for " + most.toSeconds() + " s or longer";
        expired.put(key, new Expiry(served.format(), why));
        ConnectionEnd end = ConnectionEnd.ofSilence(why);
        served.stopAll(end);
        return endIfFree(new Leaving(key, served, end));
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
            byId.values().forEach(served -> served.meta().refuseNewWork());
        }
        long end = System.nanoTime() + most.toNanos();
        while (!areAtRest(byId.values()) || !areAtRest(leaving)) {
            if (System.nanoTime() >= end) {
                return false;
            }
            Thread.sleep(MILLIS_BETWEEN_LOOKS);
        }
        return true;
    }

    private static boolean areAtRest(Collection<ServedConnection> connections) {
        return connections.stream().allMatch(served -> served.runIfIdle(EngineMeta::isAtRest));
    }

    /** Stops what runs, and closes all connections. */
    @Override
    public void close() {
        synchronized (opening) {
            closed = true;
            draining = true;
        }
        RuntimeException failure = null;
        byId.values().forEach(served -> served.stopAll(ConnectionEnd.OF_SERVER)); // before one is waited for
        for (Key key : List.copyOf(byId.keySet())) {
            try {
                close(key, ConnectionEnd.OF_SERVER);
            } catch (RuntimeException e) {
                failure = e; // the others are closed all the same
            }
        }
        for (ServedConnection served : List.copyOf(leaving)) {
            try {
                finish(served, ConnectionEnd.OF_SERVER);
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
