package io.zeptodb.server.endpoint;

import java.time.Duration;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/**
 * How long the server waits for the other side. While a request arrives or an answer leaves, a client that does nothing is cut off soon, for it holds memory; while its
 * statement runs the client has nothing to do; between requests it may be silent for as long as a pool keeps a connection.
 *
 * @param underWay in the middle of a request or an answer
 * @param between requests
 */
public record ClientPatience(Duration underWay, Duration between) {
    /** What a server has unless it is told otherwise. */
    public static final ClientPatience DEFAULT = new ClientPatience(Duration.ofSeconds(30), Duration.ofMinutes(10));

    /** The request arrives. */
    void arriving(Request request) {
        // a statement may run for hours: nobody has to send anything meanwhile
        request.addIdleTimeoutListener(timeout -> false);
        endPoint(request).setIdleTimeout(underWay.toMillis());
    }

    /** The request has arrived, its answer is being made. */
    void answering(Request request) {
        endPoint(request).setIdleTimeout(between.toMillis());
    }

    /** The answer leaves. */
    void leaving(Request request) {
        endPoint(request).setIdleTimeout(underWay.toMillis());
    }

    /** The answer has left. */
    void done(Request request) {
        endPoint(request).setIdleTimeout(between.toMillis());
    }

    private static EndPoint endPoint(Request request) {
        return request.getConnectionMetaData().getConnection().getEndPoint();
    }
}
