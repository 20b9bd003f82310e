package io.zeptodb.engine;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.catalog.ViewMetadata;
import io.zeptodb.engine.exec.ExecutionContext;
import org.jspecify.annotations.Nullable;

/**
 * Where the changes of one statement go: all of them stay, or none. Always close it; what was not finished is undone. One thread.
 */
interface StatementChanges extends AutoCloseable {
    /** The tables as the changes so far leave them. */
    Catalog catalog();

    /**
     * What a statement reads that changes what it finds: the newest state, which stays the newest until the end of the transaction, or the one that
     * its transaction reads. Valid until {@link #close()}.
     *
     * @throws CatalogChangedException when the tables are no longer those that the statement was planned for
     */
    ExecutionContext reading(Execution execution);

    /** @throws EngineException DUPLICATE_TABLE */
    TableMetadata createTable(TableSchema schema);

    /** @throws EngineException UNDEFINED_TABLE */
    void dropTable(String name);

    /** As {@code Transaction.createView}. */
    void createView(ViewMetadata definition, boolean replace);

    /** @throws EngineException UNDEFINED_TABLE, WRONG_OBJECT_TYPE, DEPENDENT_OBJECTS */
    void dropView(String name);

    /** Another state of a table, as {@code SchemaChange} makes it. @throws EngineException DUPLICATE_TABLE, CONFLICT */
    void alterTable(TableMetadata from, TableMetadata to);

    /**
     * Rows appended. Errors as {@code Transaction.append}.
     *
     * @throws CatalogChangedException as {@link #reading}, with the first rows
     */
    long append(TableMetadata table, ColumnVector[] columns, @Nullable SelectionVector selection, int rowCount);

    /** Deletes rows by their sequences. */
    void delete(TableMetadata table, long[] sequences, int count);

    void truncate(TableMetadata table);

    /** The statement has succeeded: its changes are committed, or stay with the session's transaction. */
    void finish();

    @Override
    void close();
}
