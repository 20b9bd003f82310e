package io.zeptodb.engine.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.PartitionScheme.TimeSlice;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.partition.SealPolicy;
import io.zeptodb.engine.partition.SnapshotLease;
import io.zeptodb.engine.seal.Sealer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Random appends, aborts and seals against a list of rows; every snapshot taken on the way keeps its answer. */
class StorageDifferentialTest {
    private static final int STEPS = 40;

    private record Kept(SnapshotLease lease, int rows) {}

    @TestFactory
    Stream<DynamicTest> tablesGiveBackWhatWasCommitted() {
        List<DynamicTest> tests = new ArrayList<>();
        ColumnType[] keys = {null, ColumnType.SYMBOL, ColumnType.BIGINT, ColumnType.TINYINT};
        for (ColumnType key : keys) {
            for (TimeSlice slice : TimeSlice.values()) {
                tests.add(test(key, true, slice));
            }
            tests.add(test(key, false, TimeSlice.NONE));
        }
        return tests.stream();
    }

    private DynamicTest test(ColumnType key, boolean timed, TimeSlice slice) {
        long seed = 77L + slice.ordinal();
        return DynamicTest.dynamicTest(
                "key " + key + ", " + (timed ? "time by " + slice : "no time") + ", seed " + seed,
                () -> run(StorageModel.schema("t", key, timed, slice), seed));
    }

    private void run(TableSchema schema, long seed) {
        Random random = new Random(seed);
        try (RootAllocator root = new RootAllocator();
                MemoryBudget budget = new MemoryBudget(root.newChildAllocator("test", 0, Long.MAX_VALUE))) {
            int[] due = {0};
            try (Storage storage = new Storage(new MemoryBudget(root), new SealPolicy(1200, 100), () -> due[0]++)) {
                TableMetadata table = storage.createTable(schema);
                List<Object[]> model = new ArrayList<>();
                List<Kept> kept = new ArrayList<>();
                Sealer sealer = new Sealer(storage.store());
                long[] clock = {StorageModel.BASE};
                for (int step = 0; step < STEPS; step++) {
                    clock[0] += random.nextInt(10) == 0 ? StorageModel.HOUR : 0;
                    List<Object[]> appended = step(storage, table, random, clock, budget);
                    model.addAll(appended);
                    int action = random.nextInt(10);
                    if (action == 0) {
                        sealer.checkpoint();
                    } else if (action < 3) {
                        sealer.sealDue();
                    } else if (action < 5) {
                        kept.add(new Kept(storage.lease(), model.size()));
                    }
                    check(storage.lease(), table, model, budget);
                    if (random.nextInt(4) == 0 && !kept.isEmpty()) {
                        Kept old = kept.remove(random.nextInt(kept.size()));
                        check(old.lease, table, model.subList(0, old.rows), budget);
                    }
                }
                for (Kept old : kept) {
                    check(old.lease, table, model.subList(0, old.rows), budget);
                }
                assertThat(due[0]).isPositive();
                assertThat(storage.rowCount("T")).isEqualTo(model.size());
            }
            assertThat(root.getAllocatedMemory()).isZero();
        }
    }

    /** One transaction of some batches, perhaps aborted; the rows that are committed. */
    private List<Object[]> step(
            Storage storage, TableMetadata table, Random random, long[] clock, MemoryBudget budget) {
        List<Object[]> committed = new ArrayList<>();
        try (Transaction transaction = storage.begin()) {
            int batches = random.nextInt(4);
            for (int b = 0; b < batches; b++) {
                int keys = 1 << random.nextInt(9);
                int size = random.nextInt(3) == 0 ? random.nextInt(900) : random.nextInt(30);
                List<Object[]> rows = new ArrayList<>();
                for (int r = 0; r < size; r++) {
                    rows.add(StorageModel.randomRow(table.schema(), random, keys, clock));
                }
                if (table.schema().keyOrdinal() != TableSchema.NONE && random.nextInt(4) == 0) {
                    // grouped by key: copied by ranges
                    int key = table.schema().keyOrdinal();
                    rows.sort((a, c) -> String.valueOf(a[key]).compareTo(String.valueOf(c[key])));
                }
                committed.addAll(append(transaction, table, rows, random, budget));
            }
            if (random.nextInt(5) == 0) {
                transaction.abort();
                return List.of();
            }
            transaction.commit();
            return committed;
        }
    }

    private List<Object[]> append(
            Transaction transaction, TableMetadata table, List<Object[]> rows, Random random, MemoryBudget budget) {
        List<WritableColumn> columns = StorageModel.columns(table.schema(), rows, budget);
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

    private void check(SnapshotLease lease, TableMetadata table, List<Object[]> model, MemoryBudget budget) {
        try (lease) {
            var snapshot = lease.snapshot().table(table.id());
            assertThat(snapshot.rowCount()).isEqualTo(model.size());
            List<Object[]> rows = SnapshotReader.read(snapshot, budget);
            assertThat(rows).hasSize(model.size());
            for (int i = 0; i < rows.size(); i++) {
                if (!Arrays.equals(rows.get(i), model.get(i))) {
                    assertThat(rows.get(i)).as("row " + i).isEqualTo(model.get(i));
                }
            }
        }
    }
}
