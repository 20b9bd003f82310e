package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.engine.api.PreparedQuery;
import io.zeptodb.engine.api.Session;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** While one statement writes for hours, the waits of others for it are ended by a cancel, a time-out and the close of the database; by no interrupt. */
@Timeout(120)
class GateWaitsTest {
    private static final int ROWS = 20_000;
    private static final String LONG_INSERT = "INSERT INTO sink SELECT v FROM t UNION ALL"
            + " SELECT COUNT(*) FROM t a JOIN t b ON a.v * b.v + a.v = -1 JOIN t c ON b.v * c.v + b.v = -1";
    private static final ExecutionOptions SOON = new ExecutionOptions(TimeUnit.MILLISECONDS.toNanos(40), 0);
    /** Stands for none. */
    private static final ErrorCode DONE = ErrorCode.INTERNAL_ERROR;

    private static final String COMMIT = "COMMIT";
    /** Session.commit(), which is no statement. */
    private static final String COMMIT_OF_SESSION = "commit()";

    @TempDir
    Path folder;

    private Database database;
    private final AtomicReference<ErrorCode> held = new AtomicReference<>();
    private int backups;
    /** Rows of the table that all want to write to. */
    private long stored;

    @BeforeEach
    void open() {
        database = Engine.open(folder.resolve("db").toString(), Map.of("threads", "1"));
        FolderTest.run(
                database,
                "CREATE TABLE t (v BIGINT NOT NULL)",
                "CREATE TABLE sink (v BIGINT)",
                "INSERT INTO t WITH RECURSIVE r (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM r WHERE i < 199)"
                        + " SELECT x.i * 200 + y.i FROM r x CROSS JOIN r y WHERE x.i < " + ROWS / 200);
    }

    @AfterEach
    void nothingIsBroken() throws Exception {
        database.close();
        assertThat(database.allocator().getAllocatedMemory()).isZero();
        assertThat(FolderCheck.run(
                        folder.resolve("db").toString(),
                        finding -> assertThat(finding.isGood())
                                .as(finding.toString())
                                .isTrue()))
                .isTrue();
        try (Database again = Engine.open(folder.resolve("db").toString(), Map.of());
                Session session = again.openSession()) {
            assertThat(count(session, "t")).isEqualTo(ROWS);
            assertThat(count(session, "sink")).isEqualTo(stored);
        }
    }

    private static long count(Session session, String table) {
        try (BatchCursor cursor = session.query("SELECT COUNT(*) FROM " + table)) {
            cursor.next();
            return (long) cursor.batch().getVector(0).getObject(0);
        }
    }

    private static @Nullable ErrorCode codeOf(Crew.Work work) throws Exception {
        try {
            work.run();
            return null;
        } catch (EngineException e) {
            return e.code();
        }
    }

    private void hold(Crew crew, Session holder) throws InterruptedException {
        long before = database.statistics().rowsScanned();
        crew.start("holder", () -> held.set(codeOf(() -> holder.update(LONG_INSERT))));
        // when it reads what comes behind its first rows, it has stored those and holds the writers' gate
        while (database.statistics().rowsScanned() < before + ROWS + 1) {
            Thread.sleep(1);
        }
    }

    private List<String> waits() {
        return List.of(
                "CHECKPOINT",
                "BACKUP TO '" + folder.resolve("backup" + ++backups) + "'",
                "INSERT INTO sink VALUES (1)",
                "DELETE FROM sink",
                COMMIT,
                COMMIT_OF_SESSION);
    }

    /** What waits for the gate; a transaction that waits for its commit is begun first. */
    private static Crew.Work prepared(Session session, String what, ExecutionOptions options) {
        if (what.equals(COMMIT) || what.equals(COMMIT_OF_SESSION)) {
            session.begin();
            session.update("INSERT INTO sink VALUES (2)");
        }
        if (what.equals(COMMIT_OF_SESSION)) {
            return session::commit;
        }
        return () -> {
            try (PreparedQuery query = session.prepare(what)) {
                query.update(List.of(), options);
            }
        };
    }

