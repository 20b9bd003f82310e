package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.Database;
import io.zeptodb.jdbc.meta.Expected;
import io.zeptodb.jdbc.wire.WireBytes;
import io.zeptodb.jdbc.wire.WireMessages;
import io.zeptodb.jdbc.wire.WireProtocol;
import io.zeptodb.server.endpoint.ClientPatience;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.Service;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that send nonsense, too much, too slowly or nothing harm nobody but themselves: a good one is answered all the time, and no memory stays behind. */
class BadClientsTest {
    private static final int SIDE = 2_000;
    private static final int MANY = 200;
    private static final int MOST_REQUEST_BYTES = 1 << 20;
    private static final long SOME_MEMORY = 256L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofSeconds(60);

    private Connection local;
    private Database database;
    private ZeptoServer server;
    private Connection good;
    private long before;
    private final List<Socket> sockets = new ArrayList<>();

    @BeforeEach
    void start() throws SQLException, IOException {
        local = DriverManager.getConnection("jdbc:zepto:");
        database = local.unwrap(Database.class);
        SideTable.make(local, SIDE);
        server = ZeptoServer.builder()
                .database(database)
                .port(0)
                .mostRequestBytes(MOST_REQUEST_BYTES)
                .patience(new ClientPatience(PATIENCE, LONG))
                .mostIdleResult(Duration.ofMillis(1))
                .start();
        good = DriverManager.getConnection(server.jdbcUrl());
        before = database.allocator().getAllocatedMemory();
    }

    @AfterEach
    void stop() throws Exception {
        checkGood();
        for (Socket socket : sockets) {
            socket.close();
        }
        good.close();
        server.close();
        local.close(); // fails when a byte is left
    }

    /** The good one is answered, and rightly. */
    private void checkGood() throws SQLException {
        try (Statement statement = good.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*), sum(x) FROM side")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getLong(1)).isEqualTo(SIDE);
            assertThat(rows.getLong(2)).isEqualTo(SIDE * (SIDE - 1L) / 2);
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        sockets.add(socket);
        return socket;
    }

