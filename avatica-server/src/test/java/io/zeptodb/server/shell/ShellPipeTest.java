package io.zeptodb.server.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.server.ZeptoCommand;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code zepto sql} with its input from a pipe, as a process of its own. */
@Timeout(600)
class ShellPipeTest {
    @TempDir
    private Path folder;

    private record Ended(int code, String out, String err) {}

    private Ended piped(String script) throws IOException, InterruptedException {
        Path in = Files.writeString(folder.resolve("in.sql"), script);
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dfile.encoding=UTF-8",
                        "-Dstdout.encoding=UTF-8",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        ZeptoCommand.class.getName(),
                        "sql")
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(3, TimeUnit.MINUTES))
                    .as("it ends with its input")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), text(out), text(err));
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8).replace("\r\n", "\n");
    }

    @Test
    void rowsAreAllThatIsOnStandardOutput() throws Exception {
        Ended ended = piped("""
                CREATE TABLE t (n BIGINT, s VARCHAR);
                INSERT INTO t VALUES (1, 'a;b'), (2, NULL), (3, ''), (4, 'say "x", y');
                SELECT n, s FROM t ORDER BY n; -- the end; nearly
                SELECT 'é' AS "the;name"
                """);
        assertThat(ended.out()).isEqualTo("""
                n,s
                1,a;b
                2,
                3,""
                4,"say ""x"", y"
                the;name
                é
                """);
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.err()).doesNotContain("jline", "zepto:");
    }

    @Test
    void theFirstErrorEndsItOnStandardError() throws Exception {
        Ended ended = piped("SELECT 1 AS x;\n\nSELECT * FROM nope;\nSELECT 2 AS x;\n");
        assertThat(ended.out()).isEqualTo("x\n1\n");
        assertThat(ended.err()).contains("line 3", "'nope' does not exist");
        assertThat(ended.code()).isEqualTo(1);
        Ended later = piped("SELECT 1 AS x;\n  SELECT 1 +\n nope; SELECT 2 AS x;\n");
        assertThat(later.err()).contains("the statement of line 2:", "(line 3, column 2)");
        Ended sameLine = piped("\nSELECT 1 AS x; SELECT nope;");
        assertThat(sameLine.err()).contains("(line 2, column 23)");
    }

    @Test
    void aWordThatLeavesEndsItAndNoInputIsFine() throws Exception {
        assertThat(piped("SELECT 1 AS x;\nexit;\nSELECT 2 AS x;\n").out()).isEqualTo("x\n1\n");
        Ended none = piped("");
        assertThat(none.out()).isEmpty();
        assertThat(none.code()).isZero();
    }

    private static List<String> cut(String script) throws IOException {
        ScriptReader reader = new ScriptReader(new StringReader(script));
        List<String> statements = new ArrayList<>();
        for (String next = reader.next(); next != null; next = reader.next()) {
            statements.add(reader.startLine() + ":" + next);
        }
        return statements;
    }

    @Test
    void semicolonsInQuotesAndCommentsDoNotCut() throws IOException {
        assertThat(cut("SELECT 'a;''b;' ; SELECT \"x;\"\"y\";"))
                .containsExactly("1:SELECT 'a;''b;' ", "1:SELECT \"x;\"\"y\"");
        assertThat(cut("-- none;\n/* none; */ ;;\n SELECT 1 -- one;\n + 2 // two;\n; SELECT /* a;*/ 3"))
                .containsExactly("3:SELECT 1 -- one;\n + 2 // two;\n", "5:SELECT /* a;*/ 3");
        assertThat(cut("SELECT 6 / 2 - 1; SELECT 1 /**/ * 2; -5; /*/ ; */ 7"))
                .containsExactly("1:SELECT 6 / 2 - 1", "1:SELECT 1 /**/ * 2", "1:-5", "1:7");
        assertThat(cut("")).isEmpty();
        assertThat(cut(" -- only a comment")).isEmpty();
        assertThat(cut("SELECT 'open; \n")).containsExactly("1:SELECT 'open; \n");
    }
}
