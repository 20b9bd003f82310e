package io.zeptodb.bi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariDataSource;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The driver's jar as tools and users load it: alone with a pool on the class path of a JVM without a single flag. The jar is there when
 * Maven has packaged the driver, as {@code mvn verify} does before it comes to this module.
 */
class ShadedJarTest {
    private static final long MOST_MINUTES = 5;

    @Test
    void theJarWorksAloneWithAPool() throws Exception {
        Path jar = shadedJar();
        String classPath = String.join(
                File.pathSeparator,
                jar.toString(),
                place(HikariDataSource.class).toString(),
                place(PoolProgram.class).toString());
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path output = Files.createTempFile("pool-program", ".txt");
        try {
            Process process = new ProcessBuilder(java.toString(), "-cp", classPath, PoolProgram.class.getName())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(MOST_MINUTES, TimeUnit.MINUTES);
            if (!ended) {
                process.destroyForcibly();
            }
            String text = Files.readString(output, StandardCharsets.UTF_8);
            assertThat(ended).as(text).isTrue();
            assertThat(process.exitValue()).as(text).isZero();
            List<String> lines = text.lines().toList();
            assertThat(lines).filteredOn("answer 50 1000000"::equals).hasSize(8);
            assertThat(lines).contains("left 0");
        } finally {
            Files.delete(output);
        }
    }

    private static Path shadedJar() throws IOException {
        String target = System.getProperty("zepto.jdbc.target");
        assumeTrue(target != null && Files.isDirectory(Path.of(target)), "the driver was not packaged");
        try (Stream<Path> files = Files.list(Path.of(target))) {
            List<Path> jars = files.filter(file -> file.getFileName().toString().matches("zepto-jdbc-.*-all\\.jar"))
                    .toList();
            assumeTrue(!jars.isEmpty(), "the driver was not packaged");
            return jars.get(0);
        }
    }

    private static Path place(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
