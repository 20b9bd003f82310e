package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.engine.api.PreparedQuery;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.api.StatementKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Wrong statements, each with all that its error says: SQLSTATE, line, column and message. A record of a file is the statement, four dashes and the
 * error; {@code -Derrors.fill=true} writes the errors. Statements see the tables of {@code setup.sql}, and none of them changes anything.
 */
class ErrorCorpusTest {
    private static final Path FOLDER = Path.of("src/test/resources/errors");
    private static final String DASHES = "----\n";
    private static final int LEAST_STATEMENTS = 200;

    static Stream<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".txt")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyErrorSaysWhatAndWhere(Path file) throws IOException {
        String expected = Files.readString(file);
        StringBuilder actual = new StringBuilder();
        try (Database database = Engine.open(Map.of("threads", "1"));
                Session session = database.openSession()) {
            for (String statement :
                    Files.readString(FOLDER.resolve("setup.sql")).split(";\n")) {
                session.update(statement);
            }
            for (String record : expected.split("\n\n")) {
                if (record.startsWith("#")) {
                    actual.append(record.strip()).append("\n\n");
                    continue;
                }
                String sql = record.split("\n" + DASHES, 2)[0].strip();
                actual.append(sql).append('\n').append(DASHES);
                actual.append(error(session, sql)).append("\n\n");
            }
        }
        String text = actual.toString().stripTrailing() + "\n";
        if (Boolean.getBoolean("errors.fill")) {
            Files.writeString(file, text);
        } else {
            assertThat(text).isEqualTo(expected);
        }
    }

    private static String error(Session session, String sql) {
        try (PreparedQuery query = session.prepare(sql)) {
            if (query.kind() != StatementKind.QUERY) {
                query.update(List.of(), ExecutionOptions.DEFAULT);
                return "no error";
            }
            try (BatchCursor cursor = query.query(List.of(), ExecutionOptions.DEFAULT)) {
                while (cursor.next()) {
                    assertThat(cursor.batch().getRowCount()).isNotNegative();
                }
            }
            return "no error";
        } catch (EngineException e) {
            return e.sqlState() + " at " + e.line() + ":" + e.column() + ": " + e.getMessage();
        }
    }

    @Test
    void everyStatementIsWrongAndHasAPlace() throws IOException {
        List<String> silent = new ArrayList<>();
        int statements = 0;
        for (Path file : files().toList()) {
            for (String record : read(file).split("\n\n")) {
                if (!record.startsWith("#")) {
                    statements++;
                    String error = record.substring(record.indexOf(DASHES) + DASHES.length());
                    if (error.startsWith("XX") || !error.matches("(?s)[0-9A-Z]{5} at [1-9]\\d*:[1-9]\\d*: .*")) {
                        silent.add(record);
                    }
                }
            }
        }
        assertThat(silent).isEmpty();
        assertThat(statements).isGreaterThanOrEqualTo(LEAST_STATEMENTS);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
