package io.zeptodb.engine.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.ColumnView;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.PartitionScheme;
import io.zeptodb.engine.api.PartitionScheme.TimeSlice;
import io.zeptodb.engine.api.Retention;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.partition.BitScratch;
import io.zeptodb.engine.partition.PartitionSnapshot;
import io.zeptodb.engine.partition.SealPolicy;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.partition.SnapshotLease;
import io.zeptodb.engine.partition.TableSnapshot;
import io.zeptodb.engine.seal.Sealer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StorageTest {
    private static final TableSchema KEYED = new TableSchema(
            "keyed",
            List.of(
                    new ColumnDefinition("k", ColumnType.BIGINT, true),
                    new ColumnDefinition("v", ColumnType.BIGINT, false)),
            TableSchema.NONE,
            0,
            new PartitionScheme(true, TimeSlice.NONE));

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

    /** Rows of one key with ascending values from {@code first} on. */
    private void append(Transaction transaction, TableMetadata table, long key, long first, int rows) {
        try (WritableColumn keys = new WritableColumn(budget, ColumnType.BIGINT);
                WritableColumn values = new WritableColumn(budget, ColumnType.BIGINT)) {
            keys.reserve(1);
            keys.setLong(0, key);
            keys.setRowCount(1);
            values.reserve(Math.max(rows, 1));
            for (int i = 0; i < rows; i++) {
                values.setLong(i, first + i);
            }
            values.setRowCount(rows);
            ColumnVector constant = keys.vector().asConstant(true);
            transaction.append(table, new ColumnVector[] {constant, values.vector()}, null, rows);
        }
    }

    private void appendCommitted(TableMetadata table, long key, long first, int rows) {
        try (Transaction transaction = storage.begin()) {
            append(transaction, table, key, first, rows);
            transaction.commit();
        }
    }

    private long[] valuesOf(TableSnapshot table, long key) {
        List<Long> all = new ArrayList<>();
        try (BitScratch bits = new BitScratch(budget)) {
            for (PartitionSnapshot partition : table.partitions()) {
                for (SegmentSnapshot segment : partition.segments()) {
                    int run = segment.findRun(key);
                    if (run >= 0) {
                        ColumnVector vector = new ColumnVector(ColumnType.BIGINT);
                        segment.slice(1, run, 0, segment.runRows(run), vector, bits);
                        for (int i = 0; i < segment.runRows(run); i++) {
                            all.add(vector.getLong(i));
                        }
                    }
                }
            }
        }
        return all.stream().mapToLong(Long::longValue).toArray();
    }

    @Test
    void aSliceThatATableHasComeToKeepIsNotDropped() {
        TableMetadata table = storage.createTable(KEYED.withRetention(new Retention(0, "cold")));
        appendCommitted(table, 1, 5, 3);
        try (Transaction transaction = storage.begin()) {
            transaction.alterTable(table, new TableMetadata(table.id(), KEYED.withRetention(Retention.NONE)));
            transaction.commit();
        }
        long slice = storage.current().table(table.id()).partitions().get(0).sliceStart();
        try (Transaction transaction = storage.begin()) {
            assertThatThrownBy(() -> transaction.dropSlice(table, slice))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
                    .hasMessageContaining("TTL");
        }
        assertThat(storage.rowCount("keyed")).isEqualTo(3);
    }

    @Test
    void aCommitIsAtomicAcrossTablesAndAnAbortLeavesNothing() {
        TableMetadata one = storage.createTable(KEYED);
        TableSchema second =
                new TableSchema("other", KEYED.columns(), KEYED.timestampOrdinal(), 0, KEYED.partitioning());
        TableMetadata two = storage.createTable(second);
        try (Transaction transaction = storage.begin()) {
            append(transaction, one, 1, 0, 10);
            append(transaction, two, 1, 0, 20);
            assertThat(storage.rowCount("keyed")).isZero();
            transaction.commit();
        }
        assertThat(storage.rowCount("KEYED")).isEqualTo(10);
        assertThat(storage.rowCount("other")).isEqualTo(20);
        try (Transaction transaction = storage.begin()) {
            append(transaction, one, 1, 100, 1000);
            append(transaction, one, 2, 100, 1000);
            append(transaction, two, 9, 100, 5);
            transaction.abort();
        }
        assertThat(storage.rowCount("keyed", 1L)).isEqualTo(10);
        assertThat(storage.rowCount("keyed", 2L)).isZero();
        assertThat(storage.rowCount("other", 9L)).isZero();
        appendCommitted(one, 3, 7, 3);
        try (SnapshotLease lease = storage.lease()) {
            assertThat(valuesOf(lease.snapshot().table(one.id()), 3)).containsExactly(7, 8, 9);
            assertThat(valuesOf(lease.snapshot().table(one.id()), 2)).isEmpty();
        }
    }

    @Test
    void tablesComeAndGoWithTheirTransaction() {
        try (Transaction transaction = storage.begin()) {
            TableMetadata table = transaction.createTable(KEYED);
            append(transaction, table, 1, 0, 10);
            assertThat(storage.catalog().find("keyed")).isEmpty();
            transaction.abort();
        }
        assertThat(storage.catalog().find("keyed")).isEmpty();
        TableMetadata table;
        try (Transaction transaction = storage.begin()) {
            table = transaction.createTable(KEYED);
            append(transaction, table, 1, 0, 10);
            transaction.commit();
        }
        assertThatThrownBy(() -> storage.createTable(KEYED)).hasMessage("table 'keyed' exists already");
        long withTable = root.getAllocatedMemory();
        SnapshotLease reader = storage.lease();
        storage.dropTable("keyed");
        assertThatThrownBy(() -> storage.rowCount("keyed")).hasMessageContaining("does not exist");
        assertThat(valuesOf(reader.snapshot().table(table.id()), 1)).hasSize(10);
        assertThat(root.getAllocatedMemory()).isEqualTo(withTable);
        reader.close();
        assertThat(root.getAllocatedMemory()).isZero();
        TableMetadata again = storage.createTable(KEYED);
        assertThat(again.id()).isGreaterThan(table.id());
        assertThatThrownBy(() -> appendCommitted(table, 1, 0, 1)).hasMessageContaining("table 'keyed' was dropped");
        assertThat(storage.rowCount("keyed")).isZero();
    }

    @Test
    void aThreadThatWouldWaitForItselfIsTold() {
        TableMetadata table = storage.createTable(KEYED);
        try (Transaction transaction = storage.begin()) {
            append(transaction, table, 1, 0, 1);
            assertThatThrownBy(() -> appendCommitted(table, 1, 0, 1))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
            transaction.commit();
            assertThatThrownBy(transaction::commit)
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_TRANSACTION_STATE));
        }
        assertThat(storage.rowCount("keyed")).isEqualTo(1);
    }

    @Test
    void wrongRowsAreRefusedWithTheirPlaceAndLeaveNothing() {
        TableMetadata table = storage.createTable(KEYED);
        try (WritableColumn keys = new WritableColumn(budget, ColumnType.BIGINT);
                WritableColumn values = new WritableColumn(budget, ColumnType.BIGINT);
                WritableColumn texts = new WritableColumn(budget, ColumnType.VARCHAR)) {
            for (WritableColumn column : List.of(keys, values, texts)) {
                column.reserve(3);
                column.setRowCount(3);
            }
            values.setNull(1);
            texts.setText(0, "a");
            texts.setText(1, "b");
            texts.setText(2, "c");
            Transaction first = storage.begin();
            assertThatThrownBy(() -> first.append(table, new ColumnVector[] {keys.vector(), values.vector()}, null, 3))
                    .hasMessage("cannot append to 'keyed': column 'v' is NOT NULL, got NULL (row 2)");
            assertThatThrownBy(first::commit).isInstanceOf(EngineException.class);
            Transaction second = storage.begin();
            assertThatThrownBy(() -> second.append(table, new ColumnVector[] {keys.vector(), texts.vector()}, null, 3))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATATYPE_MISMATCH))
                    .hasMessage("cannot append to 'keyed': column 'v' is BIGINT, got VARCHAR");
            Transaction third = storage.begin();
            assertThatThrownBy(() -> third.append(table, new ColumnVector[] {keys.vector()}, null, 3))
                    .hasMessage("cannot append to 'keyed': it has 2 columns, got 1");
            for (Transaction transaction : List.of(first, second, third)) {
                transaction.close();
            }
        }
        assertThat(storage.rowCount("keyed")).isZero();
        assertThatThrownBy(() -> storage.rowCount("keyed", "x"))
                .hasMessageContaining("is BIGINT, got a java.lang.String");
    }

    @Test
    void memoryThatIsRefusedLeavesTheTableAsItWas() {
        try (RootAllocator small = new RootAllocator(4 << 20);
                Storage tight = new Storage(new MemoryBudget(small), SealPolicy.ofSealRows(1 << 20), () -> {})) {
            TableMetadata table = tight.createTable(KEYED);
            long committed = 0;
            EngineException refusal = null;
            while (refusal == null) {
                long key = committed % 7;
                try (Transaction transaction = tight.begin()) {
                    append(transaction, table, key, committed, 1000);
                    transaction.commit();
                    committed += 1000;
                } catch (EngineException e) {
                    refusal = e;
                }
            }
            assertThat(refusal.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
            assertThat(refusal).hasMessageContaining("table keyed").hasMessageContaining("memory_limit");
            assertThat(committed).isPositive();
            assertThat(tight.rowCount("keyed")).isEqualTo(committed);
            try (Transaction transaction = tight.begin()) {
                append(transaction, table, 1, 0, 1);
                transaction.commit();
            }
            assertThat(tight.rowCount("keyed")).isEqualTo(committed + 1);
        }
    }

    @Test
    void symbolsOfAbortedTransactionsCountAgainstTheLimit() {
        TableSchema named = new TableSchema(
                "named",
                List.of(new ColumnDefinition("s", ColumnType.SYMBOL, true)),
                TableSchema.NONE,
                TableSchema.NONE,
                PartitionScheme.UNPARTITIONED);
        try (RootAllocator small = new RootAllocator(4 << 20);
                Storage tight = new Storage(new MemoryBudget(small), SealPolicy.ofSealRows(1 << 20), () -> {});
                WritableColumn texts = new WritableColumn(budget, ColumnType.VARCHAR)) {
            TableMetadata table = tight.createTable(named);
            EngineException refusal = null;
            for (int batch = 0; refusal == null; batch++) {
                texts.clear();
                texts.reserve(1000);
                for (int i = 0; i < 1000; i++) {
                    texts.setText(i, "a symbol that is new: " + (batch * 1000 + i));
                }
                texts.setRowCount(1000);
                try (Transaction transaction = tight.begin()) {
                    transaction.append(table, new ColumnVector[] {texts.vector()}, null, 1000);
                    transaction.abort();
                } catch (EngineException e) {
                    refusal = e;
                }
            }
            assertThat(refusal.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
            assertThat(tight.rowCount("named")).isZero();
            tight.dropTable("named");
            assertThat(small.getAllocatedMemory()).isLessThan(1 << 20);
            tight.createTable(named);
        }
    }

    @Test
    void readersSeeWholeCommitsWhileRowsAreWrittenAndSealed() throws InterruptedException {
        TableMetadata table = storage.createTable(KEYED);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int r = 0; r < 2; r++) {
            threads.add(new Thread(() -> {
                try {
                    while (!stop.get()) {
                        readAll(table);
                    }
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                }
            }));
        }
        Sealer sealer = new Sealer(storage.store());
        threads.add(new Thread(() -> {
            try {
                while (!stop.get()) {
                    sealer.checkpoint(() -> {});
                }
            } catch (Throwable e) {
                failure.compareAndSet(null, e);
            }
        }));
        threads.forEach(Thread::start);
        long end = System.nanoTime() + 1_500_000_000L;
        long next = 0;
        while (System.nanoTime() < end && failure.get() == null) {
            // each commit adds as many rows to key 0 as to key 1, with the values that follow
            try (Transaction transaction = storage.begin()) {
                int rows = 1 + (int) (next % 37);
                append(transaction, table, 0, next, rows);
                append(transaction, table, 1, next, rows);
                append(transaction, table, 2 + next % 300, next, 5);
                if (next % 5 == 0) {
                    transaction.abort();
                } else {
                    transaction.commit();
                    next += rows;
                }
                next += next % 5 == 0 ? 1 : 0;
            }
        }
        stop.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failure.get()).isNull();
        assertThat(storage.openLeases()).isZero();
    }

    private void readAll(TableMetadata table) {
        try (SnapshotLease lease = storage.lease()) {
            TableSnapshot rows = lease.snapshot().table(table.id());
            long[] left = valuesOf(rows, 0);
            long[] right = valuesOf(rows, 1);
            assertThat(left).isEqualTo(right);
            for (int i = 1; i < left.length; i++) {
                if (left[i] <= left[i - 1]) {
                    throw new AssertionError("value " + left[i] + " after " + left[i - 1]);
                }
            }
        }
    }

    @Test
    void aViewKeepsItsRowsWhateverHappensToTheTable() {
        TableMetadata table = storage.createTable(KEYED);
        appendCommitted(table, 1, 0, 5);
        List<ColumnView> hot = storage.columnViews("keyed", 1L, "v");
        for (int i = 0; i < 200; i++) {
            // the run moves, and others would take the room that it left
            appendCommitted(table, 1, 1000 + i, 1);
            appendCommitted(table, 2 + i, 5000, 5);
        }
        List<ColumnView> sealed = viewsAfterSeal(table);
        storage.dropTable("keyed");
        assertThat(hot).hasSize(1);
        ColumnView view = hot.get(0);
        assertThat(view.rowCount()).isEqualTo(5);
        for (int i = 0; i < 5; i++) {
            assertThat(view.getLong(i)).isEqualTo(i);
        }
        assertThatThrownBy(() -> view.getLong(5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(sealed.get(0).rowCount()).isEqualTo(205);
        assertThat(sealed.get(0).getLong(204)).isEqualTo(1199);
        assertThat(((BigIntVector) sealed.get(0).vector()).get(204)).isEqualTo(1199);
        assertThat(root.getAllocatedMemory()).isPositive();
        view.close();
        sealed.forEach(ColumnView::close);
        assertThatThrownBy(() -> view.getLong(0)).hasMessage("the view of column 'v' is closed");
    }

    private List<ColumnView> viewsAfterSeal(TableMetadata table) {
        assertThat(new Sealer(storage.store()).checkpoint(() -> {})).isEqualTo(1);
        assertThat(table.name()).isEqualTo("keyed");
        return storage.columnViews("keyed", 1L, "v");
    }

    @Test
    void anExportedBatchKeepsItsRows() {
        TableMetadata table = storage.createTable(KEYED);
        appendCommitted(table, 1, 0, 5);
        try (BufferAllocator foreign = root.newChildAllocator("foreign", 0, Long.MAX_VALUE)) {
            FieldVector exported;
            try (ColumnView view = storage.columnViews("keyed", 1L, "v").get(0)) {
                // to another allocator, whose references the table cannot count
                exported = (FieldVector) view.vector().getTransferPair(foreign).getTo();
                view.vector().makeTransferPair(exported).transfer();
            }
            for (int i = 0; i < 200; i++) {
                appendCommitted(table, 1, 1000 + i, 1);
                appendCommitted(table, 2 + i, 5000, 5);
            }
            for (int i = 0; i < 5; i++) {
                assertThat(((BigIntVector) exported).get(i)).isEqualTo(i);
            }
            exported.close();
        }
    }

    @Test
    void closingNamesWhoStillHoldsMemory() {
        TableMetadata table = storage.createTable(KEYED);
        appendCommitted(table, 1, 0, 5);
        ColumnView forgotten = storage.columnViews("keyed", 1L, "v").get(0);
        assertThatThrownBy(storage::close)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL_ERROR))
                .hasMessageContaining("'table keyed'");
        assertThat(forgotten.getLong(4)).isEqualTo(4);
        forgotten.close();
    }

    @Test
    void aLeaseThatIsOpenAtCloseKeepsItsMemoryUntilItEnds() {
        TableMetadata table = storage.createTable(KEYED);
        appendCommitted(table, 1, 0, 5);
        SnapshotLease lease = storage.lease();
        assertThatThrownBy(storage::close)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
        assertThat(valuesOf(lease.snapshot().table(table.id()), 1)).containsExactly(0, 1, 2, 3, 4);
        assertThatThrownBy(storage::lease).hasMessage("the database is closed");
        assertThatThrownBy(storage::begin).hasMessage("the database is closed");
        lease.close();
        lease.close();
        assertThat(root.getAllocatedMemory()).isZero();
    }

    @Test
    void closingEndsAWriterInTheMiddle() throws InterruptedException {
        TableMetadata table = storage.createTable(KEYED);
        AtomicReference<ErrorCode> end = new AtomicReference<>();
        AtomicReference<Throwable> other = new AtomicReference<>();
        CountDownLatch begun = new CountDownLatch(100);
        Thread writer = new Thread(() -> {
            try (Transaction transaction = storage.begin()) {
                for (int i = 0; ; i++) {
                    append(transaction, table, i % 100, i, 10);
                    begun.countDown();
                }
            } catch (EngineException e) {
                end.set(e.code());
            } catch (Throwable e) {
                other.set(e);
            }
        });
        writer.start();
        begun.await();
        storage.close();
        writer.join();
        assertThat(other.get()).isNull();
        assertThat(end.get()).isEqualTo(ErrorCode.CLOSED);
    }

    @Test
    void closingWaitsForACallThatReadsHoweverLongItTakes() throws InterruptedException {
        TableMetadata table = storage.createTable(KEYED);
        appendCommitted(table, 1, 0, 5);
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            try {
                storage.whileOpen(() -> {
                    try (SnapshotLease lease = storage.lease()) {
                        reading.countDown();
                        mayEnd.await();
                        assertThat(valuesOf(lease.snapshot().table(table.id()), 1))
                                .containsExactly(0, 1, 2, 3, 4);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
            } catch (Throwable e) {
                failure.compareAndSet(null, e);
            }
        });
        Thread closer = new Thread(() -> {
            try {
                storage.close();
            } catch (Throwable e) {
                failure.compareAndSet(null, e);
            }
        });
        reader.start();
        reading.await();
        closer.start();
        closer.join(300); // three times what a lease that nobody waits for is given
        mayEnd.countDown();
        reader.join();
        closer.join();
        assertThat(failure.get()).isNull();
        assertThat(root.getAllocatedMemory()).isZero();
        assertThatThrownBy(() -> storage.whileOpen(() -> {})).hasMessage("the database is closed");
        assertThatThrownBy(() -> storage.rowCount("keyed", 1)).hasMessage("the database is closed");
    }

    @Test
    void aHundredThousandSparseKeysFitInTwoHundredMegabytes() {
        TableSchema sparse = new TableSchema(
                "sparse",
                List.of(
                        new ColumnDefinition("k", ColumnType.SYMBOL, true),
                        new ColumnDefinition("price", ColumnType.DOUBLE, true),
                        new ColumnDefinition("volume", ColumnType.BIGINT, true),
                        new ColumnDefinition("ts", ColumnType.TIMESTAMP_NS, true)),
                3,
                0,
                new PartitionScheme(true, TimeSlice.DAY));
        TableMetadata table = storage.createTable(sparse);
        int keys = 100_000;
        try (WritableColumn k = new WritableColumn(budget, ColumnType.SYMBOL);
                WritableColumn price = new WritableColumn(budget, ColumnType.DOUBLE);
                WritableColumn volume = new WritableColumn(budget, ColumnType.BIGINT);
                WritableColumn ts = new WritableColumn(budget, ColumnType.TIMESTAMP_NS)) {
            for (WritableColumn column : List.of(k, price, volume, ts)) {
                column.reserve(keys);
                column.setRowCount(keys);
            }
            k.setDictionary(storage.store().dictionary(table.id(), 0));
            for (int i = 0; i < keys; i++) {
                k.setLong(i, storage.store().intern(table, 0, "key-number-" + i));
            }
            for (int round = 0; round < 10; round++) {
                for (int i = 0; i < keys; i++) {
                    price.setDouble(i, round);
                    volume.setLong(i, i);
                    ts.setLong(i, StorageModel.BASE + round * 1_000_000L + i);
                }
                try (Transaction transaction = storage.begin()) {
                    transaction.append(
                            table,
                            new ColumnVector[] {k.vector(), price.vector(), volume.vector(), ts.vector()},
                            null,
                            keys);
                    transaction.commit();
                }
            }
        }
        assertThat(storage.rowCount("sparse")).isEqualTo(1_000_000);
        assertThat(storage.rowCount("sparse", "key-number-77777")).isEqualTo(10);
        assertThat(root.getAllocatedMemory()).isLessThan(200L << 20);
        new Sealer(storage.store()).checkpoint(() -> {});
        assertThat(storage.rowCount("sparse", "key-number-77777")).isEqualTo(10);
        // rows of 36 bytes with the sequence, and the dictionary
        assertThat(root.getAllocatedMemory()).isLessThan(60L << 20);
    }

    @Test
    void symbolsOfAnotherTablesDictionaryAreTranslated() {
        TableSchema symbols = new TableSchema(
                "symbols",
                List.of(new ColumnDefinition("s", ColumnType.SYMBOL, true)),
                TableSchema.NONE,
                TableSchema.NONE,
                PartitionScheme.UNPARTITIONED);
        TableMetadata from = storage.createTable(symbols);
        TableMetadata to = storage.createTable(new TableSchema(
                "copy", symbols.columns(), TableSchema.NONE, TableSchema.NONE, PartitionScheme.UNPARTITIONED));
        storage.store().intern(to, 0, "other");
        try (WritableColumn codes = new WritableColumn(budget, ColumnType.SYMBOL);
                Transaction transaction = storage.begin()) {
            codes.reserve(4);
            for (int i = 0; i < 3; i++) {
                codes.setLong(i, storage.store().intern(from, 0, "s" + i % 2));
            }
            codes.setNull(3);
            codes.setRowCount(4);
            codes.setDictionary(storage.store().dictionary(from.id(), 0));
            transaction.append(to, new ColumnVector[] {codes.vector()}, null, 4);
            transaction.commit();
        }
        try (SnapshotLease lease = storage.lease()) {
            List<Object[]> rows = SnapshotReader.read(lease.snapshot().table(to.id()), budget);
            assertThat(rows)
                    .containsExactly(
                            new Object[] {"s0"}, new Object[] {"s1"}, new Object[] {"s0"}, new Object[] {null});
            SymbolDictionary dictionary = lease.snapshot().table(to.id()).dictionary(0);
            assertThat(dictionary.size()).isEqualTo(3);
        }
    }
}
