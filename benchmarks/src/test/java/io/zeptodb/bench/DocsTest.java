package io.zeptodb.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every type, package, member and file that the documents name in backticks or link to exists, so that no page outlives what it
 * describes. Fenced blocks are left alone: they are commands and examples, which have tests of their own.
 */
class DocsTest {
    private static final Pattern FENCE = Pattern.compile("^```.*?^```", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern BACKTICKED = Pattern.compile("`([^`\n]+)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(#[^)]*)?\\)");

    /** io.zeptodb.engine.plan, io.zeptodb.engine.Engine, io.zeptodb.engine.api.Session.execute */
    private static final Pattern QUALIFIED =
            Pattern.compile("io\\.zeptodb(\\.[a-z][a-z0-9]*)*(\\.[A-Z]\\w*)?(\\.[a-z]\\w*)?(\\(.*\\))?");

    /** Session, Session.execute, Session.execute(String), api.Session: any name with a capital first and a small letter in it. */
    private static final Pattern TYPE =
            Pattern.compile("(?:[a-z]+\\.)?([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)(?:[.#]([a-z]\\w*))?(?:\\(.*\\))?");

    private static final Pattern FILE = Pattern.compile("(\\./)?[\\w.-]+(/[\\w.-]+)*/?");
    private static final Pattern FILE_SUFFIX = Pattern.compile(".*\\.(md|java|xml|txt|fmpp|ftl|jj|slt|test|sh)");

    private static final String PRODUCT = "ZeptoDB";

    private static final List<String> KNOWN_PACKAGES = List.of(
            "java.lang.",
            "java.util.",
            "java.util.concurrent.",
            "java.sql.",
            "javax.sql.",
            "java.time.",
            "java.math.",
            "java.nio.file.",
            "org.apache.arrow.memory.",
            "org.apache.arrow.vector.",
            "org.apache.arrow.vector.ipc.",
            "org.apache.arrow.c.",
            "org.apache.calcite.avatica.",
            "org.apache.calcite.plan.hep.",
            "org.apache.calcite.rel.",
            "org.apache.calcite.rel.core.",
            "org.apache.calcite.rel.logical.",
            "org.duckdb.",
            "com.zaxxer.hikari.",
            "org.openjdk.jmh.annotations.");

    private static final Map<String, List<Path>> TYPES = types();
    private static final Set<String> PACKAGES = packages();

    @TestFactory
    Stream<DynamicTest> whatADocumentNamesExists() {
        return documents().stream()
                .map(file -> DynamicTest.dynamicTest(
                        SourceTree.root().relativize(file).toString(),
                        () -> assertThat(violations(file)).isEmpty()));
    }

    @Test
    void theChecksCanFail() {
        Path page = SourceTree.root().resolve("README.md");
        assertThat(check("io.zeptodb.engine", page)).isEmpty();
        assertThat(check("DocsTest.theChecksCanFail", page)).isEmpty();
        assertThat(check("DriverManager.getConnection", page)).isEmpty();
        assertThat(check("docs/architecture.md", page)).isEmpty();
        assertThat(check("SELECT count(*) FROM trades", page)).isEmpty();
        assertThat(check("io.zeptodb.engine.nowhere", page)).isNotEmpty();
        assertThat(check("NoSuchType", page)).isNotEmpty();
        assertThat(check("SourceTree.noSuchMember", page)).isNotEmpty();
        assertThat(check("docs/no-such-page.md", page)).isNotEmpty();
    }

    private static List<Path> documents() {
        Path root = SourceTree.root();
        List<Path> documents = new ArrayList<>();
        for (String name : List.of("README.md", "CONTRIBUTING.md", "bi-connectors/README.md")) {
            documents.add(root.resolve(name));
        }
        documents.addAll(SourceTree.filesBelow(root.resolve("docs"), ".md"));
        return documents;
    }

    private static List<String> violations(Path file) {
        List<String> violations = new ArrayList<>();
        String text = FENCE.matcher(SourceTree.read(file)).replaceAll("");
        Matcher named = BACKTICKED.matcher(text);
        while (named.find()) {
            violations.addAll(check(named.group(1), file));
        }
        Matcher link = LINK.matcher(text);
        while (link.find()) {
            String target = link.group(1);
            if (!target.contains(":") && !Files.exists(file.resolveSibling(target))) {
                violations.add("link to " + target + ", which does not exist");
            }
        }
        return violations;
    }

    private static List<String> check(String named, Path file) {
        if (named.startsWith("io.zeptodb")) {
            return QUALIFIED.matcher(named).matches() ? checkQualified(named) : List.of();
        }
        Matcher type = TYPE.matcher(named);
        if (type.matches() && !type.group(1).equals(PRODUCT)) {
            return checkType(type.group(1), type.group(2));
        }
        if (looksLikeFile(named)) {
            boolean exists = Files.exists(SourceTree.root().resolve(named)) || Files.exists(file.resolveSibling(named));
            return exists ? List.of() : List.of("file " + named + " does not exist");
        }
        return List.of();
    }

    private static List<String> checkQualified(String named) {
        String name = named.replaceAll("\\(.*", "");
        if (PACKAGES.contains(name)) {
            return List.of();
        }
        String packageName = name.replaceAll("\\.[A-Z].*", "");
        String rest = name.equals(packageName) ? "" : name.substring(packageName.length() + 1);
        if (rest.isEmpty() || !PACKAGES.contains(packageName)) {
            return List.of("package " + packageName + " does not exist");
        }
        String[] parts = rest.split("\\.");
        return checkType(parts[0], parts.length > 1 ? parts[1] : null);
    }

    private static List<String> checkType(String type, String member) {
        List<Path> files = TYPES.get(type);
        if (files == null) {
            return isLibraryType(type) ? List.of() : List.of("type " + type + " does not exist");
        }
        if (member != null) {
            Pattern word = Pattern.compile("\\b" + member + "\\b");
            if (files.stream()
                    .noneMatch(file -> word.matcher(SourceTree.read(file)).find())) {
                return List.of("type " + type + " has no " + member);
            }
        }
        return List.of();
    }

    private static boolean isLibraryType(String type) {
        for (String prefix : KNOWN_PACKAGES) {
            if (DocsTest.class.getClassLoader().getResource((prefix + type).replace('.', '/') + ".class") != null) {
                return true;
            }
        }
        return false;
    }

    private static boolean looksLikeFile(String named) {
        if (!FILE.matcher(named).matches() || named.contains("target/") || named.contains("VERSION")) {
            return false;
        }
        String first = named.replaceAll("^\\./", "").replaceAll("/.*", "");
        boolean ours = named.contains("/") && Files.exists(SourceTree.root().resolve(first));
        return ours || named.startsWith("./") || FILE_SUFFIX.matcher(named).matches();
    }

    /** Simple names of top-level and nested types, each with the files that declare it. */
    private static Map<String, List<Path>> types() {
        Pattern declaration = Pattern.compile("\\b(?:class|interface|enum|record) ([A-Z]\\w*)");
        Map<String, List<Path>> types = new HashMap<>();
        Stream.concat(SourceTree.mainSources().stream(), SourceTree.testSources().stream())
                .forEach(file -> {
                    Matcher matcher = declaration.matcher(SourceTree.read(file));
                    while (matcher.find()) {
                        types.computeIfAbsent(matcher.group(1), name -> new ArrayList<>())
                                .add(file);
                    }
                });
        return types;
    }

    private static Set<String> packages() {
        Pattern declaration = Pattern.compile("^package ([\\w.]+);", Pattern.MULTILINE);
        Set<String> packages = new HashSet<>(Set.of("io.zeptodb"));
        Stream.concat(SourceTree.mainSources().stream(), SourceTree.testSources().stream())
                .forEach(file -> {
                    Matcher matcher = declaration.matcher(SourceTree.read(file));
                    if (matcher.find()) {
                        packages.add(matcher.group(1));
                    }
                });
        return packages;
    }
}
