package io.zeptodb.engine.tier;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.PartitionScheme.TimeSlice;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.catalog.SegmentCompression;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.ingest.StorageModel;
import io.zeptodb.engine.store.FileDirectory;
import java.math.BigDecimal;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeStampNanoVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arrow's own reader opens a segment's file and finds the rows. */
class ArrowReaderTest {
    @TempDir
    Path folder;

    @Test
    void arrowReadsEveryType() throws Exception {
        TableSchema schema = StorageModel.schema("t", ColumnType.SYMBOL, true, TimeSlice.NONE);
        read(schema, 1500, 100);
    }

    @Test
    void arrowReadsASegmentWithMoreSymbolsThanAreWorthWriting() throws Exception {
        TableSchema schema = StorageModel.schema("t", ColumnType.SYMBOL, true, TimeSlice.NONE);
        read(schema, 20, 5_000);
    }

    @Test
    void arrowDecompressesWhatWasCompressed() throws Exception {
        TableSchema schema = StorageModel.schema("t", ColumnType.SYMBOL, true, TimeSlice.NONE);
        read(schema, 20_000, 100, SegmentCompression.LZ4);
        read(schema, 20_000, 100, SegmentCompression.ZSTD);
    }

    private void read(TableSchema schema, int rows, int keys) throws Exception {
        read(schema, rows, keys, SegmentCompression.NONE);
    }

    private void read(TableSchema schema, int rows, int keys, SegmentCompression compression) throws Exception {
        try (FileDirectory directory = FileDirectory.open(folder.toString());
                SegmentHarness harness = new SegmentHarness(schema, directory)) {
            Random random = new Random(5);
            long[] clock = {StorageModel.BASE};
            for (int step = 0; step < 2; step++) {
                List<Object[]> some = new ArrayList<>();
                for (int i = 0; i < rows; i++) {
                    some.add(StorageModel.randomRow(schema, random, keys, clock));
                }
                harness.append(some);
            }
            for (SegmentMetadata file : harness.merge(compression)) {
                Path path = Path.of(directory.path(file.file().name()));
                try (RootAllocator allocator = new RootAllocator();
                        FileChannel channel = FileChannel.open(path);
                        ArrowFileReader reader =
                                new ArrowFileReader(channel, allocator, CommonsCompressionFactory.INSTANCE)) {
                    check(reader, file, harness);
                }
            }
        }
    }

    private static void check(ArrowFileReader reader, SegmentMetadata file, SegmentHarness harness) throws Exception {
        VectorSchemaRoot root = reader.getVectorSchemaRoot();
        assertThat(reader.getMetaData())
                .containsEntry("zepto.format", "1")
                .containsEntry("zepto.segment", Long.toString(file.number()));
        assertThat(reader.loadNextBatch()).isTrue();
        assertThat(root.getRowCount()).isEqualTo((int) file.rows());
        BigIntVector sequences = (BigIntVector) root.getVector("__sequence");
        List<ColumnDefinition> columns = harness.table.schema().columns();
        for (int c = 0; c < columns.size(); c++) {
            FieldVector vector = root.getVector(columns.get(c).name());
            Field field = vector.getField();
            assertThat(field.getMetadata())
                    .isEqualTo(Map.of(
                            "zepto.column",
                            Integer.toString(c),
                            "zepto.type",
                            columns.get(c).type().toString()));
            Dictionary dictionary = field.getDictionary() == null
                    ? null
                    : reader.lookup(field.getDictionary().getId());
            for (int row = 0; row < root.getRowCount(); row++) {
                Object expected = harness.model.get(sequences.get(row))[c];
                assertThat(value(vector, row, columns.get(c).type(), dictionary))
                        .isEqualTo(expected);
            }
        }
        assertThat(reader.loadNextBatch()).isFalse();
    }

    private static Object value(FieldVector vector, int row, ColumnType type, Dictionary dictionary) {
        if (vector.isNull(row)) {
            return null;
        }
        return switch (type.kind()) {
            case BOOLEAN -> ((BitVector) vector).get(row) != 0;
            case TIME -> ((TimeNanoVector) vector).get(row);
            case TIMESTAMP -> ((TimeStampNanoVector) vector).get(row);
            case DATE -> (long) ((DateDayVector) vector).get(row);
            case REAL, DOUBLE -> ((Number) vector.getObject(row)).doubleValue();
            case DECIMAL -> (BigDecimal) vector.getObject(row);
            case VARCHAR -> vector.getObject(row).toString();
            case SYMBOL ->
                dictionary
                        .getVector()
                        .getObject((int) (long) ((Number) vector.getObject(row)).longValue())
                        .toString();
            case VARBINARY -> new String((byte[]) vector.getObject(row), StandardCharsets.ISO_8859_1);
            default -> ((Number) vector.getObject(row)).longValue();
        };
    }
}
