package io.zeptodb.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.Engine;
import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.Session;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.util.Text;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Values, extremes and NULLs of every type, out of the cursor's batches, the reader, the IPC stream and the C stream. */
class EveryTypeTest {
    private static final String COLUMNS =
            "b BOOLEAN, t TINYINT, s SMALLINT, i INTEGER, l BIGINT, r REAL, d DOUBLE, n DECIMAL(38,6),"
                    + " v VARCHAR, k SYMBOL, bin VARBINARY, dt DATE, tm TIME, ts TIMESTAMP_NS, ts3 TIMESTAMP(3)";
    private static final String ALL = "SELECT * FROM e ORDER BY id";
    private static final List<List<Object>> ROWS = List.of(
            List.of(
                    1L,
                    true,
                    (byte) -5,
                    (short) 300,
                    70_000,
                    1L << 53 | 1,
                    1.25f,
                    0.1,
                    new BigDecimal("1234567890123456.789100"),
                    "naïve € text that is longer than a view",
                    "AAPL",
                    "00017fff",
                    19_782,
                    86_398_123_456_789L,
                    LocalDateTime.of(2024, 8, 9, 0, 5, 4, 525_430_833),
                    LocalDateTime.of(2024, 8, 9, 0, 5, 4, 525_000_000)),
            List.of(
                    2L,
                    false,
                    Byte.MIN_VALUE,
                    Short.MIN_VALUE,
                    Integer.MIN_VALUE,
                    Long.MIN_VALUE,
                    Float.NEGATIVE_INFINITY,
                    Double.NaN,
                    new BigDecimal("-99999999999999999999999999999999.999999"),
                    "",
                    "",
                    "",
                    -719_162,
                    0L,
                    LocalDateTime.of(1677, 9, 21, 0, 12, 43, 145_224_193),
                    LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_000_000)),
            nulls(3L));

    private final Database database = Engine.open(Map.of("threads", "2"));
    private final Session session = database.openSession();
    private final BufferAllocator allocator = database.allocator().newChildAllocator("types", 0, 1L << 30);

    private static List<Object> nulls(long id) {
        List<Object> row = new ArrayList<>(Collections.nCopies(16, null));
        row.set(0, id);
        return row;
    }

    @BeforeEach
    void fill() {
        session.update("CREATE TABLE e (id BIGINT, " + COLUMNS + ") PARTITION BY NONE");
        session.update(
                "INSERT INTO e VALUES (1, true, -5, 300, 70000, 9007199254740993, 1.25, 0.1, 1234567890123456.7891,"
                        + " 'naïve € text that is longer than a view', 'AAPL', X'00017fff', DATE '2024-02-29', TIME '23:59:58.123456789',"
                        + " TIMESTAMP '2024-08-09 00:05:04.525430833', TIMESTAMP '2024-08-09 00:05:04.525')");
        session.update(
                "INSERT INTO e VALUES (2, false, -128, -32768, -2147483648, -9223372036854775808, CAST('-Infinity' AS REAL),"
                        + " CAST('NaN' AS DOUBLE), -99999999999999999999999999999999.999999, '', '', X'', DATE '0001-01-01', TIME '00:00:00',"
                        + " TIMESTAMP '1677-09-21 00:12:43.145224193', TIMESTAMP '1969-12-31 23:59:59.999')");
        session.update("INSERT INTO e (id) VALUES (3)");
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(allocator.getAllocatedMemory()).as("bytes left").isZero();
        allocator.close();
        session.close();
        database.close();
    }

    private static void add(VectorSchemaRoot batch, DictionaryProvider dictionaries, List<List<Object>> rows) {
        for (int row = 0; row < batch.getRowCount(); row++) {
            List<Object> values = new ArrayList<>();
            for (FieldVector column : batch.getFieldVectors()) {
                values.add(value(column, row, dictionaries));
            }
            rows.add(values);
        }
    }

    private static Object value(FieldVector column, int row, DictionaryProvider dictionaries) {
        Object value = column.getObject(row);
        if (value != null && column.getField().getDictionary() != null) {
            Dictionary dictionary =
                    dictionaries.lookup(column.getField().getDictionary().getId());
            value = dictionary.getVector().getObject(((Number) value).intValue());
        }
        if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
        return value instanceof Text text ? text.toString() : value;
    }

    private static List<List<Object>> rows(ArrowReader reader) throws IOException {
        List<List<Object>> rows = new ArrayList<>();
        while (reader.loadNextBatch()) {
            add(reader.getVectorSchemaRoot(), reader, rows);
        }
        return rows;
    }

    @Test
    void theCursorsBatchesHaveThem() {
        List<List<Object>> rows = new ArrayList<>();
        try (BatchCursor cursor = session.query(ALL)) {
            while (cursor.next()) {
                add(cursor.batch(), cursor.dictionaries(), rows);
            }
        }
        assertThat(rows).isEqualTo(ROWS);
    }

    @Test
    void theReaderHasThem() throws IOException {
        try (ArrowReader reader = ArrowResults.reader(session.query(ALL), allocator)) {
            assertThat(rows(reader)).isEqualTo(ROWS);
        }
    }

    @Test
    void theIpcStreamHasThem() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertThat(ArrowResults.writeStream(session.query(ALL), allocator, bytes))
                .isEqualTo(ROWS.size());
        try (ArrowReader back = new ArrowStreamReader(new ByteArrayInputStream(bytes.toByteArray()), allocator)) {
            assertThat(rows(back)).isEqualTo(ROWS);
        }
    }

    @Test
    void theCStreamHasThem() throws IOException {
        try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
            ArrowResults.exportStream(session.query(ALL), allocator, stream);
            try (ArrowReader imported = Data.importArrayStream(allocator, stream)) {
                assertThat(rows(imported)).isEqualTo(ROWS);
            }
        }
    }

    @Test
    void columnsOfNullsAloneAreThere() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ArrowResults.writeStream(session.query("SELECT * FROM e WHERE id = 3"), allocator, bytes);
        try (ArrowReader back = new ArrowStreamReader(new ByteArrayInputStream(bytes.toByteArray()), allocator)) {
            assertThat(rows(back)).containsExactly(nulls(3));
        }
    }

    @Test
    void intervalsAndTheTypelessNullHaveArrowsTypes() throws IOException {
        String sql =
                "SELECT INTERVAL '1 02:03:04.000000005' DAY TO SECOND(9) AS d, INTERVAL '1-2' YEAR TO MONTH AS m, NULL AS n";
        List<Object> expected = Arrays.asList(
                Duration.ofDays(1).plusHours(2).plusMinutes(3).plusSeconds(4).plusNanos(5), Period.ofMonths(14), null);
        try (ArrowReader reader = ArrowResults.reader(session.query(sql), allocator)) {
            assertThat(rows(reader)).containsExactly(expected);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ArrowResults.writeStream(session.query(sql), allocator, bytes);
        try (ArrowReader back = new ArrowStreamReader(new ByteArrayInputStream(bytes.toByteArray()), allocator)) {
            assertThat(rows(back)).containsExactly(expected);
        }
    }

    /** Each batch of the union brings a dictionary of its own size; a reader that kept the first would lose texts. */
    @Test
    void aDictionaryThatGrowsBetweenBatchesIsWrittenAgain() throws IOException {
        session.update("CREATE TABLE g (k SYMBOL)");
        session.update("INSERT INTO g VALUES ('first'), ('the second symbol, which is long')");
        String sql = "SELECT k FROM g UNION ALL SELECT k FROM e WHERE id = 1 ORDER BY 1";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ArrowResults.writeStream(session.query(sql), allocator, bytes);
        try (ArrowReader back = new ArrowStreamReader(new ByteArrayInputStream(bytes.toByteArray()), allocator)) {
            assertThat(rows(back))
                    .containsExactly(List.of("AAPL"), List.of("first"), List.of("the second symbol, which is long"));
        }
    }

    @Test
    void whatIsClosedSaysSo() throws IOException {
        BatchCursor cursor = session.query(ALL);
        cursor.close();
        try (ArrowReader reader = ArrowResults.reader(cursor, allocator)) {
            assertClosed(reader::loadNextBatch);
        }
        ArrowReader closed = ArrowResults.reader(session.query(ALL), allocator);
        assertThat(closed.loadNextBatch()).isTrue();
        closed.close();
        assertClosed(closed::loadNextBatch);
        assertClosed(closed::getDictionaryVectors);
        assertClosed(() -> closed.lookup(0));
    }

    private static void assertClosed(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(EngineException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.STATEMENT_CLOSED);
            assertThat(e).hasMessageContaining("closed");
        });
    }
}
