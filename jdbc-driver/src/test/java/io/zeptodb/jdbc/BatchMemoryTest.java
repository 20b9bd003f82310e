package io.zeptodb.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zeptodb.engine.api.Database;
import io.zeptodb.jdbc.append.Appender;
import io.zeptodb.jdbc.append.AppendingConnection;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches that are large, that lack memory, that several threads use, and that end in the middle. Closing a database fails when memory of it is left. */
class BatchMemoryTest {
    private static final String INSERT = "INSERT INTO t VALUES (?, ?)";

    private static Connection open(String url) throws SQLException {
        Connection connection = DriverManager.getConnection(url);
        run(connection, "CREATE TABLE t (a BIGINT, v VARCHAR)");
        return connection;
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static void fill(PreparedStatement insert, int rows) throws SQLException {
        for (int i = 0; i < rows; i++) {
            insert.setLong(1, i);
            insert.setString(2, "text " + i % 100);
            insert.addBatch();
        }
    }

    private static long buffers(Connection connection) throws SQLException {
        return connection.unwrap(Database.class).allocator().getAllocatedMemory();
    }

    @Test
    void manyRowsOfSeveralPartsArriveInOrder() throws SQLException {
        int count = 200_000;
        try (Connection connection = open("jdbc:zepto:");
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setNull(2, Types.VARCHAR);
            for (int i = 0; i < count; i++) {
                insert.setLong(1, i);
                if (i == 100_000) {
                    insert.setString(2, "é");
                } else if (i == 100_001) {
                    insert.setString(2, "x".repeat(100_000));
                } else if (i == 100_050) {
                    insert.setString(2, "");
                }
                insert.addBatch();
            }
            insert.clearBatch();
            for (int i = 0; i < count; i++) {
                insert.setLong(1, i);
                insert.setString(2, i < 70_000 ? null : i == 150_000 ? "a longer text, é" : "t" + i);
                insert.addBatch();
            }
            assertThat(insert.executeLargeBatch()).hasSize(count).containsOnly(1);
            assertThat(number(connection, "SELECT count(*) FROM t WHERE v IS NULL AND a < 70000"))
                    .isEqualTo(70_000);
            assertThat(number(connection, "SELECT count(*) FROM t WHERE v = 't' || a"))
                    .isEqualTo(129_999);
            assertThat(number(connection, "SELECT a FROM t WHERE v = 'a longer text, é'"))
                    .isEqualTo(150_000);
            assertThat(number(connection, "SELECT sum(a) FROM t")).isEqualTo((count - 1L) * count / 2);
        }
    }

    @Test
    void textsOfMegabytesAreSplit() throws SQLException {
        try (Connection connection = open("jdbc:zepto:");
                Appender rows = connection.unwrap(AppendingConnection.class).appender("t")) {
            for (int i = 0; i < 40; i++) {
                rows.setInt(1, i).setString(2, "é".repeat(500_000 + i)).endRow();
                rows.setInt(1, i).setString(2, "x".repeat(1_100_000)).endRow();
            }
            rows.flush();
            assertThat(number(connection, "SELECT sum(length(v)) FROM t WHERE v < 'y'"))
                    .isEqualTo(44_000_000);
            assertThat(number(connection, "SELECT sum(length(v)) FROM t WHERE v > 'y'"))
                    .isEqualTo(20_000_780);
        }
    }

    @Test
    void withoutMemoryARowIsRefusedAndTheOthersStay() throws SQLException {
        try (Connection connection = open("jdbc:zepto:?memory_limit=64MB");
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setLong(1, 1);
            insert.setString(2, "x".repeat(1 << 20));
            int added = 0;
            SQLException refusal = null;
            while (refusal == null && added < 1_000) {
                refusal = catchThrowableOfType(SQLException.class, insert::addBatch);
                added += refusal == null ? 1 : 0;
            }
            assertThat(added).isBetween(8, 64);
            assertThat(refusal.getSQLState()).isEqualTo("53200");
            assertThat(catchThrowableOfType(SQLException.class, insert::addBatch)
                            .getSQLState())
                    .isEqualTo("53200");
            insert.clearBatch();
            insert.setString(2, "short");
            insert.addBatch();
            assertThat(insert.executeBatch()).containsExactly(1);
            assertThat(number(connection, "SELECT count(*) FROM t")).isEqualTo(1);
        }
    }

    @Test
    void memoryIsFreedWhenABatchEnds() throws SQLException {
        try (Connection connection = open("jdbc:zepto:");
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            fill(insert, 100_000);
            insert.executeBatch();
            run(connection, "TRUNCATE t");
            long before = buffers(connection);
            fill(insert, 100_000);
            assertThat(buffers(connection)).isGreaterThan(before + 1_000_000);
            insert.clearBatch();
            assertThat(buffers(connection)).isEqualTo(before);
            fill(insert, 10_000);
            insert.setObject(1, "no number");
            insert.addBatch();
            assertThatThrownBy(insert::executeBatch).isInstanceOf(SQLException.class);
            assertThat(buffers(connection)).isEqualTo(before);
            fill(insert, 10_000);
            insert.close();
            assertThat(buffers(connection)).isEqualTo(before);
        }
    }

    @Test
    void twoThreadsFillOneBatch() throws Exception {
        int each = 20_000;
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (Connection connection = open("jdbc:zepto:");
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setLong(1, 7);
            insert.setString(2, "both");
            List<Future<?>> both = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                both.add(threads.submit(() -> {
                    for (int row = 0; row < each; row++) {
                        insert.addBatch();
                    }
                    return null;
                }));
            }
            for (Future<?> one : both) {
                one.get(60, TimeUnit.SECONDS);
            }
            assertThat(insert.executeBatch()).hasSize(2 * each);
            assertThat(number(connection, "SELECT count(*) FROM t WHERE a = 7 AND v = 'both'"))
                    .isEqualTo(2L * each);
        } finally {
            threads.shutdownNow();
        }
    }

