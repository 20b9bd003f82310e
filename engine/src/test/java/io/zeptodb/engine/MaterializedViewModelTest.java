package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.engine.api.PreparedQuery;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.spec.SpecAnswer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.vector.Float8Vector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random changes of a table, and after each of them queries that its materialized views answer: the answer is that of the table, for the session that
 * writes, in its transaction too, and for one that reads an older snapshot. {@code -Dviews.seeds=} and {@code -Dviews.seed=} run it for longer and with
 * other numbers.
 */
class MaterializedViewModelTest {
    private static final int SEEDS = Integer.getInteger("views.seeds", 24);
    private static final long FIRST_SEED = Long.getLong("views.seed", 1);
    private static final int STEPS = 60;
    private static final long SECONDS = 20_000;

    private static final List<String> VIEWS = List.of(
            "CREATE MATERIALIZED VIEW bars AS SELECT symbol, xbar(ts, INTERVAL '1' MINUTE) AS bar, first(price) AS o, max(price) AS h,"
                    + " min(price) AS l, last(price) AS c, sum(volume) AS v, vwap(price, volume) AS w, avg(price) AS m, count(*) AS n"
                    + " FROM t GROUP BY symbol, bar",
            "CREATE MATERIALIZED VIEW hours AS SELECT date_trunc('hour', ts) AS hour, arg_max(note, price) AS top, max(note) AS note,"
                    + " first_not_null(price) AS f, count(price) AS n, sum(d) AS d FROM t GROUP BY date_trunc('hour', ts)",
            "CREATE MATERIALIZED VIEW large AS SELECT symbol, k, sum(price) FILTER (WHERE volume > 10) AS s, count(*) AS n FROM t"
                    + " WHERE volume >= 5 GROUP BY symbol, k");

    private static final List<String> QUERIES = List.of(
            "SELECT * FROM bars",
            "SELECT symbol, h - l, n FROM bars WHERE symbol = 'S1' AND bar >= '2024-01-01 01:00:00'",
            "SELECT symbol, xbar(ts, INTERVAL '5' MINUTE) AS b, first(price), last(price), max(price), min(price), sum(volume),"
                    + " avg(price), count(*), vwap(price, volume) FROM t GROUP BY symbol, b",
            "SELECT xbar(ts, INTERVAL '1' HOUR) AS b, first(price), last(price), sum(volume) FROM t GROUP BY b",
            "SELECT symbol, sum(volume), last(price) FROM t WHERE symbol IN ('S1', 'S2', 'none') GROUP BY symbol",
            "SELECT symbol, count(*), max(price) FROM t WHERE ts >= '2024-01-01 01:10:00' AND ts < '2024-01-01 03:00:00' GROUP BY symbol",
            "SELECT count(*), sum(volume), avg(price) FROM t WHERE ts >= '2024-01-01 02:00:00'",
            "SELECT CAST(ts AS DATE) AS dd, first(price), count(*) FROM t GROUP BY dd",
            "SELECT sum(volume), count(*) FROM t WHERE symbol = 'S2' AND ts >= '2024-01-01 01:10:00' AND ts < '2024-01-01 02:10:00'",
            "SELECT symbol, sum(volume) FROM t WHERE (symbol = 'S1' OR symbol = 'S3') AND ts < '2024-01-01 03:00:00' GROUP BY symbol",
            "SELECT count(*), max(price) FROM t WHERE symbol = 'none'",
            "SELECT k, count(*) FROM t WHERE volume >= 5 AND k BETWEEN 2 AND 3 GROUP BY k",
            "SELECT DISTINCT symbol FROM t",
            "SELECT sum(volume), min(price), vwap(price, volume) FROM t",
            "SELECT * FROM hours",
            "SELECT count(price), max(note), sum(d) FROM t",
            "SELECT * FROM large",
            "SELECT symbol, sum(price) FILTER (WHERE volume > 10), count(*) FROM t WHERE volume >= 5 GROUP BY symbol",
            "SELECT a.symbol, a.n, b.n FROM (SELECT symbol, count(*) AS n FROM t GROUP BY symbol) a JOIN"
                    + " (SELECT symbol, sum(n) AS n FROM bars GROUP BY symbol) b ON a.symbol = b.symbol");

