package io.zeptodb.engine.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.PartitionScheme.TimeSlice;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.catalog.SegmentCompression;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.partition.CompactionPolicy;
import io.zeptodb.engine.partition.SealPolicy;
import io.zeptodb.engine.partition.SealTask;
import io.zeptodb.engine.partition.SealedSegmentBuilder;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.partition.SnapshotLease;
import io.zeptodb.engine.seal.Sealer;
import io.zeptodb.engine.store.FileDirectory;
import io.zeptodb.engine.tier.FileSealer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random appends, deletes, truncations, aborts, seals and compactions, deletes in the middle of a seal or of a compaction among them, against a map
 * of rows by sequence number; every snapshot taken on the way keeps its answer.
 */
class StorageDifferentialTest {
    private static final int STEPS = 40;
    private static final CompactionPolicy COMPACTION = new CompactionPolicy(100, 2000, 2, 10_000, 0.2);

    @TempDir
    Path folder;

    private record Kept(SnapshotLease lease, SortedMap<Long, Object[]> rows) {}

    @TestFactory
    Stream<DynamicTest> tablesGiveBackWhatWasCommitted() {
        List<DynamicTest> tests = new ArrayList<>();
        ColumnType[] keys = {null, ColumnType.SYMBOL, ColumnType.BIGINT, ColumnType.TINYINT};
        for (Variant variant : Variant.values()) {
            for (ColumnType key : keys) {
                for (TimeSlice slice : TimeSlice.values()) {
                    tests.add(test(key, true, slice, variant));
                }
                tests.add(test(key, false, TimeSlice.NONE, variant));
            }
        }
        for (ColumnType key : keys) {
            for (List<String> dedup : List.of(
                    List.of("ts"),
                    List.of("ts", "k"),
                    List.of("k"),
                    List.of("k", "c_TINYINT"),
                    List.of("c_VARCHAR", "c_TINYINT", "ts"),
                    List.of("c_SMALLINT", "c_DECIMAL", "c_DOUBLE", "c_BOOLEAN"))) {
                if (key != null || !dedup.contains("k")) {
                    tests.add(upserts(key, dedup, TimeSlice.HOUR));
                }
            }
        }
        tests.add(upserts(ColumnType.SYMBOL, List.of("ts", "k", "c_DATE"), TimeSlice.NONE));
        return tests.stream();
    }

    private DynamicTest upserts(ColumnType key, List<String> dedup, TimeSlice slice) {
        return DynamicTest.dynamicTest("key " + key + ", upserts by " + dedup, () -> {
            TableSchema plain = StorageModel.schema("t", key, true, slice);
            TableSchema schema = new TableSchema(
                    "t",
                    plain.columns(),
                    plain.timestampOrdinal(),
                    plain.keyOrdinal(),
                    plain.partitioning(),
                    dedup.stream().map(plain::ordinalOf).toList(),
                    plain.retention());
            for (long seed = 1; seed <= Long.getLong("seeds", 2); seed++) {
                Variant variant = seed % 2 == 0 ? Variant.DELETES_IN_FILES : Variant.DELETES;
                new Run(schema, variant, seed)
                        .run(folder.resolve(key + "-" + String.join("-", dedup) + "-" + slice + "-" + seed));
            }
        });
    }

    /** What is done beside appending, and where sealed segments are. */
    private enum Variant {
        APPENDS,
        DELETES,
        DELETES_IN_FILES;

        boolean deletes() {
            return this == DELETES || this == DELETES_IN_FILES;
        }

        boolean inFiles() {
            return this == DELETES_IN_FILES;
        }
    }

    private DynamicTest test(ColumnType key, boolean timed, TimeSlice slice, Variant variant) {
        long seed = 77L + slice.ordinal();
        return DynamicTest.dynamicTest(
                "key " + key + ", " + (timed ? "time by " + slice : "no time") + ", " + variant + ", seed " + seed,
                () -> new Run(StorageModel.schema("t", key, timed, slice), variant, seed)
                        .run(folder.resolve(key + "-" + timed + "-" + slice + "-" + variant)));
    }

    /** One table and what it should hold. */
    private static final class Run {
        private final TableSchema schema;
        private final boolean deletes;
        private final boolean inFiles;
        private final Random random;
        private final long[] clock = {StorageModel.BASE};
        private final List<Kept> kept = new ArrayList<>();
        private SortedMap<Long, Object[]> model = new TreeMap<>();
        private long nextSequence;

        Run(TableSchema schema, Variant variant, long seed) {
            this.schema = schema;
            this.deletes = variant.deletes();
            this.inFiles = variant.inFiles();
            this.random = new Random(seed);
        }

