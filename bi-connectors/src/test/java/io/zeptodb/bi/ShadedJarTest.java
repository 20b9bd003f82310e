package io.zeptodb.bi;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The driver's jar as tools and users load it: alone with a pool on the class path of a JVM without a single flag. Runs
 * behind Maven's package phase, as {@code mvn verify} does; a missing jar fails.
 */
class ShadedJarTest {
    private static final long MOST_MINUTES = 5;
    /** Two symbols, 34 five-minute bars of each, 100 pairs. */
    private static final String EACH_ANSWER = "170 rows";

    @Test
    void theJarWorksAloneWithAPool() throws Exception {
        Path jar = shadedJar();
        assertThat(jar).exists();
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
            assertThat(lines).filteredOn(EACH_ANSWER::equals).hasSize(8);
            assertThat(lines).contains("0 bytes left");
        } finally {
            Files.delete(output);
        }
    }

    /** In the driver's module, where this module's build directory is in this one. */
    private static Path shadedJar() {
        Path module = Path.of("").toAbsolutePath();
        Path build = module.relativize(Path.of(System.getProperty("zepto.build")));
        return module.resolveSibling("jdbc-driver").resolve(build).resolve(System.getProperty("zepto.jar"));
    }

    @Test
    void theReadmeShowsThisProgram() throws IOException {
        String program = Files.readString(
                Path.of("src/test/java", PoolProgram.class.getName().replace('.', '/') + ".java"));
        String readme = Files.readString(Path.of(System.getProperty("zepto.readme")));
        int start = readme.indexOf("```java") + "```java".length();
        String shown = readme.substring(start, readme.indexOf("```", start));
        assertThat(words(shown)).contains("public static void main");
        assertThat(words(program)).contains(words(shown));
    }

    private static String words(String code) {
        return code.replaceAll("\\s+", " ").replaceAll(" (?=[.])", "");
    }

    private static Path place(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
