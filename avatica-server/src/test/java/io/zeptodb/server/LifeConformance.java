package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.zeptodb.jdbc.append.Appender;
import io.zeptodb.jdbc.append.AppendingConnection;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What ends with what, who may use what meanwhile, and what objects say of themselves; the same in the process and over the network. */
abstract class LifeConformance extends BatchConformance {
    @Test
    void resultsOfMetadataEndWithTheirConnection() throws SQLException {
        ResultSet half;
        ResultSet read;
        ResultSet keys;
        try (Connection other = connect()) {
            half = other.getMetaData().getTypeInfo();
            assertThat(half.next()).isTrue();
            read = other.getMetaData().getTableTypes();
            while (read.next()) {
                assertThat(read.getString(1)).isNotEmpty();
            }
            keys = other.createStatement().getGeneratedKeys();
            assertThat(half.isClosed()).isFalse();
            assertThat(read.isClosed()).isFalse();
        }
        for (ResultSet rows : List.of(half, read, keys)) {
            assertThat(rows.isClosed()).isTrue();
            ParameterConformance.refusedAs("24000", rows::next);
            ParameterConformance.refusedAs("24000", () -> rows.getString(1));
            ParameterConformance.refusedAs("24000", rows::getMetaData);
            ParameterConformance.refusedAs("24000", () -> rows.findColumn("TYPE_NAME"));
            rows.close();
        }
    }

    /** Wherever it ends: before the first row, on the way to a later one, or in what writes. A server that was slow to begin has used some of it. */
    @Test
    void aTimeOutThatIsOverIsToldAsItWasSet() throws SQLException {
        run("CREATE TABLE many (x BIGINT)");
        run("CREATE TABLE written (x BIGINT)");
        try (Appender rows = appender(connection, "many")) {
            for (int i = 0; i < 3_000; i++) {
                rows.setLong(1, i).endRow();
            }
        }
        String ages = "SELECT count(*) FROM many a, many b, many c, many d, many e"
                + " WHERE a.x + b.x + c.x + d.x + e.x < 0";
        String rowsThenAges = "SELECT x FROM many UNION ALL " + ages;
        try (Statement statement = connection.createStatement();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO written " + ages.replace("< 0", "< CAST(? AS BIGINT)"))) {
            statement.setQueryTimeout(1);
            statement.setFetchSize(1_000);
            toldAsSet(() -> readAll(statement, ages));
            toldAsSet(() -> readAll(statement, rowsThenAges));
            toldAsSet(() -> statement.executeUpdate("INSERT INTO written " + ages));
            insert.setQueryTimeout(1);
            insert.setLong(1, -1);
            insert.addBatch();
            toldAsSet(insert::executeBatch);
            insert.setLong(1, -1);
            toldAsSet(insert::executeUpdate);
        }
    }

    private static void toldAsSet(ThrowingCallable call) {
        SQLException failure = catchThrowableOfType(SQLException.class, call);
        assertThat(failure.getSQLState()).isEqualTo("57014");
        assertThat((Throwable) failure).hasMessageMatching("(?s).*longer than its time-out of 1000 ms\\b.*");
    }

