package io.zeptodb.engine;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The layering of the engine: {@link PackageTable} and the single doors, without a list of tolerated violations. */
class ArchitectureTest {
    private static final String ROOT = PackageTable.ROOT;

    /** What every package may use: the JDK (narrowed by the doors below), the logging facade, annotations. */
    private static final Set<String> EVERYWHERE = Set.of("java.", "javax.", "org.slf4j.", "org.jspecify.");

    private static final Set<String> FILE_TYPES = Stream.of(
                    File.class,
                    RandomAccessFile.class,
                    FileChannel.class,
                    AsynchronousFileChannel.class,
                    Files.class,
                    FileSystems.class,
                    java.io.FileInputStream.class,
                    java.io.FileOutputStream.class,
                    java.io.FileReader.class,
                    java.io.FileWriter.class)
            .map(Class::getName)
            .collect(Collectors.toUnmodifiableSet());

    private static final Set<String> THREAD_TYPES = Stream.of(
                    java.util.concurrent.Executors.class,
                    java.util.concurrent.ExecutorService.class,
                    java.util.concurrent.ScheduledExecutorService.class,
                    java.util.concurrent.ThreadPoolExecutor.class,
                    java.util.concurrent.ForkJoinPool.class,
                    java.util.concurrent.ThreadFactory.class,
                    java.util.Timer.class)
            .map(Class::getName)
            .collect(Collectors.toUnmodifiableSet());

