package io.zeptodb.duckdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.zeptodb.engine.spec.SpecFile;
import io.zeptodb.engine.spec.SpecFill;
import io.zeptodb.engine.spec.SpecRecord;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * DuckDB as the judge of the portable spec files: the answers that our files expect are DuckDB's. {@code -Dspec.fill=true} writes DuckDB's
 * answers, and the types of the columns, into the portable files instead.
 */
class SpecOracleTest {
    private static final Path SPECS = Path.of("../engine/src/test/resources/spec");

    @TestFactory
    Stream<DynamicTest> portableSpecFilesAreRightInDuckDb() {
        List<SpecFile> portable =
                SpecFile.below(SPECS).stream().filter(SpecFile::portable).toList();
        assertFalse(portable.isEmpty(), "no portable spec files");
        boolean fill = Boolean.getBoolean("spec.fill");
        return portable.stream()
                .map(file -> DynamicTest.dynamicTest(file.path(), () -> {
                    if (fill) {
                        fill(file);
                    } else {
                        run(file);
                    }
                }));
    }

    private static void fill(SpecFile file) throws SQLException {
        Map<Integer, List<String>> answers = new TreeMap<>(Comparator.reverseOrder());
        Map<Integer, String> types = new TreeMap<>();
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            for (SpecRecord record : file.records()) {
                String sql = record.sql().replace(" SYMBOL", " VARCHAR");
                if (record.kind() == SpecRecord.Kind.OK) {
                    statement.execute(sql);
                } else if (record.kind() == SpecRecord.Kind.QUERY
                        && !file.notPortable().contains(record)) {
                    answers.put(record.line(), DuckDbAnswer.rows(duck, sql));
                    types.put(record.line(), DuckDbAnswer.types(duck, sql));
                }
            }
        }
        SpecFill.write(SPECS.resolve(file.path()), file, answers, types);
    }

    private static void run(SpecFile file) throws SQLException {
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            for (SpecRecord record : file.records()) {
                if (file.notPortable().contains(record)) {
                    continue;
                }
                String sql = record.sql().replace(" SYMBOL", " VARCHAR");
                switch (record.kind()) {
                    case OK -> statement.execute(sql);
                    case ERROR -> refused(duck, record, sql);
                    case QUERY -> query(duck, record, sql);
                    case RESTART, SEAL, CHECKPOINT -> {
                        // changes no answer
                    }
                }
            }
        }
    }

    /** With a statement of its own: an error closes it. */
    private static void refused(Connection duck, SpecRecord record, String sql) throws SQLException {
        try (Statement statement = duck.createStatement()) {
            assertThrows(SQLException.class, () -> statement.execute(sql), record.name());
        }
    }

    private static void query(Connection duck, SpecRecord record, String sql) throws SQLException {
        List<String> rows = new ArrayList<>(DuckDbAnswer.rows(duck, sql));
        List<String> expected = new ArrayList<>(record.expected());
        if (record.sort() == SpecRecord.Sort.ROWSORT) {
            Collections.sort(rows);
            Collections.sort(expected);
        }
        assertEquals(String.join("\n", expected), String.join("\n", rows), record.name() + ": " + sql);
    }
}
