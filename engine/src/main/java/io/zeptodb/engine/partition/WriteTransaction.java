package io.zeptodb.engine.partition;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SymbolTable;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.catalog.ViewMetadata;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes of one or more tables that become visible together, or not at all. Other writers wait from its first change to its end; readers never
 * do. A change that fails aborts the transaction: nothing of it stays. Closing one that is neither committed nor aborted aborts it. One thread at a
 * time; the database may abort it from another when it closes.
 */
public final class WriteTransaction implements AutoCloseable {
    private enum State {
        FRESH,
        WRITING,
        ENDED
    }

    private final DatabaseStore store;
    private final Runnable whileWaiting;
    private final boolean isShort;
    private final List<TableStore> changed = new ArrayList<>();
    private final List<TableStore> created = new ArrayList<>();
    private final List<TableStore> dropped = new ArrayList<>();
    private Catalog catalog = Catalog.EMPTY;
    private State state = State.FRESH;
    /** Whether it was the closing database that ended it. */
    private boolean closing;

    private volatile @Nullable Thread owner;

    WriteTransaction(DatabaseStore store, Runnable whileWaiting, boolean isShort) {
        this.store = store;
        this.whileWaiting = whileWaiting;
        this.isShort = isShort;
    }

    boolean isShort() {
        return isShort;
    }

    Runnable whileWaiting() {
        return whileWaiting;
    }

    @Nullable
    Thread owner() {
        return owner;
    }

    /** The catalog as this transaction would leave it. */
    public synchronized Catalog catalog() {
        return state == State.WRITING ? catalog : store.current().catalog();
    }

    /** @throws EngineException DUPLICATE_TABLE */
    public synchronized TableMetadata createTable(TableSchema schema) {
        startWriting();
        try {
            TableMetadata metadata = new TableMetadata(store.takeTableId(), schema);
            Catalog next = catalog.with(metadata);
            created.add(store.newTable(metadata));
            catalog = next;
            return metadata;
        } catch (RuntimeException | Error e) {
            abort();
            throw e;
        }
    }

    /** The newest rows, which nobody else can change while this transaction writes; its own changes are not among them. */
    public synchronized SnapshotLease leaseNewest() {
        startWriting();
        return store.leaseHead();
    }

    /** Makes a table again that the log has, with the id that it had. */
    public synchronized void restoreTable(TableMetadata metadata) {
        startWriting();
        try {
            Catalog next = catalog.with(metadata);
            created.add(store.newTable(metadata));
            store.noteTableId(metadata.id());
            catalog = next;
        } catch (RuntimeException | Error e) {
            abort();
            throw e;
        }
    }

    /**
     * Appends rows of the log, with the sequence numbers that they had; columns as {@link #append} takes them.
     *
     * @return rows appended: those that are sealed already are not
     */
    public synchronized int appendReplayed(TableMetadata target, ColumnVector[] columns, int rows, long firstSequence) {
        startWriting();
        return changing(target).appendReplayed(columns, rows, firstSequence, store.scratch(), store.split());
    }

    /** As {@link #delete} among the rows that the log has brought back: of those that the manifest names it knows it. */
    public synchronized int deleteReplayed(TableMetadata target, long[] sequences, int count) {
        startWriting();
        return changing(target).deleteReplayed(sequences, count);
    }

    /**
     * Deletes all rows of the slice that begins here; not behind other changes of the table. Errors as {@link #append}; CONFLICT too when the TTL is
     * another than that of {@code target}, by which the slice was found to be too old.
     */
    public synchronized void dropSlice(TableMetadata target, long sliceStart) {
        startWriting();
        try {
            TableStore table = changing(target);
            if (!table.metadata().schema().retention().equals(target.schema().retention())) {
                throw new EngineException(
                        ErrorCode.CONFLICT, "the TTL of table '" + target.name() + "' is another one by now");
            }
            table.dropSlice(sliceStart);
        } catch (RuntimeException | Error e) {
            abort();
            throw e;
        }
    }

