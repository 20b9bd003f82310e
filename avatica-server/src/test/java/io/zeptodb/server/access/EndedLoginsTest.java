package io.zeptodb.server.access;

import static io.zeptodb.server.access.Answers.assertState;
import static io.zeptodb.server.access.Answers.one;
import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.AccessRights;
import io.zeptodb.engine.api.UserRole;
import io.zeptodb.server.OwnThread;
import io.zeptodb.server.SideTable;
import io.zeptodb.server.ZeptoServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left of the connections of a login that is good no more. */
@Timeout(120)
class EndedLoginsTest {
    private static final String ANOTHER = "another secret";
    private static final String TOKEN = "zepto_of_wes";
    private static final int SIDE = 3_000;
    private static final String LONG = "SELECT count(*) FROM side a, side b, side c WHERE a.x + b.x + c.x = -1";

    @TempDir
    private Path folder;

    private UsersFixture users;
    private ZeptoServer server;

    @BeforeEach
    void start() throws Exception {
        users = new UsersFixture(folder.resolve("users.json"));
        users.put("wes", AccessRights.ofRole(UserRole.WRITER), new UserLimits(2, 0, Map.of()), null);
        server = ZeptoServer.builder()
                .url("jdbc:zepto:")
                .port(0)
                .access(new ServerAccess(null, users.path(), null, false, null, UserLimits.DEFAULT))
                .start();
        try (Connection root = connect("root", UsersFixture.password("root"))) {
            SideTable.make(root, SIDE);
        }
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private Connection connect(String user, String password) throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(), user, password);
    }

    private Connection withToken(String token) throws SQLException {
        Properties properties = new Properties();
        properties.put("token", token);
        return DriverManager.getConnection(server.jdbcUrl(), properties);
    }

    /** Runs a statement that takes very long; its SQLSTATE in the end. */
    private CompletableFuture<String> running(Connection connection) throws Exception {
        CompletableFuture<String> state = OwnThread.supply(() -> {
            try {
                return "gave " + one(connection, LONG);
            } catch (SQLException e) {
                return e.getSQLState();
            }
        });
        byte[] root = ("root:" + UsersFixture.password("root")).getBytes(StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/metrics"))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(root))
                .build();
        HttpClient client = HttpClient.newHttpClient();
        while (!client.send(request, HttpResponse.BodyHandlers.ofString())
                .body()
                .contains("zepto_requests_running 1.0")) {
            assertThat(state).isNotDone();
            Thread.sleep(10);
        }
        return state;
    }

    /** A sweep does not wait long for what it stops; a later one closes its connection. */
    private void closedBySweeps(int left) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        server.closeIdleConnections();
        while (server.connectionCount() > left) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(10);
            server.closeIdleConnections();
        }
        assertThat(server.connectionCount()).isEqualTo(left);
    }

    private static void insert(Connection connection, int value) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO side VALUES (" + value + ")");
        }
    }

    @Test
    void whoChangesHisPasswordIsNotKeptOutByWhatHeLeft() throws Exception {
        Connection writing = connect("wes", UsersFixture.password("wes"));
        Connection reading = connect("wes", UsersFixture.password("wes"));
        insert(writing, -1);
        CompletableFuture<String> state = running(reading);

        users.password("wes", ANOTHER);
        assertState("28000", () -> one(writing, "SELECT 1"));
        assertThat(server.connectionCount()).as("nobody wants their room").isEqualTo(2);
        try (Connection wes = connect("wes", ANOTHER)) {
            assertThat(state.get(20, TimeUnit.SECONDS)).isEqualTo("57P01");
            assertThat(server.connectionCount()).isEqualTo(1);
            assertThat(one(wes, "SELECT count(*) FROM side WHERE x < 0"))
                    .as("the transaction was rolled back")
                    .isEqualTo(0L);
        }
    }

    @Test
    void whatTheOldPasswordLeftEndsByItself() throws Exception {
        users.token("wes", TOKEN, null);
        Connection old = connect("wes", UsersFixture.password("wes"));
        CompletableFuture<String> state = running(old);
        try (Connection other = withToken(TOKEN);
                Connection root = connect("root", UsersFixture.password("root"))) {
            server.closeIdleConnections();
            assertThat(server.connectionCount()).isEqualTo(3);
            users.password("wes", ANOTHER);
            closedBySweeps(2);
            assertThat(state.get(20, TimeUnit.SECONDS)).isEqualTo("57P01");
            assertThat(one(other, "SELECT 1")).as("its token is good").isEqualTo(1);
            assertThat(one(root, "SELECT 1")).isEqualTo(1);
        }
    }

    @Test
    void whatARevokedTokenHeldIsGivenBack() throws Exception {
        users.token("wes", TOKEN, null);
        Connection feed = withToken(TOKEN);
        insert(feed, -1);
        try (Connection wes = connect("wes", UsersFixture.password("wes"))) {
            users.revokeTokens("wes");
            assertState("28000", feed::commit);
            server.closeIdleConnections();
            assertThat(server.connectionCount()).isEqualTo(1);
            assertThat(one(wes, "SELECT count(*) FROM side WHERE x < 0")).isEqualTo(0L);
        }
    }

    @Test
    void aTokenThatRunsOutEndsItsConnections() throws Exception {
        users.token("wes", TOKEN, Instant.now().plusSeconds(3_600));
        Connection feed = withToken(TOKEN);
        CompletableFuture<String> state = running(feed);
        server.closeIdleConnections();
        assertThat(state).as("before the end").isNotDone();
        users.tokenEnded("wes", TOKEN);
        closedBySweeps(0);
        assertThat(state.get(20, TimeUnit.SECONDS)).isEqualTo("57P01");
        assertState("28000", () -> one(feed, "SELECT 1"));
    }
}
