package io.zeptodb.engine.api;

import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.jspecify.annotations.Nullable;

/**
 * A statement that is parsed, validated and planned. It plans again by itself when the catalog has changed. Used by one thread at a
 * time; {@link #cancel()} by any.
 *
 * <p>Parameter values are Java's: Boolean, Byte/Short/Integer/Long, Float/Double, BigDecimal/BigInteger, String, byte[],
 * java.time.LocalDate/LocalTime/LocalDateTime/Instant/OffsetDateTime/Duration, or null. They are converted to the type the validator
 * found, an impossible conversion is INVALID_PARAMETER.
 */
public interface PreparedQuery extends AutoCloseable {
    String sql();

    StatementKind kind();

    /** Whether it changes tables or their rows: what a read-only transaction refuses. */
    boolean writes();

    /** Whether it is a QUERY of nothing but the catalog: system tables, information_schema, and values that its text has. */
    boolean readsNoTable();

    /** Columns of the result that a run would give now; empty unless {@link #kind()} is QUERY. */
    List<ResultColumn> columns();

    /** Types of the parameters, in the order of their question marks. */
    List<ColumnType> parameters();

    /** Runs a QUERY. The cursor reads the snapshot taken now. */
    BatchCursor query(List<?> parameterValues, ExecutionOptions options);

    /** Runs anything but a QUERY; rows written, 0 for what counts none. */
    long update(List<?> parameterValues, ExecutionOptions options);

    /**
     * Runs an INSERT, UPDATE or DELETE once for each list of values, one after the other, as one commit. {@code INSERT … VALUES (?, …)} goes in as
     * column batches.
     *
     * @return rows written by each list
     * @throws EngineException with {@link EngineException#updateCounts} of the lists before the one that failed, when the transaction that is open keeps their changes; an
     *     INSERT is stored as a whole or not at all, and so is every batch outside of a transaction
     */
    long[] updateBatch(List<? extends List<?>> parameterRows, ExecutionOptions options);

    /**
     * As {@link #updateBatch} with the parameters of many rows as columns, in batches: the column with index i has the values of the i-th question mark, whatever its
     * name. {@code INSERT … VALUES (?, …)} of parameters and constants goes in without an object for each value; any other statement takes the rows one by
     * one. All of it is one commit.
     *
     * <p>The types of the columns stand for the classes of the values: Bool, Int (8 to 64 bits), FloatingPoint, Decimal (128 bits), Utf8 or Utf8View, Binary or
     * BinaryView, Date (days), Time and Timestamp (nanoseconds, or coarser), and Null for a column of nothing but NULL. Conversions, their errors and what they say
     * are those of the values one by one. A value whose class is not that of the others of its column has no place here: give such rows to {@link #updateBatch}.
     *
     * @param batches stay the caller's; their columns may differ in type from batch to batch, not in number
     * @param dictionaries of dictionary-encoded columns; null when there are none
     * @return rows written by each row of parameters
     * @throws EngineException INVALID_PARAMETER for another number of columns than parameters; DATATYPE_MISMATCH for an Arrow type that no value has;
     *     DATETIME_OUT_OF_RANGE, NUMERIC_OUT_OF_RANGE and INVALID_ENCODING for what Arrow's types can hold and SQL's cannot: times of no day, dates beyond the year
     *     999999, decimals with more digits than their type, texts that are not UTF-8. Nothing is stored then
     */
    long[] updateColumns(
            List<VectorSchemaRoot> batches, @Nullable DictionaryProvider dictionaries, ExecutionOptions options);

    /** What the last update did that its caller may not expect, such as lines that COPY left out. Empty when there is nothing to tell. */
    List<Warning> warnings();

    /** Stops what runs now, if anything; from any thread. */
    void cancel();

    @Override
    void close();
}
