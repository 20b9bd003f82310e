package io.zeptodb.bench;

import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.Session;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampNanoVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Deterministic ticks for the benchmarks: symbol, price, volume, ts. */
final class Ticks {
    /** 2024-08-09 00:00 UTC. */
    static final long DAY = 1_723_161_600_000_000_000L;

    static final long DAY_NANOS = 86_400_000_000_000L;
    private static final int BATCH_ROWS = 65_536;
    private static final long SEED = 42;

    private Ticks() {}

    /** CREATE TABLE with the columns symbol, price, volume, ts. */
    static void create(Session session, String table, String options) {
        session.update(
                "CREATE TABLE " + table + " (symbol SYMBOL, price DOUBLE, volume BIGINT, ts TIMESTAMP_NS) " + options);
    }

    /**
     * Appends rows in time order, keys in turn at random.
     *
     * @param rows how many
     * @param keys among how many symbols
     * @param nanos over how long from {@link #DAY}
     */
    static void append(Database database, String table, int rows, int keys, long nanos) {
        SplittableRandom random = new SplittableRandom(SEED + keys);
        for (int from = 0; from < rows; from += BATCH_ROWS) {
            int count = Math.min(BATCH_ROWS, rows - from);
            try (VectorSchemaRoot batch = batch(database, random, from, count, rows, keys, nanos)) {
                database.append(table, batch);
            }
        }
    }

    static VectorSchemaRoot batch(
            Database database, SplittableRandom random, int from, int count, int rows, int keys, long nanos) {
        VarCharVector symbol = new VarCharVector("symbol", database.allocator());
        Float8Vector price = new Float8Vector("price", database.allocator());
        BigIntVector volume = new BigIntVector("volume", database.allocator());
        TimeStampNanoVector ts = new TimeStampNanoVector("ts", database.allocator());
        byte[][] names = new byte[keys][];
        for (int i = 0; i < keys; i++) {
            names[i] = name(i).getBytes(StandardCharsets.UTF_8);
        }
        List<FieldVector> vectors = List.of(symbol, price, volume, ts);
        for (FieldVector vector : vectors) {
            vector.setInitialCapacity(count);
            vector.allocateNew();
        }
        for (int i = 0; i < count; i++) {
            symbol.setSafe(i, names[random.nextInt(keys)]);
            price.setSafe(i, 100 + random.nextInt(10_000) / 100.0);
            volume.setSafe(i, 1 + random.nextInt(1_000));
            ts.setSafe(i, DAY + (long) ((double) (from + i) / rows * nanos));
        }
        vectors.forEach(vector -> vector.setValueCount(count));
        return new VectorSchemaRoot(vectors);
    }

    static String name(int key) {
        return "S" + key;
    }
}
