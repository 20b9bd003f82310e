package io.zeptodb.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.ArrowRuntime;
import io.zeptodb.engine.Engine;
import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ResultColumn;
import io.zeptodb.engine.api.Session;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A result that goes through a stream in pieces is the result; after each test no byte is left. */
class ResultStreamTest {
    private static final String ALL = "SELECT * FROM t ORDER BY n";
    private static final String DIGITS = "(VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9))";
    private static final long PIECE_BYTES = 10_000;
    private static final long ANY = Long.MAX_VALUE;

    private final Database database = Engine.open(Map.of("threads", "2"));
    private final Session session = database.openSession();
    private final BufferAllocator allocator = database.allocator().newChildAllocator("results", 0, Long.MAX_VALUE);

    @BeforeEach
    void fill() {
        session.update("CREATE TABLE t (n BIGINT, i INTEGER, d DOUBLE, b BOOLEAN, m DECIMAL(20,4), ts TIMESTAMP_NS,"
                + " day DATE, s VARCHAR, short VARCHAR, bytes VARBINARY, k SYMBOL, k2 SYMBOL)");
        session.update("INSERT INTO t SELECT x, mod(x, 7), x / 8.0, mod(x, 2) = 0, x / 3.0,"
                + " TIMESTAMP '2024-01-01 00:00:00' + x * INTERVAL '1' SECOND, DATE '2024-01-01',"
                + " CASE WHEN mod(x, 3) = 0 THEN NULL ELSE 'a text that is long, of row ' || CAST(x AS VARCHAR) END,"
                + " 's' || CAST(mod(x, 100) AS VARCHAR), CAST('bytes of the row ' || CAST(x AS VARCHAR) AS VARBINARY),"
                + " CASE WHEN mod(x, 11) = 0 THEN NULL ELSE 'K' || CAST(x / 50 AS VARCHAR) END, 'same'"
                + " FROM (SELECT a.x + 10 * b.x + 100 * c.x + 1000 * d.x AS x FROM " + DIGITS + " a (x), " + DIGITS
                + " b (x), " + DIGITS + " c (x), " + DIGITS + " d (x)) y");
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(allocator.getAllocatedMemory()).as("bytes left").isZero();
        allocator.close();
        session.close();
        database.close();
    }

    private static List<String> rows(BatchCursor cursor) {
        List<String> rows = new ArrayList<>();
        while (cursor.next()) {
            List<FieldVector> columns = cursor.batch().getFieldVectors();
            for (int row = 0; row < cursor.batch().getRowCount(); row++) {
                StringBuilder text = new StringBuilder();
                for (FieldVector column : columns) {
                    text.append(value(cursor, column, row)).append('|');
                }
                rows.add(text.toString());
            }
        }
        return rows;
    }

    private static Object value(BatchCursor cursor, FieldVector column, int row) {
        if (column.isNull(row)) {
            return "NULL";
        }
        Object value = column.getObject(row);
        if (column.getField().getDictionary() != null) {
            Dictionary dictionary = cursor.dictionaries()
                    .lookup(column.getField().getDictionary().getId());
            return dictionary.getVector().getObject((Integer) value);
        }
        return value instanceof byte[] bytes ? Arrays.toString(bytes) : value;
    }

    private List<String> direct(String sql) {
        try (BatchCursor cursor = session.query(sql)) {
            return rows(cursor);
        }
    }

    private record Stream(List<ResultColumn> columns, List<byte[]> pieces) {
        byte[] bytes() {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            pieces.forEach(all::writeBytes);
            return all.toByteArray();
        }
    }

    private Stream encode(String sql, CodecType codec, long enoughBytes, long enoughRows) {
        BatchCursor cursor = session.query(sql);
        List<byte[]> pieces = new ArrayList<>();
        try (ResultEncoder encoder =
                new ResultEncoder(cursor, allocator, ArrowRuntime.compression().createCodec(codec))) {
            for (boolean ended = false; !ended; ) {
                ByteArrayOutputStream piece = new ByteArrayOutputStream();
                ended = encoder.encode(Channels.newChannel(piece), enoughBytes, enoughRows);
                pieces.add(piece.toByteArray());
            }
            assertThatThrownBy(() ->
                            encoder.encode(Channels.newChannel(new ByteArrayOutputStream()), enoughBytes, enoughRows))
                    .isInstanceOf(EngineException.class);
        }
        return new Stream(cursor.columns(), pieces);
    }

    private BatchCursor decoder(List<ResultColumn> columns, byte[] bytes) {
        return new ResultDecoder(
                columns,
                Channels.newChannel(new ByteArrayInputStream(bytes)),
                allocator,
                ArrowRuntime.compression(),
                Broken::new);
    }

