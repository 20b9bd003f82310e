package io.zeptodb.server;

import io.zeptodb.engine.api.Database;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** JDBC over a database folder in this process. */
class FolderConformanceTest extends JdbcConformance {
    @TempDir
    static Path folder;

    private static Connection keepsItOpen;

    private static String url() {
        return "jdbc:zepto:file:" + folder.resolve("conformance");
    }

    @BeforeAll
    static void open() throws SQLException {
        keepsItOpen = DriverManager.getConnection(url() + "?durability=async&storage_mode=disk");
    }

    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection(url());
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
