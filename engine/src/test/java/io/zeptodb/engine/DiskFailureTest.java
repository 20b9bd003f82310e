package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.store.CrashDirectory;
import io.zeptodb.engine.store.DiskOperation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The disk refuses an operation: every one of a script in turn. The statement fails with the cause and leaves no trace, reads go on, and what was
 * acknowledged is there after the next open. The gate takes one operation in some ({@code -Dseed=1}), {@code -Ddisk.step=1} all.
 */
@ExtendWith(LogOfFailedTests.class)
class DiskFailureTest {
    private static final long SEED = Long.getLong("seed", 1);
    private static final int STEP = Integer.getInteger("disk.step", 5);
    private static final Set<ErrorCode> CAUSES = Set.of(ErrorCode.DISK_FULL, ErrorCode.IO_ERROR);
    private static final List<ErrorCode> FAULTS = List.of(ErrorCode.DISK_FULL, ErrorCode.READ_ONLY, ErrorCode.IO_ERROR);
    /** After these it is not known what is on the disk; the database may ask to be opened again. */
    private static final Set<DiskOperation> UNKNOWN =
            Set.of(DiskOperation.SYNC, DiskOperation.SYNC_FOLDER, DiskOperation.RENAME, DiskOperation.TRUNCATE);

    private static final List<String> SCRIPT = CrashScriptTest.SCRIPT;
    private static final List<String> STATES = CrashScriptTest.states(SCRIPT);

    private static Map<String, String> options(Random random) {
        Map<String, String> options = new HashMap<>();
        options.put("memory_limit", "64MB");
        options.put("threads", "1");
        options.put("log_limit", random.nextBoolean() ? "512MB" : "4KB");
        options.put("storage_mode", random.nextBoolean() ? "tiered" : "disk");
        return options;
    }

    /** Of an insert that sealing follows. */
    private static final int ROWS = 200;

    /** A run of the script in which one operation fails. */
    private static final class Run {
        final CrashDirectory first = new CrashDirectory();
        final DiskOperation operation;
        final boolean lasting;
        final Random random;
        final Map<String, String> options;
        final String place;
        CrashDirectory disk = first;
        Database database;
        int done;
        boolean reopened;

        Run(DiskOperation operation, int nth, boolean lasting, long seed) {
            this.operation = operation;
            this.lasting = lasting;
            this.random = new Random(seed);
            this.options = options(random);
            ErrorCode code = FAULTS.get(random.nextInt(FAULTS.size()));
            this.place =
                    operation + " " + nth + (lasting ? " and on: " : ": ") + code + ", seed " + seed + ", " + options;
            this.database = Engine.open(disk, options);
            disk.fail(operation, nth, lasting, code);
        }

        /** Whether the operation was there to fail. */
        boolean play() {
            try {
                while (done < SCRIPT.size()) {
                    step();
                }
            } finally {
                close();
            }
            boolean failed = first.failures() > 0;
            disk.heal();
            expect(disk.crash(random.nextLong()), done, done);
            return failed;
        }

        private void close() {
            try {
                database.close();
            } catch (EngineException e) {
                assertThat(first.failures()).as(describe() + e).isPositive();
                assertThat(e.code()).as(describe() + e).isIn(CAUSES);
            }
        }

        private String describe() {
            return place + ", step " + done + " " + SCRIPT.get(Math.min(done, SCRIPT.size() - 1)) + ": ";
        }

        private void step() {
            String step = SCRIPT.get(done);
            EngineException failure = attempt(step);
            if (failure == null) {
                return;
            }
            assertThat(CrashScriptTest.dump(database)).as(describe() + failure).isEqualTo(STATES.get(done));
            if (lasting && attempt(step) == null) {
                return;
            }
            boolean mayBeThere = UNKNOWN.contains(operation) || lasting;
            expect(disk.kill(), done, mayBeThere ? done + 1 : done);
            expect(disk.crash(random.nextLong()), done, done + 1);
            disk.heal();
            EngineException again = attempt(step);
            if (again == null) {
                return;
            }
            assertThat(operation).as(describe() + "healed and yet " + again).isIn(UNKNOWN);
            assertThat(CrashScriptTest.dump(database)).as(describe() + again).isEqualTo(STATES.get(done));
            assertThat(attempt(step)).as(describe() + "nothing more is taken").isNotNull();
            reopen();
        }

        private EngineException attempt(String step) {
            try {
                CrashScriptTest.run(database, step);
                done++;
                return null;
            } catch (EngineException e) {
                assertThat(first.failures()).as(describe() + e).isPositive();
                assertThat(e.code()).as(describe() + e).isIn(CAUSES);
                return e;
            }
        }

