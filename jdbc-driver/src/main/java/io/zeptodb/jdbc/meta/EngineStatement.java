package io.zeptodb.jdbc.meta;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.engine.api.PreparedQuery;
import io.zeptodb.engine.api.ResultColumn;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.api.StatementKind;
import io.zeptodb.jdbc.value.ArrowCursor;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.MissingResultsException;
import org.apache.calcite.avatica.util.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * One statement of a connection: the query it holds and, when it is served to a client, how far its rows were sent. Used by one thread at a
 * time, except for {@link #cancel()}.
 */
public final class EngineStatement implements AutoCloseable {
    /** Of a frame, behind the row with which it has them: it lies in the heap as values, as a message and as bytes. */
    private static final long ENOUGH_FRAME_BYTES = 1 << 22;

    private final int id;
    private final EngineMeta meta;
    private final Session session;
    private volatile @Nullable PreparedQuery query;
    private volatile boolean closed;
    private volatile boolean planning;
    private @Nullable ArrowCursor served;
    /** Read beside what the connection does else: see {@link #held(long)}. */
    private volatile @Nullable ServedResult held;

    private volatile long results;
    private volatile long cancelledRun;
    private volatile long lastUsedNanos = System.nanoTime();
    private volatile boolean expired;
    private List<ResultColumn> servedColumns = List.of();
    private long servedRows;

    EngineStatement(int id, EngineMeta meta, Session session) {
        this.id = id;
        this.meta = meta;
        this.session = session;
    }

    int id() {
        return id;
    }

    /** A result that is read in another way than as frames. Closed when the statement runs again or ends. */
    public interface ServedResult extends AutoCloseable {
        /** Whether something of it is made now. */
        boolean isBusy();

        @Override
        void close();
    }

    /** Keeps a result that comes from {@link #rows}, until the statement runs again or ends. Its number, which no other result of this statement has. */
    public long hold(ServedResult result) {
        long number = results + 1;
        results = number;
        held = result;
        return number;
    }

    /** The result of this number; from any thread. @throws EngineException STATEMENT_CLOSED when it is not kept any more */
    public ServedResult held(long number) {
        ServedResult result = held;
        lastUsedNanos = System.nanoTime();
        if (result == null && expired) {
            throw expired();
        }
        if (result == null || number != results) {
            throw new EngineException(
                    ErrorCode.STATEMENT_CLOSED,
                    "the result is closed: its statement was closed, or runs something else");
        }
        return result;
    }

    /** Ends the result of this number, from any thread; another one, or one that has ended, stays as it is. */
    public void release(long number) {
        ServedResult result = held;
        if (result != null && number == results) {
            held = null;
            result.close();
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
        return served != null || held != null;
    }

    /** Ends a result of which nothing was asked for so long. */
    void expire(long mostIdleNanos) {
        ServedResult result = held;
        boolean busy = result != null && result.isBusy();
        if (isServing() && !busy && System.nanoTime() - lastUsedNanos > mostIdleNanos) {
            closeServed();
            expired = true;
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

    /** Runs a query whose rows are served by {@link #frame}. */
    void serve(List<?> parameters, ExecutionOptions options) {
        BatchCursor rows = rows(parameters, options);
        try {
            served = new ArrowCursor(rows);
            servedColumns = rows.columns();
            servedRows = 0;
        } catch (RuntimeException | Error e) {
            try (rows) {
                throw e;
            }
        }
    }

    /** Columns of the result that is or was served last: the query may be planned anew for other ones meanwhile. */
    List<ResultColumn> servedColumns() {
        return servedColumns;
    }

    /**
     * The next rows: so many, or as many as have some megabytes.
     *
     * @param offset rows that the client has
     * @param mostRows at least 1
     * @throws MissingResultsException when no query is open
     */
    Meta.Frame frame(long offset, int mostRows, WireFormat format) throws MissingResultsException {
        ArrowCursor cursor = served;
        lastUsedNanos = System.nanoTime();
        if (cursor == null && expired) {
            throw expired();
        }
        if (cursor == null) {
            throw new MissingResultsException(new Meta.StatementHandle("", id, null));
        }
        if (offset != servedRows) {
            throw new EngineException(
                    ErrorCode.INVALID_STATEMENT,
                    "rows were asked for from " + offset + " on, but they are sent in order and " + servedRows
                            + " were sent");
        }
        List<ResultColumn> columns = servedColumns;
        List<Cursor.Accessor> accessors = cursor.accessors();
        List<Object> rows = new ArrayList<>(Math.min(mostRows, 1024));
        boolean done = false;
        long bytes = 0;
        try {
            while (rows.size() < mostRows && bytes < ENOUGH_FRAME_BYTES && !done) {
                if (cursor.next()) {
                    @Nullable Object[] row = new Object[accessors.size()];
                    for (int i = 0; i < row.length; i++) {
                        row[i] = format.value(columns.get(i), accessors.get(i));
                        bytes += WireFormat.bytes(row[i]);
                    }
                    rows.add(Arrays.asList(row));
                } else {
                    done = true;
                }
            }
        } catch (SQLException e) {
            closeServed();
            throw asEngineException(e);
        } catch (RuntimeException | Error e) {
            closeServed(); // its client may never come back
            throw e;
        }
        servedRows += rows.size();
        if (done) {
            closeServed();
        }
        return new Meta.Frame(offset, done, rows);
    }

    private static RuntimeException asEngineException(SQLException failure) {
        return failure.getCause() instanceof EngineException engine
                ? engine
                : new EngineException(
                        ErrorCode.INTERNAL_ERROR, "cannot read a result: " + failure.getMessage(), failure);
    }

    private void closeServed() {
        ArrowCursor cursor = served;
        served = null;
        ServedResult result = held;
        held = null;
        try {
            if (cursor != null) {
                cursor.close();
            }
        } finally {
            if (result != null) {
                result.close();
            }
        }
    }

    /** Whether the run of this number, which the client has given, was cancelled: maybe before it came. Runs without a number have 0. */
    public boolean isCancelled(long run) {
        return run > 0 && run <= cancelledRun;
    }

    /** Stops the run of this number, which may not have come yet; from any thread. */
    public void cancel(long run) {
        if (run > 0) {
            cancelledRun = run; // who cancels knows the last one: the numbers grow
        }
        cancel();
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
