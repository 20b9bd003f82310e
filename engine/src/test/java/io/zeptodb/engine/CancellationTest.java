package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.engine.api.PreparedQuery;
import io.zeptodb.engine.api.Session;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Cancelling and closing of statements and sessions at every moment of their lives. */
@Timeout(60)
class CancellationTest {
    private static final int ROWS = 20_000;
    /** Hours of work. */
    private static final String LONG_QUERY =
            "SELECT COUNT(*) FROM t a JOIN t b ON a.v * b.v + a.v = -1 JOIN t c ON b.v * c.v + b.v = -1";
    /** The same behind rows that are stored at once. */
    private static final String LONG_INSERT = "INSERT INTO sink SELECT v FROM t UNION ALL " + LONG_QUERY;

    private final Database database = Engine.open(Map.of("threads", "2"));
    private final Session session = database.openSession();

    /** The first database of the JVM warms the planner up and takes memory for it, until its close at the latest. */
    @BeforeAll
    static void warmUp() {
        Engine.open(Map.of()).close();
    }

    @BeforeEach
    void makeTables() {
        session.update("CREATE TABLE t (v BIGINT NOT NULL)");
        session.update("CREATE TABLE sink (v BIGINT)");
        try (PreparedQuery insert = session.prepare("INSERT INTO t VALUES (?)")) {
            insert.updateBatch(
                    java.util.stream.LongStream.range(0, ROWS)
                            .mapToObj(List::of)
                            .toList(),
                    ExecutionOptions.DEFAULT);
        }
    }

    @AfterEach
    void nothingIsLeft() {
        database.close();
        assertThat(database.allocator().getAllocatedMemory()).isZero();
    }

    private static ErrorCode codeOf(Crew.Work work) throws Exception {
        try {
            work.run();
        } catch (EngineException e) {
            return e.code();
        }
        throw new AssertionError("nothing was thrown");
    }

    private long count(Session by, String table) {
        try (BatchCursor cursor = by.query("SELECT COUNT(*) FROM " + table)) {
            cursor.next();
            return (long) cursor.batch().getVector(0).getObject(0);
        }
    }

    private void awaitRunning(String part) throws InterruptedException {
        try (Session watcher = database.openSession()) {
            while (true) {
                try (BatchCursor cursor =
                        watcher.query("SELECT COUNT(*) FROM zepto_queries() WHERE sql_text LIKE ?", part + "%")) {
                    cursor.next();
                    if ((long) cursor.batch().getVector(0).getObject(0) > 0) {
                        return;
                    }
                }
                Thread.sleep(1);
            }
        }
    }

    /** Waits until statements have read so many rows more than {@code before}: they are in the middle, not only begun. */
    private void awaitScanned(long before, long rows) throws InterruptedException {
        while (database.statistics().rowsScanned() < before + rows) {
            Thread.sleep(1);
        }
    }

    @Test
    void aCancelWhileNothingRunsConcernsNoLaterStatement() {
        session.cancel();
        try (PreparedQuery query = session.prepare("SELECT COUNT(*) FROM t")) {
            for (int i = 0; i < 3; i++) {
                query.cancel();
                session.cancel();
                try (BatchCursor cursor = query.query(List.of(), ExecutionOptions.DEFAULT)) {
                    assertThat(cursor.next()).isTrue();
                }
                session.cancel();
            }
        }
        session.cancel();
        assertThat(count(session, "t")).isEqualTo(ROWS);
    }

    @Test
    void closingACursorFromAnotherThreadStopsTheQueryThatItWaitsFor() throws Exception {
        AtomicReference<ErrorCode> seen = new AtomicReference<>();
        BatchCursor cursor = session.query(LONG_QUERY);
        try (Crew crew = new Crew()) {
            long before = database.statistics().rowsScanned();
            crew.start("reader", () -> seen.set(codeOf(cursor::next)));
            awaitScanned(before, 1);
            cursor.close();
        }
        assertThat(seen.get()).isEqualTo(ErrorCode.CANCELLED);
    }

