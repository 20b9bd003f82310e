package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The commands for database folders, {@code info}, {@code check} and {@code backup}, and BACKUP TO of an open database. */
@Isolated("takes the process's standard output and error")
class FolderCommandsTest {
    private static final int WRITERS = 2;
    private static final int BACKUPS = 4;
    private static final long ROWS_BETWEEN = 20;

    @TempDir
    Path folder;

    private String database() {
        return folder.resolve("db").toString();
    }

    private static CommandLineTest.Ended zepto(String... arguments) {
        return CommandLineTest.zepto(arguments);
    }

    private static Connection connect(Path path) throws SQLException {
        return DriverManager.getConnection("jdbc:zepto:file:" + path);
    }

    private static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static List<String> rows(Connection connection, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.append(result.getString(i)).append('|');
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }

    private static List<String> names(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Sealed rows, one of them deleted, rows that only the log has, and a table with nothing. */
    private void fill() throws SQLException {
        try (Connection connection = connect(folder.resolve("db"))) {
            run(
                    connection,
                    "CREATE TABLE trades (symbol SYMBOL, price DOUBLE, note VARCHAR, ts TIMESTAMP_NS)",
                    "CREATE TABLE empty (x BIGINT)",
                    "INSERT INTO trades VALUES ('A', 1.5, 'one', '2024-01-01 00:00:00'),"
                            + " ('B', NULL, 'a text that is longer than what lies in its view', '2024-01-01 00:00:01'),"
                            + " (NULL, 3.5, NULL, NULL)",
                    "CHECKPOINT",
                    "DELETE FROM trades WHERE symbol = 'A'",
                    "INSERT INTO trades VALUES ('C', 4.5, 'late', '2024-01-01 00:00:00.5')");
        }
    }

    @Test
    void infoShowsTablesAndFilesAlsoOfAnOpenDatabase() throws Exception {
        fill();
        List<String> before = names(folder.resolve("db"));
        CommandLineTest.Ended ended = zepto("info", database());
        assertThat(ended.err()).isEmpty();
        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains(database(), "log ", "rows sealed");
        assertThat(line(ended.out(), "trades")).containsPattern("^trades 4 2 2 2 [01] ");
        assertThat(line(ended.out(), "empty")).startsWith("empty 1 0 0 0 0 ");
        assertThat(names(folder.resolve("db"))).isEqualTo(before);
        try (Connection holder = connect(folder.resolve("db"))) {
            assertThat(zepto("info", database()).code()).isZero();
            run(holder, "CHECKPOINT");
            assertThat(line(zepto("info", database()).out(), "trades")).containsPattern("^trades 4 2 \\d 3 [01] ");
        }
    }

    private static String line(String text, String table) {
        return text.lines()
                .filter(line -> line.startsWith(table + " "))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no line of " + table + " in " + text))
                .replaceAll(" +", " ");
    }

    @Test
    void checkReadsEverythingAndChangesNothing() throws Exception {
        fill();
        List<String> before = names(folder.resolve("db"));
        CommandLineTest.Ended ended = zepto("check", database());
        assertThat(ended.err()).isEmpty();
        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains("good ", "rows of 'trades'", "manifest", " symbols", "0 damaged");
        assertThat(ended.out()).doesNotContain("DAMAGED");
        assertThat(names(folder.resolve("db"))).isEqualTo(before);
        CommandLineTest.Ended quiet = zepto("check", "-q", database());
        assertThat(quiet.out().lines().count()).isEqualTo(1);
        try (Connection holder = connect(folder.resolve("db"))) {
            CommandLineTest.Ended locked = zepto("check", database());
            assertThat(locked.code()).isEqualTo(1);
            assertThat(locked.err()).contains("pid " + ProcessHandle.current().pid());
            assertThat(holder.isValid(60)).isTrue();
        }
    }

    @Test
    void checkNamesEachFileThatIsDamagedAndWhere() throws Exception {
        fill();
        Path db = folder.resolve("db");
        int files = 0;
        for (String name : names(db)) {
            if (name.endsWith(".lock") || Files.isDirectory(db.resolve(name)) || Files.size(db.resolve(name)) == 0) {
                continue;
            }
            files++;
            Path file = db.resolve(name);
            byte[] good = Files.readAllBytes(file);
            try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                long at = name.endsWith(".log") ? 20 : good.length / 2;
                bytes.seek(at);
                int old = bytes.read();
                bytes.seek(at);
                bytes.write(old ^ 0x10);
            }
            CommandLineTest.Ended ended = zepto("check", database());
            String what = name + ": " + ended;
            assertThat(ended.code()).as(what).isEqualTo(1);
            assertThat(ended.out()).as(what).containsPattern("DAMAGED +.*" + name.replace(".", "\\.") + ": .*offset");
            assertThat(ended.out()).as(what).contains("1 damaged");
            Files.write(file, good);
        }
        assertThat(files).isGreaterThanOrEqualTo(5);
        assertThat(zepto("check", database()).code()).isZero();
        Path segment = db.resolve(names(db).stream()
                .filter(name -> name.endsWith(".arrow"))
                .findFirst()
                .orElseThrow());
        byte[] good = Files.readAllBytes(segment);
        Files.delete(segment);
        CommandLineTest.Ended missing = zepto("check", database());
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.out()).contains("DAMAGED", segment.getFileName().toString());
        Files.write(segment, java.util.Arrays.copyOf(good, good.length - 1));
        CommandLineTest.Ended cut = zepto("check", database());
        assertThat(cut.code()).isEqualTo(1);
        assertThat(cut.out()).contains("DAMAGED", segment.getFileName().toString());
    }

    @Test
    void aBackupIsADatabaseWithTheSameRows() throws Exception {
        fill();
        Path copy = folder.resolve("deep/copy");
        CommandLineTest.Ended ended = zepto("backup", database(), copy.toString());
        assertThat(ended.err()).isEmpty();
        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains("copied ", " bytes of ", copy.toString());
        assertThat(zepto("check", copy.toString()).code()).isZero();
        String all = "SELECT * FROM trades ORDER BY price";
        try (Connection from = connect(folder.resolve("db"));
                Connection to = connect(copy)) {
            assertThat(rows(to, all)).hasSize(3).isEqualTo(rows(from, all));
            run(to, "INSERT INTO trades (price) VALUES (9)", "DROP TABLE empty");
            assertThat(rows(from, all)).hasSize(3);
            assertThat(rows(from, "SELECT * FROM empty")).isEmpty();
        }
        CommandLineTest.Ended again = zepto("backup", database(), copy.toString());
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("not empty", copy.toString());
        Path photos = Files.createDirectory(folder.resolve("photos"));
        Files.writeString(photos.resolve("a cat.txt"), "cat");
        CommandLineTest.Ended foreign = zepto("backup", database(), photos.toString());
        assertThat(foreign.code()).isEqualTo(1);
        assertThat(foreign.err()).contains("not empty");
        assertThat(names(photos)).containsExactly("a cat.txt");
        CommandLineTest.Ended itself = zepto("backup", database(), database());
        assertThat(itself.code()).isEqualTo(1);
        assertThat(itself.err()).contains("lies in the folder of the database itself");
        CommandLineTest.Ended below = zepto("backup", database(), folder + "/other/../db/sub");
        assertThat(below.code()).isEqualTo(1);
        assertThat(below.err()).contains("lies in the folder of the database itself", database());
        CommandLineTest.Ended nowhere = zepto("backup", database(), "");
        assertThat(nowhere.code()).isEqualTo(1);
        assertThat(nowhere.err()).contains("the name of the folder is empty");
        assertThat(folder.resolve("db/sub")).doesNotExist();
        try (Connection to = connect(copy)) {
            assertThat(rows(to, all)).hasSize(4);
        }
        try (Connection holder = connect(folder.resolve("db"))) {
            CommandLineTest.Ended locked =
                    zepto("backup", database(), folder.resolve("other").toString());
            assertThat(locked.code()).isEqualTo(1);
            assertThat(locked.err()).contains("pid");
            assertThat(folder.resolve("other")).doesNotExist();
            assertThat(rows(holder, all)).hasSize(3);
        }
    }

    @Test
    void aMisspeltPathMakesNothing() throws Exception {
        fill();
        Path empty = Files.createDirectory(folder.resolve("nothing"));
        List<String> before = names(folder);
        for (Path wrong : List.of(folder.resolve("dbb"), empty, folder.resolve("db/manifest"))) {
            for (String[] call : new String[][] {
                {"info", wrong.toString()},
                {"check", wrong.toString()},
                {"backup", wrong.toString(), folder.resolve("copy").toString()}
            }) {
                CommandLineTest.Ended ended = zepto(call);
                assertThat(ended.code()).as(call[0] + " " + wrong).isEqualTo(1);
                assertThat(ended.err()).as(call[0] + " " + wrong).contains(wrong.toString());
                assertThat(names(folder)).as(call[0] + " " + wrong).isEqualTo(before);
                assertThat(names(empty)).as(call[0] + " " + wrong).isEmpty();
            }
        }
        assertThat(zepto("backup", database()).code()).isEqualTo(2);
        assertThat(zepto("info").code()).isEqualTo(2);
        assertThat(zepto("check").code()).isEqualTo(2);
    }

    @Test
    void aBackupThroughSqlWhileOthersWriteHasWholeTransactions() throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        long[] least = new long[BACKUPS];
        List<Future<Void>> writers = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try (Connection owner = connect(folder.resolve("db"))) {
            run(
                    owner,
                    "CREATE TABLE a (n BIGINT, s SYMBOL, ts TIMESTAMP_NS)",
                    "CREATE TABLE b (n BIGINT, s SYMBOL, ts TIMESTAMP_NS)");
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                writers.add(threads.submit(() -> {
                    write(writer, ended);
                    return null;
                }));
            }
            for (int i = 0; i < BACKUPS; i++) {
                least[i] = awaitRows(owner, ROWS_BETWEEN * (i + 1));
                if (i % 2 == 1) {
                    run(owner, "CHECKPOINT");
                }
                run(owner, "BACKUP TO '" + folder.resolve("backup" + i) + "'");
            }
            assertThatThrownBy(() -> run(owner, "BACKUP TO '" + folder.resolve("backup0") + "'"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("not empty");
            ended.set(true);
            for (Future<Void> writer : writers) {
                writer.get(60, TimeUnit.SECONDS);
            }
        } finally {
            ended.set(true);
            threads.shutdown();
        }
        for (int i = 0; i < BACKUPS; i++) {
            Path backup = folder.resolve("backup" + i);
            assertThat(zepto("check", backup.toString()).code()).isZero();
            try (Connection connection = connect(backup)) {
                long rows = count(connection);
                // each writer may have deleted one row in between
                assertThat(rows).isGreaterThanOrEqualTo(least[i] - WRITERS);
                assertThat(rows(connection, "SELECT count(*), count(DISTINCT n), count(s) FROM b"))
                        .containsExactly(String.format(Locale.ROOT, "%d|%d|%d|", rows, rows, rows));
                assertThat(rows(connection, "SELECT count(*) FROM a JOIN b ON a.n = b.n AND a.s = b.s"))
                        .containsExactly(rows + "|");
            }
        }
    }

    private static long count(Connection connection) throws SQLException {
        return Long.parseLong(rows(connection, "SELECT count(*) FROM a").get(0).replace("|", ""));
    }

    /** Waits for so many rows, or for the writers to have failed; the rows that are there. */
    private static long awaitRows(Connection connection, long rows) throws SQLException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        long found = count(connection);
        while (found < rows && System.nanoTime() < end) {
            Thread.sleep(5);
            found = count(connection);
        }
        assertThat(found).isGreaterThanOrEqualTo(rows);
        return found;
    }

    private void write(int writer, AtomicBoolean ended) throws SQLException {
        try (Connection connection = connect(folder.resolve("db"))) {
            connection.setAutoCommit(false);
            for (long n = writer; !ended.get(); n += WRITERS) {
                String values =
                        " VALUES (" + n + ", 'symbol " + n % 100 + "', TIMESTAMP '2024-01-01 0" + n % 10 + ":00:00')";
                run(connection, "INSERT INTO a" + values, "INSERT INTO b" + values);
                connection.commit();
                if (n % 7 == 0) {
                    run(connection, "DELETE FROM a WHERE n = " + n, "DELETE FROM b WHERE n = " + n);
                    connection.commit();
                }
            }
        }
    }
}
