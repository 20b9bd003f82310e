package io.zeptodb.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A service that has all connections it may have, in transactions that it never ends. It is a process of its own, for it will be killed. */
final class LeasedClient {
    static final String READY = "ready";

    private LeasedClient() {}

    static HikariDataSource pool(String url, int connections) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(connections);
        config.setInitializationFailTimeout(30_000);
        return new HikariDataSource(config);
    }

    /** All connections of a pool. */
    static List<Connection> all(HikariDataSource pool) throws SQLException {
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < pool.getMaximumPoolSize(); i++) {
            connections.add(pool.getConnection());
        }
        return connections;
    }

    /** @param arguments the URL, and how many connections */
    public static void main(String[] arguments) throws Exception {
        try (HikariDataSource pool = pool(arguments[0], Integer.parseInt(arguments[1]))) {
            for (Connection connection : all(pool)) {
                connection.setAutoCommit(false);
                try (Statement statement = connection.createStatement()) {
                    statement.execute("INSERT INTO t VALUES (1)");
                }
            }
            System.out.println(READY);
            Thread.sleep(600_000);
        }
    }
}
