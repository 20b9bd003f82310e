package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What connections to a database that was opened with access_mode=read_only say of themselves, in the process and over the network. */
class ReadOnlyDatabaseTest {
    @TempDir
    Path folder;

    private String writing() {
        return "jdbc:zepto:file:" + folder.resolve("db");
    }

    private String reading() {
        return writing() + "?access_mode=read_only";
    }

    @BeforeEach
    void fill() throws SQLException {
        try (Connection writer = DriverManager.getConnection(writing())) {
            run(writer, "CREATE TABLE t (x BIGINT)");
            run(writer, "INSERT INTO t VALUES (7)");
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void assertReads(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT x FROM t")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getLong(1)).isEqualTo(7);
        }
        SQLException refused = catchThrowableOfType(SQLException.class, () -> run(connection, "DELETE FROM t"));
        assertThat(refused.getSQLState()).isEqualTo("25006");
        assertThat(refused.getMessage()).contains("access_mode=read_only");
    }

    /** What pools and tools call when they set up a connection and when they take it back. */
    private static void assertStaysReadOnly(Connection connection) throws SQLException {
        assertThat(connection.isReadOnly()).isTrue();
        assertThat(connection.getMetaData().isReadOnly()).isTrue();
        assertThat((Object) connection.getWarnings()).isNull();
        for (int i = 0; i < 2; i++) {
            connection.setReadOnly(false);
            assertThat(connection.isReadOnly()).isTrue();
            assertThat(connection.getWarnings().getSQLState()).isEqualTo("01000");
            assertThat(connection.getWarnings().getMessage()).contains("stays read-only", "access_mode=read_only");
            assertThat((Object) connection.getWarnings().getNextWarning()).isNull();
        }
        connection.clearWarnings();
        connection.setReadOnly(true);
        assertThat((Object) connection.getWarnings()).isNull();
        assertReads(connection);
        connection.setAutoCommit(false);
        assertReads(connection);
        connection.setReadOnly(false); // in a transaction: there is nothing to change
        connection.setAutoCommit(true);
        assertThat(connection.isReadOnly()).isTrue();
    }

    @Test
    void aConnectionInTheProcessIsReadOnlyAndStaysSo() throws SQLException {
        try (Connection connection = DriverManager.getConnection(reading())) {
            assertStaysReadOnly(connection);
        }
        try (Connection writer = DriverManager.getConnection(writing())) {
            assertMayWrite(writer);
        }
    }

    @Test
    void aConnectionToAServerIsReadOnlyAndStaysSo() throws Exception {
        try (ZeptoServer server = ZeptoServer.builder().url(reading()).port(0).start()) {
            try (Connection connection = DriverManager.getConnection(server.jdbcUrl())) {
                assertStaysReadOnly(connection);
            }
            try (Connection connection = DriverManager.getConnection(server.jdbcUrl())) {
                connection.setReadOnly(true); // before it was asked
                assertStaysReadOnly(connection);
            }
            try (Connection stock = DriverManager.getConnection(
                    "jdbc:avatica:remote:url=http://localhost:" + server.port() + "/;serialization=protobuf")) {
                stock.setReadOnly(false);
                assertThat(stock.isReadOnly()).isTrue();
                assertReads(stock);
            }
        }
        try (ZeptoServer server = ZeptoServer.builder().url(writing()).port(0).start();
                Connection writer = DriverManager.getConnection(server.jdbcUrl())) {
            assertMayWrite(writer);
        }
    }

    private static void assertMayWrite(Connection writer) throws SQLException {
        writer.setReadOnly(true);
        assertThat(writer.isReadOnly()).isTrue();
        assertThat(writer.getMetaData().isReadOnly()).isFalse();
        writer.setReadOnly(false);
        assertThat(writer.isReadOnly()).isFalse();
        assertThat((Object) writer.getWarnings()).isNull();
        run(writer, "INSERT INTO t VALUES (8)");
    }
}
