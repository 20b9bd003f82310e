package io.zeptodb.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ErrorCode;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The hostile folder keeps the contract while the power is there, and leaves all that the contract allows when it goes. */
class CrashDirectoryTest extends DirectoryContract {
    private static final int SEEDS = 400;

    private final CrashDirectory directory = new CrashDirectory();

    @Override
    Directory directory() {
        return directory;
    }

    /** What the power cuts of many seeds leave of a file: its text, or "none". */
    private Set<String> outcomes(String name) {
        Set<String> found = new TreeSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            CrashDirectory left = directory.crash(seed);
            found.add(left.exists(name) ? text(left, name).replace('\0', '0') : "none");
        }
        return found;
    }

    @Test
    void whatWasSyncedStays() {
        write(directory, "a", "hello");
        directory.sync();
        assertThat(outcomes("a")).containsExactly("hello");
    }

    @Test
    void unsyncedBytesAreLostTornZeroedOrKept() {
        write(directory, "a", "ab");
        directory.sync();
        try (OutputFile file = directory.append("a", 2)) {
            file.write(bytes("cd"), 0, 2);
        }
        assertThat(outcomes("a")).contains("ab", "abc", "abcd", "ab0", "ab00");
        assertThat(outcomes("a")).allMatch(text -> text.startsWith("ab") && text.length() <= 4);
        assertThat(text(directory.kill(), "a")).isEqualTo("abcd");
    }

    @Test
    void laterSectorsMayBeThereWhenEarlierOnesAreNot() {
        try (OutputFile file = directory.create("a")) {
            file.sync();
            directory.sync();
            file.write(bytes("x".repeat(2000)), 0, 2000);
        }
        assertThat(outcomes("a").stream().filter(text -> text.startsWith("0") && text.endsWith("x")))
                .isNotEmpty();
    }

    @Test
    void aBitMayFlipInWhatWasNotSyncedOnly() {
        write(directory, "a", "a".repeat(100));
        directory.sync();
        try (OutputFile file = directory.append("a", 100)) {
            file.write(bytes("b".repeat(100)), 0, 100);
        }
        Set<String> found = outcomes("a");
        assertThat(found).allMatch(text -> text.startsWith("a".repeat(100)));
        assertThat(found).anyMatch(text -> !text.substring(100).matches("b*0*"));
    }

    @Test
    void aNameThatWasNotSyncedMayBeGone() {
        write(directory, "a", "hello");
        assertThat(outcomes("a")).containsExactlyInAnyOrder("hello", "none");
        directory.sync();
        directory.delete("a");
        assertThat(outcomes("a")).containsExactlyInAnyOrder("hello", "none");
        directory.sync();
        assertThat(outcomes("a")).containsExactly("none");
    }

    @Test
    void aRenameIsAtomicAndLostUntilTheFolderIsSynced() {
        write(directory, "manifest", "old");
        directory.sync();
        write(directory, "manifest.tmp", "new");
        directory.rename("manifest.tmp", "manifest");
        assertThat(outcomes("manifest")).containsExactlyInAnyOrder("old", "new");
        directory.sync();
        assertThat(outcomes("manifest")).containsExactly("new");
        assertThat(outcomes("manifest.tmp")).containsExactly("none");
    }

    @Test
    void aRenameOfAFileThatWasNotSyncedLeavesAnything() {
        write(directory, "manifest", "old");
        directory.sync();
        try (OutputFile file = directory.create("manifest.tmp")) {
            file.write(bytes("new"), 0, 3);
        }
        directory.rename("manifest.tmp", "manifest");
        directory.sync();
        assertThat(outcomes("manifest")).contains("", "new", "ne", "000");
    }

    @Test
    void bytesThatWereCutMayComeBack() {
        write(directory, "a", "hello");
        directory.sync();
        try (OutputFile file = directory.append("a", 1)) {
            assertThat(outcomes("a")).contains("hello", "h");
            file.sync();
            assertThat(outcomes("a")).containsExactly("h");
        }
    }

    @Test
    void aFailedSyncIsNotMendedByALaterOne() {
        OutputFile file = directory.create("a");
        directory.sync();
        file.write(bytes("hello"), 0, 5);
        directory.fail(DiskOperation.SYNC, 1, false, ErrorCode.IO_ERROR);
        fails(ErrorCode.IO_ERROR, "cannot sync '/crash/a': Input/output error", file::sync);
        file.write(bytes(" world"), 0, 6);
        file.sync();
        assertThat(outcomes("a")).contains("hello world").anyMatch(text -> text.startsWith("0"));
        assertThat(outcomes("a")).allMatch(text -> text.endsWith(" world"));
    }

    @Test
    void afterTheCrashEveryOperationSaysSo() {
        directory.crashAt(3);
        OutputFile file = directory.create("a");
        file.write(bytes("hello"), 0, 5);
        assertThatThrownBy(file::sync).isInstanceOf(SimulatedCrash.class).hasMessageContaining("operation 3 (SYNC a)");
        assertThat(directory.hasCrashed()).isTrue();
        assertThatThrownBy(() -> file.write(bytes("x"), 0, 1)).isInstanceOf(SimulatedCrash.class);
        assertThatThrownBy(directory::list).isInstanceOf(SimulatedCrash.class);
        assertThatThrownBy(() -> directory.folder("tmp").list()).isInstanceOf(SimulatedCrash.class);
        assertThat(text(directory.kill(), "a")).isEqualTo("hello");
        assertThat(directory.journal()).containsExactly("CREATE a", "WRITE a", "SYNC a");
        assertThat(directory.kill().operations()).isZero();
    }

    @Test
    void aKillTearsTheWriteInWhichItComes() {
        Set<Integer> lengths = java.util.stream.IntStream.range(1, 60)
                .mapToObj(n -> {
                    CrashDirectory disk = new CrashDirectory();
                    OutputFile file = disk.create("a");
                    for (int i = 1; i < n; i++) {
                        file.truncate(0);
                    }
                    disk.crashAt(n + 1);
                    assertThatThrownBy(() -> file.write(bytes("hello"), 0, 5)).isInstanceOf(SimulatedCrash.class);
                    return text(disk.kill(), "a").length();
                })
                .collect(Collectors.toSet());
        assertThat(lengths).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
    }

    @Test
    void aFullDiskTakesAPartOfTheBytes() {
        OutputFile file = directory.create("a");
        file.write(bytes("hello"), 0, 5);
        directory.fail(DiskOperation.WRITE, 2, true, ErrorCode.DISK_FULL);
        file.write(bytes(" "), 0, 1);
        fails(
                ErrorCode.DISK_FULL,
                "cannot write '/crash/a': No space left on device",
                () -> file.write(bytes("x".repeat(1000)), 0, 1000));
        assertThat(file.length()).isEqualTo(6);
        assertThat(directory.length("a")).isBetween(6L, 1006L);
        fails(ErrorCode.DISK_FULL, "No space left", () -> file.write(bytes("x"), 0, 1));
        file.truncate(6);
        directory.heal();
        file.write(bytes("world"), 0, 5);
        assertThat(text(directory, "a")).isEqualTo("hello world");
    }

    @Test
    void everyKindOfOperationCanFailOnce() {
        write(directory, "a", "hello");
        directory.fail(DiskOperation.CREATE, 1, false, ErrorCode.READ_ONLY);
        directory.fail(DiskOperation.RENAME, 1, false, ErrorCode.IO_ERROR);
        directory.fail(DiskOperation.DELETE, 1, false, ErrorCode.IO_ERROR);
        directory.fail(DiskOperation.SYNC_FOLDER, 1, false, ErrorCode.IO_ERROR);
        directory.fail(DiskOperation.READ, 1, false, ErrorCode.IO_ERROR);
        fails(ErrorCode.IO_ERROR, "permission denied", () -> directory.create("b"));
        fails(ErrorCode.IO_ERROR, "cannot rename", () -> directory.rename("a", "b"));
        fails(ErrorCode.IO_ERROR, "cannot delete", () -> directory.delete("a"));
        fails(ErrorCode.IO_ERROR, "cannot sync", directory::sync);
        fails(ErrorCode.IO_ERROR, "cannot read", () -> directory.readAll("a"));
        directory.sync();
        assertThat(outcomes("a")).containsExactly("hello");
    }
}
