package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.jdbc.wire.WireBytes;
import io.zeptodb.jdbc.wire.WireMessages;
import io.zeptodb.jdbc.wire.WireProtocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.vector.BigIntVector;
import org.apache.calcite.avatica.AvaticaConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Results of a server are streams: of any length in little memory, ended when nobody wants more. */
@Timeout(300)
class RemoteStreamTest {
    private static final int SIDE = 4_000;
    private static final long ROWS = (long) SIDE * SIDE;
    private static final String ALL = "SELECT a.x * " + SIDE + " + b.x AS n, 'row' AS s FROM side a, side b";
    private static final String LONG = "SELECT count(*) FROM side a, side b, side c WHERE a.x + b.x + c.x = -1";
    private static final long SOME_MEMORY = 64L << 20;

    private Connection local;
    private Database database;
    private ZeptoServer server;

    @BeforeEach
    void start() throws SQLException, IOException {
        local = DriverManager.getConnection("jdbc:zepto:");
        database = local.unwrap(Database.class);
        SideTable.make(local, SIDE);
        server = ZeptoServer.builder().database(database).port(0).start();
    }

    @AfterEach
    void stop() throws SQLException, IOException {
        server.close();
        local.close(); // fails when a byte is left
    }

    private Connection connect(String options) throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl() + options);
    }

    private long memory() {
        return database.allocator().getAllocatedMemory();
    }

    /** A piece that was on its way when its result was closed is freed when its sending has ended. */
    private void awaitMemory(long expected) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (memory() != expected && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(memory()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"'', 0", "?compression=lz4, 0", "?compression=zstd, 10000", "'', 3000"})
    void manyRowsComeInLittleMemory(String options, int fetchSize) throws SQLException {
        long before = memory();
        long most = 0;
        long sum = 0;
        long rows = 0;
        try (Connection connection = connect(options);
                Statement statement = connection.createStatement()) {
            statement.setFetchSize(fetchSize);
            statement.setMaxRows(fetchSize == 0 ? 0 : 500_000);
            try (ResultSet result = statement.executeQuery(ALL)) {
                BatchCursor batches = result.unwrap(BatchCursor.class);
                while (batches.next()) {
                    BigIntVector numbers = (BigIntVector) batches.batch().getVector(0);
                    int count = batches.batch().getRowCount();
                    for (int row = 0; row < count; row++) {
                        sum += numbers.get(row);
                    }
                    rows += count;
                    most = Math.max(most, memory() - before);
                }
            }
        }
        long expected = fetchSize == 0 ? ROWS : 500_000;
        assertThat(rows).isEqualTo(expected);
        if (fetchSize == 0) {
            assertThat(sum).isEqualTo(ROWS * (ROWS - 1) / 2);
        }
        assertThat(most).isLessThan(SOME_MEMORY);
        awaitMemory(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"result", "statement", "connection", "another run", "batches"})
    void whoWantsNoMoreFreesTheServer(String what) throws SQLException {
        long before = memory();
        Connection connection = connect("");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(ALL);
        for (int i = 0; i < 100_000; i++) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(2)).isEqualTo("row");
        }
        assertThat(memory()).isGreaterThan(before);
        switch (what) {
            case "result" -> rows.close();
            case "statement" -> statement.close();
            case "connection" -> connection.close();
            case "another run" -> {
                try (ResultSet one = statement.executeQuery("SELECT 1")) {
                    assertThat(one.next()).isTrue();
                    assertThat(rows.isClosed()).isTrue();
                }
            }
            default -> {
                try (ResultSet again = statement.executeQuery(ALL)) {
                    assertThat(again.unwrap(BatchCursor.class).next()).isTrue();
                }
            }
        }
        awaitMemory(before);
        connection.close();
    }

    @Test
    void severalResultsOfOneConnectionAreReadInTurn() throws SQLException {
        try (Connection connection = connect("");
                Statement first = connection.createStatement();
                PreparedStatement second = connection.prepareStatement(ALL + " WHERE a.x >= ?")) {
            second.setLong(1, 1);
            try (ResultSet rows = first.executeQuery(ALL);
                    ResultSet others = second.executeQuery()) {
                for (long i = 0; i < 200_000; i++) {
                    assertThat(rows.next() && others.next()).isTrue();
                    assertThat(others.getLong(1) - rows.getLong(1)).isEqualTo(SIDE);
                }
                try (Statement third = connection.createStatement();
                        ResultSet count = third.executeQuery("SELECT count(*) FROM side")) {
                    assertThat(count.next()).isTrue();
                    assertThat(count.getInt(1)).isEqualTo(SIDE);
                }
            }
        }
    }

    @Test
    void aFailureInTheMiddleComesAfterTheRowsBeforeIt() throws SQLException {
        try (Connection connection = connect("");
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT 1 / (a.x * " + SIDE + " + b.x - 1000000) FROM side a, side b")) {
            assertThatThrownBy(() -> {
                        for (long i = 0; i < ROWS; i++) {
                            assertThat(rows.next()).isTrue();
                        }
                    })
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22012"));
            try (ResultSet one = statement.executeQuery("SELECT 1")) {
                assertThat(one.next()).isTrue();
            }
        }
    }

    @Test
    void theServerKeepsTheTimeOut() throws SQLException {
        long before = memory();
        try (Connection connection = connect("");
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            assertThatThrownBy(() -> {
                        try (ResultSet rows = statement.executeQuery(LONG)) {
                            rows.next();
                        }
                    })
                    .isInstanceOf(java.sql.SQLTimeoutException.class);
            awaitMemory(before);
            statement.setQueryTimeout(0);
            try (ResultSet one = statement.executeQuery("SELECT 1")) {
                assertThat(one.next()).isTrue();
            }
        }
    }

    @Test
    void theNetworkTimeOutEndsTheConnection() throws Exception {
        Connection connection = connect("");
        Statement statement = connection.createStatement();
        connection.setNetworkTimeout(Runnable::run, 300);
        assertThat(connection.getNetworkTimeout()).isEqualTo(300);
        assertThatThrownBy(() -> statement.executeQuery(LONG))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08006"))
                .hasMessageContaining("within the network time-out of 300 ms");
        assertThat(connection.isClosed()).isTrue();
        assertThat(connection.isValid(1)).isFalse();
        connection.close();
        assertThatThrownBy(connection::createStatement)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08003"));
        // what it ran is stopped when the server notices that nobody waits for it
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        try (Connection other = connect("");
                Statement asking = other.createStatement()) {
            while (running(asking) > 0) {
                assertThat(System.nanoTime()).isLessThan(end);
                Thread.sleep(20);
            }
        }
    }

    /** Threads of the server that run a statement. */
    private static long running(Statement asking) throws SQLException {
        try (ResultSet one = asking.executeQuery("SELECT 1")) {
            assertThat(one.next()).isTrue();
        }
        return Thread.getAllStackTraces().values().stream()
                .filter(stack -> java.util.Arrays.stream(stack)
                        .anyMatch(frame -> frame.getClassName().endsWith("WireService")
                                && frame.getMethodName().equals("execute")))
                .filter(stack -> java.util.Arrays.stream(stack)
                        .anyMatch(frame -> frame.getMethodName().equals("encode")))
                .count();
    }

    @Test
    void aConnectionThatWasIdleIsTold57P05() throws Exception {
        try (ZeptoServer hasty = ZeptoServer.builder()
                .database(database)
                .port(0)
                .mostIdle(Duration.ofMillis(1))
                .start()) {
            Connection connection = DriverManager.getConnection(hasty.jdbcUrl());
            Statement statement = connection.createStatement();
            Thread.sleep(20);
            hasty.closeIdleConnections();
            assertThatThrownBy(() -> statement.executeQuery("SELECT 1"))
                    .isInstanceOf(java.sql.SQLRecoverableException.class)
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57P05"));
            assertThat(connection.isValid(1)).isFalse();
            connection.close();
        }
    }

    /** A call of a connection that goes to the server. */
    private interface Call {
        void run(Connection connection, PreparedStatement prepared) throws SQLException;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?result_format=rows"})
    void aConnectionThatWasIdleIsTold57P05WhateverIsAskedOfIt(String options) throws Exception {
        List<Call> calls = List.of(
                (connection, prepared) -> connection.createStatement(),
                (connection, prepared) -> connection.prepareStatement("SELECT 2"),
                (connection, prepared) -> connection.setAutoCommit(true),
                (connection, prepared) -> connection.commit(),
                (connection, prepared) -> connection.setReadOnly(true),
                (connection, prepared) -> prepared.executeQuery(),
                (connection, prepared) -> connection.getMetaData().getTables(null, null, "%", null),
                (connection, prepared) -> connection.getMetaData().getSQLKeywords());
        try (ZeptoServer hasty = ZeptoServer.builder()
                .database(database)
                .port(0)
                .mostIdle(Duration.ofMillis(1))
                .start()) {
            for (int i = 0; i < calls.size(); i++) {
                Call call = calls.get(i);
                try (Connection connection = DriverManager.getConnection(hasty.jdbcUrl() + options)) {
                    connection.setAutoCommit(false);
                    PreparedStatement prepared = connection.prepareStatement("SELECT 1");
                    Thread.sleep(20);
                    hasty.closeIdleConnections();
                    assertThatThrownBy(() -> call.run(connection, prepared))
                            .as("call %d", i)
                            .isInstanceOf(java.sql.SQLRecoverableException.class)
                            .isInstanceOfSatisfying(
                                    SQLException.class,
                                    e -> assertThat(e.getSQLState()).isEqualTo("57P05"));
                    assertThat(connection.isClosed()).as("call %d", i).isTrue();
                    assertThat(connection.isValid(1)).isFalse();
                }
            }
        }
    }

    /** Something that takes minutes unless it is stopped, in a thread of its own. */
    private CompletableFuture<String> runLong(Statement statement) throws Exception {
        CompletableFuture<String> state = OwnThread.supply(() -> {
            try (ResultSet rows = statement.executeQuery(LONG)) {
                return "done";
            } catch (SQLException e) {
                return e.getSQLState();
            }
        });
        RunningStatements.await(local, LONG);
        return state;
    }

    @Test
    void aResultIsReadAndClosedBesideAStatementThatRuns() throws Exception {
        try (Connection connection = connect("");
                Statement reading = connection.createStatement();
                Statement running = connection.createStatement()) {
            ResultSet rows = reading.executeQuery(ALL);
            CompletableFuture<String> state = runLong(running);
            for (int i = 0; i < 300_000; i++) {
                assertThat(rows.next()).isTrue();
            }
            assertThat(connection.isValid(60)).isTrue();
            rows.close();
            assertThat(state.isDone()).isFalse();
            running.cancel();
            assertThat(state.get(60, TimeUnit.SECONDS)).isEqualTo("57014");
        }
    }

    @Test
    void anInterruptIsLeftForTheCallerToSee() throws Exception {
        Connection connection = connect("");
        try {
            Thread.currentThread().interrupt();
            long count = 0;
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(ALL + " WHERE a.x < 300")) {
                assertThat(connection.isValid(60)).isTrue();
                while (rows.next()) {
                    count++;
                }
            }
            assertThat(count).isEqualTo(300L * SIDE);
            connection.setAutoCommit(false);
            connection.commit();
            connection.close();
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(connection.isClosed()).isTrue();
        assertThat(server.connectionCount()).isZero();
        Thread.currentThread().interrupt();
        Connection inProcess = DriverManager.getConnection("jdbc:zepto:");
        inProcess.close();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aPreparedStatementIsDescribedAsItIsNow() throws SQLException {
        try (Connection connection = connect("");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE changing (a BIGINT)");
            try (PreparedStatement prepared = connection.prepareStatement("SELECT * FROM changing")) {
                assertThat(prepared.getMetaData().getColumnCount()).isEqualTo(1);
                statement.execute("ALTER TABLE changing ADD COLUMN b VARCHAR");
                assertThat(prepared.getMetaData().getColumnCount()).isEqualTo(2);
            }
            assertThatThrownBy(() -> connection.prepareStatement(""))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42601"));
        }
    }

    @Test
    void manyDiscardsBesideAStatementThatRunsKeepNobodyWaiting() throws Exception {
        try (Connection connection = connect("");
                Statement running = connection.createStatement()) {
            CompletableFuture<String> state = runLong(running);
            String id = connection.unwrap(AvaticaConnection.class).id;
            byte[] body = WireBytes.ofHead(new WireMessages.Discard(id, 999, 1));
            byte[] head = ("POST " + WireProtocol.DISCARD + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                            + body.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                socket.setSoTimeout(60_000);
                sockets.add(socket);
                socket.getOutputStream().write(head);
                socket.getOutputStream().write(body);
            }
            for (Socket socket : sockets) {
                byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 500".length());
                assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 500");
                socket.close();
            }
            assertThat(state.isDone()).isFalse();
            running.cancel();
            assertThat(state.get(60, TimeUnit.SECONDS)).isEqualTo("57014");
        }
    }
}
