package io.zeptodb.jdbc;

import io.zeptodb.jdbc.remote.Farewell;
import io.zeptodb.jdbc.remote.ServerTransport;
import org.apache.calcite.avatica.Meta;

/**
 * Asks a server to stop a statement. Avatica has no message for it, so this is a request of its own, beside the protocol: a POST to
 * {@link Farewell#STOP} with the connection's and the statement's id. Thread-safe.
 */
final class ServerCancellation {
    private static final int TIMEOUT_MILLIS = 10_000;

    private final ServerTransport transport;

    ServerCancellation(ServerTransport transport) {
        this.transport = transport;
    }

    void cancel(Meta.StatementHandle statement) {
        transport.tell(Farewell.STOP, statement.connectionId + " " + statement.id, TIMEOUT_MILLIS);
    }

    /** Of a server that takes the numbers of runs: this one is stopped also when it comes later than this request. */
    void cancel(Meta.StatementHandle statement, long run) {
        transport.tell(Farewell.STOP, statement.connectionId + " " + statement.id + " " + run, TIMEOUT_MILLIS);
    }
}
