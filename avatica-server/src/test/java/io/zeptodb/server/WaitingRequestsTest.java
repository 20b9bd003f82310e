package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.zeptodb.jdbc.meta.Expected;
import io.zeptodb.jdbc.wire.WireBytes;
import io.zeptodb.jdbc.wire.WireMessages;
import io.zeptodb.jdbc.wire.WireProtocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
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
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.calcite.avatica.AvaticaConnection;
import org.apache.calcite.avatica.AvaticaStatement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that have no thread, because others run: they can be cancelled, run out of time and be left by their clients, and keep nobody else waiting. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WaitingRequestsTest {
    /** More than anybody waits for. */
    private static final String AGES =
            "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r";

    private static final int THREADS = 4;
    /** Three times as many as are free: three run, the fourth thread is for others. */
    private static final int MOST_OF_USER = 3;

    private static final long LOOK_EVERY_MILLIS = 5;

    private final HttpClient http = HttpClient.newHttpClient();
    private ZeptoServer server;
    private final ExecutorService clients = Executors.newCachedThreadPool();
    private final List<Connection> busy = new ArrayList<>();
    private final List<Statement> running = new ArrayList<>();
    private final List<CompletableFuture<SQLException>> ends = new ArrayList<>();

    @BeforeEach
    void start() throws SQLException, IOException {
        server = ZeptoServer.builder()
                .url("jdbc:zepto:")
                .statementThreads(THREADS)
                .port(0)
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        for (Connection connection : busy) {
            connection.abort(Runnable::run);
        }
        server.close();
        clients.shutdownNow();
    }

    private Connection connect(String options) throws SQLException {
        Connection connection = DriverManager.getConnection(server.jdbcUrl() + options);
        busy.add(connection);
        return connection;
    }

    private CompletableFuture<SQLException> run(Statement statement, String sql) {
        return CompletableFuture.supplyAsync(
                () -> catchThrowableOfType(SQLException.class, () -> statement.executeQuery(sql)), clients);
    }

    /** Gives the user all threads that he may have, for long. */
    private void takeAllThreads() throws Exception {
        for (int i = 0; i < MOST_OF_USER; i++) {
            running.add(connect("").createStatement());
        }
        for (Statement statement : running) {
            ends.add(run(statement, AGES));
        }
        await("running", MOST_OF_USER);
    }

    private void assertAllStillRun() {
        assertThat(ends).noneMatch(CompletableFuture::isDone);
    }

    private void freeOneThread() throws Exception {
        running.get(0).cancel();
        assertThat(ends.get(0).get().getSQLState()).isEqualTo("57014");
    }

    private HttpResponse<String> get(String path) throws Exception {
        URI uri = URI.create("http://localhost:" + server.port() + path);
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Waits until the server says that so many requests run or wait. */
    private void await(String what, int count) throws Exception {
        while (!get("/metrics").body().contains("\nzepto_requests_" + what + " " + count + ".0\n")) {
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?result_format=rows"})
    void aStatementThatWaitsIsCancelledAtOnce(String options) throws Exception {
        Connection connection = connect(options);
        Statement statement = connection.createStatement();
        PreparedStatement prepared = connection.prepareStatement("SELECT CAST(? AS INTEGER)");
        prepared.setInt(1, 1);
        takeAllThreads();
        CompletableFuture<SQLException> waiting = run(statement, "SELECT 1");
        await("waiting", 1);
        prepared.cancel(); // another one
        assertThat(waiting).isNotDone();
        statement.cancel();
        SQLException failure = waiting.get();
        assertThat((Throwable) failure).isNotInstanceOf(SQLTimeoutException.class);
        assertThat(failure.getSQLState()).isEqualTo("57014");
        assertThat((Throwable) failure).hasMessageContaining("waited for its turn");

        CompletableFuture<SQLException> second = CompletableFuture.supplyAsync(
                () -> catchThrowableOfType(SQLException.class, prepared::executeQuery), clients);
        await("waiting", 1);
        prepared.cancel();
        assertThat(second.get().getSQLState()).isEqualTo("57014");
        await("waiting", 0);
        assertAllStillRun();
        freeOneThread();
        try (ResultSet rows = prepared.executeQuery()) {
            assertThat(rows.next()).isTrue();
        }
    }

    @Test
    void itsTimeOutEndsAStatementThatWaits() throws Exception {
        Connection connection = connect("");
        Statement statement = connection.createStatement();
        PreparedStatement insert;
        statement.execute("CREATE TABLE t (x BIGINT)");
        insert = connection.prepareStatement("INSERT INTO t VALUES (?)");
        takeAllThreads();
        statement.setQueryTimeout(1);
        SQLException failure = run(statement, "SELECT 1").get();
        assertThat((Throwable) failure)
                .isInstanceOf(SQLTimeoutException.class)
                .hasMessageContaining("time-out of 1000 ms");
        insert.setLong(1, 1);
        insert.addBatch();
        insert.setQueryTimeout(1);
        SQLException ofBatch = catchThrowableOfType(SQLException.class, insert::executeBatch);
        assertThat(ofBatch.getSQLState()).isEqualTo("57014");
        await("waiting", 0);
        assertAllStillRun();
        freeOneThread();
        statement.setQueryTimeout(0);
        try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM t")) {
            rows.next();
            assertThat(rows.getLong(1)).isZero();
        }
    }

    @Test
    void theTimeThatAStatementWaitedCounts() throws Exception {
        Statement statement = connect("").createStatement();
        takeAllThreads();
        statement.setQueryTimeout(4);
        long begin = System.nanoTime();
        CompletableFuture<SQLException> waiting = run(statement, AGES);
        await("waiting", 1);
        TimeUnit.SECONDS.sleep(3);
        freeOneThread();
        // on a machine that stands still for seconds it does not even begin
        assertThat((Throwable) waiting.get())
                .isInstanceOf(SQLTimeoutException.class)
                .hasMessageMatching(".*(time-out of 4000 ms, of which it waited and was planned for [3-9]\\d{3} ms"
                        + "|waited for its turn longer than its time-out of 4000 ms).*");
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(4));
    }

    /** Asks the server to stop something, and waits for its answer. */
    private void cancel(String what) throws Exception {
        URI uri = URI.create("http://localhost:" + server.port() + "/cancel");
        HttpRequest request = HttpRequest.newBuilder(uri)
                .POST(HttpRequest.BodyPublishers.ofString(what))
                .build();
        assertThat(http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
                .isEqualTo(204);
    }

    private static long sum(ResultSet rows) throws SQLException {
        long sum = 0;
        while (rows.next()) {
            sum += rows.getLong(1);
        }
        return sum;
    }

    @Test
    void aCancellationThatComesLateStopsNoPieceOfALaterRun() throws Exception {
        Connection connection = connect("");
        Statement statement = connection.createStatement();
        int count = 300_000;
        statement.execute("CREATE TABLE t (x BIGINT)");
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?)")) {
            for (int i = 0; i < count; i++) {
                insert.setLong(1, 1);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        String name = connection.unwrap(AvaticaConnection.class).handle.id + " "
                + statement.unwrap(AvaticaStatement.class).handle.id + " ";
        statement.executeQuery("SELECT 1").close(); // its second run
        ResultSet third = statement.executeQuery("SELECT x FROM t");
        takeAllThreads();
        CompletableFuture<Long> reading = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return sum(third);
                    } catch (SQLException e) {
                        throw new CompletionException(e);
                    }
                },
                clients);
        await("waiting", 1); // for the next piece
        cancel(name + 2);
        await("waiting", 1);
        assertThat(reading).isNotDone();
        freeOneThread();
        assertThat(reading.get()).isEqualTo(count);

        ResultSet fourth = statement.executeQuery("SELECT x FROM t");
        ends.set(0, run(running.get(0), AGES));
        await("running", MOST_OF_USER);
        CompletableFuture<SQLException> stopped = CompletableFuture.supplyAsync(
                () -> catchThrowableOfType(SQLException.class, () -> sum(fourth)), clients);
        await("waiting", 1);
        cancel(name + 4);
        assertThat(stopped.get().getSQLState()).isEqualTo("57014");
        assertAllStillRun();
    }

    /** Sends a request and reads no answer. */
    private Socket send(String path, byte[] body) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.getOutputStream()
                .write(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(body);
        socket.getOutputStream().flush();
        return socket;
    }

    private static byte[] execute(int number) {
        return WireBytes.ofHead(new WireMessages.Execute(
                "c" + number, 0, "SELECT 1", Expected.ROWS, 0, 0, 0, WireMessages.Compression.NONE, 0));
    }

    @Test
    void whoHangsUpLeavesTheQueue() throws Exception {
        takeAllThreads();
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            sockets.add(send(WireProtocol.EXECUTE, execute(i)));
        }
        await("waiting", 10);
        for (Socket socket : sockets.subList(0, 7)) {
            socket.close();
        }
        await("waiting", 3);
        assertAllStillRun();
        freeOneThread();
        await("waiting", 0);
        for (Socket socket : sockets.subList(7, 10)) {
            byte[] status = socket.getInputStream().readNBytes(12);
            assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 500");
            socket.close();
        }
    }

    @Test
    void hundredsThatWaitKeepNobodyFromAskingAndCancelling() throws Exception {
        Connection watching = connect("");
        Statement last = watching.createStatement();
        takeAllThreads();
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 600; i++) {
                sockets.add(send(WireProtocol.EXECUTE, execute(i)));
            }
            CompletableFuture<SQLException> behindThem = run(last, "SELECT 1");
            await("waiting", 601);
            assertThat(get("/health").statusCode()).isEqualTo(200);
            assertThat(watching.isValid(60)).isTrue();
            last.cancel();
            assertThat(behindThem.get().getSQLState()).isEqualTo("57014");
            assertAllStillRun();
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        await("waiting", 0);
    }

    @Test
    void requestsOfOneConnectionWaitForEachOtherAndAreCancelledMeanwhile() throws Exception {
        Connection connection = connect("");
        Statement one = connection.createStatement();
        CompletableFuture<SQLException> first = run(one, AGES);
        await("running", 1);
        // past the driver, which sends one after the other: a statement's text is for who waits long enough
        String id = connection.unwrap(AvaticaConnection.class).handle.id;
        byte[] body = WireBytes.ofHead(
                new WireMessages.Execute(id, 7, "SELECT 1", Expected.ROWS, 0, 0, 0, WireMessages.Compression.NONE, 0));
        Socket cancelled = send(WireProtocol.EXECUTE, body);
        await("running", 2);
        Socket late = send(
                WireProtocol.EXECUTE,
                WireBytes.ofHead(new WireMessages.Execute(
                        id,
                        8,
                        "SELECT 1",
                        Expected.ROWS,
                        0,
                        TimeUnit.MILLISECONDS.toNanos(500),
                        0,
                        WireMessages.Compression.NONE,
                        0)));
        assertFailure(late, "TIMEOUT");
        send("/cancel", (id + " 7").getBytes(StandardCharsets.US_ASCII)).close();
        assertFailure(cancelled, "CANCELLED");
        assertThat(first).isNotDone();
        one.cancel();
        assertThat(first.get().getSQLState()).isEqualTo("57014");
    }

    private static void assertFailure(Socket socket, String code) throws IOException {
        try (socket) {
            StringBuilder answer = new StringBuilder();
            byte[] part = new byte[1_000];
            while (answer.indexOf("\"message\"") < 0) {
                int count = socket.getInputStream().read(part);
                assertThat(count).as("bytes behind " + answer).isPositive();
                answer.append(new String(part, 0, count, StandardCharsets.ISO_8859_1));
            }
            assertThat(answer).contains("\"code\":\"" + code + "\"").contains("\"state\":\"57014\"");
        }
    }
}
