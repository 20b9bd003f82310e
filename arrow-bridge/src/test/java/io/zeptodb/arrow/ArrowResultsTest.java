package io.zeptodb.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.Engine;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.Session;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every way out as Arrow, with more than one batch; after each test the allocator and the database must be empty of leases. */
class ArrowResultsTest {
    private static final int ROWS = 10_000; // several batches
    private static final String ALL = "SELECT n, s, k, d FROM t ORDER BY n";
    private static final long MOST_BYTES = 1L << 30;

    private final Database database = Engine.open(Map.of("threads", "2"));
    private final Session session = database.openSession();
    private final BufferAllocator allocator = database.allocator().newChildAllocator("results", 0, MOST_BYTES);

    @BeforeEach
    void fill() {
        session.update("CREATE TABLE t (n BIGINT, s VARCHAR, k SYMBOL, d DOUBLE)");
        session.update("CREATE TABLE digit (x BIGINT)");
        session.update("INSERT INTO digit VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)");
        session.update(
                "INSERT INTO t SELECT x, CASE WHEN mod(x, 3) = 0 THEN NULL ELSE 'text of row ' || CAST(x AS VARCHAR) END,"
                        + " CASE WHEN mod(x, 2) = 0 THEN 'even' ELSE 'odd' END, x / 4.0 FROM"
                        + " (SELECT 1 + a.x + 10 * b.x + 100 * c.x + 1000 * d.x AS x FROM digit a, digit b, digit c, digit d) y");
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(allocator.getAllocatedMemory()).as("bytes left").isZero();
        allocator.close();
        session.close();
        database.close(); // fails when a lease is held
    }

    private record Read(List<String> rows, int batches) {}

    private static Read read(ArrowReader reader) throws IOException {
        List<String> rows = new ArrayList<>();
        int batches = 0;
        while (reader.loadNextBatch()) {
            batches++;
            List<FieldVector> columns = reader.getVectorSchemaRoot().getFieldVectors();
            for (int row = 0; row < reader.getVectorSchemaRoot().getRowCount(); row++) {
                StringBuilder text = new StringBuilder();
                for (FieldVector column : columns) {
                    text.append(value(reader, column, row)).append('|');
                }
                rows.add(text.toString());
            }
        }
        return new Read(rows, batches);
    }

    private static Object value(ArrowReader reader, FieldVector column, int row) throws IOException {
        if (column.isNull(row)) {
            return "NULL";
        }
        Object value = column.getObject(row);
        if (column.getField().getDictionary() == null) {
            return value;
        }
        long id = column.getField().getDictionary().getId();
        return reader.getDictionaryVectors().get(id).getVector().getObject(((Number) value).intValue());
    }

    private static void assertAll(Read read) {
        assertThat(read.rows()).hasSize(ROWS);
        assertThat(read.rows().get(0)).isEqualTo("1|text of row 1|odd|0.25|");
        assertThat(read.rows().get(5)).isEqualTo("6|NULL|even|1.5|");
        assertThat(read.rows().get(ROWS - 1)).isEqualTo("10000|text of row 10000|even|2500.0|");
        assertThat(read.rows()).doesNotHaveDuplicates();
    }

    @Test
    void aReaderGivesTheSchemaAndEveryRow() throws IOException {
        try (ArrowReader reader = ArrowResults.reader(session.query(ALL), allocator)) {
            assertThat(reader.getVectorSchemaRoot().getSchema().getFields())
                    .extracting(Field::getName)
                    .containsExactly("n", "s", "k", "d");
            Read read = read(reader);
            assertAll(read);
            assertThat(read.batches()).isGreaterThan(1);
            assertThat(reader.bytesRead()).isGreaterThan(ROWS * 2L * Long.BYTES);
            assertThat(reader.loadNextBatch()).as("the end stays the end").isFalse();
        }
    }

