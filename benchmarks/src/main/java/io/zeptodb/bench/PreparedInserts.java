package io.zeptodb.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.zeptodb.jdbc.append.Appender;
import io.zeptodb.jdbc.append.AppendingConnection;
import io.zeptodb.server.ZeptoServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Rows through JDBC: what a prepared INSERT with executeBatch stores, by the setter of its times and the rows of a batch, and what an appender does, in memory, on disk and through a server. Each run is
 * checked (rows, sums, first and last time) before its figures are printed: rows a second, CPU time of the process and of the thread that inserts, and its Java objects, for each row.
 * Arguments: {@code memory}, {@code disk}, {@code remote} (all), names of setters (all), rows in all, rows of batches.
 */
public final class PreparedInserts {
    private static final List<Integer> BATCHES = List.of(1_000, 10_000, 100_000);
    private static final int MILLION = 1_000_000;
    private static final int WARM_UP = 2;
    private static final int RUNS = 5;
    private static final int SYMBOLS = 50;
    private static final int PRICES = 1_024;
    private static final int SIZES = 512;
    private static final long START = 1_704_067_200_000_000_000L;
    private static final long STEP_NANOS = 1_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final double NANOS_A_SECOND = 1e9;

    private static final String[] NAMES =
            IntStream.range(0, SYMBOLS).mapToObj(Ticks::name).toArray(String[]::new);

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private PreparedInserts() {}

    /** How a row gets its time. */
    private enum Times {
        LONG,
        TIMESTAMP,
        LOCAL_DATE_TIME,
        STRING,
        /** Not by a prepared INSERT, but by an appender that flushes after as many rows. */
        APPENDER
    }

    private record Run(Times times, int rows, int batch) {}

    public static void main(String[] arguments) throws SQLException, IOException {
        List<String> given = List.of(arguments);
        boolean all = Stream.of("memory", "disk", "remote").noneMatch(given::contains);
        List<Integer> numbers = given.stream()
                .filter(argument -> Character.isDigit(argument.charAt(0)))
                .map(Integer::valueOf)
                .toList();
        int rows = numbers.isEmpty() ? MILLION : numbers.get(0);
        List<Integer> batches = numbers.size() > 1 ? numbers.subList(1, numbers.size()) : BATCHES;
        if (all || given.contains("memory")) {
            print("in memory");
            measure("jdbc:zepto:", given, rows, batches);
        }
        if (all || given.contains("disk")) {
            print("on disk, durability=fsync");
            Path folder = Files.createTempDirectory("prepared-inserts");
            measure("jdbc:zepto:file:" + folder.resolve("db") + "?durability=fsync", given, rows, batches);
        }
        if (all || given.contains("remote")) {
            print("through a server of this process, in its memory");
            try (ZeptoServer server =
                    ZeptoServer.builder().url("jdbc:zepto:").port(0).start()) {
                measure(server.jdbcUrl(), given, rows, batches);
            }
        }
    }

    private static void measure(String url, List<String> given, int rows, List<Integer> batches) throws SQLException {
        List<Times> named = Arrays.stream(Times.values())
                .filter(times -> given.contains(times.name()))
                .toList();
        try (Connection connection = DriverManager.getConnection(url)) {
            for (int batch : batches) {
                for (Times times : named.isEmpty() ? List.of(Times.values()) : named) {
                    Run run = new Run(times, rows, batch);
                    for (int i = 0; i < WARM_UP; i++) {
                        create(connection);
                        insert(connection, run);
                    }
                    report(connection, run);
                }
            }
        }
    }

