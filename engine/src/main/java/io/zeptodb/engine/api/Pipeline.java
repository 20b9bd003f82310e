package io.zeptodb.engine.api;

import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * The fast way into one table. Rows go through a bounded queue to a drain thread which commits them in groups, or, when the pipeline is
 * synchronous, wait until somebody calls {@link #drain()} (a full queue then drains itself in the caller). Any number of threads
 * may write, each through a {@link RowWriter} of its own.
 */
public interface Pipeline extends AutoCloseable {
    TableSchema schema();

    /** A writer for one thread. */
    RowWriter newWriter();

    /**
     * One row of Java values in column order; slower than a {@link RowWriter}. A null is NULL.
     *
     * @throws EngineException as {@link RowWriter#append()}
     */
    void ingest(Object... row);

    /** The code of a symbol in the dictionary of this column, added when new. Thread-safe. */
    int symbol(int ordinal, CharSequence value);

    /**
     * Appends a batch of columns as one commit, past the queue; visible when the call returns. Columns are matched by name; columns
     * that the batch lacks are NULL. The batch stays the caller's.
     *
     * @return rows stored
     */
    long append(VectorSchemaRoot batch);

    /** Commits everything that was accepted before the call; visible when it returns. Rows committed by this call. */
    long drain();

    /** Received, stored and refused rows of this pipeline. */
    IngestCounters counters();

    /** Drains, then ends the pipeline. */
    @Override
    void close();
}
