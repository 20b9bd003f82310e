package io.zeptodb.engine.ingest;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.IngestCounters;
import io.zeptodb.engine.api.Pipeline;
import io.zeptodb.engine.api.PipelineOptions;
import io.zeptodb.engine.api.RowWriter;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.Closing;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.StagedColumn;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.catalog.TableMetadata;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue of rows into one table. Each writer fills blocks of its own, column by column, and hands its rows over one by one; the
 * drain takes what was handed over by all writers and stores it as one commit. A shared count of places bounds what waits; a row that
 * finds none blocks, or is refused, or, without a drain thread, drains the queue itself. Nothing is lost: what a failed drain could not
 * store is counted as refused, and the failure is thrown by the next append, drain or close.
 */
public final class RowPipeline implements Pipeline {
    /** Rows of a block at most: about what one append to the table should have. */
    private static final int BLOCK_ROWS = 4096;

    private static final int LEAST_BLOCK_ROWS = 16;
    /** After a round of fewer rows the drain pauses. */
    private static final int SMALL_ROUND = 1024;

    private static final long PAUSE_NANOS = 50_000;
    private static final int POOLED_BLOCKS = 64;

    private final Storage storage;
    private final TableMetadata table;
    private final TableWriter writer;
    private final PipelineOptions options;
    private final int capacity;
    private final int blockRows;
    private final long blockBytes;

    private final AtomicLong waiting = new AtomicLong();
    private final AtomicLong stored = new AtomicLong();
    /** Rows that a drain could not store. */
    private final AtomicLong failed = new AtomicLong();
    /** Counts of writers that were closed, and of {@link #append}. */
    private final AtomicLong pastReceived = new AtomicLong();

    private final AtomicLong pastRefused = new AtomicLong();
    private final AtomicReference<@Nullable EngineException> failure = new AtomicReference<>();

    private final CopyOnWriteArrayList<QueueEnd> ends = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<StagedRows> pool = new ConcurrentLinkedQueue<>();
    private final ReentrantLock drainLock = new ReentrantLock();
    private final Object space = new Object();
    private final Object rowLock = new Object();
    private final QueuedWriter rowWriter;
    private final WritableColumn[] gathered;

    private volatile int blocked;
    /** The drain thread while it waits for the first row. */
    private volatile @Nullable Thread sleeper;
    /** The drain thread while it lets rows gather. */
    private volatile @Nullable Thread pausing;

    private volatile boolean closed;

    // guarded by the pool
    private long reservedBytes;
    private boolean released;

    /** Where the drain is in the blocks of a writer. */
    private static final class QueueEnd {
        final QueuedWriter writer;
        StagedRows head;
        /** Set when the writer is closed; it is forgotten once nothing of it waits. */
        volatile boolean ended;

        QueueEnd(QueuedWriter writer, StagedRows head) {
            this.writer = writer;
            this.head = head;
        }
    }

    RowPipeline(Storage storage, TableMetadata table, TableWriter writer, PipelineOptions options) {
        this.storage = storage;
        this.table = table;
        this.writer = writer;
        this.options = options;
        this.capacity = Integer.highestOneBit(options.queueRows() - 1) << 1;
        this.blockRows = Math.max(LEAST_BLOCK_ROWS, Math.min(BLOCK_ROWS, capacity));
        List<ColumnDefinition> columns = table.schema().columns();
        this.gathered = new WritableColumn[columns.size()];
        long bytes = 0;
        for (int i = 0; i < gathered.length; i++) {
            gathered[i] = new WritableColumn(
                    storage.ingestBudget(), stagedType(columns.get(i).type()));
            bytes += StagedColumn.bytes(columns.get(i).type(), blockRows);
        }
        this.blockBytes = bytes;
        this.rowWriter = addWriter();
    }

    /** Writers give nanoseconds; the table's precision is seen to when rows are stored. */
    private static ColumnType stagedType(ColumnType type) {
        return switch (type.kind()) {
            case TIMESTAMP -> ColumnType.TIMESTAMP_NS;
            case TIME -> ColumnType.TIME;
            default -> type;
        };
    }

