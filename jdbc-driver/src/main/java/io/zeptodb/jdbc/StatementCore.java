package io.zeptodb.jdbc;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.engine.api.ValueText;
import io.zeptodb.engine.api.Warning;
import io.zeptodb.jdbc.meta.MetadataShape;
import io.zeptodb.jdbc.meta.ProductInfo;
import io.zeptodb.jdbc.value.SqlErrors;
import java.sql.BatchUpdateException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.calcite.avatica.AvaticaResultSet;
import org.apache.calcite.avatica.AvaticaStatement;
import org.apache.calcite.avatica.Meta;
import org.jspecify.annotations.Nullable;

/**
 * What plain and prepared statements have in common; Avatica's classes leave them no ancestor to put it in. Its settings are used by the
 * statement's thread, {@link #cancel()} by any.
 */
final class StatementCore {
    private static final long NO_COUNT = -1;

    private final ZeptoConnection connection;
    private final AvaticaStatement owner;
    private final Results results;
    private final StatementLink link;
    private volatile int timeoutSeconds;
    private int fetchDirection = ResultSet.FETCH_FORWARD;
    /** Runs that were begun, also those that still wait for their turn: each has its number. */
    private final AtomicLong begun = new AtomicLong();
    /** The last run that was cancelled, with all before it. Set before what runs is stopped, asked by what runs once it can be. */
    private volatile long cancelled;
    /** The number of what has its turn, for the thread that has it. */
    private long current;

    private boolean poolable;
    private @Nullable SQLWarning warnings;

    /** What of a statement only its class can reach: the fields of Avatica's from which it tells what the last execution gave. */
    interface Results {
        /** Puts what an execution gave in place of what the last one did, whose rows it returns. */
        @Nullable
        AvaticaResultSet exchange(@Nullable AvaticaResultSet rows, long count);

        /** What it was before. */
        boolean setCloseOnCompletion(boolean value);
    }

    <S extends AvaticaStatement & Results> StatementCore(ZeptoConnection connection, S owner) throws SQLException {
        this.connection = connection;
        this.owner = owner;
        this.results = owner;
        this.link = connection.link(owner);
        this.poolable = owner instanceof PreparedStatement; // as JDBC has it
    }

    StatementLink link() {
        return link;
    }

    // ---- running

    /** An execution. */
    interface Execution {
        StatementLink.Outcome run() throws SQLException;
    }

    /**
     * What an execution gave.
     *
     * @param rows null when there are none
     * @param count rows written, or -1 when there are rows
     */
    record Ran(@Nullable ZeptoResultSet rows, long count) {}

    /** Runs it in its turn, in place of what ran before, and keeps what came of it. @param sql what runs */
    Ran run(String sql, Execution execution) throws SQLException {
        return run(sql, execution, begin());
    }

    /** As {@link #run(String, Execution)}. @param run its number, which the texts of a batch share: one cancel stops all that are left */
    Ran run(String sql, Execution execution, long run) throws SQLException {
        try {
            return Objects.requireNonNull(inTurn(run, () -> {
                checkOpen();
                closeCurrent();
                setWarnings(List.of());
                StatementLink.Outcome outcome = execution.run();
                setWarnings(outcome.warnings());
                if (outcome.rows() == null && outcome.updateCount() == 0) {
                    connection.optionsMayHaveChanged();
                }
                ZeptoResultSet rows = resultSet(outcome);
                publish(rows, outcome.updateCount());
                return new Ran(rows, outcome.updateCount());
            }));
        } catch (SQLException e) {
            throw SqlErrors.isOfConnection(e) && LostCommit.isCommit(sql) ? connection.ofCommit(e) : e;
        }
    }

    /** Half a pair of surrogates would go to a server as a question mark, and be another text. @throws SQLException 22021 */
    static void checkText(String sql) throws SQLException {
        try {
            ValueText.checkUnicode(sql);
        } catch (EngineException e) {
            throw SqlErrors.translate(e);
        }
    }

    void checkOpen() throws SQLException {
        if (owner.isClosed()) {
            throw SqlErrors.closed("statement");
        }
    }

    /** What came of the run is the statement's, unless another thread has closed it meanwhile. */
    private void publish(@Nullable ZeptoResultSet rows, long count) throws SQLException {
        synchronized (owner) {
            if (owner.isClosed() && rows != null) {
                rows.close();
            }
            checkOpen();
            results.exchange(rows, count);
        }
    }

    /** Ends the last result, as running something else does; that is no completion in the sense of closeOnCompletion. */
    void closeCurrent() throws SQLException {
        AvaticaResultSet current = results.exchange(null, NO_COUNT);
        if (current == null) {
            return;
        }
        boolean closes = results.setCloseOnCompletion(false);
        try {
            current.close();
        } catch (RuntimeException e) {
            throw SqlErrors.translate(e);
        } finally {
            results.setCloseOnCompletion(closes);
        }
    }

