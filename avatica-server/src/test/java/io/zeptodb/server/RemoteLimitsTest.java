package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.server.access.ServerAccess;
import io.zeptodb.server.access.UserLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The limits of a database hold for the clients of a server, who reach no file unless that is allowed. */
class RemoteLimitsTest {
    private static final String ENDLESS =
            "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r";

    private static void refused(Statement statement, String state, String sql) {
        assertThatThrownBy(() -> {
                    if (statement.execute(sql)) {
                        try (ResultSet rows = statement.getResultSet()) {
                            while (rows.next()) {
                                assertThat(rows.getObject(1)).isNotNull();
                            }
                        }
                    }
                })
                .as(sql)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state));
    }

    @Test
    void limitsOfTheUrlHold() throws Exception {
        String url = "jdbc:zepto:?max_result_rows=5&max_statement_length=200&max_nesting_depth=20";
        try (ZeptoServer server = ZeptoServer.builder().url(url).port(0).start();
                Connection connection = DriverManager.getConnection(server.jdbcUrl());
                Statement statement = connection.createStatement()) {
            refused(statement, "54000", "VALUES (1), (2), (3), (4), (5), (6)");
            refused(statement, "54000", "SELECT '" + "x".repeat(300) + "'");
            refused(statement, "54001", "SELECT " + "(".repeat(21) + "1" + ")".repeat(21));
            refused(statement, "42501", "SET max_result_rows = 6");
            statement.execute("SET max_result_rows = 2");
            refused(statement, "54000", "VALUES (1), (2), (3)");
            statement.execute("SET access_mode = read_only");
            refused(statement, "25006", "CREATE TABLE t (x INTEGER)");
        }
    }

    /** It asks whether the session can write at all, which takes a statement. */
    @Test
    void setReadOnlyThatFailsChangesNothing() throws Exception {
        UserLimits oneStatement = new UserLimits(10, 1, Map.of());
        try (ZeptoServer server = ZeptoServer.builder()
                        .url("jdbc:zepto:")
                        .port(0)
                        .access(new ServerAccess(null, null, null, false, null, oneStatement))
                        .start();
                Connection connection = DriverManager.getConnection(server.jdbcUrl())) {
            connection.setReadOnly(true);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET threads = 1");
                assertThatThrownBy(() -> connection.setReadOnly(false))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState()).isEqualTo("53300"));
                assertThat(connection.isReadOnly()).isTrue();
                refused(statement, "25006", "CREATE TABLE t (x INTEGER)");
            }
            connection.setReadOnly(false);
            assertThat(connection.isReadOnly()).isFalse();
        }
    }

    @Test
    void theTimeOutOfTheUrlHolds() throws Exception {
        String url = "jdbc:zepto:?statement_timeout=500ms";
        try (ZeptoServer server = ZeptoServer.builder().url(url).port(0).start();
                Connection connection = DriverManager.getConnection(server.jdbcUrl());
                Statement statement = connection.createStatement()) {
            refused(statement, "57014", ENDLESS);
        }
    }

    @Test
    void clientsReachNoFilesUnlessTheyMay(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("x.csv"), "x\n1\n");
        String copy = "COPY t FROM '" + file + "'";
        try (ZeptoServer server =
                        ZeptoServer.builder().url("jdbc:zepto:").port(0).start();
                Connection connection = DriverManager.getConnection(server.jdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (x INTEGER)");
            refused(statement, "42501", copy);
            refused(statement, "42501", "COPY t TO '" + folder.resolve("y.csv") + "'");
            refused(statement, "42501", "BACKUP TO '" + folder.resolve("backup") + "'");
            refused(statement, "42501", "SET allowed_paths = '*'");
        }
        String url = "jdbc:zepto:?allowed_paths=" + folder;
        try (ZeptoServer server = ZeptoServer.builder().url(url).port(0).start();
                Connection connection = DriverManager.getConnection(server.jdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (x INTEGER)");
            assertThat(statement.executeUpdate(copy)).isEqualTo(1);
            refused(statement, "42501", "COPY t FROM '/etc/hostname'");
        }
        try (ZeptoServer server = ZeptoServer.builder()
                        .url("jdbc:zepto:")
                        .allowedPaths(folder.toString())
                        .port(0)
                        .start();
                Connection connection = DriverManager.getConnection(server.jdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (x INTEGER)");
            assertThat(statement.executeUpdate(copy)).isEqualTo(1);
        }
    }
}
