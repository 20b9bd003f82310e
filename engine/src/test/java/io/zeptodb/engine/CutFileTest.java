package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.Pipeline;
import io.zeptodb.engine.api.PipelineOptions;
import io.zeptodb.engine.api.RowWriter;
import io.zeptodb.engine.api.Session;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Another process cuts files short that are open and mapped, whether they were read before or not: the queries that meet it fail and name the file, the
 * process lives. A file that is deleted stays readable. What a cut does to a query that runs just then is not promised (docs/operations.md).
 */
class CutFileTest {
    private static final int ROWS = 100_000;
    private static final List<String> QUERIES = List.of(
            "SELECT count(*), sum(v) FROM %s",
            "SELECT count(*) FROM %s WHERE x > 5.5",
            "SELECT max(s), min(s) FROM %s",
            "SELECT s, v FROM %s ORDER BY s LIMIT 5",
            "SELECT v FROM %s WHERE s LIKE '%%77%%' ORDER BY v",
            "SELECT a.v FROM %1$s a JOIN %1$s b ON a.s = b.s ORDER BY a.v");

    private static final List<String> TABLES = List.of("packed", "looked", "used", "halved", "gone", "whole");
    /** How many of them are cut, before the others. */
    private static final int CUT = 4;

    @TempDir
    Path root;

    private static void fill(Path folder, String compression, List<String> tables) {
        try (Database database = Engine.open(folder.toString(), Map.of("segment_compression", compression))) {
            tables.forEach(table -> fill(database, table));
        }
    }

    private static void fill(Database database, String table) {
        try (Session session = database.openSession()) {
            session.update("CREATE TABLE " + table + " (k SYMBOL, v BIGINT, x DOUBLE, s VARCHAR, ts TIMESTAMP_NS)");
        }
        try (Pipeline pipeline = database.openPipeline(table, PipelineOptions.SYNCHRONOUS);
                RowWriter row = pipeline.newWriter()) {
            for (int i = 0; i < ROWS; i++) {
                row.setString(0, "k" + i % 10)
                        .setLong(1, i)
                        .setDouble(2, i / 7.0)
                        .setString(3, "a text that is longer than a view " + i)
                        .setLong(4, 1_704_067_200_000_000_000L + i)
                        .append();
            }
        }
        database.checkpoint();
    }

    private static List<Path> segments(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("seg-"))
                    .sorted()
                    .toList();
        }
    }

    private static void cut(Path file, long bytes) throws IOException {
        try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
            cut.setLength(bytes);
        }
    }

    private static String ask(PrintWriter out, BufferedReader in, String sql) throws IOException {
        out.println(sql);
        String answer = in.readLine();
        assertThat(answer).as("the process ended at: %s", sql).isNotNull();
        return answer;
    }

    @Test
    void aFileThatIsCutWhileItIsMappedFailsTheQueriesAlone() throws Exception {
        Path folder = root.resolve("db");
        fill(folder, "zstd", TABLES.subList(0, 1));
        fill(folder, "none", TABLES.subList(1, TABLES.size()));
        List<Path> files = segments(folder);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:ErrorFile=" + root.resolve("crash.log"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ReadingProcess.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader in =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                PrintWriter out = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8)) {
            assertThat(in.readLine()).isEqualTo("READY");
            Map<String, String> expected = new HashMap<>();
            for (String query : QUERIES) {
                for (String table : TABLES) {
                    if (table.equals("looked")) {
                        continue;
                    }
                    String answer = ask(out, in, String.format(query, table));
                    assertThat(answer).startsWith("OK").isEqualTo(expected.getOrDefault(query, answer));
                    expected.put(query, answer);
                }
            }
            assertThat(ask(out, in, "SELECT k, v, x, s, ts FROM looked LIMIT 5"))
                    .startsWith("OK");

            for (int i = 0; i < CUT; i++) {
                Path file = files.get(i);
                cut(file, TABLES.get(i).equals("halved") ? Files.size(file) / 2 : 0);
            }
            Files.delete(files.get(TABLES.indexOf("gone")));
            for (int round = 0; round < 3; round++) {
                for (String query : QUERIES) {
                    for (int i = 0; i < CUT; i++) {
                        assertThat(ask(out, in, String.format(query, TABLES.get(i))))
                                .startsWith("XX001")
                                .contains(files.get(i).toString());
                    }
                    for (String table : TABLES.subList(CUT, TABLES.size())) {
                        assertThat(ask(out, in, String.format(query, table))).isEqualTo(expected.get(query));
                    }
                }
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(root.resolve("crash.log")).doesNotExist();
    }
}
