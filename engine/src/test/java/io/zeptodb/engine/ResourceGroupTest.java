package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.AccessPolicy;
import io.zeptodb.engine.api.AccessRights;
import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.Pipeline;
import io.zeptodb.engine.api.PipelineOptions;
import io.zeptodb.engine.api.ResourceGroup;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.api.UserRole;
import io.zeptodb.engine.spec.SpecAnswer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.util.TransferPair;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the sessions of a group hold together has a limit, which no other session feels. */
@Timeout(120)
class ResourceGroupTest {
    private static final int ROWS = 50_000;
    private static final long LIMIT = 12_000_000;
    private static final String SORT = "SELECT v FROM t ORDER BY v DESC";
    /** Does not spill. */
    private static final String DISTINCT = "SELECT COUNT(DISTINCT v) FROM t";

    @TempDir
    private Path temp;

    private Database database;
    private Session all;

    @BeforeAll
    static void warmUp() {
        Engine.open(Map.of()).close();
    }

    @BeforeEach
    void open() {
        database = Engine.open(Map.of("threads", "2", "memory_limit", "200MB", "temp_directory", temp.toString()));
        all = database.openSession();
        all.update("CREATE TABLE t (v BIGINT)");
        try (Pipeline pipeline = database.openPipeline("t", PipelineOptions.SYNCHRONOUS)) {
            for (long i = 0; i < ROWS; i++) {
                pipeline.ingest(i * 7919 % 1_000_003);
            }
        }
        database.checkpoint();
    }

    @AfterEach
    void close() {
        database.close();
        assertThat(database.statistics().allocatedBytes()).isZero();
    }

    private record Member(String user, long limit) implements AccessPolicy {
        @Override
        public AccessRights rights() {
            return AccessRights.ofRole(UserRole.ADMIN);
        }

        @Override
        public ResourceGroup group() {
            return new ResourceGroup("user '" + user + "'", limit, "user_memory_limit");
        }
    }

    private Session of(String user) {
        return database.openSession(new Member(user, LIMIT));
    }

    private int groups() {
        return ((Engine) database).groups().count();
    }

