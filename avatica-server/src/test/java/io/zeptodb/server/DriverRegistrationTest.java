package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** Who connects with our driver has no other one registered by that. */
class DriverRegistrationTest {
    private static final String AVATICA = "org.apache.calcite.avatica.remote.Driver";

    /** As a web application has it: classes of its own, of which this tells which are there. */
    private static final class Application extends URLClassLoader {
        Application() throws MalformedURLException {
            super(classPath(), ClassLoader.getPlatformClassLoader());
        }

        private static URL[] classPath() throws MalformedURLException {
            List<URL> places = new ArrayList<>();
            for (String place : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                places.add(new File(place).toURI().toURL());
            }
            return places.toArray(URL[]::new);
        }

        boolean has(String name) {
            return findLoadedClass(name) != null;
        }
    }

    @Test
    void avaticasDriverIsNotLoadedByAConnection() throws Exception {
        try (ZeptoServer server =
                        ZeptoServer.builder().url("jdbc:zepto:").port(0).start();
                Application application = new Application()) {
            Driver ours = (Driver) application
                    .loadClass("io.zeptodb.jdbc.ZeptoDriver")
                    .getDeclaredConstructor()
                    .newInstance();
            for (String format : List.of("arrow", "rows")) {
                try (Connection connection =
                                ours.connect(server.jdbcUrl() + "?result_format=" + format, new Properties());
                        Statement statement = connection.createStatement();
                        ResultSet rows = statement.executeQuery("SELECT 1")) {
                    assertThat(rows.next()).isTrue();
                }
            }
            assertThat(application.has("io.zeptodb.jdbc.remote.AvaticaClient")).isTrue();
            assertThat(application.has("org.apache.calcite.avatica.remote.RemoteMeta"))
                    .isTrue();
            assertThat(application.has(AVATICA)).isFalse();
        }
    }

    @Test
    void theApplicationsOwnRegistrationStays() throws Exception {
        assertThat(avaticas()).isPositive();
        long before = avaticas();
        try (ZeptoServer server =
                        ZeptoServer.builder().url("jdbc:zepto:").port(0).start();
                Connection connection = DriverManager.getConnection(server.jdbcUrl())) {
            assertThat(connection.isValid(60)).isTrue();
            try (Connection stock = DriverManager.getConnection(
                    "jdbc:avatica:remote:url=http://localhost:" + server.port() + "/;serialization=protobuf")) {
                assertThat(stock.isClosed()).isFalse();
            }
        }
        assertThat(avaticas()).isEqualTo(before);
    }

    private static long avaticas() {
        return DriverManager.drivers()
                .filter(driver -> driver.getClass().getName().equals(AVATICA))
                .count();
    }
}
