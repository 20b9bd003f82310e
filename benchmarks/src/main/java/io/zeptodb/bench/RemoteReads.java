package io.zeptodb.bench;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.server.ZeptoServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampNanoVector;

/**
 * One result of five columns read in several ways, each checked first: in the process, through our driver from a server in the same JVM, and through Avatica's
 * own driver from the same server. Arguments: rows in thousands (1000), runs (9).
 */
public final class RemoteReads {
    private static final int THOUSAND = 1_000;
    private static final int SYMBOLS = 100;
    private static final int WARM_UPS = 3;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final long NANOS_PER_MILLISECOND = 1_000_000;
    private static final String SQL = "SELECT ts, symbol, price, size, side FROM trades";

    private RemoteReads() {}

    /** What was read, which must be the same in each way. The stock driver has no nanoseconds. */
    private record Totals(long rows, long millis, long symbolLengths, double prices, long sizes, long sides) {}

    private interface Way {
        Totals read() throws SQLException;
    }

    public static void main(String[] arguments) throws SQLException, IOException {
        int rows = (arguments.length == 0 ? THOUSAND : Integer.parseInt(arguments[0])) * THOUSAND;
        int runs = arguments.length < 2 ? 9 : Integer.parseInt(arguments[1]);
        try (Connection local = DriverManager.getConnection("jdbc:zepto:");
                ZeptoServer server = ZeptoServer.builder()
                        .database(local.unwrap(Database.class))
                        .port(0)
                        .start();
                Connection ours = DriverManager.getConnection(server.jdbcUrl());
                Connection lz4 = DriverManager.getConnection(server.jdbcUrl() + "?compression=lz4");
                Connection zstd = DriverManager.getConnection(server.jdbcUrl() + "?compression=zstd");
                Connection frames = DriverManager.getConnection(server.jdbcUrl() + "?result_format=rows");
                Connection stock = DriverManager.getConnection(
                        "jdbc:avatica:remote:url=http://localhost:" + server.port() + "/;serialization=protobuf")) {
            fill(local, rows);
            Map<String, Way> ways = new LinkedHashMap<>();
            ways.put("in process, getters", () -> rows(local));
            ways.put("server, getters", () -> rows(ours));
            ways.put("server, getters, LZ4", () -> rows(lz4));
            ways.put("server, getters, Zstandard", () -> rows(zstd));
            ways.put("in process, batches", () -> batches(local));
            ways.put("server, batches", () -> batches(ours));
            ways.put("server, our driver with row frames", () -> rows(frames));
            ways.put("server, Avatica's own driver", () -> rows(stock));
            Totals expected = rows(local);
            System.out.printf(Locale.ROOT, "%,d rows, %d columns, %s%n", rows, 5, Runtime.version());
            System.out.println("| way | ms | M rows/s | of in process, getters |");
            System.out.println("|---|---|---|---|");
            double first = 0;
            for (Map.Entry<String, Way> way : ways.entrySet()) {
                double millis = median(way.getKey(), way.getValue(), expected, runs);
                first = first == 0 ? millis : first;
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %.1f | %.2f | %.2f |%n",
                        way.getKey(),
                        millis,
                        rows / millis / THOUSAND,
                        millis / first);
            }
        }
    }

    private static void fill(Connection connection, int rows) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE trades (ts TIMESTAMP_NS, symbol SYMBOL, price DOUBLE, size BIGINT, side VARCHAR)"
                            + " PARTITION BY DAY(ts)");
            statement.execute("INSERT INTO trades SELECT TIMESTAMP '2024-08-10 00:00:00' + x * INTERVAL '0.001' SECOND,"
                    + " 'S' || CAST(mod(x, " + SYMBOLS + ") AS VARCHAR), 100 + mod(x * 7, 1000) / 16.0, mod(x, 5000),"
                    + " CASE WHEN mod(x, 3) = 0 THEN 'sell' ELSE 'buy' END FROM"
                    + " (SELECT a.x * 1000 + b.x AS x FROM UNNEST(" + numbers(rows / THOUSAND) + ") AS a (x), UNNEST("
                    + numbers(THOUSAND) + ") AS b (x)) AS n");
        }
    }

    private static String numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).collect(Collectors.joining(", ", "ARRAY[", "]"));
    }

    private static Totals rows(Connection connection) throws SQLException {
        long rows = 0;
        long times = 0;
        long symbols = 0;
        double prices = 0;
        long sizes = 0;
        long sides = 0;
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(SQL)) {
            while (result.next()) {
                rows++;
                times += result.getTimestamp(1).getTime();
                symbols += result.getString(2).length();
                prices += result.getDouble(3);
                sizes += result.getLong(4);
                sides += result.getString(5).length();
            }
        }
        return new Totals(rows, times, symbols, prices, sizes, sides);
    }

    /** As columns; of the texts only their places are read. */
    private static Totals batches(Connection connection) throws SQLException {
        long rows = 0;
        long times = 0;
        double prices = 0;
        long sizes = 0;
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(SQL)) {
            BatchCursor cursor = result.unwrap(BatchCursor.class);
            while (cursor.next()) {
                java.util.List<FieldVector> columns = cursor.batch().getFieldVectors();
                TimeStampNanoVector ts = (TimeStampNanoVector) columns.get(0);
                Float8Vector price = (Float8Vector) columns.get(2);
                BigIntVector size = (BigIntVector) columns.get(3);
                int count = cursor.batch().getRowCount();
                for (int row = 0; row < count; row++) {
                    times += ts.get(row) / NANOS_PER_MILLISECOND;
                    prices += price.get(row);
                    sizes += size.get(row);
                }
                rows += count;
            }
        }
        return new Totals(rows, times, 0, prices, sizes, 0);
    }

    private static double median(String name, Way way, Totals expected, int runs) throws SQLException {
        double[] times = new double[runs];
        for (int i = -WARM_UPS; i < runs; i++) {
            long begin = System.nanoTime();
            Totals totals = way.read();
            if (i >= 0) {
                times[i] = (System.nanoTime() - begin) / NANOS_PER_MILLI;
            }
            check(name, totals, expected);
        }
        Arrays.sort(times);
        return times[runs / 2];
    }

    private static void check(String name, Totals read, Totals expected) {
        boolean texts = read.symbolLengths() != 0;
        boolean right = read.rows() == expected.rows()
                && read.sizes() == expected.sizes()
                && Math.abs(read.prices() - expected.prices()) < 1e-6 * expected.prices()
                && (!texts
                        || (read.symbolLengths() == expected.symbolLengths()
                                && read.sides() == expected.sides()
                                && read.millis() == expected.millis()));
        if (!right) {
            throw new IllegalStateException(name + ": read " + read + ", expected " + expected);
        }
    }
}
