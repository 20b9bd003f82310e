package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** COPY with paths and files that are none of the usual ones: an error or an answer, at once. */
@Timeout(60)
class CopyPathsTest {
    private static final Path NOTHING = Path.of("/dev/null");

    @TempDir
    private Path folder;

    private final Database database = Engine.open(Map.of());
    private final Session session = database.openSession();

    @BeforeEach
    void makeTable() {
        session.update("CREATE TABLE t (x INTEGER)");
        session.update("INSERT INTO t VALUES (1), (2)");
    }

    @AfterEach
    void close() {
        session.close();
        database.close();
    }

    private void refused(String state, String message, String sql) {
        assertThatThrownBy(() -> session.update(sql)).isInstanceOfSatisfying(EngineException.class, e -> {
            assertThat(e.sqlState()).isEqualTo(state);
            assertThat(e).hasMessageContaining(message);
        });
    }

    @Test
    void aDeviceIsWrittenIntoAndStaysWhatItIs() throws IOException {
        assumeTrue(Files.exists(NOTHING));
        Path link = Files.createSymbolicLink(folder.resolve("nothing"), NOTHING);
        assertThat(session.update("COPY t TO '" + link + "'")).isEqualTo(2);
        assertThat(session.update("COPY (SELECT x FROM t) TO '" + link + "' WITH (format = 'arrow')"))
                .isEqualTo(2);
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(folder.toFile().list()).containsExactly("nothing");
        Files.delete(link);
    }

    @Test
    void aNamedPipeIsRefused() throws IOException, InterruptedException {
        assumeTrue(Files.exists(NOTHING));
        Path pipe = folder.resolve("pipe");
        Process make = new ProcessBuilder("mkfifo", pipe.toString()).start();
        assertThat(make.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(make.exitValue()).isZero();
        refused("58030", "it is a named pipe", "COPY t FROM '" + pipe + "'");
        refused("58030", "it is a named pipe", "COPY t TO '" + pipe + "'");
        refused("58030", "it is a named pipe", "COPY t FROM '" + pipe + "' WITH (format = 'arrow')");
    }

    @Test
    void aPathWithoutLettersIsNone() {
        refused("58030", "the path is empty", "COPY t FROM ''");
        refused("58030", "the path is empty", "COPY t TO ''");
    }

    @Test
    void aLineIsNotReadWithoutEnd() throws IOException {
        Path file = folder.resolve("long.csv");
        Files.writeString(file, "x\n" + ",".repeat(2_000_000));
        refused("22P04", "after line 1: a line of more than 1048576 fields", "COPY t FROM '" + file + "'");
        Files.writeString(file, "x\n" + "1".repeat(17 << 20));
        refused("22P04", "a field of more than 16777216 characters", "COPY t FROM '" + file + "'");
        Files.writeString(file, "x\n\"" + "1".repeat(17 << 20));
        refused("22P04", "is a quote not closed?", "COPY t FROM '" + file + "'");
    }
}
