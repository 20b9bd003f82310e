package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.zeptodb.engine.api.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A statement that would run for ages ends when it is cancelled or its time is over, in the process and on a server. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CancellationTest {
    private static final String URL = "jdbc:zepto:mem:cancellation";
    /** 2,000 rows, five times with themselves: more than a loop on any machine gets through. */
    private static final String AGES =
            "SELECT count(*) FROM t a, t b, t c, t d, t e WHERE a.x + b.x + c.x + d.x + e.x < 0";

    private static final long LEAST_MILLIS = 900;
    private static final long LONGEST_MILLIS = 60_000;
    private static final long LOOK_EVERY_MILLIS = 5;

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

    /** Before every test and after it nothing runs: who waits for a statement to begin means his own. */
    @AfterEach
    void nothingGoesOn() throws Exception {
        awaitQueries(0);
    }

    private static Connection connect(String where) throws SQLException {
        return DriverManager.getConnection(
                switch (where) {
                    case "in process" -> URL;
                    case "remote" -> server.jdbcUrl();
                    default -> server.jdbcUrl() + "?result_format=rows";
                });
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
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isGreaterThanOrEqualTo(LEAST_MILLIS);
            assertThat(failure.getSQLState()).isEqualTo("57014");
            statement.setQueryTimeout(0);
            assertThat(first(statement.executeQuery("SELECT count(*) FROM t"))).isEqualTo(2_000);
        }
    }

    /** What a reader does with the rows that he has is not the statement's time; what the statement does then is. */
    @ParameterizedTest
    @ValueSource(strings = {"in process", "remote", "remote, rows"})
    void aSlowReaderOfALongResultMeetsNoTimeOut(String where) throws Exception {
        try (Connection connection = connect(where);
                Statement statement = connection.createStatement()) {
            statement.setFetchSize(1_000);
            // on a machine that is busy the statement itself may need more than the first
            int seconds = 2;
            while (!readsSlowly(statement, seconds)) {
                seconds *= 4;
                assertThat(seconds).as("seconds of a time-out").isLessThan(100);
            }
        }
    }

    /** Rests for longer than the time-out in the middle of the rows. False when it met the time-out before the last of them, behind which the statement runs for ages. */
    private static boolean readsSlowly(Statement statement, int seconds) throws Exception {
        statement.setQueryTimeout(seconds);
        try (ResultSet rows = statement.executeQuery(
                "SELECT a.x FROM t a, t b WHERE b.x < 50 UNION ALL " + AGES.replace("count(*)", "max(a.x)"))) {
            for (int i = 0; i < 50_000; i++) {
                if (i == 1_000) {
                    TimeUnit.MILLISECONDS.sleep(seconds * 1_000L + 300);
                }
                assertThat(rows.next()).isTrue();
            }
            assertThat(catchThrowableOfType(SQLException.class, () -> readOn(rows))
                            .getSQLState())
                    .isEqualTo("57014");
            return true;
        } catch (SQLTimeoutException e) {
            return false;
        }
    }

    private static void readOn(ResultSet rows) throws SQLException {
        while (rows.next()) {
            assertThat(rows.getLong(1)).isNotNegative();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"in process", "remote"})
    void anotherThreadCancelsTheStatement(String where) throws Exception {
        try (Connection connection = connect(where);
                Statement statement = connection.createStatement()) {
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread runner = runAges(statement, failure);
            statement.cancel();
            runner.join();
            assertCancelled(failure.get(), statement);
        }
    }

    /** That a cancelled statement says so, by no time-out, and runs again. */
    private static void assertCancelled(Throwable failure, Statement statement) throws SQLException {
        assertThat(failure).isInstanceOf(SQLException.class).isNotInstanceOf(SQLTimeoutException.class);
        assertThat(((SQLException) failure).getSQLState()).isEqualTo("57014");
        assertThat(first(statement.executeQuery("SELECT count(*) FROM t"))).isEqualTo(2_000);
    }

    /** Forty levels, each of which reads the one below twice: nobody lives to see the plan. */
    private static String doubling() {
        StringBuilder query = new StringBuilder("WITH w0 AS (SELECT x FROM t)");
        for (int i = 1; i <= 40; i++) {
            query.append(String.format(
                    Locale.ROOT, ", w%d AS (SELECT a.x FROM w%d a JOIN w%d b ON a.x = b.x)", i, i - 1, i - 1));
        }
        return query.append(" SELECT count(*) FROM w40").toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"in process", "remote"})
    void anotherThreadCancelsThePlanning(String where) throws Exception {
        try (Connection connection = connect(where);
                Statement statement = connection.createStatement()) {
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread runner = new Thread(
                    () -> failure.set(catchThrowableOfType(SQLException.class, () -> statement.execute(doubling()))));
            runner.start();
            // what is cancelled before it begins is not cancelled
            while (runner.isAlive()) {
                statement.cancel();
                runner.join(LOOK_EVERY_MILLIS);
            }
            assertCancelled(failure.get(), statement);
            try (Statement other = connection.createStatement()) {
                assertThat(first(other.executeQuery("SELECT max(x) FROM t"))).isEqualTo(1_999);
            }
        }
    }

    private static final int ROUNDS = 60;
    private static final int BATCH = 20_000;

    /** From the moment on at which execute is seen to have been called, a cancel is never lost, wherever it meets the statement. */
    @ParameterizedTest
    @CsvSource({"in process, ''", "remote, ''", "remote, ?result_format=rows"})
    void aCancelInTheLastInstantBeforeTheStatementBeginsIsNotLost(String where, String options) throws Exception {
        String url = where.equals("in process") ? URL : server.jdbcUrl() + options;
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                PreparedStatement prepared = connection.prepareStatement(AGES)) {
            for (int round = 0; round < ROUNDS; round++) {
                boolean isText = round % 2 == 0;
                AtomicReference<Throwable> failure = new AtomicReference<>();
                Thread runner = new Thread(() -> failure.set(catchThrowableOfType(
                        SQLException.class,
                        () -> first(isText ? statement.executeQuery(AGES) : prepared.executeQuery()))));
                runner.start();
                while (!isExecuting(runner)) {
                    Thread.onSpinWait();
                }
                for (int pause = round * 20; pause > 0; pause--) {
                    Thread.onSpinWait();
                }
                (isText ? statement : prepared).cancel();
                runner.join(LONGEST_MILLIS);
                assertThat(runner.isAlive()).as("round %d", round).isFalse();
                assertThat(failure.get()).isInstanceOf(SQLException.class).isNotInstanceOf(SQLTimeoutException.class);
                assertThat(((SQLException) failure.get()).getSQLState()).isEqualTo("57014");
            }
            assertThat(first(statement.executeQuery("SELECT count(*) FROM t"))).isEqualTo(2_000);
        }
    }

    /** Also when it comes between two of them, where nothing runs. */
    @ParameterizedTest
    @CsvSource({"in process, ''", "remote, ''", "remote, ?result_format=rows"})
    void aCancelStopsWhatIsLeftOfABatchOfTexts(String where, String options) throws Exception {
        String url = where.equals("in process") ? URL : server.jdbcUrl() + options;
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                Statement looking = inProcess.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS batched");
            statement.execute("CREATE TABLE batched (x BIGINT)");
            long stored = 0;
            int stopped = 0;
            for (int round = 0; round < 20; round++) {
                for (int i = 0; i < BATCH; i++) {
                    statement.addBatch("INSERT INTO batched VALUES (1)");
                }
                AtomicReference<Throwable> failure = new AtomicReference<>();
                Thread runner = new Thread(
                        () -> failure.set(catchThrowableOfType(SQLException.class, statement::executeBatch)));
                runner.start();
                long before = stored;
                while (first(looking.executeQuery("SELECT count(*) FROM batched")) == before) {
                    Thread.onSpinWait();
                }
                statement.cancel();
                runner.join();
                stored = first(looking.executeQuery("SELECT count(*) FROM batched"));
                if (failure.get() == null) { // this thread stood still while all of them were run
                    assertThat(stored - before).isEqualTo(BATCH);
                    continue;
                }
                stopped++;
                assertThat(failure.get()).isInstanceOf(BatchUpdateException.class);
                assertThat(((SQLException) failure.get()).getSQLState()).isEqualTo("57014");
                int done = ((BatchUpdateException) failure.get()).getUpdateCounts().length;
                assertThat(done).isEqualTo((int) (stored - before));
            }
            assertThat(stopped).isGreaterThan(10);
            assertThat(statement.executeUpdate("DROP TABLE batched")).isZero();
        }
    }

    /** Whether the call has come so far that the driver knows of it. */
    private static boolean isExecuting(Thread runner) {
        return Arrays.stream(runner.getStackTrace())
                .anyMatch(frame -> frame.getClassName().endsWith(".ConnectionLock")
                        || frame.getClassName().endsWith(".ZeptoResultSet"));
    }

    /** The request to stop it comes to the server before the statement does. */
    @ParameterizedTest
    @CsvSource({"/zepto/v1/execute, ''", "/zepto/v1/batch, ''", "/, ?result_format=rows"})
    void aCancelThatOvertakesItsStatementStopsIt(String path, String options) throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        boolean isBatch = path.endsWith("batch");
        String insert = "INSERT INTO t SELECT CAST(? AS BIGINT) FROM t WHERE x < 0";
        try (SpoilingProxy proxy = new SpoilingProxy(server.port());
                Connection connection = DriverManager.getConnection(proxy.jdbcUrl() + options);
                PreparedStatement statement = connection.prepareStatement(isBatch ? insert : AGES)) {
            proxy.hold((asked, request) -> {
                if (request.startsWith("POST /cancel") || sent.getCount() == 0) {
                    return;
                }
                sent.countDown();
                try {
                    cancelled.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            });
            proxy.spoil(exchange -> {
                if (exchange.path().equals("/cancel")) {
                    cancelled.countDown();
                }
                return exchange.answer();
            });
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread runner = new Thread(() -> failure.set(catchThrowableOfType(SQLException.class, () -> {
                if (isBatch) {
                    statement.setLong(1, 7);
                    statement.addBatch();
                    statement.executeBatch();
                } else {
                    first(statement.executeQuery());
                }
            })));
            runner.start();
            sent.await();
            statement.cancel();
            runner.join(LONGEST_MILLIS);
            assertThat(runner.isAlive()).isFalse();
            assertThat(failure.get()).isInstanceOf(SQLException.class);
            assertThat(((SQLException) failure.get()).getSQLState()).isEqualTo("57014");
            assertThat(connection.isClosed()).isFalse();
            if (isBatch) {
                statement.setLong(1, 7);
                statement.addBatch();
                assertThat(statement.executeBatch()).containsExactly(0);
            }
        }
    }

    /** The request to stop the first comes to the server when the second runs. */
    @Test
    void aCancelThatComesLateStopsNoOtherRun() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (SpoilingProxy proxy = new SpoilingProxy(server.port());
                Connection connection = DriverManager.getConnection(proxy.jdbcUrl());
                Statement statement = connection.createStatement()) {
            proxy.hold((asked, request) -> {
                if (request.startsWith("POST /cancel") && go.getCount() > 0) {
                    held.countDown();
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                }
            });
            assertThat(first(statement.executeQuery("SELECT count(*) FROM t"))).isEqualTo(2_000);
            AtomicReference<Throwable> unheard = new AtomicReference<>();
            Thread canceller =
                    new Thread(() -> unheard.set(catchThrowableOfType(SQLException.class, statement::cancel)));
            canceller.start();
            held.await();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread runner = runAges(statement, failure);
            go.countDown();
            canceller.join();
            assertThat(unheard.get()).isNull();
            runner.join(500);
            assertThat(runner.isAlive()).isTrue();
            statement.cancel();
            runner.join();
            assertCancelled(failure.get(), statement);
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
        Thread runner = runAges(statement, failure);
        switch (what) {
            case "statement" -> statement.close();
            case "connection" -> connection.close();
            default -> connection.abort(Runnable::run);
        }
        runner.join();
        assertThat(failure.get()).isInstanceOf(SQLException.class);
        // who is aborted does not wait for what a server says
        assertThat(((SQLException) failure.get()).getSQLState())
                .isIn(what.equals("abort") && where.equals("remote") ? List.of("08006") : List.of("57014", "24000"));
        assertThat(connection.isClosed()).isNotEqualTo(what.equals("statement"));
        first.close();
        connection.close();
    }

    @ParameterizedTest
    @CsvSource({"in process, close", "in process, abort", "remote, close", "remote, abort", "remote rows, abort"})
    void whoWaitsForHisTurnIsFreedByTheEndOfTheConnection(String where, String what) throws Exception {
        Connection connection = connect(where);
        connection.setAutoCommit(false);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Statement writing = connection.createStatement();
        // in the process a query gives back its turn before it runs
        Thread runner = runLong(() -> writing.executeUpdate("INSERT INTO t " + AGES), failure);
        AtomicReference<SQLException> overtaken = new AtomicReference<>();
        Thread waiter = new Thread(() -> overtaken.set(catchThrowableOfType(SQLException.class, connection::commit)));
        waiter.start();
        while (waiter.isAlive() && waiter.getState() != Thread.State.TIMED_WAITING) {
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        if (what.equals("close")) {
            connection.close();
        } else {
            connection.abort(Runnable::run);
        }
        waiter.join();
        runner.join();
        assertThat((Object) overtaken.get()).isNotNull();
        assertThat(overtaken.get().getSQLState()).isEqualTo("08003");
        assertThat(failure.get()).isInstanceOf(SQLException.class);
    }

    /** A thread that runs the statement for ages and has read of its table already: it is neither still to begin nor about to end. */
    private static Thread runAges(Statement statement, AtomicReference<Throwable> failure) throws Exception {
        return runLong(() -> first(statement.executeQuery(AGES)), failure);
    }

    private interface LongCall {
        void run() throws SQLException;
    }

    private static Thread runLong(LongCall call, AtomicReference<Throwable> failure) throws Exception {
        long before = rowsScanned();
        Thread runner = new Thread(() -> {
            try {
                call.run();
            } catch (SQLException | RuntimeException e) {
                failure.set(e);
            }
        });
        runner.start();
        while (runner.isAlive() && rowsScanned() == before) {
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        return runner;
    }

    private static long rowsScanned() throws SQLException {
        return inProcess.unwrap(Database.class).statistics().rowsScanned();
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
            // the JVM may have something to say before
            assertThat(client.inputReader().lines().anyMatch("begun"::equals)).isTrue();
            awaitQueries(1);
        } finally {
            client.destroyForcibly();
        }
        awaitQueries(0);
    }

    /** Waits until so many statements of that kind run. */
    private static void awaitQueries(long count) throws Exception {
        long running = -1;
        while (running != count) {
            Thread.sleep(LOOK_EVERY_MILLIS);
            try (Statement statement = inProcess.createStatement()) {
                running = first(
                        statement.executeQuery("SELECT count(*) FROM zepto_queries() WHERE sql_text = '" + AGES + "'"));
            }
        }
    }

    private static long first(ResultSet rows) throws SQLException {
        try (rows) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
