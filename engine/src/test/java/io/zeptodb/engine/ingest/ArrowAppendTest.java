package io.zeptodb.engine.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.PartitionScheme;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.partition.SealPolicy;
import io.zeptodb.engine.partition.SnapshotLease;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.TimeStampNanoVector;
import org.apache.arrow.vector.TimeStampSecVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Arrow vectors of every type and unit as rows of a table. */
class ArrowAppendTest {
    private static final int ROWS = 3;
    private static final int MANY_ROWS = 5_000;

    private final RootAllocator root = new RootAllocator();
    private final Storage storage = new Storage(new MemoryBudget(root), SealPolicy.ofSealRows(1 << 20), () -> {});
    private final MemoryBudget budget = new MemoryBudget(root.newChildAllocator("test", 0, Long.MAX_VALUE));

    @AfterEach
    void nothingIsLeft() {
        storage.close();
        budget.close();
        assertThat(root.getAllocatedMemory()).isZero();
        root.close();
    }

    private TableMetadata table(ColumnType... types) {
        List<ColumnDefinition> columns = new ArrayList<>();
        for (int i = 0; i < types.length; i++) {
            columns.add(new ColumnDefinition("c" + i, types[i], true));
        }
        return storage.createTable(
                new TableSchema("t", columns, TableSchema.NONE, TableSchema.NONE, PartitionScheme.UNPARTITIONED));
    }

    /** What a column holds after one vector was appended to a table with just that column. */
    private List<Object> stored(ColumnType type, FieldVector vector, DictionaryProvider dictionaries) {
        TableMetadata table = table(type);
        try (VectorSchemaRoot batch = VectorSchemaRoot.of(vector)) {
            batch.setRowCount(vector.getValueCount());
            assertThat(storage.append("t", batch, dictionaries)).isEqualTo(vector.getValueCount());
        }
        List<Object> values = new ArrayList<>();
        try (SnapshotLease lease = storage.lease()) {
            for (Object[] row : SnapshotReader.read(lease.snapshot().table(table.id()), budget)) {
                values.add(row[0]);
            }
        }
        storage.dropTable("t");
        return values;
    }

    private List<Object> stored(ColumnType type, FieldVector vector) {
        vector.setValueCount(ROWS);
        return stored(type, vector, null);
    }

    @Test
    void integersComeInUnchangedOrWider() {
        TinyIntVector tiny = new TinyIntVector("c0", root);
        tiny.allocateNew(ROWS);
        tiny.set(0, -5);
        tiny.setNull(1);
        tiny.set(2, 127);
        assertThat(stored(ColumnType.TINYINT, tiny)).containsExactly(-5L, null, 127L);
        SmallIntVector small = new SmallIntVector("C0", root);
        small.allocateNew(ROWS);
        small.set(0, -300);
        small.set(1, 2);
        small.setNull(2);
        assertThat(stored(ColumnType.BIGINT, small)).containsExactly(-300L, 2L, null);
        IntVector ints = new IntVector("c0", root);
        ints.allocateNew(ROWS);
        ints.set(0, Integer.MIN_VALUE);
        ints.set(1, 0);
        ints.set(2, 9);
        assertThat(stored(ColumnType.INTEGER, ints)).containsExactly((long) Integer.MIN_VALUE, 0L, 9L);
    }

    @Test
    void unsignedIntegersKeepTheirValue() {
        UInt1Vector bytes = new UInt1Vector("c0", root);
        bytes.allocateNew(ROWS);
        bytes.set(0, 200);
        bytes.set(1, 0);
        bytes.setNull(2);
        assertThat(stored(ColumnType.SMALLINT, bytes)).containsExactly(200L, 0L, null);
        UInt4Vector ints = new UInt4Vector("c0", root);
        ints.allocateNew(ROWS);
        ints.set(0, -1);
        ints.set(1, 1);
        ints.set(2, 2);
        assertThat(stored(ColumnType.BIGINT, ints)).containsExactly(4_294_967_295L, 1L, 2L);
        UInt8Vector longs = new UInt8Vector("c0", root);
        longs.allocateNew(ROWS);
        longs.set(0, 1);
        longs.set(1, -1);
        longs.set(2, 1);
        assertThatThrownBy(() -> stored(ColumnType.BIGINT, longs))
                .hasMessageContaining("18446744073709551615")
                .hasMessageContaining("(row 2)");
    }

