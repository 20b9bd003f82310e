package io.zeptodb.server.endpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a client is gone while its request waits or runs. Jetty does not read from a connection then, so nothing else would see its end before the
 * answer is written. A client that waits sends nothing: what can be read from its socket is the end, or the next request of one that
 * does not wait. Thread-safe.
 */
final class ClientWatch {
    private static final int MOST_PASSED_OVER = 1 << 12;

    private final Set<Exchange> running = ConcurrentHashMap.newKeySet();

    /** One request; closed before its answer is written. */
    final class Exchange implements AutoCloseable {
        private final Runnable whenGone;
        private final @Nullable SocketChannel socket;
        private boolean ended;
        private boolean gone;
        private boolean lostInput;

        private Exchange(@Nullable SocketChannel socket, Runnable whenGone) {
            this.whenGone = whenGone;
            this.socket = socket;
        }

        private synchronized boolean isGone() {
            if (ended || gone || socket == null) {
                return gone && !ended;
            }
            try {
                // Jetty's sockets do not block. What was read cannot be put back, so the connection ends with this
                // answer, and its end may stand behind
                // more: with TLS there is a message of farewell before it
                int read = socket.read(ByteBuffer.allocate(lostInput ? MOST_PASSED_OVER : 1));
                gone = read < 0;
                lostInput |= read > 0;
            } catch (IOException e) {
                gone = true; // a reset is an end too; Jetty meets it again and reports it
            }
            return gone;
        }

        /** Told while the request cannot end, or the next one of its thread would be stopped. */
        private synchronized void tellIfGone() {
            if (isGone()) {
                whenGone.run();
            }
        }

        /** Whether a byte of a next request was taken from the connection, which cannot be used again then. */
        synchronized boolean hasLostInput() {
            return lostInput;
        }

        @Override
        public synchronized void close() {
            ended = true;
            running.remove(this);
        }
    }

    /** The request has been read to its end. @param whenGone told that its client is gone, maybe several times, and never after the exchange is closed */
    Exchange begin(Request request, Runnable whenGone) {
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        while (endPoint instanceof EndPoint.Wrapper wrapper) {
            endPoint = wrapper.unwrap(); // below TLS
        }
        Exchange exchange =
                new Exchange(endPoint instanceof SocketChannelEndPoint socket ? socket.getChannel() : null, whenGone);
        running.add(exchange);
        return exchange;
    }

    /** Tells the requests whose clients are gone, each time it is called until they end. */
    void check() {
        for (Exchange exchange : running) {
            exchange.tellIfGone();
        }
    }
}
