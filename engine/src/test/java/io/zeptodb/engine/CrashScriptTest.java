package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.Pipeline;
import io.zeptodb.engine.api.PipelineOptions;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.store.CrashDirectory;
import io.zeptodb.engine.store.SimulatedCrash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power goes at every operation on the disk of a script that inserts, updates, deletes, seals, alters and drops: what was acknowledged is there
 * once, what was under way is there as a whole or not at all, and the database goes on from there. {@code -Dcrash.points=10000 -Dcrash.seed=1} runs more
 * of them; the gate runs some hundred.
 */
@ExtendWith(LogOfFailedTests.class)
class CrashScriptTest {
    private static final int POINTS = Integer.getInteger("crash.points", 250);
    /** Some hundred points, which are to see all of a script. */
    private static final boolean IN_GATE = POINTS < 1000;

    private static final long SEED = Long.getLong("crash.seed", 1);
    private static final long MOST_NANOS = 120_000_000_000L;
    /** What a step does that is no SQL statement. */
    static final String TRANSACTION = "TRANSACTION ";

    /** What a step fails with when it has written some of its rows. */
    private static final String GIVEN_UP = "GIVEN UP ";

    static final List<String> SCRIPT = List.of(
            "CREATE TABLE t (k SYMBOL, v BIGINT, x DOUBLE, s VARCHAR, ts TIMESTAMP_NS)",
            "INSERT INTO t VALUES ('a', 1, 1.5, 'one', TIMESTAMP '2024-01-01 00:00:00'),"
                    + " ('b', 2, NULL, 'a text that is longer than a view', TIMESTAMP '2024-01-01 00:10:00')",
            "INSERT INTO t VALUES ('c', 3, 3.5, NULL, TIMESTAMP '2024-01-01 01:00:00')",
            "UPDATE t SET v = 20, s = 'changed to something that is long' WHERE v = 2",
            "CHECKPOINT",
            "INSERT INTO t VALUES ('a', 4, 4.5, 'late', TIMESTAMP '2024-01-01 00:05:00'), (NULL, 5, 5.5, 'x', NULL)",
            "DELETE FROM t WHERE v = 1",
            "CHECKPOINT",
            "INSERT INTO t (k, v, ts) VALUES ('g', 10, TIMESTAMP '2024-01-01 00:20:00')",
            "CHECKPOINT",
            "INSERT INTO t (k, v, ts) VALUES ('g', 11, TIMESTAMP '2024-01-01 00:19:00')",
            "CHECKPOINT",
            "ALTER TABLE t ADD COLUMN venue SYMBOL",
            "DELETE FROM t WHERE v = 11",
            "INSERT INTO t (k, v, ts) VALUES ('g', 12, TIMESTAMP '2024-01-01 00:21:00')",
            "CHECKPOINT",
            "INSERT INTO t VALUES ('d', 6, 6.5, 'y', TIMESTAMP '2024-01-01 02:00:00', 'XNAS')",
            TRANSACTION + "INSERT INTO t (k, v, ts) VALUES ('e', 7, TIMESTAMP '2024-01-01 02:00:01');"
                    + "UPDATE t SET v = 70 WHERE v = 7;DELETE FROM t WHERE v = 3;"
                    + "CREATE TABLE u (n BIGINT, name SYMBOL);INSERT INTO u VALUES (1, 'p'), (2, 'q')",
            "CHECKPOINT",
            GIVEN_UP + "INSERT INTO t (k, v, s) SELECT k, v, '" + "long".repeat(200)
                    + "' FROM t WHERE v < 12 UNION ALL SELECT k, v / (v - v), s FROM t",
            "INSERT INTO u VALUES (3, 'p')",
            TRANSACTION + "CREATE TABLE gone (s VARCHAR);INSERT INTO gone VALUES ('" + "large".repeat(200) + "'), ('"
                    + "large".repeat(100)
                    + "');INSERT INTO t (k, v, ts) VALUES ('h', 13, TIMESTAMP '2024-01-01 02:00:01')",
            "DROP TABLE gone",
            "ALTER TABLE t DROP COLUMN x",
            "INSERT INTO u SELECT n + 2, name FROM u",
            "UPDATE t SET venue = 'XLON' WHERE venue IS NULL",
            "TRUNCATE TABLE u",
            "INSERT INTO u VALUES (9, 'r')",
            "CHECKPOINT",
            "DROP TABLE u",
            "INSERT INTO t (k, v, ts) VALUES ('f', 8, TIMESTAMP '2024-01-01 03:00:00')",
            "CHECKPOINT",
            "DELETE FROM t WHERE k = 'b'",
            "CREATE TABLE w (k SYMBOL, n BIGINT) PARTITION BY NONE",
            "INSERT INTO w VALUES ('a', 1), ('a', 2), ('a', 3), ('b', 4), ('b', 5), ('c', 6), (NULL, 7), ('c', 8)",
            "CHECKPOINT",
            "DELETE FROM w WHERE n = 3",
            "CHECKPOINT",
            "DELETE FROM w WHERE n = 7",
            "CHECKPOINT",
            "CHECKPOINT",
            "DELETE FROM w WHERE n = 4");

