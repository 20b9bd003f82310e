package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.Session;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders for temporary files that lie side by side: those of killed processes go, all others stay. */
class TempFolderTest {
    @TempDir
    Path temp;

    private static final class Child implements AutoCloseable {
        private final Process process;
        private final BufferedReader out;

        Child(Path temp) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            SpillingProcess.class.getName(),
                            temp.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        void awaitReady() throws IOException {
            assertThat(out.readLine()).isEqualTo("READY");
        }

        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        String finish() throws IOException, InterruptedException {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            String rows = out.readLine();
            process.waitFor();
            return rows;
        }

        @Override
        public void close() throws Exception {
            kill();
            out.close();
        }
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> files = Files.list(temp)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private List<Path> inside(String folder) throws IOException {
        try (Stream<Path> files = Files.list(temp.resolve(folder))) {
            return files.toList();
        }
    }

    private static long sortedRows(Database database) {
        long count = 0;
        try (Session session = database.openSession();
                BatchCursor rows = session.query("SELECT s, id FROM t ORDER BY s, id")) {
            while (rows.next()) {
                count += rows.batch().getRowCount();
            }
        }
        return count;
    }

    @Test
    void whatAKilledProcessLeftGoesAndTheRestStays() throws Exception {
        Files.writeString(temp.resolve("zepto-notes.lock"), "not ours");
        Files.writeString(temp.resolve("other.txt"), "not ours");
        Files.createDirectory(temp.resolve("zepto-12-ab"));
        Files.writeString(temp.resolve("zepto-12-ab").resolve("data"), "a folder without a lock");
        Set<String> unrelated = names();

        try (Child killed = new Child(temp);
                Child living = new Child(temp)) {
            killed.awaitReady();
            living.awaitReady();
            killed.kill();
            String left = "zepto-" + killed.process.pid() + "-";
            String used = "zepto-" + living.process.pid() + "-";
            assertThat(names()).filteredOn(name -> name.startsWith(left)).hasSize(2);
            String folder = names().stream()
                    .filter(name -> name.startsWith(left) && !name.endsWith(".lock"))
                    .findFirst()
                    .orElseThrow();
            assertThat(inside(folder)).isNotEmpty();

            try (Database database = SpillingProcess.spilling(temp.toString());
                    Database second = SpillingProcess.spilling(temp.toString())) {
                assertThat(names()).as("nobody has spilled yet").anyMatch(name -> name.startsWith(left));
                assertThat(sortedRows(database)).isEqualTo(SpillingProcess.ROWS);
                assertThat(names()).noneMatch(name -> name.startsWith(left));
                assertThat(names()).filteredOn(name -> name.startsWith(used)).hasSize(2);

                assertThat(sortedRows(second)).isEqualTo(SpillingProcess.ROWS);
                String own = "zepto-" + ProcessHandle.current().pid() + "-";
                assertThat(names())
                        .as("two databases of this process")
                        .filteredOn(name -> name.startsWith(own))
                        .hasSize(4);
                assertThat(sortedRows(database)).isEqualTo(SpillingProcess.ROWS);
            }

            assertThat(living.finish()).isEqualTo(Integer.toString(SpillingProcess.ROWS));
        }
        assertThat(names()).isEqualTo(unrelated);
        assertThat(inside("zepto-12-ab")).hasSize(1);
    }
}