    private static void assertRefused(ThrowingCallable what) {
        assertThatThrownBy(what)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY))
                .hasMessageContaining("user 'ann' has ")
                .hasMessageContaining(" of " + LIMIT + " bytes in all sessions together")
                .hasMessageContaining("raise user_memory_limit");
    }

    private static long one(Session session, String sql) {
        return Long.parseLong(SpecAnswer.rows(session, sql).get(0));
    }

    /** Opens results until there is no room: their bytes are those of the columns that are sorted. */
    private static List<BatchCursor> fill(Session one, Session other) {
        List<BatchCursor> open = new ArrayList<>();
        assertRefused(() -> {
            while (open.size() < 1_000) {
                BatchCursor cursor = (open.size() % 2 == 0 ? one : other).query(SORT + " LIMIT 100000");
                open.add(cursor);
                cursor.next();
            }
        });
        return open;
    }

    /** How many results of one kind have room. */
    private static int openResults(Session session) {
        List<BatchCursor> open = fill(session, session);
        open.forEach(BatchCursor::close);
        return open.size();
    }

    @Test
    void resultsOfAllItsSessionsCountTogetherAndThoseOfOthersDoNot() {
        try (Session first = of("ann");
                Session second = of("ann");
                Session bob = of("bob")) {
            assertThat(groups()).isEqualTo(2);
            List<BatchCursor> open = fill(first, second);
            assertThat(open).hasSizeBetween(4, 60);
            assertRefused(() -> SpecAnswer.rows(first, DISTINCT));
            assertRefused(() -> SpecAnswer.rows(second, DISTINCT));
            assertThat(one(bob, DISTINCT)).isEqualTo(ROWS);
            assertThat(one(all, DISTINCT)).isEqualTo(ROWS);
            // a session that comes later finds no more room
            try (Session third = first.database().openSession()) {
                assertRefused(() -> SpecAnswer.rows(third, DISTINCT));
            }
            open.forEach(BatchCursor::close);
            assertThat(one(first, DISTINCT)).isEqualTo(ROWS);
            assertThat(one(second, DISTINCT)).isEqualTo(ROWS);
        }
        assertThat(groups()).isZero();
    }

    @Test
    void aQueryThatFindsLittleRoomSpillsOrIsRefused() {
        List<String> expected = SpecAnswer.rows(all, SORT);
        try (Session first = of("ann");
                Session second = of("ann")) {
            int answered = 0;
            long spilled = ((Engine) database).spill().writtenBytes();
            List<ArrowBuf> held = new ArrayList<>();
            BufferAllocator taken = first.database().allocator();
            try {
                for (long bytes = 0; bytes < LIMIT; bytes += 1_000_000) {
                    held.add(taken.buffer(1_000_000));
                    List<String> rows;
                    try {
                        rows = SpecAnswer.rows(second, SORT);
                    } catch (EngineException e) {
                        assertRefused(() -> {
                            throw e;
                        });
                        continue;
                    }
                    assertThat(rows).isEqualTo(expected);
                    answered++;
                }
            } catch (org.apache.arrow.memory.OutOfMemoryException e) {
                assertThat(held).hasSizeGreaterThan(5);
            } finally {
                held.forEach(ArrowBuf::close);
            }
            assertThat(answered).isBetween(1, 11);
            assertThat(((Engine) database).spill().writtenBytes()).isGreaterThan(spilled);
        }
    }

    @Test
    void changesOfOpenTransactionsCount() {
        try (Session first = of("ann");
                Session second = of("ann")) {
            int alone = openResults(second);
            first.begin();
            first.update("INSERT INTO t SELECT * FROM t");
            assertThat(openResults(second)).isBetween(1, alone - 1);
            assertRefused(() -> {
                for (int i = 0; i < 100; i++) {
                    first.update("INSERT INTO t SELECT * FROM t LIMIT 100000");
                }
            });
            first.rollback();
            assertThat(openResults(second)).isEqualTo(alone);
            assertThat(one(second, DISTINCT)).isEqualTo(ROWS);
            first.begin();
            first.update("INSERT INTO t VALUES (-1)");
            first.commit();
            assertThat(one(second, DISTINCT)).isEqualTo(ROWS + 1);
        }
        assertThat(groups()).isZero();
    }

    @Test
    void theLimitIsThatOfTheSessionWhichWasOpenedLast() {
        try (Session first = of("ann")) {
            assertThat(one(first, DISTINCT)).isEqualTo(ROWS);
            try (Session second = database.openSession(new Member("ann", 100_000))) {
                assertThatThrownBy(() -> SpecAnswer.rows(first, DISTINCT)).hasMessageContaining(" of 100000 bytes");
                assertThatThrownBy(() -> SpecAnswer.rows(second, DISTINCT)).hasMessageContaining(" of 100000 bytes");
            }
            try (Session third = of("ann")) {
                assertThat(one(third, DISTINCT)).isEqualTo(ROWS);
            }
        }
    }

    @Test
    void whatIsKeptOfAResultCountsUntilItIsGivenBack() {
        List<FieldVector> kept = new ArrayList<>();
        BufferAllocator own;
        try (Session first = of("ann")) {
            own = first.database().allocator().newChildAllocator("kept", 0, Long.MAX_VALUE);
            try (BatchCursor cursor = first.query(SORT)) {
                while (cursor.next()) {
                    TransferPair moved = cursor.batch().getVector(0).getTransferPair(own);
                    moved.transfer();
                    kept.add((FieldVector) moved.getTo());
                }
            }
        }
        assertThat(own.getAllocatedMemory()).isGreaterThanOrEqualTo(ROWS * Long.BYTES);
        assertThat(groups()).isEqualTo(1);
        long used = own.getAllocatedMemory();
        try (Session again = of("ann")) {
            assertThatThrownBy(() -> again.database().allocator().buffer(LIMIT - used + 1))
                    .isInstanceOf(org.apache.arrow.memory.OutOfMemoryException.class);
            assertThat(one(all, DISTINCT)).isEqualTo(ROWS);
        }
        assertThat(((org.apache.arrow.vector.BigIntVector) kept.get(0)).get(0)).isPositive();
        kept.forEach(FieldVector::close);
        own.close();
    }

    @Test
    void aCloseOfTheDatabaseNamesTheGroupOfWhichAByteIsHeld() {
        Database other = Engine.open(Map.of());
        Session session = other.openSession(new Member("ann", LIMIT));
        ArrowBuf held = session.database().allocator().buffer(64);
        assertThatThrownBy(other::close)
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("64 bytes of user 'ann' are still held");
        held.close();
        assertThatThrownBy(() -> other.openSession(new Member("ann", LIMIT)))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
    }

    @Test
    void aLimitThatIsMoreThanTheDatabaseHasIsTheDatabases() {
        try (Session session = database.openSession(new AccessPolicy() {
            @Override
            public String user() {
                return "ann";
            }

            @Override
            public AccessRights rights() {
                return AccessRights.ofRole(UserRole.READER);
            }

            @Override
            public Map<String, String> limits() {
                return Map.of("query_memory_limit", "900GB", "max_result_rows", "3");
            }

            @Override
            public ResourceGroup group() {
                return new ResourceGroup("user 'ann'", Long.MAX_VALUE, "user_memory_limit");
            }
        })) {
            assertThat(((EngineSession) session).config().queryMemoryLimitBytes())
                    .isEqualTo(database.config().queryMemoryLimitBytes());
            assertThat(((EngineSession) session).config().limits().maxResultRows())
                    .isEqualTo(3);
            assertThat(one(session, DISTINCT)).isEqualTo(ROWS);
        }
        assertThatThrownBy(() -> new ResourceGroup("a", 0, "b")).hasMessageContaining("1 byte and more, got 0");
    }

    /** Sessions come and go, queries run, are refused, cancelled and left open. */
    @Test
    void manyThreadsOfOneGroupLeaveNothing() throws Exception {
        AtomicInteger refused = new AtomicInteger();
        int threads = 4;
        int fillings = 4;
        try (Session alone = of("ann")) {
            assertThat(one(alone, DISTINCT)).as("there is room for one").isEqualTo(ROWS);
        }
        try (Crew crew = new Crew()) {
            for (int t = 0; t < threads; t++) {
                crew.start("member " + t, () -> {
                    for (int i = 0; i < 10 * fillings; i++) {
                        boolean fills = i % 10 == 9; // alone it asks for more than there is room for
                        try (Session session = of("ann")) {
                            List<BatchCursor> open = new ArrayList<>();
                            try {
                                int most = fills
                                        ? 100
                                        : ThreadLocalRandom.current().nextInt(4);
                                for (int n = most; n >= 0; n--) {
                                    BatchCursor cursor = session.query(SORT + " LIMIT 100000");
                                    open.add(cursor);
                                    assertThat(cursor.next()).isTrue();
                                }
                                assertThat(one(session, DISTINCT)).isEqualTo(ROWS);
                            } catch (EngineException e) {
                                assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
                                assertThat(e).hasMessageContaining("user 'ann' has");
                                refused.incrementAndGet();
                            }
                            if (i % 2 == 0) {
                                open.forEach(BatchCursor::close);
                            }
                        }
                    }
                });
            }
            crew.start("others", () -> {
                for (int i = 0; i < 20; i++) {
                    assertThat(one(all, DISTINCT)).isEqualTo(ROWS);
                }
            });
        }
        assertThat(refused.get())
                .as("each of the threads, each time that it fills the room")
                .isGreaterThanOrEqualTo(fillings * threads);
        assertThat(groups()).isZero();
        try (Session alone = of("ann")) {
            assertThat(one(alone, DISTINCT)).as("all of it is given back").isEqualTo(ROWS);
        }
    }
}
