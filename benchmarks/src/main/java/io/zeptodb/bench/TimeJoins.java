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
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * How the work of as-of and window joins grows: CPU time for each left row, of a quarter of a million rows on each side to two million, with one key, a
 * thousand, and as many keys as rows; then the as-of join of a million rows to a million beside DuckDB's, of the same rows, in this process. Ratios of one run
 * say more than its times. Arguments: what is measured, {@code growth} or {@code duckdb} (both), and the sizes.
 */
public final class TimeJoins {
    private static final List<Integer> SIZES = List.of(250_000, 500_000, 1_000_000, 2_000_000);
    private static final int MILLION = 1_000_000;
    private static final int SOME_KEYS = 1_000;
    private static final int WARM_UP = 2;
    private static final int RUNS = 4;
    private static final int PAIRS = 9;
    private static final int WARM_UP_ROWS = 100_000;
    private static final long STEP_NANOS = 1_000_000;
    private static final double NANOS_A_MILLI = 1e6;
    private static final String ASOF = "SELECT count(*), sum(q.x) FROM t ASOF JOIN q ON t.k = q.k AND t.ts >= q.ts";

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private TimeJoins() {}

    /** Of a query, for each row of its left side. */
    private record Cost(double nanos, double heapBytes) {}

    public static void main(String[] arguments) throws SQLException {
        List<String> given = List.of(arguments);
        boolean all = given.isEmpty();
        if (all || given.contains("growth")) {
            List<Integer> sizes = given.stream()
                    .filter(argument -> Character.isDigit(argument.charAt(0)))
                    .map(Integer::valueOf)
                    .toList();
            growth(sizes.isEmpty() ? SIZES : sizes);
        }
        if (all || given.contains("duckdb")) {
            print(
                    "as-of join of a million rows to a million, two threads, least and median of %d runs in turns",
                    PAIRS);
            for (int keys : List.of(1, SOME_KEYS, MILLION)) {
                besideDuckDb(keys);
            }
        }
    }

    private static Map<String, String> queries() {
        Map<String, String> queries = new LinkedHashMap<>();
        String from = " FROM t ASOF JOIN q ON t.k = q.k AND ";
        queries.put("as-of", ASOF);
        queries.put("as-of, nearest", "SELECT count(*), sum(q.x)" + from + "NEAREST(t.ts, q.ts) TOLERANCE 1000000000");
        String window = " FROM t WINDOW JOIN q ON t.k = q.k AND q.ts BETWEEN t.ts - ";
        queries.put(
                "window of 20 rows",
                "SELECT sum(a), sum(c) FROM (SELECT avg(q.x) AS a, count(*) AS c" + window + "20000000 AND t.ts)");
        queries.put(
                "window of 10,000 rows",
                "SELECT sum(a), max(b) FROM (SELECT avg(q.x) AS a, max(q.x) AS b" + window + "10000000000 AND t.ts)");
        return queries;
    }

    private static void growth(List<Integer> sizes) {
        for (int keys : List.of(1, SOME_KEYS, WARM_UP_ROWS)) {
            costs(WARM_UP_ROWS, keys);
        }
        for (int keys : new int[] {1, SOME_KEYS, 0}) {
            Map<String, StringBuilder> lines = new LinkedHashMap<>();
            Map<String, Double> firsts = new LinkedHashMap<>();
            for (int rows : sizes) {
                costs(rows, keys == 0 ? rows : keys).forEach((name, cost) -> {
                    double first = firsts.computeIfAbsent(name, key -> cost.nanos);
                    lines.computeIfAbsent(name, key -> new StringBuilder(String.format(Locale.ROOT, "%-22s", key)))
                            .append(String.format(
                                    Locale.ROOT,
                                    "  %,d: %.0f ns (%.2f x), %.1f B",
                                    rows,
                                    cost.nanos,
                                    cost.nanos / first,
                                    cost.heapBytes));
                });
            }
            print(
                    "%s, one thread: CPU time a row (against the first size), bytes of heap a row",
                    keys == 0 ? "as many keys as rows" : keys == 1 ? "one key" : keys + " keys");
            lines.values().forEach(line -> print("  %s", line));
        }
    }

