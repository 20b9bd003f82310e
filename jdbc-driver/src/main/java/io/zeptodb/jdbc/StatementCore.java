package io.zeptodb.jdbc;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.engine.api.Warning;
import io.zeptodb.jdbc.value.SqlErrors;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.calcite.avatica.AvaticaStatement;
import org.jspecify.annotations.Nullable;

/**
 * What plain and prepared statements have in common; Avatica's classes leave them no ancestor to put it in. Used by the statement's
 * thread, {@link #cancel()} by any.
 */
final class StatementCore {
    private final ZeptoConnection connection;
    private final AvaticaStatement owner;
    private final StatementLink link;
    private int timeoutSeconds;
    private boolean poolable;
    private @Nullable SQLWarning warnings;

    StatementCore(ZeptoConnection connection, AvaticaStatement owner) {
        this.connection = connection;
        this.owner = owner;
        this.link = connection.link(owner);
    }

    StatementLink link() {
        return link;
    }

    ExecutionOptions options(long maxRows) {
        return timeoutSeconds == 0 && maxRows == 0
                ? ExecutionOptions.DEFAULT
                : new ExecutionOptions(TimeUnit.SECONDS.toNanos(timeoutSeconds), maxRows);
    }

    /** A result set for the rows of an outcome, which it takes over. */
    ZeptoResultSet resultSet(StatementLink.Outcome outcome) throws SQLException {
        BatchCursor rows = Objects.requireNonNull(outcome.rows());
        try {
            return new ZeptoResultSet(
                    owner, Objects.requireNonNull(outcome.signature()), rows, connection.getTimeZone());
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

    boolean isPoolable() {
        return poolable;
    }

    void setPoolable(boolean value) {
        poolable = value;
    }

    void cancel() throws SQLException {
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

    static SQLException notWrapped(Class<?> iface) {
        return SqlErrors.of(
                ErrorCode.FEATURE_NOT_SUPPORTED.sqlState(), "a statement cannot be unwrapped to " + iface.getName());
    }
}
