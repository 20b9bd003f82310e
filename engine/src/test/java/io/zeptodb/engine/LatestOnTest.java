package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.spec.SpecAnswer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * LATEST ON, which reads runs from their ends, gives what numbering all rows gives: with late rows, equal times, NULL keys and times, deleted rows,
 * sealed and hot segments, and filters that leave out most. {@code -Dseeds=} runs more of them.
 */
class LatestOnTest {
    private static final long START = 1_700_000_000_000_000_000L;
    private static final long MINUTE = 60_000_000_000L;

    private static final List<String> CONDITIONS = List.of(
            "TRUE",
            "n < 3",
            "n = 999",
            "n > 900",
            "key = 'k1'",
            "key IN ('k0', 'k3', 'none') AND n > 10",
            "ts < CAST(%d AS TIMESTAMP)",
            "ts >= CAST(%d AS TIMESTAMP)",
            "ts >= CAST(%d AS TIMESTAMP) AND n < 100",
            "ts BETWEEN CAST(%d AS TIMESTAMP) AND CAST(%d AS TIMESTAMP) + INTERVAL '2' HOUR AND note IS NOT NULL",
            "note LIKE 'b%%'",
            "key IS NULL");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "key SYMBOL|PARTITION BY key, HOUR(ts)",
                "key SYMBOL|PARTITION BY key",
                "key SYMBOL|PARTITION BY HOUR(ts)",
                "key SYMBOL|PARTITION BY NONE",
            })
    void theLastRowOfEachKey(String layout) {
        for (long seed = 1; seed <= Long.getLong("seeds", 3); seed++) {
            try (Database database = Engine.open(Map.of("threads", "2", "seal_rows", "1500"));
                    Session session = database.openSession()) {
                new Round(database, session, seed).run(layout);
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static final class Round {
        private final Database database;
        private final Session session;
        private final Random random;
        private long id;
        private long clock = START;

        Round(Database database, Session session, long seed) {
            this.database = database;
            this.session = session;
            this.random = new Random(seed);
        }

        void run(String layout) {
            String[] parts = layout.split("\\|");
            session.update("CREATE TABLE t (id BIGINT, " + parts[0]
                    + ", ts TIMESTAMP_NS, n INTEGER, note VARCHAR) TIMESTAMP(ts) " + parts[1]);
            check();
            for (int step = 0; step < 12; step++) {
                insert(random.nextInt(4) == 0 ? 1500 : 1 + random.nextInt(60));
                switch (random.nextInt(6)) {
                    case 0 -> database.checkpoint();
                    case 1 -> session.update("DELETE FROM t WHERE id % " + (2 + random.nextInt(9)) + " = 0");
                    case 2 -> session.update("DELETE FROM t WHERE id > " + (id - random.nextInt(40)));
                    case 3 -> session.update("DELETE FROM t WHERE key = 'k" + random.nextInt(6) + "' AND n > 5");
                    default -> {}
                }
                check();
            }
        }

        private void insert(int count) {
            StringBuilder sql = new StringBuilder("INSERT INTO t VALUES ");
            for (int i = 0; i < count; i++) {
                clock += random.nextInt(3) * MINUTE / 4;
                long time = clock - (random.nextInt(12) == 0 ? random.nextInt(300) * MINUTE : 0);
                sql.append(i == 0 ? "" : ", ")
                        .append("(")
                        .append(id++)
                        .append(random.nextInt(15) == 0 ? ", NULL" : ", 'k" + random.nextInt(6) + "'")
                        .append(random.nextInt(40) == 0 ? ", NULL" : ", CAST(" + time + " AS TIMESTAMP)")
                        .append(", ")
                        .append(random.nextInt(1000))
                        .append(
                                random.nextInt(3) == 0
                                        ? ", NULL)"
                                        : ", '" + "abc".charAt(random.nextInt(3)) + id + "')");
            }
            session.update(sql.toString());
        }

        private void check() {
            for (String condition : CONDITIONS) {
                long time = START + (long) (random.nextDouble() * (clock - START + MINUTE));
                String where = condition.replace("%d", Long.toString(time)).replace("%%", "%");
                String columns = "SELECT id, key, ts, n, note FROM t WHERE ";
                String latest = columns + where + " LATEST ON ts PARTITION BY key";
                String numbered = columns + where + " AND ts IS NOT NULL"
                        + " QUALIFY row_number() OVER (PARTITION BY key ORDER BY ts DESC, id DESC) = 1";
                assertThat(sorted(latest)).as(latest).isEqualTo(sorted(numbered));
            }
        }

        private List<String> sorted(String sql) {
            return SpecAnswer.rows(session, sql).stream().sorted().collect(Collectors.toList());
        }
    }
}