    /** What the tests want to be told with. */
    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** Wherever it is cut, also between two messages: rows that are missing are never taken for the end. */
    @Test
    void aStreamThatIsCutOffIsAnError() {
        Stream stream = encode("SELECT n, s FROM t WHERE n < 300", CodecType.NO_COMPRESSION, PIECE_BYTES, 100);
        byte[] bytes = stream.bytes();
        List<Integer> cuts = new ArrayList<>();
        int end = 0;
        for (byte[] piece : stream.pieces()) {
            end += piece.length;
            cuts.addAll(List.of(end - 8, end - 7, end - 4, end - 1, end));
        }
        for (int at = 1; at < bytes.length; at += 97) {
            cuts.add(at);
        }
        cuts.removeIf(at -> at == bytes.length);
        assertThat(cuts).hasSizeGreaterThan(50);
        for (int at : cuts) {
            assertThatThrownBy(() -> {
                        try (BatchCursor decoded = decoder(stream.columns(), Arrays.copyOf(bytes, at))) {
                            rows(decoded);
                        }
                    })
                    .as("cut at %d of %d", at, bytes.length)
                    .isInstanceOf(Broken.class);
        }
    }

    @ParameterizedTest
    @EnumSource(CodecType.class)
    void rowsOfEveryKindComeThrough(CodecType codec) {
        List<String> expected = direct(ALL);
        assertThat(expected).hasSize(10_000);
        Stream stream = encode(ALL, codec, PIECE_BYTES, ANY);
        assertThat(stream.pieces()).hasSizeGreaterThan(3);
        try (BatchCursor decoded = decoder(stream.columns(), stream.bytes())) {
            assertThat(rows(decoded)).isEqualTo(expected);
            assertThat(decoded.next()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(CodecType.class)
    void nestedValuesComeThrough(CodecType codec) {
        String sql = "SELECT k, array_agg(s) AS texts, array_agg(n) AS numbers, ROW(min(n), max(k2)) AS r"
                + " FROM t WHERE n < 400 GROUP BY k ORDER BY k";
        List<String> expected = direct(sql);
        Stream stream = encode(sql, codec, PIECE_BYTES, ANY);
        try (BatchCursor decoded = decoder(stream.columns(), stream.bytes())) {
            assertThat(rows(decoded)).isEqualTo(expected).isNotEmpty();
        }
    }

    @Test
    void arrowsOwnReaderTakesThePiecesAsOneStream() throws IOException {
        List<String> expected = direct("SELECT n, s FROM t ORDER BY n");
        Stream stream = encode("SELECT n, s FROM t ORDER BY n", CodecType.NO_COMPRESSION, 1, ANY);
        List<String> rows = new ArrayList<>();
        try (ArrowStreamReader reader = new ArrowStreamReader(new ByteArrayInputStream(stream.bytes()), allocator)) {
            while (reader.loadNextBatch()) {
                List<FieldVector> columns = reader.getVectorSchemaRoot().getFieldVectors();
                for (int row = 0; row < reader.getVectorSchemaRoot().getRowCount(); row++) {
                    Object text =
                            columns.get(1).isNull(row) ? "NULL" : columns.get(1).getObject(row);
                    rows.add(columns.get(0).getObject(row) + "|" + text + "|");
                }
            }
        }
        assertThat(rows).isEqualTo(expected);
    }

    @Test
    void aFewRowsBringTheirOwnSymbolsAndTextsOnly() {
        Stream all = encode("SELECT k, s FROM t", CodecType.NO_COMPRESSION, ANY, ANY);
        Stream few = encode("SELECT k, s FROM t WHERE n = 77", CodecType.NO_COMPRESSION, ANY, ANY);
        assertThat(all.bytes().length).isGreaterThan(300_000);
        assertThat(few.bytes().length).isLessThan(2_500);
    }

    @Test
    void compressionMakesItSmaller() {
        int plain = encode(ALL, CodecType.NO_COMPRESSION, ANY, ANY).bytes().length;
        int lz4 = encode(ALL, CodecType.LZ4_FRAME, ANY, ANY).bytes().length;
        int zstd = encode(ALL, CodecType.ZSTD, ANY, ANY).bytes().length;
        assertThat(lz4).isLessThan(plain / 2);
        assertThat(zstd).isLessThan(lz4);
    }

    @Test
    void noRowsAreAStreamToo() {
        Stream stream = encode(ALL + " LIMIT 0", CodecType.LZ4_FRAME, ANY, ANY);
        try (BatchCursor decoded = decoder(stream.columns(), stream.bytes())) {
            assertThat(decoded.next()).isFalse();
            assertThat(decoded.schema().getFields()).hasSize(12);
        }
    }

    @Test
    void rowsEndAPieceAsWellAsBytes() {
        List<String> expected = direct(ALL);
        Stream stream = encode(ALL, CodecType.NO_COMPRESSION, ANY, 777);
        assertThat(stream.pieces()).hasSizeBetween(10_000 / 777, 10_000 / 777 + 2);
        try (BatchCursor decoded = decoder(stream.columns(), stream.bytes())) {
            assertThat(rows(decoded)).isEqualTo(expected);
        }
    }

    @Test
    void aBatchOfLongTextsIsCutIntoPieces() {
        String sql =
                "SELECT n, repeat('x', 20000 + CAST(mod(n, 7) AS INTEGER)) AS s, array_agg(n) AS a FROM t WHERE n < 900"
                        + " GROUP BY n ORDER BY n";
        List<String> expected = direct(sql);
        Stream stream = encode(sql, CodecType.NO_COMPRESSION, 100_000, ANY);
        assertThat(stream.pieces()).hasSizeGreaterThan(80);
        assertThat(stream.pieces()).allSatisfy(piece -> assertThat(piece.length).isLessThan(250_000));
        try (BatchCursor decoded = decoder(stream.columns(), stream.bytes())) {
            assertThat(rows(decoded)).isEqualTo(expected);
        }
    }

    @Test
    void oneRowOfAnyLengthIsAPiece() {
        Stream stream = encode(ALL, CodecType.NO_COMPRESSION, 1, ANY);
        assertThat(stream.pieces()).hasSizeGreaterThan(9_999);
        List<String> expected = direct(ALL);
        try (BatchCursor decoded = decoder(stream.columns(), stream.bytes())) {
            assertThat(rows(decoded)).isEqualTo(expected);
        }
    }

    @Test
    void aFailureOfTheQueryComesOut() {
        BatchCursor cursor = session.query("SELECT 1 / (n - 5000) FROM t ORDER BY n");
        try (ResultEncoder encoder = new ResultEncoder(
                cursor, allocator, ArrowRuntime.compression().createCodec(CodecType.NO_COMPRESSION))) {
            WritableByteChannel out = Channels.newChannel(new ByteArrayOutputStream());
            assertThatThrownBy(() -> encoder.encode(out, ANY, ANY))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.sqlState()).isEqualTo("22012"));
        }
    }

    @ParameterizedTest
    @EnumSource(CodecType.class)
    void streamsThatAreCutAreErrorsAndLeaveNothing(CodecType codec) {
        Stream stream = encode(ALL, codec, ANY, ANY);
        byte[] bytes = stream.bytes();
        Random random = new Random(codec.ordinal());
        for (int i = 0; i < 60; i++) {
            int length = 1 + random.nextInt(bytes.length - 10);
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> readAll(stream.columns(), cut))
                    .as("cut at %d", length)
                    .isInstanceOf(Broken.class);
            assertThat(allocator.getAllocatedMemory()).isZero();
        }
    }

