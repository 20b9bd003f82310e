package io.zeptodb.engine;

import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.catalog.ViewMetadata;
import io.zeptodb.engine.exec.ExecutionContext;
import io.zeptodb.engine.ingest.Transaction;
import io.zeptodb.engine.partition.SnapshotLease;
import org.jspecify.annotations.Nullable;

/**
 * A statement that is a transaction of its own. One that changes what it finds takes the write gate first and reads the newest state: another writer
 * cannot come between, so that it never conflicts.
 */
final class AutocommitChanges implements StatementChanges {
    private final Transaction transaction;
    private @Nullable SnapshotLease newest;
    /** The table whose definition is known to be the newest. */
    private @Nullable TableMetadata checked;

    AutocommitChanges(Transaction transaction) {
        this.transaction = transaction;
    }

    @Override
    public Catalog catalog() {
        return transaction.catalog();
    }

    @Override
    public ExecutionContext reading(Execution execution) {
        ExecutionContext context = execution.context();
        SnapshotLease lease = newest;
        if (lease == null) {
            lease = transaction.leaseNewest();
            newest = lease;
        }
        if (lease.snapshot().catalog().version() != context.snapshot().catalog().version()) {
            throw new CatalogChangedException();
        }
        return context.withSnapshot(lease.snapshot());
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
        transaction.alterTable(from, to);
    }

    @Override
    public long append(TableMetadata table, ColumnVector[] columns, @Nullable SelectionVector selection, int rowCount) {
        if (!table.equals(checked)) {
            transaction.startWriting();
            TableMetadata now = transaction.catalog().find(table.name()).orElse(null);
            if (!table.equals(now)) {
                throw new CatalogChangedException();
            }
            checked = table;
        }
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
        transaction.commit();
    }

    @Override
    public void close() {
        SnapshotLease lease = newest;
        newest = null;
        try {
            transaction.close();
        } finally {
            if (lease != null) {
                lease.close();
            }
        }
    }
}
