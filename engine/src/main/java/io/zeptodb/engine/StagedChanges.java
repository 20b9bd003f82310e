package io.zeptodb.engine;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.catalog.ViewMetadata;
import io.zeptodb.engine.exec.ExecutionContext;
import io.zeptodb.engine.ingest.SessionTransaction;
import org.jspecify.annotations.Nullable;

/** A statement of a session's transaction: what it changes waits there, and its failure takes back what it did and nothing else. */
final class StagedChanges implements StatementChanges {
    private final SessionTransaction transaction;
    private boolean finished;

    StagedChanges(SessionTransaction transaction) {
        this.transaction = transaction;
    }

    @Override
    public Catalog catalog() {
        return transaction.catalog();
    }

    @Override
    public ExecutionContext reading(Execution execution) {
        return execution.context();
    }

    @Override
    public TableMetadata createTable(TableSchema schema) {
        return transaction.createTable(schema);
    }

    @Override
    public void dropTable(String name) {
        transaction.dropTable(name);
    }

    @Override
    public void createView(ViewMetadata definition, boolean replace) {
        transaction.createView(definition, replace);
    }

    @Override
    public void dropView(String name) {
        transaction.dropView(name);
    }

    @Override
    public void alterTable(TableMetadata from, TableMetadata to) {
        throw new EngineException(
                ErrorCode.FEATURE_NOT_SUPPORTED,
                "ALTER TABLE is a transaction of its own: commit or roll back the open one first");
    }

    @Override
    public long append(TableMetadata table, ColumnVector[] columns, @Nullable SelectionVector selection, int rowCount) {
        return transaction.append(table, columns, selection, rowCount);
    }

    @Override
    public void delete(TableMetadata table, long[] sequences, int count) {
        transaction.delete(table, sequences, count);
    }

    @Override
    public void truncate(TableMetadata table) {
        transaction.truncate(table);
    }

    @Override
    public void finish() {
        transaction.keep();
        finished = true;
    }

    @Override
    public void close() {
        if (!finished) {
            finished = true;
            transaction.undo();
        }
    }
}
