package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.store.CrashDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampNanoVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A database in a folder is the same after it was closed and opened again. */
class FolderTest {
    private static final String TRADES =
            "CREATE TABLE trades (symbol SYMBOL, price DOUBLE, volume BIGINT, note VARCHAR, ts TIMESTAMP_NS)";

    @TempDir
    Path folder;

    private Database open() {
        return SmallLog.open(folder.resolve("db").toString(), Map.of());
    }

    static long count(Database database, String sql) {
        try (Session session = database.openSession();
                BatchCursor rows = session.query(sql)) {
            assertThat(rows.next()).isTrue();
            return ((Number) rows.batch().getVector(0).getObject(0)).longValue();
        }
    }

    static void run(Database database, String... statements) {
        try (Session session = database.openSession()) {
            for (String statement : statements) {
                session.update(statement);
            }
        }
    }

    @Test
    void rowsComeBackFromTheLog() {
        try (Database database = open()) {
            run(
                    database,
                    TRADES,
                    "INSERT INTO trades VALUES ('AAPL', 1.5, 10, 'a text that is longer than a view', TIMESTAMP '2024-01-01 00:00:00'),"
                            + " ('MSFT', NULL, 20, NULL, TIMESTAMP '2024-01-01 00:00:01')",
                    "INSERT INTO trades VALUES ('AAPL', 2.5, 30, '', TIMESTAMP '2024-01-02 00:00:00')");
        }
        try (Database database = open()) {
            assertThat(count(database, "SELECT count(*) FROM trades")).isEqualTo(3);
            assertThat(count(database, "SELECT sum(volume) FROM trades WHERE symbol = 'AAPL'"))
                    .isEqualTo(40);
            assertThat(count(database, "SELECT count(*) FROM trades WHERE note = 'a text that is longer than a view'"))
                    .isEqualTo(1);
            run(database, "DELETE FROM trades WHERE volume = 20", "UPDATE trades SET volume = 31 WHERE volume = 30");
        }
        try (Database database = open()) {
            assertThat(count(database, "SELECT sum(volume) FROM trades")).isEqualTo(41);
        }
    }

