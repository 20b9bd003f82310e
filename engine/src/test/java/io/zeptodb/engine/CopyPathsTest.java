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
import java.nio.file.attribute.PosixFilePermissions;
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
        assertThat(make.waitFor(60, TimeUnit.SECONDS)).isTrue();
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

    /** Two that write one file each write all of it; whoever is last stays. */
    @Test
    void writersOfOneFileDoNotMix() throws Exception {
        session.update(
                "CREATE TABLE many AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 20000) SELECT n FROM r");
        Path file = folder.resolve("same.csv");
        try (Crew crew = new Crew()) {
            for (int i = 0; i < 2; i++) {
                int rest = i;
                crew.start("writer " + i, () -> {
                    try (Session own = database.openSession()) {
                        for (int round = 0; round < 8; round++) {
                            own.update("COPY (SELECT n, n FROM many WHERE n % 2 = " + rest + ") TO '" + file + "'");
                            assertThat(Files.readAllLines(file)).hasSize(10_001);
                        }
                    }
                });
            }
        }
        assertThat(folder.toFile().list()).containsExactly("same.csv");
    }

    @Test
    void whatLiesBesideTheFileStays() throws IOException {
        Path beside = Files.writeString(folder.resolve("t.csv.part"), "precious");
        session.update("COPY t TO '" + folder.resolve("t.csv") + "'");
        assertThat(beside).hasContent("precious");
        Path longest = folder.resolve("n".repeat(251) + ".csv");
        assertThat(session.update("COPY t TO '" + longest + "'")).isEqualTo(2);
        assertThat(longest).hasContent("x\n1\n2\n");
    }

    @Test
    void whatALinkLeadsToIsWritten() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        Path target = Files.writeString(inner.resolve("target.csv"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link.csv"), target);
        session.update("COPY t TO '" + link + "'");
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(target).hasContent("x\n1\n2\n");
        Path nowhere = Files.createSymbolicLink(folder.resolve("nowhere.csv"), folder.resolve("not there"));
        refused("58P01", "it is a link to what is not there", "COPY t TO '" + nowhere + "'");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("inner", "link.csv", "nowhere.csv");
        assertThat(inner.toFile().list()).containsExactly("target.csv");
    }

    @Test
    void whoMayReadTheFileStays() throws IOException {
        assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
        Path file = Files.writeString(folder.resolve("own.csv"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        session.update("COPY t TO '" + file + "'");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }
}
