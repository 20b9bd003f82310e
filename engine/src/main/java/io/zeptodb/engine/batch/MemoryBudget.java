package io.zeptodb.engine.batch;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.kernel.Bitmaps;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;

/**
 * The memory one owner (a table, a query) may take: a child of the database's allocator plus the large Java arrays that the owner
 * tells of. It also knows whether the owner shall stop, for whoever works on that memory for long. Thread-safe. Closing it checks that every
 * buffer was given back.
 */
public final class MemoryBudget implements AutoCloseable {
    /** Steps (rows, comparisons, slots) after which a loop that no batch interrupts calls {@link #poll()}: far below a millisecond of work. */
    public static final int POLL_STEPS = 1 << 14;

    private final BufferAllocator allocator;
    private final Runnable stopCheck;
    private final AtomicLong heapBytes = new AtomicLong();

    /** Takes over the allocator and closes it in {@link #close()}. */
    public MemoryBudget(BufferAllocator allocator) {
        this(allocator, () -> {});
    }

    /**
     * @param allocator taken over, closed in {@link #close()}
     * @param stopCheck throws when the owner shall stop; cheap, called by any thread
     */
    public MemoryBudget(BufferAllocator allocator, Runnable stopCheck) {
        this.allocator = allocator;
        this.stopCheck = stopCheck;
    }

    /**
     * What long loops over whole results (sorts, merges, growing tables) call every {@link #POLL_STEPS} steps: operators poll only once a batch.
     *
     * @throws EngineException the reason when the owner has been asked to stop
     */
    public void poll() {
        stopCheck.run();
    }

    public BufferAllocator allocator() {
        return allocator;
    }

    /**
     * A buffer of at least one and as many bytes as asked for; uninitialised.
     *
     * @throws EngineException OUT_OF_MEMORY with the figures
     */
    public ArrowBuf allocate(long bytes) {
        try {
            return allocator.buffer(Math.max(bytes, 1));
        } catch (OutOfMemoryException e) {
            throw refused(bytes, e);
        }
    }

    /**
     * A buffer for a bitmap of this many bits, in whole 8-byte words, as the kernels read and write it; uninitialised.
     *
     * @throws EngineException OUT_OF_MEMORY with the figures
     */
    public ArrowBuf allocateBitmap(long bits) {
        return allocate(Bitmaps.bytes(bits));
    }

    /** Accounts for a Java array about to be made; give it back with a negative number. */
    public void reserveHeap(long bytes) {
        long now = heapBytes.addAndGet(bytes);
        if (bytes > 0 && now + allocator.getAllocatedMemory() > allocator.getLimit()) {
            heapBytes.addAndGet(-bytes);
            throw refused(bytes, null);
        }
    }

    /** Bytes in use: buffers and Java arrays. */
    public long usedBytes() {
        return allocator.getAllocatedMemory() + heapBytes.get();
    }

    public long limitBytes() {
        return allocator.getLimit();
    }

    private EngineException refused(long bytes, @org.jspecify.annotations.Nullable Throwable cause) {
        BufferAllocator root = allocator;
        while (root.getParentAllocator() != null) {
            root = root.getParentAllocator();
        }
        return new EngineException(
                ErrorCode.OUT_OF_MEMORY,
                "out of memory: '" + allocator.getName() + "' asked for " + bytes + " bytes, has " + usedBytes()
                        + " of "
                        + allocator.getLimit() + "; the database has " + root.getAllocatedMemory() + " of "
                        + root.getLimit()
                        + " bytes (raise memory_limit or query_memory_limit)",
                cause);
    }

    /** @throws EngineException INTERNAL_ERROR naming the owner when memory is still held; it stays valid, and is freed by who holds it */
    @Override
    public void close() {
        closeAllocator(allocator, "'" + allocator.getName() + "'");
    }

    /** Closes an allocator. @throws EngineException as {@link #close()}: Arrow's own error is a log entry too */
    public static void closeAllocator(BufferAllocator allocator, String owner) {
        long held = allocator.getAllocatedMemory();
        if (held > 0) {
            throw new EngineException(
                    ErrorCode.INTERNAL_ERROR,
                    held + " bytes of " + owner
                            + " are still held after close: a column view, an exported batch, a result, a pipeline or a"
                            + " transaction was not closed");
        }
        allocator.close();
    }
}