    /** Runs it when it is its turn on the connection. @throws SQLException 57014 when it was cancelled or its time was over before */
    <T> @Nullable T inTurn(ConnectionLock.Work<T> work) throws SQLException {
        return inTurn(begin(), work);
    }

    /** The number of a run that begins now: whoever cancels from here on means it. */
    long begin() {
        return begun.incrementAndGet();
    }

    private <T> @Nullable T inTurn(long run, ConnectionLock.Work<T> work) throws SQLException {
        long begin = System.nanoTime();
        return connection.lock().alone(() -> checkPatience(run, begin), () -> {
            checkNotCancelled(run);
            current = run;
            return work.run();
        });
    }

    private void checkNotCancelled(long run) throws SQLException {
        if (cancelled >= run) {
            throw SqlErrors.of(new EngineException(
                    ErrorCode.CANCELLED, "statement cancelled before it had its turn on its connection"));
        }
    }

    private void checkPatience(long run, long begun) throws SQLException {
        checkNotCancelled(run);
        long most = TimeUnit.SECONDS.toNanos(timeoutSeconds);
        if (most > 0 && System.nanoTime() - begun > most) {
            throw SqlErrors.of(new EngineException(
                    ErrorCode.TIMEOUT,
                    "the statement's time-out of " + timeoutSeconds
                            + " s was over while it waited for another one of its connection"));
        }
        checkOpen();
    }

    /**
     * Ends a statement, maybe one that has no core yet: who closes the connection may meet it while another thread makes it. A server that cannot be reached
     * frees by itself what it has of it, and nothing is left here.
     */
    static void end(AvaticaStatement statement, Runnable close) throws SQLException {
        try {
            close.run();
        } catch (RuntimeException e) {
            SQLException told = SqlErrors.translate(e);
            ZeptoConnection connection = (ZeptoConnection) statement.connection;
            boolean isLost = connection.engine() == null
                    && (SqlErrors.isOfConnection(told) || connection.transport().isBroken());
            if (!isLost) {
                throw told;
            }
        }
    }

    /** For what has its turn. */
    ExecutionOptions options(long maxRows) {
        long run = current;
        return new ExecutionOptions(TimeUnit.SECONDS.toNanos(timeoutSeconds), maxRows, () -> cancelled >= run);
    }

    /** A result set for the rows of an outcome, which it takes over; null when there are none. */
    private @Nullable ZeptoResultSet resultSet(StatementLink.Outcome outcome) throws SQLException {
        BatchCursor rows = outcome.rows();
        if (rows == null) {
            return null;
        }
        try {
            Meta.Signature signature = Objects.requireNonNull(outcome.signature());
            return ZeptoResultSet.of(owner, signature, rows, connection.getTimeZone());
        } catch (RuntimeException | SQLException | Error e) {
            try (rows) {
                throw e;
            }
        }
    }

    /** Forgets the warnings of the last execution for those of another. */
    private void setWarnings(List<Warning> told) {
        warnings = null;
        for (Warning warning : told) {
            SQLWarning next = new SQLWarning(warning.message(), warning.sqlState());
            if (warnings == null) {
                warnings = next;
            } else {
                warnings.setNextWarning(next);
            }
        }
    }

    void clearWarnings() {
        setWarnings(List.of());
    }

    @Nullable
    SQLWarning warnings() {
        return warnings;
    }

    int timeout() {
        return timeoutSeconds;
    }

    void setTimeout(int seconds) throws SQLException {
        FetchRules.checkNotNegative("the query time-out", seconds);
        timeoutSeconds = seconds;
    }

    int fetchDirection() {
        return fetchDirection;
    }

    void setFetchDirection(int direction) throws SQLException {
        FetchRules.checkDirection(direction, owner.getResultSetType() == ResultSet.TYPE_SCROLL_INSENSITIVE);
        fetchDirection = direction;
    }

    /** There are none: JDBC wants an empty result then, and tools ask for it whenever they said RETURN_GENERATED_KEYS. */
    ResultSet noKeys() throws SQLException {
        return CatalogAnswers.result(connection, MetadataShape.GENERATED_KEYS, List.of());
    }

    /** Whether a name means something else where it is not quoted. */
    boolean isReserved(String name) throws SQLException {
        String word = name.toUpperCase(Locale.ROOT);
        if (ProductInfo.isReserved(word)) {
            return true;
        }
        // a driver asks its server once
        return List.of(connection.getMetaData().getSQLKeywords().split(",")).contains(word);
    }

    boolean isPoolable() {
        return poolable;
    }

    void setPoolable(boolean value) {
        poolable = value;
    }

    void cancel() throws SQLException {
        cancelled = begun.get();
        try {
            link.cancel();
        } catch (RuntimeException e) {
            throw SqlErrors.translate(e);
        }
    }

    /** The failure of a batch of which the first {@code counts} went through. */
    static BatchUpdateException batchFailure(SQLException failure, long[] counts) {
        return new BatchUpdateException(
                failure.getMessage(), failure.getSQLState(), failure.getErrorCode(), counts, failure);
    }
}
