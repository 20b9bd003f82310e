package io.zeptodb.bi;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zeptodb.engine.api.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.arrow.memory.BufferAllocator;

/** A user's program: the driver's one jar and HikariCP on the class path, a million rows, eight threads, no byte left. */
public final class PoolProgram {
    private PoolProgram() {}

    public static void main(String[] arguments) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:zepto:mem:pool");
        config.setMaximumPoolSize(8);
        BufferAllocator memory;
        try (HikariDataSource pool = new HikariDataSource(config)) {
            try (Connection connection = pool.getConnection()) {
                memory = connection.unwrap(Database.class).allocator();
                connection
                        .createStatement()
                        .execute("CREATE TABLE trades (symbol SYMBOL, price DOUBLE, volume BIGINT, ts TIMESTAMP_NS)");
                PreparedStatement insert = connection.prepareStatement("INSERT INTO trades VALUES (?, ?, ?, ?)");
                for (int i = 1; i <= 1_000_000; i++) {
                    insert.setString(1, "S" + i % 50);
                    insert.setDouble(2, 100 + i % 100);
                    insert.setLong(3, 1 + i % 10);
                    insert.setObject(4, Instant.EPOCH.plusNanos(i * 1_000L));
                    insert.addBatch();
                    if (i % 10_000 == 0) {
                        insert.executeBatch();
                    }
                }
            }
            ExecutorService threads = Executors.newFixedThreadPool(8);
            List<Callable<String>> queries = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                queries.add(() -> {
                    try (Connection connection = pool.getConnection();
                            ResultSet rows = connection
                                    .createStatement()
                                    .executeQuery(
                                            "SELECT symbol, vwap(price, volume), count(*) FROM trades GROUP BY symbol")) {
                        long symbols = 0;
                        long trades = 0;
                        while (rows.next()) {
                            symbols++;
                            trades += rows.getLong(3);
                        }
                        return symbols + " " + trades;
                    }
                });
            }
            for (Future<String> answer : threads.invokeAll(queries)) {
                System.out.println("answer " + answer.get());
            }
            threads.shutdown();
        }
        System.out.println("left " + memory.getAllocatedMemory());
    }
}
