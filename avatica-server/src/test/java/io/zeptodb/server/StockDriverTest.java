package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.calcite.avatica.AvaticaClientRuntimeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What tools do that bring Avatica's own remote driver: batches, metadata, results of many frames. */
class StockDriverTest {
    private static final int ROWS = 25_000;
    private static final String URL = "jdbc:zepto:mem:stock";
    private static final String[] TYPES = {
        "BIGINT",
        "BOOLEAN",
        "TINYINT",
        "SMALLINT",
        "INTEGER",
        "REAL",
        "DOUBLE",
        "DECIMAL",
        "VARCHAR",
        "SYMBOL",
        "VARBINARY",
        "DATE",
        "TIME",
        "TIMESTAMP"
    };

    private static Connection inProcess;
    private static ZeptoServer server;

    @BeforeAll
    static void fill() throws SQLException, IOException {
        inProcess = DriverManager.getConnection(URL);
        run(inProcess, "CREATE TABLE digit (x BIGINT)");
        run(inProcess, "INSERT INTO digit VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)");
        run(
                inProcess,
                "CREATE TABLE many (id BIGINT, b BOOLEAN, t TINYINT, s SMALLINT, i INTEGER, r REAL, d DOUBLE,"
                        + " n DECIMAL(18,4), v VARCHAR, k SYMBOL, bin VARBINARY, dt DATE, tm TIME, ts TIMESTAMP_NS)"
                        + " PARTITION BY NONE");
        // each seventh row is NULL but for its number
        run(
                inProcess,
                "INSERT INTO many SELECT x, CASE WHEN p THEN mod(x, 2) = 0 END, CASE WHEN p THEN mod(x, 100) END,"
                        + " CASE WHEN p THEN mod(x, 30000) END, CASE WHEN p THEN -x END, CASE WHEN p THEN x / 4.0e0 END,"
                        + " CASE WHEN p THEN x / 10.0e0 END, CASE WHEN p THEN x / 16.0 END,"
                        + " CASE WHEN p THEN 'row ' || x || ' with € and \"quotes\"' END,"
                        + " CASE WHEN p THEN 'S' || mod(x, 50) END, CASE WHEN p THEN X'00ff10' END,"
                        + " CASE WHEN p THEN DATE '1960-01-01' + mod(x, 20000) * INTERVAL '1' DAY END,"
                        + " CASE WHEN p THEN CAST(TIMESTAMP '2000-01-01 00:00:00' + x * INTERVAL '1' SECOND AS TIME) END,"
                        + " CASE WHEN p THEN TIMESTAMP '1969-12-31 23:00:00.001' + x * INTERVAL '1' SECOND END"
                        + " FROM (SELECT x, mod(x, 7) <> 0 AS p FROM (SELECT a.x + 10 * b.x + 100 * c.x + 1000 * d.x"
                        + " + 10000 * e.x AS x FROM digit a, digit b, digit c, digit d, digit e) y WHERE x < " + ROWS
                        + ") z");
        server = ZeptoServer.builder().url(URL).port(0).start();
    }

    @AfterAll
    static void end() throws SQLException, IOException {
        server.close();
        inProcess.close();
    }

    private static Connection stock(String serialization) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:avatica:remote:url=http://localhost:" + server.port() + "/;serialization=" + serialization);
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void nestedValuesAreText() throws SQLException {
        for (String serialization : List.of("json", "protobuf")) {
            try (Connection connection = stock(serialization);
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT ARRAY[1, NULL] AS a, ROW(1, 'x') AS r")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString("a")).isEqualTo("[1, NULL]");
                assertThat(rows.getObject("r")).isEqualTo("{'f1': 1, 'f2': x}");
            }
        }
    }

