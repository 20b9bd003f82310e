package io.zeptodb.engine.api;

import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The rows of a query, one Arrow batch after the other. Single-threaded, but {@link PreparedQuery#cancel()} and
 * {@link Session#cancel()} may be called from any thread. Always close it; closing twice is harmless.
 *
 * <p>Arrow types: VARCHAR is Utf8View, VARBINARY BinaryView, SYMBOL an int32 index into a Utf8View dictionary, TIMESTAMP is
 * Timestamp(NANOSECOND) without a zone, TIME Time(NANOSECOND, 64), DATE Date(DAY), DECIMAL Decimal(p, s, 128), INTERVAL DAY
 * Duration(NANOSECOND), INTERVAL MONTH Interval(YEAR_MONTH), ARRAY List and ROW Struct of these, with SYMBOL as Utf8View inside; the rest by name.
 */
public interface BatchCursor extends AutoCloseable {
    List<ResultColumn> columns();

    /** The Arrow schema of every batch. */
    Schema schema();

    /**
     * Moves to the next batch.
     *
     * @return false at the end; a batch that is there has at least one row
     * @throws EngineException CANCELLED, TIMEOUT, OUT_OF_MEMORY, or what the evaluation of a row gave; the same again at each later call, for there are no rows
     *     behind an error and those before it are not the whole result
     */
    boolean next();

    /**
     * The current batch, the same object each time. Its buffers are valid until the next call of {@link #next()} or
     * {@link #close()}, and are often the table's own memory: read only. Who needs them longer transfers the vectors or slices them,
     * which retains the buffers.
     */
    VectorSchemaRoot batch();

    /** Dictionaries of the SYMBOL columns, valid until close. */
    DictionaryProvider dictionaries();

    /**
     * Does something with the current batch or the dictionaries that no close by another thread may meet, such as to take the vectors: the close waits, or came
     * before.
     *
     * @param action touches no other cursor, and is short
     * @throws EngineException STATEMENT_CLOSED or CLOSED when this was closed before, and nothing is done
     */
    void whileOpen(Runnable action);

    @Override
    void close();
}
