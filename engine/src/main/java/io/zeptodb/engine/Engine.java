package io.zeptodb.engine;

import static io.zeptodb.engine.api.EngineException.required;

import io.zeptodb.engine.api.AccessPolicy;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.ColumnView;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.DatabaseStatistics;
import io.zeptodb.engine.api.DatabaseStatistics.LogCounters;
import io.zeptodb.engine.api.EngineConfig;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.EngineOption;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.Pipeline;
import io.zeptodb.engine.api.PipelineOptions;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.api.StorageConfig.Durability;
import io.zeptodb.engine.api.StorageConfig.StorageMode;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.api.ViewDefinition;
import io.zeptodb.engine.batch.Closing;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.catalog.ViewMetadata;
import io.zeptodb.engine.exec.ViewStates;
import io.zeptodb.engine.exec.Workers;
import io.zeptodb.engine.exec.spill.SpillSpace;
import io.zeptodb.engine.ingest.MemoryRelief;
import io.zeptodb.engine.ingest.RowPipeline;
import io.zeptodb.engine.ingest.SessionTransaction;
import io.zeptodb.engine.ingest.Storage;
import io.zeptodb.engine.ingest.Transaction;
import io.zeptodb.engine.kernel.ModuleAccess;
import io.zeptodb.engine.partition.DatabaseSnapshot;
import io.zeptodb.engine.partition.SealPolicy;
import io.zeptodb.engine.partition.SnapshotLease;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Statement;
import io.zeptodb.engine.seal.MemorySegments;
import io.zeptodb.engine.seal.Retention;
import io.zeptodb.engine.seal.Sealer;
import io.zeptodb.engine.seal.SegmentStore;
import io.zeptodb.engine.sql.schema.SystemTables;
import io.zeptodb.engine.store.Directory;
import io.zeptodb.engine.store.FileDirectory;
import io.zeptodb.engine.wal.LogSizes;
import io.zeptodb.engine.wal.WalWriter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
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
    static final String CLOSED = "the database is closed";
    private static final long CLOSE_WAIT_NANOS = 100_000;
    private static final long EXPIRE_SECONDS = 60;
    /** New rows of one of so many parts of memory_limit are worth sealing for room. */
    private static final int RELIEF_PARTS = 16;
    /** storage_mode=disk: rows of a hot segment that are sealed at once. */
    private static final int DISK_SEAL_ROWS = 1 << 18;

    private final Map<String, String> options;
    private final EngineConfig config;
    private final EngineClock clock = EngineClock.SYSTEM;
    private final EngineCounters counters = new EngineCounters();
    private final @Nullable DatabaseFolder folder;
    private final MemoryBudget memory;
    private final EngineThreads threads;
    private final Storage storage;
    private final SpillSpace spill;
    private final Sealer sealer;
    private final QueryPlanning planning;
    private final ViewStates viewStates;
    private final SessionGroups groups;
    private final Set<EngineSession> sessions = ConcurrentHashMap.newKeySet();
    private final Set<Execution> executions = ConcurrentHashMap.newKeySet();
    private final Set<ResultCursor> cursors = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean sealWanted = new AtomicBoolean();
    private final AtomicBoolean freeWanted = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean isOpened;
    /** All hot segments are to be sealed because the memory is getting full. */
    private volatile boolean isRoomWanted;

    private volatile boolean isMakingRoom;
    private volatile long logBytesAtRelief;

    private @Nullable ScheduledFuture<?> flushing;
    private @Nullable ScheduledFuture<?> expiring;
    /** Threads that plan or open an execution now. */
    private final AtomicInteger planners = new AtomicInteger();

    /** @param directory of a database on disk, the engine's from now on; null for one in memory */
    private Engine(Map<String, String> options, EngineConfig config, @Nullable Directory directory, LogSizes logSizes) {
        this.options = Map.copyOf(options);
        this.config = config;
        String name = directory == null ? "memory-" + NUMBER.incrementAndGet() : directory.location();
        this.folder = directory == null ? null : DatabaseFolder.open(directory, config.storage(), logSizes);
        this.memory = new MemoryBudget(new RootAllocator(config.memoryLimitBytes()));
        this.groups = new SessionGroups(memory);
        this.spill = TempFolder.space(config.tempFiles(), config.storage().readOnly() ? null : directory);
        this.threads = new EngineThreads(name, config.threads());
        this.storage = new Storage(memory, sealPolicy(config), this::sealLater);
        this.sealer = new Sealer(storage.store(), recoveredSegments());
        this.planning = new QueryPlanning(memory.child("planning"), config.planCacheSize());
        this.viewStates = new ViewStates(memory, storage::catalog);
        // most of the first query is the loading of classes: begin it while the caller is still busy
        if (WARMED_UP.compareAndSet(false, true)) {
            threads.inBackground(planning::warmUp);
        }
        if (config.storage().durability() == Durability.ASYNC && folder != null) {
            long nanos = config.storage().flushNanos();
            flushing = threads.timer().scheduleWithFixedDelay(this::flushLog, nanos, nanos, TimeUnit.NANOSECONDS);
        }
        isOpened = true;
        if (folder != null && !config.storage().readOnly()) {
            storage.relieveBy(new SealForRoom());
            isRoomWanted = folder.hasSealedWhileRecovering();
        }
        sealLater();
        noteRetention();
    }

    private static SealPolicy sealPolicy(EngineConfig config) {
        int rows = config.storage().mode() == StorageMode.DISK
                ? Math.min(config.sealRows(), DISK_SEAL_ROWS)
                : config.sealRows();
        return SealPolicy.ofSealRows(rows);
    }

    /** Reads what the folder has; where sealed segments go. */
    private SegmentStore recoveredSegments() {
        DatabaseFolder disk = folder;
        if (disk == null) {
            return new MemorySegments(storage.store());
        }
        try {
            disk.recover(
                    storage, memory, tasks -> threads.workers(config.threads()).runAll(tasks));
            if (config.storage().readOnly()) {
                return new MemorySegments(storage.store());
            }
            TempFolder.empty(disk.directory());
            return disk.startWriting(storage, config.sealRows());
        } catch (RuntimeException | Error e) {
            new Closing()
                    .then(threads::close)
                    .then(storage::close)
                    .then(disk::close)
                    .then(memory::close)
                    .addTo(e);
            throw e;
        }
    }

    /** From the first table with a TTL on, expired slices are looked for every now and then. */
    void noteRetention() {
        boolean hasTtl = storage.catalog().tables().stream()
                .anyMatch(table -> table.schema().retention().hasTtl());
        if (hasTtl && !config.storage().readOnly()) {
            synchronized (sealWanted) {
                if (expiring == null && !closed.get()) {
                    expiring = threads.timer()
                            .scheduleWithFixedDelay(
                                    () -> threads.inBackground(this::expire), 0, EXPIRE_SECONDS, TimeUnit.SECONDS);
                }
            }
        }
    }

    /** Drops the slices of time that tables no longer keep. */
    private void expire() {
        try {
            List<Retention.Expired> expired = Retention.expired(storage.current(), clock.epochNanos());
            for (Retention.Expired slice : expired) {
                try (Transaction transaction = storage.begin(this::checkOpen)) {
                    transaction.dropSlice(slice.table(), slice.start());
                    transaction.commit();
                }
            }
            if (!expired.isEmpty()) {
                sealer.settle(this::checkOpen);
            }
        } catch (EngineException e) {
            // the rows stay until the next round; a table that was altered or dropped meanwhile is no failure
            if (e.code() != ErrorCode.CLOSED) {
                EngineLog.expiryFailed(e);
            }
        }
    }

    /** What a commit has dropped leaves the disk when nobody reads it any more. However many did so, one task at a time waits for it. */
    void freeLater() {
        if (folder != null && !closed.get() && freeWanted.compareAndSet(false, true)) {
            threads.inBackground(this::free);
        }
    }

    private void free() {
        freeWanted.set(false);
        try {
            sealer.settle(this::checkOpen);
        } catch (EngineException e) {
            if (e.code() != ErrorCode.CLOSED) {
                EngineLog.sealingFailed(e);
            }
        }
    }

    private void flushLog() {
        WalWriter log = folder == null ? null : folder.log();
        try {
            if (log != null && log.isBehind()) {
                log.sync();
            }
        } catch (RuntimeException | Error e) {
            EngineLog.flushFailed(e); // the timer would tell nobody
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
        EngineConfig config = parse(required(options, "the options of a database"), false);
        return new Engine(options, config, null, logSizes(config));
    }

    /**
     * Opens the database of a folder; makes one when the folder is empty or not there.
     *
     * @param path of the folder
     * @param options as {@link #open(Map)} takes them
     * @throws EngineException INVALID_OPTION; DATABASE_LOCKED naming the process that has it; CORRUPTION with file and offset; IO_ERROR; FILE_NOT_FOUND
     *     when it is to be read only and is not there; FEATURE_NOT_SUPPORTED when a newer version wrote it
     */
    public static Database open(String path, Map<String, String> options) {
        ModuleAccess.openNioToArrow();
        EngineConfig config = parse(required(options, "the options of a database"), true);
        required(path, "the path of a database");
        return new Engine(
                options,
                config,
                config.storage().readOnly() ? FileDirectory.openExisting(path) : FileDirectory.open(path),
                logSizes(config));
    }

    private static LogSizes logSizes(EngineConfig config) {
        return LogSizes.ofLimit(config.storage().logBytes());
    }

    /** Opens the database of a directory that is no folder of the file system: for tests of storage. Closes the directory in the end. */
    static Database open(Directory directory, Map<String, String> options) {
        ModuleAccess.openNioToArrow();
        EngineConfig config = parse(options, true);
        return new Engine(options, config, directory, logSizes(config));
    }

    /** As {@link #open(Directory, Map)}, with files and records of the log of other sizes than its limit asks for. */
    static Database open(Directory directory, Map<String, String> options, LogSizes logSizes) {
        ModuleAccess.openNioToArrow();
        return new Engine(options, parse(options, true), directory, logSizes);
    }

    EngineConfig parse(Map<String, String> texts) {
        return parse(texts, folder != null);
    }

    private static EngineConfig parse(Map<String, String> texts, boolean inFolder) {
        return EngineOption.parse(
                texts, Machine.memoryBytes(), Runtime.getRuntime().availableProcessors(), inFolder);
    }

    // --- sessions and statements

    @Override
    public Session openSession() {
        return openSession(SessionAccess.FULL);
    }

    @Override
    public Session openSession(AccessPolicy policy) {
        return openSession(SessionAccess.of(required(policy, "the policy of a session")));
    }

    private Session openSession(SessionAccess access) {
        checkOpen();
        AccessPolicy policy = access.policy();
        SessionGroup group = groups.enter(policy == null ? null : policy.group());
        try {
            EngineSession session = new EngineSession(this, options, access, group);
            sessions.add(session);
            return session;
        } catch (RuntimeException | Error e) {
            groups.leave(group);
            throw e;
        }
    }

    /**
     * The statement of this text for the present catalog, from the cache or made now. Only the making takes a lease: it looks at a few rows.
     */
    Statement plan(PlanCache.Key key, Runnable stopCheck) {
        return whileOpen(() -> {
            Statement cached = planning.cached(key, storage.current());
            if (cached != null) {
                return cached;
            }
            try (SnapshotLease lease = storage.lease()) {
                return planning.plan(key, lease.snapshot(), stopCheck);
            }
        });
    }

    /** Whether the plan of this key is to be asked for with each run. */
    boolean dependsOnSizes(PlanCache.Key key) {
        return planning.dependsOnSizes(key);
    }

    /** The statement of this text for the tables of a leased snapshot. */
    Statement plan(PlanCache.Key key, DatabaseSnapshot snapshot, Runnable stopCheck) {
        return whileOpen(() -> planning.plan(key, snapshot, stopCheck));
    }

    @Nullable
    Object cast(Expression.Literal value, ColumnType type) {
        return whileOpen(() -> planning.cast(value, type));
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

    /** @throws EngineException READ_ONLY when the database was opened to be read only */
    void checkWritable() {
        if (config.storage().readOnly()) {
            throw new EngineException(
                    ErrorCode.READ_ONLY,
                    "the database was opened with access_mode=read_only: open it without, when no other process has it");
        }
    }

    /** A transaction over several statements. */
    SessionTransaction beginSession(SessionGroup group) {
        checkOpen();
        return group.open(storage::beginSession);
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

    ViewStates viewStates() {
        return viewStates;
    }

    SpillSpace spill() {
        return spill;
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

    Function<String, List<@Nullable Object[]>> systemRows(DatabaseSnapshot snapshot, EngineSession session) {
        SessionAccess access = session.access();
        return name -> switch (name) {
            case SystemTables.SETTINGS -> session.settings();
            case SystemTables.SESSION -> List.<@Nullable Object[]>of(new @Nullable Object[] {access.user()});
            case SystemTables.PRIVILEGES -> SystemPrivileges.of(access.visible(snapshot.catalog()), access);
            default ->
                SystemRows.of(
                        name,
                        access.visible(snapshot.catalog()),
                        snapshot,
                        executions.stream()
                                .filter(each -> access.sees(each.access()))
                                .toList(),
                        clock,
                        memory);
        };
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
        if (sessions.remove(session)) { // two threads may close it
            groups.leave(session.group());
        }
    }

    // --- tables

    @Override
    public List<TableSchema> tables() {
        checkOpen();
        return storage.catalog().tables().stream().map(TableMetadata::schema).toList();
    }

    @Override
    public List<ViewDefinition> views() {
        checkOpen();
        return storage.catalog().views().stream().map(ViewMetadata::definition).toList();
    }

    @Override
    public TableSchema table(String name) {
        checkOpen();
        return storage.catalog().get(required(name, TABLE_NAME)).schema();
    }

    @Override
    public void createTable(TableSchema schema) {
        checkOpen();
        checkWritable();
        storage.createTable(required(schema, "the schema of a table"));
        noteRetention();
    }

    // --- rows

    @Override
    public Pipeline openPipeline(String table, PipelineOptions pipelineOptions) {
        checkOpen();
        checkWritable();
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
        checkWritable();
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
        checkpoint(this::checkOpen);
    }

    /** @param stopCheck throws when the work shall end */
    void checkpoint(Runnable stopCheck) {
        checkOpen();
        checkWritable();
        storage.whileOpen(() -> {
            try {
                sealer.checkpoint(stopCheck);
            } catch (InternalError e) {
                throw unreadable(e, storage.current());
            }
        });
    }

    @Override
    public long backup(String path) {
        checkOpen();
        return backup(path, this::checkOpen);
    }

    /** @param stopCheck throws when the work shall end */
    long backup(String path, Runnable stopCheck) {
        required(path, "the folder of a backup");
        long[] bytes = {0};
        storage.whileOpen(() -> bytes[0] = sealer.backup(path, stopCheck));
        return bytes[0];
    }

    /** See {@link MappedFailure#of}. */
    EngineException unreadable(InternalError error, DatabaseSnapshot snapshot) {
        return MappedFailure.of(error, snapshot, folder == null ? null : folder.directory());
    }

    /** Called by the thread of a commit: one task at a time waits for the sealer's thread. */
    private void sealLater() {
        // while the log is read back there is nothing to seal into yet
        if (isOpened && !config.storage().readOnly() && !closed.get() && sealWanted.compareAndSet(false, true)) {
            threads.inBackground(this::seal);
        }
    }

    private void seal() {
        sealWanted.set(false);
        try {
            boolean all = isRoomWanted || (folder != null && folder.isLogLong());
            isMakingRoom = all;
            isRoomWanted = false;
            logBytesAtRelief = logBytes();
            if (all) {
                sealer.checkpoint(this::checkOpen);
            } else {
                sealer.sealDue(this::checkOpen);
            }
        } catch (EngineException e) {
            // the rows stay hot and right; sealing is tried again after a later commit
            if (e.code() != ErrorCode.CLOSED) {
                EngineLog.sealingFailed(e);
            }
        } catch (InternalError e) {
            EngineLog.sealingFailed(unreadable(e, storage.current()));
        } finally {
            isMakingRoom = false;
        }
    }

    /** New rows go into files when the memory gets full. */
    private final class SealForRoom implements MemoryRelief {
        @Override
        public void ask() {
            // without new rows what fills the memory is something else
            if (!isRoomWanted && logBytes() - logBytesAtRelief > memory.limitBytes() / RELIEF_PARTS) {
                isRoomWanted = true;
                sealLater();
            }
        }

        @Override
        public boolean isUnderWay() {
            return (isRoomWanted || isMakingRoom) && !closed.get();
        }
    }

    private long logBytes() {
        WalWriter log = folder == null ? null : folder.log();
        return log == null ? 0 : log.bytes();
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
                memory.limitBytes(),
                logCounters());
    }

    private LogCounters logCounters() {
        WalWriter log = folder == null ? null : folder.log();
        return log == null ? LogCounters.NONE : new LogCounters(log.commits(), log.syncs());
    }

    @Override
    public EngineConfig config() {
        return config;
    }

    @Override
    public BufferAllocator allocator() {
        return memory.allocator();
    }

    SessionGroups groups() {
        return groups;
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
                .then(this::endFlushing)
                .then(threads::close)
                .then(spill::close)
                .then(this::settleFolder)
                .then(viewStates::close)
                .then(storage::close)
                .then(planning::close)
                .then(this::closeFolder)
                .then(groups::close)
                .then(memory::close)
                .finish();
    }

    private void endFlushing() {
        synchronized (sealWanted) {
            if (expiring != null) {
                expiring.cancel(false);
            }
        }
        if (flushing != null) {
            flushing.cancel(false);
        }
    }

    private void settleFolder() {
        if (folder != null) {
            storage.closeWriters();
            sealer.between(folder::settle);
        }
    }

    private void closeFolder() {
        if (folder != null) {
            folder.close();
        }
    }

    /** Statements that are not cursors end by themselves at their next batch, plans when they are made. */
    private void awaitExecutions() {
        // in this order: what a planner opened is among the executions when it is no planner any more
        while (planners.get() > 0 || !executions.isEmpty()) {
            LockSupport.parkNanos(this, CLOSE_WAIT_NANOS);
        }
    }
}
