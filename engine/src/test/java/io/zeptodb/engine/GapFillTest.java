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
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Filling gaps: its parameters, its memory, and that it stops when it is told to. */
class GapFillTest {
    private static final long START = 1_704_067_200_000_000_000L;
    private static final long MINUTE = 60_000_000_000L;

    private Database database = Engine.open(Map.of("threads", "2"));
    private Session session = database.openSession();

    private void reopen(Map<String, String> options) {
        database.close();
        database = Engine.open(options);
        session = database.openSession();
    }

    @AfterEach
    void nothingIsLeft() {
        database.close();
        assertThat(database.statistics().allocatedBytes()).isZero();
    }

    private void fill(int keys) {
        session.update("CREATE TABLE t (k INTEGER, v DOUBLE, ts TIMESTAMP_NS) PARTITION BY NONE");
        try (Pipeline pipeline = database.openPipeline("t", PipelineOptions.SYNCHRONOUS)) {
            for (int i = 0; i < keys; i++) {
                pipeline.ingest(i, i * 0.5, START + i * 1_000_000L);
            }
        }
    }

    private String rows(String sql, Object... parameters) {
        StringBuilder text = new StringBuilder();
        try (BatchCursor cursor = session.query(sql, parameters)) {
            while (cursor.next()) {
                for (int row = 0; row < cursor.batch().getRowCount(); row++) {
                    for (int column = 0;
                            column < cursor.batch().getFieldVectors().size();
                            column++) {
                        text.append(column == 0 ? "" : " ")
                                .append(cursor.batch().getVector(column).getObject(row));
                    }
                    text.append('\n');
                }
            }
        }
        return text.toString();
    }

    @Test
    void questionMarksStandForWidthRangeAndValues() {
        session.update("CREATE TABLE t (symbol SYMBOL, v BIGINT, ts TIMESTAMP_NS)");
        session.update("INSERT INTO t VALUES ('A', 5, '2024-01-01 00:01:00'), ('B', 7, '2024-01-01 00:01:30')");
        String sql = "SELECT sum(v), count(*) + ? FROM t WHERE symbol = ? SAMPLE BY ? FROM ? TO ? FILL (?)";
        assertThat(rows(sql, 100L, "A", MINUTE, START, START + 3 * MINUTE, -1L)).isEqualTo("-1 -1\n5 101\n-1 -1\n");
        assertThat(rows("SELECT sum(v) FROM t SAMPLE BY ? FROM ? TO ?", MINUTE / 2, START, START + 2 * MINUTE))
                .isEqualTo("5\n7\n");
    }

    @Test
    void aRangeOfManyBucketsStreamsAndStopsWhenItIsCancelled() {
        fill(10);
        String sql =
                "SELECT k, ts, max(v) FROM t SAMPLE BY 1ms FROM '2024-01-01 00:00:00' TO '2024-01-01 02:40:00' FILL (PREV)";
        try (BatchCursor cursor = session.query(sql)) {
            for (int i = 0; i < 3; i++) {
                assertThat(cursor.next()).isTrue();
            }
            session.cancel();
            assertThatThrownBy(() -> {
                        while (cursor.next()) {
                            assertThat(cursor.batch().getRowCount()).isPositive();
                        }
                    })
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
        }
    }

    @Test
    void moreRowsThanAnybodyLooksAtAreRefusedWithTheirNumber() {
        fill(1000);
        String sql =
                "SELECT k, ts, max(v) FROM t SAMPLE BY 1ms FROM '2024-01-01 00:00:00' TO '2024-01-02 00:00:00' FILL (PREV)";
        assertThatThrownBy(() -> rows(sql))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("86,400,000,000 rows")
                .hasMessageContaining("for 1,000 groups");
    }

    @Test
    void theRowsThatAreKeptCountAsMemory() {
        reopen(Map.of("threads", "2", "query_memory_limit", "3000000"));
        fill(200_000);
        assertThatThrownBy(() -> rows("SELECT k, ts, max(v) FROM t SAMPLE BY 1h FILL (PREV)"))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.sqlState()).startsWith("53"));
        assertThat(rows("SELECT count(*) FROM (SELECT ts, max(v) FROM t SAMPLE BY 1s FILL (PREV)) AS x"))
                .isEqualTo("200\n");
    }
}
