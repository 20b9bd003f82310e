package io.zeptodb.engine.api;

/**
 * Writes one row after the other into a pipeline without an object for each row: set the columns by ordinal, then {@link #append()}.
 * Columns not set are NULL. A value that its column does not take is told by append(), which
 * then refuses the row, even if the column was set again; the next row begins anew. One thread.
 */
public interface RowWriter extends AutoCloseable {
    RowWriter setBoolean(int ordinal, boolean value);

    /** Any integer column, DATE (days), TIME (nanoseconds of the day), TIMESTAMP (nanoseconds since 1970 UTC). */
    RowWriter setLong(int ordinal, long value);

    RowWriter setDouble(int ordinal, double value);

    RowWriter setDecimal(int ordinal, java.math.BigDecimal value);

    /** VARCHAR or SYMBOL. */
    RowWriter setString(int ordinal, CharSequence value);

    /** A SYMBOL by its code from {@link Pipeline#symbol(int, CharSequence)}: the fastest way. */
    RowWriter setSymbol(int ordinal, int code);

    RowWriter setBytes(int ordinal, byte[] value);

    RowWriter setNull(int ordinal);

    /**
     * Ends the row and hands it to the pipeline.
     *
     * @throws EngineException QUEUE_FULL when the pipeline refuses, NULL_NOT_ALLOWED, or what a setter met first, such as DATATYPE_MISMATCH,
     *     NUMERIC_OUT_OF_RANGE and, for a text that is no Unicode, INVALID_ENCODING; the row is then not stored
     */
    void append();

    /** Hands over what is buffered. */
    @Override
    void close();
}
