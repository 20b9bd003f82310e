package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.ColumnView;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.IngestCounters;
import io.zeptodb.engine.api.PartitionScheme;
import io.zeptodb.engine.api.PartitionScheme.TimeSlice;
import io.zeptodb.engine.api.Pipeline;
import io.zeptodb.engine.api.PipelineOptions;
import io.zeptodb.engine.api.PipelineOptions.WhenFull;
import io.zeptodb.engine.api.RowWriter;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.api.TableSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A database that is closed under whoever uses it: each is told, nobody waits for ever, no byte is left. */
@Timeout(120)
class ClosingDatabaseTest {
    private static final TableSchema TICKS = new TableSchema(
            "ticks",
            List.of(
                    new ColumnDefinition("symbol", ColumnType.SYMBOL, true),
                    new ColumnDefinition("v", ColumnType.BIGINT, true)),
            TableSchema.NONE,
            0,
            new PartitionScheme(true, TimeSlice.NONE));

    private static Database open() {
        Database database = Engine.open(Map.of("threads", "2", "seal_rows", "20000", "memory_limit", "512MB"));
        database.createTable(TICKS);
        return database;
    }

    private static void ingest(Database database, int rows) {
        try (Pipeline pipeline = database.openPipeline("ticks", PipelineOptions.SYNCHRONOUS)) {
            for (int i = 0; i < rows; i++) {
                pipeline.ingest("S" + i % 100, (long) i);
            }
        }
    }

    /** Does it again and again until the database is closed; another error fails the test. */
    private static Crew.Work untilClosed(Crew.Work work) {
        return () -> {
            while (true) {
                try {
                    work.run();
                } catch (EngineException e) {
                    if (e.code() != ErrorCode.CLOSED) {
                        throw e;
                    }
                    return;
                }
            }
        };
    }