    @Test
    void aCancelEndsTheWait() throws Exception {
        try (Crew crew = new Crew();
                Session holder = database.openSession();
                Session waiting = database.openSession()) {
            hold(crew, holder);
            for (String what : waits()) {
                AtomicReference<ErrorCode> code = new AtomicReference<>();
                Crew.Work work = prepared(waiting, what, ExecutionOptions.DEFAULT);
                Thread thread = crew.start(what, () -> code.set(codeOf(work)));
                while (thread.isAlive()) {
                    waiting.cancel(); // again and again: it concerns only what runs
                    Thread.sleep(1);
                }
                assertThat(code.get()).as(what).isEqualTo(ErrorCode.CANCELLED);
                assertThat(waiting.inTransaction()).as(what).isFalse();
            }
            holder.cancel();
            crew.join();
            waiting.update("CHECKPOINT");
        }
        assertThat(held.get()).isEqualTo(ErrorCode.CANCELLED);
    }

    @Test
    void aTimeOutEndsTheWait() throws Exception {
        try (Crew crew = new Crew();
                Session holder = database.openSession();
                Session waiting = database.openSession()) {
            hold(crew, holder);
            for (String what : waits()) {
                if (!what.equals(COMMIT_OF_SESSION)) {
                    Crew.Work work = prepared(waiting, what, SOON);
                    assertThat(codeOf(work)).as(what).isEqualTo(ErrorCode.TIMEOUT);
                    assertThat(waiting.inTransaction()).as(what).isFalse();
                }
            }
            holder.cancel();
            crew.join();
            waiting.update("BACKUP TO '" + folder.resolve("whole") + "'");
        }
        try (Database copy = Engine.open(folder.resolve("whole").toString(), Map.of());
                Session session = copy.openSession()) {
            assertThat(count(session, "t")).isEqualTo(ROWS);
        }
    }

    @Test
    void theCloseOfTheDatabaseEndsTheWait() throws Exception {
        Map<String, ErrorCode> codes = new ConcurrentHashMap<>();
        try (Crew crew = new Crew()) {
            hold(crew, database.openSession());
            List<Thread> threads = new ArrayList<>();
            for (String what : waits()) {
                if (!what.startsWith("DELETE")) {
                    Crew.Work work = prepared(database.openSession(), what, ExecutionOptions.DEFAULT);
                    threads.add(crew.start(what, () -> {
                        ErrorCode code = codeOf(work);
                        codes.put(what, code == null ? DONE : code);
                    }));
                }
            }
            for (Thread thread : threads) {
                while (thread.isAlive() && thread.getState() != Thread.State.TIMED_WAITING) {
                    Thread.sleep(1); // until it waits
                }
            }
            database.close();
        }
        // the holder ends too: one that waited may have come through behind it, and what it was told is true
        assertThat(codes.values()).hasSize(5);
        assertThat(codes.values()).isSubsetOf(ErrorCode.CLOSED, DONE);
        stored = codes.entrySet().stream()
                .filter(each -> each.getValue() == DONE)
                .filter(each -> each.getKey().startsWith("INSERT")
                        || each.getKey().equals(COMMIT)
                        || each.getKey().equals(COMMIT_OF_SESSION))
                .count();
        assertThat(held.get()).isEqualTo(ErrorCode.CLOSED);
    }

    @Test
    void anInterruptDoesNot() throws Exception {
        AtomicBoolean interrupted = new AtomicBoolean();
        AtomicReference<ErrorCode> code = new AtomicReference<>(ErrorCode.INTERNAL_ERROR);
        try (Crew crew = new Crew();
                Session holder = database.openSession();
                Session waiting = database.openSession()) {
            hold(crew, holder);
            Thread thread = crew.start("checkpoint", () -> {
                code.set(codeOf(() -> waiting.update("CHECKPOINT")));
                interrupted.set(Thread.interrupted());
            });
            while (thread.getState() != Thread.State.TIMED_WAITING) {
                Thread.sleep(1);
            }
            for (int i = 0; i < 20; i++) {
                thread.interrupt();
                Thread.sleep(1);
            }
            assertThat(thread.isAlive()).isTrue();
            holder.cancel();
            crew.join();
        }
        assertThat(code.get()).isNull();
        assertThat(interrupted.get()).isTrue();
    }
}
