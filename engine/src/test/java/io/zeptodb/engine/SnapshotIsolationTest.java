package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.Session;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writers append, update and delete in transactions over two tables whose values together always add up to nothing, while readers look, and while rows are
 * sealed, compacted and checkpointed, on disk. No reader ever sees a sum that is not 0, a reader inside a transaction sees one state all along, and what was
 * committed is there when the folder is opened again. {@code -Dstress.seconds=} and {@code -Dstress.seed=} run it for longer and with other numbers.
 */
class SnapshotIsolationTest {
    private static final String SECONDS = "stress.seconds";
    private static final String SEED = "stress.seed";
    private static final int WRITERS = 3;
    private static final int READERS = 2;
    private static final long LEAST_COMMITS = 30;
    private static final long SUM_NOTHING = 0;
    private static final String BOTH =
            "SELECT coalesce((SELECT sum(v) FROM a), 0) + coalesce((SELECT sum(v) FROM b), 0),"
                    + " (SELECT count(*) FROM a) + (SELECT count(*) FROM b)";

    @TempDir
    Path folder;

    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong conflicts = new AtomicLong();
    private final AtomicLong reads = new AtomicLong();
    /** Rows of both tables, by what was committed. */
    private final AtomicLong rows = new AtomicLong();

    private final AtomicLong nextId = new AtomicLong();

    private record State(long sum, long rows) {}

