package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.Pipeline;
import io.zeptodb.engine.api.PipelineOptions;
import io.zeptodb.engine.api.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ends a statement in the midst of putting rows on disk leaves neither files nor memory behind. */
@Timeout(120)
class SpillFailuresTest {
    private static final int ROWS = 200_000;
    private static final String SORT = "SELECT a.v, a.s FROM t a ORDER BY a.s DESC";
    /** Sorts, groups and joins on disk, then joins until it is stopped. */
    private static final String LONG = "SELECT COUNT(*) FROM (SELECT s, v FROM t ORDER BY s DESC OFFSET 10000) q"
            + " JOIN (SELECT s, COUNT(*) AS c FROM t GROUP BY s) g ON q.s = g.s JOIN t x ON x.v * q.v + q.v = -1";

    @TempDir
    private Path temp;

    private @Nullable Database opened;

    private Database open(Map<String, String> more) {
        Map<String, String> options =
                new HashMap<>(Map.of("threads", "2", "query_memory_limit", "4MB", "temp_directory", temp.toString()));
        options.putAll(more);
        options.values().removeIf(String::isEmpty);
        Database database = Engine.open(options);
        opened = database;
        try (Session session = database.openSession()) {
            session.update("CREATE TABLE t (v BIGINT, s VARCHAR, one BIGINT)");
        }
        try (Pipeline pipeline = database.openPipeline("t", PipelineOptions.SYNCHRONOUS)) {
            for (long i = 0; i < ROWS; i++) {
                pipeline.ingest(i, "text number " + i * 7919 % ROWS, 1L);
            }
        }
        return database;
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        if (opened != null) {
            opened.close();
            assertThat(opened.statistics().allocatedBytes()).isZero();
        }
        assertThat(paths()).isEmpty();
    }

    private List<Path> paths() throws IOException {
        try (Stream<Path> files = Files.walk(temp)) {
            return files.filter(path -> !path.equals(temp)).toList();
        }
    }

    private long fileCount() throws IOException {
        return paths().stream()
                .filter(file -> file.toString().endsWith(".arrow"))
                .count();
    }

    private static long count(Session session, String sql) {
        long rows = 0;
        try (BatchCursor cursor = session.query(sql)) {
            while (cursor.next()) {
                rows += cursor.batch().getRowCount();
            }
        }
        return rows;
    }