    private static void report(Connection connection, Run run) throws SQLException {
        long wall = Long.MAX_VALUE;
        long cpu = Long.MAX_VALUE;
        long own = Long.MAX_VALUE;
        long bytes = Long.MAX_VALUE;
        for (int i = 0; i < RUNS; i++) {
            create(connection);
            long bytesBefore = THREADS.getCurrentThreadAllocatedBytes();
            long cpuBefore = SYSTEM.getProcessCpuTime();
            long ownBefore = THREADS.getCurrentThreadCpuTime();
            long before = System.nanoTime();
            insert(connection, run);
            wall = Math.min(wall, System.nanoTime() - before);
            cpu = Math.min(cpu, SYSTEM.getProcessCpuTime() - cpuBefore);
            own = Math.min(own, THREADS.getCurrentThreadCpuTime() - ownBefore);
            bytes = Math.min(bytes, THREADS.getCurrentThreadAllocatedBytes() - bytesBefore);
            check(connection, run);
        }
        print(
                "  executeBatch of %,7d rows, %-15s %,12.0f rows/s; a row: CPU %,6.0f ns, of this thread %,6.0f ns, objects %,6.0f bytes",
                run.batch,
                run.times,
                run.rows / (wall / NANOS_A_SECOND),
                cpu / (double) run.rows,
                own / (double) run.rows,
                bytes / (double) run.rows);
    }

    private static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS trades");
            statement.execute("CREATE TABLE trades (ts TIMESTAMP_NS, symbol SYMBOL, price DOUBLE, size BIGINT,"
                    + " side VARCHAR)");
        }
    }

    private static void insert(Connection connection, Run run) throws SQLException {
        if (run.times == Times.APPENDER) {
            append(connection, run);
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO trades VALUES (?, ?, ?, ?, ?)")) {
            for (int i = 0; i < run.rows; i++) {
                setTime(insert, run.times, START + i * STEP_NANOS);
                insert.setString(2, NAMES[i % SYMBOLS]);
                insert.setDouble(3, i % PRICES);
                insert.setLong(4, i % SIZES);
                insert.setString(5, (i & 1) == 0 ? "buy" : "sell");
                insert.addBatch();
                if ((i + 1) % run.batch == 0) {
                    insert.executeBatch();
                }
            }
            insert.executeBatch();
        }
    }

    private static void append(Connection connection, Run run) throws SQLException {
        try (Appender trades =
                connection.unwrap(AppendingConnection.class).appender("trades").setAutoFlush(run.batch)) {
            for (int i = 0; i < run.rows; i++) {
                trades.setTimestampNanos(1, START + i * STEP_NANOS)
                        .setString(2, NAMES[i % SYMBOLS])
                        .setDouble(3, i % PRICES)
                        .setLong(4, i % SIZES)
                        .setString(5, (i & 1) == 0 ? "buy" : "sell")
                        .endRow();
            }
        }
    }

    private static void setTime(PreparedStatement insert, Times times, long nanos) throws SQLException {
        switch (times) {
            case LONG -> insert.setLong(1, nanos);
            case TIMESTAMP -> {
                Timestamp time = new Timestamp(nanos / 1_000_000);
                time.setNanos((int) (nanos % NANOS_PER_SECOND));
                insert.setTimestamp(1, time);
            }
            case LOCAL_DATE_TIME -> insert.setObject(1, local(nanos));
            default -> insert.setString(1, local(nanos).toString());
        }
    }

    private static LocalDateTime local(long nanos) {
        return LocalDateTime.ofEpochSecond(nanos / NANOS_PER_SECOND, (int) (nanos % NANOS_PER_SECOND), ZoneOffset.UTC);
    }

    private static void check(Connection connection, Run run) throws SQLException {
        long sizes = 0;
        double prices = 0;
        for (int i = 0; i < run.rows; i++) {
            sizes += i % SIZES;
            prices += i % PRICES;
        }
        String query = "SELECT count(*), sum(size), sum(price), min(ts), max(ts), count(DISTINCT symbol),"
                + " count(*) FILTER (WHERE side = 'sell') FROM trades";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            List<Object> found = List.of(
                    row.getLong(1),
                    row.getLong(2),
                    row.getDouble(3),
                    row.getObject(4, LocalDateTime.class),
                    row.getObject(5, LocalDateTime.class),
                    row.getLong(6),
                    row.getLong(7));
            List<Object> expected = List.of(
                    (long) run.rows,
                    sizes,
                    prices,
                    local(START),
                    local(START + (run.rows - 1) * STEP_NANOS),
                    (long) Math.min(SYMBOLS, run.rows),
                    (long) run.rows / 2);
            if (!found.equals(expected)) {
                throw new IllegalStateException("stored " + found + ", not " + expected);
            }
        }
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
