package io.zeptodb.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.server.ZeptoServer;
import io.zeptodb.server.endpoint.ClientPatience;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How little those may take of a server whom it does not know. */
@Timeout(300)
class StrangersTest {
    private static final Duration SHORT = Duration.ofSeconds(1);
    /** Longer than a test waits for anything. */
    private static final Duration NEVER = Duration.ofMinutes(5);

    private static final String ANSWERED = "HTTP/1.1 204 No Content";
    private static final String HEALTH = "GET /health HTTP/1.1\r\nHost: localhost\r\n";
    private static final int LONG_MILLIS = 100_000;
    private static final int SOCKETS = 5;

    @TempDir
    private Path folder;

    private final List<Socket> sockets = new ArrayList<>();
    private UsersFixture users;
    private ZeptoServer server;

    @BeforeEach
    void start() throws Exception {
        users = new UsersFixture(folder.resolve("users.json"));
        server = start(null, NEVER);
    }

    private ZeptoServer start(String host, Duration patience) throws Exception {
        return ZeptoServer.builder()
                .url("jdbc:zepto:")
                .port(0)
                .patience(new ClientPatience(patience, Duration.ofMinutes(10)))
                .access(new ServerAccess(host, users.path(), null, true, null, UserLimits.DEFAULT, SOCKETS))
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        server.close();
    }

    private Socket connect(String from) throws IOException {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.setSoTimeout(LONG_MILLIS);
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String login(String user, String password) {
        String pair = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.US_ASCII));
        return "Host: localhost\r\nAuthorization: Basic " + pair + "\r\n";
    }

    /** All that comes until the server hangs up. */
    private static String untilClosed(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (SocketException e) {
            return "reset";
        }
    }

    /** The status line of the answer to a request; empty when the server hung up instead. */
    private static String answer(Socket socket, String request) throws IOException {
        StringBuilder head = new StringBuilder();
        try {
            send(socket, request);
            InputStream in = socket.getInputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                head.append((char) next);
                if (head.toString().endsWith("\r\n\r\n")) {
                    return head.substring(0, head.indexOf("\r\n"));
                }
            }
        } catch (SocketException e) {
            return "";
        }
        return "";
    }

    @Test
    void whoIsNotKnownIsNotWaitedForLong() throws Exception {
        server.close();
        server = start(null, SHORT);
        Socket silent = connect("127.0.0.1");
        Socket half = connect("127.0.0.1");
        send(half, "POST / HTTP/1.1\r\nHost: loc");
        Socket slow = connect("127.0.0.1");
        send(slow, "POST / HTTP/1.1\r\n" + login("ann", "wrong") + "Content-Length: 1000000\r\n\r\n");
        assertThat(untilClosed(silent)).isEmpty();
        untilClosed(half);
        untilClosed(slow);

        assertThat(knownWithRests(SHORT.toMillis() * 5 / 2)).isNotNull();
    }

    /** A socket over which a user was answered, twice at least, with rests between his requests; null when that never happened. */
    private Socket knownWithRests(long... restsMillis) throws Exception {
        String cancel =
                "POST /cancel HTTP/1.1\r\n" + login("ann", UsersFixture.password("ann")) + "Content-Length: 1\r\n\r\nx";
        for (int attempt = 0; attempt < 3; attempt++) { // where this thread stands still he is too slow himself
            Socket known = connect("127.0.0.1");
            boolean answered = answer(known, cancel).equals(ANSWERED);
            for (int i = 0; answered && i < restsMillis.length; i++) {
                Thread.sleep(restsMillis[i]);
                answered = answer(known, cancel).equals(ANSWERED);
            }
            if (answered) {
                return known;
            }
        }
        return null;
    }

    /** Sends a byte now and then, each soon enough for an idle time-out, until the server hangs up. */
    private static void trickle(Socket socket, byte[] bytes) throws Exception {
        try {
            for (int i = 0; ; i++) {
                socket.getOutputStream().write(bytes[i % bytes.length]);
                Thread.sleep(SHORT.toMillis() / 10);
            }
        } catch (SocketException e) {
            assertThat(socket.isConnected()).isTrue(); // hung up, as it should
        }
    }

    @Test
    void theHeadOfARequestHasItsTimeInAll() throws Exception {
        server.close();
        server = start(null, SHORT);
        Socket stranger = connect("127.0.0.1");
        send(stranger, "POST / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
        trickle(stranger, new byte[] {'a'});

        // with all the time that a pool may take between them
        Socket known = knownWithRests(SHORT.toMillis(), 2 * SHORT.toMillis());
        assertThat(known).isNotNull();
        send(known, "POST / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
        trickle(known, new byte[] {'a'});
    }

    @Test
    void aHandshakeHasItsTimeInAll() throws Exception {
        server.close();
        TestCertificates authority = TestCertificates.authority(folder, "authority");
        TlsFiles tls = new TlsFiles(authority.issue("server"), authority.key("server"), null, null);
        server = ZeptoServer.builder()
                .url("jdbc:zepto:")
                .port(0)
                .patience(new ClientPatience(SHORT, NEVER))
                .access(new ServerAccess(null, users.path(), null, false, tls, UserLimits.DEFAULT))
                .start();
        Socket stranger = connect("127.0.0.1");
        stranger.getOutputStream().write(new byte[] {22, 3, 1, 64, 0, 1}); // a client's hello of 16 KB
        trickle(stranger, new byte[] {0});
    }

    @Test
    void aRefusedLoginEndsItsSocketAndIsCounted() throws Exception {
        for (String path : List.of("/", "/cancel", "/metrics")) {
            Socket socket = connect("127.0.0.1");
            send(socket, "POST " + path + " HTTP/1.1\r\n" + login("ann", "wrong") + "Content-Length: 1\r\n\r\nx");
            assertThat(untilClosed(socket)).startsWith("HTTP/1.1 401").contains("Connection: close");
        }
        Socket socket = connect("127.0.0.1");
        send(
                socket,
                "GET /metrics HTTP/1.1\r\nConnection: close\r\n" + login("root", UsersFixture.password("root"))
                        + "\r\n");
        assertThat(untilClosed(socket)).contains("zepto_logins_refused_total 3.0");
    }

    @Test
    void anAddressHasSomeSocketsAndOthersHaveTheirs() throws Exception {
        server.close();
        server = start("0.0.0.0", NEVER);
        String health = HEALTH + "Connection: close\r\n\r\n";
        List<Socket> first = new ArrayList<>();
        for (int i = 0; i < SOCKETS; i++) {
            first.add(connect("127.0.0.1"));
        }
        assertThat(answer(first.get(0), health)).isEqualTo("HTTP/1.1 200 OK");
        untilClosed(first.get(0));
        close(first.get(0));
        first.set(0, untilAnswered(HEALTH + "\r\n"));
        Socket more = connect("127.0.0.1");
        assertThat(untilClosed(more)).isIn("", "reset");

        Socket other = connect("127.0.0.2");
        assertThat(answer(other, health)).isEqualTo("HTTP/1.1 200 OK");
        first.forEach(StrangersTest::close);
        untilAnswered(health);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The socket of an answer: one that was closed is counted until the server has noticed it. */
    private Socket untilAnswered(String request) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            Socket socket = connect("127.0.0.1");
            String answer = answer(socket, request);
            if (!answer.isEmpty()) {
                assertThat(answer).isEqualTo("HTTP/1.1 200 OK");
                return socket;
            }
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(20);
        }
    }
}