    private static final Set<String> CLOCK_CALLS =
            Set.of("java.lang.System.currentTimeMillis", "java.lang.System.nanoTime", "java.lang.Thread.sleep");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @TestFactory
    Stream<DynamicTest> everyPackageImportsOnlyWhatTheTableGivesIt() {
        return PackageTable.ENGINE.keySet().stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> rowOf(name).check(CLASSES)));
    }

    @Test
    void noPackageIsOutsideTheTable() {
        Set<String> unknown = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            String name = engineChild(type);
            if (!name.isEmpty() && !PackageTable.ENGINE.containsKey(name)) {
                unknown.add(ROOT + "." + name);
            }
        }
        assertThat(unknown).as("packages without a row in PackageTable").isEmpty();
    }

    @Test
    void theTableHasNoCycles() {
        Map<String, Integer> levels = new TreeMap<>();
        for (String name : PackageTable.ENGINE.keySet()) {
            assertThat(level(name, levels)).isNotNegative();
        }
    }

    @Test
    void thePackagesHaveNoCycles() {
        slices().matching(ROOT + ".(*)..")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void theDocumentedTableIsThisTable() throws IOException {
        Pattern row = Pattern.compile("^\\| \\d \\| (\\w+) \\| .* \\| ([^|]*) \\|$", Pattern.MULTILINE);
        Matcher matcher = row.matcher(Files.readString(projectRoot().resolve("docs/architecture.md")));
        Map<String, Set<String>> documented = new TreeMap<>();
        while (matcher.find()) {
            String name = matcher.group(1);
            Map<Boolean, Set<String>> imports = Stream.of(matcher.group(2).split(", "))
                    .filter(each -> !each.isEmpty())
                    .collect(Collectors.partitioningBy(PackageTable.ENGINE::containsKey, Collectors.toSet()));
            documented.put(name, imports.get(true));
            assertThat(imports.get(false).stream().map(PackageTable::libraryCalled))
                    .as("libraries of " + name)
                    .containsExactlyInAnyOrderElementsOf(PackageTable.namedLibraries(name));
        }
        assertThat(documented).isEqualTo(PackageTable.ENGINE);
    }

    @Test
    void calciteIsOnlyInSqlAndOptimizer() {
        noClasses()
                .that(areInEngine(
                        "outside sql and optimizer", name -> !name.equals("sql") && !name.equals("optimizer")))
                .should()
                .dependOnClassesThat(resideInAPackage("org.apache.calcite.."))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void ofAvaticaOnlyItsUtilTypesAreInTheEngine() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("org.apache.calcite.avatica..")
                        .and(DescribedPredicate.not(resideInAPackage("org.apache.calcite.avatica.util.."))))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void filesAreOpenedOnlyInStore() {
        noClasses()
                .that(areInEngine("outside store", name -> !name.equals("store")))
                .should()
                .dependOnClassesThat(named("open files", FILE_TYPES))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void vectorApiAndUnsafeAreOnlyInKernel() {
        noClasses()
                .that(areInEngine("outside kernel", name -> !name.equals("kernel")))
                .should()
                .dependOnClassesThat(resideInAPackage("jdk..").or(resideInAPackage("sun..")))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void threadsAreMadeOnlyInTheRoot() {
        noClasses()
                .that(areInEngine("below the root", name -> !name.isEmpty()))
                .should()
                .dependOnClassesThat(named("make threads", THREAD_TYPES))
                .orShould()
                .beAssignableTo(Thread.class)
                .orShould()
                .callCodeUnitWhere(calls("start threads", ArchitectureTest::startsThread))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void clocksAreReadOnlyInTheRoot() {
        noClasses()
                .that(areInEngine("below the root", name -> !name.isEmpty()))
                .should()
                .callCodeUnitWhere(calls("read clocks", ArchitectureTest::readsClock))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void javaSqlIsNowhere() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("java.sql..").or(resideInAPackage("javax.sql..")))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void nothingBelowSeesTheRoot() {
        noClasses()
                .that(areInEngine("below the root", name -> !name.isEmpty()))
                .should()
                .dependOnClassesThat(areInEngine("the root", String::isEmpty))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    private static ArchRule rowOf(String name) {
        Set<String> packages = PackageTable.ENGINE.get(name);
        Set<String> libraries = PackageTable.LIBRARIES.getOrDefault(name, Set.of());
        DescribedPredicate<JavaClass> allowed = describe(
                "are in the JDK, in itself, in " + new TreeSet<>(packages) + " or in " + new TreeSet<>(libraries),
                type -> isAllowed(type.getBaseComponentType(), name, packages, libraries));
        return classes()
                .that(areInEngine(name, name::equals))
                .should()
                .onlyDependOnClassesThat(allowed)
                .allowEmptyShould(true);
    }

    private static boolean isAllowed(JavaClass type, String self, Set<String> packages, Set<String> libraries) {
        if (type.isPrimitive()) {
            return true;
        }
        if (isInEngine(type)) {
            String name = engineChild(type);
            return name.equals(self) || packages.contains(name);
        }
        return Stream.concat(EVERYWHERE.stream(), libraries.stream()).anyMatch(type.getName()::startsWith);
    }

    private static boolean startsThread(CodeUnitCallTarget target) {
        String owner = target.getOwner().getName();
        String method = target.getName();
        return switch (owner) {
            case "java.lang.Thread" ->
                Set.of("<init>", "start", "startVirtualThread", "ofPlatform", "ofVirtual")
                        .contains(method);
            case "java.util.concurrent.CompletableFuture" -> method.endsWith("Async");
            default ->
                method.equals("parallelStream") || (method.equals("parallel") && owner.startsWith("java.util.stream"));
        };
    }

    private static boolean readsClock(CodeUnitCallTarget target) {
        String owner = target.getOwner().getName();
        String method = target.getName();
        return CLOCK_CALLS.contains(owner + "." + method)
                || (owner.startsWith("java.time.") && method.equals("now"))
                || (owner.equals(Clock.class.getName()) && method.startsWith("system"))
                || (owner.equals("java.util.Date")
                        && method.equals("<init>")
                        && target.getRawParameterTypes().isEmpty());
    }

    private static DescribedPredicate<com.tngtech.archunit.core.domain.JavaCall<?>> calls(
            String what, java.util.function.Predicate<CodeUnitCallTarget> matches) {
        return describe(what, call -> matches.test(call.getTarget()));
    }

    private static DescribedPredicate<JavaClass> named(String what, Set<String> names) {
        return describe(what, type -> names.contains(type.getBaseComponentType().getName()));
    }

    private static DescribedPredicate<JavaClass> areInEngine(
            String what, java.util.function.Predicate<String> matches) {
        return describe("are in the engine: " + what, type -> isInEngine(type) && matches.test(engineChild(type)));
    }

    private static boolean isInEngine(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(ROOT) || name.startsWith(ROOT + ".");
    }

    /** The first package name below the root, or nothing for the root itself. */
    private static String engineChild(JavaClass type) {
        String name = type.getPackageName();
        if (name.equals(ROOT)) {
            return "";
        }
        String rest = name.substring(ROOT.length() + 1);
        int dot = rest.indexOf('.');
        return dot < 0 ? rest : rest.substring(0, dot);
    }

    private static int level(String name, Map<String, Integer> levels) {
        Integer known = levels.get(name);
        if (known != null) {
            assertThat(known).as("cycle in the table through " + name).isNotNegative();
            return known;
        }
        levels.put(name, -1);
        int level = 0;
        for (String imported : PackageTable.ENGINE.get(name)) {
            level = Math.max(level, level(imported, levels) + 1);
        }
        levels.put(name, level);
        return level;
    }

    private static Path projectRoot() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve(".mvn"))) {
            directory = directory.getParent();
        }
        return directory;
    }
}
