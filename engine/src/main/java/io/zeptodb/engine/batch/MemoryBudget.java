package io.zeptodb.engine.batch;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.kernel.Bitmaps;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.jspecify.annotations.Nullable;

/**
 * The memory one owner (the database, a table, a query) may take: buffers of its allocator plus the large Java arrays that the owner tells of.
 * Both together must fit the owner's limit and the database's, which all owners share; owners of a group share the group's limit besides. It also knows
 * whether the owner shall stop, for whoever works on that memory for long. Thread-safe. Closing it checks that every buffer was given back.
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

    /** The limit that owners share below the database's; null when there is none. A group's budget is its own. */
    private final @Nullable MemoryBudget group;
    /** Of a group's budget: those of its owners that are not closed. */
    private final AtomicInteger openOwners = new AtomicInteger();

    private final AtomicBoolean closed = new AtomicBoolean();
    /** Of a group's budget: what its limit is called where it can be raised. */
    private final String limitName;

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
        this.group = null;
        this.limitName = "";
    }

    /** Of an owner within the one above, or of a part of that owner. */
    private MemoryBudget(MemoryBudget above, BufferAllocator allocator, Runnable stopCheck, boolean isPart) {
        this.allocator = allocator;
        this.stopCheck = stopCheck;
        this.database = above.database;
        this.root = above.root;
        this.whole = isPart ? above.whole : this;
        this.group = above.group;
        this.limitName = "";
        if (group != null && !isPart) {
            group.openOwners.incrementAndGet();
        }
    }

    /** Of a group. */
    private MemoryBudget(MemoryBudget database, BufferAllocator allocator, String limitName) {
        this.allocator = allocator;
        this.stopCheck = () -> {};
        this.database = database;
        this.root = database.root;
        this.whole = this;
        this.group = this;
        this.limitName = limitName;
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
        return new MemoryBudget(this, own, stopCheck, false);
    }

    /**
     * A limit that several owners share, of a database's budget: what is made with {@link #child} of it, and of its children, counts against it too. The caller
     * closes it after those and before this one.
     *
     * @param name whose limit it is, for messages
     * @param limit most bytes of all of them together; the database's limit holds as well
     * @param limitName what the limit is called where it can be raised, for messages
     */
    public MemoryBudget group(String name, long limit, String limitName) {
        return new MemoryBudget(
                database, allocator.newChildAllocator(name, 0, Math.min(limit, limitBytes())), limitName);
    }

    /** Whether a group has no owner that is open, and nobody holds memory of it. */
    public boolean isUnused() {
        return openOwners.get() == 0 && usedBytes() == 0;
    }

    /** Changes the limit of a group: what is held beyond it stays, and nothing is added. */
    public void setLimitBytes(long limit) {
        allocator.setLimit(Math.min(limit, root.getLimit()));
    }

    /**
     * A part of this owner whose memory is told apart and nothing else: what it may take, has and has left is this owner's. The caller closes it before
     * this one.
     */
    public MemoryBudget part(String name) {
        BufferAllocator own = whole.allocator.newChildAllocator(name, 0, Long.MAX_VALUE);
        return new MemoryBudget(this, own, stopCheck, true);
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
        return ownLeft() < 0 || sharedLeft() < 0 || groupLeft() < 0;
    }

    private long ownLeft() {
        return whole.allocator.getLimit() - usedBytes();
    }

    private long groupLeft() {
        return group == null ? Long.MAX_VALUE : group.allocator.getLimit() - group.usedBytes();
    }

    private long sharedLeft() {
        return root.getLimit() - root.getAllocatedMemory() - database.heapBytes.get();
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
            long added = Math.max(bytes, -before);
            database.heapBytes.addAndGet(added);
            if (group != null) {
                group.heapBytes.addAndGet(added);
            }
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

    /** Most bytes of the owner: its own limit or its group's, whichever is less. */
    public long limitBytes() {
        long own = whole.allocator.getLimit();
        return group == null ? own : Math.min(own, group.allocator.getLimit());
    }

    /** Bytes that the owner can still take: what is left of its own limit, of its group's or of the database's, whichever is least; never negative. */
    public long availableBytes() {
        return Math.max(0, Math.min(ownLeft(), Math.min(groupLeft(), sharedLeft())));
    }

    /** What {@link #allocate} fails with when so many bytes are too many: for who knows that before. */
    public EngineException refusal(long bytes) {
        return refused(bytes, null);
    }

    /** What an allocation fails with that did not come through this budget, but through its allocator. */
    public EngineException refusal(OutOfMemoryException e) {
        return new EngineException(
                ErrorCode.OUT_OF_MEMORY, "out of memory: " + figures("asked for more") + ": " + e.getMessage(), e);
    }

    private EngineException refused(long bytes, @Nullable Throwable cause) {
        return new EngineException(
                ErrorCode.OUT_OF_MEMORY, "out of memory: " + figures("asked for " + bytes + " bytes"), cause);
    }

    /** Of the limit with the least left: what was too much for any was too much for that. */
    private String figures(String asked) {
        String owner = "'" + whole.allocator.getName() + "' " + asked + ", has " + usedBytes();
        long left = groupLeft();
        if (group != null && left <= ownLeft() && left <= sharedLeft()) {
            return owner + " bytes; " + group.allocator.getName() + " has " + group.usedBytes() + " of "
                    + group.limitBytes() + " bytes in all sessions together (close results and transactions that are"
                    + " open, or raise " + group.limitName + ")";
        }
        return owner + " of " + whole.allocator.getLimit() + "; the database has "
                + (root.getAllocatedMemory() + database.heapBytes.get())
                + " of "
                + root.getLimit()
                + " bytes (raise memory_limit or query_memory_limit)";
    }

    /**
     * Gives back what is left of Java arrays, and closes the allocator.
     *
     * @throws EngineException INTERNAL_ERROR naming the owner when a buffer is still held; it stays valid, and is freed by who holds it
     */
    @Override
    public void close() {
        if (group != this) {
            // a statement that failed half-way may not have given its arrays back; they are garbage now. A group's are
            // its owners'
            addHeap(-heapBytes.get());
        }
        if (closed.compareAndSet(false, true) && group != null && group != this && whole == this) {
            group.openOwners.decrementAndGet();
        }
        // asked before closing: Arrow's own error is a log entry too
        long held = allocator.getAllocatedMemory();
        if (held > 0) {
            String name = group == this ? allocator.getName() : "'" + allocator.getName() + "'";
            String owner = allocator.getParentAllocator() == null ? "the database" : name;
            throw new EngineException(
                    ErrorCode.INTERNAL_ERROR,
                    held + " bytes of " + owner
                            + " are still held after close: a column view, an exported batch, a result, a pipeline or a"
                            + " transaction was not closed");
        }
        allocator.close();
    }
}