    @Override
    public TableSchema schema() {
        return table.schema();
    }

    @Override
    public RowWriter newWriter() {
        drainLock.lock();
        try {
            checkOpen();
            return addWriter();
        } finally {
            drainLock.unlock();
        }
    }

    private QueuedWriter addWriter() {
        StagedRows first = newBlock();
        QueuedWriter added = new QueuedWriter(this, writer.dictionaries(), first);
        ends.add(new QueueEnd(added, first));
        return added;
    }

    void remove(QueuedWriter closing) {
        for (QueueEnd end : ends) {
            if (isOf(end, closing)) {
                end.ended = true;
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // a writer is itself
    private static boolean isOf(QueueEnd end, QueuedWriter writer) {
        return end.writer == writer;
    }

    StagedRows newBlock() {
        StagedRows block = pool.poll();
        if (block != null) {
            return block;
        }
        reserve(blockBytes);
        StagedColumn[] columns = new StagedColumn[gathered.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new StagedColumn(gathered[i].type(), blockRows);
        }
        return new StagedRows(columns, blockRows);
    }

    private void giveBack(StagedRows block) {
        if (pool.size() < POOLED_BLOCKS) {
            block.clear();
            pool.add(block);
        } else {
            drop();
        }
    }

    private void drop() {
        reserve(-blockBytes);
    }

    private void reserve(long bytes) {
        synchronized (pool) {
            if (released) {
                checkOpen(); // a block for a writer that lost the race with close(): nobody would give it back
                return;
            }
            storage.ingestBudget().reserveHeap(bytes);
            reservedBytes += bytes;
        }
    }

    private void release() {
        synchronized (pool) {
            released = true;
            pool.clear();
            storage.ingestBudget().reserveHeap(-reservedBytes);
            reservedBytes = 0;
        }
    }

    @Override
    public void ingest(@Nullable Object... row) {
        synchronized (rowLock) {
            try {
                RowValues.write(rowWriter, table.schema(), row);
            } catch (EngineException e) {
                rowWriter.refuse(e);
            } catch (RuntimeException e) {
                // a value whose own methods fail: what was set of the row must not stay for the next one
                rowWriter.refuse(failed(ErrorCode.INVALID_ARGUMENT, e));
            } catch (Error e) {
                giveUp(e);
                throw e;
            }
            rowWriter.append();
        }
    }

    /** The next row begins anew. */
    private void giveUp(Error failure) {
        try {
            rowWriter.refuse(failed(ErrorCode.OUT_OF_MEMORY, failure));
            rowWriter.append();
        } catch (EngineException e) {
            failure.addSuppressed(e);
        }
    }

    private EngineException failed(ErrorCode code, Throwable failure) {
        return new EngineException(code, "cannot append to '" + table.name() + "': " + failure, failure);
    }

    @Override
    public int symbol(int ordinal, CharSequence value) {
        checkOpen();
        EngineException.required(value, "the text of a symbol");
        checkOrdinal(ordinal);
        writer.dictionary(ordinal);
        return storage.store().intern(table, ordinal, value);
    }

    @Override
    public long append(VectorSchemaRoot batch) {
        EngineException.required(batch, "a batch");
        storage.enter();
        long rows = batch.getRowCount();
        pastReceived.addAndGet(rows);
        try (Transaction transaction = storage.begin()) {
            checkOpen();
            transaction.append(table, batch, null);
            transaction.commitUncounted();
            stored.addAndGet(rows);
            return rows;
        } catch (RuntimeException | Error e) {
            pastRefused.addAndGet(rows);
            throw e;
        } finally {
            storage.leave();
        }
    }

    // --- the writers' side

    /** A place in the queue for one row. @throws EngineException QUEUE_FULL, CLOSED, or what a drain met; then there is none */
    void takePlace() {
        while (true) {
            throwFailure();
            checkOpen();
            long now = waiting.get();
            if (now < capacity) {
                if (waiting.compareAndSet(now, now + 1)) {
                    keepPlace();
                    return;
                }
            } else if (options.whenFull() == PipelineOptions.WhenFull.REFUSE) {
                throw new EngineException(
                        ErrorCode.QUEUE_FULL,
                        "the queue of '" + table.name() + "' is full: " + capacity
                                + " rows wait; this row was refused");
            } else if (options.synchronous()) {
                drain();
            } else {
                awaitSpace();
            }
        }
    }

    /** After taking it: either the last drain of a close waits for the row, or the row sees that it is too late. */
    private void keepPlace() {
        if (closed) {
            waiting.decrementAndGet();
            checkOpen();
        }
    }

    private void awaitSpace() {
        synchronized (space) {
            blocked++;
            LockSupport.unpark(pausing);
            try {
                while (waiting.get() >= capacity && !closed && failure.get() == null) {
                    space.wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new EngineException(
                        ErrorCode.CANCELLED,
                        "interrupted while waiting for space in the queue of '" + table.name()
                                + "'; this row was refused",
                        e);
            } finally {
                blocked--;
            }
        }
    }

    void wakeDrain() {
        Thread sleeping = sleeper;
        if (sleeping != null) {
            LockSupport.unpark(sleeping);
        }
    }

    private void checkOrdinal(int ordinal) {
        int count = table.schema().columns().size();
        if (ordinal < 0 || ordinal >= count) {
            throw new EngineException(
                    ErrorCode.UNDEFINED_COLUMN,
                    "table '" + table.name() + "' has columns 0 to " + (count - 1) + ", got " + ordinal);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new EngineException(ErrorCode.CLOSED, "the pipeline of '" + table.name() + "' is closed");
        }
    }

    private void throwFailure() {
        if (failure.get() != null) {
            EngineException taken = failure.getAndSet(null);
            if (taken != null) {
                throw new EngineException(taken.code(), String.valueOf(taken.getMessage()), taken);
            }
        }
    }

    // --- the drain

    /** Drains until the pipeline is closed: the body of the drain thread, which the engine makes. Sleeps while nothing waits. */
    public void runDrain() {
        Thread self = Thread.currentThread();
        while (!closed) {
            long rows = drainAndNote();
            if (rows == 0) {
                sleeper = self;
                // after the store: either a writer sees the sleeper, or this sees that a row waits
                if (waiting.get() == 0 && !closed) {
                    LockSupport.park(this);
                }
                sleeper = null;
            } else if (rows < SMALL_ROUND) {
                // a commit costs about as much as storing some hundred rows: let them gather
                pausing = self;
                if (blocked == 0 && !closed) {
                    LockSupport.parkNanos(this, PAUSE_NANOS);
                }
                pausing = null;
            }
        }
    }

    /** Rows stored; 0 when it failed. Noted before the lock is given back: whoever drains or closes next is told. */
    private long drainAndNote() {
        drainLock.lock();
        try {
            return closed ? 0 : drainLocked();
        } catch (Throwable e) {
            // whatever it is: without the drain thread the writers would wait for ever
            note(e);
            return 0;
        } finally {
            drainLock.unlock();
        }
    }

    private void note(Throwable cause) {
        EngineException e = cause instanceof EngineException known
                ? known
                : new EngineException(
                        ErrorCode.INTERNAL_ERROR, "storing the rows of '" + table.name() + "' failed: " + cause, cause);
        EngineException before = failure.getAndSet(e);
        if (before != null && before != e) {
            e.addSuppressed(before);
        }
        wakeWriters();
    }

    @Override
    public long drain() {
        throwFailure();
        checkOpen();
        return drainOnce();
    }

    private long drainOnce() {
        drainLock.lock();
        try {
            checkOpen(); // again: a close() that came before has drained the queue and given back its memory
            return drainLocked();
        } finally {
            drainLock.unlock();
        }
    }

    private long drainLocked() {
        long rows = 0;
        LoggedWrite transaction = null;
        try {
            for (QueueEnd end : ends) {
                boolean ended = end.ended;
                while (true) {
                    int taken = end.head.taken;
                    int handedOver = end.head.published();
                    if (handedOver > taken) {
                        end.head.taken = handedOver;
                        rows += handedOver - taken;
                        if (transaction == null) {
                            transaction = storage.beginShort();
                        }
                        gather(transaction, end.head, taken, handedOver - taken);
                    }
                    StagedRows next = end.head.next;
                    if (end.head.taken < end.head.capacity || next == null) {
                        break;
                    }
                    giveBack(end.head);
                    end.head = next;
                }
                if (ended) {
                    forget(end);
                }
            }
            if (transaction != null) {
                flush(transaction);
                transaction.commit();
                stored.addAndGet(rows);
            }
            return rows;
        } catch (RuntimeException | Error e) {
            failed.addAndGet(rows);
            throw couldNotStore(rows, e);
        } finally {
            endDrain(transaction, rows);
        }
    }

    /** The rows have left the queue however it ended. */
    private void endDrain(@Nullable LoggedWrite transaction, long rows) {
        try {
            if (transaction != null) {
                transaction.close();
            }
        } finally {
            if (rows > 0) {
                waiting.addAndGet(-rows);
                wakeWriters();
            }
            clearGathered();
        }
    }

    private EngineException couldNotStore(long rows, Throwable cause) {
        ErrorCode code = cause instanceof EngineException known ? known.code() : ErrorCode.INTERNAL_ERROR;
        return new EngineException(
                code,
                rows + " rows that waited for '" + table.name() + "' could not be stored and were refused: "
                        + cause.getMessage(),
                cause);
    }

    private void forget(QueueEnd end) {
        synchronized (ends) {
            pastReceived.addAndGet(end.writer.receivedRows());
            pastRefused.addAndGet(end.writer.refusedRows());
            ends.remove(end);
        }
        // not into the pool: who still sets values of a closed writer must not meet another one's rows
        drop();
    }

    /** Copies rows out of a block, and on into the table when there are many. */
    private void gather(LoggedWrite transaction, StagedRows block, int from, int count) {
        block.copyTo(gathered, from, count);
        if (gathered[0].rowCount() >= BLOCK_ROWS) {
            flush(transaction);
        }
    }

    private void flush(LoggedWrite transaction) {
        int rows = gathered[0].rowCount();
        if (rows == 0) {
            return;
        }
        ColumnVector[] columns = new ColumnVector[gathered.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = gathered[i].vector();
            columns[i].withDictionary(writer.dictionaries()[i]);
        }
        synchronized (transaction.monitor()) {
            transaction.requireWriting();
            writer.beginStatement();
            transaction.append(table, writer.dictionaries(), writer.prepare(columns, null, rows), rows);
        }
        clearGathered();
    }

    private void clearGathered() {
        for (WritableColumn column : gathered) {
            column.clear();
        }
    }

    private void wakeWriters() {
        if (blocked > 0) {
            synchronized (space) {
                space.notifyAll();
            }
        }
    }

    @Override
    public IngestCounters counters() {
        // stored and refused first: a row on its way may be missing from them, never from those received
        long storedNow = stored.get();
        long refusedNow = failed.get();
        synchronized (ends) { // or a writer that is being forgotten counts twice, or not at all
            refusedNow += pastRefused.get();
            for (QueueEnd end : ends) {
                refusedNow += end.writer.refusedRows();
            }
            long receivedNow = pastReceived.get();
            for (QueueEnd end : ends) {
                receivedNow += end.writer.receivedRows();
            }
            return new IngestCounters(receivedNow, storedNow, refusedNow);
        }
    }

    @Override
    public void close() {
        drainLock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            wakeDrain();
            synchronized (space) {
                space.notifyAll();
            }
            drainRest();
        } finally {
            drainLock.unlock();
        }
        throwFailure();
    }

    /** Stores what was accepted; a writer that took its place before the end is waited for. */
    private void drainRest() {
        do {
            try {
                drainLocked();
            } catch (Throwable e) {
                note(e); // thrown at the end of close()
            }
        } while (waiting.get() > 0);
        new Closing()
                .then(() -> storage.forget(this))
                .each(List.of(gathered), WritableColumn::close)
                .then(writer::close)
                .then(this::release)
                .finish();
    }
}
