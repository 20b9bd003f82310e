package io.zeptodb.jdbc;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.jdbc.append.ParameterObjects;
import io.zeptodb.jdbc.meta.Expected;
import io.zeptodb.jdbc.meta.FrameCursor;
import io.zeptodb.jdbc.meta.ParameterWire;
import io.zeptodb.jdbc.meta.Signatures;
import io.zeptodb.jdbc.value.SqlErrors;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.calcite.avatica.AvaticaClientRuntimeException;
import org.apache.calcite.avatica.AvaticaStatement;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.MissingResultsException;
import org.apache.calcite.avatica.NoSuchStatementException;
import org.apache.calcite.avatica.remote.TypedValue;
import org.jspecify.annotations.Nullable;

/**
 * A statement on a server through Avatica's protocol alone, as with a server that does not speak ours. The protocol has no time-outs: they are kept
 * on this side, by a {@link Deadline} that cancels the statement on the server.
 */
final class ServerLink implements StatementLink {
    private static final int MOST_CANCELS = 7;
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final AvaticaStatement statement;
    private final Meta meta;
    private final ServerCancellation cancellation;
    private final BufferAllocator allocator;
    /** Requests that were sent. */
    private volatile long asked;

    private volatile boolean asking;

    ServerLink(AvaticaStatement statement, Meta meta, ServerCancellation cancellation, BufferAllocator allocator) {
        this.statement = statement;
        this.meta = meta;
        this.cancellation = cancellation;
        this.allocator = allocator;
    }

    @Override
    public Outcome execute(String sql, Expected expected, ExecutionOptions options) throws SQLException {
        long maxRows = expected.withMaxRows(options.maxRows());
        Assigned assigned = new Assigned();
        return run(options, () -> {
            Meta.ExecuteResult result =
                    meta.prepareAndExecute(statement.handle, sql, maxRows, statement.getFetchSize(), assigned);
            return result.resultSets;
        });
    }

    @Override
    public Outcome execute(@Nullable Object[] parameters, Expected expected, ExecutionOptions options)
            throws SQLException {
        // the protocol does not tell the kind of a statement, but rows have columns
        expected.check(
                !Objects.requireNonNull(statement.handle.signature).columns.isEmpty());
        List<TypedValue> encoded = ParameterWire.encode(parameters);
        return run(options, () -> meta.execute(withoutSignature(), encoded, statement.getFetchSize()).resultSets);
    }

    /** The server has the signature: sending it with each execution would only cost. */
    private Meta.StatementHandle withoutSignature() {
        return new Meta.StatementHandle(statement.handle.connectionId, statement.handle.id, null);
    }

    /** A call of the server. */
    private interface Call<T> {
        T get() throws NoSuchStatementException, MissingResultsException, SQLException;
    }

    private Outcome run(ExecutionOptions options, Call<List<Meta.MetaResultSet>> call) throws SQLException {
        Deadline deadline = Deadline.start(options.timeoutNanos(), this::cancelOnce);
        List<Meta.MetaResultSet> results;
        try {
            results = ask(call, deadline, options);
        } catch (RuntimeException | SQLException | Error e) {
            deadline.close();
            throw e;
        }
        Meta.MetaResultSet result = results.get(0);
        if (result.updateCount >= 0) {
            deadline.close();
            return Outcome.ofCount(result.updateCount, Signatures.warnings(results));
        }
        FrameCursor rows = new FrameCursor(
                Signatures.columns(result.signature),
                result.firstFrame,
                offset -> fetch(offset, deadline),
                options.maxRows(),
                allocator,
                deadline::close);
        return Outcome.ofRows(result.signature, rows);
    }

    private Meta.@Nullable Frame fetch(long offset, Deadline deadline) {
        try {
            return ask(
                    () -> meta.fetch(statement.handle, offset, statement.getFetchSize()),
                    deadline,
                    ExecutionOptions.DEFAULT);
        } catch (SQLException e) {
            throw new EngineException(ErrorCode.IO_ERROR, String.valueOf(e.getMessage()), e);
        } catch (AvaticaClientRuntimeException e) {
            throw asOfTheEngine(e);
        }
    }

