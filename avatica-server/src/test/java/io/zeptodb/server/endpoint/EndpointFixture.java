package io.zeptodb.server.endpoint;

import io.zeptodb.engine.api.Database;
import io.zeptodb.jdbc.meta.StatementListener;
import io.zeptodb.jdbc.wire.WireProtocol;
import io.zeptodb.server.access.ServerAccess;
import io.zeptodb.server.monitoring.ServerMetrics;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import org.apache.arrow.memory.BufferAllocator;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** An endpoint behind HTTP with the parts that a test chooses, over a database in memory. */
final class EndpointFixture implements AutoCloseable {
    private static final int MOST_REQUEST_BYTES = 1 << 20;

    private final Connection local;
    private final ServedConnections connections;
    private final ServerMetrics metrics;
    private final BufferAllocator allocator;
    private final Server http = new Server();
    private final ServerConnector connector = new ServerConnector(http, 1, 1);

    /** @param listener of the statements of all connections */
    EndpointFixture(StatementListener listener, ClientPatience patience) throws Exception {
        local = DriverManager.getConnection("jdbc:zepto:");
        Database database = local.unwrap(Database.class);
        Duration longTime = Duration.ofMinutes(10);
        connections =
                new ServedConnections(database, longTime, longTime, LeaseTerms.DEFAULT, "", (id, user) -> listener);
        metrics = new ServerMetrics(database, connections::count);
        allocator = database.allocator().newChildAllocator("answers to clients", 0, Long.MAX_VALUE);
        AvaticaEndpoint endpoint = new AvaticaEndpoint(
                connections,
                "localhost",
                allocator,
                metrics,
                new EndpointSettings(
                        WireProtocol.VERSIONS,
                        RequestRoom.ofHeap(MOST_REQUEST_BYTES),
                        patience,
                        EndpointSettings.STATEMENT_THREADS));
        connector.setHost("localhost");
        http.addConnector(connector);
        http.setHandler(ServerAccess.LOCAL.guard(endpoint, () -> {}));
        http.start();
    }

    int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() throws Exception {
        connections.close();
        http.stop();
        allocator.close(); // fails when a byte is left
        metrics.close();
        local.close();
    }
}
