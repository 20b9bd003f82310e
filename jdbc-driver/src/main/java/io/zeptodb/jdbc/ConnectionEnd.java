package io.zeptodb.jdbc;

import io.zeptodb.jdbc.remote.ServerTransport;
import io.zeptodb.jdbc.value.SqlErrors;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.calcite.avatica.AvaticaStatement;
import org.jspecify.annotations.Nullable;

/** How a connection ends: once, whichever of several threads closes it first, whatever runs on it, and with nothing left behind. Thread-safe. */
final class ConnectionEnd {
    private static final long MILLIS_TO_GET_OUT = 10_000;

    private final ZeptoConnection connection;
    private final ConnectionMemory memory;
    private final AtomicBoolean begun = new AtomicBoolean();

    ConnectionEnd(ZeptoConnection connection, ConnectionMemory memory) {
        this.connection = connection;
        this.memory = memory;
    }

    /** Whether nobody has begun it before: of several threads one closes. */
    boolean begins() {
        return !begun.getAndSet(true);
    }

    boolean hasBegun() {
        return begun.get();
    }

    /** @param handle ends the session, here or on the server */
    void run(ClosingSteps.Step handle) throws SQLException {
        ClosingSteps steps = new ClosingSteps();
        ServerTransport transport = transport();
        boolean lost = transport != null && transport.isBroken();
        if (transport != null && !lost) {
            transport.ends();
        }
        if (transport != null && !lost && transport.hasCallsUnderWay()) {
            // closing one statement would wait on the server for what another one runs
            steps.run(() -> new ServerCancellation(transport).stopAll(connection.id));
        }
        if (transport != null && lost) {
            steps.run(transport::close); // or the next steps would wait for a server that does not answer
        }
        for (AvaticaStatement statement : connection.statementMap.values().toArray(AvaticaStatement[]::new)) {
            steps.run(statement::close);
        }
        steps.run(handle);
        // what runs was stopped, and gives its memory back on its way out
        steps.run(() -> connection.lock().quiet(MILLIS_TO_GET_OUT));
        steps.run(() -> memory.free(MILLIS_TO_GET_OUT));
        if (connection.target() instanceof ConnectionTarget.InProcess inProcess) {
            steps.run(inProcess.lease()::close);
        }
        if (transport != null) {
            steps.run(transport::close);
        }
        try {
            steps.end();
        } catch (SQLException e) {
            // a server that is lost cannot be told and ends the session by itself; this side is closed
            boolean told = transport == null || !(lost || SqlErrors.isOfConnection(e));
            if (told) {
                throw e;
            }
        }
    }

    private @Nullable ServerTransport transport() {
        return connection.target() instanceof ConnectionTarget.Server server ? server.transport() : null;
    }

    /** Of a connection that was never opened. */
    void forget() {
        memory.free(0);
    }
}