    /** Appends, as one batch, what a query gives. */
    private static final String APPEND = "APPEND ";
    /** Waits until the rows that a TTL no longer keeps are gone. */
    private static final String EXPIRE = "EXPIRE";

    private static final String BACKUP = "BACKUP";

    private static final String OLD = "ts < TIMESTAMP '2090-01-01 00:00:00'";
    private static final long OLD_ROWS_OF_A_DAY = 2;

    /** With what the other one has not: upserts, files, batches, expiry, new names, a backup, and compaction of what was deleted. */
    static final List<String> SCRIPT_OF_MORE = List.of(
            "CREATE TABLE up (k SYMBOL, v BIGINT, s VARCHAR, ts TIMESTAMP_NS) TIMESTAMP(ts) PARTITION BY k, DAY(ts)"
                    + " DEDUP UPSERT KEYS (k, ts)",
            "INSERT INTO up VALUES ('a', 1, 'one', TIMESTAMP '2024-01-01 00:00:00'), ('a', 2, 'two', TIMESTAMP '2024-01-01 00:01:00'),"
                    + " ('b', 3, 'a text that is longer than a view', TIMESTAMP '2024-01-02 00:00:00'),"
                    + " ('a', 4, 'instead of one', TIMESTAMP '2024-01-01 00:00:00')",
            "CHECKPOINT",
            "INSERT INTO up VALUES ('a', 5, 'instead of a sealed one', TIMESTAMP '2024-01-01 00:01:00'), ('c', 6, NULL, NULL)",
            "COPY up FROM '{csv}' WITH (header = false)",
            "UPDATE up SET ts = TIMESTAMP '2024-01-01 00:00:00', s = 'meets another row' WHERE v = 5",
            "CHECKPOINT",
            "ALTER TABLE up RENAME COLUMN v TO n, RENAME COLUMN n TO v, RENAME COLUMN s TO note",
            "CREATE TABLE bulk (n BIGINT, name SYMBOL)",
            APPEND + "SELECT v AS n, CAST(k AS VARCHAR) AS name FROM up ORDER BY v",
            "CREATE TABLE kept (n BIGINT, ts TIMESTAMP_NS) TIMESTAMP(ts) PARTITION BY DAY(ts)",
            "INSERT INTO kept VALUES (1, TIMESTAMP '2020-01-01 00:00:00'), (2, TIMESTAMP '2020-01-01 10:00:00'),"
                    + " (3, TIMESTAMP '2100-01-01 00:00:00')",
            "CHECKPOINT",
            "INSERT INTO kept VALUES (4, TIMESTAMP '2020-01-02 00:00:00'), (5, TIMESTAMP '2020-01-02 10:00:00'),"
                    + " (6, TIMESTAMP '2100-01-01 00:00:00')",
            "ALTER TABLE kept SET TTL 30 DAYS",
            EXPIRE,
            TRANSACTION
                    + "TRUNCATE TABLE bulk;COPY up (k, v, note, ts) FROM '{csv}' WITH (header = false);INSERT INTO bulk SELECT v, k FROM up",
            BACKUP + " TO '{backup}'",
            "ALTER TABLE up RENAME TO upserted",
            "CREATE TABLE made AS SELECT k, v, ts FROM upserted",
            "INSERT INTO upserted VALUES ('a', 7, 'after the new name', TIMESTAMP '2024-01-01 00:01:00')",
            "CHECKPOINT",
            "DELETE FROM made WHERE v > 1",
            "CHECKPOINT",
            "ALTER TABLE kept SET TTL NONE",
            "TRUNCATE TABLE upserted",
            "DROP TABLE kept",
            "COPY upserted FROM '{csv}' WITH (header = false)",
            "CHECKPOINT");

