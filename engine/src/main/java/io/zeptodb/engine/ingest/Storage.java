package io.zeptodb.engine.ingest;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnView;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.IngestCounters;
import io.zeptodb.engine.api.PipelineOptions;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.Closing;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SymbolTable;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.partition.DatabaseSnapshot;
import io.zeptodb.engine.partition.DatabaseStore;
import io.zeptodb.engine.partition.PartitionSnapshot;
import io.zeptodb.engine.partition.SealPolicy;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.partition.SnapshotLease;
import io.zeptodb.engine.partition.TableSnapshot;
import io.zeptodb.engine.wal.WalWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.jspecify.annotations.Nullable;

/**
 * The tables of a database in memory, to whoever runs one: transactions and pipelines to write, leased snapshots to read, counts and column views by
 * key. Thread-safe. It makes no thread: a {@code Sealer} over {@link #store()} and the drain of each pipeline are run by the owner.
 *
 * <p>To close: end queries, pipelines and sealing, then {@link #close()}, which aborts an open transaction.
 */
public final class Storage implements AutoCloseable {
    private static final long CLOSE_WAIT_NANOS = 100_000;
    private static final long RELIEF_WAIT_NANOS = 2_000_000;
    /** Above one of so many parts of memory_limit new rows are sealed. */
    private static final int ASK_PART = 4;
    /** Above one of so many parts writers wait for it: a run that grows needs its memory twice. */
    private static final int WAIT_PART = 2;

    private final DatabaseStore store;
    private final TransactionLog log;
    private final MemoryBudget memory;
    private final MemoryBudget ingestBudget;
    private final LongAdder received = new LongAdder();
    private final LongAdder stored = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final Set<RowPipeline> pipelines = ConcurrentHashMap.newKeySet();
    /** Calls that run now and hold snapshots or memory for as long as they run: {@link #append} and its like. */
    private final AtomicInteger calls = new AtomicInteger();

    private volatile boolean closed;
    private volatile MemoryRelief relief = MemoryRelief.NONE;

    /**
     * @param memory the database's, that tables take children of; stays the caller's, who closes it after this
     * @param policy when hot segments are sealed: {@link SealPolicy#ofSealRows}
     * @param onSealDue called on the thread of a commit that left something to seal; must be quick, and wake a thread that calls
     *     {@code Sealer.sealDue()}
     */
    public Storage(MemoryBudget memory, SealPolicy policy, Runnable onSealDue) {
        this.log = new TransactionLog(onSealDue);
        this.store = new DatabaseStore(memory, policy, log, onSealDue);
        this.memory = memory;
        this.ingestBudget = memory.child("ingest");
    }

    /** What a {@code Sealer} works on. */
    public DatabaseStore store() {
        return store;
    }

    /**
     * Who replays the log of a database on disk, after its manifest was restored and before anything else is done.
     *
     * @param manifestFrame the last record that the manifest has seen
     * @param relief makes room between two transactions
     */
    public Recovery newRecovery(long manifestFrame, ReplayRelief relief) {
        return new Recovery(store, log, ingestBudget, manifestFrame, relief);
    }

    /** The log or the manifest has the codes of a SYMBOL column below this number. */
    public void knowSymbols(long tableId, int columnId, int codes) {
        log.knowSymbols(tableId, columnId, codes);
    }

    /** From now on commits go to this log first; stays the caller's, who closes it after this. */
    public void attach(WalWriter writer) {
        log.attach(writer);
    }

    /** Who makes room when the memory gets full; writers wait for it before they begin. */
    public void relieveBy(MemoryRelief by) {
        relief = by;
    }

    /** Rows that come faster than they can be sealed wait here, not in memory. */
    private void awaitRoom(Runnable whileWaiting) {
        long limit = memory.limitBytes();
        if (memory.usedBytes() < limit / ASK_PART) {
            return;
        }
        relief.ask();
        while (memory.usedBytes() > limit / WAIT_PART && relief.isUnderWay() && !isClosed()) {
            LockSupport.parkNanos(this, RELIEF_WAIT_NANOS);
            whileWaiting.run();
            relief.ask(); // the rows that came while it was at work
        }
    }

    MemoryBudget ingestBudget() {
        return ingestBudget;
    }

    /** The present tables. */
    public Catalog catalog() {
        return store.current().catalog();
    }

    /** The present tree for counts; rows are read with a {@link #lease()}. */
    public DatabaseSnapshot current() {
        return store.current();
    }

    /** One snapshot of all tables; close it when the query ends. @throws EngineException CLOSED */
    public SnapshotLease lease() {
        return store.lease();
    }

