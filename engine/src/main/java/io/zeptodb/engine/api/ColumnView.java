package io.zeptodb.engine.api;

import org.apache.arrow.vector.FieldVector;

/**
 * A column of one key (or of a whole unkeyed table) in one partition, as it lies in memory: no byte is copied. The view is a lease: its memory
 * stays until {@link #close()}, whatever happens to the table; use after close is CLOSED. One thread at a time.
 */
public interface ColumnView extends AutoCloseable {
    ColumnType type();

    /** Rows in the view. */
    int rowCount();

    boolean isNull(int row);

    /** The value of an integer, DATE, TIME, TIMESTAMP or SYMBOL code column. */
    long getLong(int row);

    /** The value of a REAL or DOUBLE column. */
    double getDouble(int row);

    /** The value of a VARCHAR or SYMBOL column; null for NULL. */
    @org.jspecify.annotations.Nullable
    String getString(int row);

    /** Address of the values, little-endian, {@link #rowCount()} times the type's width in bytes. Valid until close. */
    long address();

    /** The view as an Arrow vector that shares the memory and is owned by this view. */
    FieldVector vector();

    @Override
    void close();
}
