package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.server.endpoint.ClientPatience;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a server is watched, and how it ends. */
@Timeout(300)
class ServerLifeTest {
    private static final int SIDE = 3_000;
    private static final String MANY = "SELECT a.x FROM side a, side b";
    private static final String LONG = "SELECT count(*) FROM side a, side b, side c WHERE a.x + b.x + c.x = -1";
    private static final Duration LONG_TIME = Duration.ofSeconds(60);

    private static ZeptoServer.Builder builder() {
        return ZeptoServer.builder().url("jdbc:zepto:").port(0);
    }

    private static HttpResponse<String> get(ZeptoServer server, String path) throws Exception {
        URI uri = URI.create("http://localhost:" + server.port() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void fill(ZeptoServer server) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.jdbcUrl())) {
            SideTable.make(connection, SIDE);
        }
    }

    @Test
    void itsHealthAndItsFiguresCanBeAskedFor() throws Exception {
        try (ZeptoServer server = builder().start()) {
            fill(server);
            assertThat(get(server, "/health").statusCode()).isEqualTo(200);
            assertThat(get(server, "/health").body()).contains("\"status\":\"up\"");
            assertThat(get(server, "/ready").statusCode()).isEqualTo(200);
            assertThat(get(server, "/other").statusCode()).isEqualTo(405);
            try (Connection connection = DriverManager.getConnection(server.jdbcUrl());
                    Statement statement = connection.createStatement()) {
                try (ResultSet rows = statement.executeQuery("SELECT x FROM side")) {
                    assertThat(rows.next()).isTrue();
                }
                assertThatThrownBy(() -> statement.executeQuery("SELECT nothing FROM side"))
                        .isInstanceOf(SQLException.class);
                String figures = get(server, "/metrics").body();
                assertThat(figures)
                        .contains("zepto_connections 1.0")
                        .contains("zepto_statements_seconds_count{kind=\"query\",state=\"00000\"} 1")
                        .contains("zepto_statements_seconds_count{kind=\"unplanned\",state=\"42703\"} 1")
                        .contains("zepto_rows_total{kind=\"query\"} " + SIDE)
                        .contains("zepto_rows_total{kind=\"update\"} " + SIDE)
                        .contains("zepto_memory_used_bytes")
                        .contains("zepto_sent_bytes_total")
                        .contains("jvm_memory_used_bytes");
            }
        }
    }

    @Test
    void whatIsUnderWayComesToItsEndBeforeTheServerDoes() throws Exception {
        ZeptoServer server = builder().start();
        fill(server);
        Connection reading = DriverManager.getConnection(server.jdbcUrl());
        Connection writing = DriverManager.getConnection(server.jdbcUrl());
        Connection idle = DriverManager.getConnection(server.jdbcUrl());
        String url = server.jdbcUrl();
        ResultSet rows = reading.createStatement().executeQuery(MANY);
        BatchCursor batches = rows.unwrap(BatchCursor.class);
        assertThat(batches.next()).isTrue();
        writing.setAutoCommit(false);
        Statement inTransaction = writing.createStatement();
        inTransaction.executeUpdate("INSERT INTO side VALUES (1)");
        Statement refused = idle.createStatement();

        CompletableFuture<Void> stopping = OwnThread.run(() -> {
            try {
                server.stop(LONG_TIME);
            } catch (SQLException | java.io.IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        while (get(server, "/ready").statusCode() == 200) {
            Thread.sleep(5);
        }
        assertThat(get(server, "/health").statusCode()).isEqualTo(200);
        assertThatThrownBy(() -> refused.executeQuery("SELECT 1"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57P01"));
        assertThatThrownBy(() -> DriverManager.getConnection(url))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57P01"));
        assertThat(inTransaction.executeUpdate("INSERT INTO side VALUES (2)")).isEqualTo(1);
        writing.commit();
        long count = batches.batch().getRowCount();
        while (batches.next()) {
            count += batches.batch().getRowCount();
        }
        assertThat(count).isEqualTo((long) SIDE * SIDE);
        stopping.get(120, TimeUnit.SECONDS);
        assertThat(idle.isValid(1)).isFalse();
        reading.close();
        writing.close();
        idle.close();
    }

    @Test
    void whatDoesNotComeToItsEndIsCancelled() throws Exception {
        ZeptoServer server = builder().start();
        fill(server);
        Connection connection = DriverManager.getConnection(server.jdbcUrl());
        Statement statement = connection.createStatement();
        CompletableFuture<String> state = OwnThread.supply(() -> {
            try (ResultSet rows = statement.executeQuery(LONG)) {
                return "none";
            } catch (SQLException e) {
                return e.getSQLState();
            }
        });
        try (Connection looking = DriverManager.getConnection(server.jdbcUrl())) {
            RunningStatements.await(looking, LONG);
        }
        server.stop(Duration.ofMillis(200));
        assertThat(state.get(60, TimeUnit.SECONDS)).isEqualTo("57P01");
        connection.close();
    }

    @Test
    void aConnectionOutlivesSocketsThatTheServerHasClosed() throws Exception {
        Duration patience = Duration.ofMillis(450);
        SQLException failure = useAfterRests(patience);
        // a client that stands still for so long before it says anything loses its request too, as it should
        while (failure != null && patience.toSeconds() < 10) {
            patience = patience.multipliedBy(4);
            failure = useAfterRests(patience);
        }
        assertThat((Throwable) failure).isNull();
    }

    /** Uses a connection again and again when its sockets were closed by a server that waits no longer than this. What it met; null for nothing. */
    private static SQLException useAfterRests(Duration patience) throws Exception {
        try (ZeptoServer server = builder()
                        .patience(new ClientPatience(patience, patience))
                        .start();
                Connection connection = DriverManager.getConnection(server.jdbcUrl());
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < 3; i++) {
                try (ResultSet one = statement.executeQuery("SELECT 1")) {
                    assertThat(one.next()).isTrue();
                }
                Thread.sleep(2 * patience.toMillis() + 1_000L * i);
            }
            assertThat(connection.isValid(60)).isTrue();
            return null;
        } catch (SQLException e) {
            assertThat(e.getSQLState()).startsWith("08");
            return e;
        }
    }

    @Test
    void aResultOfWhichNothingIsAskedForIsClosed() throws Exception {
        try (Connection local = DriverManager.getConnection("jdbc:zepto:")) {
            Database database = local.unwrap(Database.class);
            try (ZeptoServer server = ZeptoServer.builder()
                    .database(database)
                    .port(0)
                    .mostIdleResult(Duration.ofMillis(1))
                    .start()) {
                fill(server);
                try (Connection connection = DriverManager.getConnection(server.jdbcUrl());
                        Statement statement = connection.createStatement()) {
                    connection.setAutoCommit(false);
                    try (Statement insert = connection.createStatement()) {
                        insert.execute("INSERT INTO side VALUES (-1)");
                    }
                    long before = database.allocator().getAllocatedMemory();
                    ResultSet rows = statement.executeQuery(MANY);
                    assertThat(rows.next()).isTrue();
                    Thread.sleep(20);
                    server.closeIdleConnections();
                    long end = System.nanoTime() + LONG_TIME.toNanos();
                    while (database.allocator().getAllocatedMemory() != before && System.nanoTime() < end) {
                        Thread.onSpinWait();
                    }
                    assertThat(database.allocator().getAllocatedMemory()).isEqualTo(before);
                    assertThatThrownBy(() -> {
                                for (int i = 0; i < SIDE * SIDE; i++) {
                                    assertThat(rows.next()).isTrue();
                                }
                            })
                            .isInstanceOfSatisfying(
                                    SQLNonTransientException.class,
                                    e -> assertThat(e.getSQLState()).isEqualTo("24000"));
                    assertThat(connection.isClosed()).as("only the result is").isFalse();
                    connection.commit();
                    try (ResultSet again = statement.executeQuery("SELECT count(*) FROM side")) {
                        assertThat(again.next()).isTrue();
                        assertThat(again.getInt(1)).isEqualTo(SIDE + 1);
                    }
                }
            }
        }
    }
}
