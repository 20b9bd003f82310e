package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One database, seen in the process, through our driver, and through Avatica's own over protobuf and JSON. */
class SameAnswersTest {
    private static final String URL = "jdbc:zepto:mem:answers";
    private static final LocalDateTime BEFORE_1970 = LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_999_999);

    private static Connection inProcess;
    private static Connection remote;
    private static ZeptoServer server;

    @BeforeAll
    static void fill() throws SQLException, IOException {
        inProcess = DriverManager.getConnection(URL);
        try (Statement statement = inProcess.createStatement()) {
            statement.execute(
                    "CREATE TABLE v (id BIGINT, b BOOLEAN, t TINYINT, s SMALLINT, i INTEGER, l BIGINT, r REAL,"
                            + " d DOUBLE, n DECIMAL(38,6), v VARCHAR, sym SYMBOL, bin VARBINARY, dt DATE, tm TIME,"
                            + " ts TIMESTAMP_NS) PARTITION BY NONE");
        }
        try (PreparedStatement insert =
                inProcess.prepareStatement("INSERT INTO v VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            add(
                    insert,
                    1,
                    true,
                    (byte) 1,
                    (short) 2,
                    3,
                    4L,
                    1.5f,
                    0.1,
                    new BigDecimal("1.25"),
                    "text",
                    "AAPL",
                    new byte[] {1, 2},
                    LocalDate.of(2024, 2, 29),
                    LocalTime.of(12, 34, 56, 789_000_000),
                    LocalDateTime.of(2024, 8, 9, 0, 5, 4, 525_000_000));
            add(
                    insert,
                    2,
                    false,
                    Byte.MIN_VALUE,
                    Short.MIN_VALUE,
                    Integer.MIN_VALUE,
                    Long.MIN_VALUE,
                    Float.MIN_VALUE,
                    Double.MAX_VALUE,
                    new BigDecimal("-99999999999999999999999999999999.999999"),
                    "",
                    "",
                    new byte[0],
                    LocalDate.of(1600, 1, 1),
                    LocalTime.MIDNIGHT,
                    LocalDateTime.of(1900, 1, 1, 0, 0));
            add(
                    insert,
                    3,
                    true,
                    Byte.MAX_VALUE,
                    Short.MAX_VALUE,
                    Integer.MAX_VALUE,
                    Long.MAX_VALUE,
                    -0.0f,
                    -0.0,
                    new BigDecimal("99999999999999999999999999999999.999999"),
                    "naïve \ud83d\ude00 'quoted' \\ \n",
                    "€",
                    new byte[] {-1, 0, 127},
                    LocalDate.of(2262, 4, 11),
                    LocalTime.of(23, 59, 59, 999_000_000),
                    BEFORE_1970);
            add(insert, 4, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
            insert.executeBatch();
        }
        server = ZeptoServer.builder().url(URL).port(0).start();
        remote = DriverManager.getConnection(server.jdbcUrl());
    }

    private static void add(PreparedStatement insert, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            insert.setObject(i + 1, values[i]);
        }
        insert.addBatch();
    }

    @AfterAll
    static void end() throws SQLException, IOException {
        remote.close();
        server.close();
        inProcess.close();
    }

    private static Connection stock(String serialization) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:avatica:remote:url=http://localhost:" + server.port() + "/;serialization=" + serialization);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM v ORDER BY id",
                "SELECT sym, count(*) AS n, sum(i) AS total, avg(d) AS mean, min(ts), max(dt) FROM v GROUP BY sym"
                        + " ORDER BY sym",
                "SELECT CAST('NaN' AS DOUBLE) AS nan, CAST('Infinity' AS DOUBLE) AS inf, 1 / 3.0 AS third",
                "SELECT NULL AS nothing, TIMESTAMP '2024-01-01 00:00:00.000000001' + INTERVAL '1' DAY AS later",
                "SELECT id, ts, row_number() OVER (ORDER BY id DESC) AS place FROM v ORDER BY id",
            })
    void ourDriverGivesTheSameOverTheNetwork(String sql) throws SQLException {
        assertThat(exact(remote, sql)).isEqualTo(exact(inProcess, sql));
    }

    @ParameterizedTest
    @ValueSource(strings = {"protobuf", "json"})
    void avaticasDriverGivesTheSameWithTimesInMilliseconds(String serialization) throws SQLException {
        String sql = "SELECT * FROM v ORDER BY id";
        try (Connection stock = stock(serialization)) {
            assertThat(inMillis(stock, sql)).isEqualTo(inMillis(inProcess, sql));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"protobuf", "json"})
    void avaticasDriverWritesAndPrepares(String serialization) throws SQLException {
        String table = "w_" + serialization;
        try (Connection stock = stock(serialization);
                Statement statement = stock.createStatement()) {
            assertThat(statement.execute("CREATE TABLE " + table + " (x BIGINT, v VARCHAR, ts TIMESTAMP_NS, d DOUBLE)"))
                    .isFalse();
            try (PreparedStatement insert = stock.prepareStatement("INSERT INTO " + table + " VALUES (?, ?, ?, ?)")) {
                insert.setLong(1, 7);
                insert.setString(2, "seven");
                insert.setTimestamp(3, Timestamp.valueOf("2024-08-09 00:05:04.525"));
                insert.setDouble(4, 2);
                assertThat(insert.executeUpdate()).isEqualTo(1);
                insert.setLong(1, 8);
                insert.setNull(2, java.sql.Types.VARCHAR);
                insert.addBatch();
                insert.setLong(1, 9);
                insert.addBatch();
                assertThat(insert.executeBatch()).containsExactly(1, 1);
            }
            try (PreparedStatement select =
                    stock.prepareStatement("SELECT * FROM " + table + " WHERE x >= ? ORDER BY x")) {
                select.setLong(1, 7);
                try (ResultSet rows = select.executeQuery()) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getLong("x")).isEqualTo(7);
                    assertThat(rows.getString("v")).isEqualTo("seven");
                    assertThat(rows.getTimestamp("ts")).isEqualTo(Timestamp.valueOf("2024-08-09 00:05:04.525"));
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getString("v")).isNull();
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.next()).isFalse();
                }
            }
            assertThatThrownBy(() -> statement.executeQuery("SELECT * FROM nowhere"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("nowhere")
                    .extracting(failure -> ((SQLException) failure).getSQLState())
                    .isEqualTo("42P01");
        }
        assertThat(exact(inProcess, "SELECT count(*) FROM " + table)).containsExactly(List.of("3"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"protobuf", "json"})
    void avaticasDriverSeesTheTables(String serialization) throws SQLException {
        try (Connection stock = stock(serialization);
                ResultSet columns = stock.getMetaData().getColumns(null, null, "v", "ts")) {
            assertThat(columns.next()).isTrue();
            assertThat(columns.getString("COLUMN_NAME")).isEqualTo("ts");
            assertThat(columns.getInt("DATA_TYPE")).isEqualTo(java.sql.Types.TIMESTAMP);
            assertThat(columns.getInt("ORDINAL_POSITION")).isEqualTo(15);
            assertThat(columns.next()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"protobuf", "json"})
    void longResultsComeInFrames(String serialization) throws SQLException {
        String sql = "SELECT a.id * 1000 + b.id * 100 + c.id * 10 + d.id AS x FROM v a, v b, v c, v d ORDER BY 1";
        List<Long> expected = new ArrayList<>();
        try (Statement statement = inProcess.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                expected.add(rows.getLong(1));
            }
        }
        try (Connection stock = stock(serialization);
                Statement statement = stock.createStatement()) {
            statement.setFetchSize(50);
            List<Long> seen = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                    seen.add(rows.getLong(1));
                }
            }
            assertThat(seen).isEqualTo(expected).hasSize(256);
        }
    }

    /** Every value as text, which is exact, and the types. */
    private static List<List<String>> exact(Connection connection, String sql) throws SQLException {
        List<List<String>> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    row.add(result.getString(i));
                }
                rows.add(row);
            }
            return rows;
        }
    }

    /** Every value through the getter of its type, times as milliseconds. */
    private static List<List<Object>> inMillis(Connection connection, String sql) throws SQLException {
        List<List<Object>> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                List<Object> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(comparable(result.getObject(i)));
                }
                rows.add(row);
            }
            return rows;
        }
    }

    private static Object comparable(Object value) {
        if (value instanceof Timestamp timestamp) {
            return timestamp.getTime();
        }
        if (value instanceof byte[] bytes) {
            return Arrays.toString(bytes);
        }
        if (value instanceof Byte || value instanceof Short) {
            return ((Number) value).intValue(); // Avatica has classes of its own for the small ones
        }
        if (value instanceof Float || value instanceof Double) {
            return ((Number) value).doubleValue() + 0.0; // JSON has one zero
        }
        return value instanceof BigDecimal exact ? exact.stripTrailingZeros() : value;
    }
}
