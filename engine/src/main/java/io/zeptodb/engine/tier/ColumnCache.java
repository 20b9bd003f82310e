package io.zeptodb.engine.tier;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Which columns of compressed segments are kept decompressed, in memory up to a limit and in temporary files up to a larger one. When there are more, those
 * are given up that were not used for longest, in the way of a clock; their memory is freed when no query can read it any more. So one
 * query that reads more than fits in memory goes on with files. Thread-safe.
 */
public final class ColumnCache {
    private static final int MAPPED_TIMES_MEMORY = 16;

    private final long mostMemory;
    private final boolean files;
    private final Consumer<Runnable> later;
    /** Bytes of memory that are not freed yet, also of columns that were given up. */
    private final AtomicLong memory = new AtomicLong();
    // guarded by this: columns that are kept, and their bytes
    private final ArrayDeque<CompressedColumn> clock = new ArrayDeque<>();
    private long keptMemory;
    private long keptMapped;

    /**
     * @param mostMemory bytes that columns may take of the memory
     * @param files whether those that do not fit may go to temporary files; otherwise memory has no limit but the owner's
     * @param later runs what it is given when no query that runs now can read what was shown to it
     */
    public ColumnCache(long mostMemory, boolean files, Consumer<Runnable> later) {
        this.mostMemory = mostMemory;
        this.files = files;
        this.later = later;
    }

    /** Whether so many bytes may be taken of the memory; they are then. */
    boolean takeMemory(long bytes) {
        giveUpFor(bytes);
        long before = memory.getAndUpdate(held -> files && held + bytes > mostMemory ? held : held + bytes);
        return !files || before + bytes <= mostMemory;
    }

    void freedMemory(long bytes) {
        memory.addAndGet(-bytes);
    }

    /** A column was decompressed. */
    void add(CompressedColumn column, CompressedColumn.Loaded loaded) {
        column.use();
        synchronized (this) {
            count(loaded, loaded.bytes());
            clock.addLast(column);
        }
        giveUpFor(0);
    }

    /** A column was given up by its segment. */
    synchronized void remove(CompressedColumn column, CompressedColumn.Loaded loaded) {
        if (clock.remove(column)) {
            count(loaded, -loaded.bytes());
        }
    }

    private void count(CompressedColumn.Loaded loaded, long bytes) {
        if (loaded.inMemory()) {
            keptMemory += bytes;
        } else {
            keptMapped += bytes;
        }
    }

    private void giveUpFor(long memoryBytes) {
        // freed without the lock: what runs then may free other segments too
        for (CompressedColumn.Loaded given : oldest(memoryBytes)) {
            later.accept(() -> free(given));
        }
    }

    private synchronized List<CompressedColumn.Loaded> oldest(long memoryBytes) {
        List<CompressedColumn.Loaded> given = new ArrayList<>();
        long mostMapped = mostMemory * MAPPED_TIMES_MEMORY;
        for (int left = clock.size() * 2; left > 0; left--) {
            boolean tooMuchMemory = keptMemory + memoryBytes > mostMemory;
            if (!tooMuchMemory && keptMapped <= mostMapped) {
                break;
            }
            CompressedColumn next = clock.removeFirst();
            CompressedColumn.Loaded loaded =
                    next.isInMemory() != tooMuchMemory || next.wasUsed() ? null : next.giveUp();
            if (loaded == null) {
                clock.addLast(next);
            } else {
                count(loaded, -loaded.bytes());
                given.add(loaded);
            }
        }
        return given;
    }

    private void free(CompressedColumn.Loaded given) {
        given.column().close();
        if (given.inMemory()) {
            freedMemory(given.bytes());
        }
    }
}
