package io.zeptodb.jdbc;

import io.zeptodb.jdbc.remote.ServerTransport;
import org.apache.calcite.avatica.Meta;

/**
 * Asks a server to stop a statement. Avatica has no message for it, so this is a request of its own, beside the protocol: a POST to
 * {@value #PATH} with the connection's and the statement's id, or the connection's alone. Thread-safe.
 */
final class ServerCancellation {
    /** Below the server's address. */
    static final String PATH = "cancel";

    private static final int TIMEOUT_MILLIS = 10_000;

    private final ServerTransport transport;

    ServerCancellation(ServerTransport transport) {
        this.transport = transport;
    }

    void cancel(Meta.StatementHandle statement) {
        transport.tell(PATH, statement.connectionId + " " + statement.id, TIMEOUT_MILLIS);
    }

    /** Of a server that takes the numbers of runs: this one is stopped also when it comes later than this request. */
    void cancel(Meta.StatementHandle statement, long run) {
        transport.tell(PATH, statement.connectionId + " " + statement.id + " " + run, TIMEOUT_MILLIS);
    }

    /** Stops all statements of a connection, which takes no more of them: it is about to be closed. */
    void stopAll(String connectionId) {
        transport.tell(PATH, connectionId, TIMEOUT_MILLIS);
    }
}
