package io.zeptodb.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.EngineException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locks of a folder between processes. */
class FileLocksTest {
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
                    .hasMessageContaining("another process, which reads it");
        }
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
                    .hasMessageContaining("another process, which reads it");
        }
        directory.lock("zepto.lock", false).close();
    }
}
