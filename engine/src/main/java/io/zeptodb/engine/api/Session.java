package io.zeptodb.engine.api;

import java.util.Arrays;
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
    PreparedQuery prepare(String sql);

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

    /** Who is told of the progress of COPY FROM in this session; null for nobody. */
    void setProgressListener(@Nullable ProgressListener listener);

    /** Lines that the last COPY FROM of this session left out because of {@code on_error = skip}. */
    long skippedLines();

    /** Stops whatever this session runs now; from any thread. */
    void cancel();

    boolean isClosed();

    @Override
    void close();
}
