package io.zeptodb.jdbc.remote;

import io.zeptodb.jdbc.value.SqlErrors;
import io.zeptodb.jdbc.wire.WireMessages;
import io.zeptodb.jdbc.wire.WireProtocol;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells one server again and again which connections of this process live, so that it can tell those of a program that was killed from those that have nothing to do. One
 * daemon thread for each server sends it over sockets of its own: neither a long statement nor an exhausted pool is before it. The thread ends when there is no
 * connection left. What goes wrong here is the server's not hearing of its client, and nothing else: it is neither thrown nor logged, and the connections go on.
 */
final class ConnectionLeases implements Runnable {
    private static final Map<Server, ConnectionLeases> BY_SERVER = new HashMap<>();

    /** Whatever a server asks for. */
    private static final long LEAST_MILLIS = 10;
    /** A server that does not answer is asked at last this much more seldom. */
    private static final int MOST_BACK_OFF = 8;

    private static final int MOST_TIMEOUT_MILLIS = 5_000;
    private static final byte[] NO_PAYLOAD = {};

    private final Server server;
    // all of these are guarded by BY_SERVER
    private final Map<String, Owner> owners = new HashMap<>();
    private long millis = LEAST_MILLIS;
    private long nextNanos;
    private int backOff = 1;

    /** Connections with the same are of one server, in the eyes of who speaks to it. */
    private record Server(URI uri, boolean secure, List<String> tlsFiles) {
        static Server of(ServerAddress address) {
            return new Server(address.uri(), address.tls() != null, address.tlsFiles());
        }
    }

    /** The connections of one login: a lease counts when it comes from who opened the connection. */
    private static final class Owner {
        /** Of the connection that was opened last: its certificates are the newest. */
        private ServerAddress address;
        /** Whether the server takes this login no more; each new connection shows that it does. */
        private boolean refused;

        private int opened;

        /** By id. A connection that nobody has any more can be collected: its lease ends then. */
        private final Map<String, WeakReference<ServerTransport>> connections = new HashMap<>();

        Owner(ServerAddress address) {
            this.address = address;
        }
    }

    /**
     * What is sent for one login now.
     *
     * @param opened how many of its connections were opened before
     */
    private record Turn(Owner owner, ServerAddress address, List<String> connections, int opened) {}

    private ConnectionLeases(Server server) {
        this.server = server;
    }

    /** Holds a lease as long as the transport is in use. */
    static void hold(ServerAddress address, ServerTransport transport, String connection, long everyMillis) {
        Server server = Server.of(address);
        synchronized (BY_SERVER) {
            ConnectionLeases leases = BY_SERVER.get(server);
            if (leases == null) {
                leases = new ConnectionLeases(server);
                leases.nextNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(everyMillis);
                start(leases);
                BY_SERVER.put(server, leases);
            }
            leases.add(address, transport, connection, Math.max(LEAST_MILLIS, everyMillis));
        }
    }

    private static void start(ConnectionLeases leases) {
        Thread thread =
                new Thread(null, leases, "zepto-leases-" + leases.server.uri().getAuthority(), 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(ConnectionLeases.class.getClassLoader()); // not that of who happens to connect
        thread.start();
    }

    private void add(ServerAddress address, ServerTransport transport, String connection, long everyMillis) {
        String login = address.authorization() == null ? "" : address.authorization();
        Owner owner = owners.computeIfAbsent(login, unknown -> new Owner(address));
        owner.address = address;
        owner.refused = false;
        owner.opened++;
        owner.connections.put(connection, new WeakReference<>(transport));
        millis = everyMillis;
        backOff = 1; // the server was there a moment ago
        nextNanos = Math.min(nextNanos, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(everyMillis));
        BY_SERVER.notifyAll();
    }

    @Override
    public void run() {
        Map<Owner, ServerTransport> ways = new HashMap<>();
        try {
            for (List<Turn> turns = next(); turns != null; turns = next()) {
                Set<Owner> now = turns.stream().map(Turn::owner).collect(Collectors.toSet());
                List.copyOf(ways.keySet()).stream()
                        .filter(owner -> !now.contains(owner))
                        .forEach(owner -> close(ways, owner));
                boolean heard = true;
                for (Turn turn : turns) {
                    heard &= send(turn, ways);
                }
                synchronized (BY_SERVER) {
                    backOff = heard ? 1 : Math.min(MOST_BACK_OFF, 2 * backOff);
                    nextNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(backOff * millis);
                }
            }
        } finally {
            synchronized (BY_SERVER) {
                BY_SERVER.remove(server, this); // whatever ended it, the next connection begins anew
            }
            List.copyOf(ways.keySet()).forEach(owner -> close(ways, owner));
        }
    }

    private static void close(Map<Owner, ServerTransport> ways, Owner owner) {
        ServerTransport way = ways.remove(owner);
        if (way != null) {
            way.close();
        }
    }

    /** Waits until the leases are due; null when there is no connection left, and the thread ends. */
    private @Nullable List<Turn> next() {
        synchronized (BY_SERVER) {
            for (long left = nextNanos - System.nanoTime(); left > 0; left = nextNanos - System.nanoTime()) {
                try {
                    TimeUnit.NANOSECONDS.timedWait(BY_SERVER, left);
                } catch (InterruptedException e) {
                    continue; // nobody has a reason to: it ends with the last connection
                }
            }
            List<Turn> turns = new ArrayList<>();
            owners.values().removeIf(owner -> {
                owner.connections.values().removeIf(ConnectionLeases::isOver);
                if (!owner.connections.isEmpty() && !owner.refused) {
                    turns.add(new Turn(owner, owner.address, List.copyOf(owner.connections.keySet()), owner.opened));
                }
                return owner.connections.isEmpty();
            });
            if (owners.isEmpty()) {
                BY_SERVER.remove(server, this);
                return null;
            }
            return turns;
        }
    }

    private static boolean isOver(WeakReference<ServerTransport> connection) {
        ServerTransport transport = connection.get();
        return transport == null || !transport.isInUse();
    }

    /** Whether the server has heard it, or will never. */
    private static boolean send(Turn turn, Map<Owner, ServerTransport> ways) {
        Owner owner = turn.owner();
        try {
            ServerTransport way = ways.computeIfAbsent(
                    owner, unknown -> new ServerTransport(turn.address().withTimeouts(MOST_TIMEOUT_MILLIS)));
            List<String> ids = turn.connections();
            for (int from = 0; from < ids.size(); from += WireProtocol.MOST_LEASES) {
                List<String> some = ids.subList(from, Math.min(ids.size(), from + WireProtocol.MOST_LEASES));
                way.call(WireProtocol.LEASE, new WireMessages.Lease(some), NO_PAYLOAD);
            }
            return true;
        } catch (RuntimeException | OutOfMemoryError e) {
            close(ways, owner); // the next one has the certificates of then
            boolean refused =
                    SqlErrors.LOGIN_REFUSED.equals(SqlErrors.translate(e).getSQLState());
            synchronized (BY_SERVER) {
                // wrong logins in a row would lock the user out
                owner.refused |= refused && owner.opened == turn.opened();
            }
            return refused;
        }
    }
}
