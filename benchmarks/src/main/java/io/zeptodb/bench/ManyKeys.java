package io.zeptodb.bench;

import io.zeptodb.engine.Engine;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.Pipeline;
import io.zeptodb.engine.api.PipelineOptions;
import io.zeptodb.engine.api.RowWriter;
import io.zeptodb.engine.api.Session;
import java.util.Locale;
import java.util.Map;

/** Memory of 100,000 keys of ten rows each: prints the bytes of the allocator tree and of the Java heap. */
public final class ManyKeys {
    private static final int KEYS = 100_000;
    private static final int ROWS_A_KEY = 10;

    private ManyKeys() {}

    public static void main(String[] arguments) {
        long heapBefore = usedHeap();
        try (Database database = Engine.open(Map.of());
                Session session = database.openSession()) {
            Ticks.create(session, "trades", "PARTITION BY symbol, DAY(ts)");
            try (Pipeline pipeline = database.openPipeline("trades", PipelineOptions.DEFAULT);
                    RowWriter writer = pipeline.newWriter()) {
                for (int row = 0; row < ROWS_A_KEY; row++) {
                    for (int key = 0; key < KEYS; key++) {
                        writer.setSymbol(0, pipeline.symbol(0, Ticks.name(key)))
                                .setDouble(1, key)
                                .setLong(2, row)
                                .setLong(3, Ticks.DAY + row * 1_000_000_000L + key)
                                .append();
                    }
                }
            }
            long allocated = database.statistics().allocatedBytes();
            long heap = usedHeap() - heapBefore;
            System.out.printf(
                    Locale.ROOT,
                    "%,d keys of %d rows: %,d rows stored, %.1f MB of buffers and %.1f MB of Java heap%n",
                    KEYS,
                    ROWS_A_KEY,
                    database.rowCount("trades"),
                    allocated / 1e6,
                    heap / 1e6);
        }
    }

    private static long usedHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
