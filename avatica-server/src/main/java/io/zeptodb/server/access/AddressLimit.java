package io.zeptodb.server.access;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes sockets of an address that has too many open, so that nobody keeps those of others away: all of them together are limited too. A bean of the connector.
 * Thread-safe.
 */
final class AddressLimit implements Connection.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(AddressLimit.class);

    private final int most;
    /** By the socket that Jetty reads: its connections, one below TLS and one above, are of the same. */
    private final Map<EndPoint, Open> open = new IdentityHashMap<>();

    private final Map<InetAddress, Integer> counts = new HashMap<>();

    /** An open socket. It is kept, for one that is closed does not know its address any more. */
    private static final class Open {
        private final InetAddress address;
        private int connections;

        Open(InetAddress address) {
            this.address = address;
        }
    }

    /** @param most sockets of an address */
    AddressLimit(int most) {
        this.most = most;
    }

    @Override
    public void onOpened(Connection connection) {
        EndPoint socket = socket(connection);
        if (socket.getRemoteSocketAddress() instanceof InetSocketAddress remote
                && !enter(socket, remote.getAddress())) {
            LOG.debug("a socket of {} is closed: it has {} open", remote.getAddress(), most);
            connection.getEndPoint().close();
        }
    }

    private static EndPoint socket(Connection connection) {
        EndPoint socket = connection.getEndPoint();
        while (socket instanceof EndPoint.Wrapper wrapper) {
            socket = wrapper.unwrap();
        }
        return socket;
    }

    private synchronized boolean enter(EndPoint socket, InetAddress address) {
        Open known = open.get(socket);
        if (known == null) {
            int here = counts.getOrDefault(address, 0);
            if (here >= most) {
                return false;
            }
            counts.put(address, here + 1);
            known = new Open(address);
            open.put(socket, known);
        }
        known.connections++;
        return true;
    }

    @Override
    public void onClosed(Connection connection) {
        leave(socket(connection));
    }

    private synchronized void leave(EndPoint socket) {
        Open known = open.get(socket);
        if (known != null && --known.connections == 0) {
            open.remove(socket);
            counts.computeIfPresent(known.address, (address, count) -> count == 1 ? null : count - 1);
        }
    }
}
