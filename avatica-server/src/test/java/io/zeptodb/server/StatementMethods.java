package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.Date;
import java.sql.JDBCType;
import java.sql.NClob;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.ZoneOffset;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.Set;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;

/** Calls every method of Statement, PreparedStatement and ParameterMetaData. */
abstract class StatementMethods extends ThreadConformance {
    private static final Set<String> ANSWERED_WHEN_CLOSED = Set.of("close", "isClosed", "unwrap", "isWrapperFor");
    private static final Set<String> ENQUOTING =
            Set.of("enquoteLiteral", "enquoteNCharLiteral", "enquoteIdentifier", "isSimpleIdentifier");

    @Test
    void everyMethodOfAStatementDoesWhatItSays() throws SQLException {
        RecordedCalls calls = new RecordedCalls();
        run("CREATE TABLE t (x BIGINT)");
        try (Statement statement = calls.of(
                Statement.class,
                connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY))) {
            runs(statement);
            keys(statement);
            batches(statement);
            statementSettings(statement, connection);
            quotes(statement);
        }
        Statement closed = calls.of(Statement.class, connection.createStatement());
        assertThat(closed.isCloseOnCompletion()).isFalse();
        closed.closeOnCompletion();
        assertThat(closed.isCloseOnCompletion()).isTrue();
        closed.executeQuery("SELECT 1").close();
        assertThat(closed.isClosed()).isTrue();
        closed.close();
        RecordedCalls.assertRefused(
                Statement.class,
                closed,
                name -> !ANSWERED_WHEN_CLOSED.contains(name) && !ENQUOTING.contains(name),
                "24000");
        calls.assertComplete(Statement.class);
    }

    private static void runs(Statement statement) throws SQLException {
        assertThat(statement.execute("INSERT INTO t VALUES (1), (2)")).isFalse();
        assertThat(statement.getUpdateCount()).isEqualTo(2);
        assertThat(statement.getLargeUpdateCount()).isEqualTo(2);
        assertThat(statement.getResultSet()).isNull();
        assertThat(statement.getMoreResults()).isFalse();
        assertThat(statement.getUpdateCount()).isEqualTo(-1);
        assertThat(statement.getLargeUpdateCount()).isEqualTo(-1);
        assertThat(statement.executeUpdate("INSERT INTO t VALUES (3)")).isEqualTo(1);
        assertThat(statement.executeLargeUpdate("INSERT INTO t VALUES (4)")).isEqualTo(1);
        try (ResultSet rows = statement.executeQuery("SELECT x FROM t ORDER BY x")) {
            assertThat(statement.getResultSet()).isSameAs(rows);
            assertThat(rows.next()).isTrue();
            assertThat(statement.getMoreResults(Statement.CLOSE_ALL_RESULTS)).isFalse();
            assertThat(rows.isClosed()).isTrue();
        }
        assertThatThrownBy(() -> statement.getMoreResults(Statement.KEEP_CURRENT_RESULT))
                .isInstanceOf(SQLException.class);
        SQLException wrong = catchThrowableOfType(SQLException.class, () -> statement.getMoreResults(77));
        assertThat(wrong.getSQLState()).isEqualTo("HY000");
    }

    private static void keys(Statement statement) throws SQLException {
        int wish = Statement.RETURN_GENERATED_KEYS;
        assertThat(statement.execute("INSERT INTO t VALUES (5)", wish)).isFalse();
        assertThat(statement.executeUpdate("INSERT INTO t VALUES (5)", wish)).isEqualTo(1);
        assertThat(statement.executeLargeUpdate("INSERT INTO t VALUES (5)", wish))
                .isEqualTo(1);
        try (ResultSet keys = statement.getGeneratedKeys()) {
            assertThat(keys.getMetaData().getColumnCount()).isEqualTo(1);
            assertThat(keys.next()).isFalse();
        }
        assertThatThrownBy(() -> statement.executeUpdate("INSERT INTO t VALUES (5)", 9))
                .isInstanceOf(SQLException.class);
        String insert = "INSERT INTO t VALUES (5)";
        int[] columns = {1};
        String[] names = {"x"};
        for (org.assertj.core.api.ThrowableAssert.ThrowingCallable call :
                new org.assertj.core.api.ThrowableAssert.ThrowingCallable[] {
                    () -> statement.execute(insert, columns),
                    () -> statement.execute(insert, names),
                    () -> statement.executeUpdate(insert, columns),
                    () -> statement.executeUpdate(insert, names),
                    () -> statement.executeLargeUpdate(insert, columns),
                    () -> statement.executeLargeUpdate(insert, names)
                }) {
            SQLException refused = catchThrowableOfType(SQLException.class, call);
            assertThat(refused.getSQLState()).isEqualTo("0A000");
        }
    }

    private static void batches(Statement statement) throws SQLException {
        statement.addBatch("DELETE FROM t");
        statement.clearBatch();
        statement.addBatch("INSERT INTO t VALUES (6)");
        statement.addBatch("UPDATE t SET x = 7 WHERE x = 6");
        assertThat(statement.executeBatch()).containsExactly(1, 1);
        statement.addBatch("DELETE FROM t WHERE x = 7");
        assertThat(statement.executeLargeBatch()).containsExactly(1);
        assertThat(statement.executeLargeBatch()).isEmpty();
        assertThat(statement.getUpdateCount()).isEqualTo(-1);
    }

    private static void statementSettings(Statement statement, Connection of) throws SQLException {
        assertThat(statement.getConnection()).isSameAs(of);
        statement.setMaxRows(2);
        assertThat(statement.getMaxRows()).isEqualTo(2);
        assertThat(statement.getLargeMaxRows()).isEqualTo(2);
        statement.setLargeMaxRows(0);
        assertThat(statement.getLargeMaxRows()).isZero();
        statement.setQueryTimeout(30);
        assertThat(statement.getQueryTimeout()).isEqualTo(30);
        statement.setFetchSize(50);
        assertThat(statement.getFetchSize()).isEqualTo(50);
        assertThat(statement.getFetchDirection()).isEqualTo(ResultSet.FETCH_FORWARD);
        statement.setFetchDirection(ResultSet.FETCH_REVERSE);
        assertThat(statement.getFetchDirection()).isEqualTo(ResultSet.FETCH_REVERSE);
        assertThatThrownBy(() -> statement.setFetchDirection(77)).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> statement.setFetchSize(-1)).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> statement.setMaxRows(-1)).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> statement.setLargeMaxRows(-1)).isInstanceOf(SQLException.class);
        statement.setMaxFieldSize(0);
        assertThat(statement.getMaxFieldSize()).isZero();
        assertThatThrownBy(() -> statement.setMaxFieldSize(1)).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> statement.setMaxFieldSize(-1)).isInstanceOf(SQLException.class);
        boolean poolable = statement instanceof PreparedStatement; // as java.sql has it
        assertThat(statement.isPoolable()).isEqualTo(poolable);
        statement.setPoolable(!poolable);
        assertThat(statement.isPoolable()).isEqualTo(!poolable);
        statement.setEscapeProcessing(false);
        statement.setCursorName("c");
        statement.cancel();
        assertThat((Object) statement.getWarnings()).isNull();
        statement.clearWarnings();
        assertThat(statement.getResultSetType()).isEqualTo(ResultSet.TYPE_SCROLL_INSENSITIVE);
        assertThat(statement.getResultSetConcurrency()).isEqualTo(ResultSet.CONCUR_READ_ONLY);
        assertThat(statement.getResultSetHoldability()).isEqualTo(ResultSet.HOLD_CURSORS_OVER_COMMIT);
        assertThat(statement.isWrapperFor(Statement.class)).isTrue();
        assertThat(statement.isWrapperFor(Thread.class)).isFalse();
        assertThat(statement.unwrap(Statement.class).getFetchSize()).isEqualTo(50);
        assertThatThrownBy(() -> statement.unwrap(Thread.class)).isInstanceOf(SQLException.class);
        assertThat(statement.isClosed()).isFalse();
    }

    private static void quotes(Statement statement) throws SQLException {
        assertThat(statement.enquoteLiteral("it's")).isEqualTo("'it''s'");
        assertThat(statement.enquoteNCharLiteral("it's")).isEqualTo("N'it''s'");
        assertThat(statement.enquoteIdentifier("plain", false)).isEqualTo("plain");
        assertThat(statement.enquoteIdentifier("plain", true)).isEqualTo("\"plain\"");
        assertThat(statement.enquoteIdentifier("with space", false)).isEqualTo("\"with space\"");
        assertThat(statement.enquoteIdentifier("a \"b\"", false)).isEqualTo("\"a \"\"b\"\"\"");
        assertThat(statement.isSimpleIdentifier("plain")).isTrue();
        assertThat(statement.isSimpleIdentifier("1st")).isFalse();
        assertThat(statement.isSimpleIdentifier("select")).isFalse();
        assertThat(statement.isSimpleIdentifier("asof")).isFalse();
        assertThat(statement.enquoteIdentifier("select", false)).isEqualTo("\"select\"");
        String named = statement.enquoteIdentifier("select \"it\"", false);
        try (ResultSet rows = statement.executeQuery("SELECT " + statement.enquoteLiteral("it's") + " AS " + named)) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString("select \"it\"")).isEqualTo("it's");
        }
        assertThatThrownBy(() -> statement.enquoteIdentifier("", true)).isInstanceOf(SQLException.class);
    }

    // ---- prepared statements

    /** The value comes back as this text. */
    private void assertSet(PreparedStatement select, String expected) throws SQLException {
        try (ResultSet rows = select.executeQuery()) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo(expected);
        }
    }

    @Test
    void everyMethodOfAPreparedStatementDoesWhatItSays() throws SQLException {
        RecordedCalls calls = new RecordedCalls();
        numbersAreSet(calls);
        textsAreSet(calls);
        bytesAreSet(calls);
        timesAreSet(calls);
        preparedRuns(calls);
        try (PreparedStatement select = calls.of(
                PreparedStatement.class,
                connection.prepareStatement(
                        "SELECT CAST(? AS VARCHAR)", ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY))) {
            statementSettings(select, connection);
            quotesOfPrepared(select);
            RecordedCalls.assertRefused(
                    PreparedStatement.class,
                    select,
                    Set.of("setRef", "setArray", "setRowId", "setSQLXML", "setURL")::contains,
                    "0A000");
        }
        PreparedStatement closed = calls.of(PreparedStatement.class, connection.prepareStatement("SELECT 1"));
        closed.closeOnCompletion();
        assertThat(closed.isCloseOnCompletion()).isTrue();
        closed.executeQuery().close();
        assertThat(closed.isClosed()).isTrue();
        RecordedCalls.assertRefused(
                PreparedStatement.class,
                closed,
                name -> !ANSWERED_WHEN_CLOSED.contains(name) && !ENQUOTING.contains(name),
                "24000");
        calls.assertComplete(PreparedStatement.class);
    }

    private static void quotesOfPrepared(PreparedStatement select) throws SQLException {
        assertThat(select.enquoteLiteral("a'b")).isEqualTo("'a''b'");
        assertThat(select.enquoteNCharLiteral("a")).isEqualTo("N'a'");
        assertThat(select.enquoteIdentifier("a b", false)).isEqualTo("\"a b\"");
        assertThat(select.isSimpleIdentifier("a")).isTrue();
    }

    private void numbersAreSet(RecordedCalls calls) throws SQLException {
        try (PreparedStatement select =
                calls.of(PreparedStatement.class, connection.prepareStatement("SELECT CAST(? AS DECIMAL(20,2))"))) {
            select.setByte(1, (byte) -1);
            assertSet(select, "-1.00");
            select.setShort(1, (short) 300);
            assertSet(select, "300.00");
            select.setInt(1, 70_000);
            assertSet(select, "70000.00");
            select.setLong(1, 1L << 40);
            assertSet(select, "1099511627776.00");
            select.setBigDecimal(1, new BigDecimal("1.25"));
            assertSet(select, "1.25");
            select.setObject(1, "1.255", Types.DECIMAL, 2);
            assertSet(select, "1.26");
            select.setObject(1, "1.255", JDBCType.DECIMAL, 2);
            assertSet(select, "1.26");
            select.setObject(1, 5);
            assertSet(select, "5.00");
            select.setObject(1, "6", Types.BIGINT);
            assertSet(select, "6.00");
            select.setObject(1, "7", JDBCType.INTEGER);
            assertSet(select, "7.00");
            select.setNull(1, Types.DECIMAL);
            assertSet(select, null);
            select.setNull(1, Types.DECIMAL, "DECIMAL");
            assertSet(select, null);
        }
        try (PreparedStatement select = calls.of(
                PreparedStatement.class,
                connection.prepareStatement("SELECT CAST(? AS BOOLEAN), CAST(? AS REAL), CAST(? AS DOUBLE)"))) {
            select.setBoolean(1, true);
            select.setFloat(2, 1.5f);
            select.setDouble(3, 0.1);
            try (ResultSet rows = select.executeQuery()) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getBoolean(1)).isTrue();
                assertThat(rows.getFloat(2)).isEqualTo(1.5f);
                assertThat(rows.getDouble(3)).isEqualTo(0.1);
            }
            select.clearParameters();
            SQLException unset = catchThrowableOfType(SQLException.class, select::executeQuery);
            assertThat(unset.getSQLState()).isEqualTo("07001");
        }
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @SuppressWarnings("deprecation") // setUnicodeStream is a method of the interface
    private void textsAreSet(RecordedCalls calls) throws SQLException {
        try (PreparedStatement select =
                calls.of(PreparedStatement.class, connection.prepareStatement("SELECT CAST(? AS VARCHAR)"))) {
            select.setString(1, "naïve €");
            assertSet(select, "naïve €");
            select.setNString(1, "€");
            assertSet(select, "€");
            select.setAsciiStream(1, stream("ascii"));
            assertSet(select, "ascii");
            select.setAsciiStream(1, stream("ascii"), 3);
            assertSet(select, "asc");
            select.setAsciiStream(1, stream("ascii"), 4L);
            assertSet(select, "asci");
            select.setUnicodeStream(1, stream("€uro"), 3);
            assertSet(select, "€");
            select.setCharacterStream(1, new StringReader("reader"));
            assertSet(select, "reader");
            select.setCharacterStream(1, new StringReader("reader"), 2);
            assertSet(select, "re");
            select.setCharacterStream(1, new StringReader("reader"), 3L);
            assertSet(select, "rea");
            select.setNCharacterStream(1, new StringReader("reader"));
            assertSet(select, "reader");
            select.setNCharacterStream(1, new StringReader("reader"), 3L);
            assertSet(select, "rea");
            Clob clob = connection.createClob();
            clob.setString(1, "clob");
            select.setClob(1, clob);
            assertSet(select, "clob");
            select.setClob(1, new StringReader("of a reader"));
            assertSet(select, "of a reader");
            select.setClob(1, new StringReader("of a reader"), 4);
            assertSet(select, "of a");
            NClob national = connection.createNClob();
            national.setString(1, "nclob");
            select.setNClob(1, national);
            assertSet(select, "nclob");
            select.setNClob(1, new StringReader("of a reader"));
            assertSet(select, "of a reader");
            select.setNClob(1, new StringReader("of a reader"), 2);
            assertSet(select, "of");
            select.setString(1, null);
            assertSet(select, null);
            assertThatThrownBy(() -> select.setString(2, "x")).hasMessageContaining("no parameter 2");
        }
    }

    private void bytesAreSet(RecordedCalls calls) throws SQLException {
        byte[] bytes = {0, 1, -1};
        try (PreparedStatement select =
                calls.of(PreparedStatement.class, connection.prepareStatement("SELECT CAST(? AS VARBINARY)"))) {
            select.setBytes(1, bytes);
            assertSet(select, "\\x0001ff");
            select.setBinaryStream(1, new ByteArrayInputStream(bytes));
            assertSet(select, "\\x0001ff");
            select.setBinaryStream(1, new ByteArrayInputStream(bytes), 2);
            assertSet(select, "\\x0001");
            select.setBinaryStream(1, new ByteArrayInputStream(bytes), 1L);
            assertSet(select, "\\x00");
            Blob blob = connection.createBlob();
            blob.setBytes(1, bytes);
            select.setBlob(1, blob);
            assertSet(select, "\\x0001ff");
            select.setBlob(1, new ByteArrayInputStream(bytes));
            assertSet(select, "\\x0001ff");
            select.setBlob(1, new ByteArrayInputStream(bytes), 2);
            assertSet(select, "\\x0001");
        }
    }

    private void timesAreSet(RecordedCalls calls) throws SQLException {
        Calendar utc = new GregorianCalendar(TimeZone.getTimeZone("UTC"));
        try (PreparedStatement select = calls.of(
                PreparedStatement.class,
                connection.prepareStatement("SELECT CAST(? AS DATE), CAST(? AS TIME), CAST(? AS TIMESTAMP)"))) {
            select.setDate(1, Date.valueOf(DATE));
            select.setTime(2, Time.valueOf("01:02:03"));
            select.setTimestamp(3, Timestamp.valueOf(EXACT));
            assertTimes(select);
            select.setDate(
                    1, new Date(DATE.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli()), utc);
            select.setTime(2, new Time(3_723_000), utc);
            select.setTimestamp(3, Timestamp.from(EXACT.toInstant(ZoneOffset.UTC)), utc);
            assertTimes(select);
        }
    }

    private static void assertTimes(PreparedStatement select) throws SQLException {
        try (ResultSet rows = select.executeQuery()) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("2024-02-29");
            assertThat(rows.getString(2)).isEqualTo("01:02:03");
            assertThat(rows.getObject(3, java.time.LocalDateTime.class)).isEqualTo(EXACT);
        }
    }

    private void preparedRuns(RecordedCalls calls) throws SQLException {
        run("CREATE TABLE p (x BIGINT)");
        try (PreparedStatement insert =
                calls.of(PreparedStatement.class, connection.prepareStatement("INSERT INTO p VALUES (?)"))) {
            assertThat(insert.getMetaData()).isNull();
            insert.setLong(1, 1);
            assertThat(insert.execute()).isFalse();
            assertThat(insert.getUpdateCount()).isEqualTo(1);
            assertThat(insert.getLargeUpdateCount()).isEqualTo(1);
            assertThat(insert.executeUpdate()).isEqualTo(1);
            assertThat(insert.executeLargeUpdate()).isEqualTo(1);
            assertThat(insert.getMoreResults()).isFalse();
            assertThat(insert.getMoreResults(Statement.CLOSE_CURRENT_RESULT)).isFalse();
            insert.addBatch();
            insert.clearBatch();
            insert.addBatch();
            assertThat(insert.executeBatch()).containsExactly(1);
            insert.addBatch();
            assertThat(insert.executeLargeBatch()).containsExactly(1);
            assertThat(insert.getGeneratedKeys().next()).isFalse();
            RecordedCalls.assertRefused(
                    PreparedStatement.class,
                    insert,
                    "executeQuery"::equals,
                    "HY000",
                    method -> method.getParameterCount() > 0);
            RecordedCalls.assertRefused(
                    PreparedStatement.class,
                    insert,
                    Set.of("execute", "executeUpdate", "executeLargeUpdate", "addBatch")::contains,
                    "HY000",
                    method -> method.getParameterCount() > 0);
        }
        try (PreparedStatement select =
                calls.of(PreparedStatement.class, connection.prepareStatement("SELECT x FROM p WHERE x = ?"))) {
            assertThat(select.getMetaData().getColumnLabel(1)).isEqualTo("x");
            select.setLong(1, 1);
            try (ResultSet rows = select.executeQuery()) {
                assertThat(rows.next()).isTrue();
                assertThat(select.getResultSet()).isSameAs(rows);
            }
            parameters(calls, select);
        }
        calls.assertComplete(ParameterMetaData.class);
    }

    private static void parameters(RecordedCalls calls, PreparedStatement select) throws SQLException {
        ParameterMetaData of = calls.of(ParameterMetaData.class, select.getParameterMetaData());
        assertThat(of.getParameterCount()).isEqualTo(1);
        assertThat(of.getParameterType(1)).isEqualTo(Types.BIGINT);
        assertThat(of.getParameterTypeName(1)).isEqualTo("BIGINT");
        assertThat(of.getParameterClassName(1)).isEqualTo("java.lang.Long");
        assertThat(of.getParameterMode(1)).isEqualTo(ParameterMetaData.parameterModeIn);
        assertThat(of.getPrecision(1)).isEqualTo(19);
        assertThat(of.getScale(1)).isZero();
        assertThat(of.isSigned(1)).isTrue();
        assertThat(of.isNullable(1)).isEqualTo(ParameterMetaData.parameterNullable);
        assertThat(of.isWrapperFor(ParameterMetaData.class)).isTrue();
        assertThat(of.unwrap(ParameterMetaData.class)).isNotNull();
        for (String name : new String[] {
            "getParameterType",
            "getParameterTypeName",
            "getParameterClassName",
            "getParameterMode",
            "getPrecision",
            "getScale",
            "isSigned",
            "isNullable"
        }) {
            assertThatThrownBy(() ->
                            ParameterMetaData.class.getMethod(name, int.class).invoke(of, 2))
                    .hasCauseInstanceOf(SQLException.class);
        }
    }
}
