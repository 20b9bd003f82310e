package io.zeptodb.jdbc.meta;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.engine.api.PreparedQuery;
import io.zeptodb.engine.api.ResultColumn;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.api.StatementKind;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.MissingResultsException;
import org.jspecify.annotations.Nullable;

/**
 * One statement of a connection: the query it holds and, when it is served to a client, the result that the client reads. Used by one thread at a
 * time, except for {@link #cancel()}, and for {@link #held} and {@link #release(long)}: a result may be read while its connection does something else.
 */
public final class EngineStatement implements AutoCloseable {
    /** In the place of the number of a result that is read as frames, by the thread that has the statement: no client can name it. */
    private static final long FRAMES = 0;

    private final int id;
    private final EngineMeta meta;
    private final Session session;
    private volatile @Nullable PreparedQuery query;
    private volatile boolean closed;
    private volatile boolean planning;
    /** The one result that is open. Whoever takes it out closes it, which is one thread alone. */
    private final AtomicReference<@Nullable Held> held = new AtomicReference<>();

    private long results = FRAMES;
    /** Guards the numbers of runs, and that none begins while an earlier one is stopped. */
    private final Object runLock = new Object();

    private volatile long cancelledRun;
    private long currentRun;
    private volatile long lastUsedNanos = System.nanoTime();
    private volatile boolean expired;

    EngineStatement(int id, EngineMeta meta, Session session) {
        this.id = id;
        this.meta = meta;
        this.session = session;
    }

    int id() {
        return id;
    }

    /** A result that a client reads piece by piece. */
    public interface ServedResult extends AutoCloseable {
        /** Whether something of it is made now. */
        boolean isBusy();

        @Override
        void close();
    }

    /** @param number by which its client names it */
    private record Held(long number, ServedResult result) {}

    /** Keeps a result that comes from {@link #rows}, until the statement runs again or ends. Its number, which no other result of this statement has. */
    public long hold(ServedResult result) {
        results++;
        hold(results, result);
        return results;
    }

    private void hold(long number, ServedResult result) {
        Held before = held.getAndSet(new Held(number, result));
        if (before != null) {
            before.result.close();
        }
    }

    /** The result of this number; from any thread. @throws EngineException STATEMENT_CLOSED when it is not kept any more */
    public ServedResult held(long number) {
        Held now = held.get();
        lastUsedNanos = System.nanoTime();
        if (now == null && expired) {
            throw expired();
        }
        if (now == null || number == FRAMES || number != now.number) {
            throw new EngineException(
                    ErrorCode.STATEMENT_CLOSED,
                    "the result is closed: its statement was closed, or runs something else");
        }
        return now.result;
    }

    /** Ends the result of this number, from any thread; another one, or one that has ended, stays as it is. */
    public void release(long number) {
        Held now = held.get();
        if (now != null && number != FRAMES && number == now.number && held.compareAndSet(now, null)) {
            now.result.close();
        }
    }

    /** Holds another query instead of the last. */
    public PreparedQuery prepare(String sql) {
        return prepare(sql, ExecutionOptions.NOT_CANCELLED);
    }

    /** As {@link #prepare(String)}. @param isCancelled asked when a cancel finds the planning */
    public PreparedQuery prepare(String sql, BooleanSupplier isCancelled) {
        release();
        PreparedQuery prepared;
        planning = true;
        try {
            prepared = new ObservedRun(meta.listener(), sql).plan(() -> session.prepare(sql, isCancelled));
        } finally {
            planning = false;
        }
        query = prepared;
        if (closed) {
            prepared.close(); // a close() that ran meanwhile may not have seen it
            throw closed();
        }
        return prepared;
    }

    private static EngineException closed() {
        return new EngineException(ErrorCode.STATEMENT_CLOSED, "statement is closed");
    }

    /** The query that it holds. @throws EngineException INVALID_STATEMENT when it holds none, STATEMENT_CLOSED when it was closed */
    public PreparedQuery query() {
        PreparedQuery held = query;
        if (held == null) {
            if (closed) {
                throw closed();
            }
            throw new EngineException(ErrorCode.INVALID_STATEMENT, "the statement was not prepared");
        }
        return held;
    }

    public boolean givesRows() {
        return query().kind() == StatementKind.QUERY;
    }

    /** What is about to run, instead of what ran before. */
    private PreparedQuery ready() {
        closeServed();
        expired = false;
        lastUsedNanos = System.nanoTime();
        PreparedQuery ready = query();
        meta.beforeRun(ready);
        return ready;
    }

