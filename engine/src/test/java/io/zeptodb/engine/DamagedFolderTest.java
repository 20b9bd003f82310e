package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.store.CrashDirectory;
import io.zeptodb.engine.store.OutputFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever happens to the files of a database that was closed: it gives the rows that were written, or an error that names the file and the place; and
 * {@link FolderCheck} tells of it. {@code -Ddamages=1000000} does all damages there are, the gate some by seed ({@code -Dseed=1}).
 */
@Timeout(value = 1, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DamagedFolderTest {
    private static final int DAMAGES = Integer.getInteger("damages", 400);
    private static final long SEED = Long.getLong("seed", 1);
    private static final int BLOCK = 512;
    private static final Set<ErrorCode> HONEST = Set.of(ErrorCode.CORRUPTION, ErrorCode.FEATURE_NOT_SUPPORTED);

    private static CrashDirectory whole = new CrashDirectory();
    private static String rows = "";

    /** What is done to a folder, and to which files. */
    private record Damage(String what, List<String> files, Consumer<CrashDirectory> done) {}

    @BeforeAll
    static void writeFolder() {
        CrashDirectory disk = new CrashDirectory();
        for (String compression : List.of("none", "lz4", "zstd")) {
            try (Database database = Engine.open(disk, options("read_write", compression))) {
                String table = "t_" + compression;
                FolderTest.run(
                        database,
                        "CREATE TABLE " + table
                                + " (k SYMBOL, venue SYMBOL, v BIGINT, x DOUBLE, s VARCHAR, ts TIMESTAMP_NS)",
                        insert(table, 0, 120),
                        "CHECKPOINT",
                        insert(table, 120, 40),
                        "CHECKPOINT",
                        "DELETE FROM " + table + " WHERE v IN (7, 130)",
                        "UPDATE " + table + " SET x = -1 WHERE v = 11",
                        insert(table, 160, 12));
            }
        }
        try (Database database = SmallLog.open(disk, options("read_write", "none"))) {
            // rows that only the log has, of more than one file of it, some in a transaction of two
            FolderTest.run(database, insert("t_none", 200, 9), "ALTER TABLE t_lz4 ADD COLUMN n INTEGER");
            rows = CrashScriptTest.dump(database);
        }
        whole = disk.kill();
    }

    private static String insert(String table, int from, int count) {
        StringBuilder sql = new StringBuilder("INSERT INTO " + table + " VALUES ");
        for (int i = from; i < from + count; i++) {
            sql.append(i == from ? "(" : ", (");
            sql.append(i % 9 == 0 ? "NULL" : "'k" + i % 7 + "'")
                    .append(", 'venue of ")
                    .append(i % 5)
                    .append("', ");
            sql.append(i).append(", ").append(i % 10 == 3 ? "NULL" : i / 4.0).append(", ");
            sql.append(i % 6 == 0 ? "NULL" : i % 2 == 0 ? "'s" + i + "'" : "'a text too long for a view, " + i + "'");
            sql.append(", TIMESTAMP '2024-01-01 0")
                    .append(i % 3)
                    .append(":00:")
                    .append(10 + i % 50)
                    .append("')");
        }
        return sql.toString();
    }

    private static Map<String, String> options(String access, String compression) {
        return Map.of(
                "memory_limit", "64MB", "threads", "1", "access_mode", access, "segment_compression", compression);
    }

    private static void write(CrashDirectory folder, String name, byte[] bytes) {
        try (OutputFile file = folder.create(name)) {
            file.write(bytes, 0, bytes.length);
            file.sync();
        }
        folder.sync();
    }

    private static Damage change(String what, String name, byte[] bytes) {
        return new Damage(name + ": " + what, List.of(name), folder -> write(folder, name, bytes));
    }

    private static List<String> files() {
        List<String> names = new ArrayList<>(whole.list());
        names.remove(DatabaseFolder.LOCK_NAME);
        return names;
    }

    private static String kind(String name) {
        return name.startsWith("wal")
                ? "wal"
                : name.startsWith("seg")
                        ? "seg"
                        : name.startsWith("del") ? "del" : name.endsWith(".dict") ? "dict" : name;
    }

    private static List<Damage> byteDamages(Random random) {
        List<Damage> damages = new ArrayList<>();
        for (String name : files()) {
            byte[] bytes = whole.readAll(name);
            for (int length = 0; length < bytes.length; length++) {
                damages.add(change("cut to " + length + " of " + bytes.length, name, Arrays.copyOf(bytes, length)));
                byte[] flipped = bytes.clone();
                int bit = random.nextInt(Byte.SIZE);
                flipped[length] ^= (byte) (1 << bit);
                damages.add(change("bit " + bit + " of byte " + length + " of " + bytes.length, name, flipped));
            }
        }
        return damages;
    }

    private static List<Damage> fileDamages(Random random) {
        List<Damage> damages = new ArrayList<>();
        List<String> names = files();
        for (String name : names) {
            byte[] bytes = whole.readAll(name);
            damages.add(new Damage(name + ": deleted", List.of(name), folder -> {
                folder.delete(name);
                folder.sync();
            }));
            for (int at = 0; at < bytes.length; at += BLOCK) {
                byte[] zeroed = bytes.clone();
                Arrays.fill(zeroed, at, Math.min(bytes.length, at + BLOCK), (byte) 0);
                damages.add(change("zeroes from " + at + " of " + bytes.length, name, zeroed));
            }
            byte[] longer = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(2 * BLOCK));
            damages.add(change((longer.length - bytes.length) + " zeroes behind", name, longer));
            byte[] garbage = longer.clone();
            for (int i = bytes.length; i < garbage.length; i++) {
                garbage[i] = (byte) random.nextInt();
            }
            damages.add(change("garbage behind", name, garbage));
            byte[] doubled = Arrays.copyOf(bytes, 2 * bytes.length);
            System.arraycopy(bytes, 0, doubled, bytes.length, bytes.length);
            damages.add(change("twice", name, doubled));
            damages.add(change("empty", name, new byte[0]));
            for (String other : names) {
                if (other.compareTo(name) > 0 && kind(other).equals(kind(name))) {
                    damages.add(new Damage(name + " and " + other + " swapped", List.of(name, other), folder -> {
                        write(folder, name, whole.readAll(other));
                        write(folder, other, bytes);
                    }));
                }
                if (!other.equals(name) && (kind(other).equals(kind(name)) || random.nextInt(10) == 0)) {
                    damages.add(change("has what " + other + " has", name, whole.readAll(other)));
                }
            }
        }
        return damages;
    }

    /** The error that opening or reading ends with; null when all is as it was written. */
    private static @Nullable EngineException read(CrashDirectory folder, Damage damage, String access) {
        String found;
        try (Database database = Engine.open(folder, options(access, "none"))) {
            found = CrashScriptTest.dump(database);
        } catch (EngineException e) {
            String place = damage.what + ": " + e.code() + " " + e.getMessage();
            assertThat(e.code()).as(place).isIn(HONEST);
            assertThat(damage.files)
                    .as(place)
                    .anyMatch(name -> String.valueOf(e.getMessage()).contains(name));
            if (e.code() == ErrorCode.CORRUPTION) {
                assertThat(e.getMessage()).as(place).contains("offset ");
            }
            return e;
        } catch (RuntimeException | Error e) {
            throw new AssertionError(damage.what + ", opened " + access + ": " + e, e);
        }
        assertThat(found).as(damage.what + ", opened " + access).isEqualTo(rows);
        return null;
    }

    private static boolean isGood(CrashDirectory folder, Damage damage) {
        try {
            return FolderCheck.run(folder, finding -> {});
        } catch (EngineException e) {
            assertThat(e.code()).as(damage.what + ": " + e.getMessage()).isIn(HONEST);
            return false;
        } catch (RuntimeException | Error e) {
            throw new AssertionError(damage.what + ", checked: " + e, e);
        }
    }

    /** Whether it was told. */
    private static boolean check(Damage damage, Random random) {
        CrashDirectory folder = whole.kill();
        damage.done.accept(folder);
        boolean good = isGood(folder, damage);
        boolean readOnly = random.nextBoolean();
        EngineException error = read(folder, damage, readOnly ? "read_only" : "read_write");
        if (error != null) {
            assertThat(good)
                    .as(damage.what + " is not told by the check: " + error)
                    .isFalse();
            repair(folder, damage, random);
        }
        return error != null;
    }

    /** A folder that could not be read is not made worse by the try: with its files as they were it has all its rows. */
    private static void repair(CrashDirectory folder, Damage damage, Random random) {
        if (random.nextInt(4) == 0) {
            for (String name : damage.files) {
                write(folder, name, whole.readAll(name));
            }
            String found;
            try (Database database = Engine.open(folder, options("read_write", "none"))) {
                found = CrashScriptTest.dump(database);
            } catch (EngineException e) {
                throw new AssertionError(damage.what + ", mended: " + e.getMessage(), e);
            }
            assertThat(found).as(damage.what + ", mended").isEqualTo(rows);
        }
    }

    private static void checkAll(List<Damage> damages, Random random) {
        int told = 0;
        List<String> wrong = new ArrayList<>();
        for (Damage damage : damages) {
            try {
                told += check(damage, random) ? 1 : 0;
            } catch (AssertionError e) {
                wrong.add(String.valueOf(e.getMessage()));
            }
        }
        assertThat(wrong)
                .as(wrong.size() + " of " + damages.size() + " damages by seed " + SEED)
                .isEmpty();
        assertThat(told).isGreaterThan(damages.size() / 2);
    }

    @Test
    void theWholeFolderIsGood() {
        assertThat(files().stream().map(DamagedFolderTest::kind).distinct())
                .contains("wal", "seg", "del", "dict", "manifest");
        Damage none = new Damage("nothing", List.of(), folder -> {});
        assertThat(isGood(whole.kill(), none)).isTrue();
        assertThat(read(whole.kill(), none, "read_only")).isNull();
        assertThat(read(whole.kill(), none, "read_write")).isNull();
    }

    @Test
    void bytesThatAreChangedOrMissingAreTold() {
        Random random = new Random(SEED);
        List<Damage> damages = byteDamages(random);
        Collections.shuffle(damages, random);
        checkAll(damages.subList(0, Math.min(damages.size(), DAMAGES)), random);
    }

    @Test
    void filesThatAreMissingOrMixedUpAreTold() {
        Random random = new Random(SEED + 1);
        List<Damage> damages = fileDamages(random);
        Collections.shuffle(damages, random);
        checkAll(damages.subList(0, Math.min(damages.size(), DAMAGES / 2)), random);
    }
}
