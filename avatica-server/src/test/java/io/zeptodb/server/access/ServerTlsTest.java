package io.zeptodb.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.zeptodb.jdbc.tls.TlsIdentity;
import io.zeptodb.server.OwnThread;
import io.zeptodb.server.ZeptoServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that speaks TLS, and clients with certificates, with wrong ones and without. */
@Timeout(120)
class ServerTlsTest {
    @TempDir
    private Path folder;

    private UsersFixture users;
    private TestCertificates authority;
    private Path certificate;

    @BeforeEach
    void makeFiles() throws IOException {
        users = new UsersFixture(folder.resolve("users.json"));
        authority = TestCertificates.authority(folder, "authority");
        certificate = authority.issue("server");
    }

    private ZeptoServer start(@Nullable Path clientAuthorities) throws Exception {
        TlsFiles files = new TlsFiles(certificate, authority.key("server"), null, clientAuthorities);
        return ZeptoServer.builder()
                .url("jdbc:zepto:")
                .port(0)
                .access(new ServerAccess("0.0.0.0", users.path(), null, false, files, UserLimits.DEFAULT))
                .start();
    }

    private static Connection connect(ZeptoServer server, @Nullable Path authorities, @Nullable Path own)
            throws SQLException {
        return connect(server, "ann", authorities, own);
    }

    private static Connection connect(ZeptoServer server, String user, @Nullable Path authorities, @Nullable Path own)
            throws SQLException {
        Properties properties = new Properties();
        properties.put("user", user);
        properties.put("password", UsersFixture.password(user));
        properties.put("tls", "true");
        if (authorities != null) {
            properties.put("tls_ca", authorities.toString());
        }
        if (own != null) {
            properties.put("tls_cert", own.toString());
            properties.put("tls_key", own.toString().replace(".crt", ".key"));
        }
        Connection connection =
                DriverManager.getConnection("jdbc:zepto://localhost:" + server.port() + "/", properties);
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 7")) {
            rows.next();
            assertThat(rows.getInt(1)).isEqualTo(7);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static String stateOf(ThrowingConnect call) throws Exception {
        try {
            call.run();
            return "connected";
        } catch (SQLException e) {
            return String.valueOf(e.getSQLState());
        }
    }

    private interface ThrowingConnect {
        void run() throws Exception;
    }

    @Test
    void anAbortDoesNotWaitForTheOtherSide() throws Exception {
        String ages = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r";
        try (ZeptoServer server = start(null)) {
            Connection connection = connect(server, authority.file(), null);
            Statement statement = connection.createStatement();
            CompletableFuture<String> running = OwnThread.supply(() -> {
                try {
                    return stateOf(() -> statement.executeQuery(ages));
                } catch (Exception e) {
                    throw new CompletionException(e);
                }
            });
            connection.abort(Runnable::run);
            assertThat(running.join()).isIn("08006", "08003", "24000");
            while (server.connectionCount() > 0) {
                Thread.sleep(5);
            }
        }
    }

    @Test
    void clientsThatTrustTheServerComeIn() throws Exception {
        try (ZeptoServer server = start(null)) {
            connect(server, authority.file(), null).close();
            assertThat(stateOf(() -> connect(server, null, null))).isEqualTo("08001");
            TestCertificates others = TestCertificates.authority(folder, "others");
            assertThat(stateOf(() -> connect(server, others.file(), null))).isEqualTo("08001");
            // without TLS there is nothing to be had
            assertThat(stateOf(() -> DriverManager.getConnection(
                                    "jdbc:zepto://localhost:" + server.port() + "/", "ann", "x")
                            .createStatement()
                            .execute("SELECT 1")))
                    .isEqualTo("08001");
        }
    }

    @Test
    void aServerWithoutTlsIsNotTakenForOneThatIsGone() throws Exception {
        try (ZeptoServer server =
                ZeptoServer.builder().url("jdbc:zepto:").port(0).start()) {
            SQLException refused =
                    catchThrowableOfType(SQLException.class, () -> connect(server, "ann", authority.file(), null));
            assertThat(refused.getSQLState()).isEqualTo("08001");
            assertThat(refused.getMessage()).contains("leave tls=true out");
        }
    }

    @Test
    void whatRunsForAClientThatIsGoneIsStopped() throws Exception {
        try (ZeptoServer server = start(null);
                Connection other = connect(server, "root", authority.file(), null);
                Statement figures = other.createStatement()) {
            figures.execute("CREATE TABLE side (x BIGINT)");
            figures.execute("INSERT INTO side SELECT a FROM UNNEST(ARRAY[" + "1, ".repeat(3_000) + "1]) AS u (a)");
            Connection leaving = connect(server, "root", authority.file(), null);
            try (Statement statement = leaving.createStatement()) {
                leaving.setNetworkTimeout(Runnable::run, 300);
                assertThat(stateOf(() -> statement.executeQuery(
                                "SELECT count(*) FROM side a, side b, side c WHERE a.x + b.x + c.x < 0")))
                        .isEqualTo("08006");
            }
            leaving.close();
            long end = System.nanoTime() + java.time.Duration.ofSeconds(60).toNanos();
            while (isRunning() && System.nanoTime() < end) {
                Thread.sleep(20);
            }
            assertThat(isRunning()).isFalse();
        }
    }

    /** Whether a thread of the server runs a statement. */
    private static boolean isRunning() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(each -> each.getKey().getName().startsWith("zepto-statement-"))
                .anyMatch(each -> java.util.Arrays.stream(each.getValue())
                        .anyMatch(frame -> frame.getMethodName().equals("encode")));
    }

