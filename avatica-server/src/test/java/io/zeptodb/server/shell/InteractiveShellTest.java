package io.zeptodb.server.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.server.ZeptoCommand;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.jline.reader.impl.BufferImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sqlline.SqlLine;

@Timeout(300)
class InteractiveShellTest {
    @ParameterizedTest
    @CsvSource({"\\q,!quit", "quit,!quit", "' EXIT ; ',!quit", ".quit,!quit", "help,!help", "\\?,!help", "\\dt,!tables"
    })
    void wordsOfOtherShellsAreCommands(String line, String command) {
        assertThat(InteractiveShell.commandFor(line)).isEqualTo(command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ";", "SELECT quit", "quit x", "!quit", "SELECT 1;\nquit"})
    void everythingElseIsNone(String line) {
        assertThat(InteractiveShell.commandFor(line)).isNull();
    }

    @Test
    void theInputEndsOnAnEmptyLineOnly() {
        BufferImpl buffer = new BufferImpl();
        assertThat(InteractiveShell.endsAt(buffer)).isTrue();
        buffer.write("SELECT 1");
        assertThat(InteractiveShell.endsAt(buffer)).isFalse();
        buffer.write("\n");
        assertThat(InteractiveShell.endsAt(buffer)).isTrue();
        buffer.move(-3);
        assertThat(InteractiveShell.endsAt(buffer)).isFalse();
    }

    /** Lines, and then a user who types no more but is still there: at the end of a pipe the terminal drops what was not read yet. */
    private static final class OpenEnded extends InputStream {
        private final ByteArrayInputStream lines;
        private final CountDownLatch closed = new CountDownLatch(1);

        OpenEnded(String lines) {
            this.lines = new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public int read() throws IOException {
            int next = lines.read();
            if (next < 0) {
                try {
                    closed.await();
                } catch (InterruptedException e) {
                    throw new InterruptedIOException();
                }
            }
            return next;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int next = read();
            if (next < 0) {
                return next;
            }
            bytes[from] = (byte) next;
            return 1;
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    /** What the shell prints for these lines, and their echo. */
    private static String typed(String lines) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        InteractiveShell shell = new InteractiveShell();
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            shell.setOutputStream(out);
            shell.setErrorStream(out);
            SqlLine.Status status;
            try (OpenEnded input = new OpenEnded(lines)) {
                status = shell.begin(SqlCommand.shellArguments("jdbc:zepto:"), input, false);
            }
            assertThat(status).isEqualTo(SqlLine.Status.OK);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aRowWiderThanTheTerminalIsShownWhole() throws IOException {
        String text = "a value of a certain length, ".repeat(20);
        String shown = typed("SELECT '" + text + "' AS a, NULL AS b,\n 42 AS the_last_one;\nquit;\nSELECT 'never';\n");
        assertThat(shown)
                .containsPattern("\\| " + text + " +\\| NULL +\\| 42 +\\|")
                .doesNotContain("| never");
    }

    @Test
    void oneLongTextDoesNotPadTheOtherRows() throws IOException {
        String shown = typed("SELECT 'brief' AS a UNION ALL SELECT repeat('long ', 600);\nquit;\n");
        assertThat(shown.lines().filter(line -> line.contains("| brief")))
                .hasSize(1)
                .allMatch(line -> line.length() < 120);
        assertThat(shown).contains("long ".repeat(600).strip());
    }

    @Test
    void anErrorIsToldAndTheShellGoesOn() throws IOException {
        assertThat(typed("SELECT * FROM nope;\nSELECT 6 * 7 AS x;\n\\q\n"))
                .contains("'nope' does not exist", "42P01")
                .containsPattern("\\| 42 +\\|");
    }

    @Test
    void whatIsWrongWithTheUrlEndsTheCommand() {
        assertThat(ZeptoCommand.run("sql", "jdbc:zepto:?no_such_option=1")).isEqualTo(1);
    }
}
