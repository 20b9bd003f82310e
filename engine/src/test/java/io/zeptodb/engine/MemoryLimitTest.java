package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.Pipeline;
import io.zeptodb.engine.api.PipelineOptions;
import io.zeptodb.engine.api.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The limit of the database bounds the queries of all sessions together, with their arrays on the Java heap. */
class MemoryLimitTest {
    private static final int ROWS = 100_000;
    private static final long LIMIT = 40_000_000;
    private static final String SORT = "SELECT v FROM t ORDER BY v DESC";
    private static final String DISTINCT = "SELECT COUNT(DISTINCT v) FROM t";

    private final Database database = Engine.open(Map.of("threads", "2", "memory_limit", Long.toString(LIMIT)));
    private final Session session = database.openSession();

    /** The first database of the JVM warms the planner up and takes memory for it, until its close at the latest. */
    @BeforeAll
    static void warmUp() {
        Engine.open(Map.of()).close();
    }

    @BeforeEach
    void fill() {
        session.update("CREATE TABLE t (v BIGINT)");
        try (Pipeline pipeline = database.openPipeline("t", PipelineOptions.SYNCHRONOUS)) {
            for (long i = 0; i < ROWS; i++) {
                pipeline.ingest(i);
            }
        }
        database.checkpoint();
    }

    @AfterEach
    void close() {
        database.close();
        assertThat(database.statistics().allocatedBytes()).isZero();
    }

    private void run(String sql) {
        try (BatchCursor cursor = session.query(sql)) {
            assertThat(cursor.next()).isTrue();
        }
    }

    private static void assertRefused(EngineException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
        assertThat(e).hasMessageContaining("the database has").hasMessageContaining("of " + LIMIT + " bytes");
    }

    @Test
    void aHashTableIsRefusedByTheDatabasesLimitAndNothingOfItStaysCounted() {
        run(DISTINCT);
        long before = database.statistics().allocatedBytes();
        // the query's own limit is the database's: what is left is below both
        try (ArrowBuf held = database.allocator().buffer(LIMIT - before - 1_000_000)) {
            long counted = database.statistics().allocatedBytes();
            assertThat(counted).isEqualTo(before + held.capacity());
            for (int round = 0; round < 3; round++) {
                assertThatThrownBy(() -> run(DISTINCT))
                        .isInstanceOfSatisfying(EngineException.class, MemoryLimitTest::assertRefused);
                assertThat(database.statistics().allocatedBytes()).isEqualTo(counted);
            }
        }
        run(DISTINCT);
        assertThat(database.statistics().allocatedBytes()).isEqualTo(before);
    }

    @Test
    void queriesThatAreOpenTogetherShareTheLimit() {
        List<BatchCursor> open = new ArrayList<>();
        assertThatThrownBy(() -> {
                    while (open.size() < LIMIT / (ROWS * Long.BYTES)) {
                        BatchCursor cursor = session.query(SORT);
                        open.add(cursor);
                        cursor.next();
                    }
                })
                .isInstanceOfSatisfying(EngineException.class, MemoryLimitTest::assertRefused);
        assertThat(database.statistics().allocatedBytes()).isLessThanOrEqualTo(LIMIT);
        assertThat(open).hasSizeGreaterThan(2);
        open.forEach(BatchCursor::close);
        run(SORT);
    }
}
