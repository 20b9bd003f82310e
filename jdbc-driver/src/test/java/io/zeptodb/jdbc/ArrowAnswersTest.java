package io.zeptodb.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.arrow.ArrowResults;
import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows that leave as Arrow, whichever way, have the values that JDBC's getters give: 10,000 of them, of every type, each seventh NULL. */
class ArrowAnswersTest {
    private static final String ALL = "SELECT * FROM every ORDER BY id";

    private Connection connection;
    private BufferAllocator allocator;

    @BeforeEach
    void fill() throws SQLException {
        connection = DriverManager.getConnection("jdbc:zepto:");
        allocator = connection.unwrap(Database.class).allocator().newChildAllocator("answers", 0, 1L << 30);
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE digit (x BIGINT)");
            statement.execute("INSERT INTO digit VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)");
            statement.execute(
                    "CREATE TABLE every (id BIGINT, b BOOLEAN, t TINYINT, s SMALLINT, i INTEGER, r REAL, d DOUBLE,"
                            + " n DECIMAL(38,4), v VARCHAR, k SYMBOL, bin VARBINARY, dt DATE, tm TIME, ts TIMESTAMP_NS)"
                            + " PARTITION BY NONE");
            statement.execute(
                    "INSERT INTO every SELECT x, CASE WHEN p THEN mod(x, 2) = 0 END, CASE WHEN p THEN mod(x, 100) END,"
                            + " CASE WHEN p THEN x END, CASE WHEN p THEN -x END, CASE WHEN p THEN x / 4.0e0 END,"
                            + " CASE WHEN p THEN x / 10.0e0 END, CASE WHEN p THEN x / 16.0 END,"
                            + " CASE WHEN p THEN 'row number ' || x || ' €' END, CASE WHEN p THEN 'S' || mod(x, 50) END,"
                            + " CASE WHEN p THEN X'00ff10' END, CASE WHEN p THEN DATE '1960-01-01' + x * INTERVAL '1' DAY END,"
                            + " CASE WHEN p THEN CAST(TIMESTAMP '2000-01-01 00:00:00.000000007' + x * INTERVAL '1' SECOND AS TIME) END,"
                            + " CASE WHEN p THEN TIMESTAMP '1969-12-31 23:00:00.000000001' + x * INTERVAL '1' SECOND END"
                            + " FROM (SELECT x, mod(x, 7) <> 0 AS p FROM (SELECT a.x + 10 * b.x + 100 * c.x + 1000 * d.x AS x"
                            + " FROM digit a, digit b, digit c, digit d) y) z");
        }
    }

    @AfterEach
    void nothingIsLeft() throws SQLException {
        assertThat(allocator.getAllocatedMemory()).isZero();
        allocator.close();
        connection.close();
    }

    private List<List<Object>> byJdbc() throws SQLException {
        // what Arrow keeps as numbers and JDBC's old classes would cut
        Map<String, Class<?>> exact =
                Map.of("DATE", LocalDate.class, "TIME", LocalTime.class, "TIMESTAMP", LocalDateTime.class);
        List<List<Object>> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(ALL)) {
            while (result.next()) {
                List<Object> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    String type = result.getMetaData().getColumnTypeName(i).replaceAll("[^A-Z].*", "");
                    Class<?> wanted = exact.get(type);
                    Object value = wanted == null ? result.getObject(i) : result.getObject(i, wanted);
                    row.add(value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value);
                }
                rows.add(row);
            }
        }
        return rows;
    }

    private static void add(VectorSchemaRoot batch, DictionaryProvider dictionaries, List<List<Object>> rows) {
        for (int position = 0; position < batch.getRowCount(); position++) {
            List<Object> row = new ArrayList<>();
            for (FieldVector column : batch.getFieldVectors()) {
                row.add(value(column, position, dictionaries));
            }
            rows.add(row);
        }
    }

    private static Object value(FieldVector column, int position, DictionaryProvider dictionaries) {
        Object value = column.getObject(position);
        if (value == null) {
            return null;
        }
        if (column.getField().getDictionary() != null) {
            long id = column.getField().getDictionary().getId();
            value = dictionaries.lookup(id).getVector().getObject(((Number) value).intValue());
        }
        if (value instanceof Byte || value instanceof Short) {
            return ((Number) value).intValue(); // as JDBC has the small ones
        }
        return switch (column.getField().getType().getTypeID()) {
            case Date -> LocalDate.ofEpochDay((Integer) value);
            case Time -> LocalTime.ofNanoOfDay((Long) value);
            case BinaryView -> HexFormat.of().formatHex((byte[]) value);
            default -> value instanceof org.apache.arrow.vector.util.Text text ? text.toString() : value;
        };
    }

    private static List<List<Object>> read(ArrowReader reader) throws Exception {
        List<List<Object>> rows = new ArrayList<>();
        while (reader.loadNextBatch()) {
            add(reader.getVectorSchemaRoot(), reader, rows);
        }
        return rows;
    }

    @Test
    void everyWayOutGivesWhatJdbcGives() throws Exception {
        List<List<Object>> expected = byJdbc();
        assertThat(expected).hasSize(10_000);
        try (Statement statement = connection.createStatement()) {
            List<List<Object>> batches = new ArrayList<>();
            try (ResultSet result = statement.executeQuery(ALL)) {
                BatchCursor cursor = result.unwrap(BatchCursor.class);
                while (cursor.next()) {
                    add(cursor.batch(), cursor.dictionaries(), batches);
                }
            }
            assertThat(batches).isEqualTo(expected);
            try (ResultSet result = statement.executeQuery(ALL);
                    ArrowReader reader = ArrowResults.reader(result.unwrap(BatchCursor.class), allocator)) {
                assertThat(read(reader)).isEqualTo(expected);
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ResultSet result = statement.executeQuery(ALL)) {
                ArrowResults.writeStream(result.unwrap(BatchCursor.class), allocator, bytes);
            }
            try (ArrowReader back = new ArrowStreamReader(new ByteArrayInputStream(bytes.toByteArray()), allocator)) {
                assertThat(read(back)).isEqualTo(expected);
            }
            try (ResultSet result = statement.executeQuery(ALL);
                    ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
                ArrowResults.exportStream(result.unwrap(BatchCursor.class), allocator, stream);
                try (ArrowReader imported = Data.importArrayStream(allocator, stream)) {
                    assertThat(read(imported)).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void leavingInTheMiddleLeavesNothing() throws Exception {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(ALL);
                ArrowReader reader = ArrowResults.reader(result.unwrap(BatchCursor.class), allocator)) {
            assertThat(reader.loadNextBatch()).isTrue();
            assertThat(reader.getVectorSchemaRoot().getSchema().findField("k").getType())
                    .isInstanceOf(ArrowType.Int.class);
        }
    }
}
