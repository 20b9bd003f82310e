package io.zeptodb.engine;

import static io.zeptodb.engine.FolderTest.count;
import static io.zeptodb.engine.FolderTest.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.store.CrashDirectory;
import io.zeptodb.engine.wal.LogSizes;
import io.zeptodb.engine.wal.WalFile;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Transactions that lie in several files of the log, in a database that needs the files of their ends and not those of their beginnings. */
class LongTransactionsTest {
    private static final int ROWS = 10_000;
    private static final long MOST_WAIT_NANOS = 120_000_000_000L;
    private static final Map<String, String> OPTIONS = Map.of("threads", "1", "memory_limit", "64MB");
    private static final String MANY = "CREATE TABLE many (i BIGINT) PARTITION BY NONE";
    private static final String SMALL = "CREATE TABLE small (i BIGINT) PARTITION BY NONE";
    private static final String NUMBERS =
            "INSERT INTO many WITH RECURSIVE r(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM r WHERE i < " + (ROWS - 1)
                    + ") SELECT i FROM r";

    private static final LogSizes SIZES = new LogSizes(1 << 14, 1 << 10, 1 << 10, 1 << 20, Long.MAX_VALUE);

    private final CrashDirectory disk = new CrashDirectory();

    private static Database open(CrashDirectory directory, Map<String, String> options) {
        return Engine.open(directory, options, SIZES);
    }

    private void insertIntoBoth(Database database) {
        int before = WalFile.numbers(disk).size();
        try (Session session = database.openSession()) {
            session.begin();
            session.update(
                    "INSERT INTO big SELECT i, 'a text of the row with the number ' || CAST(i AS VARCHAR) FROM many");
            session.update("INSERT INTO small VALUES (1)");
            session.commit();
        }
        assertThat(WalFile.numbers(disk).size()).isGreaterThan(before + 2);
    }

    private static void makeTables(Database database) {
        run(database, MANY, NUMBERS, "CREATE TABLE big (i BIGINT, s VARCHAR) PARTITION BY NONE", SMALL, "CHECKPOINT");
    }

    @Test
    void theTableOfItsFirstRowsMayBeDropped() {
        try (Database database = open(disk, OPTIONS)) {
            makeTables(database);
            insertIntoBoth(database);
            run(database, "DROP TABLE big");
        }
        CrashDirectory left = disk.kill();
        for (int i = 0; i < 2; i++) {
            try (Database database = open(left, OPTIONS)) {
                assertThat(count(database, "SELECT count(*) FROM small")).isEqualTo(1);
            }
        }
    }

    @Test
    void theTableOfItsFirstRowsMayBeDroppedWhenItWasReadBack() {
        CrashDirectory killed;
        try (Database database = open(disk, OPTIONS)) {
            makeTables(database);
            insertIntoBoth(database);
            killed = disk.kill();
        }
        try (Database database = open(killed, OPTIONS)) {
            assertThat(count(database, "SELECT count(*) FROM big")).isEqualTo(ROWS);
            run(database, "DROP TABLE big");
        }
        for (int i = 0; i < 2; i++) {
            try (Database database = open(killed, OPTIONS)) {
                assertThat(count(database, "SELECT count(*) FROM small")).isEqualTo(1);
            }
        }
    }

    /** The small transaction's file begins with the end of the large one, which nobody needs any more. */
    @Test
    void anotherTransactionMayBeginInTheFileOfItsEnd() {
        CrashDirectory killed;
        try (Database database = open(disk, OPTIONS)) {
            makeTables(database);
            run(database, "INSERT INTO big SELECT i, 'x' FROM many", "INSERT INTO small VALUES (1)");
            killed = disk.kill();
            run(database, "DROP TABLE big");
        }
        try (Database database = open(disk.kill(), OPTIONS)) {
            assertThat(count(database, "SELECT count(*) FROM small")).isEqualTo(1);
        }
        try (Database database = open(killed, OPTIONS)) {
            run(database, "DROP TABLE big");
        }
        try (Database database = open(killed, OPTIONS)) {
            assertThat(count(database, "SELECT count(*) FROM small")).isEqualTo(1);
        }
    }

    @Test
    void passedSlicesOfItMayBeSealed() throws InterruptedException {
        Map<String, String> options = Map.of("threads", "1", "memory_limit", "64MB", "seal_rows", "16384");
        try (Database database = open(disk, options)) {
            run(database, MANY, NUMBERS, "CREATE TABLE t (i BIGINT, ts TIMESTAMP_NS)", "CHECKPOINT");
            run(
                    database,
                    "INSERT INTO t SELECT i, TIMESTAMP '2024-01-01 00:00:00' + i * "
                            + 2 * 3600 * (1_000_000_000L / ROWS) + " FROM many");
            long end = System.nanoTime() + MOST_WAIT_NANOS;
            String sealed = "SELECT count(*) FROM zepto_segments() WHERE table_name = 't' AND state = 'sealed'";
            while (count(database, sealed) == 0 && System.nanoTime() < end) {
                Thread.sleep(5);
            }
            assertThat(count(database, sealed)).isEqualTo(1);
        }
        CrashDirectory left = disk.kill();
        for (int i = 0; i < 2; i++) {
            try (Database database = open(left, options)) {
                assertThat(count(database, "SELECT count(*) FROM t")).isEqualTo(ROWS);
                assertThat(count(database, "SELECT sum(i) FROM t")).isEqualTo((long) ROWS * (ROWS - 1) / 2);
            }
        }
    }

    @Test
    void oneThatWasGivenUpMayBeginInAFileThatIsGone() {
        CrashDirectory killed;
        try (Database database = open(disk, OPTIONS)) {
            makeTables(database);
            int before = WalFile.numbers(disk).size();
            assertThatThrownBy(
                            () -> run(database, "INSERT INTO big SELECT 100 / (" + (ROWS - 1) + " - i), 'x' FROM many"))
                    .isInstanceOf(EngineException.class);
            assertThat(WalFile.numbers(disk).size()).isGreaterThan(before + 3);
            run(database, "INSERT INTO small VALUES (1)");
            killed = disk.kill();
        }
        for (CrashDirectory left : new CrashDirectory[] {disk.kill(), killed}) {
            for (int i = 0; i < 2; i++) {
                try (Database database = open(left, OPTIONS)) {
                    assertThat(count(database, "SELECT count(*) FROM small")).isEqualTo(1);
                    assertThat(count(database, "SELECT count(*) FROM big")).isZero();
                }
            }
        }
    }
}