    /** Under a name that is not this machine's: the check of Host is for servers without a login. */
    @Test
    void avaticasOwnClientSpeaksTlsToo() throws Exception {
        try (ZeptoServer server = start(null)) {
            Path store = folder.resolve("trust.p12");
            try (var out = Files.newOutputStream(store)) {
                TlsIdentity.trustStore(authority.file()).store(out, "changeit".toCharArray());
            }
            Properties properties = new Properties();
            properties.put("avatica_user", "ann");
            properties.put("avatica_password", UsersFixture.password("ann"));
            properties.put("truststore", store.toString());
            properties.put("truststore_password", "changeit");
            try (Connection connection = DriverManager.getConnection(
                            "jdbc:avatica:remote:url=https://localhost:" + server.port()
                                    + "/;serialization=protobuf;authentication=BASIC",
                            properties);
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT 7")) {
                assertThat(rows.next()).isTrue();
            }
        }
    }

    @Test
    void whereClientsNeedCertificatesALoginAloneIsNotEnough() throws Exception {
        Path client = authority.issue("client");
        TestCertificates others = TestCertificates.authority(folder, "others");
        Path stranger = others.issue("stranger");
        try (ZeptoServer server = start(authority.file())) {
            connect(server, authority.file(), client).close();
            assertThat(stateOf(() -> connect(server, authority.file(), null))).startsWith("08");
            assertThat(stateOf(() -> connect(server, authority.file(), stranger)))
                    .startsWith("08");
            // nor is a certificate
            Properties wrong = new Properties();
            wrong.put("user", "ann");
            wrong.put("password", "wrong password");
            wrong.put("tls", "true");
            wrong.put("tls_ca", authority.file().toString());
            wrong.put("tls_cert", client.toString());
            wrong.put("tls_key", authority.key("client").toString());
            assertThat(stateOf(() -> DriverManager.getConnection("jdbc:zepto://localhost:" + server.port() + "/", wrong)
                            .createStatement()
                            .execute("SELECT 1")))
                    .isEqualTo("28000");
        }
    }

    private static X509Certificate shown(ZeptoServer server, SSLContext context, String... protocols)
            throws IOException {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", server.port())) {
            if (protocols.length > 0) {
                socket.setEnabledProtocols(protocols);
            }
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    @Test
    void onlyTls12AndLaterIsSpoken() throws Exception {
        SSLContext context = TlsIdentity.context(authority.file(), null, null, null);
        try (ZeptoServer server = start(null)) {
            shown(server, context, "TLSv1.3");
            shown(server, context, "TLSv1.2");
            assertThatThrownBy(() -> shown(server, context, "TLSv1.1")).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void aNewCertificateIsTakenWithoutARestart() throws Exception {
        TlsConnector connector = new TlsConnector(new TlsFiles(certificate, authority.key("server"), null, null));
        connector.context().start();
        try {
            connector.reloadIfChanged();
            SSLContext before = connector.context().getSslContext();
            Path next = authority.issue("next");
            Files.copy(next, certificate, StandardCopyOption.REPLACE_EXISTING);
            Files.setLastModifiedTime(certificate, FileTime.from(Instant.now().plusSeconds(10)));
            connector.reloadIfChanged(); // the key is still that of the old one
            assertThat(connector.context().getSslContext()).isSameAs(before);
            Files.copy(authority.key("next"), authority.key("server"), StandardCopyOption.REPLACE_EXISTING);
            connector.reloadIfChanged();
            assertThat(connector.context().getSslContext()).isNotSameAs(before);
            assertThat(connector.context().getX509("own").getHosts()).contains("next");
        } finally {
            connector.context().stop();
        }
    }

    @Test
    void filesThatCannotBeUsedEndTheStart() {
        TlsFiles none = new TlsFiles(folder.resolve("none.crt"), authority.key("server"), null, null);
        assertThatThrownBy(() -> ZeptoServer.builder()
                        .url("jdbc:zepto:")
                        .port(0)
                        .access(new ServerAccess(null, users.path(), null, false, none, UserLimits.DEFAULT))
                        .start())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none.crt': there is no such file");
        assertThatThrownBy(() -> ZeptoServer.builder()
                        .url("jdbc:zepto:")
                        .port(0)
                        .access(new ServerAccess(
                                null, folder.resolve("nobody.json"), null, false, null, UserLimits.DEFAULT))
                        .start())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("there is no file of users");
        assertThatThrownBy(() ->
                        new ServerAccess("no.such.host.invalid", null, null, false, null, UserLimits.DEFAULT).check())
                .hasMessageContaining("there is no address 'no.such.host.invalid'");
    }
}