        void run(Path folder) {
            try (RootAllocator root = new RootAllocator();
                    MemoryBudget budget = new MemoryBudget(root.newChildAllocator("test", 0, Long.MAX_VALUE))) {
                int[] due = {0};
                try (Storage storage = new Storage(new MemoryBudget(root), new SealPolicy(1200, 100), () -> due[0]++)) {
                    TableMetadata table = storage.createTable(schema);
                    Sealer sealer = new Sealer(storage.store());
                    FileSealer fileSealer = new FileSealer(
                            storage.store(), FileDirectory.open(folder.toString()), budget, SegmentCompression.NONE);
                    for (int step = 0; step < STEPS; step++) {
                        clock[0] += random.nextInt(10) == 0 ? StorageModel.HOUR : 0;
                        transaction(storage, table, budget);
                        int action = random.nextInt(10);
                        if (inFiles && action < 3) {
                            fileSealer.seal(action == 0);
                        } else if (action == 0) {
                            sealer.checkpoint(() -> {});
                        } else if (action < 3) {
                            sealer.sealDue(() -> {});
                        } else if (action < 5) {
                            kept.add(new Kept(storage.lease(), new TreeMap<>(model)));
                        } else if (action == 5) {
                            sealWithTransactionsBetween(storage, table, budget, fileSealer);
                        }
                        if (inFiles && action < 6) {
                            fileSealer.compact(COMPACTION, () -> transaction(storage, table, budget));
                        }
                        check(storage.lease(), table, model, budget);
                        if (random.nextInt(4) == 0 && !kept.isEmpty()) {
                            Kept old = kept.remove(random.nextInt(kept.size()));
                            check(old.lease, table, old.rows, budget);
                        }
                    }
                    for (Kept old : kept) {
                        check(old.lease, table, old.rows, budget);
                    }
                    assertThat(deletes || due[0] > 0).isTrue();
                    assertThat(storage.rowCount("T")).isEqualTo(model.size());
                    storage.dropTable("t");
                    assertThat(storage.openLeases()).isZero();
                }
                assertThat(root.getAllocatedMemory()).isZero();
            }
        }

        private void sealWithTransactionsBetween(
                Storage storage, TableMetadata table, MemoryBudget budget, FileSealer fileSealer) {
            try (SnapshotLease lease = storage.lease()) {
                assertThat(lease.snapshot().sequence()).isPositive();
                for (SealTask task : storage.store().beginSeal(true, () -> {})) {
                    transaction(storage, table, budget);
                    if (inFiles) {
                        fileSealer.seal(task, () -> transaction(storage, table, budget));
                        continue;
                    }
                    try (SealedSegmentBuilder builder = task.newBuilder()) {
                        SegmentSnapshot source = task.source();
                        IntStream.range(0, source.runCount())
                                .filter(run -> source.liveRows(run) > 0)
                                .boxed()
                                .sorted(Comparator.<Integer, Boolean>comparing(source::runKeyIsNull)
                                        .thenComparing(source::runKey))
                                .forEach(builder::addRun);
                        transaction(storage, table, budget);
                        storage.store().finish(task, builder, () -> {});
                    }
                    check(storage.lease(), table, model, budget);
                }
            }
        }

        /** One transaction of some batches and deletes, perhaps aborted. */
        private void transaction(Storage storage, TableMetadata table, MemoryBudget budget) {
            SortedMap<Long, Object[]> changed = new TreeMap<>(model);
            long[] next = {nextSequence};
            try (Transaction transaction = storage.begin()) {
                int changes = random.nextInt(5);
                for (int b = 0; b < changes; b++) {
                    if (deletes && random.nextInt(40) == 0) {
                        transaction.truncate(table);
                        changed.clear();
                    } else if (deletes && random.nextInt(2) == 0) {
                        delete(transaction, table, changed, next[0]);
                    } else {
                        List<Object[]> rows = someRows();
                        repeatKeys(rows, changed);
                        for (Object[] row : append(transaction, table, rows, budget)) {
                            changed.put(next[0]++, row);
                        }
                        keepNewest(changed);
                    }
                }
                if (random.nextInt(5) == 0) {
                    transaction.abort();
                    return;
                }
                transaction.commit();
                model = changed;
                nextSequence = next[0];
            }
        }

        private List<Object> keysOf(Object[] row) {
            List<Object> keys = new ArrayList<>();
            schema.dedupKeys().forEach(ordinal -> keys.add(row[ordinal]));
            return keys;
        }

