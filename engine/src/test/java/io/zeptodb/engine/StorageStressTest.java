package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.PartitionScheme;
import io.zeptodb.engine.api.PartitionScheme.TimeSlice;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.ingest.Storage;
import io.zeptodb.engine.ingest.Transaction;
import io.zeptodb.engine.partition.BitScratch;
import io.zeptodb.engine.partition.DatabaseSnapshot;
import io.zeptodb.engine.partition.PartitionSnapshot;
import io.zeptodb.engine.partition.SealPolicy;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.partition.SnapshotLease;
import io.zeptodb.engine.partition.TableSnapshot;
import io.zeptodb.engine.seal.Sealer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

/**
 * One writer, a sealer, readers, and a thread that makes and drops tables, until the storage is closed under them. Every snapshot has exactly the
 * rows of a commit, in two tables that are always committed together; nothing is left in memory. {@code -Dstress.seconds=} and {@code -Dstress.seed=}
 * run it for longer and with other numbers.
 */
class StorageStressTest {
    private static final String SECONDS = "stress.seconds";
    private static final String SEED = "stress.seed";
    private static final long ROUND_MILLIS = 500;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int READERS = 2;

    private static TableSchema schema(String name) {
        return new TableSchema(
                name,
                List.of(
                        new ColumnDefinition("k", ColumnType.SYMBOL, true),
                        new ColumnDefinition("ts", ColumnType.TIMESTAMP_NS, false),
                        new ColumnDefinition("v", ColumnType.BIGINT, false)),
                1,
                0,
                new PartitionScheme(true, TimeSlice.HOUR));
    }

