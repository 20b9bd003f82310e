package io.zeptodb.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What every {@link Directory} does: the real one, and the one in memory that stands for it in tests. */
abstract class DirectoryContract {
    abstract Directory directory();

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static String text(Directory directory, String name) {
        return new String(directory.readAll(name), StandardCharsets.US_ASCII);
    }

    static void write(Directory directory, String name, String content) {
        try (OutputFile file = directory.create(name)) {
            file.write(bytes(content), 0, content.length());
            file.sync();
        }
    }

    static void fails(ErrorCode code, String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    @Test
    void aFileHoldsWhatWasWritten() {
        Directory directory = directory();
        try (OutputFile file = directory.create("a.log")) {
            assertThat(file.name()).isEqualTo("a.log");
            file.write(bytes("xhellox"), 1, 5);
            file.write(ByteBuffer.wrap(bytes(" wor")));
            ByteBuffer direct = ByteBuffer.allocateDirect(8);
            direct.put(bytes("..ld!")).flip().position(2);
            file.write(direct);
            assertThat(direct.hasRemaining()).isFalse();
            assertThat(file.length()).isEqualTo(12);
        }
        assertThat(text(directory, "a.log")).isEqualTo("hello world!");
        assertThat(directory.length("a.log")).isEqualTo(12);
        assertThat(directory.exists("a.log")).isTrue();
        assertThat(directory.exists("b.log")).isFalse();
        assertThat(directory.path("a.log")).isEqualTo(directory.location() + "/a.log");
    }

    @Test
    void creatingAgainEmptiesAFile() {
        Directory directory = directory();
        write(directory, "a", "old content");
        write(directory, "a", "new");
        assertThat(text(directory, "a")).isEqualTo("new");
    }

    @Test
    void appendingCutsWhatLiesBehind() {
        Directory directory = directory();
        write(directory, "a", "hello world");
        try (OutputFile file = directory.append("a", 5)) {
            assertThat(file.length()).isEqualTo(5);
            file.write(bytes("!"), 0, 1);
        }
        assertThat(text(directory, "a")).isEqualTo("hello!");
        fails(ErrorCode.CORRUPTION, "it has 6 bytes, at least 7 were expected", () -> directory.append("a", 7));
        fails(ErrorCode.FILE_NOT_FOUND, "cannot append to '", () -> directory.append("b", 0));
        assertThat(directory.exists("b")).isFalse();
    }

    @Test
    void truncatingMovesTheEnd() {
        Directory directory = directory();
        try (OutputFile file = directory.create("a")) {
            file.write(bytes("hello"), 0, 5);
            file.truncate(2);
            assertThat(file.length()).isEqualTo(2);
            file.write(bytes("y"), 0, 1);
        }
        assertThat(text(directory, "a")).isEqualTo("hey");
    }

    @Test
    void readingEndsWithTheFile() {
        Directory directory = directory();
        write(directory, "a", "hello");
        ByteBuffer target = ByteBuffer.allocate(10).position(1);
        assertThat(directory.read("a", 3, target)).isEqualTo(2);
        assertThat(target.position()).isEqualTo(3);
        assertThat(directory.read("a", 5, target)).isZero();
        assertThat(directory.read("a", 99, target)).isZero();
        ByteBuffer direct = ByteBuffer.allocateDirect(2);
        assertThat(directory.read("a", 0, direct)).isEqualTo(2);
        assertThat(direct.get(1)).isEqualTo((byte) 'e');
        fails(ErrorCode.FILE_NOT_FOUND, "no such file", () -> directory.read("b", 0, target));
        fails(ErrorCode.FILE_NOT_FOUND, "no such file", () -> directory.length("b"));
        fails(ErrorCode.FILE_NOT_FOUND, "no such file", () -> directory.readAll("b"));
    }

    @Test
    void aMapIsReadOnlyLittleEndianAndOutlivesItsFile() {
        Directory directory = directory();
        write(directory, "a", "hello world");
        ByteBuffer map = directory.map("a", 6, 5);
        directory.delete("a");
        assertThat(map.isDirect()).isTrue();
        assertThat(map.isReadOnly()).isTrue();
        assertThat(map.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        assertThat(map.remaining()).isEqualTo(5);
        assertThat(map.get(0)).isEqualTo((byte) 'w');
        assertThat(map.get(4)).isEqualTo((byte) 'd');
    }

    @Test
    void aMapBeyondTheFileIsRefused() {
        Directory directory = directory();
        write(directory, "a", "hello");
        assertThat(directory.map("a", 5, 0).remaining()).isZero();
        fails(ErrorCode.CORRUPTION, "it has 5 bytes, 6 were expected at offset 0", () -> directory.map("a", 0, 6));
        fails(ErrorCode.FILE_NOT_FOUND, "no such file", () -> directory.map("b", 0, 1));
    }

    @Test
    void aRenameReplaces() {
        Directory directory = directory();
        write(directory, "a", "new");
        write(directory, "b", "old");
        directory.rename("a", "b");
        directory.sync();
        assertThat(directory.list()).containsExactly("b");
        assertThat(text(directory, "b")).isEqualTo("new");
        fails(ErrorCode.FILE_NOT_FOUND, "cannot rename", () -> directory.rename("a", "b"));
        assertThat(text(directory, "b")).isEqualTo("new");
    }

    @Test
    void whoReadsAFileReadsItToTheEndWhateverTakesItsName() {
        Directory directory = directory();
        write(directory, "a", "first");
        write(directory, "b", "another");
        try (InputFile file = directory.input("a")) {
            ByteBuffer bytes = ByteBuffer.allocate(3);
            assertThat(file.read(0, bytes)).isEqualTo(3);
            directory.rename("b", "a");
            assertThat(file.length()).isEqualTo(5);
            bytes.clear();
            assertThat(file.read(3, bytes)).isEqualTo(2);
            assertThat(new String(bytes.array(), 0, 2, StandardCharsets.UTF_8)).isEqualTo("st");
            assertThat(file.read(5, ByteBuffer.allocate(1))).isZero();
            assertThat(file.path()).isEqualTo(directory.path("a"));
        }
        fails(ErrorCode.FILE_NOT_FOUND, "no such file", () -> directory.input("b"));
        fails(ErrorCode.CORRUPTION, "is missing (offset 0)", () -> directory.namedInput("b"));
    }

    @Test
    void aFileStaysOpenUnderItsNewName() {
        Directory directory = directory();
        try (OutputFile file = directory.create("a")) {
            file.write(bytes("he"), 0, 2);
            directory.rename("a", "b");
            file.write(bytes("y"), 0, 1);
            file.sync();
        }
        assertThat(text(directory, "b")).isEqualTo("hey");
    }

    @Test
    void deletingWhatIsNotThereDoesNothing() {
        Directory directory = directory();
        directory.delete("a");
        write(directory, "a", "hello");
        directory.delete("a");
        assertThat(directory.list()).isEmpty();
    }

    @Test
    void filesAreListedInTheirOrderWithoutFolders() {
        Directory directory = directory();
        write(directory, "b", "");
        write(directory, "a", "");
        Directory inner = directory.folder("tmp");
        write(inner, "c", "inside");
        assertThat(directory.list()).containsExactly("a", "b");
        assertThat(directory.folder("tmp").list()).containsExactly("c");
        assertThat(inner.location()).isEqualTo(directory.location() + "/tmp");
        directory.deleteFolder("tmp");
        directory.deleteFolder("tmp");
        assertThat(directory.exists("tmp")).isFalse();
        assertThat(directory.folder("tmp").list()).isEmpty();
    }

    @Test
    void aNameThatIsNoneIsRefused() {
        Directory directory = directory();
        for (String name : new String[] {"", ".", "..", ".hidden", "a/b", "../a", "a b", "a\\b", "ä", "a:b", "a\n"}) {
            assertThatThrownBy(() -> directory.create(name))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is no name");
            assertThatThrownBy(() -> directory.delete(name)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> directory.folder(name)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> directory.rename("a", name)).isInstanceOf(RuntimeException.class);
        }
        assertThat(directory.list()).isEmpty();
    }

    @Test
    void aClosedFileTakesNothing() {
        Directory directory = directory();
        OutputFile file = directory.create("a");
        file.close();
        file.close();
        fails(ErrorCode.IO_ERROR, "cannot write", () -> file.write(bytes("x"), 0, 1));
        fails(ErrorCode.IO_ERROR, "cannot sync", file::sync);
        assertThat(directory.length("a")).isZero();
    }

    @Test
    void oneExclusiveLockOrManySharedOnes() {
        Directory directory = directory();
        DirectoryLock exclusive = directory.lock("zepto.lock", false);
        fails(ErrorCode.DATABASE_LOCKED, "this process", () -> directory.lock("zepto.lock", false));
        fails(ErrorCode.DATABASE_LOCKED, "this process", () -> directory.lock("zepto.lock", true));
        exclusive.close();
        exclusive.close();
        DirectoryLock first = directory.lock("zepto.lock", true);
        DirectoryLock second = directory.lock("zepto.lock", true);
        first.close();
        first.close();
        fails(ErrorCode.DATABASE_LOCKED, directory.location(), () -> directory.lock("zepto.lock", false));
        second.close();
        directory.lock("zepto.lock", false).close();
    }

    @Test
    void theFileOfALockIsNotOpened() {
        Directory directory = directory();
        try (DirectoryLock lock = directory.lock("zepto.lock", false)) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> directory.readAll("zepto.lock")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> directory.create("zepto.lock")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> directory.delete("zepto.lock")).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> directory.lock("zepto", false)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theFileOfALockIsDeletedAsSuch() {
        Directory directory = directory();
        directory.lock("zepto.lock", false).close();
        assertThat(directory.exists("zepto.lock")).isTrue();
        directory.deleteLock("zepto.lock");
        assertThat(directory.exists("zepto.lock")).isFalse();
        directory.deleteLock("zepto.lock");
        directory.lock("zepto.lock", false).close();
        assertThatThrownBy(() -> directory.deleteLock("zepto")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anInterruptEndsNoOperationAndIsKept() {
        Directory directory = directory();
        Thread.currentThread().interrupt();
        try {
            DirectoryLock lock = directory.lock("zepto.lock", false);
            write(directory, "a", "hello");
            assertThat(text(directory, "a")).isEqualTo("hello");
            assertThat(directory.map("a", 0, 5).get(4)).isEqualTo((byte) 'o');
            directory.sync();
            lock.close();
            directory.lock("zepto.lock", true).close();
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
