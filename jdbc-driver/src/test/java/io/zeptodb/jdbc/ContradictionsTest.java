package io.zeptodb.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zeptodb.engine.api.Database;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Options that contradict one another are refused, and nobody has to know which of them would count. */
class ContradictionsTest {
    private static final String NOBODY = "jdbc:zepto://localhost:1/";

    private static Properties with(String... namesAndValues) {
        Properties properties = new Properties();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            properties.setProperty(namesAndValues[i], namesAndValues[i + 1]);
        }
        return properties;
    }

    private static void refused(ThrowingCallable call, String... message) {
        assertThatThrownBy(call)
                .isInstanceOf(SQLException.class)
                .hasMessageContainingAll(message)
                .hasMessageNotContaining("s3cret")
                .satisfies(e -> assertThat(((SQLException) e).getSQLState()).isEqualTo("22023"));
    }

    private static void refused(String url, Properties properties, String... message) {
        refused(() -> DriverManager.getConnection(url, properties).close(), message);
    }

    /** As far as the server, that is not there. */
    private static void taken(ThrowingCallable call) {
        assertThatThrownBy(call).hasMessageContaining("no server answers");
    }

    @Test
    void twoUsersAreRefused() {
        refused(
                () -> DriverManager.getConnection(NOBODY + "?user=ann&password=x", "root", "s3cret")
                        .close(),
                "'user'",
                "'ann'",
                "'root'",
                "the URL and the properties");
        refused(NOBODY + "?user=ann&password=s3cret1", with("user", "ann", "password", "s3cret2"), "'password'");
        refused(NOBODY + "?user=ann&user=root", with(), "'user'", "in the URL");
        refused(NOBODY, with("user", "ann", "USER", "root"), "'user'", "in the properties");
    }

    @Test
    void aTokenBesideAPasswordIsRefused() {
        refused(NOBODY + "?token=s3cret", with("user", "ann"), "'token'", "'user'");
        refused(NOBODY, with("token", "s3cret", "password", "s3cret"), "'token'", "'password'");
        refused(NOBODY, with("password", "s3cret"), "'password' has no use without 'user'");
    }

    @Test
    void theSameTwiceAndWhatIsEmptyAreFine() {
        taken(() -> DriverManager.getConnection(NOBODY + "?user=ann&password=x", "ann", "x")
                .close());
        taken(() -> DriverManager.getConnection(NOBODY + "?user=ann&password=x", "", "")
                .close());
        taken(() -> DriverManager.getConnection(NOBODY + "?user=ann", with("password", "x"))
                .close());
        taken(() -> DriverManager.getConnection(NOBODY + "?token=x", "", "").close());
        taken(() -> DriverManager.getConnection(NOBODY + "?user=&password=", "ann", "x")
                .close());
    }

    @Test
    void otherOptionsAreNotDecidedInSilenceEither() throws SQLException {
        refused(NOBODY + "?tls=true", with("tls", "false"), "'tls'", "'true'", "'false'");
        refused("jdbc:zepto:?threads=1", with("threads", "2"), "'threads'", "'1'", "'2'");
        refused("jdbc:zepto:?threads=1&THREADS=2", with(), "'threads'");
        try (Connection connection = DriverManager.getConnection(
                "jdbc:zepto:?threads=1&user=ann", with("threads", "1", "user", "root", "memory_limit", "64MB"))) {
            assertThat(connection.unwrap(Database.class).config().threads()).isEqualTo(1);
        }
    }

    @Test
    void aDataSourceDecidesNothingInSilence() {
        ZeptoDataSource source = new ZeptoDataSource(NOBODY + "?user=ann");
        taken(source::getConnection);
        taken(() -> source.getConnection("ann", "x"));
        refused(() -> source.getConnection("root", "s3cret"), "'ann'", "'root'");
        source.setUser("root");
        refused(source::getConnection, "'ann'", "'root'");
        source.setUrl(NOBODY);
        source.setPassword("s3cret");
        taken(source::getConnection);
        taken(() -> source.getConnection("ann", "x")); // who is named here is meant
        source.setOption("token", "s3cret");
        refused(source::getConnection, "'token'");
        source.setUser(null);
        source.setPassword(null);
        taken(source::getConnection);
        refused(() -> source.getConnection("ann", "s3cret"), "'token'");
        source.setOption("token", null);
        source.setUrl(NOBODY + "?fetch_size=5");
        source.setOption("fetch_size", "6");
        refused(source::getConnection, "'fetch_size'", "'5'", "'6'");
    }

    @Test
    void aPoolMayNameTheUserOfTheUrlAgain() {
        for (Map.Entry<String, String> user :
                Map.of("ann", "no server answers", "root", "'ann' and 'root'").entrySet()) {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(NOBODY + "?user=ann&password=x");
            config.setUsername(user.getKey());
            config.setPassword("x");
            config.setInitializationFailTimeout(1);
            config.setConnectionTimeout(500);
            assertThatThrownBy(() -> new HikariDataSource(config).close()).hasStackTraceContaining(user.getValue());
        }
    }
}
