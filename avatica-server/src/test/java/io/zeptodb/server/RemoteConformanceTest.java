package io.zeptodb.server;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;

/** JDBC over a server. */
class RemoteConformanceTest extends JdbcConformance {
    private ZeptoServer server;

    @Override
    Connection connect() throws SQLException {
        try {
            server = ZeptoServer.builder().url("jdbc:zepto:").port(0).start();
        } catch (IOException e) {
            throw new SQLException("the server did not start", e);
        }
        return DriverManager.getConnection(server.jdbcUrl());
    }

    @AfterEach
    void stop() throws SQLException, IOException {
        server.close();
    }
}