    private ObservedRun run() {
        return new ObservedRun(meta.listener(), query().sql());
    }

    /** Whether a result is open that a client reads piece by piece. */
    boolean isServing() {
        return held.get() != null;
    }

    /** Ends a result of which nothing was asked for so long. */
    void expire(long mostIdleNanos) {
        Held now = held.get();
        if (now != null && !now.result.isBusy() && System.nanoTime() - lastUsedNanos > mostIdleNanos) {
            expired = true; // before it is closed: who reads it beside is told why
            closeServed();
        }
    }

    private static EngineException expired() {
        return new EngineException(
                ErrorCode.STATEMENT_CLOSED, // the connection lives, and its transaction too
                "the server closed the result: nothing was asked of it for too long (--result-timeout); run the"
                        + " statement again");
    }

    /** Runs a query; who called closes the cursor. */
    public BatchCursor rows(List<?> parameters, ExecutionOptions options) {
        PreparedQuery ready = ready();
        return meta.listener() == StatementListener.NONE
                ? ready.query(parameters, options)
                : run().rows(() -> ready.query(parameters, options));
    }

    /** Runs what gives no rows; the count of rows written. */
    public long update(List<?> parameters, ExecutionOptions options) {
        PreparedQuery ready = ready();
        return run().count(() -> ready.update(parameters, options));
    }

    /** Runs an INSERT, UPDATE or DELETE once for each list of parameters, as one commit. */
    public long[] updateBatch(List<? extends List<?>> parameterRows, ExecutionOptions options) {
        PreparedQuery ready = ready();
        return run().counts(() -> ready.updateBatch(parameterRows, options));
    }

    /** As {@link #updateBatch} with the parameters as columns. */
    public long[] updateColumns(
            List<VectorSchemaRoot> batches, @Nullable DictionaryProvider dictionaries, ExecutionOptions options) {
        PreparedQuery ready = ready();
        return run().counts(() -> ready.updateColumns(batches, dictionaries, options));
    }

    /** Runs a query whose rows are served by {@link #frame}; their columns. */
    List<ResultColumn> serve(List<?> parameters, ExecutionOptions options) {
        ServedFrames frames = new ServedFrames(rows(parameters, options));
        hold(FRAMES, frames);
        return frames.columns();
    }

    /**
     * The next rows: so many, or as many as have some megabytes.
     *
     * @param offset rows that the client has
     * @param mostRows at least 1
     * @throws MissingResultsException when no query is open
     */
    Meta.Frame frame(long offset, int mostRows, WireFormat format) throws MissingResultsException {
        Held now = held.get();
        lastUsedNanos = System.nanoTime();
        if (now == null && expired) {
            throw expired();
        }
        if (now == null || !(now.result instanceof ServedFrames frames)) {
            throw new MissingResultsException(new Meta.StatementHandle("", id, null));
        }
        frames.checkOffset(offset);
        boolean goesOn = false; // after an error its client may never come back
        try {
            Meta.Frame frame = frames.next(offset, mostRows, format);
            goesOn = !frame.done;
            return frame;
        } finally {
            if (!goesOn) {
                closeServed();
            }
        }
    }

    private void closeServed() {
        Held now = held.getAndSet(null);
        if (now != null) {
            now.result.close();
        }
    }

    /** Whether the run of this number, which the client has given, was cancelled: maybe before it came. Runs without a number have 0. */
    public boolean isCancelled(long run) {
        return run > 0 && run <= cancelledRun;
    }

    /** What runs from here on is the run of this number, which the client has given; 0 for none. */
    public void begin(long run) {
        synchronized (runLock) {
            currentRun = run;
        }
    }

    /** Stops the run of this number, which may not have come yet, and all before it, but none behind it; 0 for what runs now. From any thread. */
    public void cancel(long run) {
        if (run <= 0) {
            cancel();
            return;
        }
        synchronized (runLock) {
            cancelledRun = Math.max(cancelledRun, run); // requests to stop may overtake each other
            if (currentRun <= run) {
                cancel();
            }
        }
    }

    /** Stops what runs now, if anything; from any thread. */
    public void cancel() {
        PreparedQuery held = query;
        if (held != null) {
            held.cancel();
        } else if (planning) {
            session.cancelPlanning(); // a connection plans one statement at a time: what is planned now is this
        }
    }

    /** May come from the thread that closes the connection, while another one plans. */
    @Override
    public void close() {
        closed = true;
        release();
    }

    private void release() {
        PreparedQuery held = query;
        query = null;
        try {
            closeServed();
        } finally {
            if (held != null) {
                held.close();
            }
        }
    }
}