    private static List<Object> row(ResultSet result) throws SQLException {
        List<Object> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
            row.add(comparable(result.getObject(i)));
        }
        return row;
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
            return ((Number) value).doubleValue();
        }
        return value instanceof BigDecimal exact ? exact.stripTrailingZeros() : value;
    }

    @ParameterizedTest
    @CsvSource({"protobuf, 0", "protobuf, 1000", "json, 0", "json, 7000"})
    void everyTypeOverManyFramesIsAsInTheProcess(String serialization, int fetchSize) throws SQLException {
        String sql = "SELECT * FROM many ORDER BY id";
        try (Connection stock = stock(serialization);
                Statement there = stock.createStatement();
                Statement here = inProcess.createStatement()) {
            there.setFetchSize(fetchSize);
            int rows = 0;
            try (ResultSet theirs = there.executeQuery(sql);
                    ResultSet ours = here.executeQuery(sql)) {
                for (int i = 1; i <= TYPES.length; i++) {
                    assertThat(theirs.getMetaData().getColumnTypeName(i)).startsWith(TYPES[i - 1]);
                }
                while (ours.next()) {
                    assertThat(theirs.next()).as("row " + rows).isTrue();
                    assertThat(row(theirs)).as("row " + rows).isEqualTo(row(ours));
                    rows++;
                }
                assertThat(theirs.next()).isFalse();
            }
            assertThat(rows).isEqualTo(ROWS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"protobuf", "json"})
    void aPreparedQueryOfManyFramesRunsTwiceAndMayBeLeftInTheMiddle(String serialization) throws SQLException {
        try (Connection stock = stock(serialization);
                PreparedStatement select = stock.prepareStatement("SELECT id, v FROM many WHERE id >= ? ORDER BY id")) {
            for (long from : new long[] {24_000, 5_000}) {
                select.setLong(1, from);
                try (ResultSet rows = select.executeQuery()) {
                    for (long id = from; id < ROWS; id++) {
                        assertThat(rows.next()).isTrue();
                        assertThat(rows.getLong(1)).isEqualTo(id);
                    }
                    assertThat(rows.next()).isFalse();
                }
            }
            select.setLong(1, 0);
            try (ResultSet rows = select.executeQuery()) {
                assertThat(rows.next()).isTrue();
            }
            select.setLong(1, 24_999);
            try (ResultSet rows = select.executeQuery()) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(2)).isEqualTo("row 24999 with € and \"quotes\"");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"protobuf", "json"})
    void batchesOfTextsAndOfParametersAreStored(String serialization) throws SQLException {
        String table = "batch_" + serialization;
        try (Connection stock = stock(serialization);
                Statement statement = stock.createStatement()) {
            statement.addBatch(
                    "CREATE TABLE " + table + " (x BIGINT, v VARCHAR, d DOUBLE, ts TIMESTAMP_NS, b BOOLEAN)");
            statement.addBatch("INSERT INTO " + table + " (x) VALUES (-1), (-2)");
            assertThat(statement.executeBatch()).containsExactly(0, 2);
            try (PreparedStatement insert =
                    stock.prepareStatement("INSERT INTO " + table + " VALUES (?, ?, ?, ?, ?)")) {
                for (int round = 0; round < 2; round++) {
                    for (int i = 0; i < 1_000; i++) {
                        insert.setLong(1, round * 1_000L + i);
                        insert.setString(2, i % 10 == 0 ? null : "text " + i);
                        insert.setDouble(3, i / 4.0);
                        insert.setTimestamp(4, new Timestamp(1_723_161_904_525L + i));
                        insert.setBoolean(5, i % 2 == 0);
                        insert.addBatch();
                    }
                    assertThat(insert.executeBatch()).hasSize(1_000).containsOnly(1);
                }
            }
            try (ResultSet rows = statement.executeQuery(
                    "SELECT count(*), count(v), sum(x), sum(d), max(ts), count(*) FILTER (WHERE b)" + " FROM " + table
                            + " WHERE x >= 0")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getLong(1)).isEqualTo(2_000);
                assertThat(rows.getLong(2)).isEqualTo(1_800);
                assertThat(rows.getLong(3)).isEqualTo(1_999_000);
                assertThat(rows.getDouble(4)).isEqualTo(249_750.0);
                assertThat(rows.getLong(6)).isEqualTo(1_000);
            }
        }
        try (Statement statement = inProcess.createStatement();
                ResultSet rows = statement.executeQuery("SELECT epoch_ms(max(ts)), epoch_ms(min(ts)) FROM " + table)) {
            assertThat(rows.next()).isTrue();
            long zone = java.util.TimeZone.getDefault().getOffset(1_723_161_904_525L);
            assertThat(rows.getLong(1)).isEqualTo(1_723_161_904_525L + 999 + zone);
            assertThat(rows.getLong(2)).isEqualTo(1_723_161_904_525L + zone);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"protobuf", "json"})
    void aBatchWithAMistakeFailsAndTheConnectionGoesOn(String serialization) throws SQLException {
        String table = "broken_" + serialization;
        try (Connection stock = stock(serialization);
                Statement statement = stock.createStatement()) {
            statement.execute("CREATE TABLE " + table + " (x INTEGER)");
            statement.addBatch("INSERT INTO " + table + " VALUES (1)");
            statement.addBatch("INSERT INTO nowhere VALUES (2)");
            // Avatica's driver hands on its own exception here, with our state in it
            assertThatThrownBy(statement::executeBatch)
                    .isInstanceOfSatisfying(
                            AvaticaClientRuntimeException.class,
                            e -> assertThat(e.getSqlState()).isEqualTo("42P01"))
                    .hasMessageContaining("nowhere");
            statement.clearBatch();
            try (PreparedStatement insert = stock.prepareStatement("INSERT INTO " + table + " VALUES (?)")) {
                insert.setInt(1, 5);
                insert.addBatch();
                insert.setString(1, "no number");
                insert.addBatch();
                assertThatThrownBy(insert::executeBatch).hasMessageContaining("no number");
            }
            try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table + " WHERE x = 5")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getLong(1))
                        .as("a batch of parameters is whole or not at all")
                        .isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"protobuf", "json"})
    void metadataIsAsInTheProcess(String serialization) throws SQLException {
        try (Connection stock = stock(serialization)) {
            DatabaseMetaData theirs = stock.getMetaData();
            DatabaseMetaData ours = inProcess.getMetaData();
            assertThat(all(theirs.getTables(null, null, "many", null))).hasSize(1);
            assertThat(all(theirs.getTables(null, null, "many", new String[] {"TABLE"})))
                    .hasSize(1);
            assertThat(all(theirs.getTables(null, null, "many", new String[] {"VIEW"})))
                    .isEmpty();
            assertThat(all(theirs.getTables(null, null, "d%", null)))
                    .isEqualTo(all(ours.getTables(null, null, "d%", null)));
            List<List<Object>> columns = all(theirs.getColumns(null, null, "many", null));
            assertThat(columns).hasSize(TYPES.length).isEqualTo(all(ours.getColumns(null, null, "many", null)));
            assertThat(all(theirs.getColumns("zepto", "main", "many", "t%"))).hasSize(3);
            assertThat(all(theirs.getSchemas()))
                    .isEqualTo(all(ours.getSchemas()))
                    .isNotEmpty();
            assertThat(all(theirs.getCatalogs()))
                    .isEqualTo(all(ours.getCatalogs()))
                    .isNotEmpty();
            assertThat(all(theirs.getTableTypes()))
                    .isEqualTo(all(ours.getTableTypes()))
                    .isNotEmpty();
            assertThat(all(theirs.getTypeInfo()))
                    .isEqualTo(all(ours.getTypeInfo()))
                    .isNotEmpty();
            assertThat(all(theirs.getPrimaryKeys(null, null, "many"))).isEmpty();
        }
    }

    private static List<List<Object>> all(ResultSet rows) throws SQLException {
        try (rows) {
            List<List<Object>> all = new ArrayList<>();
            while (rows.next()) {
                all.add(row(rows));
            }
            return all;
        }
    }
}