    private static void assertEmpty(Database database) {
        assertThat(database.isClosed()).isTrue();
        assertThat(database.allocator().getAllocatedMemory()).isZero();
        database.close();
        for (Crew.Work use : List.<Crew.Work>of(
                database::openSession,
                database::tables,
                database::checkpoint,
                () -> database.table("ticks"),
                () -> database.createTable(TICKS),
                () -> database.openPipeline("ticks", PipelineOptions.DEFAULT),
                () -> database.rowCount("ticks"),
                () -> database.rowCount("ticks", "S1"),
                () -> database.columnViews("ticks", "S1", "v"))) {
            assertThatThrownBy(use::run)
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED))
                    .hasMessage("the database is closed");
        }
        assertThat(database.statistics().allocatedBytes()).isZero();
    }

    @Test
    void queriesCountsAndDefinitionsOfOtherThreadsAreToldAndEnd() throws Exception {
        for (int round = 0; round < 20; round++) {
            Database database = open();
            ingest(database, 30_000);
            try (Crew crew = new Crew()) {
                AtomicLong made = new AtomicLong();
                for (String sql : List.of(
                        "SELECT v FROM ticks",
                        "SELECT symbol, SUM(v) FROM ticks GROUP BY symbol",
                        "SELECT v FROM ticks ORDER BY v DESC",
                        "SELECT COUNT(*) FROM ticks a JOIN ticks b ON a.v = b.v")) {
                    crew.start(sql, untilClosed(() -> {
                        try (Session session = database.openSession();
                                BatchCursor cursor = session.query(sql)) {
                            while (cursor.next()) {
                                made.incrementAndGet();
                            }
                        }
                    }));
                }
                crew.start("counts", untilClosed(() -> {
                    database.rowCount("ticks", "S7");
                }));
                crew.start("tables", untilClosed(() -> {
                    try (Session session = database.openSession()) {
                        session.update("CREATE TABLE more AS SELECT v FROM ticks");
                        session.update("DROP TABLE more");
                    }
                }));
                crew.start("checkpoints", untilClosed(database::checkpoint));
                Thread.sleep(5L * round);
                database.close();
            }
            assertEmpty(database);
        }
    }

    @Test
    void rowsThatPipelinesAcceptedAreStoredAndTheOthersRefused() throws Exception {
        for (int round = 0; round < 20; round++) {
            Database database = open();
            AtomicLong accepted = new AtomicLong();
            AtomicLong refused = new AtomicLong();
            List<Pipeline> pipelines = new ArrayList<>();
            try (Crew crew = new Crew()) {
                for (WhenFull whenFull : WhenFull.values()) {
                    Pipeline pipeline = database.openPipeline("ticks", new PipelineOptions(256, whenFull, false));
                    pipelines.add(pipeline);
                    for (int thread = 0; thread < 2; thread++) {
                        crew.start("writer", () -> write(pipeline, accepted, refused));
                    }
                    crew.start("drainer", untilClosed(pipeline::drain));
                }
                crew.start("batches", () -> append(database));
                Thread.sleep(5L * round);
                database.close();
            }
            assertEmpty(database);
            long received = 0;
            long stored = 0;
            for (Pipeline pipeline : pipelines) {
                IngestCounters counters = pipeline.counters();
                received += counters.received();
                stored += counters.stored();
                assertThat(counters.received()).isEqualTo(counters.stored() + counters.refused());
                assertThatThrownBy(pipeline::newWriter).hasMessage("the pipeline of 'ticks' is closed");
                assertThatThrownBy(pipeline::drain).hasMessage("the pipeline of 'ticks' is closed");
                assertThatThrownBy(() -> pipeline.ingest("a", 1L)).hasMessage("the pipeline of 'ticks' is closed");
                assertThatThrownBy(() -> pipeline.symbol(0, "a")).hasMessage("the pipeline of 'ticks' is closed");
                pipeline.close();
            }
            assertThat(stored).isEqualTo(accepted.get());
            assertThat(received).isEqualTo(accepted.get() + refused.get());
        }
    }

    private static void write(Pipeline pipeline, AtomicLong accepted, AtomicLong refused) {
        RowWriter writer;
        try {
            writer = pipeline.newWriter();
        } catch (EngineException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.CLOSED);
            return;
        }
        for (long i = 0; ; i++) {
            try {
                writer.setString(0, "S" + i % 1000).setLong(1, i).append();
                accepted.incrementAndGet();
            } catch (EngineException e) {
                refused.incrementAndGet();
                if (e.code() != ErrorCode.QUEUE_FULL) {
                    assertThat(e.code()).isEqualTo(ErrorCode.CLOSED);
                    return;
                }
            }
        }
    }

    private static void append(Database database) throws Exception {
        try (BufferAllocator own = new RootAllocator();
                VarCharVector symbols = new VarCharVector("symbol", own);
                BigIntVector values = new BigIntVector("v", own)) {
            for (int i = 0; i < 500; i++) {
                symbols.setSafe(i, ("B" + i % 7).getBytes(java.nio.charset.StandardCharsets.UTF_8));
                values.setSafe(i, i);
            }
            try (VectorSchemaRoot batch = VectorSchemaRoot.of(symbols, values)) {
                batch.setRowCount(500);
                untilClosed(() -> database.append("ticks", batch)).run();
            }
        }
    }

    @Test
    void aResultOfAnotherThreadIsClosedUnderItsReader() {
        Database database = open();
        ingest(database, 30_000);
        BatchCursor cursor = database.openSession().query("SELECT v, symbol FROM ticks");
        assertThat(cursor.next()).isTrue();
        database.close();
        assertThatThrownBy(cursor::next).hasMessage("the database is closed");
        assertThatThrownBy(cursor::batch).hasMessage("the database is closed");
        assertThatThrownBy(cursor::dictionaries).hasMessage("the database is closed");
        cursor.close();
        assertEmpty(database);
    }

    @Test
    void aViewThatIsOpenIsNamedAndKeepsItsMemoryUntilItIsClosed() {
        Database database = open();
        ingest(database, 1000);
        ColumnView view = database.columnViews("ticks", "S3", "v").get(0);
        assertThatThrownBy(database::close)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL_ERROR))
                .hasMessageContaining("table ticks")
                .hasMessageContaining("a column view");
        assertThat(view.rowCount()).isEqualTo(10);
        assertThat(view.getLong(9)).isEqualTo(903);
        view.close();
        assertEmpty(database);
    }

    @Test
    void viewsThatAreTakenDuringACloseKeepTheirMemoryUntilTheyAreClosed() throws Exception {
        for (int round = 0; round < 20; round++) {
            Database database = open();
            ingest(database, 30_000);
            try (Crew crew = new Crew()) {
                for (int thread = 0; thread < 2; thread++) {
                    crew.start("views", untilClosed(() -> {
                        for (ColumnView view : database.columnViews("ticks", "S7", "v")) {
                            assertThat(view.getLong(1)).isEqualTo(107);
                            view.close();
                        }
                    }));
                }
                Thread.sleep(5);
                try {
                    database.close();
                } catch (EngineException e) {
                    // a view was open just then
                    assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL_ERROR);
                }
            }
            assertEmpty(database);
        }
    }

    @Test
    void severalThreadsMayClose() throws Exception {
        for (int round = 0; round < 20; round++) {
            Database database = open();
            ingest(database, 1000);
            try (Crew crew = new Crew()) {
                for (int thread = 0; thread < 3; thread++) {
                    crew.start("close", database::close);
                }
            }
            assertEmpty(database);
        }
    }

    @Test
    void aStatementCannotCloseItsOwnDatabase(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("ticks.csv");
        Files.writeString(file, "symbol,v\nA,1\nB,2\n");
        Database database = open();
        Session session = database.openSession();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        session.setProgressListener((done, total) -> {
            try {
                database.close();
            } catch (EngineException e) {
                thrown.compareAndSet(null, e);
            }
        });
        assertThat(session.update("COPY ticks FROM '" + file + "'")).isEqualTo(2);
        assertThat(thrown.get())
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
        assertThat(database.rowCount("ticks")).isEqualTo(2);
        database.close();
        assertEmpty(database);
    }
}
