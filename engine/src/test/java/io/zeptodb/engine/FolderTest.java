package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.Session;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database in a folder is the same after it was closed and opened again. */
class FolderTest {
    private static final String TRADES =
            "CREATE TABLE trades (symbol SYMBOL, price DOUBLE, volume BIGINT, note VARCHAR, ts TIMESTAMP_NS)";

    @TempDir
    Path folder;

    private Database open() {
        return Engine.open(folder.resolve("db").toString(), Map.of());
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