    /** As {@link #dropSlice} of the rows that the log has brought back. */
    public synchronized void dropReplayedSlice(TableMetadata target, long sliceStart) {
        startWriting();
        changing(target).dropReplayedSlice(sliceStart);
    }

    /** Deletes all rows that the log has brought back. */
    public synchronized void truncateReplayed(TableMetadata target) {
        startWriting();
        changing(target).truncateReplayed();
    }

    /** Whether it has begun to write and has not ended. */
    public synchronized boolean isWriting() {
        return state == State.WRITING;
    }

    /** The sequence number that the next row of a table will get. */
    public synchronized long nextSequence(TableMetadata table) {
        startWriting();
        return tableOf(table).nextSequence();
    }

    /**
     * Gives a table another schema: the rows stay, a column that they lack is NULL in them.
     *
     * @param from the table as the caller knows it
     * @param to the same table id; columns that stay have their column ids
     * @throws EngineException CONFLICT when it is not {@code from} any more; UNDEFINED_TABLE, DUPLICATE_TABLE
     */
    public synchronized void alterTable(TableMetadata from, TableMetadata to) {
        startWriting();
        try {
            TableStore table = changing(from);
            catalog = catalog.replacing(from, to);
            table.alter(to);
        } catch (RuntimeException | Error e) {
            abort();
            throw e;
        }
    }

    /** Takes the table out of the catalog; its memory is freed when no query reads it. @throws EngineException UNDEFINED_TABLE */
    public synchronized void dropTable(String name) {
        startWriting();
        try {
            TableMetadata metadata = catalog.get(name);
            TableStore table = tableOf(metadata);
            catalog = catalog.without(name);
            if (created.remove(table)) {
                changed.remove(table);
                table.close();
                table.closeBudget();
            } else {
                dropped.add(table);
            }
        } catch (RuntimeException | Error e) {
            abort();
            throw e;
        }
    }

    /**
     * Makes a view.
     *
     * @param definition gets an id of its own
     * @param replace whether it takes the place of a view of its name, if there is one
     * @throws EngineException as {@link Catalog#with(ViewMetadata)} and {@link Catalog#replacing(ViewMetadata)}
     */
    public synchronized ViewMetadata createView(ViewMetadata definition, boolean replace) {
        startWriting();
        ViewMetadata view = definition.withId(store.takeTableId());
        putView(view, replace);
        return view;
    }

    /** Makes a view again that the log has, with the id that it had, in the place of the one of its name. */
    public synchronized void restoreView(ViewMetadata view) {
        startWriting();
        store.noteTableId(view.id());
        putView(view, true);
    }

    private void putView(ViewMetadata view, boolean replace) {
        try {
            boolean there = replace && catalog.findView(view.name()).isPresent();
            catalog = there ? catalog.replacing(view) : catalog.with(view);
        } catch (RuntimeException | Error e) {
            abort();
            throw e;
        }
    }

    /** @throws EngineException as {@link Catalog#withoutView} */
    public synchronized void dropView(String name) {
        startWriting();
        try {
            catalog = catalog.withoutView(name);
        } catch (RuntimeException | Error e) {
            abort();
            throw e;
        }
    }

    /**
     * Appends rows behind those of the table.
     *
     * @param columns by ordinal, each of its column's type, timestamps within the column's precision, symbols in codes of the table's dictionary;
     *     read during the call only
     * @return how many rows they replace, by dedup keys
     * @throws EngineException OUT_OF_MEMORY, UNDEFINED_TABLE when it was dropped, CLOSED; the transaction is aborted
     */
    public synchronized int append(TableMetadata target, ColumnVector[] columns, int rows) {
        startWriting();
        try {
            return changing(target).append(columns, rows, store.scratch(), store.split()).length;
        } catch (RuntimeException | Error e) {
            abort();
            throw e;
        }
    }