    /** All tables and all rows but those that may expire, as text; rows in the order of their texts. */
    static String dump(Database database) {
        List<TableSchema> tables = database.tables();
        Set<String> expiring = tables.stream()
                .filter(table -> table.retention().hasTtl())
                .map(TableSchema::name)
                .collect(Collectors.toSet());
        String dump = dump(database, tables, table -> expiring.contains(table) ? table + " WHERE NOT " + OLD : table);
        for (TableSchema table : tables) {
            if (expiring.contains(table.name())) {
                assertThat(counts(
                                database,
                                "SELECT COUNT(*) FROM " + table.name() + " WHERE " + OLD
                                        + " GROUP BY FLOOR(ts TO DAY)"))
                        .as("slices of time go as a whole")
                        .allMatch(count -> count == OLD_ROWS_OF_A_DAY);
            } else {
                assertThat(dump)
                        .contains(table.name() + table.columns() + " " + database.rowCount(table.name()) + "\n");
            }
        }
        return dump + expiring;
    }

    private static List<Long> counts(Database database, String sql) {
        List<Long> counts = new ArrayList<>();
        try (Session session = database.openSession();
                BatchCursor cursor = session.query(sql)) {
            while (cursor.next()) {
                for (int row = 0; row < cursor.batch().getRowCount(); row++) {
                    counts.add((Long) cursor.batch().getVector(0).getObject(row));
                }
            }
        }
        return counts;
    }

    /** These tables and their rows, of which {@code source} may leave some out. */
    static String dump(Database database, List<TableSchema> tables, UnaryOperator<String> source) {
        StringBuilder text = new StringBuilder();
        for (TableSchema table : tables) {
            List<String> rows = new ArrayList<>();
            try (Session session = database.openSession();
                    BatchCursor cursor =
                            session.query("SELECT " + columns(table) + " FROM " + source.apply(table.name()))) {
                while (cursor.next()) {
                    for (int row = 0; row < cursor.batch().getRowCount(); row++) {
                        StringBuilder line = new StringBuilder();
                        for (FieldVector column : cursor.batch().getFieldVectors()) {
                            line.append(column.getObject(row)).append('|');
                        }
                        rows.add(line.toString());
                    }
                }
            }
            Collections.sort(rows);
            text.append(table.name()).append(table.columns()).append(' ');
            text.append(rows.size()).append('\n');
            rows.forEach(row -> text.append("  ").append(row).append('\n'));
        }
        return text.toString();
    }

    /** Symbols as texts: a statement that was lost may have left them behind, so that others have other codes. */
    private static String columns(TableSchema table) {
        return table.columns().stream()
                .map(column -> column.type().kind() == TypeKind.SYMBOL
                        ? "CAST(\"" + column.name() + "\" AS VARCHAR)"
                        : '"' + column.name() + '"')
                .collect(Collectors.joining(", "));
    }

    /** One step of a script. */
    static void run(Database database, String step) {
        run(database, step, () -> false);
    }

