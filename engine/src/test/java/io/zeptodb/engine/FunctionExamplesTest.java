package io.zeptodb.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.function.FunctionDefinition;
import io.zeptodb.engine.function.FunctionRegistry;
import io.zeptodb.engine.spec.SpecAnswer;
import io.zeptodb.engine.spec.SpecValues;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every function's example runs and gives what its documentation says. */
class FunctionExamplesTest {
    private static Database database;
    private static Session session;

    @BeforeAll
    static void open() {
        database = Engine.open(Map.of());
        session = database.openSession();
    }

    @AfterAll
    static void close() {
        session.close();
        database.close();
    }

    @TestFactory
    Stream<DynamicTest> examples() {
        return FunctionRegistry.standard().all().stream()
                .map(function -> DynamicTest.dynamicTest(function.name(), () -> run(function)));
    }

    private static void run(FunctionDefinition function) {
        List<String> rows = SpecAnswer.rows(session, function.example());
        String answer = String.join("; ", rows).replace('\t', ' ').replace("(empty)", "");
        assertEquals(numbersRounded(function.exampleResult()), answer, function.example());
    }

    /** Answers are compared to the digits that count: the documentation shows all that a DOUBLE has. */
    private static String numbersRounded(String text) {
        return Pattern.compile("-?\\d+\\.\\d+(E-?\\d+)?(?![:\\d.-])")
                .matcher(text)
                .replaceAll(number -> isInsideTime(text, number.start())
                        ? number.group()
                        : SpecValues.text(Double.parseDouble(number.group())));
    }

    private static boolean isInsideTime(String text, int start) {
        return start > 0 && ":-".indexOf(text.charAt(start - 1)) >= 0 && Character.isDigit(text.charAt(start));
    }
}