    @Test
    void floatsBooleansAndDecimals() {
        Float4Vector floats = new Float4Vector("c0", root);
        floats.allocateNew(ROWS);
        floats.set(0, 1.5f);
        floats.setNull(1);
        floats.set(2, Float.NaN);
        assertThat(stored(ColumnType.DOUBLE, floats)).containsExactly(1.5, null, Double.NaN);
        Float8Vector doubles = new Float8Vector("c0", root);
        doubles.allocateNew(ROWS);
        doubles.set(0, -0.0);
        doubles.set(1, 2.5);
        doubles.set(2, 3.5);
        assertThat(stored(ColumnType.DOUBLE, doubles)).containsExactly(-0.0, 2.5, 3.5);
        BitVector bits = new BitVector("c0", root);
        bits.allocateNew(ROWS);
        bits.set(0, 1);
        bits.set(1, 0);
        bits.setNull(2);
        assertThat(stored(ColumnType.BOOLEAN, bits)).containsExactly(true, false, null);
        DecimalVector decimals = new DecimalVector("c0", root, 20, 2);
        decimals.allocateNew(ROWS);
        decimals.set(0, new BigDecimal("123456789012345678.25"));
        decimals.set(1, new BigDecimal("-0.01"));
        decimals.setNull(2);
        assertThat(stored(ColumnType.decimal(38, 2), decimals))
                .containsExactly(new BigDecimal("123456789012345678.25"), new BigDecimal("-0.01"), null);
    }

    @Test
    void aDecimalOfMoreDigitsMustFitAndOneOfAnotherScaleIsRefused() {
        DecimalVector wide = new DecimalVector("c0", root, 20, 2);
        wide.allocateNew(ROWS);
        wide.set(0, new BigDecimal("1.25"));
        wide.set(1, new BigDecimal("12345.25"));
        wide.setNull(2);
        assertThatThrownBy(() -> stored(ColumnType.decimal(5, 2), wide))
                .hasMessage("cannot append to 't': column 'c0' is DECIMAL(5,2), got 12345.25 (row 2)");
        storage.dropTable("t");
        DecimalVector scaled = new DecimalVector("c0", root, 5, 3);
        scaled.allocateNew(ROWS);
        assertThatThrownBy(() -> stored(ColumnType.decimal(5, 2), scaled))
                .hasMessage("cannot append to 't': column 'c0' is DECIMAL(5,2), got DECIMAL(5,3)");
    }

    @Test
    void textsOfEveryLayout() {
        byte[] longText = "a text of more than twelve bytes: ä€".getBytes(StandardCharsets.UTF_8);
        VarCharVector small = new VarCharVector("c0", root);
        LargeVarCharVector large = new LargeVarCharVector("c0", root);
        ViewVarCharVector view = new ViewVarCharVector("c0", root);
        small.setSafe(0, longText);
        small.setNull(1);
        small.setSafe(2, new byte[0]);
        large.setSafe(0, longText);
        large.setNull(1);
        large.setSafe(2, new byte[0]);
        view.setSafe(0, longText);
        view.setNull(1);
        view.setSafe(2, new byte[0]);
        for (FieldVector vector : List.of(small, large, view)) {
            assertThat(stored(ColumnType.VARCHAR, vector))
                    .containsExactly(new String(longText, StandardCharsets.UTF_8), null, "");
        }
        VarCharVector symbols = new VarCharVector("c0", root);
        symbols.setSafe(0, longText);
        symbols.setSafe(1, "x".getBytes(StandardCharsets.UTF_8));
        symbols.setNull(2);
        assertThat(stored(ColumnType.SYMBOL, symbols))
                .containsExactly(new String(longText, StandardCharsets.UTF_8), "x", null);
    }

