package io.zeptodb.engine.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.plan.PlanText;
import io.zeptodb.engine.plan.Statement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Queries and the plans they become, in src/test/resources/plans: a query up to a line of dashes, its plan or its error up to a blank line. With
 * {@code -Dplans.fill=true} the plans are written to the files instead of compared; read the difference before you commit it.
 */
class PlanCorpusTest {
    private static final Path FILES = Path.of("src/test/resources/plans");
    private static final String SEPARATOR = "----";
    private static final PlannerFixture PLANNER = new PlannerFixture();

    @AfterAll
    static void close() {
        PLANNER.close();
    }

    @TestFactory
    Stream<DynamicTest> everyQueryHasThePlanWrittenBelowIt() throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.list(FILES)) {
            files = found.sorted().toList();
        }
        List<DynamicTest> tests = new ArrayList<>();
        for (Path file : files) {
            List<Entry> entries = read(file);
            if (Boolean.getBoolean("plans.fill")) {
                fill(file, entries);
                entries = read(file);
            }
            for (Entry entry : entries) {
                tests.add(DynamicTest.dynamicTest(
                        file.getFileName() + ":" + entry.line,
                        () -> assertThat(answer(entry.query)).as(entry.query).isEqualTo(entry.plan)));
            }
        }
        return tests.stream();
    }

    private record Entry(int line, List<String> comments, String query, String plan) {}

    private static List<Entry> read(Path file) throws IOException {
        List<Entry> entries = new ArrayList<>();
        List<String> comments = new ArrayList<>();
        StringBuilder query = new StringBuilder();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith("#") || (line.isBlank() && query.isEmpty())) {
                comments.add(line);
            } else if (!line.equals(SEPARATOR)) {
                query.append(query.isEmpty() ? "" : "\n").append(line);
            } else {
                StringBuilder plan = new StringBuilder();
                int start = i;
                while (i + 1 < lines.size() && !lines.get(i + 1).isBlank()) {
                    plan.append(lines.get(++i)).append("\n");
                }
                entries.add(new Entry(start, comments, query.toString(), plan.toString()));
                comments = new ArrayList<>();
                query = new StringBuilder();
            }
        }
        return entries;
    }

    private static void fill(Path file, List<Entry> entries) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Entry entry : entries) {
            entry.comments.forEach(line -> text.append(line).append("\n"));
            text.append(entry.query).append("\n").append(SEPARATOR).append("\n");
            text.append(answer(entry.query)).append("\n");
        }
        // a blank line between entries is a comment of the next one
        Files.writeString(file, text.toString().replaceAll("\n\n\n+", "\n\n").stripTrailing() + "\n");
    }

    private static String answer(String sql) {
        try {
            Statement statement = PLANNER.prepare(sql);
            if (statement instanceof Statement.Query query) {
                PlanCheck.check(query);
                return PlanText.of(query.plan());
            }
            return String.join("\n", StatementText.lines(statement)) + "\n";
        } catch (EngineException e) {
            String place = e.line() > 0 ? " at " + e.line() + ":" + e.column() : "";
            return "error " + e.code() + place + ": " + e.getMessage() + "\n";
        }
    }
}