    @Test
    void noReaderSeesHalfOfATransaction() throws Exception {
        long seed = Long.getLong(SEED, 1);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.getLong(SECONDS, 4));
        Map<String, String> options =
                Map.of("seal_rows", "1024", "threads", "1", "log_limit", "1MB", "durability", "async");
        String path = folder.resolve("db").toString();
        try (Database database = Engine.open(path, options)) {
            FolderTest.run(
                    database,
                    "CREATE TABLE a (id BIGINT, s SYMBOL, v BIGINT, ts TIMESTAMP_NS)",
                    "CREATE TABLE b (id BIGINT, s SYMBOL, v BIGINT, ts TIMESTAMP_NS) PARTITION BY DAY(ts)");
            try (Crew crew = new Crew()) {
                for (int i = 0; i < WRITERS; i++) {
                    Random random = new Random(seed * 31 + i);
                    crew.start("writer", () -> write(database, random));
                }
                for (int i = 0; i < READERS; i++) {
                    Random random = new Random(seed * 37 + i);
                    crew.start("reader", () -> read(database, random));
                }
                crew.start("checkpoints", () -> checkpoint(database, new Random(seed * 41)));
                while (!crew.hasFailed()
                        && (System.nanoTime() < end || commits.get() < LEAST_COMMITS || reads.get() == 0)) {
                    Thread.sleep(50);
                }
                ended.set(true);
            } catch (Throwable e) {
                throw new AssertionError(
                        "with -D" + SEED + "=" + seed + " after " + commits + " commits, " + conflicts + " conflicts",
                        e);
            }
            assertThat(state(database)).isEqualTo(new State(SUM_NOTHING, rows.get()));
        }
        try (Database again = Engine.open(path, options)) {
            assertThat(state(again)).isEqualTo(new State(SUM_NOTHING, rows.get()));
            FolderTest.run(again, "CHECKPOINT");
            assertThat(state(again)).isEqualTo(new State(SUM_NOTHING, rows.get()));
        }
        assertThat(FolderCheck.run(
                        path,
                        finding -> assertThat(finding.isGood())
                                .as(finding.toString())
                                .isTrue()))
                .isTrue();
    }

    private static State state(Database database) {
        try (Session session = database.openSession()) {
            return state(session);
        }
    }

    private static State state(Session session) {
        try (BatchCursor cursor = session.query(BOTH)) {
            assertThat(cursor.next()).isTrue();
            return new State(number(cursor, 0), number(cursor, 1));
        }
    }

    private static long number(BatchCursor cursor, int column) {
        return Long.parseLong(String.valueOf(cursor.batch().getVector(column).getObject(0)));
    }

    private void read(Database database, Random random) {
        try (Session session = database.openSession()) {
            while (!ended.get()) {
                if (random.nextInt(3) == 0) {
                    session.begin(true);
                    State first = state(session);
                    assertThat(first.sum).isEqualTo(SUM_NOTHING);
                    for (int i = 0; i < 3; i++) {
                        assertThat(state(session)).isEqualTo(first);
                    }
                    session.commit();
                } else {
                    assertThat(state(session).sum).isEqualTo(SUM_NOTHING);
                }
                reads.incrementAndGet();
            }
        }
    }

    private void checkpoint(Database database, Random random) throws InterruptedException {
        try (Session session = database.openSession()) {
            while (!ended.get()) {
                session.update("CHECKPOINT");
                Thread.sleep(random.nextInt(40));
            }
        }
    }

    private void write(Database database, Random random) {
        try (Session session = database.openSession()) {
            while (!ended.get()) {
                if (random.nextInt(8) == 0) {
                    // a statement alone: rows move to other partitions, and the values stay
                    session.update("UPDATE a SET ts = ts + INTERVAL '1' HOUR WHERE id % 97 = " + random.nextInt(97));
                    continue;
                }
                session.begin();
                try {
                    long change = change(session, random);
                    if (random.nextInt(10) == 0) {
                        session.rollback();
                        continue;
                    }
                    if (random.nextInt(4) == 0) {
                        assertThat(state(session).sum).isEqualTo(SUM_NOTHING);
                    }
                    session.commit();
                    rows.addAndGet(change);
                    commits.incrementAndGet();
                } catch (EngineException e) {
                    assertThat(e.code()).as(e.toString()).isEqualTo(ErrorCode.CONFLICT);
                    assertThat(e.sqlState()).isEqualTo("40001");
                    conflicts.incrementAndGet();
                    if (session.inTransaction()) {
                        session.rollback();
                    }
                }
            }
        }
    }

    /** Some changes that add up to nothing; by how much the rows become more. */
    private long change(Session session, Random random) {
        long change = 0;
        for (int i = random.nextInt(3); i >= 0; i--) {
            change += switch (random.nextInt(4)) {
                case 0, 1 -> append(session, random);
                case 2 -> move(session, random);
                default -> delete(session, random);
            };
        }
        return change;
    }

    private long append(Session session, Random random) {
        int count = 1 + random.nextInt(random.nextInt(6) == 0 ? 400 : 10);
        long first = nextId.getAndAdd(count);
        StringBuilder left = new StringBuilder("INSERT INTO a VALUES ");
        StringBuilder right = new StringBuilder("INSERT INTO b VALUES ");
        for (int i = 0; i < count; i++) {
            String head = (i == 0 ? "(" : ", (") + (first + i) + ", 's" + random.nextInt(5) + "', ";
            int value = random.nextInt(1000);
            String time = random.nextInt(50) == 0
                    ? "NULL)"
                    : String.format(
                            java.util.Locale.ROOT,
                            "TIMESTAMP '2024-01-%02d %02d:%02d:00')",
                            1 + random.nextInt(3),
                            random.nextInt(4),
                            random.nextInt(60));
            left.append(head).append(value).append(", ").append(time);
            right.append(head).append(-value).append(", ").append(time);
        }
        session.update(left.toString());
        session.update(right.toString());
        return 2L * count;
    }

    private long anyId(Random random) {
        return (long) (random.nextDouble() * nextId.get());
    }

    /** From a row of one table to a row of the other. */
    private long move(Session session, Random random) {
        int value = random.nextInt(100);
        long left = session.update("UPDATE a SET v = v - " + value + " WHERE id = " + anyId(random));
        long right = session.update("UPDATE b SET v = v + " + value * left + " WHERE id = " + anyId(random));
        if (left > right) {
            session.update("INSERT INTO b VALUES (-1, 'moved', " + value + ", TIMESTAMP '2024-01-02 00:00:00')");
            return 1;
        }
        return 0;
    }

    /** Rows between two ids of one table; what they had goes to a new row of the other. */
    private long delete(Session session, Random random) {
        boolean ofLeft = random.nextBoolean();
        long from = anyId(random);
        String which =
                " WHERE id BETWEEN " + from + " AND " + (from + random.nextInt(random.nextInt(4) == 0 ? 300 : 3));
        String table = ofLeft ? "a" : "b";
        long sum;
        long count;
        try (BatchCursor cursor = session.query("SELECT coalesce(sum(v), 0), count(*) FROM " + table + which)) {
            assertThat(cursor.next()).isTrue();
            sum = number(cursor, 0);
            count = number(cursor, 1);
        }
        long deleted = session.update("DELETE FROM " + table + which);
        assertThat(deleted).isEqualTo(count);
        session.update("INSERT INTO " + (ofLeft ? "b" : "a") + " VALUES (-2, 'deleted', " + sum
                + ", TIMESTAMP '2024-01-03 00:00:00')");
        return 1 - deleted;
    }
}
