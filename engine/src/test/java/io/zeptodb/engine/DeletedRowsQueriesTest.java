package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.ColumnView;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.Pipeline;
import io.zeptodb.engine.api.PipelineOptions;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.spec.SpecAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every way to read a table, over one whose rows were deleted at random, hot, sealed and half sealed, gives what it gives over a table that only ever
 * had the rows that are left. {@code -Dseeds=} runs more of them.
 */
class DeletedRowsQueriesTest {
    private static final long START = 1_700_000_000_000_000_000L;
    private static final long SECOND = 1_000_000_000L;
    private static final int KEYS = 7;

    private static final List<String> QUERIES = List.of(
            "SELECT * FROM T ORDER BY id",
            "SELECT * FROM T",
            "SELECT COUNT(*), MIN(ts), MAX(ts) FROM T",
            "SELECT COUNT(*) FROM T",
            "SELECT MIN(ts) FROM T",
            "SELECT MAX(ts) FROM T",
            "SELECT COUNT(price), SUM(price), MIN(price), MAX(price), AVG(n), COUNT(note) FROM T",
            "SELECT COUNT(*), SUM(n) FROM T WHERE price > 50",
            "SELECT id FROM T WHERE price IS NULL AND n < 500",
            "SELECT id, note FROM T WHERE note LIKE 'a%' AND sym <> 's1'",
            "SELECT id, price FROM T WHERE sym = 's2'",
            "SELECT COUNT(*), SUM(price) FROM T WHERE sym IN ('s0', 's3', 'none')",
            "SELECT id FROM T WHERE ts >= TIMESTAMP '2023-11-14 22:30:00' AND ts < TIMESTAMP '2023-11-14 23:10:00'",
            "SELECT COUNT(*), MIN(id), MAX(id) FROM T WHERE ts < TIMESTAMP '2023-11-14 22:50:00'",
            "SELECT sym, SUM(n) FROM T WHERE sym = 's1' AND ts > TIMESTAMP '2023-11-14 22:40:00' GROUP BY sym",
            "SELECT sym, COUNT(*), SUM(n), MIN(price), MAX(price), first(price), last(price), last(note)"
                    + " FROM T GROUP BY sym",
            "SELECT sym, COUNT(*) FROM T WHERE n < 300 GROUP BY sym",
            "SELECT sym, xbar(ts, INTERVAL '1' MINUTE) AS bar, COUNT(*), first(n), max(n), min(n), last(n)"
                    + " FROM T GROUP BY sym, bar",
            "SELECT xbar(ts, INTERVAL '5' MINUTE) AS bar, COUNT(*), SUM(n) FROM T GROUP BY bar",
            "SELECT first(id), last(id) FROM T",
            "SELECT DISTINCT sym FROM T",
            "SELECT note, COUNT(*), COUNT(DISTINCT sym) FROM T GROUP BY note",
            "SELECT id, ROW_NUMBER() OVER (PARTITION BY sym ORDER BY ts), LAG(price) OVER (PARTITION BY sym ORDER BY ts),"
                    + " SUM(n) OVER (PARTITION BY sym ORDER BY ts ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) FROM T",
            "SELECT id, LAG(n) OVER (ORDER BY ts, id), MAX(n) OVER (ORDER BY ts, id ROWS BETWEEN 9 PRECEDING AND CURRENT ROW)"
                    + " FROM T",
            "SELECT id, SUM(n) OVER (PARTITION BY note ORDER BY id) FROM T",
            "SELECT ts, id FROM T ORDER BY ts DESC, id DESC LIMIT 25",
            "SELECT * FROM T LATEST ON ts PARTITION BY sym",
            "SELECT id, note FROM T WHERE price > 80 LATEST ON ts PARTITION BY sym",
            "SELECT id, sym FROM T WHERE sym IN ('s1', 's2', 'none') AND n < 20 LATEST ON ts PARTITION BY sym",
            "SELECT a.id, b.id FROM T a ASOF JOIN T b ON a.sym = b.sym AND a.ts > b.ts",
            "SELECT a.id, b.price FROM T a LEFT ASOF JOIN T b ON a.sym = b.sym AND a.ts >= b.ts + INTERVAL '1' MINUTE",
            "SELECT a.id, b.id FROM T a JOIN T b ON a.id = b.n",
            "SELECT id FROM T WHERE n = (SELECT MAX(n) FROM T)",
            "SELECT id FROM T WHERE id IN (SELECT n FROM T WHERE sym = 's0')",
            "SELECT sym FROM T UNION SELECT note FROM T");