        /** The process ends and another one begins on the same disk, which has not lost its power. */
        private void reopen() {
            assertThat(reopened).as(describe() + "reopened a second time").isFalse();
            reopened = true;
            CrashDirectory next = random.nextBoolean() ? disk.restart() : disk.crash(random.nextLong());
            close();
            disk = next;
            database = Engine.open(disk, options);
            String found = CrashScriptTest.dump(database);
            if (!found.equals(STATES.get(done))) {
                assertThat(found).as(describe() + "reopened").isEqualTo(STATES.get(done + 1));
                done++;
            }
            // what the new process has shown is there for good
            expect(disk.crash(random.nextLong()), done, done);
        }

        private void expect(CrashDirectory left, int least, int most) {
            String found;
            try (Database opened = Engine.open(left, options)) {
                found = CrashScriptTest.dump(opened);
            } catch (EngineException e) {
                throw new AssertionError(describe() + "cannot be opened: " + e.getMessage(), e);
            }
            if (!found.equals(STATES.get(Math.min(most, SCRIPT.size())))) {
                assertThat(found).as(describe() + "what is left").isEqualTo(STATES.get(least));
            }
        }
    }

    private static void failEach(DiskOperation operation, boolean lasting) {
        List<String> wrong = new ArrayList<>();
        int nth = 1 + (int) Math.floorMod(SEED, STEP);
        int runs = 0;
        for (boolean failed = true; failed; nth += STEP) {
            runs++;
            try {
                failed = new Run(operation, nth, lasting, SEED * 1_000_003 + nth).play();
            } catch (AssertionError | RuntimeException e) {
                wrong.add(operation + " " + nth + " " + e);
            }
            assertThat(nth).as("runs; wrong were %s", wrong).isLessThan(2000);
        }
        assertThat(wrong).as(wrong.size() + " of " + runs + " runs").isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = DiskOperation.class,
            names = {"CREATE", "WRITE", "SYNC", "RENAME", "DELETE", "SYNC_FOLDER"})
    void aStatementThatMeetsAFailureLeavesNoTrace(DiskOperation operation) {
        failEach(operation, false);
    }

    @ParameterizedTest
    @EnumSource(
            value = DiskOperation.class,
            names = {"CREATE", "WRITE", "SYNC"})
    void aDiskThatStaysBrokenCanBeReadUntilItIsMended(DiskOperation operation) {
        failEach(operation, true);
    }