    private static void readAll(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                assertThat(rows.getLong(1)).isNotNegative();
            }
        }
    }

    @Test
    void aResultReadsInTheDirectionOfItsStatement() throws SQLException {
        try (Statement statement =
                connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY)) {
            statement.setFetchDirection(ResultSet.FETCH_REVERSE);
            ResultSet rows = statement.executeQuery("SELECT 1");
            assertThat(rows.getFetchDirection()).isEqualTo(ResultSet.FETCH_REVERSE);
            rows.setFetchDirection(ResultSet.FETCH_UNKNOWN);
            assertThat(rows.getFetchDirection()).isEqualTo(ResultSet.FETCH_UNKNOWN);
            assertThat(statement.getFetchDirection()).isEqualTo(ResultSet.FETCH_REVERSE);
        }
    }

    @Test
    void objectsTellWhatTheyAreAndNoValues() throws SQLException {
        assertThat(connection.getMetaData().getUserName()).isNotNull();
        try (PreparedStatement select = connection.prepareStatement("SELECT CAST(? AS VARCHAR) AS secret")) {
            select.setString(1, "hidden");
            assertThat(select.toString()).isEqualTo("SELECT CAST(? AS VARCHAR) AS secret");
            select.executeQuery().close();
            assertThat(select.toString()).isEqualTo("SELECT CAST(? AS VARCHAR) AS secret");
        }
        assertThat(connection.createClob().toString()).isEqualTo("a CLOB of 0 characters");
        assertThat(connection.createBlob().toString()).isEqualTo("a BLOB of 0 bytes");
    }

    @Test
    void aBatchOfChangesTellsTheRowThatFailed() throws SQLException {
        run("CREATE TABLE t (a INTEGER, v VARCHAR)");
        run("INSERT INTO t VALUES (1, 'one'), (2, 'two')");
        try (PreparedStatement update = connection.prepareStatement("UPDATE t SET a = ? WHERE v = ?")) {
            for (long value : List.of(10L, 20L, 3_000_000_000L)) {
                update.setLong(1, value);
                update.setString(2, value == 20 ? "two" : "one");
                update.addBatch();
            }
            BatchUpdateException failure = catchThrowableOfType(BatchUpdateException.class, update::executeBatch);
            assertThat(failure.getSQLState()).isEqualTo("22003");
            assertThat(failure.getMessage()).contains("3000000000").contains("(row 3 of the batch)");
            assertThat(failure.getLargeUpdateCounts()).isEmpty();
        }
        assertThat(answer(connection, "SELECT a FROM t ORDER BY a")).containsExactly("[1]", "[2]");
    }

    @Test
    void rowsOfABatchAreCountedOverAllOfItsParts() throws SQLException {
        run("CREATE TABLE t (a INTEGER, v VARCHAR)");
        int wrong = 123_456;
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t (v, a) VALUES (?, ?)")) {
            for (int i = 1; i <= wrong + 10; i++) {
                insert.setString(1, "a text that is longer than what fits in a view");
                insert.setString(2, i == wrong ? "no number" : "7");
                insert.addBatch();
            }
            BatchUpdateException failure = catchThrowableOfType(BatchUpdateException.class, insert::executeBatch);
            assertThat(failure.getSQLState()).isEqualTo("22P02");
            assertThat(failure.getMessage()).contains("'no number'").contains("(row " + wrong + ", column 'a')");
        }
    }

    private static Appender appender(Connection on, String table) throws SQLException {
        return on.unwrap(AppendingConnection.class).appender(table);
    }

    private static SQLException refusalIn(Thread[] thread, ThrowingCall call) throws Exception {
        CompletableFuture<SQLException> told = new CompletableFuture<>();
        thread[0] = new Thread(() -> {
            try {
                call.run();
                told.complete(null);
            } catch (SQLException e) {
                told.complete(e);
            } catch (Throwable e) {
                told.completeExceptionally(e);
            }
        });
        thread[0].start();
        return told.get(20, TimeUnit.SECONDS);
    }

    private interface ThrowingCall {
        void run() throws SQLException;
    }

    @Test
    void anAppenderBelongsToOneThreadFromTheFirstValueOfARowToItsEnd() throws Exception {
        run("CREATE TABLE t (a INTEGER, b INTEGER)");
        Thread[] other = new Thread[1];
        try (Appender rows = appender(connection, "t")) {
            rows.setInt(1, 1);
            List<ThrowingCall> calls = List.of(
                    () -> rows.setInt(2, 9), rows::endRow, rows::flush, rows::clear, () -> rows.setAutoFlush(1));
            for (ThrowingCall call : calls) {
                SQLException refused = refusalIn(other, call);
                assertThat((Object) refused).isNotNull();
                assertThat(refused.getSQLState()).isEqualTo("HY000");
                assertThat(refused.getMessage())
                        .contains("is used by thread '" + Thread.currentThread().getName());
            }
            rows.setInt(2, 2).endRow();
            assertThat((Object) refusalIn(
                            other, () -> rows.setInt(1, 3).setInt(2, 4).endRow()))
                    .isNull();
        }
        assertThat(answer(connection, "SELECT * FROM t ORDER BY a")).containsExactly("[1, 2]", "[3, 4]");
        Appender abandoned = appender(connection, "t");
        abandoned.setInt(1, 5).endRow();
        abandoned.setInt(1, 6);
        assertThat(refusalIn(other, abandoned::close).getSQLState()).isEqualTo("HY000");
        assertThatThrownBy(() -> abandoned.setInt(2, 6)).hasMessageContaining("closed");
        abandoned.close();
        assertThat(answer(connection, "SELECT count(*) FROM t")).containsExactly("[2]");
    }

    @Test
    @Timeout(60)
    void rowsOfSeveralThreadsInOneAppenderAreNeverMixed() throws Exception {
        run("CREATE TABLE t (a BIGINT, b BIGINT, c VARCHAR)");
        int threads = 4;
        int each = 20_000;
        CountDownLatch start = new CountDownLatch(1);
        List<CompletableFuture<Integer>> written = new ArrayList<>();
        try (Appender rows = appender(connection, "t")) {
            rows.setAutoFlush(777);
            for (int i = 0; i < threads; i++) {
                long base = i * 1_000_000L;
                CompletableFuture<Integer> done = new CompletableFuture<>();
                written.add(done);
                new Thread(() -> {
                            try {
                                start.await();
                                done.complete(append(rows, base, each));
                            } catch (Throwable e) {
                                done.completeExceptionally(e);
                            }
                        })
                        .start();
            }
            start.countDown();
            long expected = 0;
            for (CompletableFuture<Integer> done : written) {
                expected += count(done);
            }
            rows.flush();
            assertThat(expected).isPositive();
            assertThat(rows.appendedRows()).isEqualTo(expected);
            assertThat(answer(connection, "SELECT count(*), count(DISTINCT a) FROM t"))
                    .containsExactly("[" + expected + ", " + expected + "]");
            assertThat(answer(connection, "SELECT count(*) FROM t WHERE b <> a * 2 OR c <> 'v' || a"))
                    .containsExactly("[0]");
        }
    }

    private static int count(CompletableFuture<Integer> done) throws Exception {
        try {
            return done.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    /** Rows of which all calls were taken; a row whose first call is refused is another thread's turn. */
    private static int append(Appender rows, long base, int count) throws SQLException {
        int taken = 0;
        for (long a = base; a < base + count; a++) {
            try {
                rows.setLong(1, a);
            } catch (SQLException e) {
                assertThat(e.getSQLState()).isEqualTo("HY000");
                continue;
            }
            rows.setLong(2, a * 2).setString(3, "v" + a).endRow();
            taken++;
        }
        return taken;
    }
}
