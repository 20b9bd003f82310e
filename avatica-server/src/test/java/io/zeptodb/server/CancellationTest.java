package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A statement that would run for ages ends when it is cancelled or its time is over, in the process and on a server. */
class CancellationTest {
    private static final String URL = "jdbc:zepto:mem:cancellation";
    /** 2,000 rows, three times with themselves: 8 billion pairs that a loop has to look at. */
    private static final String AGES = "SELECT count(*) FROM t a, t b, t c WHERE a.x + b.x + c.x < 0";

    private static final long AT_MOST_MILLIS = 20_000;
    private static final long BEGINS_WITHIN_MILLIS = 300;

    private static Connection inProcess;
    private static ZeptoServer server;

    @BeforeAll
    static void fill() throws SQLException, IOException {
        inProcess = DriverManager.getConnection(URL);
        try (Statement statement = inProcess.createStatement()) {
            statement.execute("CREATE TABLE t (x BIGINT)");
            StringBuilder values = new StringBuilder("INSERT INTO t VALUES (0)");
            for (int i = 1; i < 2_000; i++) {
                values.append(", (").append(i).append(')');
            }
            statement.execute(values.toString());
        }
        server = ZeptoServer.builder().url(URL).port(0).start();
    }

    @AfterAll
    static void end() throws SQLException, IOException {
        server.close();
        inProcess.close();
    }

    private static Connection connect(String where) throws SQLException {
        return DriverManager.getConnection(where.equals("in process") ? URL : server.jdbcUrl());
    }

    @ParameterizedTest
    @ValueSource(strings = {"in process", "remote"})
    void aTimeOutEndsTheStatement(String where) throws SQLException {
        try (Connection connection = connect(where);
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            assertThat(statement.getQueryTimeout()).isEqualTo(1);
            long start = System.nanoTime();
            SQLTimeoutException failure =
                    catchThrowableOfType(SQLTimeoutException.class, () -> first(statement.executeQuery(AGES)));
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isBetween(900L, AT_MOST_MILLIS);
            assertThat(failure.getSQLState()).isEqualTo("57014");
            assertThat(first(statement.executeQuery("SELECT count(*) FROM t"))).isEqualTo(2_000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"in process", "remote"})
    void anotherThreadCancelsTheStatement(String where) throws Exception {
        try (Connection connection = connect(where);
                Statement statement = connection.createStatement()) {
            AtomicReference<Throwable> failure = new AtomicReference<>();
            CountDownLatch begun = new CountDownLatch(1);
            Thread runner = new Thread(() -> {
                try {
                    begun.countDown();
                    first(statement.executeQuery(AGES));
                } catch (SQLException | RuntimeException e) {
                    failure.set(e);
                }
            });
            runner.start();
            begun.await();
            long start = System.nanoTime();
            while (runner.isAlive() && TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) < AT_MOST_MILLIS) {
                // what has not begun cannot be cancelled, so it is asked for again
                runner.join(200);
                statement.cancel();
            }
            runner.join(AT_MOST_MILLIS);
            assertThat(failure.get()).isInstanceOf(SQLException.class).isNotInstanceOf(SQLTimeoutException.class);
            assertThat(((SQLException) failure.get()).getSQLState()).isEqualTo("57014");
            assertThat(first(statement.executeQuery("SELECT count(*) FROM t"))).isEqualTo(2_000);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "in process, statement", "in process, connection", "in process, abort",
        "remote, statement", "remote, connection", "remote, abort"
    })
    void closingEndsWhatRuns(String where, String what) throws Exception {
        Connection connection = connect(where);
        // an idle one, whose closing must not wait for the other
        Statement first = connection.createStatement();
        Statement statement = connection.createStatement();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread runner = new Thread(() -> {
            try {
                first(statement.executeQuery(AGES));
            } catch (SQLException | RuntimeException e) {
                failure.set(e);
            }
        });
        runner.start();
        Thread.sleep(BEGINS_WITHIN_MILLIS);
        long start = System.nanoTime();
        switch (what) {
            case "statement" -> statement.close();
            case "connection" -> connection.close();
            default -> connection.abort(Runnable::run);
        }
        runner.join(AT_MOST_MILLIS);
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(AT_MOST_MILLIS);
        assertThat(failure.get()).isInstanceOf(SQLException.class);
        assertThat(((SQLException) failure.get()).getSQLState()).isIn("57014", "24000");
        assertThat(connection.isClosed()).isNotEqualTo(what.equals("statement"));
        first.close();
        connection.close();
    }

    /** A program that starts a statement for ages and never gets to its end. */
    static final class Dying {
        private Dying() {}

        public static void main(String[] arguments) throws SQLException {
            try (Connection connection = DriverManager.getConnection(arguments[0]);
                    Statement statement = connection.createStatement()) {
                System.out.println("begun");
                first(statement.executeQuery(AGES));
            }
        }
    }

    @Test
    void aClientThatDiesLeavesNothingRunning() throws Exception {
        Process client = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Dying.class.getName(),
                        server.jdbcUrl())
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(client.inputReader().readLine()).isEqualTo("begun");
            awaitQueries(1);
        } finally {
            client.destroyForcibly();
        }
        awaitQueries(0);
    }

    /** Waits until so many statements of that kind run. */
    private static void awaitQueries(long count) throws Exception {
        long start = System.nanoTime();
        long running = -1;
        while (running != count && TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) < AT_MOST_MILLIS) {
            Thread.sleep(50);
            try (Statement statement = inProcess.createStatement()) {
                running = first(
                        statement.executeQuery("SELECT count(*) FROM zepto_queries() WHERE sql_text = '" + AGES + "'"));
            }
        }
        assertThat(running).isEqualTo(count);
    }

    private static long first(ResultSet rows) throws SQLException {
        try (rows) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
