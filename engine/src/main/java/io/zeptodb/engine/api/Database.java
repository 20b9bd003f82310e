package io.zeptodb.engine.api;

import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.jspecify.annotations.Nullable;

/**
 * An open database. Thread-safe. Closing it ends running statements with CLOSED at their next batch and waits for them and for calls in
 * flight; then all memory is freed.
 */
public interface Database extends AutoCloseable {
    /** A session that may do everything. */
    Session openSession();

    /**
     * A session of a user, which does what the policy permits. What {@link Session#database()} gives then is bound by it too.
     *
     * @throws EngineException INVALID_AUTHORIZATION when the user is none any more
     */
    Session openSession(AccessPolicy policy);

    /** The tables, in the order of their names. */
    List<TableSchema> tables();

    /** @throws EngineException UNDEFINED_TABLE with a suggestion */
    TableSchema table(String name);

    /** The views, in the order of their names. */
    List<ViewDefinition> views();

    void createTable(TableSchema schema);

    Pipeline openPipeline(String table, PipelineOptions options);

    /** Appends a batch of columns, matched by name, as one commit; rows stored. The batch stays the caller's. */
    default long append(String table, VectorSchemaRoot batch) {
        return append(table, batch, null);
    }

    /** As {@link #append(String, VectorSchemaRoot)}, with the dictionaries of dictionary-encoded columns. */
    long append(String table, VectorSchemaRoot batch, @Nullable DictionaryProvider dictionaries);

    /** COUNT(*) of a table: reads no column. */
    long rowCount(String table);

    /** COUNT(*) of one key (a String for a SYMBOL, a Long for an integer key, null for NULL): reads no column. */
    long rowCount(String table, @Nullable Object key);

    /**
     * Zero-copy views of a column of one key, one for each piece that lies contiguous in memory, in time order of the pieces. Close each.
     */
    List<ColumnView> columnViews(String table, @Nullable Object key, String column);

    /** Seals every hot segment: sorted by key and time, immutable. */
    void checkpoint();

    /**
     * Copies the database as it is now into another folder, which then is a database of its own. Others go on reading and writing meanwhile.
     *
     * @param folder empty, or not there; outside of the folder of this database
     * @return bytes copied
     * @throws EngineException FEATURE_NOT_SUPPORTED for a database in memory or one that is read only; INVALID_ARGUMENT when the folder has no name or
     *     lies in this database's own; IO_ERROR when it has files; DISK_FULL
     */
    long backup(String folder);

    DatabaseStatistics statistics();

    EngineConfig config();

    /** The root of the allocator tree, for results that outlive a cursor. Children made from it count against the memory limit. */
    BufferAllocator allocator();

    boolean isClosed();

    /** Frees everything. @throws EngineException INTERNAL_ERROR naming the owner when a lease is still held or a byte is left */
    @Override
    void close();
}
