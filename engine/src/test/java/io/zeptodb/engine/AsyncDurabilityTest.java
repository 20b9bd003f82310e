package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.store.CrashDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * With {@code durability=async} a power cut takes at most the commits since the last flush, and what it leaves is what some number of commits has made:
 * never a later one without an earlier one. {@code -Dcuts=1000 -Dseed=1} does more than the gate.
 */
class AsyncDurabilityTest {
    private static final int CUTS = Integer.getInteger("cuts", 60);
    private static final long SEED = Long.getLong("seed", 1);
    private static final int MOST_COMMITS = 60;

    /** The commits of a script, one after the other, and what the tables hold after each. */
    private static final class Script {
        final TreeMap<Long, Long> a = new TreeMap<>();
        final TreeMap<Long, Long> b = new TreeMap<>();
        final List<String> states = new ArrayList<>(List.of("{}{}"));

        int commits() {
            return states.size() - 1;
        }

        void commit(Session session, Random random) {
            long n = states.size();
            switch (random.nextInt(5)) {
                case 0 -> {
                    session.begin();
                    session.update("INSERT INTO a VALUES (" + n + ", 1)");
                    session.update("INSERT INTO b VALUES (" + n + ", 2)");
                    session.update("DELETE FROM b WHERE id = " + (n - 3));
                    session.commit();
                    a.put(n, 1L);
                    b.put(n, 2L);
                    b.remove(n - 3);
                }
                case 1 -> {
                    long last = a.isEmpty() ? 0 : a.lastKey();
                    session.update("UPDATE a SET v = " + n + " WHERE id = " + last);
                    a.computeIfPresent(last, (id, old) -> n);
                    session.update("INSERT INTO b VALUES (" + -n + ", " + n + ")");
                    states.add(a.toString() + b);
                    b.put(-n, n);
                }
                default -> {
                    session.update("INSERT INTO a VALUES (" + n + ", " + n + ")");
                    a.put(n, n);
                }
            }
            states.add(a.toString() + b);
        }
    }

    private static String contents(Database database) {
        StringBuilder text = new StringBuilder();
        for (String table : List.of("a", "b")) {
            TreeMap<Long, Long> rows = new TreeMap<>();
            try (Session session = database.openSession();
                    BatchCursor cursor = session.query("SELECT id, v FROM " + table)) {
                while (cursor.next()) {
                    for (int row = 0; row < cursor.batch().getRowCount(); row++) {
                        Long id = (Long) cursor.batch().getVector(0).getObject(row);
                        Long value = (Long) cursor.batch().getVector(1).getObject(row);
                        assertThat(rows.put(id, value))
                                .as("row %d is there twice", id)
                                .isNull();
                    }
                }
            }
            text.append(rows);
        }
        return text.toString();
    }

    private static Map<String, String> options(String interval) {
        return Map.of(
                "memory_limit", "64MB",
                "threads", "1",
                "durability", "async",
                "flush_interval", interval,
                "log_limit", "16KB");
    }

    private static void cut(long seed) {
        Random random = new Random(seed);
        boolean flushes = random.nextBoolean();
        Map<String, String> options = options(flushes ? "2ms" : "10min");
        CrashDirectory disk = new CrashDirectory();
        Script script = new Script();
        CrashDirectory left;
        int flushed = 0;
        try (Database database = Engine.open(disk, options);
                Session session = database.openSession()) {
            FolderTest.run(
                    database,
                    "CREATE TABLE a (id BIGINT, v BIGINT)",
                    "CREATE TABLE b (id BIGINT, v BIGINT)",
                    "CHECKPOINT");
            long syncs = database.statistics().log().syncs();
            int committed = 0; // commits when the syncs were counted
            for (int end = 1 + random.nextInt(MOST_COMMITS); end > 0; end--) {
                script.commit(session, random);
                if (random.nextInt(25) == 0) {
                    database.checkpoint();
                    flushed = script.commits();
                }
                long now = database.statistics().log().syncs();
                if (now >= syncs + 2) { // one of them began after the count, so it has all that was committed then
                    flushed = Math.max(flushed, committed);
                    committed = script.commits();
                    syncs = now;
                }
            }
            left = disk.crash(seed);
        }
        try (Database database = Engine.open(left, options)) {
            String found = contents(database);
            int commits = script.states.lastIndexOf(found);
            assertThat(commits)
                    .as("seed %d: %s is not what a number of commits has made: %s", seed, found, script.states)
                    .isNotNegative()
                    .as("seed %d: %d commits were flushed, %d made", seed, flushed, script.commits())
                    .isGreaterThanOrEqualTo(flushed);
        } catch (EngineException e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    @Test
    void aPowerCutLeavesTheFirstCommitsAndAllThatWereFlushed() {
        for (int i = 0; i < CUTS; i++) {
            cut(SEED * 1_000_003 + i);
        }
    }
}
