package io.zeptodb.engine;

import static io.zeptodb.engine.CrashScriptTest.dump;
import static io.zeptodb.engine.FolderTest.count;
import static io.zeptodb.engine.FolderTest.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.store.CrashDirectory;
import io.zeptodb.engine.wal.LogSizes;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Changes that are too long for one record of the log, which here takes no more than some kilobytes. */
class SplitRecordsTest {
    private static final int MOST_BYTES = 4096;
    private static final LogSizes SIZES = new LogSizes(1 << 16, 1 << 12, 512, MOST_BYTES, Long.MAX_VALUE);
    private static final Map<String, String> OPTIONS = Map.of("threads", "1", "memory_limit", "64MB");
    private static final int ROWS = 5000;

    private final CrashDirectory disk = new CrashDirectory();

    private Database open(CrashDirectory directory) {
        return Engine.open(directory, OPTIONS, SIZES);
    }

    private static void makeRows(Database database, String table, String columns, String rows) {
        run(
                database,
                "CREATE TABLE " + table + " (" + columns + ")",
                "INSERT INTO " + table
                        + " WITH RECURSIVE r(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM r WHERE i < " + (ROWS - 1)
                        + ") SELECT " + rows + " FROM r");
    }

    /** Opened again twice: from the log, and when a checkpoint has come between. */
    private void expectSameRows(String before) {
        CrashDirectory left = disk.kill();
        try (Database database = open(left)) {
            assertThat(dump(database)).isEqualTo(before);
            run(database, "CHECKPOINT");
        }
        try (Database database = open(left)) {
            assertThat(dump(database)).isEqualTo(before);
        }
    }

    @Test
    void manyRowsAreDeletedAndUpdatedByOneStatement() {
        String before;
        try (Database database = open(disk)) {
            makeRows(database, "t", "i BIGINT, v BIGINT", "i, i");
            run(database, "UPDATE t SET v = -i WHERE i >= 100", "DELETE FROM t WHERE i >= 200 AND i < 4900");
            assertThat(count(database, "SELECT count(*) FROM t")).isEqualTo(300);
            run(database, "CHECKPOINT", "DELETE FROM t WHERE i < 4950");
            assertThat(count(database, "SELECT sum(v) FROM t")).isEqualTo(-50L * (4950 + 4999) / 2);
            before = dump(database);
            expectSameRows(before);
        }
        expectSameRows(before);
    }

    @Test
    void manyRowsReplaceThoseOfTheirKeys() {
        String before;
        try (Database database = open(disk)) {
            run(
                    database,
                    "CREATE TABLE s (i BIGINT, ts TIMESTAMP_NS)",
                    "INSERT INTO s WITH RECURSIVE r(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM r WHERE i < "
                            + (ROWS - 1) + ") SELECT i, TIMESTAMP '2024-01-01 00:00:00' + i * 1000 FROM r",
                    "CREATE TABLE u (i BIGINT, v BIGINT, ts TIMESTAMP_NS) DEDUP UPSERT KEYS (ts, i)",
                    "INSERT INTO u SELECT i, 1, ts FROM s",
                    "INSERT INTO u SELECT i, 2, ts FROM s");
            assertThat(count(database, "SELECT sum(v) FROM u")).isEqualTo(2 * ROWS);
            before = dump(database);
        }
        expectSameRows(before);
    }

    @Test
    void manyNewSymbolsComeWithOneStatement() {
        String before;
        try (Database database = open(disk)) {
            makeRows(database, "t", "k SYMBOL, i BIGINT", "CAST('symbol number ' || CAST(i AS VARCHAR) AS SYMBOL), i");
            before = dump(database);
        }
        expectSameRows(before);
    }

    /** Bits of NULLs and truth values do not begin with a byte when a record has less than eight rows. */
    @Test
    void longTextsGetRecordsOfFewRows() {
        String before;
        try (Database database = open(disk)) {
            StringBuilder rows = new StringBuilder();
            for (int i = 0; i < 100; i++) {
                String text = i % 7 == 3 ? "NULL" : "'" + "x".repeat(i * 37 % 900) + "'";
                rows.append(i == 0 ? "" : ", ").append("(").append(i % 3 == 0 ? "NULL" : i % 2 == 0);
                rows.append(", ")
                        .append(text)
                        .append(", ")
                        .append(i % 5 == 0 ? "NULL" : i)
                        .append(")");
            }
            run(
                    database,
                    "CREATE TABLE t (b BOOLEAN, s VARCHAR, i BIGINT) PARTITION BY NONE",
                    "INSERT INTO t VALUES " + rows);
            assertThat(count(database, "SELECT count(*) FROM t")).isEqualTo(100);
            before = dump(database);
        }
        expectSameRows(before);
    }

    @Test
    void aRowThatIsTooLongIsRefused() {
        String before;
        try (Database database = open(disk)) {
            run(database, "CREATE TABLE t (s VARCHAR) PARTITION BY NONE", "INSERT INTO t VALUES ('a')");
            assertThatThrownBy(() ->
                            run(database, "INSERT INTO t VALUES ('b'), ('" + "x".repeat(MOST_BYTES) + "'), ('c')"))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE_TOO_LONG))
                    .hasMessageContaining("cannot append to 't'")
                    .hasMessageContaining(Integer.toString(MOST_BYTES));
            run(database, "INSERT INTO t VALUES ('" + "x".repeat(MOST_BYTES - 100) + "')");
            assertThat(count(database, "SELECT count(*) FROM t")).isEqualTo(2);
            before = dump(database);
        }
        expectSameRows(before);
    }
}