    private void assertBroken(ColumnType type, FieldVector vector, String message) {
        assertThatThrownBy(() -> stored(type, vector))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATATYPE_MISMATCH))
                .hasMessageContaining(
                        "cannot append to 't': column 'c0', a " + type + ", got a broken Arrow vector: " + message);
        storage.dropTable("t");
    }

    @Test
    void offsetsThatLeaveTheBufferAreRefused() {
        int capacity = 16;
        int[][] offsets = {{0, 2, 1, 3}, {-1, 2, 3, 4}, {0, 1, 2, 1 << 30}, {0, 1, Integer.MIN_VALUE, 3}};
        String[] messages = {
            "a value from byte 2 to 1 of a buffer of %d bytes (row 2)",
            "a value from byte -1 to 2 of a buffer of %d bytes (row 1)",
            "a value from byte 2 to 1073741824 of a buffer of %d bytes (row 3)",
            "a value from byte 1 to -2147483648 of a buffer of %d bytes (row 2)",
        };
        for (int i = 0; i < offsets.length; i++) {
            for (ColumnType type : List.of(ColumnType.VARCHAR, ColumnType.SYMBOL)) {
                VarCharVector broken = new VarCharVector("c0", root);
                LargeVarCharVector large = new LargeVarCharVector("c0", root);
                broken.allocateNew(capacity, ROWS);
                large.allocateNew(capacity, ROWS);
                for (int row = 0; row < ROWS; row++) {
                    broken.setSafe(row, new byte[] {'x'});
                    large.setSafe(row, new byte[] {'x'});
                }
                broken.setValueCount(ROWS);
                large.setValueCount(ROWS);
                for (int at = 0; at <= ROWS; at++) {
                    broken.getOffsetBuffer().setInt((long) at * Integer.BYTES, offsets[i][at]);
                    large.getOffsetBuffer().setLong((long) at * Long.BYTES, offsets[i][at]);
                }
                String message = messages[i];
                assertBroken(
                        type, broken, message.formatted(broken.getDataBuffer().capacity()));
                assertBroken(
                        ColumnType.VARCHAR,
                        large,
                        message.formatted(large.getDataBuffer().capacity()));
            }
        }
    }

    @Test
    void viewsThatLeaveTheirBuffersAreRefused() {
        byte[] longText = "a text of more than twelve bytes".getBytes(StandardCharsets.UTF_8);
        int[][] parts = {{longText.length, 9, 0}, {longText.length, 0, 1 << 30}, {-1, 0, 0}, {longText.length, -1, 0}};
        for (int[] part : parts) {
            ViewVarCharVector broken = new ViewVarCharVector("c0", root);
            for (int row = 0; row < ROWS; row++) {
                broken.setSafe(row, longText);
            }
            broken.setValueCount(ROWS);
            long view = 2L * 16;
            broken.getDataBuffer().setInt(view, part[0]);
            broken.getDataBuffer().setInt(view + 8, part[1]);
            broken.getDataBuffer().setInt(view + 12, part[2]);
            assertBroken(
                    ColumnType.VARCHAR,
                    broken,
                    "a view of " + part[0] + " bytes from " + part[2] + " in buffer " + part[1] + " of "
                            + broken.getDataBuffers().size());
        }
    }

    @Test
    void bytesOfEveryLayout() {
        VarBinaryVector bytes = new VarBinaryVector("c0", root);
        bytes.setSafe(0, new byte[] {0, 1, (byte) 0xFF});
        bytes.setNull(1);
        bytes.setSafe(2, new byte[] {});
        assertThat(stored(ColumnType.VARBINARY, bytes)).containsExactly("\u0000\u0001ÿ", null, "");
        FixedSizeBinaryVector fixed = new FixedSizeBinaryVector("c0", root, 2);
        fixed.allocateNew(ROWS);
        fixed.set(0, new byte[] {65, 66});
        fixed.setNull(1);
        fixed.set(2, new byte[] {67, 68});
        assertThat(stored(ColumnType.VARBINARY, fixed)).containsExactly("AB", null, "CD");
    }

    @Test
    void timesOfEveryUnitBecomeNanoseconds() {
        TimeStampNanoVector nanos = new TimeStampNanoVector("c0", root);
        nanos.allocateNew(ROWS);
        nanos.set(0, 1_234_567_891L);
        nanos.set(1, -1);
        nanos.setNull(2);
        assertThat(stored(ColumnType.timestamp(3), nanos)).containsExactly(1_234_000_000L, -1_000_000L, null);
        TimeStampMicroTZVector micros = new TimeStampMicroTZVector("c0", root, "Europe/Berlin");
        micros.allocateNew(ROWS);
        micros.set(0, 5);
        micros.set(1, -7);
        micros.setNull(2);
        assertThat(stored(ColumnType.TIMESTAMP_NS, micros)).containsExactly(5_000L, -7_000L, null);
        TimeStampSecVector seconds = new TimeStampSecVector("c0", root);
        seconds.allocateNew(ROWS);
        seconds.set(0, 3);
        seconds.set(1, 1L << 40);
        seconds.setNull(2);
        assertThatThrownBy(() -> stored(ColumnType.TIMESTAMP_NS, seconds))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATETIME_OUT_OF_RANGE))
                .hasMessageContaining("(row 2)");
        storage.dropTable("t");
        TimeSecVector time = new TimeSecVector("c0", root);
        time.allocateNew(ROWS);
        time.set(0, 86_399);
        time.set(1, 0);
        time.setNull(2);
        assertThat(stored(ColumnType.TIME, time)).containsExactly(86_399_000_000_000L, 0L, null);
        TimeMicroVector timeMicros = new TimeMicroVector("c0", root);
        timeMicros.allocateNew(ROWS);
        timeMicros.set(0, 1);
        timeMicros.set(1, 2);
        timeMicros.set(2, 3);
        assertThat(stored(ColumnType.time(3), timeMicros)).containsExactly(0L, 0L, 0L);
        DateDayVector days = new DateDayVector("c0", root);
        days.allocateNew(ROWS);
        days.set(0, -1);
        days.set(1, 19_000);
        days.setNull(2);
        assertThat(stored(ColumnType.DATE, days)).containsExactly(-1L, 19_000L, null);
        DateMilliVector millis = new DateMilliVector("c0", root);
        millis.allocateNew(ROWS);
        millis.set(0, -1);
        millis.set(1, 86_400_000);
        millis.setNull(2);
        assertThat(stored(ColumnType.DATE, millis)).containsExactly(-1L, 1L, null);
    }

    @Test
    void dictionaryEncodedTextsAreLookedUp() {
        try (VarCharVector texts = new VarCharVector("texts", root)) {
            texts.setSafe(0, "red".getBytes(StandardCharsets.UTF_8));
            texts.setSafe(1, "a rather long shade of green".getBytes(StandardCharsets.UTF_8));
            texts.setValueCount(2);
            DictionaryEncoding encoding = new DictionaryEncoding(7, false, null);
            DictionaryProvider.MapDictionaryProvider provider =
                    new DictionaryProvider.MapDictionaryProvider(new Dictionary(texts, encoding));
            for (ColumnType type : List.of(ColumnType.SYMBOL, ColumnType.VARCHAR)) {
                assertThat(stored(type, codes(encoding, 1), provider))
                        .containsExactly("a rather long shade of green", "red", null);
            }
            assertThatThrownBy(() -> stored(ColumnType.SYMBOL, codes(encoding, 2), provider))
                    .hasMessageContaining("dictionary code 2");
            storage.dropTable("t");
            assertThatThrownBy(() -> stored(ColumnType.SYMBOL, codes(encoding, 1), null))
                    .hasMessageContaining("without their dictionary 7");
        }
    }

    private IntVector codes(DictionaryEncoding encoding, int first) {
        Field field = new Field(
                "c0", new FieldType(true, new IntVector("x", root).getField().getType(), encoding), null);
        IntVector codes = (IntVector) field.createVector(root);
        codes.allocateNew(ROWS);
        codes.set(0, first);
        codes.set(1, 0);
        codes.setNull(2);
        codes.setValueCount(ROWS);
        return codes;
    }

    @Test
    void columnsAreMatchedByNameAndMissingOnesAreNull() {
        TableMetadata table = table(ColumnType.BIGINT, ColumnType.VARCHAR, ColumnType.DOUBLE);
        BigIntVector numbers = new BigIntVector("C0", root);
        numbers.allocateNew(2);
        numbers.set(0, 5);
        numbers.set(1, 6);
        numbers.setValueCount(2);
        NullVector nothing = new NullVector("c2", 2);
        try (VectorSchemaRoot batch = VectorSchemaRoot.of(nothing, numbers)) {
            batch.setRowCount(2);
            assertThat(storage.append("t", batch, null)).isEqualTo(2);
        }
        try (SnapshotLease lease = storage.lease()) {
            assertThat(SnapshotReader.read(lease.snapshot().table(table.id()), budget))
                    .containsExactly(new Object[] {5L, null, null}, new Object[] {6L, null, null});
        }
        BigIntVector unknown = new BigIntVector("price", root);
        unknown.allocateNew(1);
        unknown.setValueCount(1);
        try (VectorSchemaRoot batch = VectorSchemaRoot.of(unknown)) {
            batch.setRowCount(1);
            assertThatThrownBy(() -> storage.append("t", batch, null))
                    .hasMessage("cannot append to 't': it has no column 'price'");
        }
        assertThat(storage.counters().received()).isEqualTo(3);
        assertThat(storage.counters().stored()).isEqualTo(2);
        assertThat(storage.counters().refused()).isEqualTo(1);
    }

    @Test
    void textsOfEveryLengthBecomeSymbols() {
        SplittableRandom random = new SplittableRandom(11);
        List<Object> expected = new ArrayList<>();
        VarCharVector texts = new VarCharVector("c0", root);
        for (int i = 0; i < MANY_ROWS; i++) {
            // few of each length, so that they come again; many differ in their last byte alone
            String text = random.nextInt(10) == 0
                    ? null
                    : "x".repeat(random.nextInt(20)) + (random.nextBoolean() ? "" : (char) ('a' + random.nextInt(9)));
            expected.add(text);
            if (text != null) {
                texts.setSafe(i, text.getBytes(StandardCharsets.UTF_8));
            }
        }
        texts.setValueCount(MANY_ROWS);
        assertThat(stored(ColumnType.SYMBOL, texts, null)).isEqualTo(expected);
    }
}