    private void readAll(List<ResultColumn> columns, byte[] bytes) {
        try (BatchCursor decoded = decoder(columns, bytes)) {
            rows(decoded);
        }
    }

    @Test
    void anotherNumberOfColumnsIsRefused() {
        Stream stream = encode("SELECT n, s FROM t", CodecType.NO_COMPRESSION, ANY, ANY);
        assertThatThrownBy(() -> readAll(stream.columns().subList(0, 1), stream.bytes()))
                .hasMessageContaining("has 2 columns, expected 1");
    }

    @Test
    void useAfterCloseIsAnError() {
        Stream stream = encode("SELECT n, k FROM t", CodecType.NO_COMPRESSION, ANY, ANY);
        BatchCursor decoded = decoder(stream.columns(), stream.bytes());
        assertThat(decoded.next()).isTrue();
        decoded.close();
        decoded.close();
        assertThatThrownBy(decoded::next).hasMessageContaining("closed");
    }

    @Test
    void copiesOfTextsKeepThoseOfAnyLength() {
        Random random = new Random(7);
        int rows = 3_000;
        List<String> expected = new ArrayList<>();
        try (ViewVarCharVector texts = new ViewVarCharVector("s", allocator)) {
            texts.allocateNew(rows);
            for (int row = 0; row < rows; row++) {
                String text = random.nextInt(5) == 0 ? null : "x".repeat(random.nextInt(40)) + row;
                expected.add(text);
                if (text != null) {
                    texts.setSafe(row, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                }
            }
            texts.setValueCount(rows);
            try (FieldVector copy = CompactTexts.copy(texts, allocator)) {
                for (int row = 0; row < rows; row++) {
                    Object text = copy.getObject(row);
                    assertThat(text == null ? null : text.toString()).isEqualTo(expected.get(row));
                }
                assertThat(copy).isNotInstanceOf(VarCharVector.class);
            }
        }
    }
}
