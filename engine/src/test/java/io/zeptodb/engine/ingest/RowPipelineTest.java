package io.zeptodb.engine.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.IngestCounters;
import io.zeptodb.engine.api.PartitionScheme;
import io.zeptodb.engine.api.PartitionScheme.TimeSlice;
import io.zeptodb.engine.api.PipelineOptions;
import io.zeptodb.engine.api.PipelineOptions.WhenFull;
import io.zeptodb.engine.api.RowWriter;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SymbolTable;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.partition.SealPolicy;
import io.zeptodb.engine.partition.SnapshotLease;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RowPipelineTest {
    private static final TableSchema TRADES = new TableSchema(
            "trades",
            List.of(
                    new ColumnDefinition("symbol", ColumnType.SYMBOL, true),
                    new ColumnDefinition("price", ColumnType.DOUBLE, false),
                    new ColumnDefinition("volume", ColumnType.INTEGER, true),
                    new ColumnDefinition("ts", ColumnType.timestamp(6), true)),
            3,
            0,
            new PartitionScheme(true, TimeSlice.HOUR));

    private final RootAllocator root = new RootAllocator();
    private final Storage storage = new Storage(new MemoryBudget(root), SealPolicy.ofSealRows(1 << 20), () -> {});
    private final List<Thread> threads = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        storage.close();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(root.getAllocatedMemory()).isZero();
        root.close();
    }

    private static PipelineOptions options(int rows, WhenFull whenFull, boolean synchronous) {
        return new PipelineOptions(rows, whenFull, synchronous);
    }

    private Thread start(Runnable body) {
        Thread thread = new Thread(body);
        threads.add(thread);
        thread.start();
        return thread;
    }

    private static void write(RowWriter writer, String symbol, long i) {
        writer.setString(0, symbol)
                .setDouble(1, i)
                .setLong(2, i)
                .setLong(3, i * 1000)
                .append();
    }

    @Test
    void rowsOfEveryTypeComeBackAsTheyWentIn() {
        TableSchema schema = StorageModel.schema("t", ColumnType.SYMBOL, true, TimeSlice.DAY);
        TableMetadata table = storage.createTable(schema);
        RowPipeline pipeline = storage.openPipeline("t", options(1 << 10, WhenFull.BLOCK, true));
        Random random = new Random(5);
        long[] clock = {StorageModel.BASE};
        List<Object[]> rows = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            Object[] row = StorageModel.randomRow(schema, random, 20, clock);
            rows.add(row);
            Object[] given = row.clone();
            for (int c = 0; c < given.length; c++) {
                if (given[c] != null && schema.typeOf(c).equals(ColumnType.VARBINARY)) {
                    given[c] = ((String) given[c]).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
                }
            }
            pipeline.ingest(given);
        }
        pipeline.drain();
        assertThat(pipeline.counters()).isEqualTo(new IngestCounters(3000, 3000, 0));
        try (MemoryBudget budget = new MemoryBudget(root.newChildAllocator("test", 0, Long.MAX_VALUE));
                SnapshotLease lease = storage.lease()) {
            List<Object[]> read = SnapshotReader.read(lease.snapshot().table(table.id()), budget);
            for (int i = 0; i < rows.size(); i++) {
                assertThat(read.get(i)).isEqualTo(rows.get(i));
            }
        }
    }

    @Test
    void aFullQueueThatRefusesTakesExactlyItsRows() {
        storage.createTable(TRADES);
        RowPipeline pipeline = storage.openPipeline("trades", options(100, WhenFull.REFUSE, true));
        RowWriter writer = pipeline.newWriter();
        for (int i = 0; i < 128; i++) {
            write(writer, "A", i);
        }
        assertThat(storage.rowCount("trades")).isZero();
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> write(writer, "B", 1000))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.QUEUE_FULL))
                    .hasMessage("the queue of 'trades' is full: 128 rows wait; this row was refused");
        }
        assertThat(pipeline.counters()).isEqualTo(new IngestCounters(133, 0, 5));
        assertThat(pipeline.drain()).isEqualTo(128);
        write(writer, "C", 7);
        assertThat(pipeline.drain()).isEqualTo(1);
        assertThat(pipeline.counters()).isEqualTo(new IngestCounters(134, 129, 5));
        assertThat(storage.rowCount("trades", "A")).isEqualTo(128);
        assertThat(storage.rowCount("trades", "B")).isZero();
        assertThat(storage.rowCount("trades", "C")).isEqualTo(1);
        assertThat(storage.counters()).isEqualTo(new IngestCounters(134, 129, 5));
    }

    @Test
    void aFullSynchronousQueueDrainsItself() {
        storage.createTable(TRADES);
        RowPipeline pipeline = storage.openPipeline("trades", options(64, WhenFull.BLOCK, true));
        try (RowWriter writer = pipeline.newWriter()) {
            for (int i = 0; i < 1000; i++) {
                write(writer, "A", i);
            }
        }
        assertThat(storage.rowCount("trades")).isGreaterThanOrEqualTo(1000 - 64);
        pipeline.drain();
        assertThat(pipeline.counters()).isEqualTo(new IngestCounters(1000, 1000, 0));
    }

    @Test
    void whatManyThreadsWriteIsStoredOnceOrRefused() throws InterruptedException {
        storage.createTable(TRADES);
        for (WhenFull whenFull : WhenFull.values()) {
            long before = storage.rowCount("trades");
            RowPipeline pipeline = storage.openPipeline("trades", options(512, whenFull, false));
            Thread drain = start(pipeline::runDrain);
            AtomicLong accepted = new AtomicLong();
            AtomicLong refused = new AtomicLong();
            List<Thread> writers = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                String symbol = "S" + t;
                writers.add(start(() -> {
                    try (RowWriter writer = pipeline.newWriter()) {
                        for (int i = 0; i < 20_000; i++) {
                            try {
                                write(writer, symbol, i);
                                accepted.incrementAndGet();
                            } catch (EngineException e) {
                                refused.incrementAndGet();
                            }
                        }
                    }
                }));
            }
            for (Thread writer : writers) {
                writer.join();
            }
            pipeline.drain();
            assertThat(pipeline.counters()).isEqualTo(new IngestCounters(80_000, accepted.get(), refused.get()));
            assertThat(storage.rowCount("trades") - before).isEqualTo(accepted.get());
            assertThat(whenFull == WhenFull.BLOCK && refused.get() > 0).isFalse();
            pipeline.close();
            drain.join();
        }
    }

    @Test
    void theDrainThreadStoresWithoutBeingAsked() throws InterruptedException {
        storage.createTable(TRADES);
        RowPipeline pipeline = storage.openPipeline("trades", PipelineOptions.DEFAULT);
        start(pipeline::runDrain);
        RowWriter writer = pipeline.newWriter();
        for (int i = 1; i <= 200; i++) {
            write(writer, "A", i);
            while (storage.rowCount("trades") < i) {
                Thread.yield();
            }
        }
        // rows are seen before they are counted: a drain of one's own comes behind that of the thread
        assertThat(pipeline.drain()).isZero();
        assertThat(pipeline.counters()).isEqualTo(new IngestCounters(200, 200, 0));
    }

    @Test
    void countsAreRightWhileWritersComeAndGo() throws InterruptedException {
        storage.createTable(TRADES);
        RowPipeline pipeline = storage.openPipeline("trades", options(64, WhenFull.BLOCK, false));
        start(pipeline::runDrain);
        int writers = 2_000;
        Thread writing = start(() -> {
            for (int i = 0; i < writers; i++) {
                try (RowWriter writer = pipeline.newWriter()) {
                    write(writer, "A", i);
                }
            }
        });
        long last = 0;
        do {
            IngestCounters counters = pipeline.counters();
            assertThat(counters.received()).isBetween(Math.max(last, counters.stored()), (long) writers);
            assertThat(counters.refused()).isZero();
            last = counters.received();
        } while (writing.isAlive());
        pipeline.close();
        assertThat(pipeline.counters()).isEqualTo(new IngestCounters(writers, writers, 0));
    }

    @Test
    void aDrainThatComesBehindTheCloseFindsThePipelineClosed() throws InterruptedException {
        CountDownLatch firstDrains = new CountDownLatch(1);
        CountDownLatch othersWait = new CountDownLatch(1);
        AtomicLong drains = new AtomicLong();
        Queue<RowWriter> open = new ConcurrentLinkedQueue<>();
        // called in the commit of each drain
        try (Storage hooked = new Storage(new MemoryBudget(root), new SealPolicy(1, 1), () -> {
            if (drains.incrementAndGet() == 1) {
                firstDrains.countDown();
                await(othersWait);
            } else {
                // after the last drain has looked who is closed
                open.forEach(RowWriter::close);
            }
        })) {
            hooked.createTable(TRADES);
            RowPipeline pipeline = hooked.openPipeline("trades", options(64, WhenFull.BLOCK, true));
            RowWriter writer = pipeline.newWriter();
            open.add(writer);
            write(writer, "A", 1);
            Thread first = start(pipeline::drain);
            await(firstDrains);
            write(writer, "A", 2);
            Thread closing = start(pipeline::close);
            awaitWaiting(closing);
            Queue<Throwable> told = new ConcurrentLinkedQueue<>();
            Thread late = start(() -> {
                try {
                    pipeline.drain();
                } catch (EngineException e) {
                    told.add(e);
                }
            });
            awaitWaiting(late);
            othersWait.countDown();
            for (Thread thread : List.of(first, closing, late)) {
                thread.join();
            }
            assertThat(told)
                    .singleElement()
                    .satisfies(e -> assertThat(e).hasMessage("the pipeline of 'trades' is closed"));
            assertThat(pipeline.counters()).isEqualTo(new IngestCounters(2, 2, 0));
            assertThat(hooked.rowCount("trades")).isEqualTo(2);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Until it waits for the drain that runs. */
    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.yield();
        }
    }

    @Test
    void closingStoresWhatWasAcceptedWhileWritersWrite() throws InterruptedException {
        storage.createTable(TRADES);
        for (int round = 0; round < 20; round++) {
            long before = storage.rowCount("trades");
            RowPipeline pipeline = storage.openPipeline("trades", options(256, WhenFull.BLOCK, round % 2 == 0));
            if (round % 2 == 1) {
                start(pipeline::runDrain);
            }
            AtomicLong accepted = new AtomicLong();
            Queue<ErrorCode> ends = new ConcurrentLinkedQueue<>();
            List<Thread> writers = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                RowWriter writer = pipeline.newWriter();
                writers.add(start(() -> {
                    try {
                        for (int i = 0; ; i++) {
                            write(writer, "A", i);
                            accepted.incrementAndGet();
                        }
                    } catch (EngineException e) {
                        ends.add(e.code());
                    }
                }));
            }
            while (accepted.get() < 1000) {
                Thread.yield();
            }
            pipeline.close();
            for (Thread writer : writers) {
                writer.join();
            }
            assertThat(ends).containsExactly(ErrorCode.CLOSED, ErrorCode.CLOSED, ErrorCode.CLOSED);
            assertThat(storage.rowCount("trades") - before).isEqualTo(accepted.get());
            assertThat(pipeline.counters().stored()).isEqualTo(accepted.get());
            assertThat(pipeline.counters().received())
                    .isEqualTo(
                            pipeline.counters().stored() + pipeline.counters().refused());
            assertThatThrownBy(pipeline::newWriter).hasMessage("the pipeline of 'trades' is closed");
        }
    }

    @Test
    void aValueThatDoesNotFitSpoilsItsRowOnly() {
        storage.createTable(TRADES);
        RowPipeline pipeline = storage.openPipeline("trades", PipelineOptions.SYNCHRONOUS);
        RowWriter writer = pipeline.newWriter();
        assertThatThrownBy(() -> writer.setString(1, "dear").setLong(2, 1).append())
                .hasMessage("cannot append to 'trades': column 'price' is DOUBLE, got VARCHAR");
        assertThatThrownBy(() -> writer.setDouble(1, 1).setLong(2, 1L << 40).append())
                .hasMessage("cannot append to 'trades': column 'volume' is INTEGER, got 1099511627776");
        assertThatThrownBy(() -> writer.setString(0, "A").append())
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NULL_NOT_ALLOWED))
                .hasMessage("cannot append to 'trades': column 'price' is NOT NULL, got NULL");
        assertThatThrownBy(() -> writer.setSymbol(0, 77).setDouble(1, 1).append())
                .hasMessage("cannot append to 'trades': column 'symbol' has no symbol with code 77");
        assertThatThrownBy(() -> writer.setDouble(1, 1).setBoolean(9, true).append())
                .hasMessage("cannot append to 'trades': it has columns 0 to 3, got 9");
        assertThatThrownBy(() -> pipeline.ingest("A", 1.0, 1))
                .hasMessage("cannot append to 'trades': it has 4 columns, got 3 values");
        assertThatThrownBy(() -> pipeline.ingest("A", new BigDecimal("1"), 2.5, null))
                .hasMessage("cannot append to 'trades': column 'volume' is INTEGER, got DOUBLE");
        writer.setDouble(1, 4.5).append();
        pipeline.ingest("B", 5, (byte) 3, Instant.ofEpochSecond(1));
        pipeline.drain();
        assertThat(pipeline.counters()).isEqualTo(new IngestCounters(9, 2, 7));
        assertThat(storage.rowCount("trades", null)).isEqualTo(1);
        assertThat(storage.rowCount("trades", "B")).isEqualTo(1);
    }

    @Test
    void aTextThatIsRefusedIsRefusedEachTimeAndNeverAnotherOne() {
        storage.createTable(TRADES);
        RowPipeline pipeline = storage.openPipeline("trades", PipelineOptions.SYNCHRONOUS);
        RowWriter writer = pipeline.newWriter();
        write(writer, "first", 1); // the symbol with code 0
        write(writer, "half ?", 1); // as which half a pair of surrogates is often written
        String tooLong = "x".repeat(SymbolTable.MOST_TEXT_BYTES + 1);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> write(writer, tooLong, 2))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE_TOO_LONG))
                    .hasMessageStartingWith("cannot append to 'trades': column 'symbol': ");
            assertThatThrownBy(() -> write(writer, "half \uD83D", 2))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ENCODING))
                    .hasMessageStartingWith("cannot append to 'trades': column 'symbol': character 6 of a text of 6");
        }
        assertThatThrownBy(() -> pipeline.symbol(0, "half \uDE00")).hasMessageContaining("U+DE00");
        assertThat(storage.rowCount("trades", "half \uDE00")).isZero();
        write(writer, "\uD83D\uDE00", 3);
        pipeline.drain();
        assertThat(pipeline.counters()).isEqualTo(new IngestCounters(7, 3, 4));
        assertThat(storage.rowCount("trades", "first")).isEqualTo(1);
        assertThat(storage.rowCount("trades", "half ?")).isEqualTo(1);
        assertThat(storage.rowCount("trades", "\uD83D\uDE00")).isEqualTo(1);
    }

    @Test
    void aRowWhoseValueFailsHardLeavesNothingForTheNext() {
        storage.createTable(TRADES);
        RowPipeline pipeline = storage.openPipeline("trades", PipelineOptions.SYNCHRONOUS);
        CharSequence failing = (CharSequence) Proxy.newProxyInstance(
                CharSequence.class.getClassLoader(), new Class<?>[] {CharSequence.class}, (proxy, method, values) -> {
                    throw new OutOfMemoryError("of a test");
                });
        Object[] bad = {failing, 1.0, 1, 1L};
        Object[] good = {"good", 1.0, null, 2L};
        assertThatThrownBy(() -> pipeline.ingest(bad)).isInstanceOf(OutOfMemoryError.class);
        pipeline.ingest(good);
        pipeline.drain();
        assertThat(pipeline.counters()).isEqualTo(new IngestCounters(2, 1, 1));
        assertThat(storage.rowCount("trades", "good")).isEqualTo(1);
    }

    @Test
    void aVarcharThatIsNoTextSpoilsItsRow() {
        storage.createTable(new TableSchema(
                "notes",
                List.of(
                        new ColumnDefinition("note", ColumnType.VARCHAR, true),
                        new ColumnDefinition("ts", ColumnType.timestamp(6), true)),
                1,
                TableSchema.NONE,
                new PartitionScheme(false, TimeSlice.HOUR)));
        RowPipeline pipeline = storage.openPipeline("notes", PipelineOptions.SYNCHRONOUS);
        RowWriter writer = pipeline.newWriter();
        for (String text : List.of("\uD83D", "\uDE00\uD83D", "\u00e9 \uDE00x")) {
            assertThatThrownBy(() -> writer.setLong(1, 1).setString(0, text).append())
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ENCODING))
                    .hasMessageStartingWith("cannot append to 'notes': column 'note': character ");
        }
        CharSequence reader = (CharSequence) Proxy.newProxyInstance(
                CharSequence.class.getClassLoader(), new Class<?>[] {CharSequence.class}, (proxy, method, values) -> {
                    if (method.getName().equals("length")) {
                        return 3;
                    }
                    throw new IllegalStateException("the text cannot be read");
                });
        assertThatThrownBy(() -> writer.setLong(1, 1).setString(0, reader)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(writer::append).hasMessageContaining("column 'note': java.lang.IllegalStateException");
        writer.setString(0, "\u00e9 \uD83D\uDE00").setLong(1, 5).append();
        pipeline.drain();
        assertThat(pipeline.counters()).isEqualTo(new IngestCounters(5, 1, 4));
    }

    @Test
    void timestampsAreCutToTheColumnsPrecision() {
        TableMetadata table = storage.createTable(TRADES);
        RowPipeline pipeline = storage.openPipeline("trades", PipelineOptions.SYNCHRONOUS);
        pipeline.ingest("A", 1, 1, 1_234_567L);
        pipeline.ingest("A", 1, 1, -1L);
        pipeline.drain();
        try (MemoryBudget budget = new MemoryBudget(root.newChildAllocator("test", 0, Long.MAX_VALUE));
                SnapshotLease lease = storage.lease()) {
            List<Object[]> rows = SnapshotReader.read(lease.snapshot().table(table.id()), budget);
            assertThat(rows.get(0)[3]).isEqualTo(1_234_000L);
            assertThat(rows.get(1)[3]).isEqualTo(-1000L);
        }
    }

    @Test
    void rowsThatADrainCannotStoreAreCountedAndReported() {
        storage.createTable(TRADES);
        RowPipeline pipeline = storage.openPipeline("trades", PipelineOptions.SYNCHRONOUS);
        RowWriter writer = pipeline.newWriter();
        for (int i = 0; i < 10; i++) {
            write(writer, "A", i);
        }
        storage.dropTable("trades");
        assertThatThrownBy(pipeline::drain)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNDEFINED_TABLE))
                .hasMessageContaining("10 rows that waited for 'trades' could not be stored and were refused");
        assertThat(pipeline.counters()).isEqualTo(new IngestCounters(10, 0, 10));
        assertThatThrownBy(() -> pipeline.symbol(0, "X")).hasMessageContaining("table 'trades' was dropped");
    }

    @Test
    void aFailureInTheDrainThreadReachesTheWriter() {
        storage.createTable(TRADES);
        RowPipeline pipeline = storage.openPipeline("trades", PipelineOptions.DEFAULT);
        RowWriter writer = pipeline.newWriter();
        for (int i = 0; i < 10; i++) {
            write(writer, "A", i);
        }
        storage.dropTable("trades");
        start(pipeline::runDrain);
        assertThatThrownBy(() -> {
                    while (true) {
                        writer.setDouble(1, 1).append();
                    }
                })
                .hasMessageContaining("could not be stored and were refused");
        // the append may be told of a row that the drain refused meanwhile: then it is not the close that is
        assertThatThrownBy(() -> {
                    try {
                        writer.setDouble(1, 1).append();
                    } finally {
                        pipeline.close();
                    }
                })
                .hasMessageContaining("could not be stored and were refused");
        pipeline.close();
        IngestCounters counters = pipeline.counters();
        assertThat(counters.stored()).isZero();
        assertThat(counters.received()).isEqualTo(counters.refused());
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void throwUndeclared(Throwable e) throws T {
        throw (T) e;
    }

    @Test
    void whateverADrainThrowsReachesTheWritersAndTheDrainGoesOn() throws InterruptedException {
        // a checked exception that nobody declared stands for what no catch of the drain expects
        AtomicLong thrown = new AtomicLong();
        try (Storage failing = new Storage(new MemoryBudget(root), new SealPolicy(1, 1), () -> {
            thrown.incrementAndGet();
            RowPipelineTest.<RuntimeException>throwUndeclared(new IOException("broken"));
        })) {
            failing.createTable(TRADES);
            RowPipeline pipeline = failing.openPipeline("trades", new PipelineOptions(16, WhenFull.BLOCK, false));
            Queue<String> told = new ConcurrentLinkedQueue<>();
            Thread drain = start(pipeline::runDrain);
            Thread writing = start(() -> {
                RowWriter writer = pipeline.newWriter();
                while (told.size() < 3) {
                    try {
                        write(writer, "A", 1);
                    } catch (EngineException e) {
                        told.add(String.valueOf(e.getMessage()));
                    }
                }
            });
            writing.join();
            assertThat(told).contains("storing the rows of 'trades' failed: java.io.IOException: broken");
            assertThat(thrown.get()).isGreaterThanOrEqualTo(3);
            assertThat(drain.isAlive()).isTrue();
            try {
                pipeline.close();
            } catch (EngineException e) {
                assertThat(e).hasMessageContaining("broken");
            }
        }
    }
}
