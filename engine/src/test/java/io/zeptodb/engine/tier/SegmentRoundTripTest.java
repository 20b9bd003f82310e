package io.zeptodb.engine.tier;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.PartitionScheme;
import io.zeptodb.engine.api.PartitionScheme.TimeSlice;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.catalog.SegmentCompression;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.ingest.StorageModel;
import io.zeptodb.engine.store.FileDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class SegmentRoundTripTest {
    @TempDir
    Path folder;

    private FileDirectory directory(String name) {
        return FileDirectory.open(folder.resolve(name).toString());
    }

    @TestFactory
    Stream<DynamicTest> segmentsOfEveryKindMergeIntoFilesThatGiveBackTheirRows() {
        List<DynamicTest> tests = new ArrayList<>();
        ColumnType[] keys = {null, ColumnType.SYMBOL, ColumnType.BIGINT, ColumnType.TINYINT};
        for (SegmentCompression compression : SegmentCompression.values()) {
            for (ColumnType key : keys) {
                for (TimeSlice slice : List.of(TimeSlice.NONE, TimeSlice.DAY)) {
                    tests.add(test(key, true, slice, compression));
                }
                tests.add(test(key, false, TimeSlice.NONE, compression));
            }
        }
        return tests.stream();
    }

    private DynamicTest test(ColumnType key, boolean timed, TimeSlice slice, SegmentCompression compression) {
        String name = key + "-" + timed + "-" + slice + "-" + compression;
        return DynamicTest.dynamicTest(name, () -> {
            Random random = new Random(name.hashCode());
            TableSchema schema = StorageModel.schema("t", key, timed, slice);
            try (FileDirectory directory = directory(name);
                    SegmentHarness harness = new SegmentHarness(schema, directory)) {
                long[] clock = {StorageModel.BASE};
                for (int step = 0; step < 5; step++) {
                    List<Object[]> rows = new ArrayList<>();
                    for (int r = 0; r < 300; r++) {
                        rows.add(StorageModel.randomRow(schema, random, 1 << (2 * step), clock));
                    }
                    harness.append(rows);
                    if (step == 1) {
                        harness.delete(some(harness.model, random));
                    }
                    if (step % 3 < 2) {
                        harness.seal(step % 3 == 0);
                    }
                    if (step > 1) {
                        harness.delete(some(harness.model, random));
                    }
                }
                check(harness, compression);
            }
        });
    }

    private static List<Long> some(SortedMap<Long, Object[]> rows, Random random) {
        return rows.keySet().stream().filter(sequence -> random.nextInt(6) == 0).toList();
    }

    private static void check(SegmentHarness harness, SegmentCompression compression) {
        List<SegmentMetadata> files = harness.merge(compression);
        assertThat(files.stream().mapToLong(SegmentMetadata::rows).sum()).isEqualTo(harness.model.size());
        SortedMap<Long, Object[]> rows = harness.read(files);
        assertThat(rows.keySet()).isEqualTo(harness.model.keySet());
        rows.forEach((sequence, row) -> assertThat(row).as("row " + sequence).isEqualTo(harness.model.get(sequence)));
        for (SegmentMetadata file : files) {
            try (SegmentFile opened = new SegmentFile(harness.directory, file, harness.table, harness.budget)) {
                assertThat(opened.verify(() -> {})).isEqualTo(file.rows());
                assertThat(opened.isOpen()).isFalse();
            }
        }
    }

    private static TableSchema texts() {
        return new TableSchema(
                "t",
                List.of(
                        new ColumnDefinition("k", ColumnType.SYMBOL, true),
                        new ColumnDefinition("s", ColumnType.VARCHAR, true),
                        new ColumnDefinition("b", ColumnType.VARBINARY, true),
                        new ColumnDefinition("f", ColumnType.BOOLEAN, true)),
                TableSchema.NONE,
                0,
                new PartitionScheme(true, TimeSlice.NONE));
    }

    @Test
    void emptyAndLongTextsAndColumnsOfNothingButNullGoThroughAFile() {
        for (SegmentCompression compression : SegmentCompression.values()) {
            try (FileDirectory directory = directory("texts" + compression);
                    SegmentHarness harness = new SegmentHarness(texts(), directory)) {
                List<Object[]> rows = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    rows.add(new Object[] {"k" + i % 7, "", "", null});
                    rows.add(new Object[] {null, "x".repeat(i * 1000), null, null});
                    rows.add(new Object[] {"", "ä".repeat(i), "\u0000", null});
                }
                harness.append(rows);
                check(harness, compression);
            }
        }
    }

    @Test
    void manyKeysOfFewRowsGoThroughAFile() {
        for (SegmentCompression compression : SegmentCompression.values()) {
            try (FileDirectory directory = directory("keys" + compression);
                    SegmentHarness harness = new SegmentHarness(texts(), directory)) {
                for (int step = 0; step < 3; step++) {
                    List<Object[]> rows = new ArrayList<>();
                    for (int i = 0; i < 20_000; i++) {
                        rows.add(new Object[] {
                            "key" + (i * 7919) % 20_000, "a text of more than twelve bytes " + i, null, i % 3 == 0
                        });
                    }
                    harness.append(rows);
                    harness.seal(step == 1);
                }
                check(harness, compression);
            }
        }
    }

    @Test
    void aSegmentOfWhichNoRowIsLeftIsNoFile() {
        try (FileDirectory directory = directory("none");
                SegmentHarness harness = new SegmentHarness(texts(), directory)) {
            harness.append(List.of(new Object[] {"a", "b", "c", true}, new Object[] {"b", "b", "c", true}));
            try (var lease = harness.storage.lease()) {
                var segments = lease.snapshot()
                        .table(harness.table.id())
                        .partitions()
                        .get(0)
                        .segments();
                harness.delete(List.of(1L));
                harness.seal(true);
                assertThat(harness.merge(SegmentCompression.NONE)).hasSize(1);
                assertThat(segments.get(0).rowCount()).isEqualTo(2);
            }
            harness.delete(List.of(0L));
            assertThat(harness.merge(SegmentCompression.NONE)).isEmpty();
        }
    }
}
