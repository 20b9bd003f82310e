package io.zeptodb.server;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** JDBC over a database in this process. */
class InProcessConformanceTest extends JdbcConformance {
    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:zepto:");
    }
}
