package io.zeptodb.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.sql.Statement;
import java.sql.Types;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Prepared statements that outlive the tables they were prepared for. */
class PreparedStatementTest {
    private Connection connection;

    @BeforeEach
    void connect() throws SQLException {
        connection = DriverManager.getConnection("jdbc:zepto:");
        run("CREATE TABLE t (a INTEGER, b VARCHAR)");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void metadataIsThatOfTheTableMadeAnew() throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT * FROM t WHERE a = ?")) {
            assertThat(select.getMetaData().getColumnType(1)).isEqualTo(Types.INTEGER);
            assertThat(select.getParameterMetaData().getParameterType(1)).isEqualTo(Types.INTEGER);
            run("DROP TABLE t");
            assertThatThrownBy(select::getMetaData)
                    .isInstanceOf(SQLSyntaxErrorException.class)
                    .hasMessageContaining("'t' does not exist");
            run("CREATE TABLE t (c DOUBLE, a DECIMAL(10, 2), e DATE)");
            run("INSERT INTO t VALUES (1.5, 2.25, '2024-01-02')");
            ResultSetMetaData before = select.getMetaData();
            assertThat(before.getColumnCount()).isEqualTo(3);
            assertThat(before.getColumnLabel(1)).isEqualTo("c");
            assertThat(before.getColumnType(2)).isEqualTo(Types.DECIMAL);
            assertThat(select.getParameterMetaData().getParameterType(1)).isEqualTo(Types.DECIMAL);
            select.setBigDecimal(1, new BigDecimal("2.25"));
            try (ResultSet rows = select.executeQuery()) {
                assertThat(rows.getMetaData().getColumnType(1)).isEqualTo(Types.DOUBLE);
                assertThat(rows.getMetaData().getColumnCount()).isEqualTo(3);
                assertThat(rows.next()).isTrue();
                assertThat(rows.getDouble("c")).isEqualTo(1.5);
                assertThat(rows.getDate("e")).hasToString("2024-01-02");
            }
        }
    }

    @Test
    void aResultThatIsReadKeepsItsMetadata() throws SQLException {
        run("INSERT INTO t VALUES (1, 'x')");
        try (PreparedStatement select = connection.prepareStatement("SELECT * FROM t");
                ResultSet rows = select.executeQuery()) {
            run("DROP TABLE t");
            run("CREATE TABLE t (z TIMESTAMP)");
            assertThat(select.getMetaData().getColumnLabel(1)).isEqualTo("z");
            assertThat(rows.getMetaData().getColumnLabel(2)).isEqualTo("b");
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString("b")).isEqualTo("x");
        }
    }

    /** Plans texts that no cache has, until the connection is closed under it. */
    @Test
    void aCloseWhileAStatementIsPlannedIsToldAsThat() throws Exception {
        for (int round = 0; round < 30; round++) {
            Connection own = DriverManager.getConnection("jdbc:zepto:");
            int number = round;
            CompletableFuture<SQLException> failure = CompletableFuture.supplyAsync(() -> {
                try (Statement statement = own.createStatement()) {
                    for (int i = 0; ; i++) {
                        statement.execute("SELECT " + i + " + " + number + " * 2, 'a' || '" + i + "'");
                    }
                } catch (SQLException e) {
                    return e;
                }
            });
            Thread.sleep(round % 10);
            own.close();
            SQLException told = failure.get(5, TimeUnit.MINUTES);
            assertThat(told.getMessage()).contains("is closed");
            assertThat(told.getSQLState()).isNotEqualTo("42000");
        }
    }
}
