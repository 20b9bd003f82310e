package io.zeptodb.engine;

import static io.zeptodb.engine.api.EngineException.required;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.ColumnView;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.DatabaseStatistics;
import io.zeptodb.engine.api.EngineConfig;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.EngineOption;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.Pipeline;
import io.zeptodb.engine.api.PipelineOptions;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.Closing;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.exec.Workers;
import io.zeptodb.engine.ingest.RowPipeline;
import io.zeptodb.engine.ingest.Storage;
import io.zeptodb.engine.ingest.Transaction;
import io.zeptodb.engine.kernel.ModuleAccess;
import io.zeptodb.engine.partition.DatabaseSnapshot;
import io.zeptodb.engine.partition.SealPolicy;
import io.zeptodb.engine.partition.SnapshotLease;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Statement;
import io.zeptodb.engine.seal.Sealer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.jspecify.annotations.Nullable;

/**
 * The embedded database: opens, wires the packages, and owns threads, clocks and the allocator tree. Thread-safe.
 *
 * <p>The life of a query is {@link QueryPlanning#plan} (parse, validate, optimise, lower), then {@link EnginePreparedQuery#query}
 * (snapshot, operators, cursor). The life of a row is {@link StatementRunner} or a {@link Pipeline}, a {@link Transaction}, its commit, and
 * later the {@link Sealer}.
 */
public final class Engine implements Database {
    private static final AtomicLong NUMBER = new AtomicLong();
    /** Classes are loaded once for all databases of the JVM. */
    private static final AtomicBoolean WARMED_UP = new AtomicBoolean();

    private static final String TABLE_NAME = "the name of a table";
    private static final String CLOSED = "the database is closed";
    private static final long CLOSE_WAIT_NANOS = 100_000;

    private final Map<String, String> options;
    private final EngineConfig config;
    private final EngineClock clock = EngineClock.SYSTEM;
    private final EngineCounters counters = new EngineCounters();
    private final MemoryBudget memory;
    private final EngineThreads threads;
    private final Storage storage;
    private final Sealer sealer;
    private final QueryPlanning planning;
    private final Set<EngineSession> sessions = ConcurrentHashMap.newKeySet();
    private final Set<Execution> executions = ConcurrentHashMap.newKeySet();
    private final Set<ResultCursor> cursors = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean sealWanted = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    /** Threads that plan or open an execution now. */
    private final AtomicInteger planners = new AtomicInteger();

    private Engine(Map<String, String> options) {
        this.options = Map.copyOf(options);
        this.config = parse(options);
        String name = "memory-" + NUMBER.incrementAndGet();
        this.memory = new MemoryBudget(new RootAllocator(config.memoryLimitBytes()));
        this.threads = new EngineThreads(name, config.threads());
        this.storage = new Storage(memory, SealPolicy.ofSealRows(config.sealRows()), this::sealLater);
        this.sealer = new Sealer(storage.store());
        this.planning = new QueryPlanning(memory.child("planning"), config.planCacheSize());
        // most of the first query is the loading of classes: begin it while the caller is still busy
        if (WARMED_UP.compareAndSet(false, true)) {
            threads.inBackground(planning::warmUp);
        }
    }

    /**
     * Opens a database in memory, gone when it is closed.
     *
     * @param options texts by the names of {@link EngineOption}; what is missing takes its default
     * @throws EngineException INVALID_OPTION
     */
    public static Database open(Map<String, String> options) {
        ModuleAccess.openNioToArrow();
        return new Engine(required(options, "the options of a database"));
    }

    EngineConfig parse(Map<String, String> texts) {
        return EngineOption.parse(
                texts, Machine.memoryBytes(), Runtime.getRuntime().availableProcessors(), false);
    }

    // --- sessions and statements

    @Override
    public Session openSession() {
        checkOpen();
        EngineSession session = new EngineSession(this, options);
        sessions.add(session);
        return session;
    }

    /** The statement of this text for the present catalog, from the cache or made now. */
    Statement plan(PlanCache.Key key) {
        return whileOpen(() -> planning.plan(key, storage.current()));
    }

    @Nullable
    Object cast(Expression.Literal value, ColumnType type) {
        return whileOpen(() -> planning.cast(value, type));
    }

    EngineException locate(EngineException error, PlanCache.Key key, DatabaseSnapshot snapshot) {
        return planning.locate(error, key, snapshot);
    }

    /** Work that is no execution yet: the close waits for it, and what it meets in a database half closed is told as that. */
    <T extends @Nullable Object> T whileOpen(Supplier<T> work) {
        planners.incrementAndGet();
        try {
            checkOpen();
            return work.get();
        } catch (RuntimeException | AssertionError e) {
            if (closed.get() && !(e instanceof EngineException)) {
                throw new EngineException(ErrorCode.CLOSED, CLOSED, e);
            }
            throw e;
        } finally {
            planners.decrementAndGet();
        }
    }

    long catalogVersion() {
        return storage.catalog().version();
    }

    Catalog catalog() {
        return storage.catalog();
    }

    SnapshotLease lease() {
        checkOpen();
        return storage.lease();
    }

    /** A statement that waits for other writers can be cancelled. */
    Transaction begin(Execution execution) {
        return storage.begin(execution.context()::checkCancelled);
    }

    MemoryBudget newQueryBudget(long limit, Runnable stopCheck) {
        return memory.child("query", limit, stopCheck);
    }

