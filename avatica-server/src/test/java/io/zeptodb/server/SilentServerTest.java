package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that takes connections and requests and says nothing holds nobody who ends his connection, and nothing of it on this side. */
@Timeout(180)
class SilentServerTest {
    private static final int ROWS = 200_000;
    private static final long LOOK_EVERY_MILLIS = 5;
    private static final byte[] REFUSED =
            "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private ZeptoServer server;
    private SpoilingProxy proxy;

    @BeforeEach
    void start() throws SQLException, IOException {
        server = ZeptoServer.builder().url("jdbc:zepto:").port(0).start();
        proxy = new SpoilingProxy(server.port());
        try (Connection direct = DriverManager.getConnection(server.jdbcUrl());
                Statement statement = direct.createStatement()) {
            statement.execute("CREATE TABLE t (x BIGINT)");
            try (PreparedStatement insert = direct.prepareStatement("INSERT INTO t VALUES (?)")) {
                for (int i = 0; i < ROWS; i++) {
                    insert.setLong(1, i);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
        }
    }

    @AfterEach
    void stop() throws SQLException, IOException {
        threads.shutdownNow();
        proxy.close();
        server.close();
    }

    private Connection connect(String options) throws SQLException {
        return DriverManager.getConnection(proxy.jdbcUrl() + options);
    }

    private interface Call {
        void run() throws SQLException;
    }

    /** Runs it in a thread of its own. Its SQLSTATE, or "" of success. */
    private CompletableFuture<String> begin(Call call) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        call.run();
                        return "";
                    } catch (SQLException e) {
                        return String.valueOf(e.getSQLState());
                    }
                },
                threads);
    }

    /** The same as soon as it waits for its turn on the connection. */
    private CompletableFuture<String> beginWaiting(Call call) throws InterruptedException {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        CompletableFuture<String> end = begin(() -> {
            thread.complete(Thread.currentThread());
            call.run();
        });
        while (!end.isDone() && thread.join().getState() != Thread.State.TIMED_WAITING) {
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        assertThat(end).isNotDone();
        return end;
    }

    private void awaitNoConnections() throws InterruptedException {
        while (server.connectionCount() > 0) {
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
    }

    /** Waits until so many statements run on the server. */
    private void awaitStatements(int count) throws SQLException, InterruptedException {
        try (Connection direct = DriverManager.getConnection(server.jdbcUrl());
                Statement statement = direct.createStatement()) {
            long running = 0;
            while (running < count) {
                Thread.sleep(LOOK_EVERY_MILLIS);
                try (ResultSet row = statement.executeQuery(
                        "SELECT count(*) FROM zepto_queries() WHERE sql_text LIKE '%t c WHERE%' AND sql_text NOT LIKE '%zepto%'")) {
                    row.next();
                    running = row.getLong(1);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?result_format=rows"})
    void anAbortFreesEveryThreadBeforeItTellsTheServer(String options) throws Exception {
        Connection connection = connect(options);
        Statement running = connection.createStatement();
        ResultSet rows = connection.createStatement().executeQuery("SELECT * FROM t");
        assertThat(connection.isReadOnly()).isFalse(); // asked once
        proxy.fallSilent();
        CompletableFuture<String> executing = begin(() -> running.executeQuery("SELECT 1"));
        proxy.awaitUnheard(1);
        List<CompletableFuture<String>> waiting = List.of(
                beginWaiting(() -> connection.prepareStatement("SELECT 1")),
                beginWaiting(() -> connection.setReadOnly(true)),
                beginWaiting(() -> connection.setAutoCommit(false)));
        CompletableFuture<String> reading = begin(() -> {
            while (rows.next()) {
                assertThat(rows.getLong(1)).isNotNegative();
            }
        });
        proxy.awaitUnheard(1);
        connection.abort(Runnable::run);
        assertThat(executing.join()).isEqualTo("08006");
        assertThat(reading.join()).isIn("08006", "24000");
        for (CompletableFuture<String> each : waiting) {
            assertThat(each.join()).isEqualTo("08003");
        }
        assertThat(connection.isClosed()).isTrue();
        running.close();
        rows.close();
        connection.close();
        assertThat(begin(connection::commit).join()).isEqualTo("08003");
    }

    @Test
    void aCommitThatIsAbortedLeavesOpenWhetherItIsStored() throws Exception {
        Connection connection = connect("");
        connection.setAutoCommit(false);
        connection.createStatement().executeUpdate("INSERT INTO t VALUES (1)");
        proxy.fallSilent();
        CompletableFuture<String> committing = begin(connection::commit);
        proxy.awaitUnheard(1);
        connection.abort(threads);
        assertThat(committing.join()).isEqualTo("08007");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?result_format=rows"})
    void anAbortFreesACloseThatWaits(String options) throws Exception {
        Connection connection = connect(options);
        proxy.fallSilent();
        CompletableFuture<String> closing = begin(connection::close);
        proxy.awaitUnheard(1);
        connection.abort(Runnable::run);
        assertThat(closing.join()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?result_format=rows"})
    void aCloseGivesUpByItself(String options) throws Exception {
        Connection connection = connect(options);
        Statement idle = connection.createStatement();
        Statement running = connection.createStatement();
        proxy.fallSilent();
        CompletableFuture<String> executing = begin(() -> running.executeQuery("SELECT 1"));
        proxy.awaitUnheard(1);
        connection.close(); // without a network time-out
        assertThat(executing.join()).isIn("08006", "24000");
        assertThat(idle.isClosed()).isTrue();
        assertThat(running.isClosed()).isTrue();
    }

    @Test
    void theCloseOfAStatementOrAResultGivesUpByItselfAndTheConnectionIsLost() throws Exception {
        List<Connection> connections = List.of(connect(""), connect(""), connect("?result_format=rows"), connect(""));
        Statement statement = connections.get(0).createStatement();
        ResultSet rows = connections.get(1).createStatement().executeQuery("SELECT * FROM t");
        PreparedStatement prepared = connections.get(2).prepareStatement("SELECT 1");
        ResultSet read = connections.get(3).createStatement().executeQuery("SELECT * FROM t");
        assertThat(connections.get(0).isReadOnly()).isFalse(); // asked once
        proxy.fallSilent();
        CompletableFuture<String> reading = begin(() -> {
            while (read.next()) {
                assertThat(read.getLong(1)).isNotNegative();
            }
        });
        CompletableFuture<String> waiting = begin(() -> connections.get(0).setAutoCommit(false));
        proxy.awaitUnheard(2);
        List<CompletableFuture<String>> closings =
                List.of(begin(statement::close), begin(rows::close), begin(prepared::close), begin(read::close));
        for (CompletableFuture<String> each : closings) {
            assertThat(each.join()).isEmpty(); // without a network time-out
        }
        assertThat(reading.join()).isIn("08006", "24000");
        assertThat(waiting.join()).isEqualTo("08006");
        assertThat(statement.isClosed()).isTrue();
        assertThat(rows.isClosed()).isTrue();
        assertThat(prepared.isClosed()).isTrue();
        for (Connection each : connections) {
            assertThat(each.isClosed()).isTrue();
            assertThat(each.isValid(1)).isFalse();
            assertThat(begin(each::createStatement).join()).isEqualTo("08003");
        }
        proxy.speakAgain(); // the server is told once, and would not hear it before
        for (Connection each : connections) {
            each.close();
        }
        awaitNoConnections();
    }

    /** It is closed when what else runs on its connection has ended: that a server works on is no silence. */
    @Test
    void theCloseOfAStatementWaitsForAServerThatWorks() throws Exception {
        List<Connection> connections = List.of(connect(""), connect("?result_format=rows"));
        List<Statement> running = new ArrayList<>();
        List<CompletableFuture<String>> executing = new ArrayList<>();
        List<CompletableFuture<String>> closings = new ArrayList<>();
        for (Connection each : connections) {
            Statement idle = each.createStatement();
            Statement busy = each.createStatement();
            running.add(busy);
            executing.add(
                    begin(() -> busy.executeQuery("SELECT count(*) FROM t a, t b, t c WHERE a.x + b.x + c.x < 0")));
            awaitStatements(running.size());
            closings.add(begin(idle::close));
        }
        Thread.sleep(12_000); // longer than a server may be silent
        assertThat(closings).noneMatch(CompletableFuture::isDone);
        for (Statement each : running) {
            each.cancel();
        }
        for (int i = 0; i < running.size(); i++) {
            assertThat(executing.get(i).join()).isEqualTo("57014");
            assertThat(closings.get(i).join()).isEmpty();
            assertThat(connections.get(i).isValid(60)).isTrue();
            connections.get(i).close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?result_format=rows"})
    void nothingOfALostConnectionIsClosedOverTheNetwork(String options) throws Exception {
        Connection connection = connect(options);
        Statement statement = connection.createStatement();
        PreparedStatement prepared = connection.prepareStatement("SELECT 1");
        ResultSet rows = connection.createStatement().executeQuery("SELECT * FROM t");
        assertThat(rows.next()).isTrue();
        proxy.fallSilent();
        assertThat(connection.isValid(1)).isFalse();
        proxy.awaitUnheard(1);
        assertThat(connection.isClosed()).isTrue();
        rows.close();
        statement.close();
        prepared.close();
        assertThat(proxy.unheard()).isZero();
        connection.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?result_format=rows"})
    void nothingOfAServerThatIsGoneFailsToClose(String options) throws Exception {
        Connection connection = connect(options);
        Statement statement = connection.createStatement();
        PreparedStatement prepared = connection.prepareStatement("SELECT 1");
        ResultSet rows = connection.createStatement().executeQuery("SELECT * FROM t");
        assertThat(rows.next()).isTrue();
        proxy.close();
        rows.close();
        statement.close();
        prepared.close();
        connection.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?result_format=rows"})
    void nothingOfAConnectionThatTheServerHasEndedFailsToClose(String options) throws Exception {
        try (ZeptoServer hasty = ZeptoServer.builder()
                .url("jdbc:zepto:")
                .port(0)
                .mostIdle(Duration.ofMillis(1))
                .start()) {
            Connection connection = DriverManager.getConnection(hasty.jdbcUrl() + options);
            Statement statement = connection.createStatement();
            PreparedStatement prepared = connection.prepareStatement("SELECT 1");
            while (hasty.connectionCount() > 0) {
                Thread.sleep(LOOK_EVERY_MILLIS);
                hasty.closeIdleConnections();
            }
            statement.close(); // it is the first that hears of it
            prepared.close();
            connection.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?result_format=rows"})
    void theServerIsToldOfAnAbort(String options) throws Exception {
        Connection connection = connect(options);
        connection.setAutoCommit(false);
        connection.createStatement().executeUpdate("INSERT INTO t VALUES (1)");
        assertThat(server.connectionCount()).isEqualTo(1);
        connection.abort(Runnable::run);
        awaitNoConnections();
    }

    @Test
    void theServerIsToldOfAConnectionThatWasLostWhenItSpeaksAgain() throws Exception {
        Connection connection = connect("");
        proxy.fallSilent();
        assertThat(connection.isValid(1)).isFalse();
        proxy.speakAgain();
        connection.close();
        awaitNoConnections();
    }

    @Test
    void aCloseThatIsRefusedSaysSoAndClosesThisSide() throws Exception {
        Connection connection = connect("");
        Statement statement = connection.createStatement();
        proxy.spoil(exchange -> exchange.asksFor("CloseConnectionRequest") ? REFUSED : exchange.answer());
        SQLException refused = catchThrowableOfType(SQLException.class, connection::close);
        assertThat((Object) refused).isExactlyInstanceOf(SQLNonTransientConnectionException.class);
        assertThat(refused.getSQLState()).isEqualTo("28000");
        assertThat(refused.getErrorCode()).isZero();
        assertThat(statement.isClosed()).isTrue();
        assertThat(connection.isClosed()).isTrue();
        connection.close();
    }

    @Test
    void aWaitForATurnEndsWithAnInterrupt() throws Exception {
        Connection connection = connect("");
        Statement running = connection.createStatement();
        proxy.fallSilent();
        CompletableFuture<String> executing = begin(() -> running.executeQuery("SELECT 1"));
        proxy.awaitUnheard(1);
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        CountDownLatch flagged = new CountDownLatch(1);
        CompletableFuture<String> waiting = beginWaiting(() -> {
            thread.complete(Thread.currentThread());
            try {
                connection.rollback();
            } finally {
                if (Thread.interrupted()) {
                    flagged.countDown();
                }
            }
        });
        thread.join().interrupt();
        assertThat(waiting.join()).isEqualTo("57014");
        flagged.await();
        assertThat(executing).isNotDone();
        connection.abort(Runnable::run);
        assertThat(executing.join()).isEqualTo("08006");
    }

    @Test
    void aPoolThatClosesFreesItsBorrowers() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(proxy.jdbcUrl());
        config.setMaximumPoolSize(1);
        HikariDataSource pool = new HikariDataSource(config);
        Connection borrowed = pool.getConnection();
        Statement running = borrowed.createStatement();
        proxy.fallSilent();
        CompletableFuture<String> executing = begin(() -> running.executeQuery("SELECT 1"));
        proxy.awaitUnheard(1);
        pool.close(); // it aborts what is borrowed
        assertThat(executing.join()).isIn("08006", "24000");
    }
}
