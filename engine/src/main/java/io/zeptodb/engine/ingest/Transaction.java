package io.zeptodb.engine.ingest;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.SymbolTable;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.catalog.ViewMetadata;
import io.zeptodb.engine.partition.SnapshotLease;
import java.util.HashMap;
import java.util.Map;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.jspecify.annotations.Nullable;

/**
 * Changes that become visible together: tables made and dropped, batches appended to any of them. Other writers wait from the first change to
 * the end. Whatever fails aborts the transaction, and nothing of it stays. Always close it; that aborts what was not committed. One thread at a time.
 */
public final class Transaction implements AutoCloseable {
    private final Storage storage;
    private final LoggedWrite write;
    private final Map<Long, TableWriter> writers = new HashMap<>();
    private long rows;

    Transaction(Storage storage, LoggedWrite write) {
        this.storage = storage;
        this.write = write;
    }

    /** The catalog with the changes of this transaction. */
    public Catalog catalog() {
        return write.catalog();
    }

    /** @throws EngineException DUPLICATE_TABLE */
    public TableMetadata createTable(TableSchema schema) {
        return write.createTable(schema);
    }

    /** @throws EngineException UNDEFINED_TABLE */
    public void dropTable(String name) {
        write.dropTable(name);
    }

    /**
     * Makes a view.
     *
     * @param replace whether it takes the place of a view of its name, if there is one
     * @throws EngineException DUPLICATE_TABLE, WRONG_OBJECT_TYPE, DEPENDENT_OBJECTS; UNDEFINED_TABLE, UNDEFINED_COLUMN for what it reads
     */
    public ViewMetadata createView(ViewMetadata definition, boolean replace) {
        return write.createView(definition, replace);
    }

    /** @throws EngineException UNDEFINED_TABLE, WRONG_OBJECT_TYPE, DEPENDENT_OBJECTS */
    public void dropView(String name) {
        write.dropView(name);
    }

    /**
     * Appends the selected rows of a batch whose columns are those of the table, in its order. The batch stays the caller's.
     *
     * @return rows appended
     * @throws EngineException DATATYPE_MISMATCH, NULL_NOT_ALLOWED, NUMERIC_OUT_OF_RANGE, OUT_OF_MEMORY, UNDEFINED_TABLE, CLOSED
     */
    public long append(TableMetadata table, Batch batch) {
        return append(table, batch.columns(), batch.selection(), batch.rowCount());
    }

    /** As {@link #append(TableMetadata, Batch)}. */
    public long append(TableMetadata table, ColumnVector[] columns, @Nullable SelectionVector selection, int rowCount) {
        int count = selection == null ? rowCount : selection.count();
        replaceBy(table, columns, selection, rowCount);
        return count;
    }

    /** As {@link #append(TableMetadata, ColumnVector[], SelectionVector, int)}, but gives how many rows those appended replace. */
    int replaceBy(TableMetadata table, ColumnVector[] columns, @Nullable SelectionVector selection, int rowCount) {
        int count = selection == null ? rowCount : selection.count();
        if (count == 0) {
            return 0;
        }
        try {
            synchronized (write.monitor()) {
                write.requireWriting();
                TableWriter writer = writer(table);
                int replaced =
                        write.append(table, writer.dictionaries(), writer.prepare(columns, selection, rowCount), count);
                rows += count;
                return replaced;
            }
        } catch (RuntimeException | Error e) {
            write.abort();
            throw e;
        }
    }

    /** As {@link #append(TableMetadata, Batch)}, columns matched by name; those that the batch lacks are NULL. */
    public long append(TableMetadata table, VectorSchemaRoot batch, @Nullable DictionaryProvider dictionaries) {
        try {
            synchronized (write.monitor()) {
                write.requireWriting();
                // under the monitor as a whole: texts go into the table's dictionaries while they are mapped
                try (ArrowBatch columns =
                        new ArrowBatch(table.schema(), writer(table).dictionaries(), storage.ingestBudget())) {
                    return append(table, columns.map(batch, dictionaries), null, batch.getRowCount());
                }
            }
        } catch (RuntimeException | Error e) {
            write.abort();
            throw e;
        }
    }

    /**
     * Deletes rows by their sequence numbers, rows appended by this transaction too. Numbers of rows that are not there (any more) are passed over.
     *
     * @param sequences ascending up to count
     * @return rows that were there
     * @throws EngineException UNDEFINED_TABLE, OUT_OF_MEMORY, CLOSED
     */
    public int delete(TableMetadata table, long[] sequences, int count) {
        return write.delete(table, sequences, count);
    }

    /** Deletes all rows of a table, those appended by this transaction too. Errors as {@link #delete}. */
    public void truncate(TableMetadata table) {
        write.truncate(table);
    }

    /**
     * Deletes all rows of a time slice, which is the start of a partition; not behind other changes of the table. Does nothing when there is none.
     * Errors as {@link #delete}.
     */
    public void dropSlice(TableMetadata table, long sliceStart) {
        write.dropSlice(table, sliceStart);
    }

    /**
     * Gives a table another schema; its rows stay as they are, and a column that they lack is NULL in them.
     *
     * @param from the table as the caller knows it
     * @param to the same table id; columns that stay have their column ids
     * @throws EngineException CONFLICT when it is not {@code from} any more; UNDEFINED_TABLE, DUPLICATE_TABLE; FEATURE_NOT_SUPPORTED behind other
     *     changes of the table
     */
    public void alterTable(TableMetadata from, TableMetadata to) {
        write.alterTable(from, to);
    }

    /**
     * Takes the right to write now, so that no other writer can change what {@link #leaseNewest()} shows. Waits for other writers.
     */
    public void startWriting() {
        write.requireWriting();
    }

    /** The newest rows there are, for a transaction that has begun to write: what another one commits comes before or after. Close it. */
    public SnapshotLease leaseNewest() {
        return write.leaseNewest();
    }

    /** The dictionary of a SYMBOL column, of a table that this transaction created too. */
    SymbolTable dictionary(TableMetadata table, int ordinal) {
        return write.dictionary(table, ordinal);
    }

    /** The sequence number that the next row of a table will get. */
    long nextSequence(TableMetadata table) {
        return write.nextSequence(table);
    }

    private TableWriter writer(TableMetadata table) {
        return writers.computeIfAbsent(
                table.id(), id -> storage.newWriter(table, ordinal -> write.dictionary(table, ordinal)));
    }

    /** Makes all changes visible; the number of the commit. */
    public long commit() {
        long sequence = write.commit();
        storage.countReceived(rows);
        storage.countStored(rows);
        return sequence;
    }

    /** As {@link #commit()} for one who counts rows himself. */
    void commitUncounted() {
        write.commit();
    }

    /** Undoes all changes; does nothing after the end. */
    public void abort() {
        write.abort();
    }

    @Override
    public void close() {
        write.close();
        writers.values().forEach(TableWriter::close);
        writers.clear();
    }
}
