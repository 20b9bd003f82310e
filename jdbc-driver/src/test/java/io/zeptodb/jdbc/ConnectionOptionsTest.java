package io.zeptodb.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.Database;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** No connection property is passed over, whatever it is made of. */
class ConnectionOptionsTest {
    private static final String NOBODY = "jdbc:zepto://localhost:1/";

    private enum Mode {
        READ_ONLY
    }

    private static Properties with(Object name, Object value) {
        Properties properties = new Properties();
        properties.put(name, value);
        return properties;
    }

    private static void refused(String url, Properties properties, String... message) {
        assertThatThrownBy(() -> DriverManager.getConnection(url, properties).close())
                .isInstanceOf(SQLException.class)
                .hasMessageContainingAll(message)
                .satisfies(e -> assertThat(((SQLException) e).getSQLState()).isEqualTo("22023"));
    }

    @Test
    void truthValuesNumbersAndConstantsCountAsTheirTexts() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:zepto:", with("memory_limit", 268_435_456L))) {
            assertThat(connection.unwrap(Database.class).config().memoryLimitBytes())
                    .isEqualTo(268_435_456L);
        }
        refused("jdbc:zepto:", with("threads", -5), "threads", "-5");
        refused("jdbc:zepto:", with("access_mode", 1), "access_mode", "1");
        refused("jdbc:zepto:", with("nosuch", Boolean.TRUE), "nosuch");
        refused("jdbc:zepto:", with("access_mode", new StringBuilder("never")), "access_mode", "never");
        refused(NOBODY, with("fetch_size", -1), "fetch_size", "-1");
        // it has arrived: a database in memory cannot be that
        refused("jdbc:zepto:", with("ACCESS_MODE", Mode.READ_ONLY), "access_mode=read_only");
    }

    @Test
    void encryptionThatIsAskedForAsABooleanIsNotLeftOut() {
        assertThatThrownBy(() ->
                        DriverManager.getConnection(NOBODY, with("tls", true)).close())
                .hasMessageContaining("https://localhost:1/");
        refused(NOBODY, with("tls", 1), "tls", "'1'");
    }

    @Test
    void whatIsNoTextIsRefusedByName() {
        for (Object value : List.of(new char[] {'s', '3'}, List.of("s3"), new Object())) {
            refused(
                    NOBODY,
                    with("password", value),
                    "'password'",
                    value.getClass().getName());
            refused("jdbc:zepto:", with("password", value), "'password'");
        }
        refused("jdbc:zepto:", with(5, "x"), "5", "java.lang.Integer");
    }

    @Test
    void defaultsOfPropertiesCount() {
        Properties defaults = with("threads", "-7");
        refused("jdbc:zepto:", new Properties(defaults), "threads", "-7");
        // an own value stands for the default also where getProperty would not see it
        Properties over = new Properties(with("threads", "2"));
        over.put("threads", -9);
        refused("jdbc:zepto:", over, "threads", "-9");
        refused("jdbc:zepto:", new Properties(with("threads", -7)), "'threads'", "defaults");
        refused("jdbc:zepto:", new Properties(with(5, "x")), "defaults");
    }
}
