package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.store.CrashDirectory;
import io.zeptodb.engine.store.SimulatedCrash;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The power goes at every operation on the disk of a script that inserts, updates, deletes, seals, alters and drops: what was acknowledged is there
 * once, what was under way is there as a whole or not at all, and the database goes on from there. {@code -Dcrash.points=10000 -Dcrash.seed=1} runs more
 * of them; the gate runs some hundred.
 */
class CrashScriptTest {
    private static final int POINTS = Integer.getInteger("crash.points", 250);
    private static final long SEED = Long.getLong("crash.seed", 1);
    /** What a step does that is no SQL statement. */
    private static final String TRANSACTION = "TRANSACTION ";

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
            "ALTER TABLE t DROP COLUMN x",
            "INSERT INTO u SELECT n + 2, name FROM u",
            "UPDATE t SET venue = 'XLON' WHERE venue IS NULL",
            "TRUNCATE TABLE u",
            "INSERT INTO u VALUES (9, 'r')",
            "CHECKPOINT",
            "DROP TABLE u",
            "INSERT INTO t (k, v, ts) VALUES ('f', 8, TIMESTAMP '2024-01-01 03:00:00')",
            "CHECKPOINT",
            "DELETE FROM t WHERE k = 'b'");

    /** All tables and all rows, as text; rows in the order of their texts. */
    static String dump(Database database) {
        StringBuilder text = new StringBuilder();
        for (TableSchema table : database.tables()) {
            List<String> rows = new ArrayList<>();
            try (Session session = database.openSession();
                    BatchCursor cursor = session.query("SELECT * FROM " + table.name())) {
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
            assertThat(database.rowCount(table.name())).isEqualTo(rows.size());
            text.append(table.name()).append(table.columns()).append('\n');
            rows.forEach(row -> text.append("  ").append(row).append('\n'));
        }
        return text.toString();
    }

    /** One step of a script. */
    static void run(Database database, String step) {
        try (Session session = database.openSession()) {
            if (step.startsWith(TRANSACTION)) {
                session.begin();
                for (String statement : step.substring(TRANSACTION.length()).split(";")) {
                    session.update(statement);
                }
                session.commit();
            } else {
                session.update(step);
            }
        }
    }

    /** What the database holds before the first step and after each. */
    static List<String> states(List<String> script) {
        List<String> states = new ArrayList<>();
        try (Database database = Engine.open(Map.of())) {
            states.add(dump(database));
            for (String step : script) {
                run(database, step);
                states.add(dump(database));
            }
        }
        return states;
    }

    private static Map<String, String> options(Random random) {
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

    @Test
    void everyAcknowledgedChangeSurvivesAPowerCutAtEveryOperation() {
        List<String> script = SCRIPT;
        List<String> states = states(script);
        int point = 0;
        for (long round = 0; point < POINTS; round++) {
            long n = 1;
            while (point < POINTS) {
                long seed = SEED * 1_000_003 + round * 7919 + n;
                boolean crashed = crashAt(n, seed, script, states);
                point++;
                if (!crashed) {
                    break;
                }
                // in the gate with some hundred points, all of the script is seen
                n += POINTS < 1000 ? 1 + new Random(seed).nextInt(3) : 1;
            }
        }
    }

    /** Whether the crash came before the end of the script. */
    private static boolean crashAt(long n, long seed, List<String> script, List<String> states) {
        Random random = new Random(seed);
        CrashDirectory disk = new CrashDirectory();
        disk.crashAt(n);
        Map<String, String> options = options(random);
        int done = play(disk, options, script, 0);
        boolean crashed = disk.hasCrashed();
        CrashDirectory left = random.nextInt(4) == 0 ? disk.kill() : disk.crash(seed);
        String place = "operation " + n + ", seed " + seed + ", after step " + done + " of " + options
                + "; the disk did " + disk.journal();
        // it may crash again while it recovers
        for (int again = random.nextInt(3); again > 0; again--) {
            left.crashAt(1 + random.nextInt(12));
            play(left, options, List.of(), 0);
            left = left.crash(seed + again);
        }
        int next = check(left, options, script, states, done, place);
        finish(left, options, script, states, next, place);
        return crashed;
    }

    /** Runs the steps from one on until the disk crashes; the number of those that were acknowledged. */
    private static int play(CrashDirectory disk, Map<String, String> options, List<String> script, int from) {
        int done = from;
        Database database = null;
        try {
            database = Engine.open(disk, options);
            while (done < script.size()) {
                run(database, script.get(done));
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
    private static int check(
            CrashDirectory left,
            Map<String, String> options,
            List<String> script,
            List<String> states,
            int done,
            String place) {
        try (Database database = Engine.open(left, options)) {
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

    private static void finish(
            CrashDirectory left,
            Map<String, String> options,
            List<String> script,
            List<String> states,
            int next,
            String place) {
        assertThat(play(left, options, script, next)).as(place).isEqualTo(script.size());
        try (Database database = Engine.open(left.crash(next), options)) {
            assertThat(dump(database)).as(place + ", to the end").isEqualTo(states.get(script.size()));
        }
    }
}
