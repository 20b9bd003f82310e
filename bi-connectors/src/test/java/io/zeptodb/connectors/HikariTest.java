package io.zeptodb.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zeptodb.server.ZeptoServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** HikariCP. */
class HikariTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static HikariDataSource pool(String url) {
        return pool(url, config());
    }

    private static HikariDataSource pool(String url, HikariConfig config) {
        config.setJdbcUrl(url);
        return new HikariDataSource(config);
    }

    private static HikariConfig config() {
        HikariConfig config = new HikariConfig();
        config.setMaximumPoolSize(4);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(30_000);
        config.setValidationTimeout(30_000);
        config.setLeakDetectionThreshold(2_000);
        return config;
    }

    /** The connections that a pool has opened, and how often it has asked the last of them whether it is valid. */
    private static final class Watched {
        /** All that the pool asks a data source for besides connections. */
        private static final int LOGIN_TIMEOUT = 0;

        private final List<Connection> opened = new CopyOnWriteArrayList<>();
        private final AtomicInteger asked = new AtomicInteger();

        /** A pool of one connection, which is opened anew with a keepalive of 100 ms: a configuration may say no less than 30 s, a running pool may. */
        HikariDataSource pool(String url) throws InterruptedException {
            HikariConfig config = config();
            config.setMaximumPoolSize(1);
            config.setMaxLifetime(0);
            config.setDataSource((DataSource) Proxy.newProxyInstance(
                    Watched.class.getClassLoader(),
                    new Class<?>[] {DataSource.class},
                    (source, method, args) -> method.getName().equals("getConnection") ? open(url) : LOGIN_TIMEOUT));
            HikariDataSource pool = new HikariDataSource(config);
            await("the first connection", () -> opened.size() == 1);
            pool.setKeepaliveTime(100);
            pool.getHikariPoolMXBean().softEvictConnections();
            await("the second connection", () -> opened.size() == 2);
            return pool;
        }

        private Connection open(String url) throws SQLException {
            Connection connection = DriverManager.getConnection(url);
            opened.add(connection);
            asked.set(0);
            return (Connection) Proxy.newProxyInstance(
                    Watched.class.getClassLoader(), new Class<?>[] {Connection.class}, (self, method, args) -> {
                        if (method.getName().equals("isValid") && connection == last()) {
                            asked.incrementAndGet();
                        }
                        try {
                            return method.invoke(connection, args);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        Connection last() {
            return opened.get(opened.size() - 1);
        }
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
            Thread.sleep(20);
        }
    }

    @TestFactory
    List<DynamicTest> manyThreadsShareFewConnections() {
        return Places.both(url -> {
            try (HikariDataSource pool = pool(url)) {
                try (Connection connection = pool.getConnection();
                        Statement statement = connection.createStatement()) {
                    statement.execute("CREATE TABLE t (x BIGINT)");
                }
                ExecutorService threads = Executors.newFixedThreadPool(8);
                List<Future<?>> running = new ArrayList<>();
                for (int i = 0; i < 64; i++) {
                    int value = i;
                    running.add(threads.submit(() -> {
                        try (Connection connection = pool.getConnection()) {
                            connection.setAutoCommit(false);
                            connection.createStatement().execute("INSERT INTO t VALUES (" + value + ")");
                            if (value % 2 == 0) {
                                connection.commit();
                            } // the pool rolls the others back when it takes them back
                        }
                        return null;
                    }));
                }
                for (Future<?> each : running) {
                    each.get();
                }
                threads.shutdown();
                try (Connection connection = pool.getConnection()) {
                    assertThat(connection.getAutoCommit()).isTrue();
                    assertThat(number(connection, "SELECT count(*) FROM t")).isEqualTo(32);
                    assertThat(number(connection, "SELECT sum(x) FROM t")).isEqualTo(992);
                }
                assertThat(pool.getHikariPoolMXBean().getTotalConnections()).isLessThanOrEqualTo(4);
                assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
            }
        });
    }

    @TestFactory
    List<DynamicTest> connectionsThatAreOldAreReplaced() {
        return Places.both(url -> {
            try (HikariDataSource pool = pool(url)) {
                Connection first = raw(pool);
                assertThat(raw(pool)).isSameAs(first);
                // below what a configuration may say, but not below what a running pool takes
                pool.getHikariConfigMXBean().setMaxLifetime(300);
                pool.getHikariPoolMXBean().softEvictConnections();
                await("the evicted connection is closed", () -> isClosed(first));
                Connection second = raw(pool);
                assertThat(second).isNotSameAs(first);
                await("a connection past its life is closed", () -> isClosed(second));
                assertThat(raw(pool)).isNotSameAs(second);
            }
        });
    }

    private static Connection raw(HikariDataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            assertThat(number(connection, "SELECT 1")).isEqualTo(1);
            assertThat(connection.isValid(60)).isTrue();
            return connection.unwrap(Connection.class).getMetaData().getConnection();
        }
    }

    private static boolean isClosed(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    /** Nobody borrows anything meanwhile: that would check it too. */
    @TestFactory
    List<DynamicTest> aConnectionThatDiesInThePoolIsFoundByTheKeepalive() {
        return Places.both(url -> {
            Watched watched = new Watched();
            try (HikariDataSource pool = watched.pool(url)) {
                Connection kept = watched.last();
                await("it is asked again and again", () -> watched.asked.get() >= 3);
                assertThat(watched.last()).as("while it lives it stays").isSameAs(kept);
                assertThat(isClosed(kept)).isFalse();
                kept.abort(Runnable::run);
                await("another one is in its place", () -> watched.opened.size() == 3);
                assertThat(raw(pool)).isSameAs(watched.last()).isNotSameAs(kept);
            }
        });
    }

    @Test
    void theKeepaliveKeepsAServerFromClosingWhatIsIdle() throws Exception {
        Duration mostIdle = Duration.ofSeconds(2);
        // where the pool stands still for so long the server closes its connection too, as it should
        while (!keepsItsConnection(mostIdle)) {
            mostIdle = mostIdle.multipliedBy(4);
            assertThat(mostIdle).isLessThan(Duration.ofMinutes(1));
        }
    }

    /** Whether a connection of a pool outlives one beside it that is idle for longer than a server allows. */
    private static boolean keepsItsConnection(Duration mostIdle) throws Exception {
        try (ZeptoServer server = ZeptoServer.builder()
                .url("jdbc:zepto:")
                .port(0)
                .mostIdle(mostIdle)
                .start()) {
            Watched watched = new Watched();
            try (HikariDataSource pool = watched.pool(server.jdbcUrl());
                    Connection other = DriverManager.getConnection(server.jdbcUrl())) {
                Connection kept = watched.last();
                await("the evicted one is gone", () -> server.connectionCount() == 2);
                Thread.sleep(mostIdle.plusMillis(500).toMillis());
                server.closeIdleConnections();
                assertThat(other.isValid(60))
                        .as("a connection that nothing was asked of")
                        .isFalse();
                return raw(pool) == kept && watched.opened.size() == 2 && server.connectionCount() == 1;
            }
        }
    }

    @TestFactory
    List<DynamicTest> aConnectionThatIsNotGivenBackIsReported() {
        return Places.both(url -> {
            PrintStream before = System.err;
            ByteArrayOutputStream log = new ByteArrayOutputStream();
            System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
            try (HikariDataSource pool = pool(url)) {
                ExecutorService keeper = Executors.newSingleThreadExecutor(work -> new Thread(work, "keeps"));
                try {
                    Connection kept = keeper.submit(() -> borrowed(pool)).get();
                    Connection inner = kept.unwrap(Connection.class);
                    long end = System.nanoTime() + PATIENCE.toNanos();
                    while (!reported(log).contains("HikariTest.borrowed")) {
                        assertThat(System.nanoTime()).as("the leak is reported").isLessThan(end);
                        borrowed(pool).close(); // which is not reported
                        Thread.sleep(20);
                    }
                    assertThat(reported(log))
                            .contains("leak detection triggered for " + inner + " on thread keeps")
                            .containsOnlyOnce("leak detection triggered");
                    assertThat(pool.getHikariPoolMXBean().getActiveConnections())
                            .isEqualTo(1);
                    assertThat(number(kept, "SELECT 3"))
                            .as("it is reported, not taken away")
                            .isEqualTo(3);
                    kept.close();
                    assertThat(pool.getHikariPoolMXBean().getActiveConnections())
                            .isZero();
                } finally {
                    keeper.shutdown();
                }
            } finally {
                System.setErr(before);
            }
        });
    }

    private static String reported(ByteArrayOutputStream log) {
        return log.toString(StandardCharsets.UTF_8);
    }

    private static Connection borrowed(HikariDataSource pool) throws SQLException {
        return pool.getConnection();
    }

    @Test
    void aServerThatComesBackIsFoundAgain() throws Exception {
        ZeptoServer server = ZeptoServer.builder().url("jdbc:zepto:").port(0).start();
        String url = server.jdbcUrl();
        int port = server.port();
        HikariConfig config = config();
        config.setConnectionTimeout(3_000); // so long is waited for a server that is not there
        try (HikariDataSource pool = pool(url, config)) {
            try (Connection connection = pool.getConnection()) {
                assertThat(number(connection, "SELECT 1")).isEqualTo(1);
            }
            server.close();
            assertThatThrownBy(() -> {
                        try (Connection connection = pool.getConnection()) {
                            number(connection, "SELECT 1");
                        }
                    })
                    .isInstanceOf(SQLException.class);
            server = ZeptoServer.builder().url("jdbc:zepto:").port(port).start();
            long end = System.nanoTime() + PATIENCE.toNanos();
            long answer = 0;
            while (answer != 2) {
                assertThat(System.nanoTime()).isLessThan(end);
                try (Connection connection = pool.getConnection()) {
                    answer = number(connection, "SELECT 2");
                } catch (SQLException e) {
                    // none when the pool itself took too long
                    assertThat(String.valueOf(e.getSQLState())).as(e.toString()).matches("08.*|null");
                }
            }
            try (Connection direct = DriverManager.getConnection(url)) {
                assertThat(direct.isValid(60)).isTrue();
            }
        } finally {
            server.close();
        }
    }
}
