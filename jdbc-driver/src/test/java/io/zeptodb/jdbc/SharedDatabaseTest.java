package io.zeptodb.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.Database;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** Which connections see which database, and when it is gone. */
class SharedDatabaseTest {
    @Test
    void theServiceLoaderFindsTheDriver() throws SQLException {
        assertThat(DriverManager.getDriver("jdbc:zepto:")).isInstanceOf(ZeptoDriver.class);
    }

    @Test
    void aPrivateDatabaseIsSeenByItsOwnConnectionOnly() throws SQLException {
        try (Connection one = DriverManager.getConnection("jdbc:zepto:");
                Connection other = DriverManager.getConnection("jdbc:zepto:")) {
            run(one, "CREATE TABLE t (x BIGINT)");
            run(one, "INSERT INTO t VALUES (1)");
            assertThat(count(one)).isEqualTo(1);
            assertThatThrownBy(() -> count(other))
                    .isInstanceOf(SQLSyntaxErrorException.class)
                    .hasMessageContaining("t");
        }
    }

    @Test
    void aNamedDatabaseIsSharedAndGoneWithItsLastConnection() throws SQLException {
        Database database;
        try (Connection one = DriverManager.getConnection("jdbc:zepto:mem:shared")) {
            database = one.unwrap(Database.class);
            try (Connection other = DriverManager.getConnection("jdbc:zepto:mem:shared")) {
                run(one, "CREATE TABLE t (x BIGINT)");
                run(one, "INSERT INTO t VALUES (1), (2)");
                assertThat(count(other)).isEqualTo(2);
            }
            assertThat(database.isClosed()).isFalse();
            assertThat(count(one)).isEqualTo(2);
        }
        assertThat(database.isClosed()).isTrue();
        try (Connection anew = DriverManager.getConnection("jdbc:zepto:mem:shared")) {
            assertThatThrownBy(() -> count(anew)).isInstanceOf(SQLSyntaxErrorException.class);
        }
    }

    @Test
    void optionsComeFromTheUrlAndFromProperties() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:zepto:?memory_limit=64MB&threads=1")) {
            Database database = connection.unwrap(Database.class);
            assertThat(database.config().memoryLimitBytes()).isEqualTo(64L << 20);
            assertThat(database.config().threads()).isEqualTo(1);
        }
    }

    @Test
    void aSecondConnectionCannotAskForOtherOptions() throws SQLException {
        try (Connection one = DriverManager.getConnection("jdbc:zepto:mem:optioned?threads=1")) {
            assertThat(one.isValid(1)).isTrue();
            try (Connection same = DriverManager.getConnection("jdbc:zepto:mem:optioned?threads=1");
                    Connection silent = DriverManager.getConnection("jdbc:zepto:mem:optioned")) {
                assertThat(same.unwrap(Database.class)).isSameAs(silent.unwrap(Database.class));
            }
            assertThatThrownBy(() -> DriverManager.getConnection("jdbc:zepto:mem:optioned?threads=2"))
                    .isInstanceOf(SQLDataException.class)
                    .hasMessageContaining("optioned")
                    .hasMessageContaining("threads = 1");
        }
    }

    @Test
    void whatIsNoUrlIsRefusedWithWhatWouldBe() {
        assertThatThrownBy(() -> DriverManager.getConnection("jdbc:zepto:nonsense"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("mem:NAME");
        assertThatThrownBy(() -> DriverManager.getConnection("jdbc:zepto:mem:"))
                .hasMessageContaining("name is missing");
        assertThatThrownBy(() -> DriverManager.getConnection("jdbc:zepto:?threads"))
                .hasMessageContaining("option=value");
        assertThatThrownBy(() -> DriverManager.getConnection("jdbc:zepto:?colour=red"))
                .hasMessageContaining("unknown connection option 'colour'")
                .hasMessageContaining("memory_limit");
        assertThatThrownBy(() -> DriverManager.getConnection("jdbc:zepto:?threads=many"))
                .isInstanceOf(SQLDataException.class)
                .hasMessageContaining("threads");
        assertThatThrownBy(() -> DriverManager.getConnection("jdbc:zepto:file:"))
                .hasMessageContaining("path is missing");
        assertThatThrownBy(() -> DriverManager.getConnection("jdbc:zepto://host:99999/"))
                .hasMessageContaining("HOST:PORT");
    }

    @Test
    void aDataSourceIsABean() throws SQLException {
        ZeptoDataSource source = new ZeptoDataSource();
        source.setUrl("jdbc:zepto:mem:bean");
        source.setMemoryLimit("32MB");
        source.setThreads(1);
        try (Connection connection = source.getConnection();
                Connection withUser = source.getConnection("somebody", "secret")) {
            assertThat(connection.unwrap(Database.class).config().memoryLimitBytes())
                    .isEqualTo(32L << 20);
            assertThat(withUser.unwrap(Database.class)).isSameAs(connection.unwrap(Database.class));
        }
        source.setOption("colour", "red");
        assertThatThrownBy(source::getConnection).hasMessageContaining("colour");
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long count(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM t")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
