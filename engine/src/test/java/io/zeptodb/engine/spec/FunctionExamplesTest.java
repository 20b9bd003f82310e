package io.zeptodb.engine.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.Engine;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.function.FunctionDefinition;
import io.zeptodb.engine.function.FunctionRegistry;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** Every example that the documentation of functions shows runs on an empty database and gives the answer shown. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FunctionExamplesTest {
    private static final double TOLERANCE = 1e-11;

    private Database database;
    private Session session;

    @BeforeAll
    void open() {
        database = Engine.open(Map.of());
        session = database.openSession();
    }

    @AfterAll
    void close() {
        session.close();
        database.close();
    }

    @TestFactory
    Stream<DynamicTest> everyExampleGivesItsAnswer() {
        return FunctionRegistry.standard().all().stream()
                .map(function -> DynamicTest.dynamicTest(function.name(), () -> check(function)));
    }

    private void check(FunctionDefinition function) {
        List<String> rows = SpecAnswer.rows(session, function.example());
        String answer = rows.stream().map(row -> row.replace('\t', ' ')).collect(Collectors.joining("; "));
        String expected = function.exampleResult();
        if (isNumber(expected) && isNumber(answer)) {
            double wanted = Double.parseDouble(expected);
            assertThat(Double.parseDouble(answer))
                    .as(function.example())
                    .isBetween(wanted - Math.abs(wanted) * TOLERANCE, wanted + Math.abs(wanted) * TOLERANCE);
        } else {
            assertThat(answer).as(function.example()).isEqualTo(expected);
        }
    }

    private static boolean isNumber(String text) {
        return text.matches("-?[0-9]+(\\.[0-9]+)?(e[+-]?[0-9]+)?");
    }
}
