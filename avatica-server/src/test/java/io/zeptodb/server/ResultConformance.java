package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.TimeZone;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What JDBC promises of results, the same in the process and over the network. */
abstract class ResultConformance {
    static final LocalDateTime EXACT = LocalDateTime.of(2024, 8, 9, 0, 5, 4, 525_430_833);
    static final LocalTime TIME = LocalTime.of(23, 59, 58, 123_456_789);
    static final LocalDate DATE = LocalDate.of(2024, 2, 29);

    Connection connection;

    abstract Connection connect() throws SQLException;

    /** The database, wherever the connections reach it from. */
    abstract Database database() throws SQLException;

    /** Connections that a server knows; none in the process. */
    int connectionsOnServer() {
        return 0;
    }

    final long memoryInUse() throws SQLException {
        return database().allocator().getAllocatedMemory();
    }

    @BeforeEach
    void fill() throws SQLException {
        connection = connect();
        dropTables();
        run("CREATE TABLE every (id BIGINT, b BOOLEAN, t TINYINT, s SMALLINT, i INTEGER, l BIGINT, r REAL, d DOUBLE,"
                + " n DECIMAL(20,4), v VARCHAR, sym SYMBOL, bin VARBINARY, dt DATE, tm TIME, ts TIMESTAMP_NS)"
                + " PARTITION BY NONE");
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO every VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            insert.setLong(1, 1);
            insert.setBoolean(2, true);
            insert.setByte(3, (byte) -5);
            insert.setShort(4, (short) 300);
            insert.setInt(5, 70_000);
            insert.setLong(6, 1L << 53 | 1);
            insert.setFloat(7, 1.25f);
            insert.setDouble(8, 0.1);
            insert.setBigDecimal(9, new BigDecimal("1234567890123456.7891"));
            insert.setString(10, "naïve €");
            insert.setString(11, "AAPL");
            insert.setBytes(12, new byte[] {0, 1, -1});
            insert.setObject(13, DATE);
            insert.setObject(14, TIME);
            insert.setObject(15, EXACT);
            assertThat(insert.executeUpdate()).isEqualTo(1);
            insert.setLong(1, 2);
            for (int i = 2; i <= 15; i++) {
                insert.setNull(i, Types.NULL);
            }
            assertThat(insert.executeLargeUpdate()).isEqualTo(1);
        }
    }

    private void dropTables() throws SQLException {
        List<String> names = new ArrayList<>();
        try (ResultSet tables = connection.getMetaData().getTables(null, null, "%", new String[] {"TABLE"})) {
            while (tables.next()) {
                names.add(tables.getString("TABLE_NAME"));
            }
        }
        for (String name : names) {
            run("DROP TABLE \"" + name + "\"");
        }
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    final void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The row with all values. */
    final ResultSet full(Statement statement) throws SQLException {
        ResultSet rows = statement.executeQuery("SELECT * FROM every WHERE id = 1");
        assertThat(rows.next()).isTrue();
        return rows;
    }

    // ---- getters

    @Test
    void everyTypeIsReadByItsOwnGetter() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = full(statement)) {
            assertThat(row.getBoolean("b")).isTrue();
            assertThat(row.getByte("t")).isEqualTo((byte) -5);
            assertThat(row.getShort("s")).isEqualTo((short) 300);
            assertThat(row.getInt("i")).isEqualTo(70_000);
            assertThat(row.getLong("L")).isEqualTo((1L << 53) + 1);
            assertThat(row.getFloat("r")).isEqualTo(1.25f);
            assertThat(row.getDouble("d")).isEqualTo(0.1);
            assertThat(row.getBigDecimal("n")).isEqualTo(new BigDecimal("1234567890123456.7891"));
            assertThat(row.getString("v")).isEqualTo("naïve €");
            assertThat(row.getString("sym")).isEqualTo("AAPL");
            assertThat(row.getBytes("bin")).containsExactly(0, 1, -1);
            assertThat(row.getDate("dt")).isEqualTo(Date.valueOf(DATE));
            assertThat(row.getTime("tm").toLocalTime()).isEqualTo(LocalTime.of(23, 59, 58));
            assertThat(row.getTimestamp("ts")).isEqualTo(Timestamp.valueOf(EXACT));
            assertThat(row.wasNull()).isFalse();
            assertThat(row.next()).isFalse();
        }
    }

    @Test
    void getObjectGivesTheClassThatMetadataNames() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = full(statement)) {
            ResultSetMetaData metaData = row.getMetaData();
            for (int i = 1; i <= metaData.getColumnCount(); i++) {
                assertThat(row.getObject(i).getClass().getName())
                        .as(metaData.getColumnLabel(i))
                        .isEqualTo(metaData.getColumnClassName(i));
                assertThat(row.getObject(metaData.getColumnLabel(i))).isEqualTo(row.getObject(i));
            }
        }
    }

    @Test
    void nanosecondsAreExactInEveryForm() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = full(statement)) {
            assertThat(row.getObject("ts", LocalDateTime.class)).isEqualTo(EXACT);
            assertThat(row.getObject("ts", Instant.class)).isEqualTo(EXACT.toInstant(ZoneOffset.UTC));
            assertThat(row.getObject("ts", OffsetDateTime.class)).isEqualTo(EXACT.atOffset(ZoneOffset.UTC));
            assertThat(row.getObject("ts", LocalDate.class)).isEqualTo(EXACT.toLocalDate());
            assertThat(row.getTimestamp("ts").getNanos()).isEqualTo(525_430_833);
            assertThat(row.getLong("ts")).isEqualTo(1_723_161_904_525_430_833L);
            assertThat(row.getString("ts")).isEqualTo("2024-08-09 00:05:04.525430833");
            assertThat(row.getObject("tm", LocalTime.class)).isEqualTo(TIME);
            assertThat(row.getString("tm")).isEqualTo("23:59:58.123456789");
            assertThat(row.getObject("dt", LocalDate.class)).isEqualTo(DATE);
            assertThat(row.getString("dt")).isEqualTo("2024-02-29");
        }
    }

    @Test
    void aCalendarSaysWhichZoneTheWallClockHangsIn() throws SQLException {
        Calendar utc = new GregorianCalendar(TimeZone.getTimeZone("UTC"));
        Calendar tokyo = new GregorianCalendar(TimeZone.getTimeZone("Asia/Tokyo"));
        try (Statement statement = connection.createStatement();
                ResultSet row = full(statement)) {
            assertThat(row.getTimestamp("ts", utc).toInstant()).isEqualTo(EXACT.toInstant(ZoneOffset.UTC));
            assertThat(row.getTimestamp("ts", tokyo).toInstant())
                    .isEqualTo(EXACT.atZone(tokyo.getTimeZone().toZoneId()).toInstant());
            assertThat(row.getDate("dt", utc).getTime())
                    .isEqualTo(DATE.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli());
        }
        try (PreparedStatement select = connection.prepareStatement("SELECT id FROM every WHERE ts = ?")) {
            select.setTimestamp(1, Timestamp.from(EXACT.toInstant(ZoneOffset.UTC)), utc);
            try (ResultSet rows = select.executeQuery()) {
                assertThat(rows.next()).isTrue();
            }
            select.setTimestamp(1, Timestamp.valueOf(EXACT));
            try (ResultSet rows = select.executeQuery()) {
                assertThat(rows.next()).isTrue();
            }
        }
    }

    @Test
    void nullReadsAsNullOrZeroAndIsNoted() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT * FROM every WHERE id = 2")) {
            assertThat(row.next()).isTrue();
            for (int i = 2; i <= 15; i++) {
                assertThat(row.getObject(i)).isNull();
                assertThat(row.wasNull()).isTrue();
                assertThat(row.getString(i)).isNull();
                assertThat(row.getObject(i, String.class)).isNull();
                assertThat(row.getLong(1)).isEqualTo(2);
                assertThat(row.wasNull()).isFalse();
            }
            assertThat(row.getLong("l")).isZero();
            assertThat(row.wasNull()).isTrue();
            assertThat(row.getDouble("d")).isZero();
            assertThat(row.getBoolean("b")).isFalse();
            assertThat(row.getBigDecimal("n")).isNull();
            assertThat(row.getBytes("bin")).isNull();
            assertThat(row.getDate("dt")).isNull();
            assertThat(row.getTime("tm")).isNull();
            assertThat(row.getTimestamp("ts")).isNull();
            assertThat(row.getObject("ts", Instant.class)).isNull();
        }
    }

    @Test
    void numbersConvertAndWhatDoesNotFitIsRefused() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = full(statement)) {
            assertThat(row.getDouble("i")).isEqualTo(70_000.0);
            assertThat(row.getLong("d")).isZero();
            assertThat(row.getBigDecimal("d")).isEqualTo(new BigDecimal("0.1"));
            assertThat(row.getBigDecimal("i")).isEqualTo(new BigDecimal(70_000));
            assertThat(row.getLong("n")).isEqualTo(1_234_567_890_123_456L);
            assertThat(row.getString("n")).isEqualTo("1234567890123456.7891");
            assertThat(row.getInt("b")).isEqualTo(1);
            assertThat(row.getObject("s", Long.class)).isEqualTo(300L);
            assertThat(row.getObject("i", BigDecimal.class)).isEqualTo(new BigDecimal(70_000));
            SQLException refused = catchThrowableOfType(SQLDataException.class, () -> row.getShort("i"));
            assertThat(refused.getSQLState()).isEqualTo("22003");
            assertThat(refused.getMessage()).contains("70000", "SMALLINT");
            assertThatThrownBy(() -> row.getInt("l")).isInstanceOf(SQLDataException.class);
            assertThatThrownBy(() -> row.getInt("v"))
                    .isInstanceOf(SQLDataException.class)
                    .hasMessageContaining("naïve €");
            assertThatThrownBy(() -> row.getDate("l"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("BIGINT");
            assertThatThrownBy(() -> row.getObject("l", Thread.class)).hasMessageContaining("java.lang.Thread");
        }
    }

    @Test
    void textIsParsedAsOtherTypes() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT '42' AS n, '2.5' AS d, 'true' AS b, '2024-08-09 00:05:04.525430833' AS ts")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getInt("n")).isEqualTo(42);
            assertThat(row.getDouble("d")).isEqualTo(2.5);
            assertThat(row.getBigDecimal("d")).isEqualTo(new BigDecimal("2.5"));
            assertThat(row.getBoolean("b")).isTrue();
            assertThat(row.getObject("ts", LocalDateTime.class)).isEqualTo(EXACT);
            assertThat(row.getBytes("n")).isEqualTo("42".getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void doublesThatAreNoNumbersSurvive() throws SQLException {
        run("CREATE TABLE odd (d DOUBLE, r REAL)");
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO odd VALUES (?, ?)")) {
            insert.setDouble(1, Double.NaN);
            insert.setFloat(2, Float.NEGATIVE_INFINITY);
            insert.executeUpdate();
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT d, r FROM odd")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getDouble(1)).isNaN();
            assertThat(row.getFloat(2)).isEqualTo(Float.NEGATIVE_INFINITY);
            assertThat(row.getString(1)).isEqualTo("NaN");
            assertThatThrownBy(() -> row.getLong(1)).isInstanceOf(SQLDataException.class);
            assertThatThrownBy(() -> row.getBigDecimal(2)).isInstanceOf(SQLDataException.class);
        }
    }

    @Test
    void whatNoIntegerHoldsIsToldWithTheTypeThatWasAskedFor() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT CAST('NaN' AS DOUBLE), CAST('Infinity' AS REAL),"
                        + " CAST('99999999999999999999' AS DECIMAL(20, 0)), '99999999999999999999'")) {
            assertThat(row.next()).isTrue();
            for (int i = 1; i <= 4; i++) {
                int column = i;
                assertThatThrownBy(() -> row.getByte(column)).hasMessageContaining("TINYINT");
                assertThatThrownBy(() -> row.getShort(column)).hasMessageContaining("SMALLINT");
                assertThatThrownBy(() -> row.getInt(column)).hasMessageContaining("INTEGER");
                assertThatThrownBy(() -> row.getLong(column)).hasMessageContaining("BIGINT");
            }
        }
    }

    @Test
    void noTextOfADecimalIsLongerThanItsDisplaySize() throws SQLException {
        String digits = "9".repeat(38);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT CAST('-0." + digits + "' AS DECIMAL(38, 38)), CAST('-" + digits
                                + "' AS DECIMAL(38, 0)), CAST('-0.9' AS DECIMAL(1, 1)), CAST('-9.9' AS DECIMAL(2, 1))")) {
            assertThat(row.next()).isTrue();
            for (int i = 1; i <= 4; i++) {
                assertThat(row.getString(i))
                        .hasSizeLessThanOrEqualTo(row.getMetaData().getColumnDisplaySize(i));
            }
            assertThat(row.getMetaData().getColumnDisplaySize(1)).isEqualTo("-0.".length() + 38);
            assertThat(row.getMetaData().getPrecision(1)).isEqualTo(38);
        }
    }

    @Test
    void aColumnThatIsNotThereIsNamed() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = full(statement)) {
            assertThatThrownBy(() -> row.getInt("nothing"))
                    .hasMessageContaining("nothing")
                    .hasMessageContaining("sym");
            assertThatThrownBy(() -> row.getInt(0)).hasMessageContaining("no column 0");
            assertThatThrownBy(() -> row.getInt(16)).hasMessageContaining("no column 16");
            assertThat(row.findColumn("ID")).isEqualTo(1);
        }
    }

    @Test
    void aResultIsReadForwardOnly() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id FROM every ORDER BY id")) {
            assertThat(rows.getType()).isEqualTo(ResultSet.TYPE_FORWARD_ONLY);
            assertThatThrownBy(() -> rows.getLong(1)).hasMessageContaining("next()");
            assertThat(rows.getRow()).isZero();
            assertThat(rows.next()).isTrue();
            assertThat(rows.isFirst()).isTrue();
            assertThat(rows.next()).isTrue();
            assertThat(rows.getRow()).isEqualTo(2);
            assertThat(rows.next()).isFalse();
            assertThat(rows.next()).isFalse();
            assertThat(rows.isAfterLast()).isTrue();
            assertThatThrownBy(() -> rows.getLong(1)).hasMessageContaining("no row any more");
            assertThatThrownBy(rows::previous).isInstanceOf(SQLFeatureNotSupportedException.class);
        }
    }

    // ---- the Arrow batches

    @Test
    void unwrapGivesTheArrowBatches() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id, d FROM every ORDER BY id")) {
            BatchCursor batches = rows.unwrap(BatchCursor.class);
            long seen = 0;
            while (batches.next()) {
                VectorSchemaRoot batch = batches.batch();
                seen += batch.getRowCount();
                assertThat(batch.getSchema().getFields()).hasSize(2);
            }
            assertThat(seen).isEqualTo(2);
            assertThatThrownBy(rows::next).hasMessageContaining("unwrap");
        }
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id FROM every")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.unwrap(VectorSchemaRoot.class).getRowCount()).isPositive();
            assertThatThrownBy(() -> rows.unwrap(BatchCursor.class)).hasMessageContaining("before the first next()");
            assertThatThrownBy(() -> rows.unwrap(Thread.class)).isInstanceOf(SQLException.class);
        }
    }

    // ---- statements

    @Test
    void aStatementTellsWhatCameOfIt() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            assertThat(statement.execute("CREATE TABLE t (x BIGINT)")).isFalse();
            assertThat(statement.getUpdateCount()).isZero();
            assertThat(statement.getResultSet()).isNull();
            assertThat(statement.executeUpdate("INSERT INTO t VALUES (1), (2), (3)"))
                    .isEqualTo(3);
            assertThat(statement.getLargeUpdateCount()).isEqualTo(3);
            assertThat(statement.getMoreResults()).isFalse();
            assertThat(statement.getUpdateCount()).isEqualTo(-1);
            assertThat(statement.execute("SELECT x FROM t")).isTrue();
            assertThat(statement.getUpdateCount()).isEqualTo(-1);
            ResultSet rows = statement.getResultSet();
            assertThat(rows.next()).isTrue();
            assertThat(statement.getMoreResults()).isFalse();
            assertThat(rows.isClosed()).isTrue();
            assertThatThrownBy(() -> statement.executeQuery("INSERT INTO t VALUES (4)"))
                    .hasMessageContaining("gives no rows");
            assertThatThrownBy(() -> statement.executeUpdate("SELECT x FROM t")).hasMessageContaining("gives rows");
        }
    }

    @Test
    void whatGivesTheOtherThingIsRefusedBeforeItRuns() throws SQLException {
        run("CREATE TABLE t (x BIGINT)");
        String insert = "INSERT INTO t VALUES (4)";
        String query = "SELECT x FROM t";
        try (Statement statement = connection.createStatement();
                PreparedStatement preparedInsert = connection.prepareStatement(insert);
                PreparedStatement preparedQuery = connection.prepareStatement(query)) {
            statement.setMaxRows(7);
            List<ThrowingCallable> refused = List.of(
                    () -> statement.executeQuery(insert),
                    () -> statement.executeUpdate(query),
                    () -> statement.executeLargeUpdate(query),
                    preparedInsert::executeQuery,
                    preparedQuery::executeUpdate,
                    () -> statement.executeQuery("DROP TABLE t"),
                    () -> {
                        statement.addBatch(query);
                        statement.executeBatch();
                    });
            for (ThrowingCallable call : refused) {
                assertThatThrownBy(call)
                        .isInstanceOf(SQLException.class)
                        .extracting(failure -> ((SQLException) failure).getSQLState())
                        .isEqualTo("42000");
            }
            try (ResultSet rows = statement.executeQuery(query)) {
                assertThat(rows.next()).isFalse();
            }
        }
    }

    @Test
    void maxRowsEndsTheResult() throws SQLException {
        run("CREATE TABLE t (x BIGINT)");
        run("INSERT INTO t VALUES (1), (2), (3)");
        try (Statement statement = connection.createStatement()) {
            statement.setMaxRows(2);
            assertThat(statement.getMaxRows()).isEqualTo(2);
            assertThat(count(statement.executeQuery("SELECT x FROM t"))).isEqualTo(2);
            statement.setMaxRows(0);
            assertThat(count(statement.executeQuery("SELECT x FROM t"))).isEqualTo(3);
            assertThatThrownBy(() -> statement.setMaxRows(-1)).isInstanceOf(SQLException.class);
        }
        try (PreparedStatement select = connection.prepareStatement("SELECT x FROM t")) {
            select.setMaxRows(2);
            assertThat(count(select.executeQuery())).isEqualTo(2);
        }
    }

    @Test
    void rowsComeInManyFramesToo() throws SQLException {
        run("CREATE TABLE many (x BIGINT, s SYMBOL)");
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO many VALUES (?, ?)")) {
            for (int i = 0; i < 20_000; i++) {
                insert.setLong(1, i);
                insert.setString(2, "S" + i % 7);
                insert.addBatch();
            }
            assertThat(insert.executeBatch()).hasSize(20_000).containsOnly(1);
        }
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(777);
            try (ResultSet rows = statement.executeQuery("SELECT x, s FROM many ORDER BY x")) {
                for (int i = 0; i < 20_000; i++) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getLong(1)).isEqualTo(i);
                    assertThat(rows.getString(2)).isEqualTo("S" + i % 7);
                }
                assertThat(rows.next()).isFalse();
            }
        }
    }

    static int count(ResultSet rows) throws SQLException {
        int count = 0;
        try (rows) {
            while (rows.next()) {
                count++;
            }
        }
        return count;
    }
}
