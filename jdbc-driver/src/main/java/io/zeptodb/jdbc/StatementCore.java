package io.zeptodb.jdbc;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ExecutionOptions;
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
import org.apache.calcite.avatica.AvaticaStatement;
import org.apache.calcite.avatica.Meta;
import org.jspecify.annotations.Nullable;

/**
 * What plain and prepared statements have in common; Avatica's classes leave them no ancestor to put it in. Its settings are used by the
 * statement's thread, {@link #cancel()} by any.
 */
final class StatementCore {
    private final ZeptoConnection connection;
    private final AvaticaStatement owner;
    private final StatementLink link;
    private volatile int timeoutSeconds;
    private int fetchDirection = ResultSet.FETCH_FORWARD;
    /** Whether a thread waits for its turn to run this statement. */
    private volatile boolean waiting;

    private volatile boolean cancelledWaiting;
    private boolean poolable;
    private @Nullable SQLWarning warnings;

    StatementCore(ZeptoConnection connection, AvaticaStatement owner) throws SQLException {
        this.connection = connection;
        this.owner = owner;
        this.link = connection.link(owner);
        this.poolable = owner instanceof PreparedStatement; // as JDBC has it
    }

    StatementLink link() {
        return link;
    }

    /** Runs it when it is its turn on the connection. @throws SQLException 57014 when it was cancelled or its time was over before */
    <T> @Nullable T inTurn(ConnectionLock.Work<T> work) throws SQLException {
        long begun = System.nanoTime();
        cancelledWaiting = false;
        waiting = true;
        try {
            return connection.lock().alone(() -> checkPatience(begun), () -> {
                waiting = false;
                // a statement made while the connection began to close may not be among those that it closes before
                // their session ends
                connection.checkNotEnding();
                return work.run();
            });
        } finally {
            waiting = false;
        }
    }

    private void checkPatience(long begun) throws SQLException {
        if (cancelledWaiting) {
            throw SqlErrors.of(new EngineException(
                    ErrorCode.CANCELLED, "statement cancelled while it waited for another one of its connection"));
        }
        long most = TimeUnit.SECONDS.toNanos(timeoutSeconds);
        if (most > 0 && System.nanoTime() - begun > most) {
            throw SqlErrors.of(new EngineException(
                    ErrorCode.TIMEOUT,
                    "the statement's time-out of " + timeoutSeconds
                            + " s was over while it waited for another one of its connection"));
        }
        if (owner.isClosed()) {
            throw SqlErrors.closed("statement");
        }
    }

    ExecutionOptions options(long maxRows) {
        return timeoutSeconds == 0 && maxRows == 0
                ? ExecutionOptions.DEFAULT
                : new ExecutionOptions(TimeUnit.SECONDS.toNanos(timeoutSeconds), maxRows);
    }

    /** A result set for the rows of an outcome, which it takes over; null when there are none. */
    @Nullable
    ZeptoResultSet resultSet(StatementLink.Outcome outcome) throws SQLException {
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
    void setWarnings(List<Warning> told) {
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
        if (waiting) {
            cancelledWaiting = true; // what runs now is another statement
        }
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
