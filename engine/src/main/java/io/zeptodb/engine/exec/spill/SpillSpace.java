package io.zeptodb.engine.exec.spill;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.store.Directory;
import io.zeptodb.engine.store.OutputFile;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A database's room for temporary files: a folder, opened when the first query needs it, and how much may lie there. Thread-safe. */
public final class SpillSpace implements AutoCloseable {
    /** No room: queries that pass their memory fail. */
    public static final SpillSpace NONE = new SpillSpace(null, free -> 0, () -> {});

    private final @Nullable Supplier<Directory> folder;
    private final LongUnaryOperator limitOfFree;
    private final Runnable remove;
    private final AtomicLong number = new AtomicLong();
    private final AtomicLong usedBytes = new AtomicLong();
    private final AtomicLong writtenBytes = new AtomicLong();
    private @Nullable Directory opened;
    private long limitBytes;
    private boolean closed;

    /**
     * @param folder opens the folder; called at most once, at the first use
     * @param limitOfFree most bytes of all files together, of the bytes that were free on the disk at the first use
     * @param remove deletes the folder that was opened, with what is in it; called at most once, by {@link #close}
     */
    public SpillSpace(@Nullable Supplier<Directory> folder, LongUnaryOperator limitOfFree, Runnable remove) {
        this.folder = folder;
        this.limitOfFree = limitOfFree;
        this.remove = remove;
    }

    /** Whether anything can be put on disk at all. */
    public boolean isAvailable() {
        return folder != null;
    }

    /** Bytes of the files that are there now. */
    public long usedBytes() {
        return usedBytes.get();
    }

    /** Bytes that were ever written. */
    public long writtenBytes() {
        return writtenBytes.get();
    }

    synchronized Directory directory() {
        Directory directory = opened;
        if (closed || folder == null) {
            throw new EngineException(ErrorCode.CLOSED, "the database is closed: no room for temporary files");
        }
        if (directory == null) {
            directory = folder.get();
            limitBytes = limitOfFree.applyAsLong(directory.freeBytes());
            opened = directory;
        }
        return directory;
    }

    OutputFile create() {
        return directory().create("spill-" + number.incrementAndGet() + ".arrow");
    }

    /** Tells of bytes about to be written. */
    void reserve(long bytes) {
        long used = usedBytes.addAndGet(bytes);
        if (used > limitBytes) {
            usedBytes.addAndGet(-bytes);
            throw new EngineException(
                    ErrorCode.DISK_FULL,
                    "no room for temporary files of queries in '" + directory().location() + "': they have "
                            + (used - bytes) + " of " + limitBytes + " bytes, " + bytes
                            + " more are needed (raise temp_directory_limit, or memory_limit and query_memory_limit)");
        }
        writtenBytes.addAndGet(bytes);
    }

    void release(String name, long bytes) {
        usedBytes.addAndGet(-bytes);
        Directory directory;
        synchronized (this) {
            directory = opened;
        }
        if (directory != null) {
            directory.delete(name);
        }
    }

    /** Deletes the folder; every query has ended. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed || opened == null) {
                closed = folder != null;
                return;
            }
            closed = true;
            opened = null;
        }
        remove.run();
    }
}
