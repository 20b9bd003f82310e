package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The {@code zepto} command as it is called: exit codes, and what it says. */
@Isolated("takes the process's standard output and error")
class CommandLineTest {
    record Ended(int code, String out, String err) {}

    static Ended zepto(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ByteArrayOutputStream complained = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
            int code = ZeptoCommand.run(arguments);
            return new Ended(code, said.toString(StandardCharsets.UTF_8), complained.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    @Test
    void aWrongCallExitsWithTwoAndAFailureWithOne() {
        assertThat(zepto().code()).isEqualTo(2);
        assertThat(zepto("nonsense").code()).isEqualTo(2);
        assertThat(zepto("import").code()).isEqualTo(2);
        assertThat(zepto("sql", "--nonsense").code()).isEqualTo(2);
        assertThat(zepto("sql", "no URL", "SELECT 1").code()).isEqualTo(2);
        assertThat(zepto("sql", "SELECT nope").code()).isEqualTo(1);
        assertThat(zepto("help").code()).isZero();
        assertThat(zepto("sql", "SELECT 1").code()).isZero();
    }

    @Test
    void anImportIntoNoTableTellsHowToMakeIt(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("trades.csv"), List.of("symbol,price", "A,1.5", "B,2.5"));
        String url = "jdbc:zepto:mem:command_line";
        try (Connection connection = DriverManager.getConnection(url);
                ZeptoServer server = ZeptoServer.builder()
                        .url(url)
                        .allowedPaths(folder.toString())
                        .port(0)
                        .start()) {
            for (String door : List.of(url, server.jdbcUrl())) {
                Ended ended = zepto("import", file.toString(), "trades", "--db", door);
                assertThat(ended.code()).isEqualTo(1);
                assertThat(ended.err())
                        .contains("'trades' does not exist", "--create", "CREATE TABLE")
                        .doesNotContain("(line");
                String[] creating = {
                    "import", file.toString(), "trades", "--create", "symbol SYMBOL, price DOUBLE", "--db", door
                };
                Ended created = zepto(creating);
                assertThat(created.err()).isEmpty();
                assertThat(created.out()).contains("imported 2 rows into trades");
                drop(connection);
            }
        }
    }

    @Test
    void commandsShowNoSecretsOfTheirUrl() {
        for (String[] call : List.of(
                new String[] {"sql", "jdbc:zepto://localhost:99999/?user=root&password=s3cret", "SELECT 1"},
                new String[] {"sql", "jdbc:other:x?password=s3cret", "SELECT 1"},
                new String[] {"server", "--db", "jdbc:other:x?password=s3cret"},
                new String[] {"server", "--db", "jdbc:zepto://root:s3cret@h/"},
                new String[] {"demo", "--db", "jdbc:zepto:nope?password=s3cret"},
                new String[] {"import", "x.csv", "t", "--db", "jdbc:zepto:mem:hidden?password=s3cret"})) {
            Ended ended = zepto(call);
            assertThat(ended.code()).as(ended.err()).isEqualTo(1);
            assertThat(ended.err()).isNotEmpty().doesNotContain("s3cret");
            assertThat(ended.out()).doesNotContain("s3cret");
        }
        assertThat(zepto("server", "--db", "nope").err()).contains("'nope' is no URL of ZeptoDB: expected jdbc:zepto:");
    }

    private static void drop(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("DROP TABLE trades");
        }
    }

    @Test
    void oneLongTextDoesNotMakeEveryLineLong() {
        Ended ended = zepto("sql", "SELECT 'short' AS t UNION ALL SELECT '" + "long ".repeat(1000) + "'");
        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains("long long", "…");
        assertThat(ended.out().lines()).allMatch(line -> line.length() <= 110);
    }
}
