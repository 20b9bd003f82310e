package io.zeptodb.engine.store;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Locks of folders: the system's lock of a byte far behind the file's text, which says who holds it. The system's lock is the process's, so
 * those of one process are counted here.
 */
final class FileLocks {
    /** The byte that is locked: where no text is, for a locked byte cannot be read everywhere. */
    private static final long LOCKED_BYTE = 1L << 30;

    private static final int SIGNATURE_BYTES = 1024;
    private static final String PID = "pid ";
    private static final String UNKNOWN_HOST = "an unknown host";
    private static final Pattern SIGNATURE = Pattern.compile(PID + "(\\d{1,18}) on ([^,]*)");

    private static final Map<Path, Held> HELD = new HashMap<>();

    /** Never closed: that would give up the lock that another class loader of this process has. */
    private static final List<FileChannel> LEFT_OPEN = new ArrayList<>();

    private static final class Held {
        final @Nullable FileChannel channel;
        final boolean shared;
        int count = 1;

        Held(@Nullable FileChannel channel, boolean shared) {
            this.channel = channel;
            this.shared = shared;
        }
    }

    private FileLocks() {}

    static DirectoryLock lock(Path file, String location, boolean shared) {
        boolean interrupted = Thread.interrupted(); // which would close the channel
        try {
            return lockNow(file, location, shared);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static DirectoryLock lockNow(Path file, String location, boolean shared) {
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
            try {
                Files.createFile(file);
            } catch (FileAlreadyExistsException e) {
                return file.toRealPath(); // another process was faster: the lock decides
            }
        }
        return file.toRealPath();
    }

    private static Held take(Path file, String location, boolean shared) throws IOException {
        if (!Files.exists(file)) {
            return new Held(null, true);
        }
        FileChannel channel = shared
                ? FileChannel.open(file, StandardOpenOption.READ)
                : FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            @Nullable FileLock lock = channel.tryLock(LOCKED_BYTE, 1, shared);
            if (lock == null) {
                throw locked(location, holder(channel, file), shared);
            }
            if (!shared) {
                sign(channel);
            }
            return new Held(channel, shared);
        } catch (OverlappingFileLockException e) {
            LEFT_OPEN.add(channel);
            throw locked(location, "another class loader of this process", shared);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Says who holds the lock, for the message that others get. */
    private static void sign(FileChannel channel) throws IOException {
        ProcessHandle self = ProcessHandle.current();
        String text = PID + self.pid() + " on " + host()
                + self.info().command().map(name -> ", " + name).orElse("");
        // over the old text, not into an empty file: that needs no new block of a disk that is full
        channel.write(ByteBuffer.wrap(Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), SIGNATURE_BYTES)), 0);
    }

    /** The machine's name as the system tells it: asking the network for it may take seconds. */
    private static String host() {
        Path kernel = Path.of("/proc/sys/kernel/hostname");
        try {
            if (Files.isReadable(kernel)) {
                return Files.readString(kernel).strip();
            }
        } catch (IOException e) {
            return UNKNOWN_HOST; // only a part of a message
        }
        Map<String, String> environment = System.getenv();
        return environment.getOrDefault("COMPUTERNAME", environment.getOrDefault("HOSTNAME", UNKNOWN_HOST));
    }

    /** The readers if the system tells them; else who signed last, which is not the holder when that one only reads, or was killed before readers came. */
    private static String holder(FileChannel channel, Path file) throws IOException {
        List<Long> readers = LockHolders.readers(file, LOCKED_BYTE);
        if (!readers.isEmpty()) {
            String pids = readers.stream()
                    .map(FileLocks::described)
                    .reduce((a, b) -> a + "; " + b)
                    .orElseThrow();
            return readers.size() == 1
                    ? "another process, which reads it (" + pids + ")"
                    : readers.size() + " other processes, which read it (" + pids + ")";
        }
        ByteBuffer text = ByteBuffer.allocate(SIGNATURE_BYTES);
        channel.read(text, 0);
        String holder = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).trim();
        return holder.isEmpty() || isOver(holder)
                ? "another process, which reads it (" + LockHolders.remedy(file) + ")"
                : "another process (" + holder + ")";
    }

    private static String described(long pid) {
        return PID
                + pid
                + ProcessHandle.of(pid)
                        .flatMap(process -> process.info().command())
                        .map(name -> ", " + name)
                        .orElse("");
    }

    /** Whether the process that signed was one of this machine and has ended. */
    private static boolean isOver(String signature) {
        Matcher parts = SIGNATURE.matcher(signature);
        return parts.lookingAt()
                && parts.group(2).equals(host())
                && ProcessHandle.of(Long.parseLong(parts.group(1))).isEmpty();
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
            if (held == null || --held.count > 0) {
                return;
            }
            HELD.remove(key);
            if (held.channel == null) {
                return;
            }
            boolean interrupted = Thread.interrupted();
            try (FileChannel channel = held.channel) {
                if (!held.shared) {
                    channel.write(ByteBuffer.allocate(SIGNATURE_BYTES), 0);
                }
            } catch (IOException e) {
                throw FileFailure.of("unlock", key.toString(), e);
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
