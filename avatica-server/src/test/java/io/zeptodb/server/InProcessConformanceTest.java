package io.zeptodb.server;

import io.zeptodb.engine.api.Database;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** JDBC over a database in this process. */
class InProcessConformanceTest extends JdbcConformance {
    private static final String URL = "jdbc:zepto:mem:conformance";
    private static Connection keepsItOpen;

    @BeforeAll
    static void open() throws SQLException {
        keepsItOpen = DriverManager.getConnection(URL);
    }

    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection(URL);
    }

    @Override
    Database database() throws SQLException {
        return keepsItOpen.unwrap(Database.class);
    }

    @AfterAll
    static void end() throws SQLException {
        keepsItOpen.close();
    }
}