        /** Gives some rows the dedup keys of others, of the table and among themselves. */
        private void repeatKeys(List<Object[]> rows, SortedMap<Long, Object[]> known) {
            if (schema.dedupKeys().isEmpty()) {
                return;
            }
            int one = 1 + random.nextInt(10);
            List<Object[]> all = new ArrayList<>(known.values());
            all.addAll(rows);
            for (Object[] row : rows) {
                if (random.nextInt(one) == 0) {
                    Object[] other = all.get(random.nextInt(all.size()));
                    schema.dedupKeys().forEach(ordinal -> row[ordinal] = other[ordinal]);
                }
            }
            if (random.nextInt(6) == 0) {
                // many rows of one time
                rows.forEach(row -> row[schema.timestampOrdinal()] = clock[0] - random.nextInt(2));
            }
            if (random.nextInt(3) == 0) {
                int time = schema.timestampOrdinal();
                rows.sort(Comparator.comparing(
                        row -> (Long) row[time], Comparator.nullsFirst(Comparator.naturalOrder())));
            }
        }

        private void keepNewest(SortedMap<Long, Object[]> rows) {
            if (!schema.dedupKeys().isEmpty()) {
                Map<List<Object>, Long> newest = new HashMap<>();
                rows.forEach((sequence, row) -> newest.put(keysOf(row), sequence));
                rows.keySet().retainAll(new HashSet<>(newest.values()));
            }
        }

        private void delete(
                Transaction transaction, TableMetadata table, SortedMap<Long, Object[]> rows, long nextSequence) {
            // none, a few, a range, every other one, all but a few
            int one = new int[] {1, 2, 50, 50, 500}[random.nextInt(5)];
            boolean inverted = random.nextInt(20) == 0;
            boolean anywhere = one > 2 || random.nextInt(20) == 0;
            long from = anywhere ? 0 : random.nextLong(nextSequence + 1);
            long end = anywhere ? nextSequence + 5 : from + random.nextLong(Math.min(nextSequence - from, 500) + 1);
            List<Long> sequences = new ArrayList<>();
            for (long sequence = from; sequence < end; sequence++) {
                if (random.nextInt(one) == 0 != inverted) {
                    sequences.add(sequence);
                }
            }
            int there = 0;
            for (Iterator<Long> each = sequences.iterator(); each.hasNext(); ) {
                there += rows.remove(each.next()) == null ? 0 : 1;
            }
            long[] array =
                    Arrays.copyOf(sequences.stream().mapToLong(Long::longValue).toArray(), sequences.size() + 3);
            assertThat(transaction.delete(table, array, sequences.size())).isEqualTo(there);
        }

        private List<Object[]> someRows() {
            int keys = 1 << random.nextInt(9);
            int size = random.nextInt(3) == 0 ? random.nextInt(900) : random.nextInt(30);
            List<Object[]> rows = new ArrayList<>();
            for (int r = 0; r < size; r++) {
                rows.add(StorageModel.randomRow(schema, random, keys, clock));
            }
            if (schema.keyOrdinal() != TableSchema.NONE && random.nextInt(4) == 0) {
                // grouped by key: copied by ranges
                int key = schema.keyOrdinal();
                rows.sort((a, c) -> String.valueOf(a[key]).compareTo(String.valueOf(c[key])));
            }
            return rows;
        }

        private List<Object[]> append(
                Transaction transaction, TableMetadata table, List<Object[]> rows, MemoryBudget budget) {
            List<WritableColumn> columns = StorageModel.columns(schema, rows, budget);
            try {
                Batch batch = new Batch(StorageModel.vectors(columns));
                SelectionVector selection = null;
                List<Object[]> selected = rows;
                if (random.nextInt(3) == 0) {
                    selection = new SelectionVector(rows.size());
                    selected = new ArrayList<>();
                    for (int i = 0; i < rows.size(); i++) {
                        if (random.nextBoolean()) {
                            selection.positions()[selected.size()] = i;
                            selected.add(rows.get(i));
                        }
                    }
                    selection.setCount(selected.size());
                }
                assertThat(transaction.append(table, batch.set(rows.size(), selection)))
                        .isEqualTo(selected.size());
                return selected;
            } finally {
                columns.forEach(WritableColumn::close);
            }
        }

        private static void check(
                SnapshotLease lease, TableMetadata table, SortedMap<Long, Object[]> model, MemoryBudget budget) {
            try (lease) {
                var snapshot = lease.snapshot().table(table.id());
                assertThat(snapshot.rowCount()).isEqualTo(model.size());
                SortedMap<Long, Object[]> rows = SnapshotReader.readBySequence(snapshot, budget);
                assertThat(rows.keySet()).isEqualTo(model.keySet());
                for (long sequence : rows.keySet()) {
                    if (!Arrays.equals(rows.get(sequence), model.get(sequence))) {
                        assertThat(rows.get(sequence)).as("row " + sequence).isEqualTo(model.get(sequence));
                    }
                }
            }
        }
    }
}