    /** What readers of batches expect; a failure of the way, which no engine has, stays as it is. */
    private static RuntimeException asOfTheEngine(AvaticaClientRuntimeException failure) {
        SQLException told = SqlErrors.translate(failure);
        return Arrays.stream(ErrorCode.values())
                .filter(code -> code.sqlState().equals(told.getSQLState()))
                .findFirst()
                .<RuntimeException>map(code -> new EngineException(code, String.valueOf(told.getMessage()), failure))
                .orElse(failure);
    }

    private <T> T ask(Call<T> call, Deadline deadline, ExecutionOptions options) throws SQLException {
        long request = asked + 1; // one thread at a time
        asked = request;
        asking = true;
        deadline.resume();
        try {
            checkNotCancelled(options);
            return call.get();
        } catch (NoSuchStatementException | MissingResultsException e) {
            throw new EngineException(
                    ErrorCode.STATEMENT_CLOSED,
                    "the server does not know the statement any more: it was idle for too long; run it again",
                    e);
        } catch (RuntimeException e) {
            SQLException failure = SqlErrors.translate(e);
            if (deadline.hasPassed() && ErrorCode.CANCELLED.sqlState().equals(failure.getSQLState())) {
                throw new EngineException(
                        ErrorCode.TIMEOUT, "the statement ran longer than its time-out of " + deadline, e);
            }
            throw e;
        } finally {
            asking = false;
            deadline.pause();
        }
    }

    /** @throws EngineException CANCELLED when it was, before anything was sent */
    static void checkNotCancelled(ExecutionOptions options) {
        if (options.isCancelled().getAsBoolean()) {
            throw new EngineException(ErrorCode.CANCELLED, "statement cancelled before it was sent to the server");
        }
    }

    @Override
    public long[] executeBatch(List<@Nullable Object[]> parameterRows, ExecutionOptions options) throws SQLException {
        List<List<TypedValue>> encoded = new ArrayList<>(parameterRows.size());
        for (int i = 0; i < parameterRows.size(); i++) {
            try {
                encoded.add(ParameterWire.encode(parameterRows.get(i)));
            } catch (EngineException e) {
                throw new EngineException(e.code(), e.getMessage() + " (row " + (i + 1) + " of the batch)", e);
            }
        }
        try (Deadline deadline = Deadline.start(options.timeoutNanos(), this::cancelOnce)) {
            return ask(() -> meta.executeBatch(withoutSignature(), encoded).updateCounts, deadline, options);
        }
    }

    /** Row by row: Avatica's protocol has no columns. */
    @Override
    public long[] executeColumns(
            List<VectorSchemaRoot> batches, @Nullable DictionaryProvider dictionaries, ExecutionOptions options)
            throws SQLException {
        return executeBatch(ParameterObjects.rows(batches, dictionaries), options);
    }

    /** The protocol tells it with results only. */
    @Override
    public Meta.Signature describe(Meta.Signature last) {
        return last;
    }

    /** Whether an answer of the server is awaited. */
    boolean isAsking() {
        return asking;
    }

    /** Again while the same answer is awaited: what has not come to the server yet cannot be stopped there, and Avatica's messages have no numbers to know it by. */
    @Override
    public void cancel() {
        long which = asked;
        cancelOnce();
        long pause = FIRST_PAUSE_NANOS;
        for (int i = 1; i < MOST_CANCELS; i++) {
            if (!asking || asked != which) {
                return;
            }
            LockSupport.parkNanos(this, pause);
            pause *= 2;
            if (asking && asked == which) {
                cancelOnce();
            }
        }
    }

    private void cancelOnce() {
        cancellation.cancel(statement.handle);
    }

    /** The result is read from what the call returns. */
    private static final class Assigned implements Meta.PrepareCallback {
        @Override
        public Object getMonitor() {
            return this;
        }

        @Override
        public void clear() {}

        @Override
        public void assign(Meta.Signature signature, Meta.Frame firstFrame, long updateCount) {}

        @Override
        public void execute() {}
    }
}
