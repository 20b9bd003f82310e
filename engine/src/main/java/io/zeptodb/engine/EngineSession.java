package io.zeptodb.engine;

import io.zeptodb.engine.api.AccessPolicy;
import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineConfig;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.EngineOption;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.engine.api.ProgressListener;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.api.SessionLimits;
import io.zeptodb.engine.api.ValueText;
import io.zeptodb.engine.batch.Closing;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.exec.Cancellation;
import io.zeptodb.engine.ingest.SessionTransaction;
import io.zeptodb.engine.partition.SnapshotLease;
import io.zeptodb.engine.plan.Statement;
import io.zeptodb.engine.sql.SqlPlaces;
import io.zeptodb.engine.store.AllowedPaths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A session: its options and its statements. {@link #cancel} and {@link #close} may be called by any thread. */
final class EngineSession implements Session {
    /** Options that a session may change for itself; the others belong to the database. */
    private static final Set<EngineOption> OF_SESSION = Set.of(
            EngineOption.QUERY_MEMORY_LIMIT,
            EngineOption.THREADS,
            EngineOption.ASOF_DEFAULT,
            EngineOption.USE_MATERIALIZED_VIEWS,
            EngineOption.ACCESS_MODE,
            EngineOption.STATEMENT_TIMEOUT,
            EngineOption.MAX_RESULT_ROWS,
            EngineOption.ALLOWED_PATHS,
            EngineOption.MAX_STATEMENT_LENGTH,
            EngineOption.MAX_NESTING_DEPTH);

    private final Engine engine;
    private final SessionAccess access;
    private final SessionGroup group;
    private final Map<String, String> options;
    /** What the session was opened with: it can make its limits tighter, never looser. */
    private final EngineConfig given;

    private final Set<EnginePreparedQuery> statements = ConcurrentHashMap.newKeySet();
    private volatile EngineConfig config;
    private volatile @Nullable ProgressListener progress;
    private volatile long skippedLines;
    private volatile boolean closed;
    private volatile @Nullable SessionTransaction transaction;
    private volatile boolean transactionIsReadOnly;
    private volatile boolean readOnly;
    /** Statements that are planned now. */
    private final Set<Cancellation> planning = ConcurrentHashMap.newKeySet();
    /** What {@link #cancel} or {@link #stop} have asked for since the last {@link #commit()} began. */
    private volatile Cancellation committing = new Cancellation();
    /** What the statements of the open transaction have asked; used by the thread that runs them. */
    private final Set<AfterCommit> afterCommit = EnumSet.noneOf(AfterCommit.class);

    /** @param group that the session is in until it is closed */
    EngineSession(Engine engine, Map<String, String> databaseOptions, SessionAccess access, SessionGroup group) {
        this.engine = engine;
        this.access = access;
        this.group = group;
        this.options = new ConcurrentHashMap<>(databaseOptions);
        this.given = limit(access.policy());
        this.config = given;
    }

    @Override
    public Database database() {
        AccessPolicy policy = access.policy();
        return policy == null ? engine : new RestrictedDatabase(engine, policy);
    }

    /** What it may do with the tables. */
    SessionAccess access() {
        return access;
    }

    /** Whose memory its statements take. */
    SessionGroup group() {
        return group;
    }

    EngineConfig config() {
        return config;
    }

    @Override
    public EnginePreparedQuery prepare(String sql) {
        return prepare(sql, ExecutionOptions.NOT_CANCELLED);
    }

    @Override
    public EnginePreparedQuery prepare(String sql, BooleanSupplier isCancelled) {
        checkOpen();
        EngineException.required(sql, "the text of a statement");
        checkSize(sql);
        ValueText.checkUnicode(sql); // a name or a text with half of a character would be written down as another one
        EnginePreparedQuery query = new EnginePreparedQuery(engine, this, sql, isCancelled);
        statements.add(query);
        if (closed) {
            query.close(); // a close() that ran meanwhile may not have seen it
        }
        checkOpen();
        return query;
    }

    /** What a parser should not even see. */
    private void checkSize(String sql) {
        int most = config.limits().maxStatementLength();
        if (sql.length() > most) {
            throw new EngineException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "the statement has " + sql.length() + " characters, at most " + most
                            + " are allowed (option max_statement_length)",
                    1,
                    1,
                    null);
        }
        int depth = config.limits().maxNestingDepth();
        SqlPlaces.Place deep = sql.length() <= depth ? null : SqlPlaces.deeperThan(sql, depth);
        if (deep != null) {
            throw new EngineException(
                    ErrorCode.STATEMENT_TOO_COMPLEX,
                    "the statement is nested too deeply: more than " + depth
                            + " parentheses in each other (option max_nesting_depth)",
                    deep.line(),
                    deep.column(),
                    null);
        }
    }

    @Override
    public BatchCursor query(String sql, @Nullable Object... parameters) {
        EnginePreparedQuery query = prepare(sql);
        try {
            return query.queryOnce(Arrays.asList(EngineException.required(parameters, "the parameter values")));
        } catch (RuntimeException | Error e) {
            query.close();
            throw e;
        }
    }

    /** The limits of a user; where the database has tighter ones, those. */
    private EngineConfig limit(@Nullable AccessPolicy policy) {
        EngineConfig limited = engine.config();
        if (policy != null) {
            for (Map.Entry<String, String> limit : policy.limits().entrySet()) {
                EngineOption option = ofSession(limit.getKey());
                if (isMoreThanAll(option, limit.getValue())) {
                    continue;
                }
                Map<String, String> changed = changed(option, limit.getValue());
                EngineConfig wanted = engine.parse(changed);
                if (isTighter(engine.config(), wanted)) {
                    options.clear();
                    options.putAll(changed);
                    limited = wanted;
                }
            }
        }
        return limited;
    }

    /** Whether it is memory that the database does not have: a mistake in an option of the database, and no limit for a user. */
    private boolean isMoreThanAll(EngineOption option, String value) {
        long all = engine.config().memoryLimitBytes();
        return option == EngineOption.QUERY_MEMORY_LIMIT && EngineOption.memoryBytes(option.key(), value, all) > all;
    }

    private boolean isTighter(EngineConfig given, EngineConfig wanted) {
        try {
            requireTighter(given, given, wanted);
            return wanted.threads() <= given.threads();
        } catch (EngineException e) {
            return false;
        }
    }

    private static EngineOption ofSession(String name) {
        EngineOption option = EngineOption.find(name)
                .orElseThrow(() -> new EngineException(
                        ErrorCode.INVALID_OPTION, "unknown option '" + name + "'; a session has " + sessionOptions()));
        if (!OF_SESSION.contains(option)) {
            throw new EngineException(
                    ErrorCode.INVALID_OPTION,
                    "option '" + option.key() + "' is set when the database is opened; a session can set "
                            + sessionOptions());
        }
        return option;
    }

    private Map<String, String> changed(EngineOption option, String value) {
        Map<String, String> changed = new HashMap<>(options);
        changed.keySet().removeIf(option.key()::equalsIgnoreCase);
        changed.put(option.key(), value);
        return changed;
    }

    /** SET option = value. */
    void setOption(String name, String value) {
        EngineOption option = ofSession(name);
        if (option == EngineOption.ACCESS_MODE) {
            setAccessMode(value);
            return;
        }
        EngineConfig wanted = engine.parse(changed(option, value));
        requireTighter(given, config, wanted);
        config = wanted;
        options.keySet().removeIf(option.key()::equalsIgnoreCase);
        options.put(option.key(), value);
    }

    /** The rows of zepto_settings(): what SET changes, as it stands now. */
    List<@Nullable Object[]> settings() {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (EngineOption option : EngineOption.values()) {
            if (OF_SESSION.contains(option)) {
                boolean readsOnly = option == EngineOption.ACCESS_MODE && readOnly;
                String value = readsOnly ? EngineOption.READ_ONLY : option.textIn(options);
                rows.add(new @Nullable Object[] {option.key(), value, option.description()});
            }
        }
        return rows;
    }

    /** What the database was opened with bounds what a session asks for; folders that it gave away do not come back. */
    private void requireTighter(EngineConfig given, EngineConfig now, EngineConfig wanted) {
        given.limits().requireTighter(wanted.limits());
        if (!new AllowedPaths(now.limits().allowedPaths())
                .contains(wanted.limits().allowedPaths())) {
            throw SessionLimits.looser(EngineOption.ALLOWED_PATHS);
        }
        if (wanted.queryMemoryLimitBytes() > given.queryMemoryLimitBytes()) {
            throw SessionLimits.looser(EngineOption.QUERY_MEMORY_LIMIT);
        }
        // more than the database has are as many as it has: only a user's own limit can be exceeded
        if (Math.min(wanted.threads(), engine.config().threads()) > given.threads()) {
            throw SessionLimits.looser(EngineOption.THREADS);
        }
    }

    /** A session may become one that only reads, and stays that. */
    private void setAccessMode(String value) {
        boolean wanted = EngineOption.isReadOnly(value);
        if (!wanted && isReadOnly()) {
            throw SessionLimits.looser(EngineOption.ACCESS_MODE);
        }
        readOnly = wanted;
    }

    /** @throws EngineException ACCESS_DENIED when statements of this session may not use the path */
    void checkPath(String what, String path) {
        new AllowedPaths(config.limits().allowedPaths()).check(what, path);
    }

    private static String sessionOptions() {
        return String.join(
                ", ", OF_SESSION.stream().map(EngineOption::key).sorted().toList());
    }

    void checkOpen() {
        if (closed) {
            throw new EngineException(ErrorCode.CLOSED, "session is closed");
        }
        engine.checkOpen();
    }

    void forget(EnginePreparedQuery query) {
        statements.remove(query);
    }

    /** @throws EngineException READ_ONLY when the database or the open transaction is only read */
    void checkMayWrite() {
        engine.checkWritable();
        if (readOnly) {
            throw new EngineException(
                    ErrorCode.READ_ONLY, "the session is read only: access_mode was set to read_only, for good");
        }
        if (transaction != null && transactionIsReadOnly) {
            throw new EngineException(
                    ErrorCode.READ_ONLY, "the transaction is read only: roll it back and begin one that may write");
        }
    }

    /** Where the changes of a statement go that runs now. */
    StatementChanges changes(Execution execution) {
        checkMayWrite();
        SessionTransaction open = transaction;
        return open == null ? new AutocommitChanges(engine.begin(execution)) : new StagedChanges(open);
    }

    /** What the next statement reads. */
    SnapshotLease lease() {
        SessionTransaction open = transaction;
        return open == null ? engine.lease() : open.lease();
    }

    /** Version of the tables that the next statement sees. */
    long catalogVersion() {
        return catalog().version();
    }

    private Catalog catalog() {
        SessionTransaction open = transaction;
        return open == null ? engine.catalog() : open.catalog();
    }

    /** The statement of this text for the tables that this session sees. @param isCancelled asked when a cancel finds the planning */
    Statement plan(PlanCache.Key key, BooleanSupplier isCancelled) {
        Cancellation stop = new Cancellation();
        long limit = config.limits().statementTimeoutNanos();
        ScheduledFuture<?> timer = limit == 0
                ? null
                : engine.timer()
                        .schedule(
                                () -> stop.stop(ErrorCode.TIMEOUT, Execution.timeOutMessage("planning it took", limit)),
                                limit,
                                TimeUnit.NANOSECONDS);
        planning.add(stop);
        if (isCancelled.getAsBoolean()) {
            cancelPlanning(stop);
        }
        try {
            return plan(key, stop::check);
        } catch (RuntimeException | Error e) {
            throw access.explained(
                    EdgeErrors.of(e), key.sql(), this::catalog, () -> plan(key.ofEverything(), stop::check));
        } finally {
            planning.remove(stop);
            if (timer != null) {
                timer.cancel(false);
            }
        }
    }

    private Statement plan(PlanCache.Key key, Runnable stopCheck) {
        SessionTransaction open = transaction;
        if (open == null) {
            return engine.plan(key, stopCheck);
        }
        try (SnapshotLease lease = open.lease()) {
            return engine.plan(key, lease.snapshot(), stopCheck);
        }
    }

    @Override
    public void begin(boolean readOnly) {
        checkOpen();
        if (transaction != null) {
            throw new EngineException(
                    ErrorCode.INVALID_TRANSACTION_STATE,
                    "a transaction is open already: end it with COMMIT or ROLLBACK before the next begins");
        }
        SessionTransaction begun = engine.beginSession(group);
        transactionIsReadOnly = readOnly;
        afterCommit.clear();
        transaction = begun;
        if (closed) {
            begun.close(); // a close() that ran meanwhile may not have seen it
            checkOpen();
        }
    }

    /**
     * Of the open transaction.
     *
     * @throws EngineException INVALID_TRANSACTION_STATE when it may only read and is to write
     */
    void setTransactionMode(boolean readOnly) {
        if (transactionIsReadOnly && !readOnly) {
            throw new EngineException(
                    ErrorCode.INVALID_TRANSACTION_STATE,
                    "the transaction is read only, and cannot become READ WRITE: roll it back and begin one that may write");
        }
        transactionIsReadOnly = readOnly;
    }

    @Override
    public void commit() {
        Cancellation mine = new Cancellation();
        committing = mine;
        commit(() -> {
            checkOpen();
            mine.check();
        });
    }

    /** @param stopCheck throws when a commit that waits for another transaction shall end, and its transaction with it */
    void commit(Runnable stopCheck) {
        checkOpen();
        SessionTransaction open = endTransaction("commit");
        open.commit(stopCheck);
        afterCommit.forEach(this::tell);
    }

    /** What a statement asks of the engine once it is committed. */
    enum AfterCommit {
        FREE_FILES,
        NOTE_RETENTION
    }

    /** Asks it now, or when the open transaction is committed. */
    void afterCommit(AfterCommit wanted) {
        if (transaction == null) {
            tell(wanted);
        } else {
            afterCommit.add(wanted);
        }
    }

    private void tell(AfterCommit wanted) {
        engine.viewStates().retain();
        if (wanted == AfterCommit.FREE_FILES) {
            engine.freeLater();
        } else {
            engine.noteRetention();
        }
    }

    @Override
    public void rollback() {
        checkOpen();
        endTransaction("roll back").close();
    }

    private SessionTransaction endTransaction(String what) {
        SessionTransaction open = transaction;
        if (open == null) {
            throw new EngineException(
                    ErrorCode.INVALID_TRANSACTION_STATE,
                    "there is no transaction to " + what + ": begin one with BEGIN");
        }
        transaction = null;
        return open;
    }

    @Override
    public boolean isReadOnly() {
        return readOnly || config.storage().readOnly();
    }

    @Override
    public boolean inTransaction() {
        return transaction != null;
    }

    @Override
    public void setProgressListener(@Nullable ProgressListener listener) {
        progress = listener;
    }

    void progressed(long done, long total) {
        ProgressListener listener = progress;
        if (listener != null) {
            listener.progressed(done, total);
        }
    }

    @Override
    public long skippedLines() {
        return skippedLines;
    }

    void setSkippedLines(long lines) {
        skippedLines = lines;
    }

    @Override
    public void cancel() {
        committing.stop(
                ErrorCode.CANCELLED,
                "the commit was cancelled while it waited for another transaction: nothing of it was stored");
        cancelPlanning();
        statements.forEach(EnginePreparedQuery::cancel);
    }

    @Override
    public void stop(ErrorCode code, String message) {
        committing.stop(code, message + " (nothing of the commit was stored)");
        planning.forEach(each -> each.stop(code, message));
        statements.forEach(each -> each.stop(code, message));
    }

    @Override
    public void cancelPlanning() {
        planning.forEach(EngineSession::cancelPlanning);
    }

    private static void cancelPlanning(Cancellation planned) {
        planned.stop(ErrorCode.CANCELLED, "statement cancelled on the user's request while it was planned");
    }

    @Override
    public boolean isClosed() {
        return closed || engine.isClosed();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        new Closing()
                .each(statements, EnginePreparedQuery::close)
                .then(this::abandonTransaction)
                .then(() -> engine.forget(this))
                .finish();
    }

    private void abandonTransaction() {
        SessionTransaction open = transaction;
        transaction = null;
        if (open != null) {
            open.close();
        }
    }

    /** Part of the plan cache's key. */
    PlanCache.Key cacheKey(String sql, long catalogVersion) {
        return new PlanCache.Key(
                sql, catalogVersion, config.asofDefaultLeft(), config.useMaterializedViews(), access.readable());
    }

    @Override
    public String toString() {
        return "EngineSession[" + statements.size() + " statements]";
    }
}
