package io.zeptodb.server;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** JDBC over a server. */
class RemoteConformanceTest extends JdbcConformance {
    private static ZeptoServer server;

    @BeforeAll
    static void start() throws SQLException, IOException {
        server = ZeptoServer.builder()
                .url("jdbc:zepto:")
                .allowedPaths("*")
                .port(0)
                .start();
    }

    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl());
    }

    @AfterAll
    static void stop() throws SQLException, IOException {
        server.close();
    }
}
