package io.zeptodb.server;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** JDBC over a server that does not know our protocol, but only Avatica's. */
class RowFormatConformanceTest extends JdbcConformance {
    private static ZeptoServer server;

    @BeforeAll
    static void start() throws SQLException, IOException {
        server = ZeptoServer.builder()
                .url("jdbc:zepto:")
                .allowedPaths("*")
                .wireVersions(List.of())
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
