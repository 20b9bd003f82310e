package io.zeptodb.engine.batch;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.kernel.Bitmaps;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.jspecify.annotations.Nullable;

/**
 * The memory one owner (the database, a table, a query) may take: buffers of its allocator plus the large Java arrays that the owner tells of.
 * Both together must fit the owner's limit and the database's, which all owners share. It also knows whether the owner shall stop, for whoever
 * works on that memory for long. Thread-safe. Closing it checks that every buffer was given back.
 */
public final class MemoryBudget implements AutoCloseable {
    /** Steps (rows, comparisons, slots) after which a loop that no batch interrupts calls {@link #poll()}: far below a millisecond of work. */
    public static final int POLL_STEPS = 1 << 14;

    private final BufferAllocator allocator;
    private final Runnable stopCheck;
    /** Java arrays of this owner; those of all owners in the database's budget. */
    private final AtomicLong heapBytes = new AtomicLong();
    /** The database's budget; this one itself when it belongs to no other. */
    private final MemoryBudget database;

    private final BufferAllocator root;
    /** Whose limits hold: this one's own, but for a part. */
    private final MemoryBudget whole;

    private final AtomicLong peakHeapBytes = new AtomicLong();

    /** A database's budget, or one that shares its Java arrays with no other. Takes over the allocator and closes it in {@link #close()}. */
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
        this.database = this;
        this.root = rootOf(allocator);
        this.whole = this;
    }

    private MemoryBudget(
            MemoryBudget database, BufferAllocator allocator, Runnable stopCheck, @Nullable MemoryBudget whole) {
        this.allocator = allocator;
        this.stopCheck = stopCheck;
        this.database = database;
        this.root = rootOf(allocator);
        this.whole = whole == null ? this : whole;
    }

    private static BufferAllocator rootOf(BufferAllocator allocator) {
        BufferAllocator root = allocator;
        while (root.getParentAllocator() != null) {
            root = root.getParentAllocator();
        }
        return root;
    }

    /** The budget of an owner within this database, bounded by the database's limit alone; the caller closes it before this one. */
    public MemoryBudget child(String owner) {
        return child(owner, limitBytes(), () -> {});
    }

    /**
     * The budget of an owner within this database; the caller closes it before this one.
     *
     * @param limit most bytes of the owner; the database's limit holds as well
     * @param stopCheck throws when the owner shall stop; cheap, called by any thread
     */
    public MemoryBudget child(String owner, long limit, Runnable stopCheck) {
        BufferAllocator own = allocator.newChildAllocator(owner, 0, Math.min(limit, limitBytes()));
        return new MemoryBudget(database, own, stopCheck, null);
    }

    /**
     * A part of this owner whose memory is told apart and nothing else: what it may take, has and has left is this owner's. The caller closes it before
     * this one.
     */
    public MemoryBudget part(String name) {
        BufferAllocator own = whole.allocator.newChildAllocator(name, 0, Long.MAX_VALUE);
        return new MemoryBudget(database, own, stopCheck, whole);
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
        ArrowBuf buffer;
        try {
            buffer = allocator.buffer(Math.max(bytes, 1));
        } catch (OutOfMemoryException e) {
            throw refused(bytes, e);
        }
        // taken first and looked at then, as arrays are: of two at the same time one sees the other
        if (isOverLimit()) {
            buffer.close();
            throw refused(bytes, null);
        }
        return buffer;
    }

    private boolean isOverLimit() {
        return usedBytes() > limitBytes() || root.getAllocatedMemory() + database.heapBytes.get() > root.getLimit();
    }

    /**
     * A buffer for a bitmap of this many bits, in whole 8-byte words, as the kernels read and write it; uninitialised.
     *
     * @throws EngineException OUT_OF_MEMORY with the figures
     */
    public ArrowBuf allocateBitmap(long bits) {
        return allocate(Bitmaps.bytes(bits));
    }

    /**
     * Accounts for a Java array about to be made; give it back with a negative number. What is not given back, {@link #close()} gives back.
     *
     * @throws EngineException OUT_OF_MEMORY with the figures
     */
    public void reserveHeap(long bytes) {
        addHeap(bytes);
        if (bytes > 0 && isOverLimit()) {
            addHeap(-bytes);
            throw refused(bytes, null);
        }
    }

    private void addHeap(long bytes) {
        // arrays given back after close() were given back by it
        long before = heapBytes.getAndUpdate(held -> Math.max(held + bytes, 0));
        if (whole != this) {
            peakHeapBytes.accumulateAndGet(before + bytes, Math::max);
            whole.addHeap(Math.max(bytes, -before));
        } else if (database != this) {
            database.heapBytes.addAndGet(Math.max(bytes, -before));
        }
    }

    /** Most bytes of a part at one time, about: buffers and Java arrays need not have been at their most together. */
    public long peakBytes() {
        return allocator.getPeakMemoryAllocation() + peakHeapBytes.get();
    }

    /** Most bytes of Java arrays of a part at one time. */
    public long peakHeapBytes() {
        return peakHeapBytes.get();
    }

    /** Bytes in use: buffers and Java arrays; the database's has those of all owners. */
    public long usedBytes() {
        return whole.allocator.getAllocatedMemory() + whole.heapBytes.get();
    }

    public long limitBytes() {
        return whole.allocator.getLimit();
    }

    /** Bytes that the owner can still take: what is left of its own limit or of the database's, whichever is less; never negative. */
    public long availableBytes() {
        long own = limitBytes() - usedBytes();
        long shared = root.getLimit() - root.getAllocatedMemory() - database.heapBytes.get();
        return Math.max(0, Math.min(own, shared));
    }

    /** What {@link #allocate} fails with when so many bytes are too many: for who knows that before. */
    public EngineException refusal(long bytes) {
        return refused(bytes, null);
    }

    private EngineException refused(long bytes, @Nullable Throwable cause) {
        return new EngineException(
                ErrorCode.OUT_OF_MEMORY,
                "out of memory: '" + whole.allocator.getName() + "' asked for " + bytes + " bytes, has " + usedBytes()
                        + " of "
                        + limitBytes() + "; the database has "
                        + (root.getAllocatedMemory() + database.heapBytes.get())
                        + " of "
                        + root.getLimit()
                        + " bytes (raise memory_limit or query_memory_limit)",
                cause);
    }

    /**
     * Gives back what is left of Java arrays, and closes the allocator.
     *
     * @throws EngineException INTERNAL_ERROR naming the owner when a buffer is still held; it stays valid, and is freed by who holds it
     */
    @Override
    public void close() {
        // a statement that failed half-way may not have given its arrays back; they are garbage now
        addHeap(-heapBytes.get());
        // asked before closing: Arrow's own error is a log entry too
        long held = allocator.getAllocatedMemory();
        if (held > 0) {
            String owner = allocator.getParentAllocator() == null ? "the database" : "'" + allocator.getName() + "'";
            throw new EngineException(
                    ErrorCode.INTERNAL_ERROR,
                    held + " bytes of " + owner
                            + " are still held after close: a column view, an exported batch, a result, a pipeline or a"
                            + " transaction was not closed");
        }
        allocator.close();
    }
}
