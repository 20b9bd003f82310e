package io.zeptodb.bench;

import io.zeptodb.engine.Engine;
import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampNanoVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * A table that may be larger than the process's memory: written and sealed, or reopened and queried, each answer compared with what was
 * written. Arguments: "write" or "query", the database's folder, millions of rows (default 100).
 */
public final class LargeTable {
    private static final int BATCH_ROWS = 1 << 16;
    private static final int KEYS = 50;
    private static final int ONE_KEY = 7;
    private static final int FROM_HOUR = 12;
    private static final int HOURS = 24;
    private static final int MILLION = 1_000_000;
    private static final long SEED = 7;
    private static final double NANOS = 1e9;
    private static final double ROUNDING = 1e-9;

    private LargeTable() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[1]);
        int rows = (arguments.length > 2 ? Integer.parseInt(arguments[2]) : 100) * MILLION;
        switch (arguments[0]) {
            case "write" -> write(folder, rows);
            case "query" -> query(folder, rows);
            default -> throw new IllegalArgumentException("'write' or 'query' is wanted, not '" + arguments[0] + "'");
        }
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / NANOS;
    }

    private static void write(Path folder, int rows) throws IOException {
        try (Database database = Engine.open(folder.toString(), Map.of("durability", "async"));
                Session session = database.openSession()) {
            Ticks.create(session, "trades", "");
            long start = System.nanoTime();
            forEachBatch(database, rows, batch -> database.append("trades", batch));
            database.checkpoint();
            print("%,d rows written and sealed in %.1f s", database.rowCount("trades"), since(start));
        }
        try (Stream<Path> files = Files.walk(folder)) {
            print(
                    "%.2f GB of files",
                    files.filter(Files::isRegularFile)
                                    .mapToLong(file -> file.toFile().length())
                                    .sum()
                            / 1e9);
        }
    }

    private interface BatchUse {
        void take(VectorSchemaRoot batch);
    }

    /** The same rows each time. */
    private static void forEachBatch(Database database, int rows, BatchUse use) {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int from = 0; from < rows; from += BATCH_ROWS) {
            int count = Math.min(BATCH_ROWS, rows - from);
            try (VectorSchemaRoot batch = Ticks.batch(database, random, from, count, rows, KEYS, Ticks.DAY_NANOS)) {
                use.take(batch);
            }
        }
    }

    /** What the queries must answer, from the rows themselves. */
    private static final class Answers {
        private final long[] rows = new long[KEYS];
        private final double[] prices = new double[KEYS];
        private final long[] volumes = new long[KEYS];
        private long hourRows;
        private long hourVolume;

        Answers(int total) {
            try (Database scratch = Engine.open(Map.of())) {
                forEachBatch(scratch, total, this::add);
            }
        }

        private void add(VectorSchemaRoot batch) {
            Float8Vector price = (Float8Vector) batch.getVector("price");
            BigIntVector volume = (BigIntVector) batch.getVector("volume");
            TimeStampNanoVector ts = (TimeStampNanoVector) batch.getVector("ts");
            for (int i = 0; i < batch.getRowCount(); i++) {
                int key = Integer.parseInt(
                        batch.getVector("symbol").getObject(i).toString().substring(1));
                long hour = (ts.get(i) - Ticks.DAY) / (Ticks.DAY_NANOS / HOURS);
                rows[key]++;
                prices[key] += price.get(i);
                volumes[key] += volume.get(i);
                if (key == ONE_KEY && hour == FROM_HOUR) {
                    hourRows++;
                    hourVolume += volume.get(i);
                }
            }
        }
    }

    private static void query(Path folder, int rows) {
        Answers answers = new Answers(rows);
        long start = System.nanoTime();
        try (Database database = Engine.open(folder.toString(), Map.of("memory_limit", "512MB"));
                Session session = database.openSession()) {
            print("reopened in %.2f s: %,d rows", since(start), database.rowCount("trades"));
            checkSame("rows", rows, database.rowCount("trades"));
            oneHour(session, answers);
            for (int run = 0; run < 2; run++) {
                byKey(session, answers);
            }
            sorted(session, rows);
            print(
                    "memory: %.0f MB of buffers, %.0f MB of Java heap",
                    database.statistics().allocatedBytes() / 1e6,
                    (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) / 1e6);
        }
    }

    private static void oneHour(Session session, Answers answers) {
        List<List<Object>> found = rows(
                session,
                "first query, one hour of one key",
                "SELECT count(*), sum(volume) FROM trades WHERE symbol = '" + Ticks.name(ONE_KEY)
                        + "' AND ts >= TIMESTAMP '2024-08-09 12:00:00' AND ts < TIMESTAMP '2024-08-09 13:00:00'");
        checkSame("rows of an hour", answers.hourRows, found.get(0).get(0));
        checkSame("volume of an hour", answers.hourVolume, found.get(0).get(1));
    }

    private static void byKey(Session session, Answers answers) {
        List<List<Object>> found = rows(
                session,
                "count, avg and sum of all by key",
                "SELECT CAST(symbol AS VARCHAR), count(*), avg(price), sum(volume) FROM trades GROUP BY symbol");
        checkSame("keys", KEYS, found.size());
        for (List<Object> row : found) {
            int key = Integer.parseInt(row.get(0).toString().substring(1));
            checkSame("rows of a key", answers.rows[key], row.get(1));
            checkSame("volume of a key", answers.volumes[key], row.get(3));
            double average = answers.prices[key] / answers.rows[key];
            if (Math.abs((Double) row.get(2) / average - 1) > ROUNDING) {
                throw new IllegalStateException("average of a key: " + row.get(2) + " instead of " + average);
            }
        }
    }

    /** More than the memory is put in order. */
    private static void sorted(Session session, int rows) {
        long start = System.nanoTime();
        long found = 0;
        double price = 0;
        long time = 0;
        try (BatchCursor cursor = session.query("SELECT price, ts FROM trades ORDER BY price, ts")) {
            while (cursor.next()) {
                Float8Vector prices = (Float8Vector) cursor.batch().getVector(0);
                TimeStampNanoVector times = (TimeStampNanoVector) cursor.batch().getVector(1);
                for (int row = 0; row < cursor.batch().getRowCount(); row++) {
                    if (prices.get(row) < price || (prices.get(row) == price && times.get(row) < time)) {
                        throw new IllegalStateException("row " + (found + row) + " is out of order");
                    }
                    price = prices.get(row);
                    time = times.get(row);
                }
                found += cursor.batch().getRowCount();
            }
        }
        checkSame("rows in order", rows, found);
        print("all rows by price and time: %.1f s", since(start));
    }

    private static void checkSame(String what, long expected, Object found) {
        if (((Number) found).longValue() != expected) {
            throw new IllegalStateException(what + ": " + found + " instead of " + expected);
        }
    }

    private static List<List<Object>> rows(Session session, String what, String sql) {
        long start = System.nanoTime();
        List<List<Object>> rows = new ArrayList<>();
        try (BatchCursor cursor = session.query(sql)) {
            while (cursor.next()) {
                for (int row = 0; row < cursor.batch().getRowCount(); row++) {
                    List<Object> values = new ArrayList<>();
                    for (int column = 0;
                            column < cursor.batch().getFieldVectors().size();
                            column++) {
                        values.add(cursor.batch().getVector(column).getObject(row));
                    }
                    rows.add(values);
                }
            }
        }
        print("%s: %.3f s, %d rows", what, since(start), rows.size());
        return rows;
    }
}
