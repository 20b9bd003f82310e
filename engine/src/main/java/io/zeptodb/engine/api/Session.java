package io.zeptodb.engine.api;

import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One user's conversation with a database: prepared statements, options, cancellation. Used by one thread at a time, except for
 * {@link #cancel()}. Closing it closes its statements and cursors.
 */
public interface Session extends AutoCloseable {
    Database database();

    /**
     * Parses, validates and plans; answered from the plan cache when the same text was planned against the same catalog.
     *
     * @throws EngineException with line and column when the text is not a valid statement
     */
    default PreparedQuery prepare(String sql) {
        return prepare(sql, ExecutionOptions.NOT_CANCELLED);
    }

    /**
     * As {@link #prepare(String)}.
     *
     * @param isCancelled asked when the planning has begun, from which moment on {@link #cancelPlanning()} finds it: true stops it with CANCELLED
     */
    PreparedQuery prepare(String sql, BooleanSupplier isCancelled);

    /** Prepares and runs a query; the statement is closed with the cursor. */
    BatchCursor query(String sql, @Nullable Object... parameters);

    /** Prepares, runs and closes a statement that gives no rows; the count of rows written. */
    default long update(String sql, @Nullable Object... parameters) {
        try (PreparedQuery query = prepare(sql)) {
            return query.update(
                    Arrays.asList(EngineException.required(parameters, "the parameter values")),
                    ExecutionOptions.DEFAULT);
        }
    }

    /**
     * Begins a transaction: what this session's statements change from here on becomes visible to others together, at {@link #commit()}, and they
     * read one snapshot, with those changes in it. Outside of one each statement is a transaction of its own.
     *
     * @param readOnly whether statements that write are refused with READ_ONLY
     * @throws EngineException INVALID_TRANSACTION_STATE inside a transaction
     */
    void begin(boolean readOnly);

    /** As {@link #begin(boolean)}, to read and write. */
    default void begin() {
        begin(false);
    }

    /**
     * Makes the changes of the transaction visible and, on disk, durable. The transaction has ended then, also when this fails.
     *
     * @throws EngineException CONFLICT when another transaction has changed the same rows or tables since this one began: nothing of it stays, begin
     *     again; INVALID_TRANSACTION_STATE outside of a transaction
     */
    void commit();

    /** Undoes the changes of the transaction and ends it. @throws EngineException INVALID_TRANSACTION_STATE outside of a transaction */
    void rollback();

    /** Whether {@link #begin} or the statement BEGIN has begun a transaction that has not ended. */
    boolean inTransaction();

    /** Who is told of the progress of COPY FROM in this session; null for nobody. */
    void setProgressListener(@Nullable ProgressListener listener);

    /** Lines that the last COPY FROM of this session left out because of {@code on_error = skip}. */
    long skippedLines();

    /** Whether the database, or this session by {@code SET access_mode = read_only}, is only read, for good; of its transaction this says nothing. */
    boolean isReadOnly();

    /** Stops whatever this session runs now, with CANCELLED; from any thread. */
    void cancel();

    /**
     * As {@link #cancel()}, for another reason than the user's request.
     *
     * @param code of the error with which what runs ends
     * @param message of that error
     */
    void stop(ErrorCode code, String message);

    /** Stops what {@link #prepare} of this session does now, if anything; from any thread. */
    void cancelPlanning();

    boolean isClosed();

    @Override
    void close();
}
