package io.zeptodb.engine.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.zeptodb.engine.Engine;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.PreparedQuery;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.api.StatementKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every record of every spec file is a test, named file:line. Each file runs in each {@link Mode}, in a database of its own, and must
 * give the same answers. {@code -Dspec=file} or {@code -Dspec=file:line} runs that alone (with the records before it that it needs);
 * {@code -Dspec.fill=true} writes the answers that come into the files instead of comparing them.
 */
class SpecTest {
    static final Path FOLDER = Path.of("src/test/resources/spec");

    /** State of the storage and number of threads that a file runs with. */
    enum Mode {
        HOT("1"),
        SEALED("2"),
        HALF_SEALED("2");

        final String threads;

        Mode(String threads) {
            this.threads = threads;
        }

        boolean sealsAfter(int statement) {
            return this == SEALED || (this == HALF_SEALED && statement % 2 == 0);
        }
    }

    @TestFactory
    Stream<DynamicNode> specFiles() {
        String selected = System.getProperty("spec", "");
        boolean fill = Boolean.getBoolean("spec.fill");
        List<SpecFile> files = SpecFile.below(FOLDER);
        assertTrue(!files.isEmpty(), "no spec files below " + FOLDER.toAbsolutePath());
        Stream<Mode> modes = fill ? Stream.of(Mode.HOT) : Stream.of(Mode.values());
        return modes.flatMap(mode -> files.stream()
                .filter(file -> selected.isEmpty()
                        || selected.startsWith(file.path())
                        || file.path().startsWith(selected))
                .map(file -> container(file, mode, selected, fill)));
    }

    private static DynamicNode container(SpecFile file, Mode mode, String selected, boolean fill) {
        Run run = new Run(file, mode, fill);
        Stream<DynamicNode> records = file.records().stream().map(record -> {
            boolean shown = selected.isEmpty() || !selected.contains(".test:") || selected.equals(record.name());
            return DynamicTest.dynamicTest(record.name() + (shown ? "" : " (needed)"), () -> run.record(record, shown));
        });
        DynamicNode last = DynamicTest.dynamicTest(file.path() + " leaves no byte", run::close);
        return DynamicContainer.dynamicContainer(
                file.path() + " [" + mode + "]", Stream.concat(records, Stream.of(last)));
    }

    /** One file in one mode; opened by its first record. */
    private static final class Run {
        private final SpecFile file;
        private final Mode mode;
        private final boolean fill;
        private final Map<Integer, List<String>> answers = new java.util.TreeMap<>(Collections.reverseOrder());
        private Database database;
        private Session session;
        private int statements;

        Run(SpecFile file, Mode mode, boolean fill) {
            this.file = file;
            this.mode = mode;
            this.fill = fill;
        }

        void record(SpecRecord record, boolean check) {
            if (database == null) {
                database = Engine.open(Map.of("threads", mode.threads));
                session = database.openSession();
            }
            switch (record.kind()) {
                case OK -> ok(record);
                case ERROR -> error(record);
                case QUERY -> query(record, check);
            }
        }

        private void ok(SpecRecord record) {
            try (PreparedQuery query = session.prepare(record.sql())) {
                if (query.kind() == StatementKind.QUERY) {
                    SpecAnswer.rows(session, record.sql());
                } else {
                    query.update(List.of(), io.zeptodb.engine.api.ExecutionOptions.DEFAULT);
                }
            }
            if (mode.sealsAfter(++statements)) {
                database.checkpoint();
            }
        }

        private void error(SpecRecord record) {
            EngineException thrown;
            try {
                ok(record);
                thrown = null;
            } catch (EngineException e) {
                thrown = e;
            }
            if (thrown == null) {
                fail(record.name() + ": expected an error, but it ran: " + record.sql());
                return;
            }
            if (!record.sqlState().isEmpty()) {
                assertEquals(record.sqlState(), thrown.sqlState(), record.name() + ": " + thrown.getMessage());
            }
            String message = thrown.getMessage();
            for (String part : record.expected()) {
                assertTrue(
                        message.contains(part),
                        () -> record.name() + ": expected '" + part + "' in the message: " + message);
            }
        }

        private void query(SpecRecord record, boolean check) {
            List<String> rows = new ArrayList<>(SpecAnswer.rows(session, record.sql()));
            List<String> expected = new ArrayList<>(record.expected());
            if (record.sort() == SpecRecord.Sort.ROWSORT) {
                Collections.sort(rows);
                Collections.sort(expected);
            }
            if (fill) {
                answers.put(record.line(), rows);
                return;
            }
            if (check) {
                assertEquals(String.join("\n", expected), String.join("\n", rows), record.name() + ": " + record.sql());
                SpecAnswer.checkTypes(session, record);
            }
        }

        void close() {
            if (database != null) {
                session.close();
                database.close();
                assertEquals(0, database.statistics().allocatedBytes(), "bytes left by " + file.path());
            }
            if (fill) {
                SpecFill.write(FOLDER.resolve(file.path()), file, answers, Map.of());
            }
        }
    }
}
