package io.zeptodb.engine.api;

import java.util.List;

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
     */
    long[] updateBatch(List<? extends List<?>> parameterRows, ExecutionOptions options);

    /** What the last update did that its caller may not expect, such as lines that COPY left out. Empty when there is nothing to tell. */
    List<Warning> warnings();

    /** Stops what runs now, if anything; from any thread. */
    void cancel();

    @Override
    void close();
}