    /** What ends while a batch of another thread runs leaves all of it or nothing, and no memory. */
    @Test
    void cancelAndCloseWhileABatchRuns() throws Exception {
        int count = 300_000;
        ExecutorService threads = Executors.newFixedThreadPool(1);
        try (Connection watching = open("jdbc:zepto:mem:batch_memory")) {
            for (int trial = 0; trial < 12; trial++) {
                run(watching, "TRUNCATE t");
                Connection connection = DriverManager.getConnection("jdbc:zepto:mem:batch_memory");
                PreparedStatement insert = connection.prepareStatement(INSERT);
                fill(insert, count);
                CountDownLatch started = new CountDownLatch(1);
                Future<SQLException> running = threads.submit(() -> {
                    started.countDown();
                    return catchThrowableOfType(SQLException.class, insert::executeLargeBatch);
                });
                started.await();
                TimeUnit.MILLISECONDS.sleep(trial * 2L);
                if (trial % 3 == 0) {
                    insert.cancel();
                } else if (trial % 3 == 1) {
                    insert.close();
                } else {
                    connection.close();
                }
                SQLException failure = running.get(60, TimeUnit.SECONDS);
                connection.close();
                assertThat(number(watching, "SELECT count(*) FROM t"))
                        .as("trial %d: %s", trial, failure)
                        .isEqualTo(failure == null ? count : 0);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void batchesOfAFolderSurviveSealedAndHot(@TempDir Path folder) throws SQLException {
        String url = "jdbc:zepto:file:" + folder.resolve("db");
        try (Connection connection = open(url);
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (int round = 0; round < 3; round++) {
                fill(insert, 5_000);
                insert.executeBatch();
                if (round < 2) {
                    run(connection, "CHECKPOINT");
                }
            }
            assertThat(number(connection, "SELECT sum(a) FROM t WHERE v = 'text 42'"))
                    .isEqualTo(3 * 50 * (42 + 4_942) / 2);
        }
        try (Connection connection = DriverManager.getConnection(url)) {
            assertThat(number(connection, "SELECT count(*) FROM t")).isEqualTo(15_000);
            assertThat(number(connection, "SELECT count(DISTINCT v) FROM t")).isEqualTo(100);
        }
    }

    @Test
    void aTimeOutOfABatchLeavesNothing() throws SQLException {
        try (Connection connection = open("jdbc:zepto:")) {
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                fill(insert, 3_000);
                insert.executeBatch();
            }
            String slow = "INSERT INTO t SELECT x.a + ?, 'v' FROM t x, t y WHERE x.a + y.a < 0";
            try (PreparedStatement insert = connection.prepareStatement(slow)) {
                for (int i = 0; i < 2_000; i++) {
                    insert.setLong(1, i);
                    insert.addBatch();
                }
                insert.setQueryTimeout(1);
                SQLException failure = catchThrowableOfType(SQLException.class, insert::executeBatch);
                assertThat(failure.getSQLState()).isEqualTo("57014");
            }
            assertThat(number(connection, "SELECT count(*) FROM t")).isEqualTo(3_000);
        }
    }

    @Test
    void anAppenderIsReachedThroughAPool() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:zepto:mem:appender_pool");
        config.setMaximumPoolSize(1);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            try (Connection connection = pool.getConnection()) {
                run(connection, "CREATE TABLE t (a BIGINT, v VARCHAR)");
                assertThat(connection.isWrapperFor(AppendingConnection.class)).isTrue();
                try (Appender rows =
                        connection.unwrap(AppendingConnection.class).appender("t", "v")) {
                    rows.setString(1, "x").endRow();
                }
            }
            try (Connection again = pool.getConnection()) {
                assertThat(number(again, "SELECT count(*) FROM t WHERE v = 'x' AND a IS NULL"))
                        .isEqualTo(1);
            }
        }
    }
}
