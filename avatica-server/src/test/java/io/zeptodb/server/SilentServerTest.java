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
