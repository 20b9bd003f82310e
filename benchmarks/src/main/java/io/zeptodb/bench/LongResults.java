package io.zeptodb.bench;

import io.zeptodb.engine.api.Database;
import io.zeptodb.server.ZeptoServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;

/**
 * A result that is much longer than the memory is read row by row, in the process and from a server in the same JVM: its sum is checked, and the most memory
 * that Arrow's buffers of both sides took is told. Start it with a small heap, {@code -Xmx64m}. Argument: rows in millions (100).
 */
public final class LongResults {
    private static final long MILLION = 1_000_000;
    private static final int COLUMN = 1_000;
    private static final int LOOK_EVERY = 1 << 16;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double BYTES_PER_MEGABYTE = 1 << 20;

    private LongResults() {}

    public static void main(String[] arguments) throws SQLException, IOException {
        int millions = arguments.length == 0 ? 100 : Integer.parseInt(arguments[0]);
        try (Connection local = DriverManager.getConnection("jdbc:zepto:")) {
            Database database = local.unwrap(Database.class);
            try (Statement statement = local.createStatement()) {
                statement.execute("CREATE TABLE side (x BIGINT)");
                statement.execute("INSERT INTO side SELECT x FROM UNNEST(" + numbers(COLUMN) + ") AS u (x)");
                statement.execute("CREATE TABLE millions (x BIGINT)");
                statement.execute("INSERT INTO millions SELECT x FROM UNNEST(" + numbers(millions) + ") AS u (x)");
            }
            try (ZeptoServer server =
                            ZeptoServer.builder().database(database).port(0).start();
                    Connection remote = DriverManager.getConnection(server.jdbcUrl());
                    Connection lz4 = DriverManager.getConnection(server.jdbcUrl() + "?compression=lz4")) {
                Map<String, Connection> ways = new LinkedHashMap<>();
                ways.put("in process", local);
                ways.put("server", remote);
                ways.put("server, LZ4", lz4);
                System.out.printf(
                        Locale.ROOT,
                        "%d,000,000 rows of three columns, %s, heap of at most %.0f MB%n",
                        millions,
                        Runtime.version(),
                        Runtime.getRuntime().maxMemory() / BYTES_PER_MEGABYTE);
                for (Map.Entry<String, Connection> way : ways.entrySet()) {
                    System.out.println(
                            way.getKey() + ": " + read(way.getValue(), millions * MILLION, database.allocator()));
                }
            }
        }
    }

    private static String numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).collect(Collectors.joining(", ", "ARRAY[", "]"));
    }

    private static String read(Connection connection, long expectedRows, BufferAllocator memory) throws SQLException {
        long before = memory.getAllocatedMemory();
        long most = 0;
        long rows = 0;
        long sum = 0;
        long letters = 0;
        long begin = System.nanoTime();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT m.x * 1000000 + a.x * 1000 + b.x AS n,"
                        + " a.x / 4.0E0 AS d, 'row' AS s FROM millions m, side a, side b")) {
            while (result.next()) {
                sum += result.getLong(1);
                letters += result.getString(3).length();
                if (rows++ % LOOK_EVERY == 0) {
                    most = Math.max(most, memory.getAllocatedMemory() - before);
                }
            }
        }
        double seconds = (System.nanoTime() - begin) / NANOS_PER_SECOND;
        long expectedSum =
                expectedRows % 2 == 0 ? expectedRows / 2 * (expectedRows - 1) : expectedRows * ((expectedRows - 1) / 2);
        if (rows != expectedRows || sum != expectedSum || letters != 3 * rows) {
            throw new IllegalStateException(rows + " rows with a sum of " + sum + " and " + letters
                    + " letters, expected " + expectedRows + " rows with a sum of " + expectedSum);
        }
        return String.format(
                Locale.ROOT,
                "%.1f s, %.1f M rows/s, at most %.1f MB of Arrow's memory",
                seconds,
                rows / seconds / MILLION,
                most / BYTES_PER_MEGABYTE);
    }
}
