package io.zeptodb.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.EngineException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Locks of a folder between processes. */
class FileLocksTest {
    /** Whether the system says who reads: elsewhere the message says how to find out. */
    private static final boolean IS_TOLD = Files.isReadable(Path.of("/proc/locks"));

    @TempDir
    private Path root;

    private Directory directory;

    @BeforeEach
    void open() {
        directory = FileDirectory.open(root.toString());
    }

    @Test
    void theMessageNamesTheProcessThatHasIt() throws Exception {
        try (LockingProcess other = LockingProcess.start(root, false)) {
            assertThat(other.hasTaken()).isTrue();
            assertThatThrownBy(() -> directory.lock("zepto.lock", false))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("'" + root + "' is open in another process (pid " + other.pid() + " on ");
            assertThatThrownBy(() -> directory.lock("zepto.lock", true))
                    .hasMessageContaining("it can be read when that one has closed it");
        }
        directory.lock("zepto.lock", false).close();
    }

    @Test
    void anotherProcessIsToldOfThisOne() throws Exception {
        try (DirectoryLock lock = directory.lock("zepto.lock", false);
                LockingProcess other = LockingProcess.start(root, false)) {
            assertThat(lock).isNotNull();
            assertThat(other.answer())
                    .startsWith("DATABASE_LOCKED ")
                    .contains("(pid " + ProcessHandle.current().pid() + " on ");
        }
    }

    @Test
    void readersShareAndKeepAWriterOut() throws Exception {
        directory.lock("zepto.lock", false).close(); // leaves no name of a writer behind
        try (LockingProcess other = LockingProcess.start(root, true)) {
            assertThat(other.hasTaken()).isTrue();
            DirectoryLock mine = directory.lock("zepto.lock", true);
            assertThatThrownBy(() -> directory.lock("zepto.lock", false)).hasMessageContaining("this process");
            mine.close();
            assertThatThrownBy(() -> directory.lock("zepto.lock", false))
                    .hasMessageContaining("another process, which reads it (" + named(other.pid()));
            try (LockingProcess third = LockingProcess.start(root, true)) {
                assertThat(third.hasTaken()).isTrue();
                assertThatThrownBy(() -> directory.lock("zepto.lock", false))
                        .hasMessageContaining(IS_TOLD ? "2 other processes, which read it (pid " : "another process")
                        .hasMessageContaining(named(other.pid()))
                        .hasMessageContaining(named(third.pid()));
            }
        }
    }

    private static String named(long pid) {
        return IS_TOLD ? "pid " + pid : "its pid is not known here";
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void onlyReadersOfTheFileItselfAreNamed() throws Exception {
        Path file = Files.createFile(root.resolve("zepto.lock"));
        long self = ProcessHandle.current().pid();
        Object inode = Files.getAttribute(file, "unix:ino");
        long device = ((Number) Files.getAttribute(file, "unix:dev")).longValue();
        String here = String.format("%02x:%02x:%s", device >> 8 & 0xfff, device & 0xff, inode);
        long at = 1L << 30;
        String place = " " + at + " " + at;
        List<String> locks = List.of(
                "1: POSIX  ADVISORY  READ 77 " + here + place,
                "2: POSIX  ADVISORY  READ 66 " + here + place,
                "2: -> POSIX  ADVISORY  READ 55 " + here + place,
                "3: POSIX  ADVISORY  WRITE 44 " + here + place,
                "4: FLOCK  ADVISORY  READ 33 " + here + " 0 EOF",
                "5: POSIX  ADVISORY  READ 0 " + here + place,
                "6: OFDLCK ADVISORY  READ -1 " + here + place,
                "7: POSIX  ADVISORY  READ 22 " + here + " 0 EOF",
                "8: POSIX  ADVISORY  READ 11 " + here + "1" + place,
                "9: POSIX  ADVISORY  READ " + self + " 7ff:ff:" + inode + place,
                "of a system to come");
        assertThat(LockHolders.readers(locks, file, at)).containsExactly(66L, 77L);
        // of another device by what the system says, but open in that process
        try (FileChannel open = FileChannel.open(file)) {
            assertThat(open.isOpen()).isTrue();
            assertThat(LockHolders.readers(locks, file, at)).contains(self).hasSize(3);
        }
    }

    @Test
    void whoIsNotKnownCanBeFound() {
        assertThat(LockHolders.remedy(root.resolve("zepto.lock")))
                .contains("not known", root.resolve("zepto.lock").toString());
    }

    @Test
    void aKilledProcessHoldsNothing() throws Exception {
        LockingProcess killed = LockingProcess.start(root, false);
        assertThat(killed.hasTaken()).isTrue();
        killed.kill();
        try (LockingProcess reader = LockingProcess.start(root, true)) {
            assertThat(reader.hasTaken()).isTrue();
            // the text is still that of the killed one, which is not the holder
            assertThatThrownBy(() -> directory.lock("zepto.lock", false))
                    .hasMessageContaining("another process, which reads it (" + named(reader.pid()));
        }
        directory.lock("zepto.lock", false).close();
    }
}
