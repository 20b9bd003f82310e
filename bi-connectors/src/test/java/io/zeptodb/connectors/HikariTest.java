package io.zeptodb.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zeptodb.server.ZeptoServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** HikariCP. */
class HikariTest {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(4);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(3_000);
        config.setValidationTimeout(500);
        config.setLeakDetectionThreshold(2_000);
        return new HikariDataSource(config);
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
                pool.setKeepaliveTime(100);
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
            assertThat(connection.isValid(1)).isTrue();
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

    @Test
    void aConnectionThatIsNotGivenBackIsReported() throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try (HikariDataSource pool = pool("jdbc:zepto:")) {
            try (Connection kept = pool.getConnection()) {
                assertThat(kept.isValid(1)).isTrue();
                await(
                        "the leak is reported",
                        () -> log.toString(StandardCharsets.UTF_8).contains("leak detection triggered"));
            }
        } finally {
            System.setErr(before);
        }
    }

    @Test
    void aServerThatComesBackIsFoundAgain() throws Exception {
        ZeptoServer server = ZeptoServer.builder().url("jdbc:zepto:").port(0).start();
        String url = server.jdbcUrl();
        int port = server.port();
        try (HikariDataSource pool = pool(url)) {
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
                    assertThat(e.getSQLState()).as(e.toString()).startsWith("08");
                }
            }
            try (Connection direct = DriverManager.getConnection(url)) {
                assertThat(direct.isValid(1)).isTrue();
            }
        } finally {
            server.close();
        }
    }
}
