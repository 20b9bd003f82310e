package io.zeptodb.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zeptodb.engine.api.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** A user's program: the driver's one jar and HikariCP on the class path, a million rows, eight threads, nothing left. */
public final class PoolProgram {
    private static final int ROWS = 1_000_000;
    private static final int ROWS_PER_BATCH = 10_000;
    private static final int THREADS = 8;

    private PoolProgram() {}

    public static void main(String[] arguments) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:zepto:mem:pool");
        config.setMaximumPoolSize(THREADS);
        Database database;
        long allocated;
        try (HikariDataSource pool = new HikariDataSource(config)) {
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement();
                    PreparedStatement insert = connection.prepareStatement("INSERT INTO trades VALUES (?, ?, ?, ?)")) {
                throw new IllegalStateException("a table that is not there was prepared: " + statement + insert);
            } catch (java.sql.SQLSyntaxErrorException expected) {
                System.out.println("refused: " + expected.getMessage());
            }
            fill(pool);
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            List<Callable<String>> queries = IntStream.range(0, THREADS)
                    .mapToObj(i -> (Callable<String>) () -> query(pool))
                    .toList();
            for (var answer : threads.invokeAll(queries)) {
                System.out.println("answer: " + answer.get());
            }
            threads.shutdown();
            try (Connection connection = pool.getConnection()) {
                database = connection.unwrap(Database.class);
                allocated = database.statistics().allocatedBytes();
            }
        }
        System.out.println("closed: " + database.isClosed() + ", was " + (allocated > 0));
    }

    private static void fill(HikariDataSource pool) throws Exception {
        long start = System.nanoTime();
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE trades (symbol SYMBOL, price DOUBLE, volume BIGINT, ts TIMESTAMP_NS)");
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO trades VALUES (?, ?, ?, ?)")) {
                Instant first = Instant.parse("2024-08-09T00:00:00Z");
                for (int i = 0; i < ROWS; i++) {
                    insert.setString(1, "S" + i % 50);
                    insert.setDouble(2, 100 + i % 100);
                    insert.setLong(3, 1 + i % 10);
                    insert.setObject(4, first.plusNanos(i * 1_000L));
                    insert.addBatch();
                    if (i % ROWS_PER_BATCH == ROWS_PER_BATCH - 1) {
                        insert.executeBatch();
                    }
                }
            }
        }
        System.out.println("inserted " + ROWS + " rows, " + ROWS * 1_000L / ((System.nanoTime() - start) / 1_000_000)
                + " rows/s");
    }

    private static String query(HikariDataSource pool) throws Exception {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT symbol, count(*) AS n, vwap(price, volume) AS vwap FROM trades GROUP BY symbol"
                                + " ORDER BY symbol")) {
            long count = 0;
            int symbols = 0;
            while (rows.next()) {
                symbols++;
                count += rows.getLong("n");
            }
            return symbols + " symbols, " + count + " rows";
        }
    }
}