    @Test
    void aCursorThatIsCancelledSaysSoAndItsStatementRunsAgain() {
        try (PreparedQuery query = session.prepare("SELECT v FROM t")) {
            for (boolean bySession : new boolean[] {true, false}) {
                try (BatchCursor cursor = query.query(List.of(), ExecutionOptions.DEFAULT)) {
                    assertThat(cursor.next()).isTrue();
                    if (bySession) {
                        session.cancel();
                    } else {
                        query.cancel();
                    }
                    assertThatThrownBy(cursor::next)
                            .isInstanceOfSatisfying(
                                    EngineException.class,
                                    e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED))
                            .hasMessage("statement cancelled on the user's request");
                }
            }
            try (BatchCursor cursor = query.query(List.of(), ExecutionOptions.DEFAULT)) {
                assertThat(cursor.next()).isTrue();
            }
        }
    }

    @Test
    void whatIsStoppedForAnotherReasonSaysWhich() {
        session.stop(ErrorCode.ADMIN_SHUTDOWN, "while nothing runs"); // concerns nothing
        try (BatchCursor cursor = session.query("SELECT v FROM t")) {
            assertThat(cursor.next()).isTrue();
            session.stop(ErrorCode.ADMIN_SHUTDOWN, "going away");
            session.cancel(); // too late
            assertThatThrownBy(cursor::next)
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ADMIN_SHUTDOWN))
                    .hasMessage("going away");
        }
        session.begin();
        session.commit();
    }

    @Test
    void aCancelReachesWhatRunsInAnotherThread() throws Exception {
        try (Crew crew = new Crew()) {
            AtomicReference<ErrorCode> update = new AtomicReference<>();
            Session other = database.openSession();
            // often, for the cancel comes as soon as the statement is listed
            for (int round = 0; round < 50; round++) {
                AtomicReference<ErrorCode> query = new AtomicReference<>();
                Thread thread = crew.start(
                        "query",
                        () -> query.set(codeOf(() -> {
                            try (BatchCursor cursor = session.query(LONG_QUERY)) {
                                cursor.next();
                            }
                        })));
                awaitRunning("SELECT COUNT(*) FROM t a");
                session.cancel();
                thread.join();
                assertThat(query.get()).isEqualTo(ErrorCode.CANCELLED);
            }
            crew.start("update", () -> update.set(codeOf(() -> other.update(LONG_INSERT))));
            awaitRunning("INSERT INTO sink");
            other.cancel();
            crew.join();
            assertThat(update.get()).isEqualTo(ErrorCode.CANCELLED);
            assertThat(count(session, "sink")).isZero();
        }
    }

    @Test
    void aStatementThatWaitsForAnotherWriterCanBeCancelled() throws Exception {
        try (Crew crew = new Crew();
                Session holder = database.openSession();
                Session waiting = database.openSession()) {
            AtomicReference<ErrorCode> held = new AtomicReference<>();
            long before = database.statistics().rowsScanned();
            crew.start("holder", () -> held.set(codeOf(() -> holder.update(LONG_INSERT))));
            // when it reads what comes behind its first rows, it has stored those and holds the writers' gate
            awaitScanned(before, ROWS + 1);
            for (String sql :
                    List.of("INSERT INTO sink VALUES (1)", "CREATE TABLE another (v BIGINT)", "DROP TABLE sink")) {
                AtomicReference<ErrorCode> waited = new AtomicReference<>();
                Thread thread = crew.start(sql, () -> waited.set(codeOf(() -> waiting.update(sql))));
                awaitRunning(sql);
                while (thread.isAlive() && thread.getState() != Thread.State.TIMED_WAITING) {
                    Thread.sleep(1); // until it waits for the writers' gate
                }
                waiting.cancel();
                thread.join();
                assertThat(waited.get()).isEqualTo(ErrorCode.CANCELLED);
            }
            holder.cancel();
            crew.join();
            assertThat(held.get()).isEqualTo(ErrorCode.CANCELLED);
        }
        session.update("INSERT INTO sink VALUES (1)");
        assertThat(count(session, "sink")).isEqualTo(1);
    }

    @Test
    void closingAStatementOrItsSessionEndsWhatItRunsInAnotherThread() throws Exception {
        for (boolean closeSession : new boolean[] {false, true}) {
            try (Crew crew = new Crew()) {
                Session own = database.openSession();
                PreparedQuery insert = own.prepare(LONG_INSERT);
                AtomicReference<ErrorCode> code = new AtomicReference<>();
                crew.start("insert", () -> code.set(codeOf(() -> insert.update(List.of(), ExecutionOptions.DEFAULT))));
                awaitRunning("INSERT INTO sink");
                if (closeSession) {
                    own.close();
                } else {
                    insert.close();
                }
                crew.join();
                assertThat(code.get()).isEqualTo(closeSession ? ErrorCode.CLOSED : ErrorCode.STATEMENT_CLOSED);
                own.close();
            }
        }
        assertThat(count(session, "sink")).isZero();
    }

    @Test
    void aQueryThatCannotBeOpenedLeavesNothing() {
        long before = database.allocator().getAllocatedMemory();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> session.query("SELECT 1", 5)).isInstanceOf(EngineException.class);
            assertThatThrownBy(() -> session.query("INSERT INTO t VALUES (1)")).isInstanceOf(EngineException.class);
            assertThatThrownBy(() -> session.query("SELECT v FROM t WHERE v = ?", new Object()))
                    .isInstanceOf(EngineException.class);
            assertThat(count(session, "t")).isEqualTo(ROWS);
        }
        assertThat(session.toString()).isEqualTo("EngineSession[0 statements]");
        assertThat(database.allocator().getAllocatedMemory()).isEqualTo(before);
    }

    @Test
    void statementsThatRaceWithTheCloseOfTheirSessionEndClosedOrWhole() throws Exception {
        for (int round = 0; round < 100; round++) {
            Session own = database.openSession();
            AtomicBoolean ended = new AtomicBoolean();
            try (Crew crew = new Crew()) {
                for (int thread = 0; thread < 2; thread++) {
                    crew.start("statements", () -> {
                        while (!ended.get()) {
                            try (BatchCursor cursor = own.query("SELECT v FROM t")) {
                                while (cursor.next()) {
                                    own.cancel();
                                }
                            } catch (EngineException e) {
                                assertThat(e.code()).isIn(ErrorCode.CLOSED, ErrorCode.CANCELLED);
                                if (e.code() == ErrorCode.CLOSED) {
                                    ended.set(true);
                                }
                            }
                        }
                    });
                }
                if (round % 2 == 0) {
                    Thread.yield();
                } else {
                    Thread.sleep(1);
                }
                own.close();
                assertThat(codeOf(() -> own.prepare("SELECT 1"))).isEqualTo(ErrorCode.CLOSED);
            }
            assertThat(own.toString()).isEqualTo("EngineSession[0 statements]");
        }
        assertThat(count(session, "zepto_queries()")).isEqualTo(1);
    }
}
