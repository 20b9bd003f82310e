package io.zeptodb.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The project's own files, found from wherever the tests run. */
final class SourceTree {
    private static final List<String> MODULES = List.of(
            "engine", "arrow-bridge", "jdbc-driver", "avatica-server", "duckdb-interop", "bi-connectors", "benchmarks");

    private SourceTree() {}

    /** The folder that holds the root pom. */
    static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve(".mvn"))) {
            directory = directory.getParent();
        }
        return directory;
    }

    /** Java files below src/main of every module; generated ones are not among them. */
    static List<Path> mainSources() {
        return javaBelow("src/main/java");
    }

    /** Java files below src/test of every module. */
    static List<Path> testSources() {
        return javaBelow("src/test/java");
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    static List<Path> filesBelow(Path directory, String suffix) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    private static List<Path> javaBelow(String folder) {
        return MODULES.stream()
                .flatMap(module -> filesBelow(root().resolve(module).resolve(folder), ".java").stream())
                .toList();
    }
}
