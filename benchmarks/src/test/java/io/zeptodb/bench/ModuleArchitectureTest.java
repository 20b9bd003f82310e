package io.zeptodb.bench;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What modules may see of each other. What the engine's packages may see of each other is the engine's own test. */
class ModuleArchitectureTest {
    private static final String ENGINE_INSIDE = "io.zeptodb.engine.(*)..";
    private static final Set<String> NAMES_THAT_SAY_NOTHING =
            Set.of("common", "util", "utils", "helper", "helpers", "impl");

    /** Each module's package, and the packages of other modules that it may not see. */
    private static final Map<String, List<String>> NOT_FOR = Map.of(
            "io.zeptodb.engine..",
            List.of(
                    "io.zeptodb.arrow..",
                    "io.zeptodb.jdbc..",
                    "io.zeptodb.server..",
                    "io.zeptodb.duckdb..",
                    "io.zeptodb.bench.."),
            "io.zeptodb.arrow..",
            List.of("io.zeptodb.jdbc..", "io.zeptodb.server..", "io.zeptodb.duckdb..", "io.zeptodb.bench.."),
            "io.zeptodb.jdbc..",
            List.of("io.zeptodb.server..", "io.zeptodb.duckdb..", "io.zeptodb.bench.."),
            "io.zeptodb.server..",
            List.of("io.zeptodb.duckdb..", "io.zeptodb.bench.."),
            "io.zeptodb.duckdb..",
            List.of("io.zeptodb.server..", "io.zeptodb.bench.."));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.zeptodb");

    @TestFactory
    Stream<DynamicTest> aModuleSeesOnlyTheModulesBelowIt() {
        return NOT_FOR.entrySet().stream()
                .map(rule -> DynamicTest.dynamicTest(
                        rule.getKey(),
                        () -> noClasses()
                                .that()
                                .resideInAPackage(rule.getKey())
                                .should()
                                .dependOnClassesThat(
                                        resideInAnyPackage(rule.getValue().toArray(String[]::new)))
                                .check(CLASSES)));
    }

    @Test
    void theTestSeesEveryModule() {
        for (String name : List.of("engine", "arrow", "jdbc", "server", "duckdb", "bench")) {
            assertThat(CLASSES.stream().anyMatch(type -> type.getPackageName().startsWith("io.zeptodb." + name)))
                    .as("classes of io.zeptodb." + name)
                    .isTrue();
        }
    }

    @Test
    void otherModulesSeeOnlyTheEnginesRootAndApi() {
        noClasses()
                .that()
                .resideInAPackage("io.zeptodb..")
                .and()
                .resideOutsideOfPackages("io.zeptodb.engine..", "io.zeptodb.bench..")
                .should()
                .dependOnClassesThat(resideInAPackage(ENGINE_INSIDE)
                        .and(resideInAPackage("io.zeptodb.engine.api..").negate()))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void avaticaIsOnlyInTheDriverAndTheServer() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.zeptodb.jdbc..",
                        "io.zeptodb.server..",
                        "io.zeptodb.engine.sql..",
                        "io.zeptodb.engine.optimizer..")
                .should()
                .dependOnClassesThat(resideInAPackage("org.apache.calcite.avatica.."))
                .check(CLASSES);
    }

    @Test
    void calciteItselfIsOnlyInTheEngine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.zeptodb.engine..")
                .should()
                .dependOnClassesThat(resideInAPackage("org.apache.calcite..")
                        .and(resideInAPackage("org.apache.calcite.avatica..").negate()))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void duckDbIsOnlyInItsModuleAndTheBenchmarks() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.zeptodb.duckdb..", "io.zeptodb.bench..")
                .should()
                .dependOnClassesThat(resideInAPackage("org.duckdb.."))
                .check(CLASSES);
    }

    @Test
    void noPackageHasANameThatSaysNothing() {
        Set<String> found = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            for (String part : type.getPackageName().split("\\.")) {
                if (NAMES_THAT_SAY_NOTHING.contains(part)) {
                    found.add(type.getPackageName());
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void modulesHaveNoCycles() {
        slices().matching("io.zeptodb.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
