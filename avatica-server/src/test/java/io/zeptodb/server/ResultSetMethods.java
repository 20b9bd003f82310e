package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;

/** Calls every method of ResultSet and ResultSetMetaData. */
abstract class ResultSetMethods extends ValueMethods {
    private static final Set<String> WRITING = Set.of(
            "insertRow",
            "deleteRow",
            "refreshRow",
            "cancelRowUpdates",
            "moveToInsertRow",
            "moveToCurrentRow",
            "getCursorName",
            "getRowId");
    /** What a closed result set still answers. */
    private static final Set<String> ANSWERED_WHEN_CLOSED = Set.of("close", "isClosed", "unwrap", "isWrapperFor");

    @Test
    void everyMethodOfAResultSetDoesWhatItSays() throws SQLException, IOException {
        RecordedCalls calls = new RecordedCalls();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows = calls.of(
                    ResultSet.class,
                    statement.executeQuery(
                            "SELECT *, ARRAY[1, 2] AS a FROM every ORDER BY id FETCH FIRST 2 ROWS ONLY"))) {
                numbers(rows);
                texts(rows);
                times(rows);
                objects(rows);
                RecordedCalls.assertRefused(
                        ResultSet.class, rows, name -> name.startsWith("update") || WRITING.contains(name), "0A000");
                assertThat(rows.rowUpdated() || rows.rowInserted() || rows.rowDeleted())
                        .isFalse();
                settings(rows, statement);
                assertThat(rows.next()).isTrue();
                assertThat(rows.getObject("v")).isNull();
                assertThat(rows.wasNull()).isTrue();
                assertThat(rows.getLong("id")).isEqualTo(2);
                assertThat(rows.wasNull()).isFalse();
                assertThat(rows.next()).isFalse();
            }
        }
        moves(calls);
        closedOnes(calls);
        calls.assertComplete(ResultSet.class);
    }

    private static void numbers(ResultSet row) throws SQLException {
        assertThat(row.isBeforeFirst()).isTrue();
        assertThat(row.next()).isTrue();
        assertThat(row.getBoolean(row.findColumn("b"))).isTrue();
        assertThat(row.getBoolean("b")).isTrue();
        assertThat(row.getByte(3)).isEqualTo((byte) -5);
        assertThat(row.getByte("t")).isEqualTo((byte) -5);
        assertThat(row.getShort(4)).isEqualTo((short) 300);
        assertThat(row.getShort("s")).isEqualTo((short) 300);
        assertThat(row.getInt(5)).isEqualTo(70_000);
        assertThat(row.getInt("i")).isEqualTo(70_000);
        assertThat(row.getLong(6)).isEqualTo(1L << 53 | 1);
        assertThat(row.getLong("l")).isEqualTo(1L << 53 | 1);
        assertThat(row.getFloat(7)).isEqualTo(1.25f);
        assertThat(row.getFloat("r")).isEqualTo(1.25f);
        assertThat(row.getDouble(8)).isEqualTo(0.1);
        assertThat(row.getDouble("d")).isEqualTo(0.1);
        BigDecimal exact = new BigDecimal("1234567890123456.7891");
        assertThat(row.getBigDecimal(9)).isEqualTo(exact);
        assertThat(row.getBigDecimal("n")).isEqualTo(exact);
    }

    @SuppressWarnings("deprecation") // they are methods of the interface
    private static void texts(ResultSet row) throws SQLException, IOException {
        String text = "naïve €";
        assertThat(row.getString(10)).isEqualTo(text);
        assertThat(row.getString("v")).isEqualTo(text);
        assertThat(row.getNString(10)).isEqualTo(text);
        assertThat(row.getNString("v")).isEqualTo(text);
        assertThat(row.getBigDecimal(9, 1)).isEqualTo(new BigDecimal("1234567890123456.8"));
        assertThat(row.getBigDecimal("n", 1)).isEqualTo(new BigDecimal("1234567890123456.8"));
        for (Reader reader : new Reader[] {
            row.getCharacterStream(10),
            row.getCharacterStream("v"),
            row.getNCharacterStream(10),
            row.getNCharacterStream("v")
        }) {
            StringWriter read = new StringWriter();
            reader.transferTo(read);
            assertThat(read.toString()).isEqualTo(text);
        }
        for (InputStream stream : new InputStream[] {row.getUnicodeStream(10), row.getUnicodeStream("v")}) {
            assertThat(new String(stream.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(text);
        }
        for (InputStream stream : new InputStream[] {row.getAsciiStream(11), row.getAsciiStream("sym")}) {
            assertThat(stream.readAllBytes()).isEqualTo("AAPL".getBytes(StandardCharsets.US_ASCII));
        }
        for (InputStream stream : new InputStream[] {row.getBinaryStream(12), row.getBinaryStream("bin")}) {
            assertThat(stream.readAllBytes()).containsExactly(0, 1, -1);
        }
        assertThat(row.getBytes(12)).containsExactly(0, 1, -1);
        assertThat(row.getBytes("bin")).containsExactly(0, 1, -1);
    }

    private static void times(ResultSet row) throws SQLException {
        Calendar utc = new GregorianCalendar(TimeZone.getTimeZone("UTC"));
        long dateUtc = DATE.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
        assertThat(row.getDate(13)).isEqualTo(Date.valueOf(DATE));
        assertThat(row.getDate("dt")).isEqualTo(Date.valueOf(DATE));
        assertThat(row.getDate(13, utc).getTime()).isEqualTo(dateUtc);
        assertThat(row.getDate("dt", utc).getTime()).isEqualTo(dateUtc);
        LocalTime millis = TIME.withNano(123_000_000);
        assertThat(row.getTime(14).toLocalTime()).isEqualTo(millis.withNano(0));
        assertThat(row.getTime("tm").toLocalTime()).isEqualTo(millis.withNano(0));
        assertThat(row.getTime(14, utc).getTime()).isEqualTo(millis.toNanoOfDay() / 1_000_000);
        assertThat(row.getTime("tm", utc).getTime()).isEqualTo(millis.toNanoOfDay() / 1_000_000);
        assertThat(row.getTimestamp(15)).isEqualTo(Timestamp.valueOf(EXACT));
        assertThat(row.getTimestamp("ts")).isEqualTo(Timestamp.valueOf(EXACT));
        assertThat(row.getTimestamp(15, utc).toInstant()).isEqualTo(EXACT.toInstant(ZoneOffset.UTC));
        assertThat(row.getTimestamp("ts", utc).toInstant()).isEqualTo(EXACT.toInstant(ZoneOffset.UTC));
        assertThat(row.getObject(14)).isInstanceOf(Time.class);
    }

    private static void objects(ResultSet row) throws SQLException, IOException {
        assertThat(row.getObject(6)).isEqualTo(1L << 53 | 1);
        assertThat(row.getObject("s")).isEqualTo(300);
        assertThat(row.getObject("t")).isEqualTo(-5);
        assertThat(row.getObject(15, java.time.LocalDateTime.class)).isEqualTo(EXACT);
        assertThat(row.getObject("tm", LocalTime.class)).isEqualTo(TIME);
        assertThat(row.getObject(11, Map.of())).isEqualTo("AAPL");
        assertThat(row.getObject("sym", Map.of())).isEqualTo("AAPL");
        assertThat((Object[]) row.getArray(16).getArray()).containsExactly(1, 2);
        assertThat((Object[]) row.getArray("a").getArray()).containsExactly(1, 2);
        assertThat(row.getBlob(12).getBytes(1, 3)).containsExactly(0, 1, -1);
        assertThat(row.getBlob("bin").length()).isEqualTo(3);
        assertThat(row.getClob(10).getSubString(1, 5)).isEqualTo("naïve");
        assertThat(row.getClob("v").length()).isEqualTo(7);
        assertThat(row.getNClob(10).getSubString(7, 1)).isEqualTo("€");
        assertThat(row.getNClob("v").length()).isEqualTo(7);
        RecordedCalls.assertRefused(ResultSet.class, row, Set.of("getRef", "getURL", "getSQLXML")::contains, "07006");
    }

    private static void settings(ResultSet rows, Statement statement) throws SQLException {
        assertThat(rows.getType()).isEqualTo(ResultSet.TYPE_FORWARD_ONLY);
        assertThat(rows.getConcurrency()).isEqualTo(ResultSet.CONCUR_READ_ONLY);
        assertThat(rows.getHoldability()).isEqualTo(ResultSet.HOLD_CURSORS_OVER_COMMIT);
        assertThat(rows.getStatement()).isSameAs(statement);
        rows.setFetchSize(7);
        assertThat(rows.getFetchSize()).isEqualTo(7);
        rows.setFetchDirection(ResultSet.FETCH_FORWARD);
        assertThat(rows.getFetchDirection()).isEqualTo(ResultSet.FETCH_FORWARD);
        assertThat((Object) rows.getWarnings()).isNull();
        rows.clearWarnings();
        assertThat(rows.isWrapperFor(ResultSet.class)).isTrue();
        assertThat(rows.unwrap(ResultSet.class)).isInstanceOf(ResultSet.class);
        assertThat(rows.getMetaData().getColumnCount()).isEqualTo(16);
        assertThat(rows.getRow()).isEqualTo(1);
        assertThat(rows.isFirst()).isTrue();
        assertThat(rows.isClosed()).isFalse();
    }

    /** All of them: {@link ScrollConformance} goes further. */
    private void moves(RecordedCalls calls) throws SQLException {
        try (Statement statement =
                        connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY);
                ResultSet rows =
                        calls.of(ResultSet.class, statement.executeQuery("SELECT id FROM every ORDER BY id"))) {
            assertThat(rows.last()).isTrue();
            assertThat(rows.isLast()).isTrue();
            assertThat(rows.previous()).isTrue();
            assertThat(rows.getLong(1)).isEqualTo(1);
            assertThat(rows.absolute(2)).isTrue();
            assertThat(rows.relative(-1)).isTrue();
            rows.afterLast();
            assertThat(rows.isAfterLast()).isTrue();
            rows.beforeFirst();
            assertThat(rows.isBeforeFirst()).isTrue();
            assertThat(rows.first()).isTrue();
            assertThat(rows.getRow()).isEqualTo(1);
        }
    }

    private void closedOnes(RecordedCalls calls) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            ResultSet rows = calls.of(ResultSet.class, full(statement));
            rows.close();
            assertThat(rows.isClosed()).isTrue();
            rows.close();
            RecordedCalls.assertRefused(ResultSet.class, rows, name -> !ANSWERED_WHEN_CLOSED.contains(name), "24000");
            assertThat(rows.isWrapperFor(Thread.class)).isFalse();
            assertThatThrownBy(() -> rows.unwrap(Thread.class)).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void everyMethodOfResultSetMetaDataDoesWhatItSays() throws SQLException {
        RecordedCalls calls = new RecordedCalls();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT n AS amount, v, id + 1 AS next FROM every")) {
            ResultSetMetaData columns = calls.of(ResultSetMetaData.class, rows.getMetaData());
            assertThat(columns.getColumnCount()).isEqualTo(3);
            assertThat(columns.getColumnLabel(1)).isEqualTo("amount");
            assertThat(columns.getColumnName(1)).isEqualTo("n");
            assertThat(columns.getTableName(1)).isEqualTo("every");
            assertThat(columns.getTableName(3)).isEmpty();
            assertThat(columns.getSchemaName(1)).isEqualTo("main");
            assertThat(columns.getCatalogName(1)).isEqualTo("zepto");
            assertThat(columns.getColumnType(1)).isEqualTo(Types.DECIMAL);
            assertThat(columns.getColumnTypeName(2)).isEqualTo("VARCHAR");
            assertThat(columns.getColumnClassName(1)).isEqualTo("java.math.BigDecimal");
            assertThat(columns.getPrecision(1)).isEqualTo(20);
            assertThat(columns.getScale(1)).isEqualTo(4);
            assertThat(columns.getColumnDisplaySize(1)).isEqualTo(22);
            assertThat(columns.isSigned(1)).isTrue();
            assertThat(columns.isSigned(2)).isFalse();
            assertThat(columns.isCaseSensitive(2)).isTrue();
            assertThat(columns.isCaseSensitive(1)).isFalse();
            assertThat(columns.isNullable(1)).isEqualTo(ResultSetMetaData.columnNullable);
            assertThat(columns.isAutoIncrement(1)).isFalse();
            assertThat(columns.isSearchable(1)).isTrue();
            assertThat(columns.isCurrency(1)).isFalse();
            assertThat(columns.isReadOnly(3)).isTrue();
            assertThat(columns.isWritable(1)).isTrue();
            assertThat(columns.isDefinitelyWritable(1)).isFalse();
            assertThat(columns.isWrapperFor(ResultSetMetaData.class)).isTrue();
            assertThat(columns.unwrap(ResultSetMetaData.class)).isNotNull();
            assertThatThrownBy(() -> columns.unwrap(Thread.class)).isInstanceOf(SQLException.class);
            calls.assertComplete(ResultSetMetaData.class);
        }
    }
}
