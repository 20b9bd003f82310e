package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code zepto server} of a database folder, as a process of its own: what its clients committed is there again, however it ended. */
@Timeout(300)
class FolderServerTest {
    private static final Pattern ADDRESS = Pattern.compile("at (jdbc:zepto://\\S+)");

    @TempDir
    Path folder;

    private record Served(Process process, String url) implements AutoCloseable {
        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private Served serve() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        ZeptoCommand.class.getName(),
                        "server",
                        "--db",
                        url(),
                        "--port",
                        "0")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher address = ADDRESS.matcher(line);
            if (address.find()) {
                return new Served(process, address.group(1));
            }
        }
        process.destroyForcibly();
        throw new AssertionError("the server ended without telling its address");
    }

    private String url() {
        return "jdbc:zepto:file:" + folder.resolve("db");
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<Long> numbers(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*), sum(x) FROM t")) {
            rows.next();
            return List.of(rows.getLong(1), rows.getLong(2));
        }
    }

    @Test
    void whatClientsCommittedIsThereAfterTheServerWasKilledAndStopped() throws Exception {
        try (Served server = serve();
                Connection client = DriverManager.getConnection(server.url)) {
            run(client, "CREATE TABLE t (x BIGINT, s SYMBOL)");
            try (PreparedStatement insert = client.prepareStatement("INSERT INTO t VALUES (?, ?)")) {
                for (int i = 1; i <= 100; i++) {
                    insert.setLong(1, i);
                    insert.setString(2, "s" + i % 7);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            run(client, "UPDATE t SET x = x + 1000 WHERE x = 100");
            client.setAutoCommit(false);
            run(client, "INSERT INTO t VALUES (1000000, 'not committed')");
            assertThat(server.process.destroyForcibly().waitFor(60, TimeUnit.SECONDS))
                    .isTrue();
            client.abort(Runnable::run);
        }
        try (Served server = serve();
                Connection client = DriverManager.getConnection(server.url)) {
            assertThat(numbers(client)).containsExactly(100L, 6050L);
            run(client, "CHECKPOINT");
            run(client, "DELETE FROM t WHERE x <= 50");
            client.close();
            server.process.destroy();
            assertThat(server.process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        try (Connection embedded = DriverManager.getConnection(url())) {
            assertThat(numbers(embedded)).containsExactly(50L, 6050L - 1275L);
        }
    }
}
