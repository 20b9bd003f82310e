package io.zeptodb.engine.store;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Locks of folders: the system's lock of a byte far behind the file's text, which says who holds it. The system's lock is the process's, so
 * those of one process are counted here.
 */
final class FileLocks {
    /** The byte that is locked: where no text is, for a locked byte cannot be read everywhere. */
    private static final long LOCKED_BYTE = 1L << 30;

    private static final Map<Path, Held> HELD = new HashMap<>();

    private static final class Held {
        final FileChannel channel;
        final boolean shared;
        int count = 1;

        Held(FileChannel channel, boolean shared) {
            this.channel = channel;
            this.shared = shared;
        }
    }

    private FileLocks() {}

    static DirectoryLock lock(Path file, String location, boolean shared) {
        synchronized (HELD) {
            Path key;
            try {
                key = keyOf(file, shared);
                Held known = HELD.get(key);
                if (known != null) {
                    if (!known.shared || !shared) {
                        throw locked(
                                location,
                                "this process (pid " + ProcessHandle.current().pid() + ")",
                                shared);
                    }
                    known.count++;
                } else {
                    HELD.put(key, take(file, location, shared));
                }
            } catch (IOException e) {
                throw FileFailure.of("lock", file.toString(), e);
            }
            AtomicBoolean open = new AtomicBoolean(true);
            return () -> {
                if (open.getAndSet(false)) {
                    release(key);
                }
            };
        }
    }

    private static Path keyOf(Path file, boolean shared) throws IOException {
        if (!Files.exists(file)) {
            if (shared && !Files.isWritable(file.toAbsolutePath().getParent())) {
                return file; // a medium that is read-only needs no lock
            }
            Files.createFile(file);
        }
        return file.toRealPath();
    }

    private static Held take(Path file, String location, boolean shared) throws IOException {
        if (!Files.exists(file)) {
            return new Held(FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ), true);
        }
        FileChannel channel = shared
                ? FileChannel.open(file, StandardOpenOption.READ)
                : FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            @Nullable FileLock lock = channel.tryLock(LOCKED_BYTE, 1, shared);
            if (lock == null) {
                throw locked(location, holder(channel), shared);
            }
            if (!shared) {
                ProcessHandle self = ProcessHandle.current();
                String text = "pid " + self.pid()
                        + self.info().command().map(name -> ", " + name).orElse("");
                channel.truncate(0);
                channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
            }
            return new Held(channel, shared);
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw locked(location, "another class loader of this process", shared);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(1024);
        channel.read(text, 0);
        String holder = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8);
        return holder.isEmpty() ? "another process" : "another process (" + holder + ")";
    }

    private static EngineException locked(String location, String holder, boolean shared) {
        return new EngineException(
                ErrorCode.DATABASE_LOCKED,
                "database '" + location + "' is open in " + holder
                        + (shared
                                ? ": it can be read when that one has closed it"
                                : ": one process at a time may write it; end that one, connect to it through a server, or open with"
                                        + " access_mode=read_only beside other readers"));
    }

    private static void release(Path key) {
        synchronized (HELD) {
            Held held = HELD.get(key);
            if (held != null && --held.count == 0) {
                HELD.remove(key);
                try {
                    held.channel.close();
                } catch (IOException e) {
                    throw FileFailure.of("unlock", key.toString(), e);
                }
            }
        }
    }
}
