package io.zeptodb.engine.tier;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.PartitionScheme;
import io.zeptodb.engine.api.PartitionScheme.TimeSlice;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.catalog.SegmentCompression;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.partition.SealedColumn;
import io.zeptodb.engine.store.FileDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ColumnCacheTest {
    private static final int ROWS = 10_000;
    private static final int COLUMNS = 20;
    private static final long COLUMN_BYTES = SegmentFormat.padded((long) ROWS * Long.BYTES);

    @TempDir
    Path folder;

    private FileDirectory directory;
    private SegmentHarness harness;
    private SegmentMetadata file;
    private final List<Runnable> later = new ArrayList<>();

    @BeforeEach
    void write() {
        directory = FileDirectory.open(folder.toString());
        List<ColumnDefinition> columns = new ArrayList<>();
        for (int c = 0; c < COLUMNS; c++) {
            columns.add(new ColumnDefinition("c" + c, ColumnType.BIGINT, false));
        }
        harness = new SegmentHarness(
                new TableSchema("t", columns, -1, -1, new PartitionScheme(false, TimeSlice.NONE)), directory);
        List<Object[]> rows = new ArrayList<>();
        for (long i = 0; i < ROWS; i++) {
            Object[] row = new Object[COLUMNS];
            for (int c = 0; c < COLUMNS; c++) {
                row[c] = i * COLUMNS + c;
            }
            rows.add(row);
        }
        harness.append(rows);
        file = harness.merge(SegmentCompression.LZ4).get(0);
    }

    @AfterEach
    void close() {
        harness.close();
        directory.close();
    }

    private SegmentFile open(ColumnCache cache) {
        return new SegmentFile(directory, file, harness.table, harness.budget, cache);
    }

    private static void check(SealedColumn column, int number) {
        ColumnVector vector = new ColumnVector(ColumnType.BIGINT);
        assertThat(column.values().point(vector, 0)).isTrue();
        for (int row = 0; row < ROWS; row += 97) {
            assertThat(vector.getLong(row)).isEqualTo((long) row * COLUMNS + number);
        }
    }

    private long taken() {
        return harness.budget.usedBytes();
    }

    @Test
    void columnsThatWereNotUsedForLongestMakeRoomAndAreFreedWhenNobodyReadsThem() {
        ColumnCache cache = new ColumnCache(4 * COLUMN_BYTES, true, later::add);
        try (SegmentFile opened = open(cache)) {
            opened.runs();
            long before = taken();
            for (int c = 0; c < 4; c++) {
                check(opened.column(c, 0, ROWS), c);
            }
            assertThat(later).isEmpty();
            assertThat(taken() - before).isGreaterThanOrEqualTo(4 * COLUMN_BYTES);
            SealedColumn first = opened.column(0, 0, ROWS);
            long held = taken();
            // the fifth makes room, but nothing is freed before the queries are done: it goes to a file
            check(opened.column(4, 0, ROWS), 4);
            assertThat(later).hasSize(1);
            assertThat(taken()).isEqualTo(held);
            check(first, 0);
            later.forEach(Runnable::run);
            later.clear();
            assertThat(taken()).isLessThan(held);
            // now there is room in memory
            check(opened.column(5, 0, ROWS), 5);
            assertThat(taken()).isEqualTo(held);
        }
        assertThat(directory.folder(SegmentFormat.TEMPORARY_FOLDER).list()).isEmpty();
        later.forEach(Runnable::run);
    }

    @Test
    void aQueryThatReadsMoreThanFitsGoesOnWithFiles() {
        ColumnCache cache = new ColumnCache(2 * COLUMN_BYTES, true, later::add);
        try (SegmentFile opened = open(cache)) {
            opened.runs();
            long before = taken();
            List<SealedColumn> read = new ArrayList<>();
            for (int c = 0; c < COLUMNS; c++) {
                read.add(opened.column(c, 0, ROWS));
            }
            assertThat(taken() - before).isLessThan(6 * COLUMN_BYTES);
            for (int c = 0; c < COLUMNS; c++) {
                check(read.get(c), c);
            }
        }
        later.forEach(Runnable::run);
    }

    @Test
    void withoutFilesEverythingTakesTheMemoryOfItsOwner() {
        ColumnCache cache = new ColumnCache(COLUMN_BYTES, false, later::add);
        try (SegmentFile opened = open(cache)) {
            for (int c = 0; c < COLUMNS; c++) {
                check(opened.column(c, 0, ROWS), c);
            }
            assertThat(directory.folder(SegmentFormat.TEMPORARY_FOLDER).list()).isEmpty();
        }
        later.forEach(Runnable::run);
    }

    @Test
    void manyThreadsReadThroughASmallCache() throws Exception {
        ColumnCache cache = new ColumnCache(3 * COLUMN_BYTES, true, free -> {
            synchronized (later) {
                later.add(free);
            }
        });
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (SegmentFile opened = open(cache)) {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<?>> readers = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                Random random = new Random(t);
                readers.add(threads.submit(() -> {
                    start.await();
                    for (int i = 0; i < 300; i++) {
                        int column = random.nextInt(COLUMNS);
                        check(opened.column(column, 0, ROWS), column);
                    }
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> reader : readers) {
                reader.get();
            }
        } finally {
            threads.shutdown();
        }
        later.forEach(Runnable::run);
    }
}
