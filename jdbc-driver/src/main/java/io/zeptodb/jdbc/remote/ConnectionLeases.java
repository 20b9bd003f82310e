package io.zeptodb.jdbc.remote;

import io.zeptodb.jdbc.value.SqlErrors;
import io.zeptodb.jdbc.wire.WireMessages;
import io.zeptodb.jdbc.wire.WireProtocol;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells one server again and again which connections of one login in this process live, so that it can tell those of a program that was killed from those that have nothing to do. One daemon
 * thread for each server and login sends it over a socket of its own: neither a long statement nor an exhausted pool is before it, nor another login whose messages are stalled or refused. The
 * thread ends when there is no connection left. What goes wrong here is the server's not hearing of its client, and nothing else: it is neither thrown nor logged, the connections go on, and it
 * is tried again.
 */
final class ConnectionLeases implements Runnable {
    /** Guards itself and what is in it. Transports are asked under it for what is free of locks: they call in here with theirs. */
    private static final Map<Login, ConnectionLeases> BY_LOGIN = new HashMap<>();

    private static final byte[] NO_PAYLOAD = {};

    private final Login login;
    // all of these are guarded by BY_LOGIN
    /** By id. A connection that nobody has any more can be collected: its lease ends then. */
    private final Map<String, WeakReference<ServerTransport>> connections = new HashMap<>();

    private final LeaseSchedule schedule;
    /** Of the connection that was opened last: its certificates are the newest. */
    private ServerAddress address;
    /** Whether the server takes this login no more, as long as no connection shows that it does. */
    private boolean refused;
    /** How many connections were opened. */
    private int opened;

    /** The socket; only of the thread. */
    private @Nullable ServerTransport way;

    /** Connections with the same are of one owner and one server: a lease counts when it comes from who opened the connection. */
    private record Login(
            URI uri,
            boolean secure,
            List<String> tlsFiles,
            @Nullable String authorization) {
        static Login of(ServerAddress address) {
            return new Login(address.uri(), address.tls() != null, address.tlsFiles(), address.authorization());
        }
    }

    /**
     * What is sent now.
     *
     * @param opened how many connections were opened before
     */
    private record Turn(ServerAddress address, int timeoutMillis, List<String> connections, int opened, long begun) {}

    private ConnectionLeases(Login login, ServerAddress address, long everyMillis) {
        this.login = login;
        this.address = address;
        this.schedule = new LeaseSchedule(System.nanoTime(), everyMillis);
    }

    /** Holds a lease as long as the transport is in use; what is returned ends it at once. */
    static Runnable hold(ServerAddress address, ServerTransport transport, String connection, long everyMillis) {
        Login login = Login.of(address);
        synchronized (BY_LOGIN) {
            ConnectionLeases leases = BY_LOGIN.get(login);
            if (leases == null) {
                leases = new ConnectionLeases(login, address, everyMillis);
                start(leases);
                BY_LOGIN.put(login, leases);
            }
            return leases.add(address, transport, connection, everyMillis);
        }
    }

    private static void start(ConnectionLeases leases) {
        Thread thread =
                new Thread(null, leases, "zepto-leases-" + leases.login.uri().getAuthority(), 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(ConnectionLeases.class.getClassLoader()); // not that of who happens to connect
        thread.start();
    }

    private Runnable add(ServerAddress newest, ServerTransport transport, String connection, long everyMillis) {
        address = newest;
        refused = false;
        opened++;
        connections.put(connection, new WeakReference<>(transport));
        schedule.opened(System.nanoTime(), everyMillis); // the server was there a moment ago
        BY_LOGIN.notifyAll();
        return () -> release(connection);
    }

    private void release(String connection) {
        synchronized (BY_LOGIN) {
            connections.remove(connection);
            if (connections.isEmpty()) {
                BY_LOGIN.notifyAll(); // the thread ends now, and not when it would have sent something
            }
        }
    }

    @Override
    public void run() {
        try {
            while (awaitTime()) {
                try {
                    Turn turn = next();
                    if (turn != null) {
                        send(turn);
                    }
                } catch (RuntimeException | Error e) {
                    continue; // too little memory or a damaged installation now: the connections live nevertheless
                }
            }
        } finally {
            close();
        }
    }

    /** Waits until leases are due; false when there is no connection left, and the thread ends. */
    private boolean awaitTime() {
        synchronized (BY_LOGIN) {
            for (long left = left(); left > 0 && !connections.isEmpty(); left = left()) {
                try {
                    TimeUnit.NANOSECONDS.timedWait(BY_LOGIN, left);
                } catch (InterruptedException e) {
                    continue; // nobody has a reason to: it ends with the last connection
                }
            }
            schedule.begin(System.nanoTime()); // before anything that could fail
            connections.values().removeIf(ConnectionLeases::isOver);
            if (connections.isEmpty()) {
                BY_LOGIN.remove(login, this); // the next connection begins anew
                return false;
            }
            return true;
        }
    }

    private long left() {
        return schedule.nextNanos() - System.nanoTime();
    }

    private static boolean isOver(WeakReference<ServerTransport> connection) {
        ServerTransport transport = connection.get();
        return transport == null || !transport.isInUse();
    }

    /** What is to be sent now; null for nothing. */
    private @Nullable Turn next() {
        synchronized (BY_LOGIN) {
            long now = System.nanoTime();
            if (refused && transports().noneMatch(ServerTransport::wasAccepted)) {
                schedule.pass(now);
                return null;
            }
            refused = false;
            return new Turn(address, schedule.timeoutMillis(), List.copyOf(connections.keySet()), opened, now);
        }
    }

    private Stream<ServerTransport> transports() {
        return connections.values().stream().map(WeakReference::get).filter(Objects::nonNull);
    }

    private void send(Turn turn) {
        try {
            if (way == null) {
                way = new ServerTransport(turn.address().withTimeouts(turn.timeoutMillis()));
            }
            List<String> ids = turn.connections();
            for (int from = 0; from < ids.size(); from += WireProtocol.MOST_LEASES) {
                List<String> some = ids.subList(from, Math.min(ids.size(), from + WireProtocol.MOST_LEASES));
                way.call(WireProtocol.LEASE, new WireMessages.Lease(some), NO_PAYLOAD, turn.timeoutMillis());
            }
            synchronized (BY_LOGIN) {
                schedule.heard(turn.begun());
            }
        } catch (RuntimeException | Error e) {
            close(); // the next one has the certificates of then
            if (SqlErrors.LOGIN_REFUSED.equals(SqlErrors.translate(e).getSQLState())) {
                refuse(turn.opened());
            }
        }
    }

    /** Wrong logins in a row would lock the user out. */
    private void refuse(int openedBefore) {
        synchronized (BY_LOGIN) {
            if (opened == openedBefore) {
                refused = true;
                transports().forEach(ServerTransport::forgetAccepted);
            }
        }
    }

    private void close() {
        ServerTransport last = way;
        way = null;
        if (last != null) {
            last.close();
        }
    }
}