    /** @param isGone whether the disk has crashed, which the thread that drops slices may have met alone */
    private static void run(Database database, String step, BooleanSupplier isGone) {
        try (Session session = database.openSession()) {
            if (step.startsWith(TRANSACTION)) {
                session.begin();
                for (String statement : step.substring(TRANSACTION.length()).split(";")) {
                    session.update(statement);
                }
                session.commit();
            } else if (step.startsWith(APPEND)) {
                append(database, session, step.substring(APPEND.length()));
            } else if (step.equals(EXPIRE)) {
                awaitExpiry(database, session, isGone);
            } else if (step.startsWith(GIVEN_UP)) {
                giveUp(session, step.substring(GIVEN_UP.length()));
            } else {
                session.update(step);
            }
        }
    }

    private static void giveUp(Session session, String statement) {
        try {
            session.update(statement);
        } catch (EngineException e) {
            if (e.code() == ErrorCode.DIVISION_BY_ZERO) {
                return;
            }
            throw e; // the disk is gone
        }
        throw new AssertionError("done: " + statement);
    }

    private static void append(Database database, Session session, String query) {
        try (BatchCursor rows = session.query(query);
                Pipeline pipeline = database.openPipeline("bulk", PipelineOptions.SYNCHRONOUS)) {
            assertThat(rows.next()).isTrue();
            pipeline.append(rows.batch());
            assertThat(rows.next())
                    .as("one batch, or half of it could be there")
                    .isFalse();
        }
    }

    private static void awaitExpiry(Database database, Session session, BooleanSupplier isGone) {
        long start = System.nanoTime();
        while (counts(database, "SELECT COUNT(*) FROM kept WHERE " + OLD).get(0) > 0) {
            assertThat(System.nanoTime() - start)
                    .as("a slice of time does not expire")
                    .isLessThan(MOST_NANOS);
            if (isGone.getAsBoolean()) {
                throw new EngineException(ErrorCode.IO_ERROR, "the disk is gone before the slice is");
            }
            session.update("CHECKPOINT");
        }
    }

    /** What the database holds before the first step and after each. */
    static List<String> states(List<String> script) {
        List<String> states = new ArrayList<>();
        try (Database database = Engine.open(Map.of())) {
            states.add(dump(database));
            for (String step : script) {
                if (!step.startsWith(BACKUP)) {
                    run(database, step);
                }
                states.add(dump(database));
            }
        }
        return states;
    }

    /** How a database is opened: three in four have transactions over several files of the log. */
    private record Settings(Map<String, String> options, boolean smallLog) {
        static Settings of(Random random) {
            return new Settings(someOptions(random), random.nextInt(4) > 0);
        }

        Database open(CrashDirectory disk) {
            return smallLog ? SmallLog.open(disk, options) : Engine.open(disk, options);
        }
    }

    private static Map<String, String> someOptions(Random random) {
        return Map.of(
                "memory_limit",
                "64MB",
                "threads",
                "1",
                "log_limit",
                random.nextBoolean() ? "512MB" : "4KB",
                "storage_mode",
                random.nextBoolean() ? "tiered" : "disk");
    }

    private int backups;
    private Thread.@Nullable UncaughtExceptionHandler handlerBefore;

