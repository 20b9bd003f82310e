package io.zeptodb.engine.ingest;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.Closing;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.catalog.ViewMetadata;
import io.zeptodb.engine.partition.SnapshotLease;
import io.zeptodb.engine.partition.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A transaction over several statements of a session. It reads the snapshot that it began with and its own changes, which wait in a {@link Workspace}
 * and as a list of what to do: other writers are held up only while {@link #commit} does it. A row deleted or replaced here that another transaction
 * has deleted or replaced meanwhile, or a table that it has altered, truncated or dropped, is a conflict; rows that both have added are not, unless
 * they are equal in their dedup keys.
 *
 * <p>A statement ends with {@link #keep()} or {@link #undo()}. One thread at a time.
 */
public final class SessionTransaction implements AutoCloseable {
    private final Storage storage;
    private final MemoryBudget budget;
    private final Workspace workspace;
    private final Map<Long, TableWriter> writers = new HashMap<>();
    private final List<StagedChange> changes = new ArrayList<>();
    private int kept;
    private boolean ended;

    /**
     * @param base taken over
     * @param memory whose its own is part of; stays the caller's
     */
    SessionTransaction(Storage storage, SnapshotLease base, MemoryBudget memory) {
        this.storage = storage;
        this.budget = memory.child("changes of a transaction");
        this.workspace = new Workspace(base, memory.child("transaction"));
    }

    private void checkOpen() {
        if (ended) {
            throw new EngineException(ErrorCode.INVALID_TRANSACTION_STATE, "the transaction has ended");
        }
    }

    /** What the next statement reads. Close it; it may outlive the transaction. */
    public synchronized SnapshotLease lease() {
        return workspace.lease();
    }

    /** The tables, with the changes of the present statement. */
    public synchronized Catalog catalog() {
        return workspace.catalog();
    }

    /** @throws EngineException DUPLICATE_TABLE */
    public synchronized TableMetadata createTable(TableSchema schema) {
        checkOpen();
        TableMetadata table = workspace.createTable(schema);
        changes.add(new StagedChange.Create(table));
        return table;
    }

    /** @throws EngineException UNDEFINED_TABLE */
    public synchronized void dropTable(String name) {
        checkOpen();
        changes.add(new StagedChange.Drop(workspace.dropTable(name)));
    }

    /** As {@link Transaction#createView}. */
    public synchronized ViewMetadata createView(ViewMetadata definition, boolean replace) {
        checkOpen();
        ViewMetadata view = workspace.createView(definition, replace);
        changes.add(new StagedChange.CreateView(view, replace));
        return view;
    }

    /** As {@link Transaction#dropView}. */
    public synchronized void dropView(String name) {
        checkOpen();
        changes.add(new StagedChange.DropView(workspace.dropView(name)));
    }

    /** As {@link Transaction#append(TableMetadata, ColumnVector[], SelectionVector, int)}. */
    public synchronized long append(
            TableMetadata table, ColumnVector[] columns, @Nullable SelectionVector selection, int rowCount) {
        int count = selection == null ? rowCount : selection.count();
        checkOpen();
        if (count == 0) {
            return 0;
        }
        TableWriter writer = writers.computeIfAbsent(
                table.id(), id -> storage.newWriter(table, ordinal -> workspace.dictionary(table, ordinal)));
        ColumnVector[] prepared = writer.prepare(columns, selection, rowCount);
        long first = workspace.nextSequence(table);
        WritableColumn[] copies = copies(prepared, count);
        changes.add(new StagedChange.Rows(table, copies, count, first));
        long[] replaced = workspace.append(table, prepared, count);
        noteDeleted(table, replaced, replaced.length);
        return count;
    }

    private WritableColumn[] copies(ColumnVector[] columns, int count) {
        WritableColumn[] copies = new WritableColumn[columns.length];
        try {
            for (int i = 0; i < copies.length; i++) {
                copies[i] = new WritableColumn(budget, columns[i].type());
                copies[i].setDictionary(columns[i].dictionary());
                copies[i].reserve(count);
                copies[i].append(columns[i], 0, count);
            }
            return copies;
        } catch (RuntimeException | Error e) {
            close(copies);
            throw e;
        }
    }

    private static void close(@Nullable WritableColumn[] columns) {
        for (WritableColumn column : columns) {
            if (column != null) {
                column.close();
            }
        }
    }

    /** @param sequences ascending up to count, of rows that a statement has read */
    public synchronized void delete(TableMetadata table, long[] sequences, int count) {
        checkOpen();
        noteDeleted(table, sequences, count);
        if (count > 0) {
            workspace.delete(table, sequences, count);
        }
    }

    private void noteDeleted(TableMetadata table, long[] sequences, int count) {
        if (count > 0) {
            budget.reserveHeap((long) count * Long.BYTES);
            changes.add(new StagedChange.Delete(table, Arrays.copyOf(sequences, count)));
        }
    }

    public synchronized void truncate(TableMetadata table) {
        checkOpen();
        changes.add(new StagedChange.Truncate(table));
        workspace.truncate(table);
    }

    /** The statement has succeeded: the next one sees what it changed. */
    public synchronized void keep() {
        checkOpen();
        workspace.keep();
        kept = changes.size();
        writers.values().forEach(TableWriter::beginStatement);
    }

    /** The statement has failed: nothing of it stays. */
    public synchronized void undo() {
        if (ended) {
            return; // with its session
        }
        workspace.undo();
        forgetFrom(kept);
        writers.values().forEach(TableWriter::beginStatement);
    }

    private void forgetFrom(int first) {
        List<StagedChange> gone = changes.subList(first, changes.size());
        for (StagedChange change : gone) {
            if (change instanceof StagedChange.Rows rows) {
                close(rows.columns());
            } else if (change instanceof StagedChange.Delete delete) {
                budget.reserveHeap(-(long) delete.sequences().length * Long.BYTES);
            }
        }
        gone.clear();
    }

    /**
     * Does the changes in the database, as one commit; the transaction has ended then, also when it fails.
     *
     * @param whileWaiting called every few milliseconds while other writers are busy; what it throws ends the transaction
     * @throws EngineException CONFLICT; OUT_OF_MEMORY, IO_ERROR, DISK_FULL, CLOSED: nothing of it stays
     */
    public synchronized void commit(Runnable whileWaiting) {
        checkOpen();
        try {
            if (!changes.isEmpty()) {
                try (Transaction transaction = storage.begin(whileWaiting)) {
                    transaction.startWriting();
                    new StagedReplay(changes, workspace, transaction).run();
                    transaction.commit();
                }
            }
        } finally {
            close();
        }
    }

    /** Undoes all. Does nothing after the end. */
    @Override
    public synchronized void close() {
        if (!ended) {
            ended = true;
            new Closing()
                    .then(() -> forgetFrom(0))
                    .each(writers.values(), TableWriter::close)
                    .then(workspace::close)
                    .then(budget::close)
                    .finish();
        }
    }
}
