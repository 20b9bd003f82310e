package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases whose segments are compressed. */
class CompressedFolderTest {
    private static final int SEED_ROWS = 1 << 16;
    private static final int COPIES = 24;

    @TempDir
    Path folder;

    private Database open(String compression, String memoryLimit) {
        return Engine.open(
                folder.resolve("db").toString(),
                Map.of(
                        "segment_compression",
                        compression,
                        "storage_mode",
                        "disk",
                        "memory_limit",
                        memoryLimit,
                        "query_memory_limit",
                        memoryLimit));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lz4", "zstd"})
    void aQueryReadsMoreThanFitsInMemory(String compression) throws Exception {
        long sum = 0;
        try (Database database = open(compression, "256MB")) {
            FolderTest.run(
                    database,
                    "CREATE TABLE seed (a BIGINT, b DOUBLE, t VARCHAR)",
                    "CREATE TABLE t (n BIGINT, a BIGINT, b DOUBLE, c BIGINT, t VARCHAR)",
                    "INSERT INTO seed VALUES (1, 1.5, 'a text that is longer than a view')");
            for (int rows = 1; rows < SEED_ROWS; rows *= 2) {
                FolderTest.run(database, "INSERT INTO seed SELECT a + " + rows + ", b, t FROM seed");
            }
            for (int copy = 0; copy < COPIES; copy++) {
                FolderTest.run(database, "INSERT INTO t SELECT " + copy + ", a, b, a * 2, t FROM seed", "CHECKPOINT");
                sum += (long) SEED_ROWS * (SEED_ROWS + 1) / 2;
            }
        }
        try (Stream<Path> files = Files.list(folder.resolve("db"))) {
            long bytes = files.filter(file -> file.toString().endsWith(".arrow"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
            assertThat(bytes).isBetween(1L, 48L << 20);
        }
        // 140 MB when they are decompressed
        try (Database database = open(compression, "64MB")) {
            assertThat(FolderTest.count(database, "SELECT sum(a) FROM t")).isEqualTo(sum);
            assertThat(FolderTest.count(database, "SELECT sum(c + n - n) FROM t WHERE b > 1 AND t LIKE '%longer%'"))
                    .isEqualTo(2 * sum);
            assertThat(FolderTest.count(database, "SELECT count(*) FROM t WHERE a = 77"))
                    .isEqualTo(COPIES);
        }
    }

    @Test
    void segmentsOfEveryCompressionLieSideBySide() {
        int rows = 0;
        for (String compression : new String[] {"none", "lz4", "zstd", "none"}) {
            try (Database database = open(compression, "64MB")) {
                if (rows == 0) {
                    FolderTest.run(database, "CREATE TABLE t (a BIGINT, t VARCHAR)");
                }
                FolderTest.run(
                        database,
                        "INSERT INTO t VALUES (" + rows++ + ", 'a text that is longer than a view'), (NULL, NULL)",
                        "CHECKPOINT");
                assertThat(FolderTest.count(database, "SELECT count(*) FROM t")).isEqualTo(2L * rows);
                assertThat(FolderTest.count(database, "SELECT count(*) FROM t WHERE t LIKE '%than a view'"))
                        .isEqualTo(rows);
            }
        }
    }
}
