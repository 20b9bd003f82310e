package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.engine.api.PreparedQuery;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.api.StatementKind;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Whatever the text, an engine with tables of all types answers or refuses with an error of its own: no other exception, none that says of itself that it is a
 * defect, nothing that runs on past its time-out, no memory that is not given back. {@code -Dfuzz.statements=N -Dfuzz.seed=N} run more and others.
 */
class StatementFuzzTest {
    private static final int STATEMENTS = Integer.getInteger("fuzz.statements", 500);
    private static final long SEED = Long.getLong("fuzz.seed", 20261122L);
    private static final int STATEMENTS_OF_ONE_DATABASE = 250;
    private static final int MOST_SHOWN = 60;
    private static final long MOST_NANOS = 8_000_000_000L;
    /** Of time in which a statement may as well have waited for a busy machine. */
    private static final long MOST_WAIT_NANOS = 120_000_000_000L;

    private static final Map<String, String> OPTIONS = Map.of(
            "threads", "2",
            "memory_limit", "512MB",
            "query_memory_limit", "64MB",
            "max_result_rows", "100000",
            "allowed_paths", "");

    private final Map<String, String> defects = new LinkedHashMap<>();
    private @Nullable Database database;
    private int run;
    private int answered;

    @Test
    void generatedStatements() throws IOException {
        fuzz(new GeneratedStatements(SEED)::next);
    }

    @Test
    void generatedStatementsWhoseTypesFit() throws IOException {
        fuzz(new TypedStatements(SEED)::next);
    }

    @Test
    void mutatedStatements() throws IOException {
        fuzz(new MutatedStatements(SEED)::next);
    }

    private void fuzz(Supplier<String> statements) throws IOException {
        String setup = Files.readString(Path.of("src/test/resources/errors/setup.sql"));
        for (int i = 0; i < STATEMENTS && defects.size() < MOST_SHOWN; i++) {
            if (database == null) {
                database = open(setup);
            }
            one(statements.get());
        }
        close("the last database");
        System.out.println(run + " statements, " + answered + " answered");
        assertThat(defects.entrySet().stream()
                        .map(each -> "\n" + each.getKey() + "\n    " + each.getValue())
                        .toList())
                .as("seed %s, %s statements, defects", SEED, run)
                .isEmpty();
        assertThat(answered).isGreaterThan(STATEMENTS / 50);
    }

    private static Database open(String setup) {
        Database opened = Engine.open(OPTIONS);
        try (Session session = opened.openSession()) {
            session.update("CREATE TABLE empty_one (id INTEGER, symbol SYMBOL, ts TIMESTAMP)");
            for (String statement : setup.split(";\n")) {
                session.update(statement);
            }
        }
        return opened;
    }

    private void one(String sql) {
        boolean changed = true;
        long start = System.nanoTime();
        long cpuStart = cpuNanos();
        try (Session session = database.openSession()) {
            session.update("SET statement_timeout = '1s'");
            changed = execute(session, sql);
            answered++;
        } catch (EngineException e) {
            if (e.code() == ErrorCode.INTERNAL_ERROR || e.code() == ErrorCode.CORRUPTION || e.getMessage() == null) {
                defect(e, sql);
            }
        } catch (Throwable e) {
            defect(e, sql);
        }
        run++;
        long nanos = System.nanoTime() - start;
        if ((nanos > MOST_NANOS && cpuNanos() - cpuStart > MOST_NANOS) || nanos > MOST_WAIT_NANOS) {
            defects.put("runs on: " + nanos / 1_000_000 + " ms", sql);
        }
        if (changed || run % STATEMENTS_OF_ONE_DATABASE == 0) {
            close(sql);
        }
    }

    /** What this process has had of all processors. */
    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /** Whether the database may be another one now. */
    private static boolean execute(Session session, String sql) {
        try (PreparedQuery query = session.prepare(sql)) {
            List<Object> parameters =
                    new ArrayList<>(Collections.nCopies(query.parameters().size(), null));
            boolean rollsBack =
                    query.writes() && !sql.toUpperCase(java.util.Locale.ROOT).contains("ALTER");
            if (rollsBack) {
                session.begin();
            }
            if (query.kind() == StatementKind.QUERY) {
                try (BatchCursor cursor = query.query(parameters, ExecutionOptions.DEFAULT)) {
                    while (cursor.next()) {
                        assertThat(cursor.batch().getRowCount()).isNotNegative();
                    }
                }
            } else {
                query.update(parameters, ExecutionOptions.DEFAULT);
            }
            if (rollsBack && session.inTransaction()) {
                session.rollback();
            }
            return query.writes() && !rollsBack;
        }
    }

    private void close(String after) {
        Database closing = database;
        database = null;
        if (closing == null) {
            return;
        }
        try {
            closing.close();
        } catch (RuntimeException | Error e) {
            defect(e, "closing after: " + after);
        }
    }

    private void defect(Throwable thrown, String sql) {
        Throwable root = thrown;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        StringBuilder where =
                new StringBuilder(root.getClass().getName() + ": " + firstLine(String.valueOf(root.getMessage())));
        StackTraceElement[] frames = root.getStackTrace();
        StringBuilder key = new StringBuilder(root.getClass().getName());
        for (int i = 0; i < Math.min(7, frames.length); i++) {
            key.append("\n      ").append(frames[i]);
        }
        defects.putIfAbsent(
                key.toString(),
                where + "\n    " + thrown.getClass().getSimpleName() + ": "
                        + firstLine(String.valueOf(thrown.getMessage())) + "\n    " + sql);
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return text.substring(0, Math.min(300, end < 0 ? text.length() : end));
    }
}