    private final Database database = Engine.open(Map.of("threads", "2", "seal_rows", "4000"));
    private final Session session = database.openSession();

    @AfterEach
    void close() {
        database.close();
        assertThat(database.statistics().allocatedBytes()).isZero();
    }

    /** What a row has; the map that holds it is in the order of ingest. */
    private record Row(long id, String sym, long time, Double price, long n, String note) {}

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PARTITION BY sym, HOUR(ts)",
                "PARTITION BY sym",
                "PARTITION BY HOUR(ts)",
                "PARTITION BY NONE",
            })
    void readersSeeTheRowsThatAreLeft(String partitioning) {
        for (long seed = 1; seed <= Long.getLong("seeds", 1); seed++) {
            for (boolean late : new boolean[] {false, true}) {
                try {
                    new Round(partitioning, late, seed).run();
                } catch (Throwable e) {
                    throw new AssertionError("seed " + seed + (late ? " with late rows" : ""), e);
                }
            }
        }
    }

    private final class Round {
        private final Random random;
        private final boolean late;
        private final TreeMap<Long, Row> rows = new TreeMap<>();
        private long sequence;
        private long id;
        private long clock = START;

        Round(String partitioning, boolean late, long seed) {
            this.random = new Random(seed);
            this.late = late;
            for (String table : List.of("t", "u")) {
                session.update("DROP TABLE IF EXISTS " + table);
                session.update(
                        "CREATE TABLE " + table + " (id BIGINT, sym SYMBOL, ts TIMESTAMP(9), price DOUBLE, n BIGINT,"
                                + " note VARCHAR) TIMESTAMP(ts) " + partitioning);
            }
        }

        void run() {
            for (int step = 0; step < 4; step++) {
                insert(random.nextInt(3) == 0 ? 5000 : 400);
                checkpoint();
                for (int i = random.nextInt(4); i >= 0; i--) {
                    delete();
                    checkpoint();
                }
                check();
            }
            delete("TRUE", row -> true);
            check();
            insert(100);
            check();
        }

        private void checkpoint() {
            if (random.nextInt(4) == 0) {
                database.checkpoint();
            }
        }

        private void insert(int count) {
            try (Pipeline pipeline = database.openPipeline("t", PipelineOptions.DEFAULT)) {
                for (int i = 0; i < count; i++) {
                    clock += random.nextInt(3) * SECOND / 2;
                    long time = clock - (late && random.nextInt(20) == 0 ? random.nextInt(1000) * SECOND : 0);
                    Row row = new Row(
                            id++,
                            "s" + random.nextInt(KEYS),
                            time,
                            random.nextInt(8) == 0 ? null : (double) random.nextInt(100),
                            random.nextInt(1000),
                            "abc".substring(random.nextInt(3))
                                    + "a long text that is on the heap".repeat(random.nextInt(2)));
                    add(pipeline, row);
                    rows.put(sequence++, row);
                }
            }
        }

        private void add(Pipeline pipeline, Row row) {
            pipeline.ingest(row.id, row.sym, row.time, row.price, row.n, row.note);
        }

        private void delete() {
            switch (random.nextInt(7)) {
                case 0 -> {
                    int key = random.nextInt(KEYS);
                    delete("sym = 's" + key + "'", row -> row.sym.equals("s" + key));
                }
                case 1 -> {
                    int part = 2 + random.nextInt(50);
                    delete("id % " + part + " = 0", row -> row.id % part == 0);
                }
                case 2 -> {
                    int part = 2 + random.nextInt(8);
                    delete("id % " + part + " <> 0 AND id > " + id / 2, row -> row.id % part != 0 && row.id > id / 2);
                }
                case 3 -> {
                    long from = random.nextLong(id);
                    long to = from + random.nextInt(2000);
                    delete("id BETWEEN " + from + " AND " + to, row -> row.id >= from && row.id <= to);
                }
                case 4 -> delete("price > 90", row -> row.price != null && row.price > 90);
                case 5 -> {
                    long first = rows.isEmpty() ? 0 : rows.firstEntry().getValue().id;
                    long last = rows.isEmpty() ? 0 : rows.lastEntry().getValue().id;
                    delete("id IN (" + first + ", " + last + ")", row -> row.id == first || row.id == last);
                }
                default -> update();
            }
        }

        private void delete(String condition, Predicate<Row> matches) {
            long before = rows.size();
            rows.values().removeIf(matches);
            assertThat(session.update("DELETE FROM t WHERE " + condition)).isEqualTo(before - rows.size());
        }

        /** One row is deleted and comes back as the last one of ingest. */
        private void update() {
            if (rows.isEmpty()) {
                return;
            }
            Long key = rows.ceilingKey(random.nextLong(rows.lastKey() + 1));
            Row old = rows.remove(key);
            Row now = new Row(old.id, "s0", old.time, 77.0, old.n, old.note);
            rows.put(sequence++, now);
            assertThat(session.update("UPDATE t SET price = 77, sym = 's0' WHERE id = " + old.id))
                    .isEqualTo(1);
        }

        private void check() {
            session.update("TRUNCATE TABLE u");
            try (Pipeline pipeline = database.openPipeline("u", PipelineOptions.DEFAULT)) {
                rows.values().forEach(row -> add(pipeline, row));
            }
            for (String query : QUERIES) {
                assertThat(answer(query, "t")).as(query).isEqualTo(answer(query, "u"));
            }
            assertThat(database.rowCount("t")).isEqualTo(rows.size());
            assertThat(SpecAnswer.rows(
                            session, "SELECT COALESCE(SUM(row_count), 0) FROM zepto_segments() WHERE table_name = 't'"))
                    .containsExactly(Integer.toString(rows.size()));
            assertThat(
                            SpecAnswer.rows(
                                    session,
                                    "SELECT MIN(min_time), MAX(max_time) FROM zepto_segments() WHERE table_name = 't' AND row_count > 0"))
                    .isEqualTo(answer("SELECT MIN(ts), MAX(ts) FROM T", "u"));
            checkKeys();
        }

        private List<String> answer(String query, String table) {
            List<String> answer = SpecAnswer.rows(session, query.replaceAll("\\bT\\b", table));
            if (!query.contains("ORDER BY id") || query.contains("OVER")) {
                answer.sort(null);
            }
            return answer;
        }

        private void checkKeys() {
            if (database.table("t").keyOrdinal() < 0) {
                checkViews(null, row -> true);
                return;
            }
            for (int key = 0; key < KEYS; key++) {
                String sym = "s" + key;
                long count = rows.values().stream()
                        .filter(row -> row.sym.equals(sym))
                        .count();
                assertThat(database.rowCount("t", sym)).isEqualTo(count);
                checkViews(sym, row -> row.sym.equals(sym));
            }
        }

        private void checkViews(String key, Predicate<Row> matches) {
            List<Long> found = new ArrayList<>();
            for (ColumnView view : database.columnViews("t", key, "id")) {
                try (view) {
                    assertThat(view.rowCount()).isPositive();
                    for (int i = 0; i < view.rowCount(); i++) {
                        found.add(view.getLong(i));
                    }
                }
            }
            assertThat(found)
                    .containsExactlyInAnyOrderElementsOf(
                            rows.values().stream().filter(matches).map(Row::id).toList());
        }
    }
}
