package io.zeptodb.engine.partition;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.Closing;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SymbolTable;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.Manifest;
import io.zeptodb.engine.catalog.Manifest.TableContents;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.catalog.TableMetadata;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * All tables, and the one volatile root that makes commits visible. Thread-safe.
 *
 * <p>Readers: {@link #lease()} announces an epoch and reads the root once; nothing that the snapshot shows is reused or freed until the lease
 * is closed. Writers: one {@link WriteTransaction} at a time holds the gate from its first change to its end; it writes behind what is
 * published. Its commit has two halves. Under the gate it prepares the tree of what it changed, the new {@code head}, on which the next writer
 * builds. Without the gate it then waits until the {@link CommitLog} is durable that far, so that writers share a flush, and publishes the tree,
 * and those prepared before it, with one store of the root for all tables at once. What a commit replaces is retired with the epoch it ends, and
 * given back by a later commit, or when a lease closes, once no query is in that epoch or an earlier one.
 *
 * <p>When the log cannot be made durable, nobody knows what of it is: prepared trees stay unpublished for ever, and no transaction begins any more.
 */
public final class DatabaseStore implements AutoCloseable {
    private static final int CLOSE_WAITS = 100;
    private static final long CLOSE_WAIT_NANOS = 1_000_000;

    private record Retired(long epoch, Runnable free) {}

    /** A commit that is not published yet, and what goes when it is. */
    private record Prepared(DatabaseView view, List<Runnable> replaced) {}

    private final MemoryBudget memory;
    private final SealPolicy policy;
    private final CommitLog log;
    private final Runnable onSealDue;
    private final Epochs epochs = new Epochs();
    private final Gate gate = new Gate();
    private final AtomicBoolean freed = new AtomicBoolean();

    // guarded by the gate
    private final Map<Long, TableStore> tables = new HashMap<>();
    /** Tables that are gone but for memory that views hold. */
    private final List<TableStore> lingering = new ArrayList<>();

    private final AppendScratch scratch = new AppendScratch();
    private final TimeSplit split = new TimeSplit();
    private long nextTableId = 1;
    /** The tree of the last commit that was prepared. */
    private DatabaseView head = new DatabaseView(0, Catalog.EMPTY, TableMap.empty(), 0);

    private final Object publishing = new Object();
    // guarded by publishing, which may be taken under the gate and never the other way round
    private final ArrayDeque<Prepared> prepared = new ArrayDeque<>();
    private final ArrayDeque<Retired> retired = new ArrayDeque<>();

    private volatile DatabaseView view = head;
    private volatile @Nullable WriteTransaction writer;
    private volatile @Nullable EngineException failure;
    private volatile boolean hasRetired;
    private volatile boolean hasLingering;
    private volatile boolean closed;

    /**
     * @param memory the database's, that each table takes a child of; stays the caller's
     * @param policy when hot segments are sealed
     * @param log what commits wait for before they are seen
     * @param onSealDue called after a commit that left a segment to seal, on the committing thread; must be quick
     */
    public DatabaseStore(MemoryBudget memory, SealPolicy policy, CommitLog log, Runnable onSealDue) {
        this.memory = memory;
        this.policy = policy;
        this.log = log;
        this.onSealDue = onSealDue;
    }

    /** The present tree for what needs no memory of a segment: catalog, counts, run numbers. Use a lease to read rows. */
    public DatabaseSnapshot current() {
        return view;
    }

    /** The present tree, with its memory. @throws EngineException CLOSED */
    public SnapshotLease lease() {
        int slot = epochs.enter();
        if (closed) {
            leave(slot);
            throw closedError();
        }
        return new Lease(this, slot, view);
    }

    /** The tree of the last commit that was prepared, with its memory: what the writer that holds the gate builds on. */
    SnapshotLease leaseHead() {
        int slot = epochs.enter();
        return new Lease(this, slot, head);
    }

    /**
     * One snapshot of all tables that shows at least all that was committed before {@code settle} ran.
     *
     * @param settle runs while no transaction writes: commits that the snapshot does not show write to the log after it
     * @param whileWaiting called every few milliseconds while a transaction writes; what it throws ends the wait, and nothing has happened
     * @throws EngineException CLOSED; IO_ERROR, DISK_FULL when the log cannot be made durable
     */
    public SnapshotLease leaseSettled(Runnable settle, Runnable whileWaiting) {
        long sequence;
        long position;
        gate.enter(whileWaiting);
        try {
            settle.run();
            sequence = head.sequence();
            position = log.position();
        } finally {
            gate.leave();
        }
        publish(sequence, position);
        return lease();
    }

    /** Leases that are not closed. */
    public int openLeases() {
        return epochs.open();
    }

    /** A transaction that will take the gate with its first change. */
    public WriteTransaction begin() {
        return begin(() -> {});
    }

    /**
     * A transaction that will take the gate with its first change.
     *
     * @param whileWaiting called every few milliseconds while other writers hold the gate; what it throws ends the wait and the transaction
     */
    public WriteTransaction begin(Runnable whileWaiting) {
        if (closed) {
            throw closedError();
        }
        return new WriteTransaction(this, whileWaiting, false);
    }

    /** A transaction that ends soon by itself: {@link #abortWriter} lets it. */
    public WriteTransaction beginShort() {
        if (closed) {
            throw closedError();
        }
        return new WriteTransaction(this, () -> {}, true);
    }

    /** The dictionary of a SYMBOL column of a table that is committed, null for other columns. Read it under a lease. */
    public @Nullable SymbolTable dictionary(long tableId, int ordinal) {
        TableView table = view.tables().get(tableId);
        return table == null ? null : table.symbolTable(ordinal);
    }

    /**
     * The code of a symbol in the dictionary of a column, added when new; visible at once, needs no transaction.
     *
     * @throws EngineException CLOSED; UNDEFINED_TABLE when the table was dropped; OUT_OF_MEMORY
     */
    public int intern(TableMetadata target, int ordinal, CharSequence text) {
        // the epoch keeps the dictionary from being freed meanwhile
        int slot = epochs.enter();
        try {
            if (closed) {
                throw closedError();
            }
            TableView table = view.tables().get(target.id());
            if (table == null) {
                throw droppedError(target);
            }
            SymbolTable dictionary = table.symbolTable(ordinal);
            if (dictionary == null) {
                throw new EngineException(
                        ErrorCode.DATATYPE_MISMATCH,
                        "column " + ordinal + " of '" + table.metadata().name() + "' is not a SYMBOL");
            }
            return dictionary.intern(text);
        } finally {
            epochs.leave(slot);
            if (closed) {
                freeIfUnused(); // the close may have seen this epoch as the last one
            }
        }
    }

    /** What writing to a table meets that is gone, also when there is another one of its name by now. */
    static EngineException droppedError(TableMetadata table) {
        return new EngineException(
                ErrorCode.UNDEFINED_TABLE,
                "table '" + table.name()
                        + "' was dropped while rows were on their way to it: nothing of them is stored");
    }

    /** Whether {@link #close()} was called. */
    public boolean isClosed() {
        return closed;
    }

    // --- the writer's side, called by WriteTransaction

    void enterGate(WriteTransaction transaction) {
        WriteTransaction holder = writer;
        if (holder != null && holder.owner() == Thread.currentThread()) {
            throw new EngineException(
                    ErrorCode.CONFLICT,
                    "this thread has another transaction open that has written: commit or abort it first, it would wait for itself");
        }
        gate.enter(transaction.whileWaiting());
        writer = transaction;
        // after the store: either close() sees this writer, or this writer sees that it is closed
        if (closed) {
            leaveGate();
            throw closedError();
        }
        EngineException failed = failure;
        if (failed != null) {
            leaveGate();
            throw failedError(failed);
        }
    }

    private static EngineException failedError(EngineException failure) {
        return new EngineException(
                ErrorCode.IO_ERROR,
                "the database takes no more changes until it is opened again, because its log could not be made durable: "
                        + failure.getMessage(),
                failure);
    }

    private void leaveGate() {
        writer = null;
        gate.leave();
    }

    TableStore newTable(TableMetadata metadata) {
        MemoryBudget budget = memory.child("table " + metadata.name());
        try {
            return new TableStore(metadata, budget, log);
        } catch (RuntimeException e) {
            budget.close();
            throw e;
        }
    }

    /** An id that no table has had. */
    long takeTableId() {
        return nextTableId++;
    }

    /** A table has this id: later ones get greater ones. */
    void noteTableId(long id) {
        nextTableId = Math.max(nextTableId, id + 1);
    }

    /**
     * Takes what a manifest has named: the tables, and their segments, which are not read yet. Before anything else is done with the store.
     */
    public void restore(Manifest manifest, SegmentOpener opener) {
        gate.enter();
        try {
            TableMap<TableView> views = head.tables();
            RetiredRanges ranges = new RetiredRanges();
            Map<Long, TableMetadata> byId = new HashMap<>();
            manifest.catalog().tables().forEach(table -> byId.put(table.id(), table));
            for (TableContents contents : manifest.tables()) {
                TableMetadata metadata = Objects.requireNonNull(byId.get(contents.tableId()));
                TableStore table = newTable(metadata);
                tables.put(metadata.id(), table);
                table.restore(contents, opener);
                views = views.with(metadata.id(), table.publish(ranges, policy));
            }
            nextTableId = Math.max(nextTableId, manifest.catalog().nextTableId());
            head = new DatabaseView(
                    head.sequence() + 1,
                    manifest.catalog(),
                    views,
                    manifest.log().frame());
            view = head;
        } finally {
            gate.leave();
        }
    }

    @Nullable
    TableStore table(long tableId) {
        return tables.get(tableId);
    }

    AppendScratch scratch() {
        return scratch;
    }

    TimeSplit split() {
        return split;
    }

    /** The catalog of the last commit that was prepared; under the gate. */
    Catalog headCatalog() {
        return head.catalog();
    }

    /**
     * Prepares what a transaction changed, leaves the gate, and publishes it when it is durable. The number of the commit.
     *
     * @throws EngineException IO_ERROR when it cannot be made durable: it may or may not be there when the database is opened again
     */
    long commit(
            Catalog catalog, Iterable<TableStore> changed, Iterable<TableStore> created, Iterable<TableStore> dropped) {
        TableMap<TableView> views = head.tables();
        RetiredRanges ranges = new RetiredRanges();
        boolean due = false;
        for (TableStore table : created) {
            tables.put(table.metadata().id(), table);
            views = views.with(table.metadata().id(), table.view());
        }
        for (TableStore table : changed) {
            views = views.with(table.metadata().id(), table.publish(ranges, policy));
            due |= table.isSealDue();
        }
        List<Runnable> gone = new ArrayList<>();
        for (TableStore table : dropped) {
            tables.remove(table.metadata().id());
            views = views.without(table.metadata().id());
            gone.add(() -> free(table));
        }
        if (!ranges.isEmpty()) {
            gone.add(0, ranges);
        }
        long sequence = prepare(catalog, views, gone);
        long position = log.position();
        leaveGate();
        publish(sequence, position);
        if (due) {
            onSealDue.run();
        }
        return sequence;
    }

    /** Under the gate: the next head. The number of the commit. */
    private long prepare(Catalog catalog, TableMap<TableView> views, List<Runnable> replaced) {
        // the log may be read back from before the end of what the manifest knew
        long logFrame = Math.max(head.logFrame(), log.position());
        DatabaseView next = new DatabaseView(head.sequence() + 1, catalog, views, logFrame);
        head = next;
        synchronized (publishing) {
            prepared.add(new Prepared(next, replaced));
        }
        return next.sequence();
    }

    /** Shows a prepared commit and those before it, once the log is durable up to its position. */
    private void publish(long sequence, long position) {
        try {
            log.flush(position);
        } catch (RuntimeException | Error e) {
            failure = e instanceof EngineException known
                    ? known
                    : new EngineException(ErrorCode.INTERNAL_ERROR, "writing the log failed: " + e, e);
            throw e;
        }
        synchronized (publishing) {
            while (!prepared.isEmpty() && prepared.getFirst().view.sequence() <= sequence) {
                Prepared next = prepared.removeFirst();
                view = next.view;
                long ended = epochs.advance();
                for (Runnable free : next.replaced) {
                    retired.add(new Retired(ended, free));
                }
            }
            hasRetired = !retired.isEmpty();
        }
        tryReclaim();
    }

    /** Runs something when no query that runs now can read what was shown to it, or when the store is closed; on any thread. */
    public void retire(Runnable free) {
        synchronized (publishing) {
            retired.add(new Retired(epochs.advance(), free));
            hasRetired = true;
        }
        tryReclaim();
    }

    private void tryReclaim() {
        if ((hasRetired || hasLingering) && gate.tryEnter()) {
            try {
                reclaim();
            } finally {
                gate.leave();
            }
        }
    }

    void abandon() {
        try {
            log.abort();
        } finally {
            leaveGate();
        }
    }

    /** Frees a table that no query reads; its allocator ends when no view holds memory of it. */
    private void free(TableStore table) {
        table.close();
        lingering.add(table);
    }

    /** Under the gate, which guards the memory that is given back. */
    private void reclaim() {
        long oldest = epochs.oldest();
        Runnable free = nextFree(oldest);
        while (free != null) {
            free.run();
            free = nextFree(oldest);
        }
        reclaimLingering();
    }

    private @Nullable Runnable nextFree(long oldest) {
        synchronized (publishing) {
            Retired first = retired.peekFirst();
            if (first == null || first.epoch >= oldest) {
                return null;
            }
            retired.removeFirst();
            hasRetired = !retired.isEmpty();
            return first.free;
        }
    }

    private void reclaimLingering() {
        if (!lingering.isEmpty()) {
            for (TableStore table : List.copyOf(lingering)) {
                if (table.isFree()) {
                    lingering.remove(table);
                    table.closeBudget();
                }
            }
        }
        hasLingering = !lingering.isEmpty();
    }

    // --- leases

    void leave(int slot) {
        epochs.leave(slot);
        if (closed) {
            freeIfUnused();
        } else {
            tryReclaim();
        }
    }

    // --- sealing

    /**
     * Freezes hot segments: new rows go to fresh ones. Tasks that were begun and not finished come again. The caller holds a lease that was taken
     * before, and works on one list of tasks at a time.
     *
     * @param all every hot segment, not only those that are due
     * @param whileWaiting called every few milliseconds while a transaction writes; what it throws ends the wait
     */
    public List<SealTask> beginSeal(boolean all, Runnable whileWaiting) {
        List<SealTask> tasks = new ArrayList<>();
        gate.enter(whileWaiting);
        try {
            if (!closed) {
                for (TableStore table : tables.values()) {
                    table.beginSeal(all, policy, tasks);
                }
            }
        } finally {
            gate.leave();
        }
        return tasks;
    }

    /** Tasks of sealed segments that should be written anew as one. The caller holds a lease that was taken before; waits as {@link #beginSeal}. */
    public List<CompactionTask> beginCompaction(CompactionPolicy compaction, Runnable whileWaiting) {
        List<CompactionTask> tasks = new ArrayList<>();
        gate.enter(whileWaiting);
        try {
            if (!closed) {
                tables.values().forEach(table -> table.beginCompaction(compaction, tasks));
            }
        } finally {
            gate.leave();
        }
        return tasks;
    }

    /**
     * Swaps a sealed segment in with a commit of its own; when one that it was made of has gone meanwhile, frees it instead. Waits as {@link #beginSeal};
     * when the wait is ended, the segment is freed, and the task comes again.
     */
    public void finish(SealTask task, SealedSegmentBuilder builder, Runnable whileWaiting) {
        finish(task, builder.finish(), whileWaiting);
    }

    /**
     * Swaps a sealed segment in whose rows are in a file, as {@link #finish(SealTask, SealedSegmentBuilder, Runnable)} does.
     *
     * @param columns of the file; the store's from now on, which closes it when no snapshot of it can be read any more
     */
    public void finish(SegmentTask task, SegmentMetadata metadata, SegmentColumns columns, Runnable whileWaiting) {
        finish(task, SealedSegment.of(task.layout, metadata, columns), whileWaiting);
    }

    private void finish(SegmentTask task, SealedSegment made, Runnable whileWaiting) {
        long sequence;
        long position;
        try {
            gate.enter(whileWaiting);
        } catch (RuntimeException | Error e) {
            made.close();
            throw e;
        }
        try {
            TableStore table = tables.get(task.metadata().id());
            if (closed || table != task.table || !install(table, task, made)) {
                made.close();
                return;
            }
            RetiredRanges ranges = new RetiredRanges();
            TableMap<TableView> views = head.tables();
            views = views.with(table.metadata().id(), table.publish(ranges, policy));
            List<Runnable> replaced = new ArrayList<>();
            replaced.add(ranges);
            task.segments.forEach(segment -> replaced.add(segment::close));
            sequence = prepare(head.catalog(), views, replaced);
            position = log.position();
        } finally {
            gate.leave();
        }
        // it shows what transactions before it changed: they must be durable first
        publish(sequence, position);
    }

    private static boolean install(TableStore table, SegmentTask task, SealedSegment made) {
        try {
            return table.install(task, made);
        } catch (RuntimeException | Error e) {
            made.close();
            throw e;
        }
    }

    // --- closing

    /** Refuses new leases and transactions and aborts an open transaction: the first step of {@link #close()}. */
    public void refuse() {
        closed = true;
        abortWriter();
    }

    /**
     * Refuses new leases and transactions, aborts an open transaction and frees all tables. Who owns queries ends them first; those that are about
     * to end get a tenth of a second.
     *
     * @throws EngineException CLOSED when leases are open: their memory is freed when the last of them is closed; INTERNAL_ERROR naming a table
     *     whose memory is still held otherwise
     */
    @Override
    public void close() {
        refuse();
        freeIfUnused();
        // asked again, not only waited for: who is about to be refused holds an epoch too, for a moment, and may do so
        // at any one look
        for (int i = 0; i < CLOSE_WAITS && !freed.get(); i++) {
            LockSupport.parkNanos(CLOSE_WAIT_NANOS);
            freeIfUnused();
        }
        if (!freed.get()) {
            throw new EngineException(
                    ErrorCode.CLOSED,
                    "the database is closed while snapshots are being read: its memory is freed when the last of them is given back");
        }
        gate.enter();
        try {
            // a lease that ends after this may free tables too, but it is here that their views are complained of
            reclaimLingering();
            new Closing().each(lingering, TableStore::closeBudget).finish();
        } finally {
            gate.leave();
        }
    }

    /** Aborts the transaction that holds the gate, if there is one that is not short: its owner finds it ended. */
    public void abortWriter() {
        WriteTransaction open = writer;
        if (open != null && !open.isShort()) {
            open.abortForClose();
        }
    }

    private void freeIfUnused() {
        gate.enter();
        try {
            if (epochs.open() > 0 || !freed.compareAndSet(false, true)) {
                return;
            }
            view = new DatabaseView(head.sequence() + 1, Catalog.EMPTY, TableMap.empty(), head.logFrame());
            Closing frees = new Closing();
            synchronized (publishing) {
                frees.each(retired, item -> item.free.run());
                for (Prepared commit : prepared) {
                    frees.each(commit.replaced, Runnable::run); // a log that failed: nobody will see it
                }
                retired.clear();
                prepared.clear();
            }
            frees.each(tables.values(), this::free);
            tables.clear();
            reclaimLingering();
            frees.finish();
        } finally {
            gate.leave();
        }
    }

    static EngineException closedError() {
        return new EngineException(ErrorCode.CLOSED, "the database is closed");
    }
}
