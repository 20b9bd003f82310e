package io.zeptodb.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.AccessRights;
import io.zeptodb.engine.api.UserRole;
import io.zeptodb.jdbc.wire.WireBytes;
import io.zeptodb.jdbc.wire.WireMessages;
import io.zeptodb.jdbc.wire.WireProtocol;
import io.zeptodb.server.LeaseClock;
import io.zeptodb.server.ZeptoServer;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whose connections a lease is for. */
@Timeout(120)
class OwnedLeasesTest {
    private static final String WRONG = "a wrong one";

    private static String login(String user, String password) {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    private static String state(ZeptoServer server, String user, String password, String path, Object head)
            throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path))
                .header("Authorization", login(user, password))
                .POST(HttpRequest.BodyPublishers.ofByteArray(WireBytes.ofHead(head)))
                .build();
        HttpResponse<byte[]> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
        return answer.statusCode() == 200
                ? "00000"
                : WireBytes.read(answer.body()).head(WireMessages.Failure.class).state();
    }

    private static String state(ZeptoServer server, String user, String path, Object head) throws Exception {
        return state(server, user, UsersFixture.password(user), path, head);
    }

    private static ZeptoServer server(UsersFixture users, LeaseClock clock, Duration every) throws Exception {
        return ZeptoServer.builder()
                .url("jdbc:zepto:")
                .port(0)
                .access(new ServerAccess(null, users.path(), null, false, null, UserLimits.DEFAULT))
                .leases(clock.terms(every))
                .start();
    }

    @Test
    void onlyItsOwnerHoldsAConnection(@TempDir Path folder) throws Exception {
        UsersFixture users = new UsersFixture(folder.resolve("users.json"));
        users.put("wes", AccessRights.ofRole(UserRole.WRITER), new UserLimits(1, 0, Map.of()), null);
        LeaseClock clock = new LeaseClock();
        try (ZeptoServer server = server(users, clock, Duration.ofSeconds(5))) {
            WireMessages.Lease lease = new WireMessages.Lease(List.of("c1", "c2"));
            Object first = new WireMessages.Open("c1", List.of(1), "test", true);
            Object second = new WireMessages.Open("c2", List.of(1), "test", true);
            assertThat(state(server, "wes", WireProtocol.OPEN, first)).isEqualTo("00000");

            clock.move(LeaseClock.MOST.minusSeconds(1));
            assertThat(state(server, "wes", WireProtocol.LEASE, lease)).isEqualTo("00000");
            clock.move(LeaseClock.MOST.minusSeconds(1));
            assertThat(state(server, "wes", WireProtocol.OPEN, second)).isEqualTo("53300");

            // others are told nothing, and change nothing
            assertThat(state(server, "root", WireProtocol.LEASE, lease)).isEqualTo("00000");
            assertThat(state(server, "wes", WRONG, WireProtocol.LEASE, lease)).isEqualTo("28000");
            clock.move(Duration.ofSeconds(2));
            assertThat(state(server, "root", WireProtocol.OPEN, second)).isEqualTo("00000");
            assertThat(state(server, "wes", WireProtocol.PING, new WireMessages.Ping("c1")))
                    .as("others have room, so he lost nothing")
                    .isEqualTo("00000");
            clock.move(LeaseClock.MOST.plusSeconds(1));
            assertThat(state(server, "root", WireProtocol.LEASE, lease)).isEqualTo("00000");
            assertThat(state(server, "wes", WireProtocol.OPEN, second)).isEqualTo("00000");
            assertThat(state(server, "wes", WireProtocol.PING, new WireMessages.Ping("c1")))
                    .isEqualTo("57P05");
            assertThat(state(server, "root", WireProtocol.PING, new WireMessages.Ping("c2")))
                    .isEqualTo("00000");
        }
    }

    /** Connections of several users over one thread: each login sends its own. */
    @Test
    void theDriverSendsTheLeasesOfEachLogin(@TempDir Path folder) throws Exception {
        UsersFixture users = new UsersFixture(folder.resolve("users.json"));
        LeaseClock clock = new LeaseClock();
        List<Connection> open = new ArrayList<>();
        List<String> names = List.of("root", "wes", "ann");
        try (ZeptoServer server = server(users, clock, Duration.ofMillis(20))) {
            for (String user : names) {
                users.put(user, AccessRights.ofRole(UserRole.READER), new UserLimits(1, 0, Map.of()), null);
                open.add(DriverManager.getConnection(server.jdbcUrl(), user, UsersFixture.password(user)));
            }
            for (int i = 0; i < 3; i++) {
                clock.move(LeaseClock.MOST.minusSeconds(1));
                for (String user : names) {
                    clock.awaitLease(user);
                }
            }
            for (String user : names) {
                Object another = new WireMessages.Open("another", List.of(1), "test", true);
                assertThat(state(server, user, WireProtocol.OPEN, another)).isEqualTo("53300");
            }
            for (Connection connection : open) {
                assertThat(connection.isValid(60)).isTrue();
                connection.close();
            }
        }
    }

    private static double refusedLogins(ZeptoServer server) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/metrics"))
                .header("Authorization", login("wes", UsersFixture.password("wes")))
                .build();
        String figures = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
        return figures.lines()
                .filter(line -> line.startsWith("zepto_logins_refused_total "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
    }

    /** Wrong logins in a row would lock the user out. */
    @Test
    void aLoginThatIsRefusedIsNotTriedAgainBeforeAConnectionIsOpenedWithIt(@TempDir Path folder) throws Exception {
        UsersFixture users = new UsersFixture(folder.resolve("users.json"));
        LeaseClock clock = new LeaseClock();
        try (ZeptoServer server = server(users, clock, Duration.ofMillis(20));
                Connection ofWes = DriverManager.getConnection(server.jdbcUrl(), "wes", UsersFixture.password("wes"))) {
            String password = UsersFixture.password("root");
            Connection ofRoot = DriverManager.getConnection(server.jdbcUrl(), "root", password);
            users.remove("root");
            while (refusedLogins(server) == 0) {
                Thread.sleep(20);
            }
            for (int i = 0; i < 5; i++) {
                clock.awaitLease("wes");
            }
            assertThat(refusedLogins(server)).isEqualTo(1);

            users.put("root", AccessRights.ofRole(UserRole.ADMIN), new UserLimits(1, 0, Map.of()), null);
            try (Connection another = connectAgain(server, password)) {
                for (int i = 0; i < 3; i++) {
                    clock.move(LeaseClock.MOST.minusSeconds(1));
                    clock.awaitLease("root");
                }
                Object third = new WireMessages.Open("third", List.of(1), "test", true);
                assertThat(state(server, "root", WireProtocol.OPEN, third))
                        .as("its leases are sent again")
                        .isEqualTo("53300");
                assertThat(another.isValid(60)).isTrue();
            }
            assertThat(ofWes.isValid(60)).isTrue();
            ofRoot.close();
        }
    }

    /** As soon as the server has read the file again. */
    private static Connection connectAgain(ZeptoServer server, String password) throws Exception {
        while (true) {
            try {
                return DriverManager.getConnection(server.jdbcUrl(), "root", password);
            } catch (SQLException e) {
                assertThat(e.getSQLState()).isIn("28000", "53300");
                Thread.sleep(100);
            }
        }
    }

    @Test
    void socketsAreLookedAfterByTheSystem() throws Exception {
        Server server = new Server();
        ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor();
        try {
            ServerConnector connector = ServerAccess.LOCAL.connector(server, new HttpConfiguration(), 1, sweeper);
            server.addConnector(connector);
            server.start();
            try (Socket client = new Socket(connector.getHost(), connector.getLocalPort())) {
                client.getOutputStream().write('G');
                while (connector.getConnectedEndPoints().isEmpty()) {
                    Thread.sleep(5);
                }
                EndPoint accepted = connector.getConnectedEndPoints().iterator().next();
                SocketChannel channel = (SocketChannel) ((SocketChannelEndPoint) accepted).getChannel();
                assertThat(channel.getOption(StandardSocketOptions.SO_KEEPALIVE))
                        .isTrue();
            }
        } finally {
            server.stop();
            sweeper.shutdownNow();
        }
    }
}