    private static Map<String, Cost> costs(int rows, int keys) {
        Map<String, Cost> costs = new LinkedHashMap<>();
        try (Database database = Engine.open(Map.of("threads", "1"));
                Session session = database.openSession()) {
            fill(database, session, "t", rows, keys, 1);
            fill(database, session, "q", rows, keys, 2);
            database.checkpoint();
            queries().forEach((name, sql) -> costs.put(name, cost(session, sql, rows)));
        }
        return costs;
    }

    /** The CPU time of a run, and what the last one allocated; a query of one thread runs on its caller's. */
    private static Cost cost(Session session, String sql, int rows) {
        long cpu = 0;
        long allocated = 0;
        try (PreparedQuery query = session.prepare(sql)) {
            for (int run = -WARM_UP; run < RUNS; run++) {
                long cpuBefore = THREADS.getCurrentThreadCpuTime();
                long bytesBefore = allocated();
                QueryBenchmark.require(1, QueryBenchmark.drain(query));
                allocated = allocated() - bytesBefore;
                cpu += run < 0 ? 0 : THREADS.getCurrentThreadCpuTime() - cpuBefore;
            }
        }
        return new Cost((double) cpu / RUNS / rows, (double) allocated / rows);
    }

    private static long allocated() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    private static void besideDuckDb(int keys) throws SQLException {
        try (Database database = Engine.open(Map.of("threads", "2"));
                Session session = database.openSession();
                Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            statement.execute("SET threads TO 2");
            for (String table : List.of("t", "q")) {
                int seed = table.equals("t") ? 1 : 2;
                fill(database, session, table, MILLION, keys, seed);
                fill((DuckDBConnection) duck, statement, table, keys, seed);
            }
            database.checkpoint();
            double[] ours = new double[PAIRS];
            double[] theirs = new double[PAIRS];
            double[] ourCpu = new double[PAIRS];
            double[] theirCpu = new double[PAIRS];
            try (PreparedQuery query = session.prepare(ASOF)) {
                for (int run = -WARM_UP; run < PAIRS; run++) {
                    int at = Math.max(run, 0);
                    long cpu = SYSTEM.getProcessCpuTime();
                    long start = System.nanoTime();
                    QueryBenchmark.require(1, QueryBenchmark.drain(query));
                    ours[at] = (System.nanoTime() - start) / NANOS_A_MILLI;
                    ourCpu[at] = (SYSTEM.getProcessCpuTime() - cpu) / NANOS_A_MILLI;
                    cpu = SYSTEM.getProcessCpuTime();
                    start = System.nanoTime();
                    try (ResultSet result = statement.executeQuery(ASOF)) {
                        QueryBenchmark.require(1, result.next() ? 1 : 0);
                    }
                    theirs[at] = (System.nanoTime() - start) / NANOS_A_MILLI;
                    theirCpu[at] = (SYSTEM.getProcessCpuTime() - cpu) / NANOS_A_MILLI;
                }
            }
            print(
                    "  %,d keys: ZeptoDB %s ms, CPU %s ms; DuckDB %s ms, CPU %s ms",
                    keys,
                    leastAndMedian(ours),
                    leastAndMedian(ourCpu),
                    leastAndMedian(theirs),
                    leastAndMedian(theirCpu));
        }
    }

    private static String leastAndMedian(double[] values) {
        Arrays.sort(values);
        return String.format(Locale.ROOT, "%.0f / %.0f", values[0], values[values.length / 2]);
    }

    /** Rows in time order, one each millisecond, keys at random. */
    private static void fill(Database database, Session session, String table, int rows, int keys, int seed) {
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

    /** The same rows; the time as a number, which is what ours is inside. */
    private static void fill(DuckDBConnection duck, Statement statement, String table, int keys, int seed)
            throws SQLException {
        statement.execute("CREATE TABLE " + table + " (k BIGINT, x DOUBLE, ts BIGINT)");
        SplittableRandom random = new SplittableRandom(seed);
        try (DuckDBAppender appender = duck.createAppender(DuckDBConnection.DEFAULT_SCHEMA, table)) {
            for (int i = 0; i < MILLION; i++) {
                appender.beginRow();
                appender.append((long) random.nextInt(keys));
                appender.append(random.nextInt(1_000) / 4.0);
                appender.append(Ticks.DAY + i * STEP_NANOS + seed);
                appender.endRow();
            }
        }
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
