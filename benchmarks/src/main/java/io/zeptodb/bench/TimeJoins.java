package io.zeptodb.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.zeptodb.engine.Engine;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.Pipeline;
import io.zeptodb.engine.api.PipelineOptions;
import io.zeptodb.engine.api.PreparedQuery;
import io.zeptodb.engine.api.RowWriter;
import io.zeptodb.engine.api.Session;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * How the work of as-of and window joins grows: CPU time and bytes allocated on the Java heap, of a quarter of a million rows on each side and of a million, with
 * one key and with as many keys as rows. Ratios of one run say more than its times.
 */
public final class TimeJoins {
    private static final int FEW = 250_000;
    private static final int MANY = 1_000_000;
    private static final int WARM_UP = 5;
    private static final int RUNS = 10;
    private static final long STEP_NANOS = 1_000_000;

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private TimeJoins() {}

    private record Cost(double millis, double bytesARow) {}

    public static void main(String[] arguments) {
        Map<String, String> queries = new LinkedHashMap<>();
        String from = " FROM t ASOF JOIN q ON t.k = q.k AND ";
        queries.put("as-of", "SELECT count(*), sum(q.x)" + from + "t.ts >= q.ts");
        queries.put("as-of, nearest", "SELECT count(*), sum(q.x)" + from + "NEAREST(t.ts, q.ts) TOLERANCE 1000000000");
        String window = " FROM t WINDOW JOIN q ON t.k = q.k AND q.ts BETWEEN t.ts - ";
        queries.put(
                "window of 20 rows",
                "SELECT sum(a), sum(c) FROM (SELECT avg(q.x) AS a, count(*) AS c" + window + "20000000 AND t.ts)");
        queries.put(
                "window of 10,000 rows",
                "SELECT sum(a), max(b) FROM (SELECT avg(q.x) AS a, max(q.x) AS b" + window + "10000000000 AND t.ts)");
        queries.forEach((name, sql) -> {
            Cost few = cost(sql, FEW, 1);
            Cost many = cost(sql, MANY, 1);
            Cost fewKeys = cost(sql, FEW, FEW);
            Cost manyKeys = cost(sql, MANY, MANY);
            System.out.printf(
                    Locale.ROOT,
                    "%s: one key %.0f ms for %,d rows, %.2f x for %,d, %.1f bytes of heap a row; a key for each row %.0f ms,"
                            + " %.2f x, %.1f bytes%n",
                    name,
                    few.millis,
                    FEW,
                    many.millis / few.millis,
                    MANY,
                    many.bytesARow,
                    fewKeys.millis,
                    manyKeys.millis / fewKeys.millis,
                    manyKeys.bytesARow);
        });
    }

    /** The CPU time of a run, and what the last one allocated: its clock counts in steps of several milliseconds. */
    private static Cost cost(String sql, int rows, int keys) {
        try (Database database = Engine.open(Map.of("threads", "1"));
                Session session = database.openSession()) {
            fill(database, session, "t", rows, keys, 1);
            fill(database, session, "q", rows, keys, 2);
            database.checkpoint();
            long cpu = 0;
            long allocated = 0;
            try (PreparedQuery query = session.prepare(sql)) {
                for (int run = -WARM_UP; run < RUNS; run++) {
                    long cpuBefore = SYSTEM.getProcessCpuTime();
                    long bytesBefore = allocated();
                    QueryBenchmark.require(1, QueryBenchmark.drain(query));
                    allocated = allocated() - bytesBefore;
                    cpu += run < 0 ? 0 : SYSTEM.getProcessCpuTime() - cpuBefore;
                }
            }
            return new Cost(cpu / 1e6 / RUNS, (double) allocated / rows);
        }
    }

    private static long allocated() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    /** Rows in time order, one each millisecond, keys at random. */
    private static void fill(Database database, Session session, String table, int rows, int keys, long seed) {
        session.update("CREATE TABLE " + table + " (k BIGINT, x DOUBLE, ts TIMESTAMP_NS)");
        SplittableRandom random = new SplittableRandom(seed);
        try (Pipeline pipeline = database.openPipeline(table, PipelineOptions.DEFAULT);
                RowWriter writer = pipeline.newWriter()) {
            for (int i = 0; i < rows; i++) {
                writer.setLong(0, random.nextInt(keys))
                        .setDouble(1, random.nextInt(1_000) / 4.0)
                        .setLong(2, Ticks.DAY + i * STEP_NANOS + seed)
                        .append();
            }
        }
    }
}