    @TempDir
    private Path folder;

    @Test
    void theViewsAnswerAsTheTable() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            try (Model model = new Model(seed, folder.resolve("seed-" + seed))) {
                model.run();
            } catch (Throwable e) {
                throw new AssertionError("with -Dviews.seed=" + seed + " -Dviews.seeds=1", e);
            }
        }
    }

    @Test
    void aQuestionMarkThatCutsABucketReadsTheTable() {
        try (Database database = Engine.open(Map.of());
                Session session = database.openSession()) {
            update(session, "CREATE TABLE t (symbol SYMBOL, price DOUBLE, ts TIMESTAMP)");
            update(
                    session,
                    "INSERT INTO t VALUES ('A', 1, '2024-01-01 10:00:10'), ('A', 2, '2024-01-01 10:00:50'), ('A', 4, '2024-01-01 10:01:00')");
            update(
                    session,
                    "CREATE MATERIALIZED VIEW m AS SELECT symbol, xbar(ts, INTERVAL '1' MINUTE) AS bar, sum(price) AS s FROM t GROUP BY symbol, bar");
            String sql = "SELECT sum(price) FROM t WHERE ts >= CAST(? AS TIMESTAMP) AND ts < CAST(? AS TIMESTAMP)";
            long minute = 60_000_000_000L;
            long ten = 1_704_103_200_000_000_000L;
            assertThat(plan(session, sql, ten, ten + minute))
                    .contains("MaterializedView m (roll-up) [sum]", "if no bucket is cut, else the table");
            assertThat(sum(session, sql, ten, ten + minute)).isEqualTo(3);
            assertThat(sum(session, sql, ten + minute / 2, ten + 2 * minute)).isEqualTo(6);
            assertThat(sum(session, sql, ten, ten + 61_000_000_000L)).isEqualTo(7);
            assertThat(sum(session, sql, ten + minute, Long.MAX_VALUE)).isEqualTo(4);
        }
    }

    private static double sum(Session session, String sql, long from, long to) {
        try (BatchCursor cursor = session.query(sql, Instant.ofEpochSecond(0, from), Instant.ofEpochSecond(0, to))) {
            assertThat(cursor.next()).isTrue();
            return ((Float8Vector) cursor.batch().getVector(0)).get(0);
        }
    }

    private static String plan(Session session, String sql, long from, long to) {
        StringBuilder text = new StringBuilder();
        try (BatchCursor cursor =
                session.query("EXPLAIN " + sql, Instant.ofEpochSecond(0, from), Instant.ofEpochSecond(0, to))) {
            while (cursor.next()) {
                for (int row = 0; row < cursor.batch().getRowCount(); row++) {
                    text.append(cursor.batch().getVector(0).getObject(row)).append('\n');
                }
            }
        }
        return text.toString();
    }

    @Test
    void groupsThatTakeTooMuchMemoryAreGivenUp() {
        try (Database database = Engine.open(Map.of("memory_limit", "64MB"));
                Session session = database.openSession()) {
            update(session, "CREATE TABLE t (k BIGINT, v BIGINT, ts TIMESTAMP)");
            String values = "(VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS ";
            update(
                    session,
                    "INSERT INTO t SELECT a.x + 10 * b.x + 100 * c.x + 1000 * d.x + 10000 * e.x, 1, TIMESTAMP '2024-01-01' FROM "
                            + values + "a(x), " + values + "b(x), " + values + "c(x), " + values + "d(x), " + values
                            + "e(x)");
            update(
                    session,
                    "CREATE MATERIALIZED VIEW m AS SELECT k, sum(v) AS s, first(v) AS f, last(v) AS l, avg(v) AS a, vwap(v, v) AS w,"
                            + " min(v) AS i, max(v) AS x FROM t GROUP BY k");
            String sql = "SELECT sum(v), count(*) FROM t WHERE k >= 0";
            assertThat(SpecAnswer.rows(session, "EXPLAIN " + sql))
                    .anyMatch(line -> line.contains("MaterializedView m"));
            for (int i = 0; i < 2; i++) {
                assertThat(SpecAnswer.rows(session, sql)).containsExactly("100000\t100000");
            }
            update(session, "DELETE FROM t WHERE k >= 1000");
            assertThat(SpecAnswer.rows(session, sql)).containsExactly("1000\t1000");
        }
    }

    @Test
    void aSessionOfLittleMemoryTakesNoGroupsAway() {
        try (Database database = Engine.open(Map.of("memory_limit", "256MB"));
                Session session = database.openSession();
                Session small = database.openSession()) {
            update(session, "CREATE TABLE t (k BIGINT, v BIGINT, ts TIMESTAMP)");
            update(
                    session,
                    "INSERT INTO t WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 50000)"
                            + " SELECT n, n, TIMESTAMP '2024-01-01' FROM r");
            update(session, "CREATE MATERIALIZED VIEW m AS SELECT k, sum(v) AS s FROM t GROUP BY k");
            String sql = "SELECT count(*) FROM (SELECT k, sum(v) FROM t GROUP BY k)";
            assertThat(SpecAnswer.rows(session, sql)).containsExactly("50000");
            long kept = database.statistics().allocatedBytes();
            update(small, "SET query_memory_limit = '1MB'");
            assertThat(SpecAnswer.rows(small, sql)).containsExactly("50000");
            assertThat(database.statistics().allocatedBytes()).isGreaterThanOrEqualTo(kept);
        }
    }

    /** While one thread writes and seals, others ask the view and the table in one snapshot, and one makes and drops the view. */
    @Test
    void eachSnapshotHasItsAnswer() throws Exception {
        try (Database database = Engine.open(Map.of("seal_rows", "1024", "threads", "2"));
                Session writer = database.openSession()) {
            update(
                    writer,
                    "CREATE TABLE t (symbol SYMBOL, v BIGINT, ts TIMESTAMP) TIMESTAMP(ts) PARTITION BY symbol, HOUR(ts)");
            String view =
                    "CREATE MATERIALIZED VIEW m AS SELECT symbol, date_trunc('hour', ts) AS hour, sum(v) AS s, last(v) AS l FROM t"
                            + " GROUP BY symbol, date_trunc('hour', ts)";
            update(writer, view);
            AtomicBoolean done = new AtomicBoolean();
            AtomicInteger answers = new AtomicInteger();
            try (Crew crew = new Crew()) {
                crew.start("writer", () -> {
                    try {
                        write(database, writer, new Random(7));
                    } finally {
                        done.set(true);
                    }
                });
                crew.start("definer", () -> {
                    try (Session session = database.openSession()) {
                        while (!done.get()) {
                            Thread.sleep(50);
                            update(session, "DROP MATERIALIZED VIEW m");
                            update(session, view);
                        }
                    }
                });
                for (int i = 0; i < 2; i++) {
                    crew.start("reader " + i, () -> {
                        try (Session session = database.openSession()) {
                            while (!done.get() || answers.get() <= 2) {
                                compare(session);
                                answers.incrementAndGet();
                            }
                        }
                    });
                }
            }
            assertThat(answers.get()).isGreaterThan(2);
        }
    }

    private static void write(Database database, Session writer, Random random) {
        for (int i = 0; i < 150; i++) {
            StringBuilder rows = new StringBuilder("INSERT INTO t VALUES ");
            for (int row = 0; row < 50; row++) {
                rows.append(row == 0 ? "('S" : ", ('S")
                        .append(random.nextInt(5))
                        .append("', ")
                        .append(random.nextInt(100))
                        .append(", ")
                        .append(Model.time(random.nextInt((int) SECONDS)))
                        .append(')');
            }
            update(writer, rows.toString());
            if (i % 9 == 0) {
                update(writer, "DELETE FROM t WHERE v = " + random.nextInt(100));
            } else if (i % 40 == 1) {
                database.checkpoint();
            }
        }
    }

    private static void compare(Session session) {
        session.begin(true);
        try {
            String sql = "SELECT symbol, sum(v), last(v) FROM t GROUP BY symbol";
            update(session, "SET use_materialized_views = true");
            List<String> byView = SpecAnswer.rows(session, sql);
            update(session, "SET use_materialized_views = false");
            assertThat(byView).containsExactlyInAnyOrderElementsOf(SpecAnswer.rows(session, sql));
        } finally {
            session.rollback();
        }
    }

    private static long update(Session session, String sql) {
        try (PreparedQuery query = session.prepare(sql)) {
            return query.update(List.of(), ExecutionOptions.DEFAULT);
        }
    }

    /** One database, what is done to it, and what it is asked. */
    private static final class Model implements AutoCloseable {
        private final Random random;
        private final Path folder;
        private final boolean onDisk;
        private final List<String> steps = new ArrayList<>();
        private Database database;
        private Session session;
        private Session reader;
        private boolean reading;
        private long now;

        Model(long seed, Path folder) {
            this.random = new Random(seed);
            this.folder = folder;
            this.onDisk = random.nextBoolean();
            this.database = open();
            this.session = database.openSession();
            this.reader = database.openSession();
        }

        private Database open() {
            Map<String, String> options = Map.of("seal_rows", "1024", "threads", "2", "durability", "none");
            return onDisk
                    ? Engine.open(folder.toString(), options)
                    : Engine.open(Map.of("seal_rows", "1024", "threads", "2"));
        }

        void run() {
            String partition = List.of(
                            " PARTITION BY symbol, HOUR(ts)",
                            " PARTITION BY symbol",
                            " PARTITION BY NONE",
                            " PARTITION BY HOUR(ts)")
                    .get(random.nextInt(4));
            String keys = random.nextInt(3) == 0 ? " DEDUP UPSERT KEYS (symbol, ts)" : "";
            run(
                    "CREATE TABLE t (symbol SYMBOL, k INTEGER, price DOUBLE, volume BIGINT, note VARCHAR, d DECIMAL(12, 2), ts TIMESTAMP)"
                            + " TIMESTAMP(ts)" + partition + keys);
            int made = 0;
            int last = random.nextInt(STEPS / 2);
            for (int step = 0; step < STEPS; step++) {
                while (made < VIEWS.size() && step >= made * last / 2) {
                    end(true); // a rollback would take it away
                    run(VIEWS.get(made++));
                }
                step();
                check(session, made);
                if (reading) {
                    check(reader, made);
                }
            }
            end(random.nextBoolean());
            for (String query : QUERIES) {
                assertThat(SpecAnswer.rows(session, "EXPLAIN " + query))
                        .as(query)
                        .anyMatch(line -> line.contains("MaterializedView "));
            }
            for (String view : List.of("bars", "hours", "large")) {
                run("DROP MATERIALIZED VIEW " + view);
            }
        }

        private void step() {
            switch (random.nextInt(20)) {
                case 0 -> run("TRUNCATE TABLE t");
                case 1, 2 ->
                    run("DELETE FROM t WHERE k % 7 = " + random.nextInt(7) + " AND symbol = 'S" + random.nextInt(4)
                            + "'");
                case 3 -> run("DELETE FROM t WHERE ts < " + time(now - random.nextInt((int) SECONDS)));
                case 4, 5 ->
                    run("UPDATE t SET price = price + 0.25, note = 'u' || volume WHERE k % 5 = " + random.nextInt(5));
                case 6 -> run("UPDATE t SET symbol = 'S" + random.nextInt(4) + "' WHERE k = " + random.nextInt(20));
                case 7 -> seal();
                case 8 -> restart();
                case 9, 10 -> begin();
                case 11, 12 -> end(random.nextBoolean());
                case 13 -> beginReading();
                case 14 -> insert(1 + random.nextInt(1500));
                case 15 -> alter();
                default -> insert(1 + random.nextInt(40));
            }
        }

        private void insert(int rows) {
            StringBuilder values = new StringBuilder("INSERT INTO t (symbol, k, price, volume, note, d, ts) VALUES ");
            for (int i = 0; i < rows; i++) {
                now += random.nextInt(4);
                boolean late = random.nextInt(10) == 0;
                long at = late ? now - random.nextInt((int) SECONDS) : now;
                values.append(i == 0 ? "(" : ", (")
                        .append(random.nextInt(15) == 0 ? "NULL" : "'S" + random.nextInt(4) + "'")
                        .append(", ")
                        .append(random.nextInt(20))
                        .append(", ")
                        .append(random.nextInt(12) == 0 ? "NULL" : String.valueOf(random.nextInt(400) * 0.25))
                        .append(", ")
                        .append(random.nextInt(12) == 0 ? "NULL" : String.valueOf(random.nextInt(30)))
                        .append(", ")
                        .append(
                                random.nextInt(6) == 0
                                        ? "NULL"
                                        : "'n" + random.nextInt(100)
                                                + (random.nextBoolean() ? "' " : " a longer text'"))
                        .append(", ")
                        .append(random.nextInt(1000))
                        .append(".25, ")
                        .append(random.nextInt(40) == 0 ? "NULL" : time(at))
                        .append(')');
            }
            run(values.toString());
        }

        private static String time(long second) {
            return "TIMESTAMP '"
                    + LocalDateTime.of(2024, 1, 1, 0, 0)
                            .plusSeconds(Math.max(second, 0))
                            .toString()
                            .replace('T', ' ') + (second % 60 == 0 ? ":00'" : "'");
        }

        private void seal() {
            steps.add("CHECKPOINT");
            database.checkpoint();
        }

        private void begin() {
            if (!session.inTransaction()) {
                run("BEGIN");
            }
        }

        private void end(boolean commit) {
            if (session.inTransaction()) {
                run(commit ? "COMMIT" : "ROLLBACK");
            }
        }

        private void beginReading() {
            if (reading) {
                reader.rollback();
                reading = false;
            } else {
                reader.begin(true);
                reading = true;
            }
        }

        private void alter() {
            if (!session.inTransaction()) {
                run("ALTER TABLE t ADD COLUMN IF NOT EXISTS more INTEGER");
                run(random.nextBoolean() ? "ALTER TABLE t DROP COLUMN IF EXISTS more" : "ALTER TABLE t SET TTL NONE");
            }
        }

        private void restart() {
            if (onDisk) {
                end(true);
                steps.add("restart");
                close();
                database = open();
                session = database.openSession();
                reader = database.openSession();
                reading = false;
            }
        }

        private void run(String sql) {
            steps.add(sql.length() > 200 ? sql.substring(0, 200) + "…" : sql);
            update(session, sql); // nobody else writes: there is nothing to be in conflict with
        }

        private void check(Session asked, int made) {
            for (int i = 0; i < 3; i++) {
                String query = QUERIES.get(random.nextInt(QUERIES.size()));
                boolean known = (made > 0 || !query.contains("bars"))
                        && (made > 1 || !query.contains("hours"))
                        && (made > 2 || !query.contains("large"));
                if (known) {
                    check(asked, query);
                }
            }
        }

        private void check(Session asked, String query) {
            List<String> byView;
            try {
                byView = SpecAnswer.rows(asked, query);
            } catch (EngineException e) {
                // an older snapshot may have no such view yet
                if (asked != reader || e.code() != ErrorCode.UNDEFINED_TABLE) {
                    throw new AssertionError(query + "\nafter " + String.join("\n", steps), e);
                }
                return;
            }
            update(asked, "SET use_materialized_views = false");
            List<String> byTable = SpecAnswer.rows(asked, query);
            update(asked, "SET use_materialized_views = true");
            assertThat(byView)
                    .as("%s%nafter %s", query, String.join("\n", steps))
                    .containsExactlyInAnyOrderElementsOf(byTable);
        }

        @Override
        public void close() {
            if (reading) {
                reader.rollback();
            }
            session.close();
            reader.close();
            database.close();
        }
    }
}
