package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.Session;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;

/** Results that are read to and fro, the same in the process and over the network. */
abstract class ScrollConformance extends NestedConformance {
    private static final int ROWS = 30_000;

    private Statement scrolling() throws SQLException {
        return connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY);
    }

    private void fillMany() throws SQLException {
        run("CREATE TABLE many (x BIGINT, s SYMBOL, v VARCHAR, d DOUBLE)");
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO many VALUES (?, ?, ?, ?)")) {
            for (int i = 0; i < ROWS; i++) {
                insert.setLong(1, i);
                insert.setString(2, "S" + i % 11);
                insert.setString(3, i % 5 == 0 ? null : "a text longer than a view: " + i);
                insert.setDouble(4, i / 4.0);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void assertRow(ResultSet rows, long x) throws SQLException {
        assertThat(rows.getRow()).isEqualTo(x + 1);
        assertThat(rows.getLong("x")).isEqualTo(x);
        assertThat(rows.getString("s")).isEqualTo("S" + x % 11);
        assertThat(rows.getString("v")).isEqualTo(x % 5 == 0 ? null : "a text longer than a view: " + x);
        assertThat(rows.wasNull()).isEqualTo(x % 5 == 0);
        assertThat(rows.getDouble("d")).isEqualTo(x / 4.0);
    }

    @Test
    void anyRowOfManyBatchesIsReached() throws SQLException {
        fillMany();
        Random random = new Random(4);
        String sql = "SELECT x, s, v, d FROM many ORDER BY x";
        try (Statement statement = scrolling();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.getType()).isEqualTo(ResultSet.TYPE_SCROLL_INSENSITIVE);
            run("DELETE FROM many"); // insensitive: what is changed behind it is not seen
            for (int i = 0; i < 2_000; i++) {
                int row = random.nextInt(ROWS);
                assertThat(rows.absolute(row + 1)).isTrue();
                assertRow(rows, row);
                assertThat(rows.absolute(-1 - row)).isTrue();
                assertRow(rows, ROWS - 1 - row);
            }
            rows.afterLast();
            for (int i = ROWS - 1; i >= 0; i--) {
                assertThat(rows.previous()).isTrue();
                assertThat(rows.getLong(1)).isEqualTo(i);
            }
            assertThat(rows.previous()).isFalse();
            for (int i = 0; i < ROWS; i++) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getLong(1)).isEqualTo(i);
            }
            assertThat(rows.next()).isFalse();
            assertThat(rows.next()).isFalse();
        }
    }

    @Test
    void positionsAreThoseOfJdbc() throws SQLException {
        try (Statement statement = scrolling();
                ResultSet rows = statement.executeQuery("SELECT a.x FROM (VALUES (1), (2), (3)) AS a(x) ORDER BY x")) {
            assertThat(rows.isBeforeFirst()).isTrue();
            assertThat(rows.getRow()).isZero();
            assertThat(rows.relative(2)).isTrue();
            assertThat(rows.getInt(1)).isEqualTo(2);
            assertThat(rows.relative(0)).isTrue();
            assertThat(rows.getInt(1)).isEqualTo(2);
            assertThat(rows.isLast()).isFalse();
            assertThat(rows.relative(1)).isTrue();
            assertThat(rows.isLast()).isTrue();
            assertThat(rows.relative(5)).isFalse();
            assertThat(rows.isAfterLast()).isTrue();
            assertThat(rows.getRow()).isZero();
            assertThatThrownBy(() -> rows.getInt(1)).isInstanceOf(SQLException.class);
            assertThat(rows.relative(-1)).isTrue();
            assertThat(rows.getInt(1)).isEqualTo(3);
            assertThat(rows.absolute(-3)).isTrue();
            assertThat(rows.isFirst()).isTrue();
            assertThat(rows.absolute(-4)).isFalse();
            assertThat(rows.isBeforeFirst()).isTrue();
            assertThat(rows.absolute(0)).isFalse();
            assertThat(rows.isBeforeFirst()).isTrue();
            assertThat(rows.absolute(4)).isFalse();
            assertThat(rows.isAfterLast()).isTrue();
            assertThat(rows.absolute(Integer.MIN_VALUE)).isFalse();
            rows.beforeFirst();
            assertThat(rows.isBeforeFirst()).isTrue();
            assertThat(rows.last()).isTrue();
            assertThat(rows.getInt(1)).isEqualTo(3);
            for (int direction :
                    new int[] {ResultSet.FETCH_REVERSE, ResultSet.FETCH_UNKNOWN, ResultSet.FETCH_FORWARD}) {
                rows.setFetchDirection(direction);
                assertThat(rows.getFetchDirection()).isEqualTo(direction);
            }
            assertThatThrownBy(() -> rows.setFetchDirection(7)).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void aResultThatNobodyHasReadIsBeforeItsFirstRow() throws SQLException {
        try (Statement statement = scrolling();
                ResultSet rows = statement.executeQuery("SELECT a.x FROM (VALUES (1), (2)) AS a(x)")) {
            rows.beforeFirst();
            assertThat(rows.isBeforeFirst()).isTrue();
            assertThat(rows.previous()).isFalse();
            assertThat(rows.isBeforeFirst()).isTrue();
            assertThat(rows.next()).isTrue();
            assertThat(rows.isBeforeFirst()).isFalse();
        }
    }

    @Test
    void aResultWithoutRowsIsNeitherBeforeNorAfterThem() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT id FROM every WHERE id = ?", ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY)) {
            statement.setLong(1, 77);
            try (ResultSet rows = statement.executeQuery()) {
                assertThat(rows.isBeforeFirst()).isFalse();
                assertThat(rows.first()).isFalse();
                assertThat(rows.last()).isFalse();
                assertThat(rows.previous()).isFalse();
                rows.afterLast();
                assertThat(rows.isAfterLast()).isFalse();
                assertThat(rows.isLast()).isFalse();
                assertThat(rows.next()).isFalse();
            }
            statement.setLong(1, 1);
            try (ResultSet rows = statement.executeQuery()) {
                assertThat(rows.last()).isTrue();
                assertThat(rows.isFirst()).isTrue();
            }
        }
    }

    @Test
    void aResultThatFailsOnTheWayHasNoEnd() throws SQLException {
        run("CREATE TABLE few (x BIGINT)");
        run("INSERT INTO few VALUES (1), (0)");
        try (Statement statement = scrolling()) {
            assertThatThrownBy(() -> {
                        try (ResultSet rows = statement.executeQuery("SELECT 1 / x FROM few")) {
                            rows.last();
                        }
                    })
                    .isInstanceOf(SQLException.class)
                    .extracting(e -> ((SQLException) e).getSQLState())
                    .isEqualTo("22012");
        }
    }

    @Test
    void whoReadsOnAfterAnErrorGetsItAgain() throws SQLException {
        fillMany();
        try (Connection own = connect()) {
            try (Statement order = own.createStatement()) {
                order.execute("SET threads = 1"); // or the row that fails may be met before all others
            }
            for (int type : new int[] {ResultSet.TYPE_FORWARD_ONLY, ResultSet.TYPE_SCROLL_INSENSITIVE}) {
                try (Statement statement = own.createStatement(type, ResultSet.CONCUR_READ_ONLY);
                        ResultSet rows = failsLate(statement)) {
                    String first = failure(() -> {
                        while (rows.next()) {
                            assertThat(rows.getLong(1)).isNotPositive();
                        }
                    });
                    assertThat(first).startsWith("22012");
                    assertThat(failure(rows::next)).isEqualTo(first);
                    assertThat(failure(rows::next)).isEqualTo(first);
                    assertThat(rows.isAfterLast()).isFalse();
                    assertThat(rows.isClosed()).isFalse();
                }
            }
            batchesAfterAnError(own);
        }
    }

    private static ResultSet failsLate(Statement statement) throws SQLException {
        statement.setFetchSize(1_000); // a piece of a result in which a row fails fails as a whole
        return statement.executeQuery("SELECT 1 / (a.x * 30000 + b.x - 70000) FROM many a, many b WHERE a.x < 3");
    }

    private static void batchesAfterAnError(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = failsLate(statement)) {
            BatchCursor batches = rows.unwrap(BatchCursor.class);
            EngineException first = catchThrowableOfType(EngineException.class, () -> {
                while (batches.next()) {
                    assertThat(batches.batch().getRowCount()).isPositive();
                }
            });
            assertThat(first).hasMessageContaining("zero");
            EngineException again = catchThrowableOfType(EngineException.class, batches::next);
            assertThat(again).hasMessage(first.getMessage());
        }
    }

    private static String failure(ThrowableAssert.ThrowingCallable call) {
        SQLException thrown = catchThrowableOfType(SQLException.class, call);
        assertThat((Throwable) thrown).isNotNull();
        return thrown.getSQLState() + " " + thrown.getMessage();
    }

    @Test
    void rowsThatAreKeptCountForTheLimitOfTheQuery() throws SQLException {
        if (!connection.isWrapperFor(Session.class)) {
            return; // a server's limits are its own: what a client keeps lies in the client's memory
        }
        fillMany();
        String sql = "SELECT a.x * b.x AS p, 'a text for each of the rows ' || a.x || b.x AS t FROM many a, many b"
                + " WHERE a.x < 3000 AND b.x < 100";
        try (Connection own = connect();
                Statement limit = own.createStatement();
                Statement statement =
                        own.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY)) {
            limit.execute("SET query_memory_limit = '8MB'");
            try (ResultSet forward = limit.executeQuery(sql)) {
                assertThat(count(forward)).isEqualTo(300_000);
            }
            try (ResultSet rows = statement.executeQuery(sql)) {
                SQLException refused = catchThrowableOfType(SQLException.class, rows::last);
                assertThat(refused.getSQLState()).isEqualTo("53200");
                SQLException again = catchThrowableOfType(SQLException.class, rows::afterLast);
                assertThat(again.getSQLState()).as("a part is no whole result").isEqualTo("53200");
                assertThat(rows.first()).isTrue();
            }
            try (ResultSet few = statement.executeQuery("SELECT x FROM many WHERE x < 10 ORDER BY x")) {
                assertThat(few.last()).isTrue();
                assertThat(few.getRow()).isEqualTo(10);
            }
        }
    }

    @Test
    void whatCannotBeGivenIsTheNearestWithAWarning() throws SQLException {
        try (Connection own = connect()) {
            try (Statement statement = own.createStatement(
                            ResultSet.TYPE_SCROLL_SENSITIVE,
                            ResultSet.CONCUR_UPDATABLE,
                            ResultSet.CLOSE_CURSORS_AT_COMMIT);
                    PreparedStatement prepared =
                            own.prepareStatement("SELECT 1", ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_UPDATABLE)) {
                SQLWarning warning = own.getWarnings();
                assertThat(warning.getSQLState()).isEqualTo("01S02");
                assertThat(warning.getMessage())
                        .contains("TYPE_SCROLL_INSENSITIVE", "CONCUR_READ_ONLY", "HOLD_CURSORS_OVER_COMMIT");
                assertThat(warning.getNextWarning().getMessage()).contains("CONCUR_READ_ONLY");
                assertThat((Object) warning.getNextWarning().getNextWarning()).isNull();
                assertThat(statement.getResultSetType()).isEqualTo(ResultSet.TYPE_SCROLL_INSENSITIVE);
                assertThat(statement.getResultSetConcurrency()).isEqualTo(ResultSet.CONCUR_READ_ONLY);
                assertThat(statement.getResultSetHoldability()).isEqualTo(ResultSet.HOLD_CURSORS_OVER_COMMIT);
                assertThat(prepared.getResultSetType()).isEqualTo(ResultSet.TYPE_FORWARD_ONLY);
                own.clearWarnings();
                assertThat((Object) own.getWarnings()).isNull();
            }
            assertThatThrownBy(() -> own.setHoldability(ResultSet.CLOSE_CURSORS_AT_COMMIT))
                    .isInstanceOf(SQLFeatureNotSupportedException.class);
            for (int wrong : new int[] {0, 1002, 1009}) {
                SQLException refused = catchThrowableOfType(
                        SQLException.class, () -> own.createStatement(wrong, ResultSet.CONCUR_READ_ONLY));
                assertThat(refused.getSQLState()).isEqualTo("HY000");
            }
        }
    }

    @Test
    void batchesOfAScrollingResultCanBeTakenToo() throws SQLException {
        try (Statement statement = scrolling();
                ResultSet rows = statement.executeQuery("SELECT id FROM every")) {
            io.zeptodb.engine.api.BatchCursor batches = rows.unwrap(io.zeptodb.engine.api.BatchCursor.class);
            assertThat(batches.next()).isTrue();
            assertThatThrownBy(rows::last).hasMessageContaining("unwrap");
        }
    }
}
