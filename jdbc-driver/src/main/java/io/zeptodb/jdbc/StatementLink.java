package io.zeptodb.jdbc;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.engine.api.Warning;
import io.zeptodb.jdbc.meta.Expected;
import java.sql.SQLException;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.calcite.avatica.Meta;
import org.jspecify.annotations.Nullable;

/**
 * What a JDBC statement runs on: the engine in this process ({@link EngineLink}) or a server ({@link ServerLink}). One thread at a time,
 * except for {@link #cancel()}. What fails below is thrown as it is; who calls translates it.
 */
interface StatementLink {
    /**
     * What came of running a statement.
     *
     * @param signature of the rows, or null when there are none
     * @param rows owned by the receiver, or null when the statement gives none
     * @param updateCount rows written, or -1 when there are rows
     * @param warnings what the statement has to tell besides
     */
    record Outcome(
            Meta.@Nullable Signature signature, @Nullable BatchCursor rows, long updateCount, List<Warning> warnings) {
        private static final long NO_COUNT = -1;

        static Outcome ofRows(Meta.Signature signature, BatchCursor rows) {
            return new Outcome(signature, rows, NO_COUNT, List.of());
        }

        static Outcome ofCount(long updateCount, List<Warning> warnings) {
            return new Outcome(null, null, updateCount, warnings);
        }
    }

    /** Runs a text. */
    Outcome execute(String sql, Expected expected, ExecutionOptions options) throws SQLException;

    /** Runs the prepared statement. */
    Outcome execute(@Nullable Object[] parameters, Expected expected, ExecutionOptions options) throws SQLException;

    /** Runs the prepared statement once for each row of parameters, as one commit; the count of each. */
    long[] executeBatch(List<@Nullable Object[]> parameterRows, ExecutionOptions options) throws SQLException;

    /**
     * As {@link #executeBatch} with the parameters as columns, the i-th for the i-th question mark whatever its name, of the types that {@code
     * ParameterColumns} and the engine's {@code PreparedQuery.updateColumns} tell of.
     *
     * @param batches stay the caller's
     */
    long[] executeColumns(
            List<VectorSchemaRoot> batches, @Nullable DictionaryProvider dictionaries, ExecutionOptions options)
            throws SQLException;

    /**
     * The prepared statement as it is now: its tables may have been made anew since.
     *
     * @param last the last known
     */
    Meta.Signature describe(Meta.Signature last) throws SQLException;

    /**
     * Stops what runs now, if anything; from any thread. What is about to run asks its options for itself, when a call of this would find it: the caller has set what
     * they tell before.
     */
    void cancel() throws SQLException;
}
