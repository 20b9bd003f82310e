package io.zeptodb.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.AccessRights;
import io.zeptodb.engine.api.UserRole;
import io.zeptodb.server.ZeptoServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.calcite.avatica.AvaticaClientRuntimeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A user's open results take the user's memory, over all connections, and nobody else's. */
@Timeout(120)
class UserMemoryTest {
    private static final String OURS = "ours";
    /** Its sorted rows are held until it is closed; more than a first frame and what is read ahead. */
    private static final String LARGE = "SELECT v FROM t ORDER BY v DESC LIMIT 40000";

    private static final int ROWS = 40_000;
    private static final int MOST_OPEN = 500;

    @TempDir
    private Path folder;

    private UsersFixture users;
    private ZeptoServer server;

    @BeforeEach
    void start() throws Exception {
        users = new UsersFixture(folder.resolve("users.json"));
        limit("8MB");
        start(null, UserLimits.DEFAULT);
    }

    private void start(@Nullable UserRole anonymous, UserLimits limits) throws Exception {
        server = ZeptoServer.builder()
                .url("jdbc:zepto:?memory_limit=400MB")
                .port(0)
                .access(new ServerAccess(null, users.path(), anonymous, false, null, limits))
                .start();
        try (Connection root = connect(OURS, "root");
                Statement statement = root.createStatement()) {
            statement.execute("CREATE TABLE t (v BIGINT)");
            statement.execute("INSERT INTO t VALUES (0)");
            for (int rows = 1; rows < ROWS; rows *= 2) {
                statement.execute("INSERT INTO t SELECT v + " + rows + " FROM t");
            }
        }
    }

    @AfterEach
    void stop() throws Exception {
        server.close(); // fails when a byte is left
    }

    private void limit(String memory) throws Exception {
        users.put(
                "eve",
                AccessRights.ofRole(UserRole.READER),
                new UserLimits(0, 0, Map.of("user_memory_limit", memory)),
                null);
    }

    private Connection connect(String client, String user) throws SQLException {
        Properties properties = new Properties();
        if (client.equals(OURS)) {
            properties.put("user", user);
            properties.put("password", UsersFixture.password(user));
            return DriverManager.getConnection(server.jdbcUrl(), properties);
        }
        properties.put("avatica_user", user);
        properties.put("avatica_password", UsersFixture.password(user));
        return DriverManager.getConnection(
                "jdbc:avatica:remote:url=http://localhost:" + server.port() + "/;serialization=" + client
                        + ";authentication=BASIC",
                properties);
    }

    private static ResultSet open(Connection connection) throws SQLException {
        Statement statement = connection.createStatement();
        statement.setFetchSize(100);
        ResultSet rows = statement.executeQuery(LARGE);
        assertThat(rows.next()).isTrue();
        return rows;
    }

    private static int count(ResultSet rows) throws SQLException {
        int count = 1;
        while (rows.next()) {
            count++;
        }
        rows.getStatement().close();
        return count;
    }

    private static String state(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof AvaticaClientRuntimeException remote) {
                return remote.getSqlState();
            } else if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return thrown.toString();
    }

    /** Opens results until no more are given. @return what the last one was refused with */
    private static Throwable fill(Connection connection, List<ResultSet> opened) {
        while (opened.size() < MOST_OPEN) {
            try {
                opened.add(open(connection));
            } catch (SQLException e) {
                return e;
            }
        }
        throw new AssertionError(MOST_OPEN + " results are open and none was refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {OURS, "protobuf", "json"})
    void resultsOfAllConnectionsCountTogether(String client) throws Exception {
        List<ResultSet> opened = new ArrayList<>();
        try (Connection first = connect(client, "eve");
                Connection second = connect(client, "eve")) {
            for (int i = 0; i < 3; i++) {
                opened.add(open(first));
            }
            Throwable refused = fill(second, opened);
            assertThat(state(refused)).as(refused.toString()).isEqualTo("53200");
            assertThat(refused)
                    .hasStackTraceContaining("user 'eve' has ")
                    .hasStackTraceContaining(" of 8388608 bytes in all sessions together")
                    .hasStackTraceContaining("raise user_memory_limit");
            assertThatThrownBy(() -> open(first))
                    .satisfies(e -> assertThat(state(e)).isEqualTo("53200"));
            try (Connection third = connect(client, "eve")) {
                assertThatThrownBy(() -> open(third))
                        .satisfies(e -> assertThat(state(e)).isEqualTo("53200"));
            }
            // others have theirs
            try (Connection wes = connect(client, "wes")) {
                List<ResultSet> others = new ArrayList<>();
                for (int i = 0; i < 2 * opened.size(); i++) {
                    others.add(open(wes));
                }
                assertThat(count(others.get(0))).isEqualTo(ROWS);
            }
            // results that are open are read to their end, and what one gave back another takes
            assertThat(count(opened.remove(0))).isEqualTo(ROWS);
            assertThat(count(open(second))).isEqualTo(ROWS);
        }
        try (Connection again = connect(client, "eve")) {
            assertThat(count(open(again))).isEqualTo(ROWS);
        }
    }

    @Test
    void anotherLimitHoldsFromTheNextConnectionOn() throws Exception {
        List<ResultSet> opened = new ArrayList<>();
        try (Connection first = connect(OURS, "eve")) {
            assertThat(state(fill(first, opened))).isEqualTo("53200");
            limit("100%");
            try (Connection second = connect(OURS, "eve")) {
                assertThat(count(open(second))).isEqualTo(ROWS);
                assertThat(count(open(first))).isEqualTo(ROWS);
            }
            limit("100KB");
            try (Connection third = connect(OURS, "eve")) {
                assertThatThrownBy(() -> open(third)).hasMessageContaining(" of 102400 bytes");
                assertThatThrownBy(() -> open(first)).hasMessageContaining(" of 102400 bytes");
            }
        }
    }

    @Test
    void aLimitForAllHoldsForEachByItself() throws Exception {
        server.close();
        start(UserRole.READER, new UserLimits(0, 0, Map.of("user_memory_limit", "4MB")));
        List<ResultSet> opened = new ArrayList<>();
        try (Connection wes = connect(OURS, "wes")) {
            assertThat(fill(wes, opened))
                    .hasMessageContaining("user 'wes' has ")
                    .hasMessageContaining(" of 4194304");
            try (Connection eve = connect(OURS, "eve");
                    Connection nobody = DriverManager.getConnection(server.jdbcUrl())) {
                // the user's own limit
                assertThat(fill(eve, new ArrayList<>())).hasMessageContaining(" of 8388608 bytes");
                assertThat(fill(nobody, new ArrayList<>())).hasMessageContaining("the sessions without a login has ");
            }
            assertThat(count(opened.get(0))).isEqualTo(ROWS);
        }
    }
}