    Workers workers(int atMost) {
        return threads.workers(atMost);
    }

    ScheduledExecutorService timer() {
        return threads.timer();
    }

    EngineClock clock() {
        return clock;
    }

    EngineCounters counters() {
        return counters;
    }

    Function<String, List<@Nullable Object[]>> systemRows(DatabaseSnapshot snapshot) {
        return name -> SystemRows.of(name, snapshot, executions, clock, memory);
    }

    void register(Execution execution) {
        executions.add(execution);
        if (closed.get()) {
            execution.stop(ErrorCode.CLOSED, CLOSED);
        }
    }

    void unregister(Execution execution, long nanos) {
        executions.remove(execution);
        counters.ended(nanos);
    }

    void remember(ResultCursor cursor) {
        cursors.add(cursor);
        if (closed.get()) {
            cursor.closeWith(ErrorCode.CLOSED, CLOSED);
        }
    }

    void forget(ResultCursor cursor) {
        cursors.remove(cursor);
    }

    void forget(EngineSession session) {
        sessions.remove(session);
    }

    // --- tables

    @Override
    public List<TableSchema> tables() {
        checkOpen();
        return storage.catalog().tables().stream().map(TableMetadata::schema).toList();
    }

    @Override
    public TableSchema table(String name) {
        checkOpen();
        return storage.catalog().get(required(name, TABLE_NAME)).schema();
    }

    @Override
    public void createTable(TableSchema schema) {
        checkOpen();
        storage.createTable(required(schema, "the schema of a table"));
    }

    // --- rows

    @Override
    public Pipeline openPipeline(String table, PipelineOptions pipelineOptions) {
        checkOpen();
        RowPipeline pipeline = storage.openPipeline(
                required(table, TABLE_NAME), required(pipelineOptions, "the options of a pipeline"));
        if (!pipelineOptions.synchronous()) {
            threads.drains().execute(pipeline::runDrain);
        }
        return pipeline;
    }

    @Override
    public long append(String table, VectorSchemaRoot batch, @Nullable DictionaryProvider dictionaries) {
        checkOpen();
        return storage.append(required(table, TABLE_NAME), required(batch, "a batch"), dictionaries);
    }

    @Override
    public long rowCount(String table) {
        checkOpen();
        return storage.rowCount(required(table, TABLE_NAME));
    }

    @Override
    public long rowCount(String table, @Nullable Object key) {
        checkOpen();
        return storage.rowCount(required(table, TABLE_NAME), key);
    }

    @Override
    public List<ColumnView> columnViews(String table, @Nullable Object key, String column) {
        checkOpen();
        return storage.columnViews(required(table, TABLE_NAME), key, required(column, "the name of a column"));
    }

    @Override
    public void checkpoint() {
        checkOpen();
        storage.whileOpen(sealer::checkpoint);
    }

    /** Called by the thread of a commit: one task at a time waits for the sealer's thread. */
    private void sealLater() {
        if (!closed.get() && sealWanted.compareAndSet(false, true)) {
            threads.inBackground(this::seal);
        }
    }

    private void seal() {
        sealWanted.set(false);
        try {
            sealer.sealDue();
        } catch (EngineException e) {
            // the rows stay hot and right; sealing is tried again after a later commit
            if (e.code() != ErrorCode.CLOSED) {
                EngineLog.sealingFailed(e);
            }
        }
    }

    // --- the whole

    @Override
    public DatabaseStatistics statistics() {
        int partitions = 0;
        if (!closed.get()) {
            DatabaseSnapshot snapshot = storage.current();
            for (TableMetadata table : snapshot.catalog().tables()) {
                partitions += snapshot.table(table.id()).partitions().size();
            }
        }
        return new DatabaseStatistics(
                storage.counters(),
                partitions,
                counters.rowsScanned.sum(),
                counters.queries.sum(),
                counters.lastQueryNanos,
                memory.usedBytes(),
                memory.limitBytes());
    }

    @Override
    public EngineConfig config() {
        return config;
    }

    @Override
    public BufferAllocator allocator() {
        return memory.allocator();
    }

    @Override
    public boolean isClosed() {
        return closed.get();
    }

    void checkOpen() {
        if (closed.get()) {
            throw new EngineException(ErrorCode.CLOSED, CLOSED);
        }
    }

    @Override
    public void close() {
        if (executions.stream().anyMatch(Execution::runsInThisThread)) {
            throw new EngineException(
                    ErrorCode.CONFLICT,
                    "cannot close the database inside a statement of it, such as in a progress listener: the close would"
                            + " wait for itself");
        }
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        executions.forEach(execution -> execution.stop(ErrorCode.CLOSED, CLOSED));
        new Closing()
                .each(cursors, cursor -> cursor.closeWith(ErrorCode.CLOSED, CLOSED))
                .each(sessions, EngineSession::close)
                .then(this::awaitExecutions)
                .then(threads::close)
                .then(storage::close)
                .then(planning::close)
                .then(memory::close)
                .finish();
    }

    /** Statements that are not cursors end by themselves at their next batch, plans when they are made. */
    private void awaitExecutions() {
        // in this order: what a planner opened is among the executions when it is no planner any more
        while (planners.get() > 0 || !executions.isEmpty()) {
            LockSupport.parkNanos(this, CLOSE_WAIT_NANOS);
        }
    }
}
