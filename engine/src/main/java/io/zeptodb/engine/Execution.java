package io.zeptodb.engine;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.engine.api.Warning;
import io.zeptodb.engine.batch.Closing;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.exec.Cancellation;
import io.zeptodb.engine.exec.ExecutionContext;
import io.zeptodb.engine.exec.PlanProfile;
import io.zeptodb.engine.partition.SnapshotLease;
import io.zeptodb.engine.sql.ErrorPlaces;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One statement that runs: its snapshot, memory, time-out and cancellation. Opened by a prepared query, closed with its cursor or when
 * the statement ends. {@link #stop} may be called by any thread, the rest by one at a time.
 */
final class Execution implements AutoCloseable {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private static final AtomicLong NUMBER = new AtomicLong();

    private final long id = NUMBER.incrementAndGet();
    private final Engine engine;
    private final SessionAccess access;
    private final String sql;
    private final Consumer<Execution> whenClosed;
    private final Cancellation cancellation = new Cancellation();
    private final SnapshotLease lease;
    private final MemoryBudget budget;
    private final ExecutionContext plainContext;
    private ExecutionContext context;
    private final long startNanos;
    private final long mostResultRows;
    private final @Nullable WorkTimeout timeout;
    /** The thread of a statement without a cursor, for as long as it runs. */
    private volatile @Nullable Thread runner;

    private final List<Warning> warnings = new ArrayList<>();
    private boolean closed;

    /** @param whenClosed told once, after everything was given back */
    Execution(
            Engine engine,
            EngineSession session,
            String sql,
            @Nullable Object[] parameters,
            ExecutionOptions options,
            Consumer<Execution> whenClosed) {
        this.engine = engine;
        this.access = session.access();
        this.sql = sql;
        this.whenClosed = whenClosed;
        this.mostResultRows = session.config().limits().maxResultRows();
        this.startNanos = engine.clock().monotonicNanos();
        this.lease = session.lease();
        MemoryBudget opened = null;
        try {
            long most = session.config().queryMemoryLimitBytes();
            opened = session.group().open(memory -> memory.child("query", most, cancellation::check));
            this.budget = opened;
            this.plainContext = new ExecutionContext(
                            lease.snapshot(),
                            parameters,
                            engine.clock().epochNanos(),
                            budget,
                            engine.workers(session.config().threads()),
                            cancellation,
                            engine.counters().rowsScanned,
                            engine.systemRows(lease.snapshot(), session))
                    .withSpill(engine.spill())
                    .withViews(engine.viewStates());
            this.context = plainContext;
        } catch (RuntimeException | Error e) {
            if (opened != null) {
                opened.close();
            }
            lease.close();
            throw e;
        }
        long limit = session.config().limits().statementTimeoutNanos();
        long asked = options.timeoutNanos();
        long left = Math.max(1, asked - options.usedNanos());
        if (asked == 0 || (limit > 0 && limit < left)) {
            timeout = limit == 0
                    ? null
                    : new WorkTimeout(engine.timer(), engine.clock(), limit, () -> timedOut(limit, 0));
        } else {
            timeout = new WorkTimeout(engine.timer(), engine.clock(), left, () -> timedOut(asked, options.usedNanos()));
        }
    }

    long id() {
        return id;
    }

    String sql() {
        return sql;
    }

    /** Of the session that runs it. */
    SessionAccess access() {
        return access;
    }

    /** When it began, nanoseconds since 1970 UTC. */
    long startedNanos() {
        return context.nowNanos();
    }

    /** For how long it has run. */
    long elapsedNanos(EngineClock clock) {
        return clock.monotonicNanos() - startNanos;
    }

    ExecutionContext context() {
        return context;
    }

    /** Most rows that the session may be given; 0 for no limit. */
    long mostResultRows() {
        return mostResultRows;
    }

    /** From here on operators are measured; null ends that. */
    void measure(@Nullable PlanProfile profile) {
        context = profile == null ? plainContext : plainContext.measured(profile);
    }

    MemoryBudget budget() {
        return budget;
    }

    /** An error of this statement with its place in the text, if the text causes it. */
    EngineException located(EngineException error) {
        return ErrorPlaces.add(error, sql);
    }

    /** The error of memory that could not be read. @throws InternalError the error itself when it is another one */
    EngineException unreadable(InternalError error) {
        return engine.unreadable(error, lease.snapshot());
    }

    /** Asks the statement to stop with this error at its next batch. */
    void stop(ErrorCode code, String message) {
        cancellation.stop(code, message);
    }

    /** Tells the caller something that is no error. */
    void warn(String sqlState, String message) {
        warnings.add(new Warning(sqlState, message));
    }

    List<Warning> warnings() {
        return List.copyOf(warnings);
    }

    /** Says that the statement runs from here to its end in this thread. */
    Execution inThisThread() {
        runner = Thread.currentThread();
        return this;
    }

    /** Says that {@link #inThisThread} has ended, and a cursor goes on. */
    void runsNoMore() {
        runner = null;
    }

    boolean runsInThisThread() {
        return Thread.currentThread().equals(runner);
    }

    /** What a user's cancel does. */
    void cancel() {
        stop(ErrorCode.CANCELLED, "statement cancelled on the user's request");
    }

    /** The reader of its rows is at work, not the statement: its time-out stands still. */
    void readerIsAtWork() {
        if (timeout != null) {
            timeout.pause();
        }
    }

    /** The statement is at work again, which its time-out counts. */
    void isAtWork() {
        if (timeout != null) {
            timeout.resume();
        }
    }

    private void timedOut(long nanos, long usedNanos) {
        long usedMillis = usedNanos / NANOS_PER_MILLI;
        stop(
                ErrorCode.TIMEOUT,
                timeOutMessage("it ran", nanos)
                        + (usedMillis == 0 ? "" : ", of which it waited and was planned for " + usedMillis + " ms"));
    }

    /** @param what it did for longer than its time-out of so many nanoseconds */
    static String timeOutMessage(String what, long nanos) {
        return "statement stopped: " + what + " longer than its time-out of " + nanos / NANOS_PER_MILLI + " ms";
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (timeout != null) {
            timeout.close();
        }
        new Closing()
                .then(budget::close)
                .then(lease::close)
                .then(() -> whenClosed.accept(this))
                .then(() -> engine.unregister(this, engine.clock().monotonicNanos() - startNanos))
                .finish();
    }
}