    @Test
    void everySnapshotIsACommit() throws Exception {
        long seed = Long.getLong(SEED, 1);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.getLong(SECONDS, 3));
        do {
            try (Round round = new Round(seed)) {
                round.run();
            } catch (Throwable e) {
                throw new AssertionError("with -D" + SEED + "=" + seed, e);
            }
            seed++;
        } while (System.nanoTime() < end);
    }

    /** What both tables have after a commit. */
    private record State(long rows, long sum) {}

    /** One storage from its opening to its end. */
    private static final class Round implements AutoCloseable {
        private final long seed;
        private final RootAllocator root = new RootAllocator();
        private final MemoryBudget budget = new MemoryBudget(root.newChildAllocator("test", 0, Long.MAX_VALUE));
        private final Storage storage = new Storage(new MemoryBudget(root), SealPolicy.ofSealRows(2000), () -> {});
        private final Sealer sealer = new Sealer(storage.store());
        /** By id of the first table, then by rows: what may be seen. */
        private final Map<Long, Map<Long, State>> states = new ConcurrentHashMap<>();
        /** A number that ascends with the commits of the writer, of the last one that has returned. */
        private final AtomicLong committed = new AtomicLong();

        private final Map<Long, Map<Long, Long>> commitNumbers = new ConcurrentHashMap<>();
        private final AtomicLong snapshotsRead = new AtomicLong();

        Round(long seed) {
            this.seed = seed;
        }

        void run() throws InterruptedException {
            try (Crew crew = new Crew()) {
                crew.start("writer", untilClosed(() -> write(new Random(seed))));
                crew.start("sealer", untilClosed(() -> seal(new Random(seed + 1))));
                crew.start("tables", untilClosed(() -> makeAndDrop(new Random(seed + 2))));
                for (int i = 0; i < READERS; i++) {
                    crew.start("reader", untilClosed(this::read));
                }
                do {
                    Thread.sleep(ROUND_MILLIS);
                } while (!crew.hasFailed() && (committed.get() == 0 || snapshotsRead.get() == 0));
                closeStorage();
            }
        }

        /** Readers that are in the middle are told by the next lease; their memory goes with the last of them. */
        private void closeStorage() {
            try {
                storage.close();
            } catch (EngineException e) {
                assertThat(e.code()).isIn(ErrorCode.CLOSED, ErrorCode.INTERNAL_ERROR);
            }
        }

        private static Crew.Work untilClosed(Crew.Work work) {
            return () -> {
                try {
                    work.run();
                } catch (EngineException e) {
                    if (e.code() != ErrorCode.CLOSED) {
                        throw e;
                    }
                }
            };
        }

        private void write(Random random) {
            TableMetadata left = null;
            TableMetadata right = null;
            State now = new State(0, 0);
            long next = 0;
            for (long number = 1; ; number++) {
                boolean renew = left == null || right == null || random.nextInt(200) == 0;
                try (Transaction transaction = storage.begin()) {
                    TableMetadata newLeft = left;
                    TableMetadata newRight = right;
                    if (newLeft == null || newRight == null || renew) {
                        if (newLeft != null) {
                            transaction.dropTable("l");
                            transaction.dropTable("r");
                        }
                        newLeft = transaction.createTable(schema("l"));
                        newRight = transaction.createTable(schema("r"));
                    }
                    State before = renew ? new State(0, 0) : now;
                    int rows = 1 + random.nextInt(random.nextInt(20) == 0 ? 3000 : 50);
                    append(transaction, newLeft, next, rows, random);
                    append(transaction, newRight, next, rows, random);
                    if (random.nextInt(10) == 0) {
                        transaction.abort();
                        continue;
                    }
                    State after = new State(before.rows + rows, before.sum + rows * next + sumBelow(rows));
                    next += rows;
                    states.computeIfAbsent(newLeft.id(), id -> new ConcurrentHashMap<>())
                            .put(after.rows, after);
                    commitNumbers
                            .computeIfAbsent(newLeft.id(), id -> new ConcurrentHashMap<>())
                            .put(after.rows, number);
                    transaction.commit();
                    committed.set(number);
                    now = after;
                    left = newLeft;
                    right = newRight;
                }
            }
        }

        private static long sumBelow(long rows) {
            return rows * (rows - 1) / 2;
        }

        /** Values that follow each other from {@code first} on, for keys and times that a reader need not know. */
        private void append(Transaction transaction, TableMetadata table, long first, int rows, Random random) {
            try (WritableColumn keys = new WritableColumn(budget, ColumnType.VARCHAR);
                    WritableColumn times = new WritableColumn(budget, ColumnType.TIMESTAMP_NS);
                    WritableColumn values = new WritableColumn(budget, ColumnType.BIGINT)) {
                for (WritableColumn column : List.of(keys, times, values)) {
                    column.reserve(rows);
                }
                for (int i = 0; i < rows; i++) {
                    if (random.nextInt(30) == 0) {
                        keys.setNull(i);
                    } else {
                        keys.setText(i, "key " + random.nextInt(80));
                    }
                    times.setLong(i, (first + random.nextInt(100)) * NANOS_PER_SECOND);
                    values.setLong(i, first + i);
                }
                for (WritableColumn column : List.of(keys, times, values)) {
                    column.setRowCount(rows);
                }
                transaction.append(
                        table, new ColumnVector[] {keys.vector(), times.vector(), values.vector()}, null, rows);
            }
        }

        private void seal(Random random) throws InterruptedException {
            while (true) {
                if (random.nextInt(4) == 0) {
                    sealer.checkpoint(() -> {});
                } else {
                    sealer.sealDue(() -> {});
                }
                Thread.sleep(random.nextInt(3));
            }
        }

        private void makeAndDrop(Random random) throws InterruptedException {
            while (true) {
                storage.createTable(schema("coming"));
                Thread.sleep(random.nextInt(3));
                try (Transaction transaction = storage.begin()) {
                    append(transaction, storage.catalog().get("coming"), 0, 10, random);
                    transaction.commit();
                }
                storage.dropTable("coming");
            }
        }

        private void read() {
            while (true) {
                long least = committed.get();
                try (SnapshotLease lease = storage.lease()) {
                    DatabaseSnapshot snapshot = lease.snapshot();
                    Optional<TableMetadata> left = snapshot.catalog().find("l");
                    Optional<TableMetadata> right = snapshot.catalog().find("r");
                    assertThat(left.isPresent()).isEqualTo(right.isPresent());
                    if (left.isPresent() && right.isPresent()) {
                        long id = left.get().id();
                        TableSnapshot rows = snapshot.table(id);
                        State expected = states.get(id).get(rows.rowCount());
                        assertThat(expected).isNotNull();
                        assertThat(stateOf(rows)).isEqualTo(expected);
                        assertThat(stateOf(snapshot.table(right.get().id()))).isEqualTo(expected);
                        assertThat(commitNumbers.get(id).get(rows.rowCount())).isGreaterThanOrEqualTo(least);
                        snapshotsRead.incrementAndGet();
                    }
                }
            }
        }

        private State stateOf(TableSnapshot table) {
            long rows = 0;
            long sum = 0;
            ColumnVector values = new ColumnVector(ColumnType.BIGINT);
            try (BitScratch bits = new BitScratch(budget)) {
                for (PartitionSnapshot partition : table.partitions()) {
                    for (SegmentSnapshot segment : partition.segments()) {
                        for (int run = 0; run < segment.runCount(); run++) {
                            int count = segment.runRows(run);
                            segment.slice(2, run, 0, count, values, bits);
                            for (int i = 0; i < count; i++) {
                                sum += values.getLong(i);
                            }
                            rows += count;
                        }
                    }
                }
            }
            assertThat(table.rowCount()).isEqualTo(rows);
            return new State(rows, sum);
        }

        @Override
        public void close() {
            storage.close();
            budget.close();
            assertThat(storage.openLeases()).isZero();
            assertThat(root.getAllocatedMemory()).isZero();
            root.close();
        }
    }
}