    @Test
    void sealedRowsComeBackFromSegments() throws Exception {
        try (Database database = open()) {
            run(
                    database,
                    TRADES,
                    "INSERT INTO trades VALUES ('AAPL', 1.5, 10, 'a text that is longer than a view', TIMESTAMP '2024-01-01 00:00:00'),"
                            + " ('MSFT', NULL, 20, NULL, TIMESTAMP '2024-01-01 00:00:01')",
                    "CHECKPOINT",
                    "INSERT INTO trades VALUES ('AAPL', 2.5, 30, '', TIMESTAMP '2024-01-01 00:00:00')",
                    "DELETE FROM trades WHERE volume = 20");
        }
        try (Stream<Path> files = Files.list(folder.resolve("db"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".arrow")).count())
                    .isEqualTo(1);
        }
        for (int i = 0; i < 3; i++) {
            try (Database database = open()) {
                assertThat(count(database, "SELECT count(*) FROM trades")).isEqualTo(2);
                assertThat(count(database, "SELECT sum(volume) FROM trades")).isEqualTo(40);
                run(database, "CHECKPOINT");
            }
        }
    }

    @Test
    void tablesAreAlteredAndDroppedForGood() {
        try (Database database = open()) {
            run(
                    database,
                    TRADES,
                    "INSERT INTO trades VALUES ('AAPL', 1.5, 10, 'x', TIMESTAMP '2024-01-01 00:00:00')",
                    "CHECKPOINT",
                    "ALTER TABLE trades ADD COLUMN venue SYMBOL",
                    "ALTER TABLE trades DROP COLUMN note",
                    "INSERT INTO trades VALUES ('AAPL', 2.5, 30, TIMESTAMP '2024-01-01 00:00:00', 'XNAS')",
                    "CREATE TABLE gone (x BIGINT)",
                    "DROP TABLE gone");
        }
        try (Database database = open()) {
            assertThat(count(database, "SELECT count(*) FROM trades WHERE venue IS NULL"))
                    .isEqualTo(1);
            assertThat(count(database, "SELECT count(*) FROM trades WHERE venue = 'XNAS'"))
                    .isEqualTo(1);
            assertThat(database.tables()).hasSize(1);
            run(database, "CHECKPOINT", "TRUNCATE TABLE trades");
        }
        try (Database database = open()) {
            assertThat(count(database, "SELECT count(*) FROM trades")).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiered", "disk"})
    void aTableMayBeLargerThanTheMemory(String mode) {
        Map<String, String> options = Map.of("memory_limit", "48MB", "storage_mode", mode, "durability", "none");
        String path = folder.resolve("db").toString();
        int batches = 60;
        try (Database database = Engine.open(path, options)) {
            run(database, "CREATE TABLE t (k SYMBOL, v BIGINT, x DOUBLE, ts TIMESTAMP_NS) PARTITION BY k, HOUR(ts)");
            for (int i = 0; i < batches; i++) {
                append(database, i, 32_768);
            }
            check(database, batches * 32_768L);
        }
        try (Database database = Engine.open(path, options)) {
            check(database, batches * 32_768L);
        }
    }

    private static void check(Database database, long rows) {
        assertThat(count(database, "SELECT count(*) FROM t")).isEqualTo(rows);
        assertThat(count(database, "SELECT sum(v) FROM t")).isEqualTo(rows * (rows - 1) / 2);
        assertThat(count(database, "SELECT count(*) FROM (SELECT k, avg(x) FROM t GROUP BY k)"))
                .isEqualTo(7);
    }

    private static void append(Database database, int batch, int rows) {
        try (VarCharVector key = new VarCharVector("k", database.allocator());
                BigIntVector value = new BigIntVector("v", database.allocator());
                Float8Vector number = new Float8Vector("x", database.allocator());
                TimeStampNanoVector time = new TimeStampNanoVector("ts", database.allocator())) {
            for (int i = 0; i < rows; i++) {
                long row = (long) batch * rows + i;
                key.setSafe(i, ("k" + row % 7).getBytes(StandardCharsets.UTF_8));
                value.setSafe(i, row);
                number.setSafe(i, row / 3.0);
                time.setSafe(i, row * 10_000_000);
            }
            VectorSchemaRoot root = VectorSchemaRoot.of(key, value, number, time);
            root.setRowCount(rows);
            assertThat(database.append("t", root)).isEqualTo(rows);
        }
    }

    @Test
    void slicesOlderThanTheTtlLeaveTheMaterializedViews() throws Exception {
        try (Database database = open()) {
            run(
                    database,
                    "CREATE TABLE t (symbol SYMBOL, price DOUBLE, ts TIMESTAMP) TIMESTAMP(ts) PARTITION BY symbol, DAY(ts)",
                    "CREATE MATERIALIZED VIEW bars AS SELECT symbol, date_trunc('hour', ts) AS bar, sum(price) AS s, count(*) AS n"
                            + " FROM t GROUP BY symbol, bar",
                    "INSERT INTO t VALUES ('A', 1, TIMESTAMP '2020-01-01 10:00:00'), ('B', 2, TIMESTAMP '2020-01-01 10:00:00')",
                    "INSERT INTO t VALUES ('A', 4, CAST(now() AS TIMESTAMP)), (NULL, 8, TIMESTAMP '2020-01-01 10:00:00'), ('A', 16, NULL)");
            assertThat(count(database, "SELECT count(*) FROM bars")).isEqualTo(5);
            run(database, "ALTER TABLE t SET TTL 1 DAY");
            for (int i = 0; i < 5000 && count(database, "SELECT count(*) FROM t") > 2; i++) {
                Thread.sleep(20); // dropped by a thread of the database
            }
            assertThat(count(database, "SELECT count(*) FROM bars")).isEqualTo(2);
            assertThat(count(database, "SELECT sum(n) FROM bars WHERE symbol = 'A'"))
                    .isEqualTo(2);
            assertThat(count(database, "SELECT CAST(sum(s) AS BIGINT) FROM bars"))
                    .isEqualTo(20);
        }
    }

    @Test
    void slicesOlderThanTheTtlAreDroppedWithTheirFiles() throws Exception {
        try (Database database = open()) {
            run(
                    database,
                    "CREATE TABLE t (v BIGINT, ts TIMESTAMP_NS) PARTITION BY DAY(ts)",
                    "INSERT INTO t VALUES (1, TIMESTAMP '2020-01-01 00:00:00'), (2, now()), (3, NULL)",
                    "CHECKPOINT",
                    "INSERT INTO t VALUES (4, TIMESTAMP '2020-01-01 01:00:00')",
                    "ALTER TABLE t SET TTL 30 DAYS");
            for (int i = 0; i < 5000 && count(database, "SELECT count(*) FROM t") > 2; i++) {
                Thread.sleep(20); // dropped by a thread of the database
            }
            assertThat(count(database, "SELECT sum(v) FROM t")).isEqualTo(5);
        }
        try (Database database = open()) {
            assertThat(count(database, "SELECT sum(v) FROM t")).isEqualTo(5);
        }
        try (Stream<Path> files = Files.list(folder.resolve("db"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".arrow")).count())
                    .isEqualTo(2);
        }
    }

    @Test
    void droppedTablesLeaveTheDisk() throws Exception {
        try (Database database = open()) {
            run(
                    database,
                    TRADES,
                    "INSERT INTO trades VALUES ('AAPL', 1.5, 10, 'x', TIMESTAMP '2024-01-01 00:00:00')",
                    "CHECKPOINT",
                    "DROP TABLE trades");
            for (int i = 0; i < 5000 && segments() > 0; i++) {
                Thread.sleep(20);
            }
            assertThat(segments()).isZero();
        }
    }

    @Test
    void manyDropsAreNotAsManyCheckpoints() {
        int tables = 300;
        String path = folder.resolve("db").toString();
        try (Database database = Engine.open(path, Map.of("durability", "none"))) {
            for (int i = 0; i < tables; i++) {
                run(database, "CREATE TABLE t" + i + " (x BIGINT)", "INSERT INTO t" + i + " VALUES (1)");
            }
            run(database, "CHECKPOINT");
            long before = FolderSummary.read(path).generation();
            for (int i = 0; i < tables; i++) {
                run(database, "DROP TABLE t" + i);
            }
            long manifests = FolderSummary.read(path).generation() - before;
            assertThat(manifests).isLessThan(tables / 2);
        }
        assertThat(FolderSummary.read(path).tables()).isEmpty();
    }

    @Test
    void whatATransactionDropsLeavesTheDiskWithItsCommit() throws Exception {
        try (Database database = open();
                Session session = database.openSession()) {
            run(database, TRADES, "INSERT INTO trades VALUES ('AAPL', 1.5, 10, 'x', TIMESTAMP '2024-01-01 00:00:00')");
            run(database, "CHECKPOINT");
            String path = folder.resolve("db").toString();
            long before = FolderSummary.read(path).generation();
            session.begin();
            session.update("DROP TABLE trades");
            Thread.sleep(100);
            assertThat(FolderSummary.read(path).generation()).isEqualTo(before);
            assertThat(segments()).isEqualTo(1);
            session.commit();
            for (int i = 0; i < 5000 && segments() > 0; i++) {
                Thread.sleep(20);
            }
            assertThat(segments()).isZero();
        }
    }

    @Test
    void deletedRowsHaveAFileThatIsWrittenWhenMoreAreDeleted() throws Exception {
        List<String> first;
        try (Database database = open()) {
            run(database, "CREATE TABLE t (k SYMBOL, v BIGINT) PARTITION BY NONE");
            for (int i = 0; i < 10; i++) {
                run(database, "INSERT INTO t VALUES ('k" + i % 3 + "', " + i + ")");
            }
            run(database, "CHECKPOINT");
            assertThat(deletionFiles()).isEmpty();
            run(database, "DELETE FROM t WHERE v = 3", "CHECKPOINT");
            first = deletionFiles();
            assertThat(first).hasSize(1);
            run(database, "INSERT INTO t VALUES ('x', 100)", "CHECKPOINT");
            assertThat(deletionFiles()).isEqualTo(first);
        }
        FolderSummary summary = FolderSummary.read(folder.resolve("db").toString());
        assertThat(summary.tables().get(0).deleted()).isEqualTo(1);
        try (Database database = open()) {
            run(database, "CHECKPOINT");
            assertThat(deletionFiles()).isEqualTo(first);
            run(database, "DELETE FROM t WHERE v = 4", "CHECKPOINT");
            assertThat(deletionFiles()).hasSize(1).isNotEqualTo(first);
            assertThat(count(database, "SELECT sum(v) FROM t")).isEqualTo(138);
            String copy = folder.resolve("copy").toString();
            database.backup(copy);
            try (Database other = Engine.open(copy, Map.of())) {
                assertThat(count(other, "SELECT sum(v) FROM t")).isEqualTo(138);
            }
            run(database, "DELETE FROM t WHERE v IN (5, 6)", "CHECKPOINT");
            assertThat(deletionFiles()).as("the segment was written anew").isEmpty();
        }
    }

    @Test
    void aBackupIsNotMadeInTheFolderOfItsDatabaseNorWhereNoneIsNamed() throws Exception {
        Path real = folder.resolve("db");
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        Path above = Files.createSymbolicLink(folder.resolve("above"), folder);
        try (Database database = open()) {
            run(database, "CREATE TABLE t (v BIGINT)", "INSERT INTO t VALUES (1), (2)");
            List<Path> before = content(real);
            for (String inside : List.of(
                    real.toString(),
                    real + "/sub",
                    real + "/sub/deep",
                    real + "/tmp",
                    folder + "/other/../db/./sub",
                    link.toString(),
                    link + "/sub",
                    above + "/db",
                    above + "/link/sub/deep",
                    Path.of("").toAbsolutePath().relativize(real).toString())) {
                assertThatThrownBy(() -> database.backup(inside))
                        .as(inside)
                        .isInstanceOfSatisfying(
                                EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                        .hasMessageContaining(
                                "'" + inside + "': it lies in the folder of the database itself, '" + real);
            }
            for (String empty : List.of("", " ")) {
                assertThatThrownBy(() -> run(database, "BACKUP TO '" + empty + "'"))
                        .isInstanceOfSatisfying(
                                EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                        .hasMessageContaining("the name of the folder is empty");
            }
            assertThat(content(real)).isEqualTo(before);
            assertThat(content(folder)).containsExactlyInAnyOrder(real, link, above);
            String beside = folder.resolve("db2").toString(); // begins like the other
            database.backup(beside);
            try (Database other = Engine.open(beside, Map.of())) {
                assertThat(count(other, "SELECT sum(v) FROM t")).isEqualTo(3);
            }
        }
        try (Database memory = Engine.open(Map.of())) {
            assertThatThrownBy(() -> memory.backup(folder.resolve("none").toString()))
                    .hasMessageContaining("the database is in memory");
        }
        assertThat(folder.resolve("none")).doesNotExist();
    }

    private static List<Path> content(Path path) throws Exception {
        try (Stream<Path> files = Files.list(path)) {
            return files.sorted().toList();
        }
    }

    @Test
    void aCheckpointOfNothingNewWritesNothing() throws Exception {
        String path = folder.resolve("db").toString();
        try (Database database = open()) {
            run(database, TRADES, "INSERT INTO trades VALUES ('AAPL', 1.5, 10, 'x', TIMESTAMP '2024-01-01 00:00:00')");
            run(database, "CHECKPOINT");
            long generation = FolderSummary.read(path).generation();
            run(database, "CHECKPOINT", "CHECKPOINT");
            assertThat(FolderSummary.read(path).generation()).isEqualTo(generation);
            run(database, "DELETE FROM trades", "CHECKPOINT");
            assertThat(FolderSummary.read(path).generation()).isGreaterThan(generation);
            assertThat(segments()).isZero();
        }
    }

    @Test
    void aFileThatAQueryReadsStaysUntilTheCheckpointBehindIt() throws Exception {
        try (Database database = open();
                Session session = database.openSession()) {
            run(database, TRADES, "INSERT INTO trades VALUES ('AAPL', 1.5, 10, 'x', TIMESTAMP '2024-01-01 00:00:00')");
            run(database, "CHECKPOINT");
            try (BatchCursor rows = session.query("SELECT volume FROM trades")) {
                run(database, "DELETE FROM trades", "CHECKPOINT");
                assertThat(segments()).isEqualTo(1);
                assertThat(rows.next()).isTrue();
            }
            run(database, "CHECKPOINT");
            assertThat(segments()).isZero();
        }
    }

    private List<String> deletionFiles() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("db"))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.startsWith("del-"))
                    .toList();
        }
    }

    @Test
    void noDatabaseIsMadeBetweenFoldersOfOthers() throws Exception {
        Path db = folder.resolve("db");
        Files.createDirectories(db.resolve("tmp"));
        Files.createDirectories(db.resolve(".hidden"));
        Files.createDirectories(db.resolve("photos"));
        assertThatThrownBy(this::open).hasMessageContaining("it has other files or folders, such as 'photos'");
        Files.delete(db.resolve("photos"));
        Path other = Files.createFile(db.resolve("tmp").resolve("mine"));
        assertThatThrownBy(this::open).hasMessageContaining("such as 'tmp'");
        assertThat(other).exists();
        Files.delete(other);
        open().close();
    }

    private long segments() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("db"))) {
            return files.filter(file -> file.toString().endsWith(".arrow")).count();
        }
    }

    /** The log is kept for the row; what it has of the table that is gone is known to the manifest, each time. */
    @Test
    void whatWasDroppedStaysDroppedWhenTheFolderIsOpenedWithoutAChange() {
        try (Database database = open()) {
            run(database, "CREATE TABLE kept (i BIGINT)", "CREATE TABLE gone (i BIGINT)", "CHECKPOINT");
            run(database, "INSERT INTO kept VALUES (1)", "DROP TABLE gone");
        }
        for (int i = 0; i < 3; i++) {
            try (Database database = open()) {
                assertThat(database.tables()).hasSize(1);
                assertThat(count(database, "SELECT count(*) FROM kept")).isEqualTo(1);
            }
        }
    }

    /** Some rows of the log are sealed, and deleted, before others are read. */
    @ParameterizedTest
    @ValueSource(strings = {"tiered", "disk"})
    void theMemoryMayBeSmallerThanTheLog(String mode) {
        CrashDirectory disk = new CrashDirectory();
        CrashDirectory killed;
        int rows = 32_768;
        int batches = 30;
        try (Database database = Engine.open(disk, Map.of("memory_limit", "512MB", "durability", "none"))) {
            run(
                    database,
                    "CREATE TABLE t (k SYMBOL, v BIGINT, x DOUBLE, ts TIMESTAMP_NS) PARTITION BY k",
                    "CREATE TABLE s (v BIGINT)",
                    "INSERT INTO s VALUES (1)");
            for (int i = 0; i < batches; i++) {
                append(database, i, rows);
                // rows that were sealed by the time that the log is read to here, and others that the manifest has
                run(database, "DELETE FROM t WHERE v >= " + i / 2 * rows + " AND v < " + (i / 2 * rows + 10));
            }
            run(database, "DELETE FROM s", "INSERT INTO s VALUES (2)");
            killed = disk.kill();
        }
        Map<String, String> small = Map.of("memory_limit", "24MB", "storage_mode", mode, "durability", "none");
        long all = (long) batches * rows;
        long left = all - batches / 2 * 10L;
        assertThatThrownBy(() -> Engine.open(killed.kill(), Map.of("memory_limit", "24MB", "access_mode", "read_only")))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY))
                .hasMessageContaining("memory_limit is too small to open")
                .hasMessageContaining("CHECKPOINT");
        long sum = all * (all - 1) / 2;
        for (int i = 0; i < batches / 2; i++) {
            sum -= 10L * i * rows + 45;
        }
        CrashDirectory closed = disk.kill();
        CrashDirectory again;
        try (Database database = Engine.open(killed, small)) {
            again = killed.kill();
        }
        // in the manifest of the one that was closed all is known, and nothing of it is in a file
        for (CrashDirectory each : new CrashDirectory[] {closed, again, killed}) {
            for (int i = 0; i < 2; i++) {
                try (Database database = Engine.open(each, small)) {
                    assertThat(count(database, "SELECT count(*) FROM t")).isEqualTo(left);
                    assertThat(count(database, "SELECT sum(v) FROM t")).isEqualTo(sum);
                    assertThat(count(database, "SELECT sum(v) FROM s")).isEqualTo(2);
                }
            }
        }
    }

    @Test
    void smallSegmentsAreWrittenAnewAsOne() throws Exception {
        try (Database database = open()) {
            run(database, TRADES);
            for (int i = 0; i < 9; i++) {
                run(
                        database,
                        "INSERT INTO trades VALUES ('AAPL', 1.5, " + i + ", 'x', TIMESTAMP '2024-01-01 00:00:0"
                                + (9 - i) + "')",
                        "CHECKPOINT");
            }
            assertThat(count(database, "SELECT sum(volume) FROM trades")).isEqualTo(36);
            assertThat(segments()).isLessThan(5);
        }
        try (Database database = open()) {
            assertThat(count(database, "SELECT sum(volume) FROM trades")).isEqualTo(36);
            assertThat(count(database, "SELECT last(volume) FROM trades")).isEqualTo(0);
        }
    }

    @Test
    void oneProcessHasItAtATime() {
        try (Database database = open()) {
            assertThatThrownBy(this::open)
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_LOCKED))
                    .hasMessageContaining("pid");
            assertThat(database.isClosed()).isFalse();
        }
    }

    @Test
    void itCanBeReadByMany() {
        try (Database database = open()) {
            run(database, TRADES, "INSERT INTO trades VALUES ('AAPL', 1.5, 10, 'x', TIMESTAMP '2024-01-01 00:00:00')");
        }
        String path = folder.resolve("db").toString();
        try (Database one = Engine.open(path, Map.of("access_mode", "read_only"));
                Database other = Engine.open(path, Map.of("access_mode", "read_only"))) {
            assertThat(count(one, "SELECT count(*) FROM trades")).isEqualTo(1);
            assertThat(count(other, "SELECT count(*) FROM trades")).isEqualTo(1);
            assertThatThrownBy(() -> run(one, "DELETE FROM trades"))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.READ_ONLY));
        }
    }
}
