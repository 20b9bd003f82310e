package io.zeptodb.bench;

import io.zeptodb.engine.Engine;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.DatabaseStatistics.LogCounters;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.engine.api.PreparedQuery;
import io.zeptodb.engine.api.Session;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Commits to a database in a folder, measured: ingest of column batches beside the disk's own sequential speed, and single-row commits of many threads.
 * Every figure is of rows that are counted afterwards. Argument: a folder on the disk to be measured.
 */
public final class DurableStorage {
    private static final int BATCH_ROWS = 1 << 16;
    private static final int BATCHES = 128;
    private static final int KEYS = 50;
    private static final int WRITERS = 16;
    private static final long WRITE_NANOS = 5_000_000_000L;
    private static final int MILLION = 1_000_000;
    private static final double NANOS = 1e9;

    private DurableStorage() {}

    public static void main(String[] arguments) throws Exception {
        Path root = Files.createTempDirectory(
                Path.of(arguments.length > 0 ? arguments[0] : System.getProperty("java.io.tmpdir")), "zepto-bench");
        try {
            double disk = diskSpeed(root);
            ingest(root.resolve("warm"), 0);
            ingest(root.resolve("ingest"), disk);
            singleRows(root.resolve("single"));
        } finally {
            delete(root);
        }
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }

    /** Bytes a second of one file written in pieces of 1 MB and synced once. */
    private static double diskSpeed(Path root) throws IOException {
        byte[] piece = new byte[1 << 20];
        new SplittableRandom(1).nextBytes(piece);
        double best = 0;
        for (int run = 0; run < 3; run++) {
            Path file = root.resolve("speed");
            long start = System.nanoTime();
            try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
                for (int i = 0; i < 512; i++) {
                    out.write(piece);
                }
                out.getFD().sync();
            }
            best = Math.max(best, 512.0 * piece.length / ((System.nanoTime() - start) / NANOS));
            Files.delete(file);
        }
        print("disk, sequential with one sync: %.0f MB/s", best / MILLION);
        return best;
    }

    private static void ingest(Path folder, double disk) {
        try (Database database = Engine.open(folder.toString(), Map.of());
                Session session = database.openSession()) {
            Ticks.create(session, "trades", "");
            List<VectorSchemaRoot> batches = new ArrayList<>();
            SplittableRandom random = new SplittableRandom(7);
            int total = BATCHES * BATCH_ROWS;
            for (int i = 0; i < BATCHES; i++) {
                batches.add(
                        Ticks.batch(database, random, i * BATCH_ROWS, BATCH_ROWS, total, KEYS, Ticks.DAY_NANOS / 24));
            }
            long start = System.nanoTime();
            for (VectorSchemaRoot batch : batches) {
                database.append("trades", batch);
            }
            double seconds = (System.nanoTime() - start) / NANOS;
            batches.forEach(VectorSchemaRoot::close);
            if (database.rowCount("trades") != total) {
                throw new IllegalStateException("stored " + database.rowCount("trades") + " rows of " + total);
            }
            if (disk > 0) {
                LogCounters log = database.statistics().log();
                double bytes = total * 28.0 / seconds;
                print(
                        "durable ingest of column batches, one writer: %.2f M rows/s, %.0f MB/s of the log (%.0f %% of the disk),"
                                + " %d commits, %d syncs",
                        total / seconds / MILLION, bytes / MILLION, 100 * bytes / disk, log.commits(), log.syncs());
            }
        }
    }

    private static void singleRows(Path folder) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try (Database database = Engine.open(folder.toString(), Map.of());
                Session setUp = database.openSession()) {
            Ticks.create(setUp, "trades", "");
            AtomicLong acknowledged = new AtomicLong();
            LogCounters before = database.statistics().log();
            long start = System.nanoTime();
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int key = i;
                writers.add(threads.submit(() -> insert(database, key, start + WRITE_NANOS, acknowledged)));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
            double seconds = (System.nanoTime() - start) / NANOS;
            LogCounters after = database.statistics().log();
            if (database.rowCount("trades") != acknowledged.get()) {
                throw new IllegalStateException(
                        "stored " + database.rowCount("trades") + " rows, acknowledged " + acknowledged);
            }
            print(
                    "single-row autocommit INSERT, %d threads: %.0f commits/s, %.1f commits for each sync",
                    WRITERS,
                    acknowledged.get() / seconds,
                    (double) (after.commits() - before.commits()) / (after.syncs() - before.syncs()));
        } finally {
            threads.shutdown();
        }
    }

    private static void insert(Database database, int key, long end, AtomicLong acknowledged) {
        try (Session session = database.openSession();
                PreparedQuery insert = session.prepare("INSERT INTO trades VALUES (?, ?, ?, ?)")) {
            for (long i = 0; System.nanoTime() < end; i++) {
                insert.update(List.of(Ticks.name(key), 1.5, i, Ticks.DAY + i), ExecutionOptions.DEFAULT);
                acknowledged.incrementAndGet();
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
