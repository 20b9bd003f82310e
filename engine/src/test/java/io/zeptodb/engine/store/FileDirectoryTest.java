package io.zeptodb.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.zeptodb.engine.api.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder of the file system: the contract, and what only a real one can do. */
class FileDirectoryTest extends DirectoryContract {
    @TempDir
    private Path root;

    @Override
    Directory directory() {
        return FileDirectory.open(root.resolve("db").toString());
    }

    @Test
    void foldersAboveAreMade() {
        Directory directory = FileDirectory.open(root + "/a/b/c");
        write(directory, "x", "hello");
        assertThat(root.resolve("a/b/c/x")).hasContent("hello");
    }

    @Test
    void aFileIsNoFolder() throws IOException {
        Files.writeString(root.resolve("f"), "");
        fails(ErrorCode.IO_ERROR, "it is a file, not a folder", () -> FileDirectory.open(root + "/f"));
        fails(ErrorCode.IO_ERROR, "", () -> FileDirectory.open(root + "/f/g"));
        fails(ErrorCode.FILE_NOT_FOUND, "is not a path", () -> FileDirectory.open("a\0b"));
        fails(ErrorCode.FILE_NOT_FOUND, "no such folder", () -> FileDirectory.openExisting(root + "/none"));
        assertThat(root.resolve("none")).doesNotExist();
    }

    @Test
    void aFolderBehindALinkIsOpened() throws IOException {
        Files.createDirectory(root.resolve("real"));
        Files.createSymbolicLink(root.resolve("link"), root.resolve("real"));
        write(FileDirectory.open(root + "/link"), "x", "hello");
        assertThat(root.resolve("real/x")).hasContent("hello");
    }

    @Test
    void aFolderThatWentAwayIsToldAsSuch() throws IOException {
        Directory directory = directory();
        Files.delete(root.resolve("db"));
        fails(ErrorCode.FILE_NOT_FOUND, "no such file or folder", () -> directory.create("a"));
        fails(ErrorCode.FILE_NOT_FOUND, "no such file or folder", directory::list);
        fails(ErrorCode.FILE_NOT_FOUND, "no such file or folder", directory::sync);
    }

    @Test
    void filesOfOthersAreNotListed() throws IOException {
        Directory directory = directory();
        Files.writeString(root.resolve("db/.DS_Store"), "");
        Files.writeString(root.resolve("db/my file.txt"), "");
        write(directory, "a", "");
        assertThat(directory.list()).containsExactly("a");
    }

    @Test
    void aFolderInTheWayOfAFileIsAnError() throws IOException {
        Directory directory = directory();
        Files.createDirectory(root.resolve("db/a"));
        fails(ErrorCode.IO_ERROR, "Is a directory", () -> directory.create("a"));
        fails(ErrorCode.IO_ERROR, "Is a directory", () -> directory.readAll("a"));
    }

    @Test
    void aFullDiskIsToldAsSuch() {
        assumeThat(Path.of("/dev/full")).exists();
        DiskFile full = DiskFile.append(Path.of("/dev/full"), 0);
        fails(ErrorCode.DISK_FULL, "cannot write '/dev/full': No space left", () -> full.write(bytes("hello"), 0, 5));
        assertThat(full.length()).isZero();
        full.close();
    }

    @Test
    void aFolderThatMayOnlyBeReadCanBeReadAndLockedShared() throws IOException {
        Directory directory = directory();
        write(directory, "a", "hello");
        Files.setPosixFilePermissions(root.resolve("db"), PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            assumeThat(Files.isWritable(root.resolve("db")))
                    .as("root may write anything")
                    .isFalse();
            assertThat(text(directory, "a")).isEqualTo("hello");
            directory.lock("zepto.lock", true).close();
            fails(ErrorCode.IO_ERROR, "permission denied", () -> directory.lock("zepto.lock", false));
            fails(ErrorCode.IO_ERROR, "ermission denied", () -> directory.create("b"));
            fails(ErrorCode.IO_ERROR, "permission denied", () -> directory.delete("a"));
            fails(ErrorCode.IO_ERROR, "permission denied", () -> directory.rename("a", "b"));
        } finally {
            Files.setPosixFilePermissions(root.resolve("db"), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void freeBytesAreThoseOfTheDisk() {
        assertThat(directory().freeBytes()).isPositive();
    }
}
