package io.zeptodb.bi;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zeptodb.engine.api.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.arrow.memory.BufferAllocator;

/** The program of the README, word for word: a million rows through a pool, queries from eight threads, no byte left. */
public final class PoolProgram {
    private PoolProgram() {}

    public static void main(String[] arguments) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:zepto:mem:trades");
        BufferAllocator memory;
        try (HikariDataSource pool = new HikariDataSource(config);
                Connection connection = pool.getConnection()) {
            memory = connection.unwrap(Database.class).allocator();
            connection
                    .createStatement()
                    .execute("CREATE TABLE trades (symbol SYMBOL, price DOUBLE, volume BIGINT, ts TIMESTAMP_NS)");
            PreparedStatement insert = connection.prepareStatement("INSERT INTO trades VALUES (?, ?, ?, ?)");
            for (int i = 1; i <= 1_000_000; i++) {
                insert.setString(1, i % 2 == 0 ? "AAPL" : "MSFT");
                insert.setDouble(2, 100 + i % 7);
                insert.setLong(3, 10 + i % 5);
                insert.setObject(4, LocalDateTime.of(2024, 8, 9, 13, 30).plusNanos(i * 10_000_000L));
                insert.addBatch();
                if (i % 10_000 == 0) {
                    insert.executeBatch();
                }
            }
            ExecutorService threads = Executors.newFixedThreadPool(8);
            Callable<Integer> queries = () -> query(pool);
            for (Future<Integer> rows : threads.invokeAll(Collections.nCopies(8, queries))) {
                System.out.println(rows.get() + " rows");
            }
            threads.shutdown();
        }
        System.out.println(memory.getAllocatedMemory() + " bytes left");
    }

    private static int query(HikariDataSource pool) throws SQLException {
        int count = 0;
        for (String sql : List.of(
                "SELECT symbol, vwap(price, volume), count(*) FROM trades GROUP BY symbol",
                "SELECT symbol, xbar(ts, INTERVAL '5' MINUTE) AS bar, first(price), max(price), min(price), last(price)"
                        + " FROM trades GROUP BY symbol, bar ORDER BY symbol, bar",
                "SELECT a.ts, a.price, m.price FROM trades a ASOF JOIN trades m ON a.volume = m.volume AND a.ts > m.ts"
                        + " WHERE a.symbol = 'AAPL' AND m.symbol = 'MSFT' LIMIT 100")) {
            try (Connection connection = pool.getConnection();
                    ResultSet rows = connection.createStatement().executeQuery(sql)) {
                while (rows.next()) {
                    count++;
                }
            }
        }
        return count;
    }
}
