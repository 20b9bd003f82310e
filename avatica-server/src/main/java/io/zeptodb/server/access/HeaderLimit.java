package io.zeptodb.server.access;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes sockets whose clients take too long to say what they want: the head of a request, and the handshake before the first one, have so much time in all. An idle
 * time-out alone lets who sends a byte now and then keep a socket for ever. A bean of the connector and the outermost handler. Thread-safe.
 */
public final class HeaderLimit extends Handler.Wrapper implements Connection.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(HeaderLimit.class);

    private final long mostNanos;
    private final Map<Connection, Head> heads = new ConcurrentHashMap<>();

    /** The next head of a connection. */
    private static final class Head {
        /** Since when it comes; 0 when nothing of it was seen. */
        private volatile long sinceNanos = System.nanoTime() | 1;
        /** Bytes of the requests before it. */
        private volatile long bytesBefore;

        /** Requests whose heads have arrived and which are not answered: the next may begin before the last has told its end. */
        private final AtomicInteger underWay = new AtomicInteger();
    }

    /** @param most time for a head */
    public HeaderLimit(Duration most) {
        this.mostNanos = most.toNanos();
    }

    @Override
    public void onOpened(Connection connection) {
        if (!(connection instanceof SslConnection)) { // the one above it has the requests
            heads.put(connection, new Head());
        }
    }

    @Override
    public void onClosed(Connection connection) {
        heads.remove(connection);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Connection connection = request.getConnectionMetaData().getConnection();
        Head head = heads.get(connection);
        if (head != null) {
            head.underWay.incrementAndGet();
            Request.addCompletionListener(request, failure -> {
                head.bytesBefore = connection.getBytesIn();
                head.sinceNanos = 0;
                head.underWay.decrementAndGet();
            });
        }
        return super.handle(request, response, callback);
    }

    /** Closes those that have had their time; to be called every second or so. */
    public void check() {
        long now = System.nanoTime();
        heads.forEach((connection, head) -> {
            if (head.underWay.get() > 0) {
                return;
            } else if (head.sinceNanos == 0) {
                if (connection.getBytesIn() > head.bytesBefore) {
                    head.sinceNanos = now | 1;
                }
            } else if (now - head.sinceNanos > mostNanos) {
                LOG.debug("a socket is closed: the head of its request did not come in time");
                connection.getEndPoint().close();
            }
        });
    }
}