    private static byte[] request(String path, long length) {
        return ("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** The status line of an answer; empty when the server hung up instead. */
    private static String status(Socket socket) throws IOException {
        socket.setSoTimeout((int) LONG.toMillis());
        StringBuilder line = new StringBuilder();
        try {
            InputStream in = socket.getInputStream();
            for (int next = in.read(); next >= 0 && next != '\r'; next = in.read()) {
                line.append((char) next);
            }
        } catch (SocketException e) {
            return ""; // reset: hung up as well
        }
        return line.toString();
    }

    @Test
    void garbageInPlaceOfHttp() throws Exception {
        Random random = new Random(5);
        for (int i = 0; i < MANY; i++) {
            Socket socket = connect();
            byte[] garbage = new byte[1 + random.nextInt(5_000)];
            random.nextBytes(garbage);
            try {
                OutputStream out = socket.getOutputStream();
                out.write(garbage);
                socket.shutdownOutput();
            } catch (SocketException e) {
                continue; // it did not even listen to the end
            }
            assertThat(status(socket)).doesNotContain("200");
            if (i % 20 == 0) {
                checkGood();
            }
        }
    }

    @Test
    void garbageInPlaceOfMessages() throws Exception {
        Random random = new Random(6);
        String[] paths = {
            "/", "/cancel", WireProtocol.OPEN, WireProtocol.EXECUTE, WireProtocol.FETCH, WireProtocol.BATCH
        };
        for (int i = 0; i < MANY; i++) {
            Socket socket = connect();
            byte[] garbage = new byte[random.nextInt(2_000)];
            random.nextBytes(garbage);
            if (random.nextBoolean() && garbage.length > 4) {
                garbage[0] = 0x0A; // as a message of Avatica's begins
            } else if (garbage.length > 8) {
                garbage[0] = (byte) random.nextInt(garbage.length - 4);
                garbage[1] = 0;
                garbage[2] = 0;
                garbage[3] = 0;
                garbage[4] = '{';
            }
            socket.getOutputStream().write(request(paths[i % paths.length], garbage.length));
            socket.getOutputStream().write(garbage);
            socket.getOutputStream().flush();
            assertThat(status(socket)).matches("HTTP/1.1 (500|400|204) .*");
            if (i % 20 == 0) {
                checkGood();
            }
        }
    }

    @Test
    void requestsThatDoNotEndAreGivenUp() throws Exception {
        for (int i = 0; i < MANY; i++) {
            Socket socket = connect();
            // far more of them than threads
            socket.getOutputStream().write(request("/", 100_000));
            socket.getOutputStream().write(new byte[i]);
            socket.getOutputStream().flush();
        }
        checkGood();
        for (Socket socket : sockets) {
            assertThat(status(socket)).doesNotContain("200");
        }
    }

    /** Most of it at once, then a byte now and then: it would hold its memory for as long as it likes. */
    @ParameterizedTest
    @CsvSource({"/zepto/1/batch, 408", "/, 500"})
    void aRequestThatTricklesIsGivenUp(String path, int status) throws Exception {
        byte[] most = new byte[MOST_REQUEST_BYTES - 10_000];
        most[0] = '{';
        for (int i = 0; i < 5; i++) {
            Socket socket = connect();
            socket.getOutputStream().write(request(path, MOST_REQUEST_BYTES));
            socket.getOutputStream().write(most);
        }
        List<String> answers = new ArrayList<>();
        long end = System.nanoTime() + LONG.toNanos();
        while (answers.size() < sockets.size() && System.nanoTime() < end) {
            for (Socket socket : sockets.subList(answers.size(), sockets.size())) {
                answers.addAll(answerTo(socket));
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        assertThat(answers).hasSameSizeAs(sockets);
        // what a client has sent meanwhile may have kept the answer from it
        assertThat(answers)
                .anySatisfy(answer -> assertThat(answer)
                        .startsWith("HTTP/1.1 " + status)
                        .contains("54000")
                        .contains("came too slowly"));
        assertThat(answers).noneSatisfy(answer -> assertThat(answer).startsWith("HTTP/1.1 200"));
    }

    /** Another byte, unless there is an answer, which is given with all that follows; empty when the server hung up. */
    private static List<String> answerTo(Socket socket) throws IOException {
        try {
            if (socket.getInputStream().available() == 0) {
                socket.getOutputStream().write(' ');
                return List.of();
            }
            socket.setSoTimeout((int) LONG.toMillis());
            return List.of(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (SocketException e) {
            return List.of("");
        }
    }

    @Test
    void hugeRequestsAreRefusedBeforeTheyAreRead() throws Exception {
        for (long length : new long[] {MOST_REQUEST_BYTES + 1L, 1L << 34, Long.MAX_VALUE}) {
            Socket socket = connect();
            socket.getOutputStream().write(request(WireProtocol.BATCH, length));
            socket.getOutputStream().flush();
            assertThat(status(socket)).contains("413");
        }
        Socket endless = connect();
        OutputStream out = endless.getOutputStream();
        out.write("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
        byte[] chunk = new byte[0x10000];
        try {
            for (int i = 0; i < 100; i++) {
                out.write("10000\r\n".getBytes(StandardCharsets.US_ASCII));
                out.write(chunk);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            out.flush();
        } catch (SocketException e) {
            // it hung up, having said why or not
        }
        assertThat(status(endless)).doesNotContain("200");
        Socket headers = connect();
        headers.getOutputStream().write("POST / HTTP/1.1\r\nHost: localhost\r\n".getBytes(StandardCharsets.US_ASCII));
        try {
            for (int i = 0; i < 1_000; i++) {
                headers.getOutputStream()
                        .write(("X-" + i + ": " + "x".repeat(1_000) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            }
        } catch (SocketException e) {
            // as above
        }
        assertThat(status(headers)).doesNotContain("200");
    }

    private byte[] call(String path, Object head) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        try (socket) {
            byte[] body = WireBytes.ofHead(head);
            socket.getOutputStream().write(request(path, body.length));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            return status(socket).getBytes(StandardCharsets.UTF_8);
        }
    }

    @Test
    void answersThatNobodyReadsHoldLittleMemoryAndNotForLong() throws Exception {
        String sql = "SELECT a.x * " + SIDE + " + b.x AS n FROM side a, side b";
        for (int i = 0; i < 40; i++) {
            String id = "slow-" + i;
            assertThat(new String(
                            call(WireProtocol.OPEN, new WireMessages.Open(id, List.of(1), "test", false)),
                            StandardCharsets.UTF_8))
                    .contains("200");
            int statement = createStatement(id);
            // the first piece, then pieces until the socket is full, of which nothing is read
            Socket socket = connect();
            socket.setReceiveBufferSize(4_096);
            byte[] execute = WireBytes.ofHead(new WireMessages.Execute(
                    id, statement, sql, Expected.ROWS, 0, 0, 0, WireMessages.Compression.NONE, 0));
            socket.getOutputStream().write(request(WireProtocol.EXECUTE, execute.length));
            socket.getOutputStream().write(execute);
            for (int piece = 1; piece < 6; piece++) {
                byte[] fetch = WireBytes.ofHead(new WireMessages.Fetch(id, statement, 1, piece, 0, 0));
                socket.getOutputStream().write(request(WireProtocol.FETCH, fetch.length));
                socket.getOutputStream().write(fetch);
            }
            socket.getOutputStream().flush();
        }
        long most = 0;
        long end = System.nanoTime() + LONG.toNanos();
        for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
            checkGood();
            long held = database.allocator().getAllocatedMemory() - before;
            most = Math.max(most, held);
            TimeUnit.MILLISECONDS.sleep(20);
            server.closeIdleConnections();
            if (held == 0 && now > end - LONG.toNanos() + 2 * PATIENCE.toNanos()) {
                break;
            }
        }
        assertThat(most).isBetween(1L, SOME_MEMORY);
        assertThat(database.allocator().getAllocatedMemory()).isEqualTo(before);
    }

    /** The id of a new statement. */
    private int createStatement(String connection) throws IOException {
        ProtobufTranslationImpl translation = new ProtobufTranslationImpl();
        HttpURLConnection http = (HttpURLConnection)
                URI.create("http://localhost:" + server.port() + "/").toURL().openConnection();
        http.setDoOutput(true);
        http.getOutputStream().write(translation.serializeRequest(new Service.CreateStatementRequest(connection)));
        try (InputStream in = http.getInputStream()) {
            return ((Service.CreateStatementResponse) translation.parseResponse(in.readAllBytes())).statementId;
        }
    }

    @Test
    void aStatementMayTakeLongerThanSocketsMayBeIdle() throws Exception {
        int seconds = 1;
        // a client that stands still for so long before it says anything loses its request, as it should
        while (!runsIntoItsTimeOut(Duration.ofSeconds(seconds), 3 * seconds)) {
            seconds *= 4;
            assertThat(seconds).isLessThan(20);
        }
    }

    /** Whether a long statement meets its own time-out and not that of its socket. */
    private boolean runsIntoItsTimeOut(Duration patience, int timeoutSeconds) throws Exception {
        long begin = System.nanoTime();
        try (ZeptoServer hasty = ZeptoServer.builder()
                        .database(database)
                        .port(0)
                        .patience(new ClientPatience(patience, patience))
                        .start();
                Connection connection = DriverManager.getConnection(hasty.jdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(timeoutSeconds);
            statement.executeQuery("SELECT count(*) FROM side a, side b, side c WHERE a.x + b.x + c.x = -1");
            throw new AssertionError("it ended by itself");
        } catch (SQLTimeoutException e) {
            assertThat(System.nanoTime() - begin).isGreaterThan(2 * patience.toNanos());
            return true;
        } catch (SQLException e) {
            assertThat(e.getSQLState()).startsWith("08");
            return false;
        }
    }
}