    /**
     * Deletes rows by their sequence numbers, rows appended by this transaction too. Numbers of rows that are not there (any more) are passed over.
     *
     * @param sequences ascending up to count
     * @return rows that were there
     * @throws EngineException as {@link #append}
     */
    public synchronized int delete(TableMetadata target, long[] sequences, int count) {
        startWriting();
        try {
            return changing(target).delete(sequences, count);
        } catch (RuntimeException | Error e) {
            abort();
            throw e;
        }
    }

    /** Deletes all rows of a table, those appended by this transaction too. Sequence numbers go on. Errors as {@link #append}. */
    public synchronized void truncate(TableMetadata target) {
        startWriting();
        try {
            changing(target).truncate();
        } catch (RuntimeException | Error e) {
            abort();
            throw e;
        }
    }

    private TableStore changing(TableMetadata target) {
        TableStore table = tableOf(target);
        if (!table.metadata().columnIds().equals(target.columnIds())) {
            throw new EngineException(
                    ErrorCode.CONFLICT,
                    "table '" + target.name() + "' was altered since this statement or pipeline began: begin it anew");
        }
        if (!changed.contains(table)) {
            changed.add(table);
        }
        return table;
    }

    /**
     * Takes the gate now, for work that must not see tables go: hold this object's monitor over this call and that work, so that a closing database
     * waits for it.
     *
     * @throws EngineException CLOSED, INVALID_TRANSACTION_STATE after the end
     */
    public synchronized void requireWriting() {
        startWriting();
    }

    /** The dictionary of a SYMBOL column, of a table that this transaction created too. */
    public synchronized SymbolTable dictionary(TableMetadata table, int ordinal) {
        startWriting();
        SymbolTable dictionary = tableOf(table).dictionary(ordinal);
        if (dictionary == null) {
            throw new IllegalArgumentException("column " + ordinal + " of '" + table.name() + "' is not a SYMBOL");
        }
        return dictionary;
    }

    private TableStore tableOf(TableMetadata metadata) {
        long tableId = metadata.id();
        for (TableStore table : created) {
            if (table.metadata().id() == tableId) {
                return table;
            }
        }
        TableStore table = store.table(tableId);
        if (table == null || dropped.contains(table)) {
            throw DatabaseStore.droppedError(metadata);
        }
        return table;
    }

    private void startWriting() {
        if (state == State.WRITING) {
            return;
        }
        checkNotEnded();
        store.enterGate(this);
        state = State.WRITING;
        owner = Thread.currentThread();
        catalog = store.headCatalog();
    }

    private void checkNotEnded() {
        if (state == State.ENDED) {
            throw closing || store.isClosed()
                    ? DatabaseStore.closedError()
                    : new EngineException(
                            ErrorCode.INVALID_TRANSACTION_STATE,
                            "the transaction has ended: it was committed or aborted");
        }
    }

    /** Makes all changes visible at once. The number of the commit; of the present one when nothing was changed. */
    public synchronized long commit() {
        checkNotEnded();
        if (state == State.FRESH) {
            state = State.ENDED;
            return store.current().sequence();
        }
        end();
        changed.removeAll(dropped);
        return store.commit(catalog, changed, created, dropped);
    }

    /** Undoes all changes. Does nothing when the transaction has ended. */
    public synchronized void abort() {
        if (state != State.WRITING) {
            state = State.ENDED;
            return;
        }
        end();
        try {
            changed.removeAll(created);
            changed.forEach(TableStore::rollback);
            created.forEach(TableStore::close);
            created.forEach(TableStore::closeBudget);
        } finally {
            store.abandon();
        }
    }

    /** Undoes all changes because the database closes: the owner's next step is told so. */
    synchronized void abortForClose() {
        if (state == State.WRITING) {
            closing = true;
            abort();
        }
    }

    private void end() {
        state = State.ENDED;
        owner = null;
    }

    @Override
    public void close() {
        abort();
    }
}
