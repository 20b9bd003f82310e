package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.Date;
import java.sql.JDBCType;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLSyntaxErrorException;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What JDBC promises, the same in the process and over the network. Each subclass gives connections to a database of its own. */
abstract class JdbcConformance extends ParameterConformance {
    @Test
    void aBatchOfTextsRunsInOrderAndTellsHowFarItCame() throws SQLException {
        run("CREATE TABLE t (x BIGINT)");
        try (Statement statement = connection.createStatement()) {
            statement.addBatch("INSERT INTO t VALUES (1)");
            statement.addBatch("INSERT INTO t VALUES (2), (3)");
            assertThat(statement.executeBatch()).containsExactly(1, 2);
            assertThat(statement.executeBatch()).isEmpty();
            statement.addBatch("INSERT INTO t VALUES (4)");
            statement.addBatch("INSERT INTO nowhere VALUES (5)");
            BatchUpdateException failure = catchThrowableOfType(BatchUpdateException.class, statement::executeBatch);
            assertThat(failure.getUpdateCounts()).containsExactly(1);
            assertThat(failure.getSQLState()).isEqualTo("42P01");
            assertThat(count(statement.executeQuery("SELECT x FROM t"))).isEqualTo(4);
        }
    }

    @Test
    void aBatchOfParametersIsStoredAsAWholeOrNotAtAll() throws SQLException {
        run("CREATE TABLE t (x INTEGER, v VARCHAR)");
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?)")) {
            assertThat(insert.executeBatch()).isEmpty();
            insert.setInt(1, 1);
            insert.setString(2, "a");
            insert.addBatch();
            insert.setObject(1, "not a number");
            insert.addBatch();
            assertThatThrownBy(insert::executeBatch)
                    .isInstanceOf(BatchUpdateException.class)
                    .hasMessageContaining("not a number");
            insert.setInt(1, 2);
            insert.addBatch();
            insert.clearBatch();
            assertThat(insert.executeBatch()).isEmpty();
        }
        try (Statement statement = connection.createStatement()) {
            assertThat(count(statement.executeQuery("SELECT x FROM t"))).isZero();
        }
    }

    @Test
    void closeOnCompletionClosesTheStatementWithItsResult() throws SQLException {
        Statement statement = connection.createStatement();
        statement.closeOnCompletion();
        assertThat(statement.isCloseOnCompletion()).isTrue();
        ResultSet first = statement.executeQuery("SELECT id FROM every");
        ResultSet second = statement.executeQuery("SELECT id FROM every");
        assertThat(first.isClosed()).isTrue();
        assertThat(statement.isClosed()).isFalse();
        second.close();
        assertThat(statement.isClosed()).isTrue();
    }

    @Test
    void hintsThatCannotBeFollowedAreRefused() throws SQLException {
        assertThatThrownBy(() -> connection.prepareStatement("SELECT 1", new String[] {"id"}))
                .isInstanceOf(SQLFeatureNotSupportedException.class);
        assertThatThrownBy(() -> connection.prepareCall("{call f()}"))
                .isInstanceOf(SQLFeatureNotSupportedException.class);
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(true);
            statement.setPoolable(true);
            assertThat(statement.isPoolable()).isTrue();
            statement.setFetchDirection(ResultSet.FETCH_FORWARD);
            assertThatThrownBy(() -> statement.setFetchDirection(ResultSet.FETCH_REVERSE))
                    .isInstanceOf(SQLFeatureNotSupportedException.class);
            assertThatThrownBy(() -> statement.setQueryTimeout(-1)).isInstanceOf(SQLException.class);
            assertThat((Object) statement.getWarnings()).isNull();
        }
    }

    @Test
    void linesThatCopyLeavesOutAreAWarning(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("t.csv");
        Files.writeString(file, "x,d\n1,1.5\n2,abc\n3\n4,2.5\nb,c\n");
        run("CREATE TABLE copied (x BIGINT, d DOUBLE)");
        String sql = "COPY copied FROM '" + file + "' WITH (on_error = skip)";
        try (Statement statement = connection.createStatement();
                PreparedStatement prepared = connection.prepareStatement(sql)) {
            assertThat(statement.executeUpdate(sql)).isEqualTo(2);
            assertThat(statement.getWarnings().getMessage())
                    .isEqualTo("3 lines were left out; the first: '" + file
                            + "' line 3, column 'd': expected DOUBLE, got 'abc'");
            assertThat(statement.getWarnings().getSQLState()).isEqualTo("01000");
            assertThat((Object) statement.getWarnings().getNextWarning()).isNull();
            assertThat(prepared.executeLargeUpdate()).isEqualTo(2);
            assertThat(prepared.getWarnings().getMessage()).startsWith("3 lines were left out");
            prepared.clearWarnings();
            assertThat((Object) prepared.getWarnings()).isNull();
            assertThat(count(statement.executeQuery("SELECT * FROM copied"))).isEqualTo(4);
            assertThat((Object) statement.getWarnings()).isNull();
            Files.writeString(file, "x,d\n1\n");
            assertThat(statement.executeUpdate(sql)).isZero();
            assertThat(statement.getWarnings().getMessage())
                    .isEqualTo("1 line was left out; the first: '" + file + "' line 2, expected 2 fields, got 1");
        }
    }

    // ---- prepared statements

    @Test
    void aPreparedStatementRunsAgainWithOtherValues() throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT v FROM every WHERE id = ? OR v = ?")) {
            select.setLong(1, 1);
            select.setString(2, "nothing");
            assertThat(count(select.executeQuery())).isEqualTo(1);
            select.setLong(1, 99);
            assertThat(count(select.executeQuery())).isZero();
            select.setString(2, "naïve €");
            assertThat(count(select.executeQuery())).isEqualTo(1);
            select.clearParameters();
            SQLException unset = catchThrowableOfType(SQLException.class, select::executeQuery);
            assertThat(unset.getSQLState()).isEqualTo("07001");
            assertThat(unset.getMessage()).contains("parameter 1 of 2 is not set");
            assertThatThrownBy(() -> select.setInt(3, 1)).hasMessageContaining("no parameter 3");
        }
    }

    private void refused(String sql, Object value, String message) throws SQLException {
        refused("07001", sql, value, message);
    }

    private void refused(String state, String sql, Object value, String message) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            assertThatThrownBy(() -> {
                        statement.setObject(1, value);
                        try (ResultSet rows = statement.executeQuery()) {
                            rows.next();
                        }
                    })
                    .as(sql + " with " + value)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining(message)
                    .extracting(e -> ((SQLException) e).getSQLState())
                    .isEqualTo(state);
        }
    }

    @Test
    void aValueThatItsParameterCannotHoldIsRefusedAndNeverCut() throws SQLException {
        LocalDateTime noon = LocalDateTime.of(2024, 1, 1, 12, 0);
        refused("22007", "SELECT DATE '2024-01-01' = ?", noon, "parameter 1 is DATE");
        refused("22007", "SELECT TIME '12:00:00' = ?", noon, "parameter 1 is TIME");
        refused("22P02", "SELECT TIMESTAMP '2024-01-01 00:00:00' - ?", noon, "parameter 1 is BIGINT");
        refused(
                "22008",
                "SELECT TIMESTAMP '2024-01-01 00:00:00' < ?",
                noon.withYear(3000),
                "parameter 1: 3000-01-01T12:00 is outside the range of a TIMESTAMP");
        refused("SELECT 3 / ?", 2.0, "write CAST(? AS DOUBLE)");
        refused("SELECT 3 / ?", 2.0f, "write CAST(? AS DOUBLE)");
        refused("SELECT 3 / ?", new BigDecimal("2.0"), "write CAST(? AS DECIMAL(38,1))");
        refused("SELECT 1.25 * ?", new BigDecimal("1.005"), "write CAST(? AS DECIMAL(38,3))");
        refused("SELECT 'a' = ?", List.of("a"), "got a java.util.");
        refused("SELECT 'a' = ?", new java.util.concurrent.atomic.AtomicInteger(1), "AtomicInteger");
        refused("SELECT 1 = ?", new java.util.concurrent.atomic.AtomicLong(1), "AtomicLong");
        try (PreparedStatement select = connection.prepareStatement("SELECT 3 / ?, DATE '2024-01-01' + ?")) {
            select.setLong(1, 2);
            select.setObject(2, 31);
            try (ResultSet rows = select.executeQuery()) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getLong(1)).isEqualTo(1);
                assertThat(rows.getString(2)).isEqualTo("2024-02-01");
            }
        }
    }

    @Test
    void metadataIsThereBeforeExecution() throws SQLException {
        try (PreparedStatement select =
                        connection.prepareStatement("SELECT id, n AS amount, ts FROM every WHERE d > ? AND v = ?");
                PreparedStatement insert = connection.prepareStatement("INSERT INTO every (id) VALUES (?)")) {
            ResultSetMetaData columns = select.getMetaData();
            assertThat(columns.getColumnCount()).isEqualTo(3);
            assertThat(columns.getColumnLabel(2)).isEqualTo("amount");
            assertThat(columns.getColumnType(2)).isEqualTo(Types.DECIMAL);
            assertThat(columns.getPrecision(2)).isEqualTo(20);
            assertThat(columns.getScale(2)).isEqualTo(4);
            assertThat(columns.getColumnTypeName(3)).isEqualTo("TIMESTAMP");
            assertThat(columns.getScale(3)).isEqualTo(9);
            assertThat(columns.getColumnType(1)).isEqualTo(Types.BIGINT);
            assertThatThrownBy(() -> columns.getColumnType(4)).isInstanceOf(SQLException.class);
            ParameterMetaData parameters = select.getParameterMetaData();
            assertThat(parameters.getParameterCount()).isEqualTo(2);
            assertThat(parameters.getParameterType(1)).isEqualTo(Types.DOUBLE);
            assertThat(parameters.getParameterTypeName(2)).isEqualTo("VARCHAR");
            assertThatThrownBy(() -> parameters.getParameterType(3)).isInstanceOf(SQLException.class);
            assertThat(insert.getMetaData()).isNull();
            assertThat(insert.getParameterMetaData().getParameterType(1)).isEqualTo(Types.BIGINT);
        }
    }

    @Test
    void everySetterStoresWhatItSays() throws SQLException {
        run("CREATE TABLE t (id BIGINT, v VARCHAR, bin VARBINARY, n DECIMAL(10,2), dt DATE, tm TIME, ts TIMESTAMP_NS)");
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?)")) {
            insert.setObject(1, "7", Types.BIGINT);
            insert.setCharacterStream(2, new StringReader("stream"));
            insert.setBinaryStream(3, new ByteArrayInputStream(new byte[] {1, 2, 3}), 2);
            insert.setObject(4, 1.005, Types.DECIMAL, 2);
            insert.setDate(5, Date.valueOf(DATE));
            insert.setTime(6, Time.valueOf("01:02:03"));
            insert.setTimestamp(7, Timestamp.valueOf(EXACT));
            insert.executeUpdate();
            insert.setObject(1, 8, JDBCType.BIGINT);
            insert.setObject(2, 'c');
            insert.setObject(3, new byte[0]);
            insert.setObject(4, new BigDecimal("3.1"));
            insert.setObject(5, "2024-02-29", Types.DATE);
            insert.setObject(6, LocalTime.of(4, 5, 6, 7));
            insert.setObject(7, EXACT.atOffset(ZoneOffset.ofHours(2)));
            insert.executeUpdate();
            assertThatThrownBy(() -> insert.setObject(1, 1L << 40, Types.INTEGER))
                    .isInstanceOf(SQLDataException.class);
            assertThatThrownBy(() -> insert.setURL(2, null)).isInstanceOf(SQLFeatureNotSupportedException.class);
        }
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM t ORDER BY id")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getLong(1)).isEqualTo(7);
            assertThat(rows.getString(2)).isEqualTo("stream");
            assertThat(rows.getBytes(3)).containsExactly(1, 2);
            assertThat(rows.getString(4)).isEqualTo("1.01");
            assertThat(rows.getObject(5, LocalDate.class)).isEqualTo(DATE);
            assertThat(rows.getObject(6, LocalTime.class)).isEqualTo(LocalTime.of(1, 2, 3));
            assertThat(rows.getObject(7, LocalDateTime.class)).isEqualTo(EXACT);
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(2)).isEqualTo("c");
            assertThat(rows.getBytes(3)).isEmpty();
            assertThat(rows.getString(4)).isEqualTo("3.10");
            assertThat(rows.getObject(5, LocalDate.class)).isEqualTo(DATE);
            assertThat(rows.getObject(6, LocalTime.class)).isEqualTo(LocalTime.of(4, 5, 6, 7));
            assertThat(rows.getObject(7, LocalDateTime.class)).isEqualTo(EXACT.minusHours(2));
        }
    }

    @Test
    void aPreparedStatementFollowsATableThatWasMadeAnew() throws SQLException {
        run("CREATE TABLE t (x BIGINT)");
        try (PreparedStatement select = connection.prepareStatement("SELECT * FROM t")) {
            assertThat(count(select.executeQuery())).isZero();
            run("DROP TABLE t");
            run("CREATE TABLE t (x VARCHAR, y DOUBLE)");
            run("INSERT INTO t VALUES ('a', 1.5)");
            try (ResultSet rows = select.executeQuery()) {
                assertThat(rows.getMetaData().getColumnCount()).isEqualTo(2);
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo("a");
                assertThat(rows.getDouble(2)).isEqualTo(1.5);
            }
        }
    }

    // ---- errors

    @Test
    void errorsHaveTheirStateTheirClassAndTheirPlace() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            SQLException syntax = catchThrowableOfType(
                    SQLSyntaxErrorException.class, () -> statement.executeQuery("SELECT id\nFROM FROM every"));
            assertThat(syntax.getSQLState()).isEqualTo("42601");
            assertThat(syntax.getMessage()).contains("line 2");
            SQLException table = catchThrowableOfType(
                    SQLSyntaxErrorException.class, () -> statement.executeQuery("SELECT * FROM evry"));
            assertThat(table.getSQLState()).isEqualTo("42P01");
            assertThat(table.getMessage()).contains("evry");
            SQLException division = catchThrowableOfType(SQLDataException.class, () -> {
                try (ResultSet rows = statement.executeQuery("SELECT 1 / (id - 1) FROM every")) {
                    count(rows);
                }
            });
            assertThat(division.getSQLState()).isEqualTo("22012");
            assertThatThrownBy(() -> connection.prepareStatement("SELECT nothing FROM every"))
                    .isInstanceOf(SQLSyntaxErrorException.class)
                    .hasMessageContaining("nothing");
            assertThat(count(statement.executeQuery("SELECT 1"))).isEqualTo(1);
        }
    }

    @Test
    void closedObjectsSayThatTheyAreClosed() throws SQLException {
        Statement statement = connection.createStatement();
        PreparedStatement prepared = connection.prepareStatement("SELECT id FROM every WHERE id = ?");
        ResultSet rows = statement.executeQuery("SELECT id FROM every");
        assertThat(rows.next()).isTrue();
        rows.close();
        rows.close();
        assertThat(rows.isClosed()).isTrue();
        assertThatThrownBy(() -> rows.getLong(1)).hasMessageContaining("result set is closed");
        assertThatThrownBy(rows::next).hasMessageContaining("result set is closed");
        statement.close();
        statement.close();
        assertThatThrownBy(() -> statement.executeQuery("SELECT 1")).hasMessageContaining("statement is closed");
        assertThatThrownBy(statement::cancel).hasMessageContaining("statement is closed");
        ResultSet open = connection.createStatement().executeQuery("SELECT id FROM every");
        connection.close();
        connection.close();
        assertThat(connection.isClosed()).isTrue();
        assertThat(connection.isValid(1)).isFalse();
        assertThat(open.isClosed()).isTrue();
        assertThat(prepared.isClosed()).isTrue();
        assertThatThrownBy(() -> connection.createStatement())
                .isInstanceOf(SQLNonTransientConnectionException.class)
                .hasMessageContaining("connection is closed");
        assertThatThrownBy(() -> prepared.setInt(1, 1)).hasMessageContaining("statement is closed");
    }

    // ---- the connection

    @Test
    void aConnectionCommitsByItselfUntilItIsToldNotTo() throws SQLException {
        assertThat(connection.getAutoCommit()).isTrue();
        connection.setAutoCommit(true);
        SQLException commit = catchThrowableOfType(SQLException.class, connection::commit);
        assertThat(commit.getSQLState()).isEqualTo("25000");
        assertThatThrownBy(connection::rollback).isInstanceOf(SQLException.class);
        assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        assertThatThrownBy(() -> connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE))
                .isInstanceOf(SQLFeatureNotSupportedException.class);
        assertThat(connection.getMetaData().supportsTransactions()).isTrue();
        assertThatThrownBy(connection::setSavepoint).isInstanceOf(SQLFeatureNotSupportedException.class);
    }

    @Test
    void aSessionThatIsSetToReadOnlySaysSo() throws SQLException {
        try (Connection own = connect();
                Connection other = connect();
                Statement statement = own.createStatement();
                PreparedStatement set = own.prepareStatement("SET access_mode = read_only")) {
            assertThat(own.isReadOnly()).isFalse();
            statement.execute("SET threads = 1");
            assertThat(own.isReadOnly()).isFalse();
            own.setAutoCommit(false);
            assertThat(own.isReadOnly()).as("to ask begins no transaction").isFalse();
            own.setReadOnly(true);
            own.setReadOnly(false);
            own.setAutoCommit(true);
            assertThat((Object) own.getWarnings()).isNull();
            set.execute();
            assertThat(own.isReadOnly()).isTrue();
            assertThat(own.isReadOnly()).isTrue();
            SQLException refused =
                    catchThrowableOfType(SQLException.class, () -> statement.execute("CREATE TABLE t (x BIGINT)"));
            assertThat(refused.getSQLState()).isEqualTo("25006");
            own.setReadOnly(false);
            assertThat(own.getWarnings().getSQLState()).isEqualTo("01000");
            assertThat(own.getWarnings().getMessage()).contains("stays read-only", "access_mode");
            assertThat(own.isReadOnly()).isTrue();
            assertThat(own.getMetaData().isReadOnly()).as("the database").isFalse();
            assertThat(other.isReadOnly()).isFalse();
        }
    }

    @Test
    void aReadOnlyConnectionDoesNotWrite() throws SQLException {
        connection.setReadOnly(true);
        assertThat(connection.isReadOnly()).isTrue();
        SQLException refused = catchThrowableOfType(SQLException.class, () -> run("CREATE TABLE t (x BIGINT)"));
        assertThat(refused.getSQLState()).isEqualTo("25006");
        connection.setReadOnly(false);
        run("CREATE TABLE t (x BIGINT)");
    }

    @Test
    void aConnectionAnswersWhatPoolsAndToolsAsk() throws SQLException {
        assertThat(connection.isValid(0)).isTrue();
        assertThat(connection.getCatalog()).isEqualTo("zepto");
        assertThat(connection.getSchema()).isEqualTo("main");
        connection.setCatalog("zepto");
        connection.setSchema("MAIN");
        assertThatThrownBy(() -> connection.setSchema("other")).hasMessageContaining("other");
        connection.setClientInfo("ApplicationName", "test");
        assertThat(connection.getClientInfo("ApplicationName")).isEqualTo("test");
        assertThatThrownBy(() -> connection.setClientInfo("Colour", "red")).hasMessageContaining("Colour");
        assertThat(connection.nativeSQL("SELECT 1")).isEqualTo("SELECT 1");
        assertThat(connection.getTypeMap()).isEmpty();
        assertThat((Object) connection.getWarnings()).isNull();
        connection.setNetworkTimeout(Runnable::run, 0);
        assertThat(connection.getNetworkTimeout()).isZero();
        connection.abort(Runnable::run);
        assertThat(connection.isClosed()).isTrue();
    }
}