    @BeforeEach
    void threadsOfTheDatabaseMayDieOfTheCrash() {
        handlerBefore = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {
            if (!(error instanceof SimulatedCrash)) {
                error.printStackTrace();
            }
        });
    }

    @AfterEach
    void restoreHandler() {
        Thread.setDefaultUncaughtExceptionHandler(handlerBefore);
    }

    @TempDir
    Path files;

    @Test
    void everyAcknowledgedChangeSurvivesAPowerCutAtEveryOperation() {
        crashEverywhere(SCRIPT, POINTS, IN_GATE ? 3 : 1);
    }

    @Test
    void upsertsFilesExpiryAndBackupsSurviveAPowerCutAtEveryOperation() throws IOException {
        Path csv = files.resolve("rows.csv");
        Files.writeString(csv, """
                a,10,of a file,2024-01-01 00:00:00
                d,11,"another, of a file",2024-01-03 00:00:00
                d,12,the last one stays,2024-01-03 00:00:00
                """);
        List<String> script = SCRIPT_OF_MORE.stream()
                .map(step -> step.replace("{csv}", csv.toString()))
                .toList();
        // its points cost more: fewer of them see all of the script too
        crashEverywhere(script, IN_GATE ? POINTS / 3 : POINTS, IN_GATE ? 9 : 1);
    }

    /** @param most operations from one point to the next */
    private void crashEverywhere(List<String> script, int points, int most) {
        List<String> states = states(script);
        int point = 0;
        for (long round = 0; point < points; round++) {
            long n = 1;
            while (point < points) {
                long seed = SEED * 1_000_003 + round * 7919 + n;
                boolean crashed = crashAt(n, seed, script, states);
                point++;
                if (!crashed) {
                    break;
                }
                n += 1 + new Random(seed).nextInt(most);
            }
        }
    }

    /** Whether the crash came before the end of the script. */
    private boolean crashAt(long n, long seed, List<String> script, List<String> states) {
        Random random = new Random(seed);
        CrashDirectory disk = new CrashDirectory();
        disk.crashAt(n);
        Settings settings = Settings.of(random);
        int done = play(disk, settings, script, 0);
        boolean crashed = disk.hasCrashed();
        CrashDirectory left = random.nextInt(4) == 0 ? disk.kill() : disk.crash(seed);
        String place = "operation " + n + ", seed " + seed + ", after step " + done + " of " + settings
                + "; the disk did " + disk.journal();
        // it may crash again while it recovers
        for (int again = random.nextInt(3); again > 0; again--) {
            left.crashAt(1 + random.nextInt(12));
            play(left, settings, List.of(), 0);
            left = left.crash(seed + again);
        }
        int next = check(left, settings, script, states, done, place);
        finish(left, settings, script, states, next, place);
        return crashed;
    }

    private static void checkBackup(Path backup, String expected) {
        try (Database database = Engine.open(backup.toString(), Map.of())) {
            assertThat(dump(database)).isEqualTo(expected);
        }
    }

    /** Runs the steps from one on until the disk crashes; the number of those that were acknowledged. */
    private int play(CrashDirectory disk, Settings settings, List<String> script, int from) {
        int done = from;
        Database database = null;
        try {
            database = settings.open(disk);
            while (done < script.size()) {
                String step = script.get(done);
                Path backup = files.resolve("backup-" + backups);
                run(database, step.replace("{backup}", backup.toString()), disk::hasCrashed);
                if (step.startsWith(BACKUP)) {
                    backups++;
                    checkBackup(backup, dump(database));
                }
                done++;
            }
        } catch (SimulatedCrash | EngineException e) {
            assertThat(disk.hasCrashed()).as(e.toString()).isTrue();
        } finally {
            if (database != null) {
                try {
                    database.close();
                } catch (SimulatedCrash | EngineException e) {
                    assertThat(disk.hasCrashed()).as(e.toString()).isTrue();
                }
            }
        }
        return done;
    }

    /** The step to go on with: the one that was under way may be done. */
    private int check(
            CrashDirectory left, Settings settings, List<String> script, List<String> states, int done, String place) {
        try (Database database = settings.open(left)) {
            String found = dump(database);
            if (found.equals(states.get(done))) {
                return done;
            }
            assertThat(done).as(place).isLessThan(script.size());
            assertThat(found)
                    .as(place + "; expected this, or " + states.get(done))
                    .isEqualTo(states.get(done + 1));
            return done + 1;
        }
    }

    private void finish(
            CrashDirectory left, Settings settings, List<String> script, List<String> states, int next, String place) {
        assertThat(play(left, settings, script, next)).as(place).isEqualTo(script.size());
        try (Database database = settings.open(left.crash(next))) {
            assertThat(dump(database)).as(place + ", to the end").isEqualTo(states.get(script.size()));
        }
    }
}