    @Test
    void aCancelledStatementRemovesItsFiles() throws Exception {
        Database database = open(Map.of());
        for (int wait = 0; wait < 5; wait++) {
            long before = ((Engine) database).spill().writtenBytes();
            try (Session session = database.openSession()) {
                CompletableFuture<Long> running = CompletableFuture.supplyAsync(() -> count(session, LONG));
                while (((Engine) database).spill().writtenBytes() < before + wait * 1_000_000L + 1) {
                    assertThat(running).isNotDone();
                    Thread.onSpinWait();
                }
                session.cancel();
                assertThatThrownBy(running::get)
                        .isInstanceOf(ExecutionException.class)
                        .cause()
                        .isInstanceOfSatisfying(
                                EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
            }
            assertThat(fileCount()).isZero();
            assertThat(((Engine) database).spill().usedBytes()).isZero();
        }
    }

    @Test
    void theLimitOfTheFolderHolds() throws IOException {
        Database database = open(Map.of("temp_directory_limit", "1MB", "query_memory_limit", "1GB"));
        try (Session session = database.openSession()) {
            session.update("SET query_memory_limit = '4MB'");
            assertThatThrownBy(() -> count(session, SORT))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL))
                    .hasMessageContaining("no room for temporary files of queries")
                    .hasMessageContaining("of 1048576 bytes");
            assertThat(fileCount()).isZero();
            session.update("SET query_memory_limit = '1GB'");
            assertThat(count(session, SORT)).isEqualTo(ROWS);
        }
    }

    /** A file, a folder below one, and one of the system's in which nobody, not even its administrator, makes files. */
    @ParameterizedTest
    @ValueSource(strings = {"file", "file/below", "/proc/self"})
    void aFolderThatCannotBeUsedFailsTheStatementThatNeedsIt(String name) throws IOException {
        Path folder = temp.resolve(name);
        assumeTrue(folder.startsWith(temp) || Files.isDirectory(folder));
        Path file = Files.writeString(temp.resolve("file"), "");
        Database database = open(Map.of("temp_directory", folder.toString(), "query_memory_limit", "1GB"));
        try (Session session = database.openSession()) {
            session.update("SET query_memory_limit = '4MB'");
            assertThat(count(session, "SELECT v FROM t WHERE v < 10 ORDER BY s"))
                    .isEqualTo(10);
            assertThatThrownBy(() -> count(session, SORT))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO_ERROR))
                    .hasMessageContaining("in '" + folder + "', the folder that temp_directory names");
            session.update("SET query_memory_limit = '1GB'");
            assertThat(count(session, SORT)).isEqualTo(ROWS);
        }
        Files.delete(file);
    }

    @Test
    void aCursorThatIsNotReadToItsEndRemovesItsFiles() throws IOException {
        Database database = open(Map.of());
        try (Session session = database.openSession();
                BatchCursor cursor = session.query(SORT)) {
            assertThat(cursor.next()).isTrue();
            assertThat(fileCount()).isPositive();
        }
        assertThat(fileCount()).isZero();
    }

    @Test
    void theDatabaseRemovesTheFilesOfOpenCursors() throws IOException {
        Database database = open(Map.of());
        BatchCursor cursor = database.openSession().query(SORT);
        assertThat(cursor.next()).isTrue();
        database.close();
        assertThat(paths()).isEmpty();
        cursor.close();
    }

    @Test
    void aDatabaseOnDiskSpillsInItsFolderAndEmptiesItWhenOpened() throws IOException {
        Path folder = temp.resolve("db");
        Map<String, String> options = Map.of("query_memory_limit", "4MB");
        Path left = folder.resolve("tmp").resolve("spill-1.arrow");
        try (Database database = Engine.open(folder.toString(), options);
                Session session = database.openSession()) {
            session.update("CREATE TABLE t (v BIGINT, s VARCHAR)");
            try (Pipeline pipeline = database.openPipeline("t", PipelineOptions.SYNCHRONOUS)) {
                for (long i = 0; i < ROWS; i++) {
                    pipeline.ingest(i, "text number " + i * 7919 % ROWS);
                }
            }
            try (BatchCursor cursor = session.query(SORT)) {
                assertThat(cursor.next()).isTrue();
                assertThat(left).exists();
            }
            assertThat(left).doesNotExist();
        }
        assertThat(folder.resolve("tmp")).doesNotExist();
        Files.createDirectory(folder.resolve("tmp"));
        Files.writeString(left, "of a process that was killed");
        Map<String, String> readOnly =
                Map.of("access_mode", "read_only", "query_memory_limit", "4MB", "temp_directory", "");
        try (Database database = Engine.open(folder.toString(), readOnly);
                Session session = database.openSession()) {
            assertThat(count(session, SORT)).isEqualTo(ROWS);
            assertThat(left).exists();
        }
        Engine.open(folder.toString(), options).close();
        assertThat(left).doesNotExist();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        }
    }

    @Test
    void theSystemsFolderIsTheDefault() {
        Database database = open(Map.of("temp_directory", ""));
        try (Session session = database.openSession()) {
            assertThat(count(session, SORT)).isEqualTo(ROWS);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT one, STRING_AGG(s, ',') FROM t GROUP BY one",
                "SELECT one, COUNT(DISTINCT s) FROM t GROUP BY one",
                "SELECT COUNT(DISTINCT s) FROM t",
                "SELECT v, ROW_NUMBER() OVER (PARTITION BY one ORDER BY s) FROM t",
                "SELECT a.s, b.s FROM t a JOIN t b ON a.one = b.one",
            })
    void whatDoesNotFitByItselfFailsWithTheFigures(String sql) throws IOException {
        Database database = open(Map.of());
        try (Session session = database.openSession()) {
            assertThatThrownBy(() -> count(session, sql))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY))
                    .hasMessageContaining("of 4194304")
                    .hasMessageContaining("raise memory_limit or query_memory_limit");
            assertThat(fileCount()).isZero();
            assertThat(count(session, "SELECT v FROM t WHERE v < 10")).isEqualTo(10);
        }
    }

    @Test
    void manyStatementsSpillAtOnce() throws Exception {
        Database database = open(Map.of());
        List<CompletableFuture<Long>> running = Stream.of(SORT, "SELECT s, COUNT(*) FROM t GROUP BY s", SORT)
                .map(sql -> CompletableFuture.supplyAsync(() -> {
                    try (Session session = database.openSession()) {
                        return count(session, sql);
                    }
                }))
                .toList();
        for (CompletableFuture<Long> each : running) {
            assertThat(each.get()).isEqualTo(ROWS);
        }
        assertThat(fileCount()).isZero();
    }
}
