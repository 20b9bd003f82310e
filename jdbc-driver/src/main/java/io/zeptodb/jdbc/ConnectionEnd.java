package io.zeptodb.jdbc;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.remote.Farewell;
import io.zeptodb.jdbc.value.SqlErrors;
import java.sql.SQLException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.calcite.avatica.AvaticaStatement;

/**
 * How a connection ends: once, whichever of several threads closes it first, whatever runs on it, and with nothing left behind. There are three ways: in the
 * process, with a server that is told and answers, and without a server, which is lost or shall not be waited for. Thread-safe.
 */
final class ConnectionEnd {
    private static final long MILLIS_TO_GET_OUT = 10_000;

    private final ZeptoConnection connection;
    private final ConnectionMemory memory;
    private final AtomicBoolean begun = new AtomicBoolean();

    ConnectionEnd(ZeptoConnection connection, ConnectionMemory memory) {
        this.connection = connection;
        this.memory = memory;
    }

    boolean hasBegun() {
        return begun.get();
    }

    /** Whether nobody has begun it before: of several threads one closes. */
    private boolean begins() {
        return !begun.getAndSet(true);
    }

    /** Waits for what it stops. @throws SQLException when the server refuses it; this side is closed nevertheless */
    void close() throws SQLException {
        if (!begins()) {
            return;
        }
        if (connection.target() instanceof ConnectionTarget.InProcess inProcess) {
            endInProcess(inProcess);
        } else if (server().transport().isBroken()) {
            endWithoutServer();
        } else {
            endWithServer();
        }
    }

    /** Stops what runs and waits before it returns, also a close that waits for its server; the executor does the rest. */
    void abort(Executor executor) {
        boolean first = begins();
        if (connection.target() instanceof ConnectionTarget.InProcess inProcess) {
            if (first) {
                inProcess.meta().cancel();
                executor.execute(() -> unchecked(() -> endInProcess(inProcess)));
            }
            return;
        }
        server().transport().abort();
        if (first) {
            executor.execute(() -> unchecked(this::endWithoutServer));
        }
    }

    private static void unchecked(ClosingSteps.Step end) {
        try {
            end.run();
        } catch (SQLException e) {
            throw new EngineException(ErrorCode.IO_ERROR, String.valueOf(e.getMessage()), e);
        }
    }

    private ConnectionTarget.Server server() {
        return (ConnectionTarget.Server) connection.target();
    }

    private void endInProcess(ConnectionTarget.InProcess inProcess) throws SQLException {
        ClosingSteps steps = new ClosingSteps();
        closeStatements(steps);
        steps.run(inProcess.meta()::close);
        awaitThreads(steps);
        steps.run(inProcess.lease()::close);
        steps.end();
    }

    /** One request ends all that the server has of the connection. */
    private void endWithServer() throws SQLException {
        ClosingSteps steps = new ClosingSteps();
        try {
            Farewell.say(server().transport(), connection.id);
        } catch (RuntimeException e) {
            SQLException told = SqlErrors.translate(e);
            if (SqlErrors.isOfConnection(told)) {
                server().transport().abort(); // it does not answer, and would not answer others that wait for it
                sayLater();
            } else {
                steps.run(() -> {
                    throw told;
                });
            }
        }
        steps.run(server().transport()::close);
        closeStatements(steps);
        awaitThreads(steps);
        steps.end();
    }

    private void endWithoutServer() throws SQLException {
        ClosingSteps steps = new ClosingSteps();
        server().transport().abort(); // who waits is freed before anything else
        sayLater();
        closeStatements(steps);
        awaitThreads(steps);
        steps.end();
    }

    private void sayLater() {
        Farewell.sayLater(server().settings().address(), connection.id);
    }

    /** On this side: of a server's there is nothing left, or nobody to tell. */
    private void closeStatements(ClosingSteps steps) {
        for (AvaticaStatement statement : connection.statementMap.values().toArray(AvaticaStatement[]::new)) {
            steps.run(statement::close);
        }
    }

    /** What ran was stopped, and gives its memory back on its way out. */
    private void awaitThreads(ClosingSteps steps) {
        steps.run(() -> connection.lock().quiet(MILLIS_TO_GET_OUT));
        steps.run(() -> memory.free(MILLIS_TO_GET_OUT));
    }

    /** Of a connection that was never opened. */
    void forget() {
        memory.free(0);
    }
}