    @Test
    void anEmptyResultHasASchemaAndNoBatch() throws IOException {
        try (ArrowReader reader = ArrowResults.reader(session.query("SELECT n, k FROM t WHERE n < 0"), allocator)) {
            assertThat(reader.loadNextBatch()).isFalse();
            assertThat(reader.getVectorSchemaRoot().getRowCount()).isZero();
            assertThat(reader.getVectorSchemaRoot().getSchema().getFields()).hasSize(2);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertThat(ArrowResults.writeStream(session.query("SELECT n, k FROM t WHERE n < 0"), allocator, bytes))
                .isZero();
        try (ArrowReader back = new ArrowStreamReader(new ByteArrayInputStream(bytes.toByteArray()), allocator)) {
            assertThat(back.getVectorSchemaRoot().getSchema().getFields()).hasSize(2);
            assertThat(read(back).rows()).isEmpty();
        }
    }

    @Test
    void closingInTheMiddleLeavesNothing() throws IOException {
        ArrowReader reader = ArrowResults.reader(session.query(ALL), allocator);
        assertThat(reader.loadNextBatch()).isTrue();
        assertThat(reader.getDictionaryVectors()).hasSize(1);
        reader.close();
        reader.close(); // harmless
        ArrowResults.reader(session.query(ALL), allocator).close();
    }

    @Test
    void aTransferredVectorOutlivesTheReader() throws IOException {
        FieldVector kept;
        try (ArrowReader reader = ArrowResults.reader(session.query(ALL), allocator)) {
            assertThat(reader.loadNextBatch()).isTrue();
            FieldVector first = reader.getVectorSchemaRoot().getVector("n");
            var pair = first.getTransferPair(allocator);
            pair.transfer();
            kept = (FieldVector) pair.getTo();
        }
        assertThat(kept.getObject(0)).isEqualTo(1L);
        kept.close();
    }

    @Test
    void anErrorOfTheRunReachesTheReaderAndLeavesNothing() throws IOException {
        try (ArrowReader reader = ArrowResults.reader(session.query("SELECT 1 / (n - 5) FROM t"), allocator)) {
            assertThatThrownBy(() -> read(reader)).isInstanceOf(EngineException.class);
        }
    }

    @Test
    void nestedColumnsGoThereAndBack() throws IOException {
        String sql = "SELECT n, CASE WHEN n > 1 THEN ARRAY[s, k] END, ROW(n, ARRAY[ROW(d, s)]) FROM t ORDER BY n";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ArrowResults.writeStream(session.query(sql), allocator, bytes);
        try (ArrowReader reader = new ArrowStreamReader(new ByteArrayInputStream(bytes.toByteArray()), allocator)) {
            Read read = read(reader);
            assertThat(read.rows()).hasSize(ROWS);
            assertThat(read.rows().get(0))
                    .isEqualTo("1|NULL|{\"f1\":1,\"f2\":[{\"f1\":0.25,\"f2\":\"text of row 1\"}]}|");
            assertThat(read.rows().get(5)).isEqualTo("6|[null,\"even\"]|{\"f1\":6,\"f2\":[{\"f1\":1.5}]}|");
            assertThat(read.rows().get(ROWS - 1)).startsWith("10000|[\"text of row 10000\",\"even\"]|");
        }
    }

    @Test
    void ipcGoesThereAndBackAndTheStreamStaysOpen() throws IOException {
        boolean[] closed = new boolean[1];
        ByteArrayOutputStream bytes = new ByteArrayOutputStream() {
            @Override
            public void close() {
                closed[0] = true;
            }
        };
        assertThat(ArrowResults.writeStream(session.query(ALL), allocator, bytes))
                .isEqualTo(ROWS);
        assertThat(closed[0]).isFalse();
        try (ArrowReader back = new ArrowStreamReader(new ByteArrayInputStream(bytes.toByteArray()), allocator)) {
            assertAll(read(back));
        }
        // about 60 bytes a row; with the texts of the table in each batch it would be thousands
        assertThat(bytes.size()).isLessThan(ROWS * 80);
    }

    @Test
    void anyWriterOfArrowsMayTakeTheReadersBatches() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ArrowReader reader = ArrowResults.reader(session.query(ALL), allocator)) {
            boolean more = reader.loadNextBatch();
            try (ArrowStreamWriter writer = new ArrowStreamWriter(reader.getVectorSchemaRoot(), reader, bytes)) {
                writer.start();
                for (; more; more = reader.loadNextBatch()) {
                    writer.writeBatch();
                }
                writer.end();
            }
        }
        try (ArrowReader back = new ArrowStreamReader(new ByteArrayInputStream(bytes.toByteArray()), allocator)) {
            assertAll(read(back));
        }
    }

    @Test
    void aBrokenStreamIsAnIoErrorAndLeavesNothing() {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("the disk is full");
            }
        };
        assertThatThrownBy(() -> ArrowResults.writeStream(session.query(ALL), allocator, broken))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("the disk is full");
    }

    @Test
    void aCStreamGivesTheSameRows() throws IOException {
        try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
            ArrowResults.exportStream(session.query(ALL), allocator, stream);
            try (ArrowReader imported = Data.importArrayStream(allocator, stream)) {
                assertAll(read(imported));
            }
        }
    }

    @Test
    void aCStreamReleasedInTheMiddleLeavesNothing() throws IOException {
        try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
            ArrowResults.exportStream(session.query(ALL), allocator, stream);
            try (ArrowReader imported = Data.importArrayStream(allocator, stream)) {
                assertThat(imported.loadNextBatch()).isTrue();
            }
        }
    }
}
