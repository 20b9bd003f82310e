package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A commit whose answer is lost is told as what it is: nobody knows whether the transaction is stored, and nobody sends it again. */
class LostCommitTest {
    private ZeptoServer server;
    private SpoilingProxy proxy;
    private Connection direct;

    @BeforeEach
    void start() throws SQLException, IOException {
        server = ZeptoServer.builder().url("jdbc:zepto:").port(0).start();
        proxy = new SpoilingProxy(server.port());
        direct = DriverManager.getConnection(server.jdbcUrl());
        try (Statement statement = direct.createStatement()) {
            statement.execute("CREATE TABLE t (x BIGINT)");
        }
    }

    @AfterEach
    void stop() throws SQLException, IOException {
        direct.close();
        proxy.close();
        server.close();
    }

    private long stored() throws SQLException {
        try (Statement statement = direct.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM t")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** What a program does when the answer is lost, and what it is told then. */
    enum Call {
        COMMIT("08007", 1) {
            @Override
            void run(Connection connection) throws SQLException {
                connection.commit();
            }
        },
        SET_AUTO_COMMIT("08007", 1) {
            @Override
            void run(Connection connection) throws SQLException {
                connection.setAutoCommit(true);
            }
        },
        STATEMENT("08007", 1) {
            @Override
            void run(Connection connection) throws SQLException {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(" /* the */ -- end\n  Commit work");
                }
            }
        },
        BATCH("08007", 1) {
            @Override
            void run(Connection connection) throws SQLException {
                try (Statement statement = connection.createStatement()) {
                    statement.addBatch("COMMIT");
                    statement.executeBatch();
                }
            }
        },
        PREPARED("08007", 1) {
            @Override
            void run(Connection connection) throws SQLException {
                connection.prepareStatement("COMMIT").executeUpdate();
            }
        },
        ROLLBACK("08006", 0) {
            @Override
            void run(Connection connection) throws SQLException {
                connection.rollback();
            }
        },
        INSERT("08006", 0) {
            @Override
            void run(Connection connection) throws SQLException {
                try (Statement statement = connection.createStatement()) {
                    statement.executeUpdate("INSERT INTO t VALUES (2)");
                }
            }
        };

        private final String state;
        private final int stored;

        Call(String state, int stored) {
            this.state = state;
            this.stored = stored;
        }

        abstract void run(Connection connection) throws SQLException;

        private boolean isIn(SpoilingProxy.Exchange exchange) {
            return switch (this) {
                case COMMIT -> exchange.asksFor("CommitRequest");
                case SET_AUTO_COMMIT -> exchange.asksFor("ConnectionSyncRequest");
                case STATEMENT -> exchange.asksFor("Commit work");
                case BATCH -> exchange.asksFor("COMMIT");
                case PREPARED -> exchange.path().endsWith("/execute") || exchange.asksFor("$ExecuteRequest");
                case ROLLBACK -> exchange.asksFor("RollbackRequest");
                case INSERT -> exchange.asksFor("VALUES (2)");
            };
        }
    }

    private void lose(Call call, byte[] instead, String options) throws SQLException {
        proxy.spoil(SpoilingProxy.Exchange::answer);
        AtomicInteger sent = new AtomicInteger();
        Connection connection = DriverManager.getConnection(proxy.jdbcUrl() + options);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO t VALUES (1)");
        }
        proxy.spoil(exchange -> {
            if (!call.isIn(exchange)) {
                return exchange.answer();
            }
            sent.incrementAndGet();
            return instead;
        });
        SQLException failure = catchThrowableOfType(SQLException.class, () -> call.run(connection));
        assertThat((Object) failure).isNotNull();
        assertThat(failure.getSQLState()).as(failure.getMessage()).isEqualTo(call.state);
        if (failure instanceof java.sql.BatchUpdateException batch) {
            assertThat(batch.getUpdateCounts()).isEmpty();
        } else {
            assertThat((Object) failure)
                    .isInstanceOf(
                            call.state.equals("08007")
                                    ? SQLNonTransientConnectionException.class
                                    : SQLRecoverableException.class);
        }
        assertThat(failure.getMessage()).contains("nobody knows");
        assertThat(sent).hasValue(1);
        assertThat(connection.isClosed()).isTrue();
        assertThat(connection.isValid(1)).isFalse();
        SQLException again = catchThrowableOfType(SQLException.class, connection::commit);
        assertThat(again.getSQLState()).isEqualTo("08003");
        connection.close();
        assertThat(sent).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsLostIsToldAndNotSentAgain(Call call) throws SQLException {
        lose(call, new byte[0], "");
        assertThat(stored()).isEqualTo(call.stored);
        lose(call, new byte[0], "?result_format=rows");
        assertThat(stored()).isEqualTo(2L * call.stored);
    }

    private static byte[] ofProxy(int status) {
        String head = "HTTP/1.1 " + status + " No\r\nConnection: close\r\nContent-Length: 5\r\n"
                + "WWW-Authenticate: Basic realm=\"proxy\"\r\n\r\n";
        return (head + "later").getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 404, 429, 500, 502, 503, 504})
    void aProxyThatAnswersInPlaceOfTheServerLeavesItOpenToo(int status) throws SQLException {
        int stored = 0;
        for (Call call : Call.values()) {
            lose(call, ofProxy(status), "");
            lose(call, ofProxy(status), "?result_format=rows");
            stored += 2 * call.stored;
        }
        assertThat(stored()).isEqualTo(stored);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 502, 503, 504})
    void aWriteThatCommitsByItselfIsLostTooWhenAProxyAnswers(int status) throws SQLException {
        try (Connection connection = DriverManager.getConnection(proxy.jdbcUrl());
                Statement statement = connection.createStatement()) {
            proxy.spoil(exchange -> exchange.asksFor("VALUES (3)") ? ofProxy(status) : exchange.answer());
            SQLException failure =
                    catchThrowableOfType(SQLException.class, () -> statement.executeUpdate("INSERT INTO t VALUES (3)"));
            assertThat((Object) failure).isInstanceOf(SQLRecoverableException.class);
            assertThat(failure.getSQLState()).isEqualTo("08006");
            assertThat(failure.getMessage()).contains("nobody knows", status + ": later");
            assertThat(connection.isClosed()).isTrue();
        }
        assertThat(stored()).isEqualTo(1);
    }

    /** Of what changes nothing it is told as what it is, and nothing is lost by it. */
    @Test
    void aProxyThatRefusesToConnectOrToCancelSaysSo() throws SQLException {
        try (Connection connection = DriverManager.getConnection(proxy.jdbcUrl());
                Statement statement = connection.createStatement()) {
            proxy.spoil(exchange -> ofProxy(503));
            for (String options : new String[] {"", "?result_format=rows"}) {
                SQLException refused = catchThrowableOfType(
                        SQLException.class, () -> DriverManager.getConnection(proxy.jdbcUrl() + options));
                assertThat((Object) refused).isInstanceOf(SQLTransientConnectionException.class);
            }
            SQLException notStopped = catchThrowableOfType(SQLException.class, statement::cancel);
            assertThat((Object) notStopped).isInstanceOf(SQLTransientConnectionException.class);
            proxy.spoil(SpoilingProxy.Exchange::answer);
            assertThat(statement.executeUpdate("INSERT INTO t VALUES (4)")).isEqualTo(1);
        }
    }

    @Test
    void aWriteThatCommitsByItselfIsLostWithItsConnection() throws SQLException {
        try (Connection connection = DriverManager.getConnection(proxy.jdbcUrl());
                Statement statement = connection.createStatement()) {
            proxy.spoil(exchange -> exchange.asksFor("VALUES (3)") ? new byte[0] : exchange.answer());
            SQLException failure =
                    catchThrowableOfType(SQLException.class, () -> statement.executeUpdate("INSERT INTO t VALUES (3)"));
            assertThat(failure.getSQLState()).isEqualTo("08006");
            assertThat(failure.getMessage()).contains("nobody knows");
            assertThat(connection.isClosed()).isTrue();
        }
        assertThat(stored()).isEqualTo(1);
    }

    @Test
    void aCommitThatTheServerRefusesIsNotLost() throws SQLException {
        try (Connection connection = DriverManager.getConnection(proxy.jdbcUrl())) {
            SQLException failure = catchThrowableOfType(SQLException.class, connection::commit);
            assertThat(failure.getSQLState()).isEqualTo("25000");
            assertThat(connection.isClosed()).isFalse();
        }
    }

    @Test
    void aPoolEvictsTheConnection() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(proxy.jdbcUrl());
        config.setMaximumPoolSize(1);
        config.setAutoCommit(false);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            Connection lost;
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                lost = connection.unwrap(Connection.class);
                statement.executeUpdate("INSERT INTO t VALUES (1)");
                proxy.spoil(exchange -> exchange.asksFor("CommitRequest") ? new byte[0] : exchange.answer());
                SQLException failure = catchThrowableOfType(SQLException.class, connection::commit);
                assertThat(failure.getSQLState()).isEqualTo("08007");
            }
            proxy.spoil(SpoilingProxy.Exchange::answer);
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                assertThat(connection.unwrap(Connection.class)).isNotSameAs(lost);
                statement.executeUpdate("INSERT INTO t VALUES (2)");
                connection.commit();
            }
        }
        assertThat(stored()).isEqualTo(2);
    }
}