    @Test
    void aWriteThatCannotBeTakenBackEndsTheLog() {
        CrashDirectory disk = new CrashDirectory();
        try (Database database = Engine.open(disk, options(new Random(SEED)))) {
            FolderTest.run(database, "CREATE TABLE t (x BIGINT)", "INSERT INTO t VALUES (1)");
            disk.fail(DiskOperation.WRITE, 1, true, ErrorCode.DISK_FULL);
            disk.fail(DiskOperation.TRUNCATE, 1, true, ErrorCode.IO_ERROR);
            assertThatThrownBy(() -> FolderTest.run(database, "INSERT INTO t VALUES (2)"))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL));
            disk.heal();
            assertThatThrownBy(() -> FolderTest.run(database, "INSERT INTO t VALUES (3)"))
                    .hasMessageContaining("the log takes no more since it failed");
            assertThat(FolderTest.count(database, "SELECT sum(x) FROM t")).isEqualTo(1);
        }
        try (Database database = Engine.open(disk.kill(), options(new Random(SEED)))) {
            FolderTest.run(database, "INSERT INTO t VALUES (4)");
            assertThat(FolderTest.count(database, "SELECT sum(x) FROM t")).isEqualTo(5);
        }
    }

    @Test
    void aFolderThatCannotBeOpenedLosesNothing() {
        CrashDirectory disk = new CrashDirectory();
        Database writer = Engine.open(disk, options(new Random(SEED)));
        for (String step : SCRIPT) {
            CrashScriptTest.run(writer, step);
        }
        CrashDirectory unclean = disk.restart();
        writer.close();
        for (DiskOperation operation : DiskOperation.values()) {
            for (int nth = 1; ; nth++) {
                CrashDirectory left = unclean.restart();
                String place = "open with " + operation + " " + nth + " failing";
                left.fail(operation, nth, false, ErrorCode.IO_ERROR);
                try (Database database = Engine.open(left, options(new Random(nth)))) {
                    assertThat(CrashScriptTest.dump(database)).as(place).isEqualTo(STATES.get(SCRIPT.size()));
                } catch (EngineException e) {
                    assertThat(e.code()).as(place + e).isEqualTo(ErrorCode.IO_ERROR);
                    assertThat(left.failures()).as(place + e).isPositive();
                }
                boolean failed = left.failures() > 0;
                left.heal();
                CrashDirectory after = nth % 2 == 0 ? left.restart() : left.crash(nth);
                try (Database database = Engine.open(after, options(new Random(nth)))) {
                    assertThat(CrashScriptTest.dump(database)).as(place).isEqualTo(STATES.get(SCRIPT.size()));
                } catch (EngineException e) {
                    throw new AssertionError(place + ", opened again: " + e.getMessage(), e);
                }
                if (!failed) {
                    break;
                }
            }
        }
    }

    /** What the next process has read of a log that was not synced is not taken back by a power cut. */
    @Test
    void whatAProcessHasFoundOnOpeningStays() {
        for (long seed = SEED; seed < SEED + 40; seed++) {
            CrashDirectory disk = new CrashDirectory();
            Map<String, String> options = options(new Random(seed));
            options.put("durability", "none");
            Database database = Engine.open(disk, options);
            FolderTest.run(
                    database, "CREATE TABLE t (x BIGINT)", "INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)");
            if (seed % 2 == 0) {
                disk.fail(DiskOperation.SYNC, 1, false, ErrorCode.IO_ERROR);
                assertThatThrownBy(database::checkpoint).isInstanceOf(EngineException.class);
            }
            CrashDirectory next = disk.restart();
            try (Database second = Engine.open(next, options)) {
                assertThat(FolderTest.count(second, "SELECT sum(x) FROM t")).isEqualTo(3);
                CrashDirectory left = next.crash(seed);
                try (Database third = Engine.open(left, options)) {
                    assertThat(FolderTest.count(third, "SELECT sum(x) FROM t"))
                            .as("seed %d", seed)
                            .isEqualTo(3);
                } catch (EngineException e) {
                    throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
                }
            }
            try {
                database.close();
            } catch (EngineException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.IO_ERROR);
            }
        }
    }

    private static String rows(int from, int count) {
        StringBuilder sql = new StringBuilder("INSERT INTO t VALUES ");
        for (int i = from; i < from + count; i++) {
            sql.append(i == from ? "(" : ", (")
                    .append(i)
                    .append(", 'text of row ")
                    .append(i)
                    .append("')");
        }
        return sql.toString();
    }

    private static boolean hasSegments(CrashDirectory disk) {
        return disk.list().stream().anyMatch(name -> name.endsWith(".arrow"));
    }

    @ParameterizedTest
    @EnumSource(
            value = DiskOperation.class,
            names = {"CREATE", "WRITE", "SYNC_FOLDER", "DELETE"})
    void sealingInTheBackgroundIsTriedAgain(DiskOperation operation) throws InterruptedException {
        for (int nth = 1; nth <= 8; nth++) {
            CrashDirectory disk = new CrashDirectory();
            Map<String, String> options = options(new Random(SEED + nth));
            options.put("seal_rows", "1024");
            options.put("log_limit", "32KB");
            String place = operation + " " + nth;
            int stored = 0;
            try (Database database = Engine.open(disk, options)) {
                FolderTest.run(database, "CREATE TABLE t (x BIGINT, s VARCHAR)");
                disk.fail(operation, nth, nth % 2 == 0, ErrorCode.DISK_FULL);
                for (int i = 0; i < 20; i++) {
                    stored += insert(database, stored);
                }
                disk.heal();
                assertThat(FolderTest.count(database, "SELECT count(*) FROM t"))
                        .as(place)
                        .isEqualTo(stored);
                long end = System.nanoTime() + 120_000_000_000L;
                boolean unknown = operation == DiskOperation.SYNC_FOLDER; // may have been the last step of a manifest
                do {
                    stored += insert(database, stored);
                    Thread.sleep(1);
                } while (!unknown && !hasSegments(disk) && System.nanoTime() < end);
                assertThat(unknown || hasSegments(disk)).as(place).isTrue();
                assertThat(FolderTest.count(database, "SELECT count(*) FROM t"))
                        .as(place)
                        .isEqualTo(stored);
                expectRows(disk.crash(nth), options, stored, operation, place);
            }
            expectRows(disk.crash(nth), options, stored, operation, place);
        }
    }

    private static int insert(Database database, int from) {
        try {
            FolderTest.run(database, rows(from, ROWS));
            return ROWS;
        } catch (EngineException e) {
            assertThat(e.code()).as(e.toString()).isIn(CAUSES);
            return 0;
        }
    }

    private static void expectRows(
            CrashDirectory disk, Map<String, String> options, int rows, DiskOperation operation, String place) {
        try (Database database = Engine.open(disk, options)) {
            long found = FolderTest.count(database, "SELECT count(*) FROM t");
            if (operation != DiskOperation.SYNC_FOLDER
                    || found != rows + ROWS) { // one that ended the log may be there as a whole
                assertThat(found).as(place).isEqualTo(rows);
            }
            assertThat(FolderTest.count(database, "SELECT count(DISTINCT x) FROM t"))
                    .as(place)
                    .isEqualTo(found);
        } catch (EngineException e) {
            throw new AssertionError(place + ": " + e.getMessage(), e);
        }
    }
}
