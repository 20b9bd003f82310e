package io.zeptodb.engine.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.zeptodb.engine.Engine;
import io.zeptodb.engine.SpecDisk;
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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One file in one mode; opened by its first record.
 *
 * <p>On disk the database is closed and opened again before the first query, and before those that follow when twice as many statements have run since:
 * some times in each file, and not inside a transaction.
 */
final class SpecRun {
    /** Stands for a folder of this run's own, which is empty in the beginning, as in DuckDB's tests. */
    private static final String FILES = "__TEST_DIR__";

    private final SpecFile file;
    private final SpecTest.Mode mode;
    private final boolean fill;
    private final Map<Integer, List<String>> answers = new TreeMap<>(Collections.reverseOrder());
    private @Nullable Path files;
    private @Nullable SpecDisk disk;
    private @Nullable Database database;
    private @Nullable Session session;
    private int statements;
    private int nextRestart = 1;

    SpecRun(SpecFile file, SpecTest.Mode mode, boolean fill) {
        this.file = file;
        this.mode = mode;
        this.fill = fill;
    }

    void record(SpecRecord written, boolean check) {
        SpecRecord record = placed(written);
        if (disk == null && mode.onDisk) {
            boolean inFolder = file.path().startsWith("durable/") || Boolean.getBoolean("spec.folders");
            disk = inFolder ? SpecDisk.inTemporaryFolder() : SpecDisk.inMemory();
        }
        Session open = session();
        switch (record.kind()) {
            case OK, CHECKPOINT -> ok(open, record);
            case ERROR -> error(open, record);
            case QUERY -> {
                if (disk != null && statements >= nextRestart && !open.inTransaction()) {
                    restart();
                    nextRestart = 2 * statements;
                }
                query(session(), record, check);
            }
            case RESTART -> restart();
            case SEAL -> database().checkpoint();
        }
    }

    /** The record with the folder that its files go to. */
    private SpecRecord placed(SpecRecord record) {
        if (!record.sql().contains(FILES)) {
            return record;
        }
        Path folder = files;
        if (folder == null) {
            try {
                folder = Files.createTempDirectory("zepto-spec-files");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            files = folder;
        }
        return record.withSql(record.sql().replace(FILES, folder.toString()));
    }

    private Database database() {
        Database known = database;
        if (known == null) {
            known = disk == null ? Engine.open(mode.options) : disk.open(mode.options);
            database = known;
        }
        return known;
    }

    private Session session() {
        Session known = session;
        if (known == null) {
            known = database().openSession();
            session = known;
        }
        return known;
    }

    private void restart() {
        closeSession();
        if (disk != null) {
            closeDatabase();
        }
    }

    private void ok(Session open, SpecRecord record) {
        try (PreparedQuery query = open.prepare(record.sql())) {
            if (query.kind() == StatementKind.QUERY) {
                SpecAnswer.rows(open, record.sql());
            } else {
                query.update(List.of(), ExecutionOptions.DEFAULT);
            }
        }
        if (mode.sealsAfter(++statements)) {
            database().checkpoint();
        }
    }

    private void error(Session open, SpecRecord record) {
        EngineException thrown;
        try {
            ok(open, record);
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

    private void query(Session open, SpecRecord record, boolean check) {
        List<String> rows = new ArrayList<>(SpecAnswer.rows(open, record.sql()));
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
            SpecAnswer.checkTypes(open, record);
        }
    }

    void close() {
        closeSession();
        closeDatabase();
        if (disk != null) {
            disk.close();
        }
        if (files != null) {
            SpecDisk.delete(files);
        }
        if (fill) {
            SpecFill.write(SpecTest.FOLDER.resolve(file.path()), file, answers, Map.of());
        }
    }

    private void closeSession() {
        if (session != null) {
            session.close();
            session = null;
        }
    }

    private void closeDatabase() {
        Database open = database;
        if (open != null) {
            database = null;
            open.close();
            assertEquals(0, open.statistics().allocatedBytes(), "bytes left by " + file.path());
        }
    }
}