    /** Leases that are not closed. */
    public int openLeases() {
        return store.openLeases();
    }

    /** Begins a transaction; it waits for other writers with its first change, not here. @throws EngineException CLOSED */
    public Transaction begin() {
        return begin(() -> {});
    }

    /** As {@link #begin()}; {@code whileWaiting} is called every few milliseconds while it waits, and what it throws ends the transaction. */
    public Transaction begin(Runnable whileWaiting) {
        awaitRoom(whileWaiting);
        return new Transaction(this, new LoggedWrite(store.begin(whileWaiting), log));
    }

    /**
     * Begins a transaction over several statements, on the newest snapshot.
     *
     * @param owner whose memory its changes take until they are committed; the database's, or that of a part of it
     * @throws EngineException CLOSED
     */
    public SessionTransaction beginSession(MemoryBudget owner) {
        SnapshotLease lease = lease();
        try {
            return new SessionTransaction(this, lease, owner);
        } catch (RuntimeException | Error e) {
            lease.close();
            throw e;
        }
    }

    /** A transaction that ends soon by itself. */
    LoggedWrite beginShort() {
        awaitRoom(() -> {});
        return new LoggedWrite(store.beginShort(), log);
    }

    /** @throws EngineException DUPLICATE_TABLE */
    public TableMetadata createTable(TableSchema schema) {
        try (Transaction transaction = begin()) {
            TableMetadata table = transaction.createTable(schema);
            transaction.commit();
            return table;
        }
    }

    /** @throws EngineException UNDEFINED_TABLE */
    public void dropTable(String name) {
        try (Transaction transaction = begin()) {
            transaction.dropTable(name);
            transaction.commit();
        }
    }

    /** Appends an Arrow batch as one commit; rows stored. Errors as {@link Transaction#append}. */
    public long append(String table, VectorSchemaRoot batch, @Nullable DictionaryProvider dictionaries) {
        enter();
        try (Transaction transaction = begin()) {
            long rows = transaction.append(catalog().get(table), batch, dictionaries);
            transaction.commit();
            return rows;
        } catch (RuntimeException | Error e) {
            received.add(batch.getRowCount());
            refused.add(batch.getRowCount());
            throw e;
        } finally {
            leave();
        }
    }

    /**
     * Runs work that takes snapshots and gives them back, such as sealing: {@link #close()} waits for its end, which the closed store brings about.
     *
     * @throws EngineException CLOSED
     */
    public void whileOpen(Runnable work) {
        enter();
        try {
            work.run();
        } finally {
            leave();
        }
    }

    /** Begins a call that takes snapshots or memory of the ingest budget for as long as it runs: {@link #close()} waits for its {@link #leave()}. */
    void enter() {
        calls.incrementAndGet();
        if (closed) {
            calls.decrementAndGet();
            throw new EngineException(ErrorCode.CLOSED, "the database is closed");
        }
    }

    void leave() {
        calls.decrementAndGet();
    }

    /** They end by themselves: the closed store refuses their next step. */
    private void awaitCalls() {
        while (calls.get() > 0) {
            LockSupport.parkNanos(this, CLOSE_WAIT_NANOS);
        }
    }

    /**
     * Opens a queue of rows into a table. When it is not synchronous, the owner runs {@link RowPipeline#runDrain()} in a thread of its own.
     *
     * @throws EngineException UNDEFINED_TABLE
     */
    public RowPipeline openPipeline(String table, PipelineOptions options) {
        TableMetadata metadata = catalog().get(table);
        RowPipeline pipeline =
                new RowPipeline(this, metadata, newWriter(metadata, committedDictionaries(metadata)), options);
        pipelines.add(pipeline);
        if (isClosed()) {
            pipeline.close();
            throw new EngineException(ErrorCode.CLOSED, "the database is closed");
        }
        return pipeline;
    }

    private IntFunction<@Nullable SymbolTable> committedDictionaries(TableMetadata table) {
        return ordinal -> store.dictionary(table.id(), ordinal);
    }

    /** A pipeline has ended: its counts go on with the database's. */
    void forget(RowPipeline pipeline) {
        synchronized (pipelines) {
            if (pipelines.remove(pipeline)) {
                IngestCounters last = pipeline.counters();
                received.add(last.received());
                stored.add(last.stored());
                refused.add(last.refused());
            }
        }
    }

    TableWriter newWriter(TableMetadata table, IntFunction<@Nullable SymbolTable> dictionaryOf) {
        List<ColumnDefinition> columns = table.schema().columns();
        @Nullable SymbolTable[] dictionaries = new SymbolTable[columns.size()];
        for (int i = 0; i < dictionaries.length; i++) {
            dictionaries[i] = columns.get(i).type().kind() == TypeKind.SYMBOL ? dictionaryOf.apply(i) : null;
        }
        return new TableWriter(table, dictionaries, ingestBudget);
    }

