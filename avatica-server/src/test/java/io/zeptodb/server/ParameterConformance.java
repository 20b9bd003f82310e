package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.zeptodb.jdbc.append.Appender;
import io.zeptodb.jdbc.append.AppendingConnection;
import java.io.ByteArrayInputStream;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What becomes of values at the borders of their types, and of dates and times through calendars. */
abstract class ParameterConformance extends EscapeConformance {
    @FunctionalInterface
    private interface Setter {
        void set(PreparedStatement statement) throws SQLException;
    }

    static void refusedAs(String state, ThrowingCallable call) {
        SQLException refusal = catchThrowableOfType(SQLException.class, call);
        assertThat((Object) refusal).as("must be refused with %s", state).isNotNull();
        assertThat(refusal.getSQLState()).as("%s", refusal).isEqualTo(state);
    }

    private void valueRefused(String state, String column, Setter setter) throws SQLException {
        run("CREATE TABLE one (x " + column + ")");
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO one VALUES (?)")) {
            refusedAs(state, () -> {
                setter.set(insert);
                insert.executeUpdate();
            });
            refusedAs(state, () -> {
                setter.set(insert);
                insert.addBatch();
                insert.executeBatch();
            });
        }
        assertThat(BatchConformance.answer(connection, "SELECT * FROM one")).isEmpty();
        run("DROP TABLE one");
    }

    @Test
    void aNumberThatIsTooGreatForItsFloatingTypeIsRefusedAndNeverInfinite() throws SQLException {
        valueRefused("22003", "REAL", insert -> insert.setObject(1, 1e300, Types.REAL));
        valueRefused("22003", "REAL", insert -> insert.setObject(1, "-1e300", Types.REAL));
        valueRefused("22003", "DOUBLE", insert -> insert.setObject(1, new BigDecimal("1e400"), Types.DOUBLE));
        valueRefused("22003", "DOUBLE", insert -> insert.setObject(1, new BigDecimal("-1e400"), Types.FLOAT));
        valueRefused("22003", "DOUBLE", insert -> insert.setObject(1, java.math.BigInteger.TEN.pow(400), Types.DOUBLE));
        try (PreparedStatement select = connection.prepareStatement("SELECT CAST(? AS REAL)")) {
            select.setObject(1, Double.POSITIVE_INFINITY, Types.REAL);
            try (ResultSet rows = select.executeQuery()) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getFloat(1)).isEqualTo(Float.POSITIVE_INFINITY);
            }
        }
    }

    @Test
    void aDateThatNoDateHoldsIsOutOfRangeWhereverItIsGiven() throws SQLException {
        valueRefused("22008", "DATE", insert -> insert.setObject(1, LocalDate.MAX));
        valueRefused("22008", "DATE", insert -> insert.setObject(1, LocalDate.MIN));
        valueRefused("22008", "DATE", insert -> insert.setDate(1, new Date(Long.MAX_VALUE)));
        try (PreparedStatement select =
                connection.prepareStatement("SELECT DATE '2024-01-01' + CAST(? AS INTERVAL MONTH)")) {
            refusedAs("22008", () -> {
                select.setObject(1, Period.ofMonths(Integer.MAX_VALUE).plusYears(1));
                select.executeQuery();
            });
        }
        run("CREATE TABLE one (x DATE)");
        try (Appender appender = connection.unwrap(AppendingConnection.class).appender("one")) {
            refusedAs("22008", () -> {
                appender.setObject(1, LocalDate.MAX).endRow();
                appender.flush();
            });
        }
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO one VALUES (?)");
                Statement statement = connection.createStatement()) {
            insert.setObject(1, LocalDate.of(10_000, 1, 1));
            insert.executeUpdate();
            assertThat(BatchConformance.answer(connection, "SELECT x FROM one WHERE x = CAST('10000-01-01' AS DATE)"))
                    .containsExactly("[10000-01-01]");
            refusedAs("22008", () -> statement.executeQuery("SELECT DATE '10000-01-01'"));
        }
    }

    @Test
    void aTextThatIsNoUnicodeIsRefusedAndNeverChanged() throws SQLException {
        String far = "x".repeat(1 << 20);
        for (String type : List.of("VARCHAR", "SYMBOL")) {
            for (String text :
                    List.of("\uD83D", "a\uD83Db", "\uDE00", "\uDE00\uD83D", "\u00e9\uD83D", far + "\uD83D")) {
                valueRefused("22021", type, insert -> insert.setString(1, text));
                valueRefused("22021", type, insert -> insert.setObject(1, text, Types.VARCHAR));
                valueRefused("22021", type, insert -> insert.setCharacterStream(1, new StringReader(text)));
            }
        }
        valueRefused("22021", "VARCHAR", insert -> insert.setObject(1, '\uD83D'));
        refusedAs("22021", () -> answeredOrThrown("SELECT CAST(? AS VARCHAR)", "\uD83D"));
        for (String sql : List.of(
                "SELECT 'a\uD83D'",
                "SELECT 1 AS \"a\uDE00\"",
                "CREATE TABLE \"x\uD83D\" (n BIGINT)",
                "CREATE TABLE x (\"a?\" INTEGER, \"a\uD83D\" INTEGER)")) {
            refusedAs("22021", () -> run(sql));
            refusedAs("22021", () -> connection.prepareStatement(sql).close());
        }
        String whole = "\uD83D\uDE00 \u00e9 \uFFFD";
        run("CREATE TABLE one (n BIGINT, x VARCHAR)");
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO one VALUES (?, ?)");
                Appender appender = connection.unwrap(AppendingConnection.class).appender("one")) {
            insert.setLong(1, 1);
            insert.setString(2, whole);
            insert.addBatch();
            insert.setString(2, "lost \uD83D");
            refusedAs("22021", insert::addBatch);
            insert.setString(2, "kept");
            insert.addBatch();
            insert.executeBatch();
            refusedAs("22021", () -> appender.setLong(1, 2).setString(2, "lost \uDE00"));
            appender.setLong(1, 2).setString(2, whole).endRow();
            appender.flush();
            assertThat(BatchConformance.answer(connection, "SELECT n, x FROM one ORDER BY n, x"))
                    .containsExactlyInAnyOrder("[1, " + whole + "]", "[1, kept]", "[2, " + whole + "]");
        }
        run("DROP TABLE one");
    }

    /** A type that is told is a CAST to it; as text a value is the same with a type and without, for that is a CAST too. */
    @Test
    void setObjectWithATypeIsACast() throws SQLException {
        LocalTime time = LocalTime.parse("10:11:12.5");
        LocalDateTime stamp = LocalDateTime.parse("2024-01-02T03:04:05.678");
        UUID id = new UUID(1, 0xFFL);
        Object[][] texts = {
            {new byte[] {1, 2}, "\\x0102"},
            {time, "10:11:12.5"},
            {LocalTime.NOON, "12:00:00"},
            {stamp, "2024-01-02 03:04:05.678"},
            {stamp.toInstant(ZoneOffset.UTC), "2024-01-02 03:04:05.678"},
            {stamp.atOffset(ZoneOffset.ofHours(1)), "2024-01-02 02:04:05.678"},
            {stamp.atZone(ZoneOffset.UTC), "2024-01-02 03:04:05.678"},
            {LocalDate.of(2024, 2, 29), "2024-02-29"},
            {1e10, null},
            {0.1f, "0.1"},
            {-0.0, null},
            {Double.NaN, null},
            {new BigDecimal("1E+2"), "100"},
            {BigInteger.TEN, "10"},
            {(short) 7, "7"},
            {true, "true"},
            {'c', "c"},
            {id, id.toString()},
            {new StringBuilder("b"), "b"},
            {Thread.State.NEW, "NEW"},
            {LocalDate.MAX, "22008"},
            {LocalDateTime.MAX, "22008"},
            {Instant.MAX, "22008"},
            {Optional.empty(), "07001"},
            {Year.of(2024), "07001"},
            {new AtomicInteger(1), "07001"},
            {List.of(1), "07001"},
            {Period.ofDays(2), "07001"},
        };
        for (Object[] text : texts) {
            String plain = answered("SELECT CAST(? AS VARCHAR)", text[0], Types.NULL);
            assertThat(answered("SELECT CAST(? AS VARCHAR)", text[0], Types.VARCHAR))
                    .as("%s", text[0])
                    .isEqualTo(plain);
            assertThat(text[1] == null ? plain : text[1]).as("%s", text[0]).isEqualTo(plain);
        }
        for (Object number : new Object[] {2.5, 3.5, 2.7, -2.5, 1.5f, new BigDecimal("2.5"), new BigDecimal("-2.5")}) {
            String cast = number instanceof BigDecimal ? number.toString() : number + "e0";
            assertThat(answered("SELECT CAST(? AS INTEGER)", number, Types.INTEGER))
                    .as("%s", number)
                    .isEqualTo(BatchConformance.answer(connection, "SELECT CAST(" + cast + " AS INTEGER)")
                            .toString()
                            .replaceAll("[\\[\\]]", ""));
            valueRefused("07001", "INTEGER", insert -> insert.setObject(1, number));
        }
        assertThat(stored(insert -> insert.setObject(1, id))).containsOnly("[000000000000000100000000000000ff]");
        assertThat(stored(insert -> insert.setObject(1, id, Types.BINARY)))
                .containsOnly("[000000000000000100000000000000ff]");
        assertThat(stored(insert -> insert.setObject(1, "\\x0aff", Types.VARBINARY)))
                .containsOnly("[0aff]");
    }

    /** What a VARBINARY has of it, as a single value and in a batch. */
    private List<String> stored(Setter setter) throws SQLException {
        run("CREATE TABLE one (x VARBINARY)");
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO one VALUES (?)");
                Statement statement = connection.createStatement()) {
            setter.set(insert);
            insert.executeUpdate();
            setter.set(insert);
            insert.addBatch();
            insert.executeBatch();
            List<String> stored = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery("SELECT x FROM one")) {
                while (rows.next()) {
                    stored.add("[" + HexFormat.of().formatHex(rows.getBytes(1)) + "]");
                }
            }
            assertThat(stored).hasSize(2);
            return stored;
        } finally {
            run("DROP TABLE one");
        }
    }

    private void answeredOrThrown(String sql, Object value) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setObject(1, value);
            select.executeQuery().close();
        }
    }

    private String answered(String sql, Object value, int sqlType) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            if (sqlType == Types.NULL) {
                select.setObject(1, value);
            } else {
                select.setObject(1, value, sqlType);
            }
            try (ResultSet rows = select.executeQuery()) {
                assertThat(rows.next()).isTrue();
                return rows.getString(1);
            }
        } catch (SQLException e) {
            return e.getSQLState();
        }
    }

    @Test
    void anIntervalIsAddedToTimesAndHasTheTextOfItsCast() throws SQLException {
        Duration day = Duration.ofHours(26);
        Duration before = Duration.ofNanos(-1);
        Period months = Period.ofMonths(14);
        Object[][] answers = {
            {"SELECT TIMESTAMP '2024-01-01 00:00:00' + ?", day, "2024-01-02 02:00:00"},
            {"SELECT TIMESTAMP '2024-01-01 00:00:00' + ?", before, "2023-12-31 23:59:59.999999999"},
            {"SELECT TIME '12:00:00' - ?", Duration.ofHours(1), "11:00:00"},
            {"SELECT DATE '2024-01-01' + CAST(? AS INTERVAL MONTH)", months, "2025-03-01 00:00:00"},
            {"SELECT DATE '2024-01-01' + ?", months, "22P02"},
            {"SELECT DATE '2024-01-01' + ?", day, "22P02"},
            {"SELECT INTERVAL '1' DAY + ?", day, "2 days 02:00:00"},
            {"SELECT CAST(? AS INTERVAL DAY)", before, "-00:00:00.000000001"},
            {"SELECT CAST(? AS INTERVAL DAY)", months, "22007"},
            {"SELECT CAST(? AS INTERVAL MONTH)", Period.ZERO, "0 mons"},
            {"SELECT CAST(? AS INTERVAL MONTH)", day, "22007"},
            {"SELECT CAST(? AS BIGINT)", day, "93600000000000"},
            {"SELECT CAST(? AS BIGINT)", months, "22P02"},
            {"SELECT CAST(? AS INTEGER)", months, "22P02"},
            {"SELECT CAST(? AS INTEGER)", day, "22P02"},
            {"SELECT CAST(? AS DECIMAL(20,2))", day, "22P02"},
            {"SELECT CAST(? AS DOUBLE)", day, "22P02"},
            {"SELECT CAST(? AS BOOLEAN)", day, "22P02"},
            {"SELECT CAST(? AS DATE)", day, "22007"},
            {"SELECT CAST(? AS TIME)", day, "22007"},
            {"SELECT CAST(? AS TIMESTAMP)", months, "22007"},
            {"SELECT CAST(? AS VARCHAR)", day, "1 day 02:00:00"},
            {"SELECT 'in ' || ?", months, "in 1 year 2 mons"},
            {"SELECT CAST(? AS VARCHAR)", Duration.ofSeconds(Long.MAX_VALUE), "22008"},
            {"SELECT CAST(? AS VARCHAR)", Period.ofDays(2), "07001"},
        };
        for (Object[] answer : answers) {
            String sql = (String) answer[0];
            assertThat(answered(sql, answer[1], Types.NULL)).as(sql + answer[1]).isEqualTo(answer[2]);
            assertThat(answered(sql, answer[1], Types.OTHER))
                    .as(sql + answer[1])
                    .isEqualTo(answer[2]);
        }
        assertThat(answered("SELECT CAST(? AS VARCHAR)", day, Types.VARCHAR)).isEqualTo("1 day 02:00:00");
        assertThat(answered("SELECT CAST(? AS VARCHAR)", day, Types.BIGINT)).isEqualTo("93600000000000");
        assertThat(answered("SELECT CAST(? AS VARCHAR)", day, Types.INTEGER)).isEqualTo("22P02");
        assertThat(answered("SELECT CAST(? AS VARCHAR)", months, Types.TIMESTAMP))
                .isEqualTo("22007");
    }

    @Test
    void intervalsOfABatchAreThoseOfSingleValues() throws SQLException {
        run("CREATE TABLE spans (n BIGINT, t VARCHAR)");
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO spans VALUES (?, ?)");
                Appender appender = connection.unwrap(AppendingConnection.class).appender("spans")) {
            for (Object span : List.of(Duration.ofNanos(7), 8L)) {
                insert.setObject(1, span);
                insert.setObject(2, Duration.ofHours(25));
                insert.addBatch();
                appender.setObject(1, span).setObject(2, Period.ofYears(1)).endRow();
            }
            insert.executeBatch();
            appender.flush();
            assertThat(BatchConformance.answer(connection, "SELECT n, t FROM spans ORDER BY n, t"))
                    .containsExactly("[7, 1 day 01:00:00]", "[7, 1 year]", "[8, 1 day 01:00:00]", "[8, 1 year]");
            insert.setObject(1, Period.ofMonths(1));
            insert.addBatch();
            refusedAs("22P02", insert::executeBatch);
        } finally {
            run("DROP TABLE spans");
        }
    }

    @Test
    void aWrongValueHasTheStateOfItsCast() throws SQLException {
        valueRefused("22007", "DATE", insert -> insert.setString(1, "nope"));
        valueRefused("22007", "TIMESTAMP_NS", insert -> insert.setString(1, "2024-13-01"));
        valueRefused("22003", "TINYINT", insert -> insert.setInt(1, 300));
        valueRefused("22003", "INTEGER", insert -> insert.setLong(1, 1L << 40));
        valueRefused("22P02", "INTEGER", insert -> insert.setString(1, "nope"));
        valueRefused("22003", "DECIMAL(4,2)", insert -> insert.setBigDecimal(1, new BigDecimal("1000")));
        valueRefused("22008", "TIMESTAMP_NS", insert -> insert.setObject(1, LocalDateTime.of(3000, 1, 1, 0, 0)));
        valueRefused("07001", "INTEGER", insert -> insert.setObject(1, List.of(1)));
    }

    @Test
    void aStreamHasTheLengthThatIsToldOfIt() throws SQLException, IOException {
        try (PreparedStatement select = connection.prepareStatement("SELECT CAST(? AS VARCHAR)")) {
            refusedAs("22023", () -> select.setClob(1, new StringReader("short"), 10));
            refusedAs("22023", () -> select.setClob(1, new StringReader("short"), -1));
            refusedAs("22023", () -> select.setBinaryStream(1, new ByteArrayInputStream(new byte[3]), 4));
            refusedAs("22023", () -> select.setAsciiStream(1, new ByteArrayInputStream(new byte[3]), -1L));
            try (Reader longer = new StringReader("longer")) {
                Reader kept = new FilterReader(longer) {
                    @Override
                    public void close() {}
                };
                select.setCharacterStream(1, kept, 4);
                assertThat(longer.read()).isEqualTo('e');
            }
            try (ResultSet rows = select.executeQuery()) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo("long");
            }
        }
    }

    @Test
    void objectsCanBeSetAsLargeObjectsAndATypeMustBeGiven() throws SQLException {
        Clob clob = connection.createClob();
        clob.setString(1, "text");
        Blob blob = connection.createBlob();
        blob.setBytes(1, new byte[] {1, 2});
        try (PreparedStatement select =
                connection.prepareStatement("SELECT CAST(? AS VARCHAR), CAST(? AS VARBINARY)")) {
            assertThat(select.isPoolable()).isTrue();
            select.setObject(1, clob, Types.CLOB);
            select.setObject(2, blob, Types.BLOB);
            try (ResultSet rows = select.executeQuery()) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo("text");
                assertThat(rows.getBytes(2)).containsExactly(1, 2);
            }
            select.setObject(1, "words", Types.NCLOB);
            select.setObject(2, new byte[] {3}, Types.BLOB);
            try (ResultSet rows = select.executeQuery()) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo("words");
                assertThat(rows.getBytes(2)).containsExactly(3);
            }
            assertThat((Object) catchThrowableOfType(
                            SQLException.class, () -> select.setObject(1, 1, (java.sql.SQLType) null)))
                    .isNotNull();
        }
    }

    // ---- calendars

    private void roundTrips(List<Calendar> calendars) throws SQLException {
        run("CREATE TABLE days (d DATE, t TIMESTAMP_NS)");
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO days VALUES (?, ?)")) {
            for (Calendar calendar : calendars) {
                for (int[] day : new int[][] {
                    {1500, 2, 28}, {1582, 10, 4}, {1582, 10, 15}, {1880, 5, 5}, {1890, 1, 1}, {1893, 4, 1}, {2024, 7, 1}
                }) {
                    Calendar at = calendar == null ? new GregorianCalendar() : (Calendar) calendar.clone();
                    at.clear();
                    at.set(day[0], day[1] - 1, day[2]);
                    Date date = new Date(at.getTimeInMillis());
                    at.set(Calendar.HOUR_OF_DAY, 12);
                    Timestamp noon = new Timestamp(at.getTimeInMillis());
                    noon.setNanos(123_456_789);
                    boolean timestamp = day[0] > 1677;
                    insert.setDate(1, date, calendar);
                    insert.setTimestamp(2, timestamp ? noon : null, calendar);
                    insert.executeUpdate();
                    String written = String.format(Locale.ROOT, "%04d-%02d-%02d", day[0], day[1], day[2]);
                    String zone = calendar == null
                            ? "default"
                            : calendar.getTimeZone().getID();
                    try (Statement statement = connection.createStatement();
                            ResultSet rows = statement.executeQuery("SELECT d, t FROM days")) {
                        assertThat(rows.next()).isTrue();
                        assertThat(rows.getString(1)).as(zone).isEqualTo(written);
                        assertThat(rows.getString(2))
                                .as(zone)
                                .isEqualTo(timestamp ? written + " 12:00:00.123456789" : null);
                        assertThat(rows.getDate(1, calendar)).as(zone + written).isEqualTo(date);
                        assertThat(rows.getTimestamp(2, calendar))
                                .as(zone + written)
                                .isEqualTo(timestamp ? noon : null);
                    }
                    run("DELETE FROM days");
                }
            }
        }
        run("DROP TABLE days");
    }

    @Test
    void datesAndTimesComeBackThroughTheCalendarThatStoredThem() throws SQLException {
        TimeZone before = TimeZone.getDefault();
        try {
            for (String home : new String[] {"Europe/Berlin", "UTC", "America/New_York"}) {
                TimeZone.setDefault(TimeZone.getTimeZone(home));
                List<Calendar> calendars = new java.util.ArrayList<>();
                calendars.add(null);
                for (String zone : new String[] {"Europe/Berlin", "UTC", "America/New_York"}) {
                    calendars.add(new GregorianCalendar(TimeZone.getTimeZone(zone)));
                }
                roundTrips(calendars);
            }
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @Test
    void theHourThatAClockShowsTwiceIsReadAsJdbcsOwnClassesReadIt() throws SQLException {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
        try (PreparedStatement select = connection.prepareStatement("SELECT CAST(? AS TIMESTAMP_NS)")) {
            Timestamp twice = Timestamp.valueOf("2024-10-27 02:30:00.5");
            for (Calendar calendar : new Calendar[] {null, new GregorianCalendar()}) {
                select.setTimestamp(1, twice, calendar);
                try (ResultSet rows = select.executeQuery()) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getTimestamp(1, calendar)).isEqualTo(twice);
                }
            }
        } finally {
            TimeZone.setDefault(before);
        }
    }
}
