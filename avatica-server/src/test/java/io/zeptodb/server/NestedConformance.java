package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.sql.Struct;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Arrays and rows through JDBC, the same in the process and over the network. */
abstract class NestedConformance extends MetaDataConformance {
    private interface Check {
        void on(ResultSet rows) throws SQLException;
    }

    private void query(String sql, Check check) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            check.on(rows);
        }
    }

    @Test
    void anArrayIsAnArray() throws SQLException {
        query(
                "SELECT ARRAY[1, NULL, 3] AS a, CAST(NULL AS INTEGER ARRAY) AS n, ARRAY['x', 'a text longer than a view'] AS t",
                rows -> {
                    Array array = rows.getArray(1);
                    assertThat(array.getBaseType()).isEqualTo(Types.INTEGER);
                    assertThat(array.getBaseTypeName()).isEqualTo("INTEGER");
                    assertThat((Object[]) array.getArray()).containsExactly(1, null, 3);
                    assertThat((Object[]) array.getArray(2, 5)).containsExactly(null, 3);
                    assertThat((Object[]) ((Array) rows.getObject("a")).getArray(Map.of()))
                            .hasSize(3);
                    assertThat(rows.getObject("a", Array.class).toString()).isEqualTo("[1, NULL, 3]");
                    assertThat(rows.getString("a")).isEqualTo("[1, NULL, 3]");
                    assertThat((Object) rows.getArray("n")).isNull();
                    assertThat(rows.wasNull()).isTrue();
                    assertThat(rows.getString("n")).isNull();
                    assertThat((Object[]) rows.getArray("t").getArray())
                            .containsExactly("x", "a text longer than a view");
                    assertThatThrownBy(() -> array.getArray(0, 1)).isInstanceOf(SQLException.class);
                    array.free();
                    assertThatThrownBy(array::getArray)
                            .isInstanceOf(SQLException.class)
                            .hasMessage("the array is closed");
                    assertThatThrownBy(array::getResultSet).hasMessage("the array is closed");
                });
    }

    @Test
    void theElementsOfAnArrayAreRows() throws SQLException {
        query(
                "SELECT ARRAY[1, NULL, 3] AS a, ARRAY[TIMESTAMP '2024-08-09 00:05:04.5'] AS ts,"
                        + " ARRAY[ARRAY['x', NULL], ARRAY['a text longer than a view']] AS n, ARRAY[ROW(1.5, ARRAY[2])] AS r",
                rows -> {
                    Array array = rows.getArray(1);
                    assertThat(elements(array.getResultSet())).containsExactly("1: 1", "2: null", "3: 3");
                    assertThat(elements(array.getResultSet(Map.of()))).hasSize(3);
                    assertThat(elements(array.getResultSet(2, 1))).containsExactly("2: null");
                    assertThat(elements(array.getResultSet(2, 9, Map.of()))).containsExactly("2: null", "3: 3");
                    assertThat(elements(array.getResultSet(4, 1))).isEmpty();
                    assertThatThrownBy(() -> array.getResultSet(0, 1)).isInstanceOf(SQLException.class);
                    try (ResultSet elements = array.getResultSet()) {
                        assertThat(elements.getMetaData().getColumnCount()).isEqualTo(2);
                        assertThat(elements.getMetaData().getColumnLabel(1)).isEqualTo("INDEX");
                        assertThat(elements.getMetaData().getColumnType(1)).isEqualTo(Types.INTEGER);
                        assertThat(elements.getMetaData().getColumnLabel(2)).isEqualTo("VALUE");
                        assertThat(elements.getMetaData().getColumnType(2)).isEqualTo(Types.INTEGER);
                        assertThat(elements.next()).isTrue();
                        assertThat(elements.getLong("index")).isEqualTo(1);
                        assertThat(elements.getInt("value")).isEqualTo(1);
                    }
                    try (ResultSet times = rows.getArray(2).getResultSet()) {
                        assertThat(times.next()).isTrue();
                        assertThat(times.getString(2)).isEqualTo("2024-08-09 00:05:04.5");
                    }
                    try (ResultSet arrays = rows.getArray(3).getResultSet()) {
                        assertThat(arrays.next()).isTrue();
                        assertThat(elements(arrays.getArray(2).getResultSet())).containsExactly("1: x", "2: null");
                        assertThat(arrays.next()).isTrue();
                        assertThat(elements(arrays.getArray(2).getResultSet()))
                                .containsExactly("1: a text longer than a view");
                    }
                    Struct row = (Struct) ((Object[]) rows.getArray(4).getArray())[0];
                    assertThat(elements(((Array) row.getAttributes()[1]).getResultSet()))
                            .containsExactly("1: 2");
                });
    }

    private static List<String> elements(ResultSet rows) throws SQLException {
        try (rows) {
            List<String> elements = new ArrayList<>();
            while (rows.next()) {
                elements.add(rows.getInt(1) + ": " + rows.getObject(2));
            }
            return elements;
        }
    }

    @Test
    void aRowIsAStruct() throws SQLException {
        query("SELECT ROW(1, 'a', 2.50, ARRAY[ROW(true, NULL)]) AS r", rows -> {
            Struct row = (Struct) rows.getObject(1);
            assertThat(row.getSQLTypeName())
                    .isEqualTo("ROW(f1 INTEGER, f2 VARCHAR, f3 DECIMAL(3,2), f4 ROW(f1 BOOLEAN, f2 VARCHAR) ARRAY)");
            Object[] fields = row.getAttributes();
            assertThat(fields).hasSize(4).startsWith(1, "a", new BigDecimal("2.50"));
            Object[] inner = (Object[]) ((Array) fields[3]).getArray();
            assertThat(((Struct) inner[0]).getAttributes()).containsExactly(true, null);
            assertThat(rows.getString("r"))
                    .isEqualTo("{'f1': 1, 'f2': a, 'f3': 2.50, 'f4': [{'f1': true, 'f2': NULL}]}");
            assertThat(rows.getObject(1, Struct.class).toString()).startsWith("{'f1'");
            assertThatThrownBy(() -> rows.getArray(1)).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> rows.getInt(1)).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> rows.getObject(1, Map.of("x", String.class)))
                    .isInstanceOf(SQLFeatureNotSupportedException.class);
        });
    }

    @Test
    void everyTypeLiesInsideANestedValue() throws SQLException {
        query(
                "SELECT ROW(CAST(1 AS TINYINT), CAST(2 AS SMALLINT), CAST(3 AS BIGINT), CAST(1.5 AS REAL), 2.5e0, X'00ff', DATE '2024-02-29',"
                        + " TIME '01:02:03', TIMESTAMP '2024-08-09 00:05:04.525430833', CAST(-12345678901234567890.12 AS DECIMAL(38,2)))",
                rows -> {
                    Object[] fields = ((Struct) rows.getObject(1)).getAttributes();
                    assertThat(fields[0]).isEqualTo(1);
                    assertThat(fields[1]).isEqualTo(2);
                    assertThat(fields[2]).isEqualTo(3L);
                    assertThat(fields[3]).isEqualTo(1.5f);
                    assertThat(fields[4]).isEqualTo(2.5);
                    assertThat((byte[]) fields[5]).containsExactly(0, -1);
                    assertThat(fields[6]).isEqualTo(Date.valueOf("2024-02-29"));
                    assertThat(fields[7]).isEqualTo(Time.valueOf("01:02:03"));
                    assertThat(fields[8]).isEqualTo(Timestamp.valueOf("2024-08-09 00:05:04.525430833"));
                    assertThat(fields[9]).isEqualTo(new BigDecimal("-12345678901234567890.12"));
                });
    }

    @Test
    void metadataNamesTheTypes() throws SQLException {
        query("SELECT ARRAY[1.5] AS a, ohlc(x, 1) AS o FROM (VALUES (2)) AS t(x)", rows -> {
            ResultSetMetaData columns = rows.getMetaData();
            assertThat(columns.getColumnType(1)).isEqualTo(Types.ARRAY);
            assertThat(columns.getColumnTypeName(1)).isEqualTo("DECIMAL(2,1) ARRAY");
            assertThat(columns.getColumnClassName(1)).isEqualTo("java.sql.Array");
            assertThat(columns.getColumnType(2)).isEqualTo(Types.STRUCT);
            assertThat(columns.getColumnTypeName(2))
                    .isEqualTo(
                            "ROW(open BIGINT, high BIGINT, low BIGINT, close BIGINT, volume BIGINT, vwap DOUBLE, count BIGINT)");
            assertThat(columns.getColumnClassName(2)).isEqualTo("java.sql.Struct");
            assertThat(((Struct) rows.getObject("o")).getAttributes()).containsExactly(2L, 2L, 2L, 2L, 1L, 2.0, 1L);
        });
    }

    @Test
    void manyRowsOfArraysComeInOrder() throws SQLException {
        run("CREATE TABLE n (x BIGINT)");
        run("INSERT INTO n VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)");
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT i, CASE WHEN mod(i, 3) > 0 THEN ARRAY[i, i * 2] END AS a FROM (SELECT a.x * 1000 + b.x * 100 + c.x * 10 + d.x AS i"
                                + " FROM n a, n b, n c, n d) v ORDER BY i")) {
            for (long i = 0; i < 10_000; i++) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(2)).isEqualTo(i % 3 > 0 ? "[" + i + ", " + i * 2 + "]" : null);
            }
            assertThat(rows.next()).isFalse();
        }
    }

    @Test
    void aFieldMayHaveAnyName() throws SQLException {
        query("SELECT CAST(ROW(1, 2) AS ROW(\"a \"\"b\"\"\" INTEGER, \"c, (d)\" BIGINT)) AS r", rows -> {
            Struct row = (Struct) rows.getObject(1);
            assertThat(row.getSQLTypeName()).isEqualTo("ROW(\"a \"\"b\"\"\" INTEGER, \"c, (d)\" BIGINT)");
            assertThat(row.getAttributes()).containsExactly(1, 2L);
        });
    }
}
