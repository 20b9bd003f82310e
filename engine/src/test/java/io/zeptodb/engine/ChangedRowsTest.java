package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.engine.api.Pipeline;
import io.zeptodb.engine.api.PipelineOptions;
import io.zeptodb.engine.api.PreparedQuery;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.api.StatementKind;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.vector.BigIntVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** UPDATE, DELETE and ALTER TABLE beside each other and beside writers, in little memory, and stopped half-way. */
class ChangedRowsTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 100;

    private final Database database = Engine.open(Map.of("threads", "2", "memory_limit", "200000000"));
    private final Session session = database.openSession();

    @AfterEach
    void close() {
        database.close();
        assertThat(database.statistics().allocatedBytes()).isZero();
    }

    private static long number(Session session, String sql) {
        try (BatchCursor cursor = session.query(sql)) {
            assertThat(cursor.next()).isTrue();
            return ((BigIntVector) cursor.batch().getVector(0)).get(0);
        }
    }

    private void fill(int rows) {
        session.update("CREATE TABLE t (id BIGINT, v VARCHAR)");
        try (Pipeline pipeline = database.openPipeline("t", PipelineOptions.SYNCHRONOUS)) {
            for (long i = 0; i < rows; i++) {
                pipeline.ingest(i, "a text of some length for row " + i);
            }
        }
    }

    @Test
    void updatesOfTheSameRowNeverConflictAndNoneIsLost() throws InterruptedException {
        session.update("CREATE TABLE counter (n BIGINT, who VARCHAR)");
        session.update("INSERT INTO counter VALUES (0, '')");
        try (Crew crew = new Crew()) {
            for (int i = 0; i < THREADS; i++) {
                crew.start("updater " + i, () -> {
                    try (Session own = database.openSession()) {
                        for (int round = 0; round < ROUNDS; round++) {
                            assertThat(own.update("UPDATE counter SET n = n + 1, who = who || ?", "."))
                                    .isEqualTo(1);
                        }
                    }
                });
            }
            crew.start("sealer", () -> {
                while (number(session, "SELECT n FROM counter") < THREADS * ROUNDS && !crew.hasFailed()) {
                    database.checkpoint();
                }
            });
        }
        assertThat(number(session, "SELECT n FROM counter")).isEqualTo(THREADS * ROUNDS);
        assertThat(number(session, "SELECT CAST(length(who) AS BIGINT) FROM counter"))
                .isEqualTo(THREADS * ROUNDS);
    }

    @Test
    void batchesOfUpdatesAreOneTransactionEachAndNoneIsLost() throws InterruptedException {
        session.update("CREATE TABLE counter (id BIGINT, n BIGINT)");
        session.update("INSERT INTO counter VALUES (1, 0), (2, 0)");
        try (Crew crew = new Crew()) {
            for (int i = 0; i < THREADS; i++) {
                List<List<Long>> both =
                        i % 2 == 0 ? List.of(List.of(1L), List.of(2L)) : List.of(List.of(2L), List.of(1L));
                crew.start("updater " + i, () -> {
                    try (Session own = database.openSession();
                            PreparedQuery update = own.prepare("UPDATE counter SET n = n + 1 WHERE id = ?")) {
                        for (int round = 0; round < ROUNDS / 4; round++) {
                            assertThat(update.updateBatch(both, ExecutionOptions.DEFAULT))
                                    .containsExactly(1, 1);
                        }
                    }
                });
            }
            crew.start("reader", () -> {
                try (Session own = database.openSession()) {
                    long sum = 0;
                    while (sum < THREADS * ROUNDS / 2 && !crew.hasFailed()) {
                        assertThat(number(own, "SELECT max(n) - min(n) FROM counter"))
                                .isZero();
                        sum = number(own, "SELECT sum(n) FROM counter");
                    }
                }
            });
        }
        assertThat(number(session, "SELECT sum(n) FROM counter")).isEqualTo(THREADS * ROUNDS / 2);
    }

    @Test
    void statementsArePlannedAgainWhenTheTableIsAlteredBeforeTheyRun() throws InterruptedException {
        session.update("CREATE TABLE t (id BIGINT)");
        AtomicBoolean done = new AtomicBoolean();
        try (Crew crew = new Crew()) {
            for (int i = 0; i < 2; i++) {
                crew.start("writer " + i, () -> {
                    try (Session own = database.openSession()) {
                        for (int round = 0; round < ROUNDS; round++) {
                            own.update("INSERT INTO t (id) VALUES (1)");
                            own.update("UPDATE t SET id = id + 1");
                        }
                    } finally {
                        done.set(true);
                    }
                });
            }
            crew.start("alterer", () -> {
                try (Session own = database.openSession()) {
                    while (!done.get()) {
                        own.update("ALTER TABLE t ADD v VARCHAR");
                        own.update("ALTER TABLE t DROP v");
                    }
                }
            });
        }
        assertThat(number(session, "SELECT count(*) FROM t")).isEqualTo(2 * ROUNDS);
        assertThat(number(session, "SELECT max(id) FROM t")).isEqualTo(2 * ROUNDS + 1);
    }

    @Test
    void anUpdateThatPassesItsMemoryLeavesNothingBehind() {
        fill(50_000);
        session.update("SET query_memory_limit = '2MB'");
        assertThatThrownBy(() -> session.update("UPDATE t SET id = -id"))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY));
        assertThat(number(session, "SELECT min(id) FROM t")).isZero();
        assertThat(session.update("UPDATE t SET id = -id WHERE id < 5000")).isEqualTo(5000);
        assertThat(number(session, "SELECT min(id) FROM t")).isEqualTo(-4999);
        assertThat(session.update("DELETE FROM t")).isEqualTo(50_000);
    }

    @Test
    void aStatementThatIsStoppedChangesNothing() throws InterruptedException {
        fill(3_000);
        try (Crew crew = new Crew();
                PreparedQuery update = session.prepare(
                        "UPDATE t SET id = (SELECT count(*) FROM t a, t b, t c WHERE a.id + b.id + c.id < t.id)")) {
            crew.start(
                    "updater",
                    () -> assertThatThrownBy(() -> update.update(List.of(), ExecutionOptions.DEFAULT))
                            .isInstanceOfSatisfying(
                                    EngineException.class,
                                    e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED)));
            try (Session other = database.openSession()) {
                while (number(other, "SELECT count(*) FROM zepto_queries() WHERE sql_text LIKE 'UPDATE%'") == 0) {
                    Thread.onSpinWait();
                }
                update.cancel();
            }
        }
        assertThat(number(session, "SELECT sum(id) FROM t")).isEqualTo(3_000L * 2_999 / 2);
        session.update("DELETE FROM t WHERE id = 1");
    }

    @Test
    void statementsTellTheirKind() {
        fill(1);
        assertThat(kind("UPDATE t SET id = 1")).isEqualTo(StatementKind.UPDATE);
        assertThat(kind("DELETE FROM t")).isEqualTo(StatementKind.UPDATE);
        assertThat(kind("TRUNCATE t")).isEqualTo(StatementKind.DEFINITION);
        assertThat(kind("ALTER TABLE t ADD x INTEGER")).isEqualTo(StatementKind.DEFINITION);
        assertThat(kind("BEGIN")).isEqualTo(StatementKind.TRANSACTION);
        assertThat(kind("EXPLAIN DELETE FROM t")).isEqualTo(StatementKind.QUERY);
        assertThat(kind("SHOW CREATE TABLE t")).isEqualTo(StatementKind.QUERY);
    }

    private StatementKind kind(String sql) {
        try (PreparedQuery query = session.prepare(sql)) {
            assertThat(query.writes()).as(sql).isEqualTo(!sql.matches("(BEGIN|EXPLAIN|SHOW).*"));
            return query.kind();
        }
    }

    @Test
    void aPreparedUpdateIsPlannedOnce() {
        fill(10);
        try (PreparedQuery update = session.prepare("UPDATE t SET v = ? WHERE id = ?")) {
            for (long i = 0; i < 10; i++) {
                assertThat(update.update(List.of("x" + i, i), ExecutionOptions.DEFAULT))
                        .isEqualTo(1);
            }
            assertThatThrownBy(() -> update.update(List.of("x"), ExecutionOptions.DEFAULT))
                    .isInstanceOf(EngineException.class);
        }
        assertThat(number(session, "SELECT count(*) FROM t WHERE v = 'x' || CAST(id AS VARCHAR)"))
                .isEqualTo(10);
    }
}
