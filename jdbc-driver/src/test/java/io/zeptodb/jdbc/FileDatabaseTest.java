package io.zeptodb.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zeptodb.engine.api.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections to a database folder: who shares it, who is refused, and what is there when it is opened again. */
class FileDatabaseTest {
    private static final int THREADS = 4;

    @TempDir
    Path folder;

    private String url() {
        return "jdbc:zepto:file:" + folder.resolve("db");
    }

    private static Connection connect(String url) throws SQLException {
        return DriverManager.getConnection(url);
    }

    private static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getLong(1);
        }
    }

    private static long sum(Connection connection) throws SQLException {
        return number(connection, "SELECT sum(x) FROM t");
    }

    @Test
    void connectionsShareOneDatabaseThatIsThereAgainAfterTheLast() throws SQLException {
        Database database;
        try (Connection one = connect(url())) {
            database = one.unwrap(Database.class);
            run(one, "CREATE TABLE t (x BIGINT, s SYMBOL, v VARCHAR)", "INSERT INTO t VALUES (1, 'a', 'one')");
            try (Connection other = connect(url())) {
                assertThat(other.unwrap(Database.class)).isSameAs(database);
                run(other, "INSERT INTO t VALUES (2, NULL, 'a text that is longer than what lies in its view')");
                assertThat(sum(one)).isEqualTo(3);
            }
            assertThat(database.isClosed()).isFalse();
            one.setAutoCommit(false);
            run(one, "INSERT INTO t VALUES (100, 'undone', NULL)");
        }
        assertThat(database.isClosed()).isTrue();
        try (Connection again = connect(url())) {
            assertThat(again.unwrap(Database.class)).isNotSameAs(database);
            assertThat(sum(again)).isEqualTo(3);
            assertThat(number(again, "SELECT count(*) FROM t WHERE v LIKE 'a text %'"))
                    .isEqualTo(1);
            run(again, "CHECKPOINT", "DELETE FROM t WHERE x = 1");
        }
        try (Connection last = connect(url())) {
            assertThat(sum(last)).isEqualTo(2);
        }
    }

    @Test
    void everyPathToAFolderIsTheSameDatabase() throws Exception {
        Path links = Files.createDirectory(folder.resolve("links"));
        Path real = Files.createDirectory(folder.resolve("real"));
        Path link = Files.createSymbolicLink(links.resolve("link"), real);
        Path relative = Path.of("").toAbsolutePath().relativize(real.toAbsolutePath());
        List<String> urls = List.of(
                "jdbc:zepto:file:" + link + "/deep/db",
                "jdbc:zepto:file:" + real + "/deep/db",
                "jdbc:zepto:file:" + real + "/deep/db/",
                "jdbc:zepto:file:" + real + "//deep/./db",
                "jdbc:zepto:file:" + real + "/deep/other/../db",
                "jdbc:zepto:" + real + "/deep/db",
                "jdbc:zepto:file:" + relative + "/deep/db",
                "jdbc:zepto:" + relative + "/deep/db/");
        // each may be the one that makes it, so that what it is called by then is not the one of a folder that is there
        for (String first : urls) {
            List<Connection> connections = new ArrayList<>();
            try {
                connections.add(connect(first));
                Database database = connections.get(0).unwrap(Database.class);
                for (String url : urls) {
                    connections.add(connect(url));
                    assertThat(connections.get(connections.size() - 1).unwrap(Database.class))
                            .as(url)
                            .isSameAs(database);
                }
            } finally {
                for (Connection connection : connections) {
                    connection.close();
                }
            }
            deleteFolder(real.resolve("deep"));
        }
    }

    private static void deleteFolder(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void optionsAreThoseOfTheFirstConnection() throws SQLException {
        try (Connection first = connect(url() + "?durability=async&threads=1")) {
            assertThat(first.isValid(1)).isTrue();
            connect(url()).close();
            connect(url() + "/?threads=1").close();
            assertThatThrownBy(() -> connect(url() + "?durability=fsync"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22023"))
                    .hasMessageContaining("durability = async")
                    .hasMessageContaining("db");
            assertThatThrownBy(() -> connect(url() + "?access_mode=read_only"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("access_mode");
        }
        // they are not kept in the folder
        connect(url() + "?durability=fsync&threads=2").close();
        assertThatThrownBy(() -> connect(url() + "?storage_mode=memory"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22023"))
                .hasMessageContaining("storage_mode=memory");
        assertThatThrownBy(() -> connect("jdbc:zepto:mem:tiered?storage_mode=tiered"))
                .hasMessageContaining("jdbc:zepto:file:PATH");
        connect(url()).close();
    }

    @Test
    void whoWantsToWriteIsNotGivenADatabaseThatIsOnlyRead() throws SQLException {
        try (Connection writer = connect(url())) {
            run(writer, "CREATE TABLE t (x BIGINT)", "INSERT INTO t VALUES (1)");
        }
        try (Connection reader = connect(url() + "?access_mode=read_only")) {
            for (String suffix : List.of("", "?threads=0", "?access_mode=read_write")) {
                assertThatThrownBy(() -> connect(url() + suffix))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("is open already with");
            }
            assertThatThrownBy(() -> connect(url()))
                    .hasMessageContaining("is open already with access_mode = read_only, not read_write");
            assertThat(sum(reader)).isEqualTo(1);
        }
        try (Connection writer = connect(url());
                Connection explicit = connect(url())) {
            run(explicit, "INSERT INTO t VALUES (2)");
            assertThat(sum(writer)).isEqualTo(3);
        }
    }

    @Test
    void aReadOnlyDatabaseIsReadByManyAndWrittenByNobody() throws Exception {
        assertThatThrownBy(() -> connect(url() + "?access_mode=read_only"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("58P01"));
        assertThat(folder.resolve("db")).doesNotExist();
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThatThrownBy(() -> connect("jdbc:zepto:file:" + empty + "?access_mode=read_only"))
                .hasMessageContaining("is no database");
        assertThat(empty).isEmptyDirectory();
        try (Connection writer = connect(url())) {
            run(writer, "CREATE TABLE t (x BIGINT)", "INSERT INTO t VALUES (1), (2)", "CHECKPOINT");
            run(writer, "INSERT INTO t VALUES (4)");
        }
        Path text = Files.writeString(folder.resolve("no numbers.csv"), "x\none\n\"not ended\n");
        List<String> before = names(folder.resolve("db"));
        String readOnly = url() + "?access_mode=read_only";
        try (Connection one = connect(readOnly);
                Connection other = connect(readOnly);
                OtherProcess process = OtherProcess.open(readOnly)) {
            assertThat(process.answer()).isEqualTo("open 7");
            assertThat(sum(one)).isEqualTo(7);
            assertThat(sum(other)).isEqualTo(7);
            for (String sql : List.of(
                    "INSERT INTO t VALUES (8)",
                    "DELETE FROM t",
                    "UPDATE t SET x = 0",
                    "TRUNCATE t",
                    "CREATE TABLE u (x BIGINT)",
                    "ALTER TABLE t ADD y BIGINT",
                    "DROP TABLE t",
                    "INSERT INTO t SELECT 1 / (x - x) FROM t",
                    "UPDATE t SET x = 1 / (x - x)",
                    "DELETE FROM t WHERE 1 / (x - x) = 1",
                    "CREATE TABLE u AS SELECT 1 / (x - x) AS y FROM t",
                    "COPY t FROM '" + text + "'",
                    "COPY t FROM '" + text + " that is missing'",
                    "CHECKPOINT")) {
                assertThatThrownBy(() -> run(one, sql))
                        .as(sql)
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState()).isEqualTo("25006"))
                        .hasMessageContaining("read_only");
            }
            assertThat(sum(other)).isEqualTo(7);
        }
        assertThat(names(folder.resolve("db"))).isEqualTo(before);
        try (Connection writer = connect(url())) {
            assertThat(sum(writer)).isEqualTo(7);
        }
    }

    @Test
    void aPoolOfAReadOnlyDatabaseReads() throws SQLException {
        try (Connection writer = connect(url())) {
            run(writer, "CREATE TABLE t (x BIGINT)", "INSERT INTO t VALUES (7)");
        }
        for (boolean asksForReadOnly : new boolean[] {false, true}) {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(url() + "?access_mode=read_only");
            config.setMaximumPoolSize(1);
            config.setReadOnly(asksForReadOnly);
            try (HikariDataSource pool = new HikariDataSource(config)) {
                for (int i = 0; i < 3; i++) {
                    try (Connection connection = pool.getConnection()) {
                        assertThat(connection.unwrap(ZeptoConnection.class).isReadOnly())
                                .isTrue();
                        connection.setReadOnly(i == 1);
                        assertThat(sum(connection)).isEqualTo(7);
                    }
                }
            }
        }
    }

    private static List<String> names(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aSecondProcessIsRefusedWithThePidOfTheFirst() throws Exception {
        try (Connection holder = connect(url())) {
            run(holder, "CREATE TABLE t (x BIGINT)", "INSERT INTO t VALUES (7)");
            for (String suffix : List.of("", "?access_mode=read_only")) {
                try (OtherProcess second = OtherProcess.open(url() + suffix)) {
                    assertThat(second.answer())
                            .startsWith("55006 ")
                            .contains("pid " + ProcessHandle.current().pid())
                            .contains("db");
                }
            }
            assertThat(sum(holder)).isEqualTo(7);
        }
        try (OtherProcess first = OtherProcess.open(url())) {
            assertThat(first.answer()).isEqualTo("open 7");
            assertThatThrownBy(() -> connect(url()))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("55006"))
                    .hasMessageContaining("pid " + first.pid());
            first.kill();
        }
        try (Connection after = connect(url())) {
            assertThat(sum(after)).isEqualTo(7);
        }
    }

    @Test
    void whatIsNoFolderOfADatabaseIsRefusedAndLeftAlone() throws Exception {
        for (String url : List.of("jdbc:zepto:file:", "jdbc:zepto:file:?threads=1")) {
            assertThatThrownBy(() -> connect(url))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("path");
        }
        Path file = Files.writeString(folder.resolve("file"), "text");
        assertThatThrownBy(() -> connect("jdbc:zepto:file:" + file))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("not a folder");
        Path photos = Files.createDirectory(folder.resolve("photos"));
        Files.writeString(photos.resolve("cat.txt"), "cat");
        assertThatThrownBy(() -> connect("jdbc:zepto:file:" + photos))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("cat.txt");
        assertThat(names(photos)).containsExactly("cat.txt");
        assertThatThrownBy(() -> connect("jdbc:zepto:file:" + file + "/below"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("below");
    }

    @Test
    void aPoolWritesAndOpensTheFolderAgain() throws Exception {
        for (int round = 1; round <= 2; round++) {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(url());
            config.setMaximumPoolSize(THREADS);
            try (HikariDataSource pool = new HikariDataSource(config)) {
                try (Connection connection = pool.getConnection()) {
                    run(connection, "CREATE TABLE IF NOT EXISTS t (x BIGINT)");
                }
                ExecutorService threads = Executors.newFixedThreadPool(THREADS);
                List<Callable<Void>> tasks = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    tasks.add(() -> {
                        for (int k = 0; k < 10; k++) {
                            try (Connection connection = pool.getConnection()) {
                                connection.setAutoCommit(k % 2 == 0);
                                run(connection, "INSERT INTO t VALUES (1)");
                                if (k % 2 == 1) {
                                    connection.commit();
                                }
                            }
                        }
                        return null;
                    });
                }
                for (Future<Void> done : threads.invokeAll(tasks)) {
                    done.get(60, TimeUnit.SECONDS);
                }
                threads.shutdown();
                try (Connection connection = pool.getConnection()) {
                    assertThat(sum(connection)).isEqualTo(10L * round * THREADS);
                }
            }
        }
    }
}