    /** COUNT(*) of a table. @throws EngineException UNDEFINED_TABLE */
    public long rowCount(String table) {
        return tableOf(store.current(), table).rowCount();
    }

    /**
     * COUNT(*) of a key: a CharSequence for a SYMBOL, a Number for an integer key, null for NULL.
     *
     * @throws EngineException UNDEFINED_TABLE; INVALID_ARGUMENT when the table has no key, or the key another type
     */
    public long rowCount(String table, @Nullable Object key) {
        enter();
        // the texts of a dictionary lie in the table's memory
        try (SnapshotLease lease = lease()) {
            TableSnapshot rows = tableOf(lease.snapshot(), table);
            KeyLookup lookup = KeyLookup.of(rows, key);
            long count = 0;
            for (PartitionSnapshot partition : rows.partitions()) {
                for (SegmentSnapshot segment : partition.segments()) {
                    int run = lookup.runIn(segment);
                    count += run < 0 ? 0 : segment.liveRows(run);
                }
            }
            return count;
        } finally {
            leave();
        }
    }

    /**
     * Views of a column of one key, one for each run that it has, without a copy, in the order of the time slices; of an unkeyed table (key null)
     * one for each segment. Where rows of a run are deleted, one for each stretch of rows between them. Close each.
     *
     * @throws EngineException UNDEFINED_TABLE, UNDEFINED_COLUMN, INVALID_ARGUMENT
     */
    public List<ColumnView> columnViews(String table, @Nullable Object key, String column) {
        enter();
        try (SnapshotLease lease = lease()) {
            TableSnapshot rows = tableOf(lease.snapshot(), table);
            int ordinal = ordinalOf(rows.metadata().schema(), column);
            KeyLookup lookup = KeyLookup.ofKeyedOrNot(rows, key);
            return RunViews.of(rows, lookup, ordinal, ingestBudget);
        } finally {
            leave();
        }
    }

    private static TableSnapshot tableOf(DatabaseSnapshot snapshot, String table) {
        return snapshot.table(snapshot.catalog().get(table).id());
    }

    private static int ordinalOf(TableSchema schema, String column) {
        int ordinal = schema.ordinalOf(column);
        if (ordinal == TableSchema.NONE) {
            List<String> names = new ArrayList<>();
            schema.columns().forEach(definition -> names.add(definition.name()));
            throw new EngineException(
                    ErrorCode.UNDEFINED_COLUMN,
                    "table '" + schema.name() + "' has no column '" + column + "'; it has " + String.join(", ", names));
        }
        return ordinal;
    }

    /** Rows of all pipelines and {@link #append} calls; rows of transactions count as received and stored when they commit. */
    public IngestCounters counters() {
        synchronized (pipelines) {
            return sumCounters();
        }
    }

    private IngestCounters sumCounters() {
        // stored and refused before received: rows in flight may be missing from the former, never from the latter
        long storedNow = stored.sum();
        long refusedNow = refused.sum();
        long receivedNow = received.sum();
        for (RowPipeline pipeline : pipelines) {
            IngestCounters open = pipeline.counters();
            storedNow += open.stored();
            refusedNow += open.refused();
            receivedNow += open.received();
        }
        return new IngestCounters(receivedNow, storedNow, refusedNow);
    }

    void countReceived(long rows) {
        received.add(rows);
    }

    void countStored(long rows) {
        stored.add(rows);
    }

    /** Whether {@link #close()} was called. */
    public boolean isClosed() {
        return closed;
    }

    /** The first half of {@link #close()}: aborts an open transaction, drains and ends the pipelines; nobody writes any more. */
    public void closeWriters() {
        closed = true;
        new Closing()
                .then(store::abortWriter)
                .each(pipelines, RowPipeline::close)
                .then(this::awaitCalls)
                .finish();
    }

    /**
     * Aborts an open transaction, drains and ends the pipelines, frees all tables.
     *
     * @throws EngineException CLOSED while leases are open (their memory goes with the last of them); INTERNAL_ERROR naming who still holds memory;
     *     what the last drain of a pipeline met
     */
    @Override
    public void close() {
        closed = true;
        new Closing()
                .then(store::abortWriter)
                .each(pipelines, RowPipeline::close)
                .then(store::refuse)
                .then(this::awaitCalls)
                .then(store::close)
                .then(ingestBudget::close)
                .finish();
    }
}
