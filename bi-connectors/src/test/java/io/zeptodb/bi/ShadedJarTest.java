package io.zeptodb.bi;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The driver's jar as tools and users load it: alone with a pool on the class path of a JVM without a single flag. Runs
 * behind Maven's package phase, as {@code mvn verify} does; a missing jar fails.
 */
class ShadedJarTest {
    private static final long MOST_MINUTES = 5;
    private static final int FIRST_JVM_TO_WARN = 24;
    private static final String WARNING_OF_THE_JVM = "WARNING: ";
    /** HikariCP logs through SLF4J, which complains of a class path without a log: the application's choice, not ours. */
    private static final String COMPLAINT_OF_THE_POOLS_LOG = "SLF4J(W): ";

    /** A JVM that finds one of them has flags, and says so. */
    private static final Set<String> FLAGS_OF_THE_ENVIRONMENT =
            Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    /** Two symbols, 34 five-minute bars of each, 100 pairs. */
    private static final String EACH_ANSWER = "170 rows";

    private static final Pattern NOT_CLASSES = Pattern.compile("META-INF/(MANIFEST\\.MF|NOTICE|LICENSE|LICENSE\\.txt"
            // of code inside Jackson
            + "|[\\w-]+-LICENSE"
            + "|services/(java\\.sql\\.Driver|io\\.zeptodb\\.shaded\\..+))"
            + "|io\\.zeptodb\\.shaded\\.simplelogger\\.properties"
            + "|org/apache/calcite/.+\\.(properties|html)"
            + "|org/publicsuffix/list/effective_tld_names\\.dat"
            + "|arrow_cdata_jni/\\w+/\\w+\\.(so|dll|dylib)");

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
        Path errors = Files.createTempFile("pool-program", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(java.toString(), "-cp", classPath, PoolProgram.class.getName())
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile());
            builder.environment().keySet().removeAll(FLAGS_OF_THE_ENVIRONMENT);
            Process process = builder.start();
            boolean ended = process.waitFor(MOST_MINUTES, TimeUnit.MINUTES);
            if (!ended) {
                process.destroyForcibly();
            }
            String complaints = Files.readString(errors, StandardCharsets.UTF_8);
            String text = Files.readString(output, StandardCharsets.UTF_8) + complaints;
            assertThat(ended).as(text).isTrue();
            assertThat(process.exitValue()).as(text).isZero();
            List<String> lines = text.lines().toList();
            assertThat(lines).filteredOn(EACH_ANSWER::equals).hasSize(8);
            assertThat(lines).contains("0 bytes left");
            // what the JVM itself says of sun.misc.Unsafe is docs/operations.md's
            assertThat(complaints
                            .lines()
                            .filter(line -> !line.startsWith(COMPLAINT_OF_THE_POOLS_LOG))
                            .filter(line -> Runtime.version().feature() < FIRST_JVM_TO_WARN
                                    || !line.startsWith(WARNING_OF_THE_JVM)))
                    .isEmpty();
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }

    /**
     * A class of the jar with the name of a class of the application is decided by chance, so what is not under our own name is a
     * decision: docs/decisions/0010.
     */
    @Test
    void onlyTheNamesOfTheDecisionAreNotOurs() throws IOException {
        Set<String> packages = new TreeSet<>();
        for (String entry : entries()) {
            if (entry.endsWith(".class")) {
                packages.add(topPackage(entry));
            }
        }
        assertThat(packages)
                .containsExactly(
                        "com/google/flatbuffers",
                        "io/zeptodb",
                        "org/apache/arrow",
                        "org/apache/calcite",
                        "org/jspecify/annotations",
                        "org/slf4j");
    }

    private static String topPackage(String entry) {
        String name = entry.replaceFirst("/[^/]+$", "");
        String[] parts = name.split("/", -1);
        boolean inTwo = name.startsWith("io/zeptodb") || name.startsWith("org/slf4j") || parts.length < 3;
        return inTwo ? parts[0] + "/" + parts[1] : parts[0] + "/" + parts[1] + "/" + parts[2];
    }

    /** SLF4J's API for others, without a provider, and one with a provider for the driver. */
    @Test
    void theDriverHasItsOwnLogging() throws IOException {
        List<String> entries = entries();
        assertThat(entries)
                .contains(
                        "org/slf4j/LoggerFactory.class",
                        "io/zeptodb/shaded/org/slf4j/LoggerFactory.class",
                        "META-INF/services/io.zeptodb.shaded.org.slf4j.spi.SLF4JServiceProvider")
                .doesNotContain("META-INF/services/org.slf4j.spi.SLF4JServiceProvider", "simplelogger.properties");
        try (JarFile jar = new JarFile(shadedJar().toFile())) {
            assertThat(text(jar, "META-INF/services/io.zeptodb.shaded.org.slf4j.spi.SLF4JServiceProvider")
                            .strip())
                    .isEqualTo("io.zeptodb.shaded.org.slf4j.simple.SimpleServiceProvider");
            assertThat(text(jar, "META-INF/services/io.zeptodb.shaded.org.codehaus.commons.compiler.ICompilerFactory")
                            .strip())
                    .isEqualTo("io.zeptodb.shaded.org.codehaus.janino.CompilerFactory");
        }
    }

    @Test
    void whatIsNoClassIsNeeded() throws IOException {
        List<String> entries = entries();
        assertThat(entries).doesNotHaveDuplicates();
        assertThat(entries)
                .filteredOn(entry -> !entry.endsWith(".class") && !entry.startsWith("io/zeptodb/"))
                .allMatch(entry -> NOT_CLASSES.matcher(entry).matches());
        assertThat(entries)
                .noneMatch(entry -> entry.endsWith("module-info.class") || entry.startsWith("META-INF/versions/"));
        try (JarFile jar = new JarFile(shadedJar().toFile())) {
            Attributes attributes = jar.getManifest().getMainAttributes();
            assertThat(attributes.getValue(Attributes.Name.IMPLEMENTATION_TITLE))
                    .startsWith("ZeptoDB");
            assertThat(shadedJar().getFileName().toString())
                    .contains("-" + attributes.getValue(Attributes.Name.IMPLEMENTATION_VERSION) + "-all");
        }
        assertThat(entries).contains("META-INF/services/java.sql.Driver", "META-INF/LICENSE", "META-INF/NOTICE");
    }

    @Test
    void theLicencesOfWhatIsInItAreInIt() throws IOException {
        try (JarFile jar = new JarFile(shadedJar().toFile())) {
            assertThat(text(jar, "META-INF/LICENSE")).contains("Apache License", "Version 2.0");
            assertThat(text(jar, "META-INF/LICENSE.txt")).contains("QOS.ch", "Permission is hereby granted");
            String notice = text(jar, "META-INF/NOTICE");
            assertThat(notice).startsWith("ZeptoDB\n");
            assertThat(notice)
                    .contains(
                            "Apache Arrow",
                            "Apache Calcite",
                            "Janino",
                            "Redistributions in binary form",
                            "Protocol Buffers",
                            "Eclipse Public License",
                            "Mozilla Public License",
                            "Jackson",
                            "FastCSV");
            assertThat(text(jar, "META-INF/services/java.sql.Driver").strip()).isEqualTo("io.zeptodb.jdbc.ZeptoDriver");
        }
    }

    private static String text(JarFile jar, String name) throws IOException {
        try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
            // what others wrote may have other line ends
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("\r\n", "\n")
                    .stripLeading();
        }
    }

    private static List<String> entries() throws IOException {
        try (JarFile jar = new JarFile(shadedJar().toFile())) {
            return jar.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(JarEntry::getName)
                    .toList();
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
