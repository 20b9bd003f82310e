package io.zeptodb.engine.api;

import java.util.List;

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

    /** Prepares and runs a query; the cursor owns the statement. */
    default BatchCursor query(String sql, Object... parameters) {
        return prepare(sql).query(List.of(parameters), ExecutionOptions.DEFAULT);
    }

    /** Prepares, runs and closes a statement that gives no rows; the count of rows written. */
    default long update(String sql, Object... parameters) {
        try (PreparedQuery query = prepare(sql)) {
            return query.update(List.of(parameters), ExecutionOptions.DEFAULT);
        }
    }

    /** Stops whatever this session runs now; from any thread. */
    void cancel();

    boolean isClosed();

    @Override
    void close();
}
