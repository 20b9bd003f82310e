package io.zeptodb.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.ArrowRuntime;
import io.zeptodb.engine.api.EngineException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Batches that go through a stream are the batches, and bytes that are no stream are refused without harm. */
class BatchStreamTest {
    private static final int ROWS = 500;
    private static final long MOST_BYTES = 64L << 20;

    private final BufferAllocator allocator = new RootAllocator(MOST_BYTES);

    @BeforeAll
    static void openArrow() {
        ArrowRuntime.open();
    }

    @AfterEach
    void nothingIsLeft() {
        allocator.close();
    }

    private VectorSchemaRoot batch(int from) {
        BigIntVector numbers = new BigIntVector("p1", allocator);
        VarCharVector texts = new VarCharVector("p2", allocator);
        ViewVarCharVector views = new ViewVarCharVector("p3", allocator);
        for (FieldVector vector : List.of(numbers, texts, views)) {
            vector.setInitialCapacity(ROWS);
            vector.allocateNew();
        }
        for (int row = 0; row < ROWS; row++) {
            byte[] text = ("a text of row " + (from + row)).getBytes(StandardCharsets.UTF_8);
            numbers.setSafe(row, from + row);
            if (row % 3 > 0) {
                texts.setSafe(row, text);
                views.setSafe(row, text);
            }
        }
        List<FieldVector> vectors = List.of(numbers, texts, views);
        vectors.forEach(vector -> vector.setValueCount(ROWS));
        return new VectorSchemaRoot(vectors);
    }

    private static byte[] bytes(List<VectorSchemaRoot> batches, DictionaryProvider dictionaries, CodecType codec)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BatchStream.write(
                batches, dictionaries, ArrowRuntime.compression().createCodec(codec), Channels.newChannel(out));
        return out.toByteArray();
    }

    private BatchStream read(byte[] bytes) throws IOException {
        byte[] behind = new byte[bytes.length + 3];
        System.arraycopy(bytes, 0, behind, 3, bytes.length);
        return BatchStream.read(behind, 3, allocator, ArrowRuntime.compression());
    }

    private static List<String> rows(List<VectorSchemaRoot> batches) {
        List<String> rows = new ArrayList<>();
        for (VectorSchemaRoot batch : batches) {
            for (int row = 0; row < batch.getRowCount(); row++) {
                StringBuilder text = new StringBuilder();
                for (FieldVector column : batch.getFieldVectors()) {
                    text.append(column.getObject(row)).append('|');
                }
                rows.add(text.toString());
            }
        }
        return rows;
    }

    @ParameterizedTest
    @EnumSource(CodecType.class)
    void batchesComeThrough(CodecType codec) throws IOException {
        try (VectorSchemaRoot first = batch(0);
                VectorSchemaRoot second = batch(ROWS);
                BatchStream read = read(bytes(List.of(first, second), null, codec))) {
            assertThat(rows(read.batches())).hasSize(2 * ROWS).isEqualTo(rows(List.of(first, second)));
            assertThat(read.dictionaries()).isNull();
        }
    }

    @Test
    void dictionariesComeThrough() throws IOException {
        DictionaryEncoding encoding = new DictionaryEncoding(4, false, null);
        VarCharVector symbols = new VarCharVector("symbols", allocator);
        symbols.allocateNew(2);
        symbols.setSafe(0, "AAPL".getBytes(StandardCharsets.UTF_8));
        symbols.setSafe(1, "MSFT".getBytes(StandardCharsets.UTF_8));
        symbols.setValueCount(2);
        IntVector codes =
                new IntVector(new Field("p1", new FieldType(true, encoding.getIndexType(), encoding), null), allocator);
        codes.allocateNew(3);
        codes.setSafe(0, 1);
        codes.setSafe(2, 0);
        codes.setValueCount(3);
        DictionaryProvider.MapDictionaryProvider provider =
                new DictionaryProvider.MapDictionaryProvider(new Dictionary(symbols, encoding));
        try (symbols;
                VectorSchemaRoot batch = new VectorSchemaRoot(List.of(codes));
                BatchStream read = read(bytes(List.of(batch), provider, CodecType.NO_COMPRESSION))) {
            assertThat(rows(read.batches())).containsExactly("1|", "null|", "0|");
            FieldVector texts = read.dictionaries().lookup(4).getVector();
            assertThat(texts.getObject(1)).hasToString("MSFT");
        }
    }

    @ParameterizedTest
    @EnumSource(CodecType.class)
    void garbageIsRefusedAndLeavesNothing(CodecType codec) throws IOException {
        byte[] right;
        try (VectorSchemaRoot batch = batch(0)) {
            right = bytes(List.of(batch), null, codec);
        }
        Random random = new Random(codec.ordinal());
        for (int i = 0; i < 5_000; i++) {
            byte[] wrong = random.nextInt(4) == 0 ? Arrays.copyOf(right, random.nextInt(right.length)) : right.clone();
            for (int changes = 1 + random.nextInt(4); changes > 0 && wrong.length > 0; changes--) {
                // mostly where lengths and counts stand
                int at = random.nextInt(random.nextBoolean() ? Math.min(1_500, wrong.length) : wrong.length);
                wrong[at] = (byte) random.nextInt(256);
            }
            try (BatchStream read = read(wrong)) {
                for (VectorSchemaRoot batch : read.batches()) {
                    assertThat(batch.getRowCount()).isNotNegative();
                }
            } catch (IOException | OutOfMemoryException | EngineException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
            assertThat(allocator.getAllocatedMemory()).as("change %d", i).isZero();
        }
    }

    @Test
    void lengthsThatDoNotFitAreSaid() {
        byte[] huge = {-1, -1, -1, -1, -1, -1, -1, 127, 0, 0};
        assertThatThrownBy(() -> read(huge)).isInstanceOf(IOException.class).hasMessageContaining("does not fit in 2");
        assertThatThrownBy(() -> read(new byte[0])).hasMessageContaining("ends without an end");
        assertThatThrownBy(() -> read(new byte[100])).hasMessageContaining("marker");
    }
}
