package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.zeptodb.jdbc.append.AppendingConnection;
import io.zeptodb.jdbc.wire.WireBytes;
import io.zeptodb.jdbc.wire.WireMessages;
import io.zeptodb.jdbc.wire.WireProtocol;
import io.zeptodb.server.access.ServerAccess;
import io.zeptodb.server.access.UserLimits;
import io.zeptodb.server.endpoint.LeaseTerms;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections of clients that are gone make room for those of clients that are there, and no others do. */
@Timeout(120)
class LeasesTest {
    private static final int MOST = 4;
    private static final Duration OFTEN = Duration.ofMillis(20);
    /** A driver that is told this is silent in a test. */
    private static final Duration NEVER = Duration.ofHours(1);

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SIDE = 3_000;
    private static final String LONG = "SELECT count(*) FROM side a, side b, side c WHERE a.x + b.x + c.x = -1";

    private final LeaseClock clock = new LeaseClock();

    private static ZeptoServer.Builder builder(int connections, LeaseTerms leases) {
        return ZeptoServer.builder()
                .url("jdbc:zepto:")
                .port(0)
                .access(new ServerAccess(null, null, null, false, null, new UserLimits(connections, 1_000, Map.of())))
                .leases(leases);
    }

    private static Connection connect(ZeptoServer server) throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl());
    }

    private static void assertRefused(ZeptoServer server) {
        assertThatThrownBy(() -> connect(server))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("53300"));
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getLong(1);
        }
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(10);
        }
    }

    private static boolean hasLeaseThread(ZeptoServer server) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("zepto-leases-localhost:" + server.port()));
    }

    private static HttpResponse<byte[]> post(ZeptoServer server, String path, Object head) throws Exception {
        URI uri = URI.create("http://localhost:" + server.port() + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .POST(HttpRequest.BodyPublishers.ofByteArray(WireBytes.ofHead(head)))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String state(HttpResponse<byte[]> answer) throws IOException {
        return answer.statusCode() == 200
                ? "00000"
                : WireBytes.read(answer.body()).head(WireMessages.Failure.class).state();
    }

    @Test
    void aServiceThatWasKilledGetsItsConnectionsBack() throws Exception {
        try (ZeptoServer server = builder(MOST, clock.terms(OFTEN)).start()) {
            try (Connection connection = connect(server);
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE t (x INTEGER)");
            }
            Process service = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            LeasedClient.class.getName(),
                            server.jdbcUrl(),
                            Integer.toString(MOST))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (BufferedReader told = service.inputReader(StandardCharsets.UTF_8)) {
                assertThat(told.readLine()).isEqualTo(LeasedClient.READY);
                assertThat(server.connectionCount()).isEqualTo(MOST);
                clock.move(LeaseClock.MOST.minusSeconds(5));
                clock.awaitLease();
                clock.move(LeaseClock.MOST.minusSeconds(5));
                assertRefused(server);
            } finally {
                service.destroyForcibly().waitFor();
            }
            await("a slot is free", () -> {
                clock.move(LeaseClock.MOST.plusSeconds(1)); // more than once: its last lease may be on its way
                try (Connection connection = connect(server)) {
                    return number(connection, "SELECT 1") == 1;
                } catch (SQLException e) {
                    assertThat(e.getSQLState()).isEqualTo("53300");
                    return false;
                }
            });
            try (HikariDataSource again = LeasedClient.pool(server.jdbcUrl(), MOST)) {
                for (Connection connection : LeasedClient.all(again)) {
                    assertThat(number(connection, "SELECT count(*) FROM t"))
                            .as("what was not committed")
                            .isZero();
                }
                assertThat(server.connectionCount()).isEqualTo(MOST);
            }
        }
    }

    @Test
    void aPoolThatLivesIsNeverEnded() throws Exception {
        try (ZeptoServer server = builder(MOST, clock.terms(OFTEN)).start();
                HikariDataSource pool = LeasedClient.pool(server.jdbcUrl(), MOST)) {
            List<Connection> before = raw(pool);
            for (int i = 0; i < 20; i++) {
                clock.move(LeaseClock.MOST.minusSeconds(1));
                clock.awaitLease();
                assertRefused(server);
            }
            assertThat(raw(pool)).containsExactlyInAnyOrderElementsOf(before);
            assertThat(server.connectionCount()).isEqualTo(MOST);
        }
    }

    private static List<Connection> raw(HikariDataSource pool) throws SQLException {
        List<Connection> raw = new ArrayList<>();
        for (Connection connection : LeasedClient.all(pool)) {
            try (connection) {
                assertThat(number(connection, "SELECT 1")).isEqualTo(1);
                raw.add((Connection) connection.unwrap(AppendingConnection.class));
            }
        }
        return raw;
    }

    @Test
    void aClientThatSleepsLosesNoMoreThanIsNeeded() throws Exception {
        try (ZeptoServer server = builder(MOST, clock.terms(NEVER)).start();
                Connection first = connect(server);
                Connection second = connect(server)) {
            assertThat(number(first, "SELECT 1")).isEqualTo(1);
            clock.move(Duration.ofSeconds(1));
            assertThat(number(second, "SELECT 1")).isEqualTo(1);
            clock.move(Duration.ofHours(8));
            try (Connection third = connect(server);
                    Connection fourth = connect(server)) {
                server.closeIdleConnections();
                assertThat(server.connectionCount()).isEqualTo(MOST);
                try (Connection fifth = connect(server)) {
                    for (Connection there : List.of(second, third, fourth, fifth)) {
                        assertThat(number(there, "SELECT 1")).isEqualTo(1);
                    }
                }
                assertThatThrownBy(() -> number(first, "SELECT 1"))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState()).isEqualTo("57P05"))
                        .hasMessageContaining("its client was not heard of for 20 s or longer");
                assertThat(first.isClosed()).isTrue();
            }
        }
    }

    @Test
    void aTransactionOfAClientThatIsGoneIsRolledBack() throws Exception {
        try (ZeptoServer server = builder(1, clock.terms(NEVER)).start();
                Connection gone = connect(server)) {
            try (Statement statement = gone.createStatement()) {
                statement.execute("CREATE TABLE t (x INTEGER)");
                gone.setAutoCommit(false);
                statement.execute("INSERT INTO t VALUES (1)");
            }
            assertRefused(server);
            clock.move(LeaseClock.MOST.plusSeconds(1));
            try (Connection next = connect(server)) {
                assertThat(number(next, "SELECT count(*) FROM t")).isZero();
            }
            assertThatThrownBy(gone::commit)
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57P05"));
        }
    }

    /** Runs until it is cancelled; its SQLSTATE then. */
    private static CompletableFuture<String> runLong(Statement statement) {
        return OwnThread.supply(() -> {
            try (ResultSet rows = statement.executeQuery(LONG)) {
                return "none";
            } catch (SQLException e) {
                return e.getSQLState();
            }
        });
    }

    @Test
    void whatRunsIsNotEnded() throws Exception {
        try (ZeptoServer server =
                        builder(1, clock.terms(NEVER)).statementThreads(4).start();
                Connection connection = connect(server);
                Statement statement = connection.createStatement()) {
            SideTable.make(connection, SIDE);
            CompletableFuture<String> state = runLong(statement);
            URI metrics = URI.create("http://localhost:" + server.port() + "/metrics");
            await("the statement runs", () -> {
                try {
                    return HttpClient.newHttpClient()
                            .send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
                            .body()
                            .contains("zepto_requests_running 1.0");
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            clock.move(Duration.ofHours(8));
            assertRefused(server);
            assertThat(state).isNotDone();
            statement.cancel();
            assertThat(state.get(60, TimeUnit.SECONDS)).isEqualTo("57014");
            assertThat(number(connection, "SELECT 1")).isEqualTo(1);
        }
    }

    /** It needs no thread of those for statements. */
    @Test
    void leasesWaitForNothing() throws Exception {
        try (ZeptoServer server =
                        builder(MOST, clock.terms(OFTEN)).statementThreads(1).start();
                Connection connection = connect(server);
                Statement statement = connection.createStatement()) {
            SideTable.make(connection, SIDE);
            CompletableFuture<String> state = runLong(statement);
            for (int i = 0; i < 10; i++) {
                clock.awaitLease();
            }
            assertThat(state).isNotDone();
            statement.cancel();
            assertThat(state.get(60, TimeUnit.SECONDS)).isEqualTo("57014");
        }
    }

    @Test
    void clientsThatOfferNoLeasesAreNeverTakenForDead() throws Exception {
        try (ZeptoServer server = builder(MOST, clock.terms(OFTEN)).start();
                Connection rows = DriverManager.getConnection(server.jdbcUrl() + "?result_format=rows");
                Connection stock = DriverManager.getConnection(
                        "jdbc:avatica:remote:url=http://localhost:" + server.port() + "/;serialization=protobuf")) {
            assertThat(hasLeaseThread(server)).isFalse();
            for (String id : List.of("old1", "old2")) {
                // the message of a driver that did not know of leases
                Map<String, Object> open = Map.of("connection", id, "versions", List.of(1), "driver", "0.1");
                WireMessages.Opened opened = WireBytes.read(
                                post(server, WireProtocol.OPEN, open).body())
                        .head(WireMessages.Opened.class);
                assertThat(opened.leaseMillis()).isZero();
            }
            assertThat(number(stock, "SELECT 1")).isEqualTo(1);
            clock.move(Duration.ofHours(8));
            assertRefused(server);
            assertThat(number(stock, "SELECT 1")).isEqualTo(1);
            assertThat(number(rows, "SELECT 1")).isEqualTo(1);
            for (String id : List.of("old1", "old2")) {
                assertThat(state(post(server, WireProtocol.PING, new WireMessages.Ping(id))))
                        .isEqualTo("00000");
            }
        }
    }

    @Test
    void aServerThatDoesNotKnowOfLeasesGetsNone() throws Exception {
        // what it answers has no such field
        assertThat(WireBytes.read(WireBytes.ofHead(Map.of("version", 1, "server", "0.1")))
                        .head(WireMessages.Opened.class))
                .isEqualTo(new WireMessages.Opened(1, "0.1", 0, 0, false));
        try (ZeptoServer server = builder(1, LeaseTerms.NONE).start();
                Connection connection = connect(server)) {
            assertThat(number(connection, "SELECT 1")).isEqualTo(1);
            assertThat(hasLeaseThread(server)).isFalse();
            WireMessages.Lease lease = new WireMessages.Lease(List.of("x"));
            assertThat(post(server, WireProtocol.LEASE, lease).statusCode()).isEqualTo(404);
            assertRefused(server);
            assertThat(connection.isValid(60)).isTrue();
        }
    }

    @Test
    void leasesAreNoUseOfAConnection() throws Exception {
        try (ZeptoServer server = builder(MOST, clock.terms(OFTEN))
                        .mostIdle(Duration.ofMillis(1))
                        .start();
                Connection connection = connect(server)) {
            clock.awaitLease();
            server.closeIdleConnections();
            assertThat(server.connectionCount()).isZero();
            assertThatThrownBy(() -> number(connection, "SELECT 1"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57P05"))
                    .hasMessageContaining("nothing was asked of it");
        }
    }

    @Test
    void theThreadEndsWithTheLastConnection() throws Exception {
        try (ZeptoServer server = builder(MOST, clock.terms(OFTEN)).start()) {
            try (Connection one = connect(server);
                    Connection other = connect(server)) {
                one.close();
                clock.awaitLease();
                assertThat(hasLeaseThread(server)).isTrue();
            }
            await("the thread ends", () -> !hasLeaseThread(server));
            try (Connection another = connect(server)) {
                assertThat(another.isValid(60)).isTrue();
                clock.awaitLease();
            }
            WeakReference<Connection> forgotten = new WeakReference<>(connect(server));
            await("a connection that nobody has is collected", () -> {
                System.gc();
                return forgotten.get() == null && !hasLeaseThread(server);
            });
            assertThat(server.connectionCount()).isEqualTo(1);
        }
    }

    @Test
    void aServerThatComesBackIsToldOfTheConnectionsThatItHas() throws Exception {
        ZeptoServer server = builder(MOST, clock.terms(OFTEN)).start();
        try (Connection before = connect(server)) {
            int port = server.port();
            clock.awaitLease();
            server.close();
            assertThat(before.isValid(5)).isFalse();
            LeaseClock later = new LeaseClock();
            server = builder(1, later.terms(OFTEN)).port(port).start();
            try (Connection after = connect(server)) {
                later.move(LeaseClock.MOST.minusSeconds(1));
                later.awaitLease();
                later.move(LeaseClock.MOST.minusSeconds(1));
                assertRefused(server);
                assertThat(number(after, "SELECT 1")).isEqualTo(1);
            }
        } finally {
            server.close();
        }
    }

    @Test
    void messagesThatAreTooLongOrNoneAreRefused() throws Exception {
        try (ZeptoServer server = builder(MOST, clock.terms(OFTEN)).start()) {
            List<String> most = Collections.nCopies(WireProtocol.MOST_LEASES, "x".repeat(64));
            List<String> more = Collections.nCopies(WireProtocol.MOST_LEASES + 1, "x");
            List<String> odd = new ArrayList<>();
            odd.add(null);
            odd.add("");
            odd.add("\n");
            assertThat(state(post(server, WireProtocol.LEASE, new WireMessages.Lease(most))))
                    .isEqualTo("00000");
            assertThat(state(post(server, WireProtocol.LEASE, new WireMessages.Lease(odd))))
                    .isEqualTo("00000");
            assertThat(state(post(server, WireProtocol.LEASE, new WireMessages.Lease(List.of()))))
                    .isEqualTo("00000");
            assertThat(state(post(server, WireProtocol.LEASE, new WireMessages.Lease(more))))
                    .isEqualTo("54000");
            String huge = "x".repeat(WireProtocol.MOST_LEASE_BYTES);
            assertThat(state(post(server, WireProtocol.LEASE, new WireMessages.Lease(List.of(huge)))))
                    .isEqualTo("54000");
            assertThat(state(post(server, WireProtocol.LEASE, Map.of()))).isEqualTo("08P01");
            assertThat(state(post(server, WireProtocol.LEASE, List.of(1)))).isEqualTo("08P01");
        }
    }
}
