package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.Database;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a server does with clients, good ones and others. */
class ZeptoServerTest {
    private static ZeptoServer start() throws SQLException, IOException {
        return ZeptoServer.builder().url("jdbc:zepto:").port(0).start();
    }

    @Test
    void clientsAreToldThePortThatTheSystemChose() throws Exception {
        try (ZeptoServer server =
                ZeptoServer.builder().url("jdbc:zepto:").port(0).start()) {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/"))
                                    .POST(HttpRequest.BodyPublishers.ofString(
                                            "{\"request\":\"openConnection\",\"connectionId\":\"a\",\"info\":{}}"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.body()).contains("\"serverAddress\":\"localhost:" + server.port() + "\"");
        }
    }

    @Test
    void clientsShareTheDatabase() throws Exception {
        try (ZeptoServer server = start()) {
            try (Connection one = DriverManager.getConnection(server.jdbcUrl());
                    Connection other = DriverManager.getConnection(server.jdbcUrl() + "?fetch_size=3")) {
                run(one, "CREATE TABLE t (x BIGINT)");
                run(other, "INSERT INTO t VALUES (1), (2), (3), (4), (5)");
                assertThat(count(one)).isEqualTo(5);
                assertThat(server.connectionCount()).isEqualTo(2);
            }
            assertThat(server.connectionCount()).isZero();
        }
    }

    @Test
    void manyClientsAtOnceGetTheirOwnAnswers() throws Exception {
        try (ZeptoServer server = start()) {
            try (Connection connection = DriverManager.getConnection(server.jdbcUrl())) {
                run(connection, "CREATE TABLE t (x BIGINT)");
                run(connection, "INSERT INTO t VALUES (1), (2), (3), (4), (5), (6), (7), (8)");
            }
            ExecutorService threads = Executors.newFixedThreadPool(8);
            List<Future<Long>> sums = new ArrayList<>();
            for (int i = 1; i <= 8; i++) {
                long key = i;
                sums.add(threads.submit(() -> {
                    long sum = 0;
                    try (Connection connection = DriverManager.getConnection(server.jdbcUrl());
                            PreparedStatement select = connection.prepareStatement("SELECT x FROM t WHERE x = ?")) {
                        for (int round = 0; round < 20; round++) {
                            select.setLong(1, key);
                            try (ResultSet rows = select.executeQuery()) {
                                rows.next();
                                sum += rows.getLong(1);
                            }
                        }
                    }
                    return sum;
                }));
            }
            for (int i = 1; i <= 8; i++) {
                assertThat(sums.get(i - 1).get(5, TimeUnit.MINUTES)).isEqualTo(20L * i);
            }
            threads.shutdown();
        }
    }

    @Test
    void badRequestsAreAnsweredAndHarmNobody() throws Exception {
        try (ZeptoServer server = start();
                Connection connection = DriverManager.getConnection(server.jdbcUrl())) {
            HttpClient http = HttpClient.newHttpClient();
            URI uri = URI.create("http://localhost:" + server.port() + "/");
            Random random = new Random(7);
            for (int i = 0; i < 50; i++) {
                byte[] garbage = new byte[random.nextInt(200)];
                random.nextBytes(garbage);
                if (garbage.length > 0 && i % 2 == 0) {
                    garbage[0] = 0x0A; // as if it were protobuf
                }
                assertThat(post(http, uri, garbage)).isEqualTo(500);
            }
            assertThat(post(http, uri, "{\"request\":\"nothing\"}".getBytes(StandardCharsets.UTF_8)))
                    .isEqualTo(500);
            assertThat(post(
                            http,
                            uri,
                            "{\"request\":\"closeConnection\",\"connectionId\":\"none\"}"
                                    .getBytes(StandardCharsets.UTF_8)))
                    .isEqualTo(200);
            assertThat(post(http, uri.resolve("/cancel"), "no sense at all".getBytes(StandardCharsets.UTF_8)))
                    .isEqualTo(400);
            assertThat(post(http, uri.resolve("/cancel"), "none 1".getBytes(StandardCharsets.UTF_8)))
                    .isEqualTo(204);
            HttpRequest get = HttpRequest.newBuilder(uri).GET().build();
            assertThat(http.send(get, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(405);
            HttpRequest ofWebPage = HttpRequest.newBuilder(uri)
                    .header("Origin", "http://example.com")
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build();
            assertThat(http.send(ofWebPage, HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(403);
            assertThat(connection.isValid(0)).isTrue();
        }
    }

    private static int post(HttpClient http, URI uri, byte[] body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofByteArray()).statusCode();
    }

    @Test
    void aConnectionThatWasIdleForTooLongIsClosedAndSaysSo() throws Exception {
        try (ZeptoServer server = ZeptoServer.builder()
                        .url("jdbc:zepto:")
                        .port(0)
                        .mostIdle(Duration.ofMillis(1))
                        .start();
                Connection connection = DriverManager.getConnection(server.jdbcUrl())) {
            Thread.sleep(20);
            server.closeIdleConnections();
            assertThat(server.connectionCount()).isZero();
            assertThat(connection.isValid(0)).isFalse();
            assertThatThrownBy(() -> run(connection, "SELECT 1"))
                    .isInstanceOf(SQLNonTransientConnectionException.class)
                    .hasMessageContaining("open another one");
        }
    }

    @Test
    void aServerThatIsGoneIsSaidToBeGone() throws Exception {
        ZeptoServer server = start();
        String url = server.jdbcUrl();
        Connection connection = DriverManager.getConnection(url);
        server.close();
        server.close();
        assertThat(connection.isValid(0)).isFalse();
        // 08003 when the ping has met the end of its socket, 08001 when it found the socket closed and nobody to open
        // another one
        assertThatThrownBy(() -> run(connection, "SELECT 1"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).startsWith("08"));
        connection.close(); // there is nobody left to tell
        assertThat(connection.isClosed()).isTrue();
        assertThatThrownBy(() -> DriverManager.getConnection(url))
                .isInstanceOf(SQLTransientConnectionException.class)
                .hasMessageContaining("no server answers at http://localhost:");
    }

    @Test
    void nothingIsLeftAllocatedWhenClientsLeaveWithoutClosing() throws Exception {
        Database database;
        try (Connection holder = DriverManager.getConnection("jdbc:zepto:mem:abandoned")) {
            database = holder.unwrap(Database.class);
            ZeptoServer server =
                    ZeptoServer.builder().database(database).port(0).start();
            Connection connection = DriverManager.getConnection(server.jdbcUrl() + "?fetch_size=1");
            run(connection, "CREATE TABLE t (x BIGINT)");
            run(connection, "INSERT INTO t VALUES (1), (2), (3)");
            ResultSet halfRead = connection.createStatement().executeQuery("SELECT x FROM t");
            assertThat(halfRead.next()).isTrue();
            server.close();
            assertThat(database.isClosed()).isFalse();
        }
        assertThat(database.isClosed()).isTrue();
    }

    @Test
    void aServerServesADatabaseOfItsOwnProcess() throws Exception {
        try (ZeptoServer server = start()) {
            assertThatThrownBy(() ->
                            ZeptoServer.builder().url(server.jdbcUrl()).port(0).start())
                    .isInstanceOf(SQLFeatureNotSupportedException.class);
            assertThatThrownBy(() -> ZeptoServer.builder()
                            .url("jdbc:zepto:")
                            .port(server.port())
                            .start())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(String.valueOf(server.port()));
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int count(Connection connection) throws SQLException {
        int count = 0;
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT x FROM t")) {
            while (rows.next()) {
                count++;
            }
        }
        return count;
    }
}
