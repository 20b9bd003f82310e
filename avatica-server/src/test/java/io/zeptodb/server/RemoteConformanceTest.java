package io.zeptodb.server;

import io.zeptodb.engine.api.Database;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** JDBC over a server. */
class RemoteConformanceTest extends JdbcConformance {
    private static final String URL = "jdbc:zepto:mem:RemoteConformanceTest";
    private static ZeptoServer server;
    private static Connection inside;

    @BeforeAll
    static void start() throws SQLException, IOException {
        server = ZeptoServer.builder().url(URL).allowedPaths("*").port(0).start();
        inside = DriverManager.getConnection(URL);
    }

    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl());
    }

    @Override
    Database database() throws SQLException {
        return inside.unwrap(Database.class);
    }

    @Override
    int connectionsOnServer() {
        return server.connectionCount();
    }

    @AfterAll
    static void stop() throws SQLException, IOException {
        inside.close();
        server.close();
    }
}
