package io.zeptodb.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zeptodb.engine.api.Database;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Many connections at once, and nothing left behind. */
class PoolTest {
    private static final int THREADS = 8;

    /** The first database of the JVM warms the planner up and takes memory for it, until its close at the latest. */
    @BeforeAll
    static void warmUp() throws SQLException {
        DriverManager.getConnection("jdbc:zepto:").close();
    }

    @Test
    void hikariTakesTheDriverByUrlAndByDataSource() throws SQLException {
        HikariConfig byUrl = new HikariConfig();
        byUrl.setJdbcUrl("jdbc:zepto:mem:hikari?threads=1");
        byUrl.setMaximumPoolSize(2);
        byUrl.setReadOnly(true);
        HikariConfig byBean = new HikariConfig();
        byBean.setDataSourceClassName(ZeptoDataSource.class.getName());
        Properties bean = new Properties();
        bean.setProperty("url", "jdbc:zepto:mem:hikari");
        byBean.setDataSourceProperties(bean);
        byBean.setMaximumPoolSize(2);
        try (HikariDataSource readers = new HikariDataSource(byUrl);
                HikariDataSource writers = new HikariDataSource(byBean)) {
            try (Connection writer = writers.getConnection();
                    Connection reader = readers.getConnection()) {
                assertThat(reader.isReadOnly()).isTrue();
                run(writer, "CREATE TABLE t (x BIGINT)");
                run(writer, "INSERT INTO t VALUES (41), (1)");
                assertThat(sum(reader)).isEqualTo(42);
            }
            try (Connection again = readers.getConnection()) {
                assertThat(again.isValid(1)).isTrue();
                assertThat(sum(again)).isEqualTo(42);
            }
        }
    }

    @Test
    void aPoolGetsAConnectionBackWithoutATransaction() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:zepto:mem:hikari-transactions?threads=1");
        config.setMaximumPoolSize(1);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            try (Connection connection = pool.getConnection()) {
                run(connection, "CREATE TABLE t (x BIGINT)");
                connection.setAutoCommit(false);
                run(connection, "INSERT INTO t VALUES (1)");
                connection.commit();
                run(connection, "INSERT INTO t VALUES (2)");
            }
            try (Connection again = pool.getConnection()) {
                assertThat(again.getAutoCommit()).isTrue();
                assertThat(sum(again)).isEqualTo(1);
                run(again, "INSERT INTO t VALUES (4)");
            }
            try (Connection last = pool.getConnection()) {
                assertThat(sum(last)).isEqualTo(5);
            }
        }
    }

    @Test
    void eightThreadsReadAndWriteOverConnectionsOfTheirOwn() throws Exception {
        Database database;
        try (Connection owner = DriverManager.getConnection("jdbc:zepto:mem:threads")) {
            database = owner.unwrap(Database.class);
            run(owner, "CREATE TABLE t (x BIGINT)");
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            List<Callable<Long>> tasks = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                tasks.add(PoolTest::writeAndRead);
            }
            for (Future<Long> lastSum : threads.invokeAll(tasks)) {
                assertThat(lastSum.get(60, TimeUnit.SECONDS)).isGreaterThanOrEqualTo(1_000);
            }
            threads.shutdown();
            assertThat(sum(owner)).isEqualTo(THREADS * 1_000L);
        }
        assertThat(database.isClosed()).isTrue();
    }

    private static long writeAndRead() throws SQLException {
        long sum = 0;
        try (Connection connection = DriverManager.getConnection("jdbc:zepto:mem:threads");
                PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?)")) {
            for (int round = 0; round < 10; round++) {
                for (int i = 0; i < 100; i++) {
                    insert.setLong(1, 1);
                    insert.addBatch();
                }
                insert.executeBatch();
                long seen = sum(connection);
                assertThat(seen).isGreaterThanOrEqualTo(sum + 100).matches(whole -> whole % 100 == 0);
                sum = seen;
            }
        }
        return sum;
    }

    @Test
    void whatIsLeftOpenIsClosedWithTheConnection() throws SQLException {
        Connection owner = DriverManager.getConnection("jdbc:zepto:mem:leaks");
        Database database = owner.unwrap(Database.class);
        run(owner, "CREATE TABLE t (x BIGINT, v VARCHAR)");
        run(owner, "INSERT INTO t VALUES (1, 'a text that is too long to lie in its view'), (2, 'b'), (3, NULL)");
        long before = database.statistics().allocatedBytes();
        try (Connection careless = DriverManager.getConnection("jdbc:zepto:mem:leaks")) {
            ResultSet halfRead =
                    careless.createStatement().executeQuery("SELECT v, count(*) FROM t GROUP BY v ORDER BY v");
            assertThat(halfRead.next()).isTrue();
            ResultSet notRead = careless.prepareStatement("SELECT * FROM t").executeQuery();
            ResultSet tables = careless.getMetaData().getTables(null, null, "%", null);
            assertThat(tables.next()).isTrue();
            assertThat(notRead.isClosed()).isFalse();
        }
        assertThat(database.statistics().allocatedBytes()).isLessThanOrEqualTo(before);
        owner.close();
        // closing fails with the owner's name when a byte is left
        assertThat(database.isClosed()).isTrue();
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long sum(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT sum(x) FROM t")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
