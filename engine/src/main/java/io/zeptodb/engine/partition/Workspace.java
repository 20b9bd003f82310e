package io.zeptodb.engine.partition;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.Closing;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SymbolTable;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.catalog.ViewMetadata;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction over several statements sees: the snapshot that it began with, and over it its own changes, which nobody else sees and which
 * hold nobody up. Its own rows have sequence numbers from {@link #FIRST_OWN_SEQUENCE} on, its own tables and views ids from {@link #FIRST_OWN_TABLE} on; both
 * get their real ones when the transaction is done again in the database at its commit.
 *
 * <p>A statement's changes are kept by {@link #keep()} or undone by {@link #undo()}. One thread at a time; what {@link #lease()} gives may be closed by
 * any thread, also after {@link #close()}: memory goes with the last of them.
 */
public final class Workspace implements AutoCloseable {
    /** No row of a table ever has such a sequence number. */
    public static final long FIRST_OWN_SEQUENCE = 1L << 62;
    /** No table of the database ever has such an id. */
    public static final long FIRST_OWN_TABLE = ViewMetadata.FIRST_PRIVATE_ID;

    private final SnapshotLease base;
    private final MemoryBudget budget;
    private final AppendScratch scratch = new AppendScratch();
    private final TimeSplit split = new TimeSplit();
    private final Map<Long, WorkspaceTable> tables = new LinkedHashMap<>();
    /** Those that the present statement has made or taken up first. */
    private final List<WorkspaceTable> fresh = new ArrayList<>();
    /** Those that the present statement changes. */
    private final Set<WorkspaceTable> touched = new LinkedHashSet<>();
    /** What the last statement left of those that were ever changed. */
    private TableMap<TableSnapshot> shown = TableMap.empty();

    private final List<Runnable> retired = new ArrayList<>();
    private Catalog catalog;
    private Catalog keptCatalog;
    private long nextTable = FIRST_OWN_TABLE;
    private DatabaseSnapshot view;
    private int leases;
    private boolean ended;

    /**
     * @param base what it begins with; the workspace's from now on
     * @param budget of the transaction; the workspace's from now on
     */
    public Workspace(SnapshotLease base, MemoryBudget budget) {
        this.base = base;
        this.budget = budget;
        this.view = base.snapshot();
        this.catalog = view.catalog();
        this.keptCatalog = catalog;
    }

    /** The tables, with the changes of the present statement. */
    public Catalog catalog() {
        return catalog;
    }

    /** What the next statement reads: all that was kept so far. Close it; it may outlive the workspace. */
    public synchronized SnapshotLease lease() {
        if (ended) {
            throw new EngineException(ErrorCode.INVALID_TRANSACTION_STATE, "the transaction has ended");
        }
        leases++;
        DatabaseSnapshot shown = view;
        return new SnapshotLease() {
            private boolean open = true;

            @Override
            public DatabaseSnapshot snapshot() {
                return shown;
            }

            @Override
            public void close() {
                synchronized (Workspace.this) {
                    if (open) {
                        open = false;
                        leases--;
                        freeIfUnused();
                    }
                }
            }
        };
    }

    /** @throws EngineException DUPLICATE_TABLE */
    public TableMetadata createTable(TableSchema schema) {
        TableMetadata table = new TableMetadata(nextTable, schema);
        Catalog next = catalog.with(table).asVersion(privateVersion());
        MemoryBudget own = budget.child("table " + table.name());
        WorkspaceTable made;
        try {
            made = WorkspaceTable.created(table, own);
        } catch (RuntimeException | Error e) {
            own.close();
            throw e;
        }
        nextTable++;
        tables.put(table.id(), made);
        fresh.add(made);
        touched.add(made);
        catalog = next;
        return table;
    }

    /** @throws EngineException UNDEFINED_TABLE */
    public TableMetadata dropTable(String name) {
        TableMetadata table = catalog.get(name);
        catalog = catalog.without(name).asVersion(privateVersion());
        return table;
    }

    /** As {@link WriteTransaction#createView}. */
    public ViewMetadata createView(ViewMetadata definition, boolean replace) {
        ViewMetadata view = definition.withId(nextTable);
        boolean there = replace && catalog.findView(view.name()).isPresent();
        catalog = (there ? catalog.replacing(view) : catalog.with(view)).asVersion(privateVersion());
        nextTable++;
        return view;
    }

    /** @throws EngineException as {@link Catalog#withoutView} */
    public ViewMetadata dropView(String name) {
        ViewMetadata view = catalog.getView(name);
        catalog = catalog.withoutView(name).asVersion(privateVersion());
        return view;
    }

    /** Plans of this catalog are nobody else's, though it may well have the same number of changes. */
    private static long privateVersion() {
        return PrivateVersions.next();
    }

    /** The dictionary of a SYMBOL column: the database's, but for a table that was made here. */
    public SymbolTable dictionary(TableMetadata table, int ordinal) {
        SymbolTable dictionary = table(table).dictionary(ordinal);
        if (dictionary == null) {
            throw new IllegalArgumentException("column " + ordinal + " of '" + table.name() + "' is not a SYMBOL");
        }
        return dictionary;
    }

    /** As {@link #dictionary}, of a table that was made here and may be dropped by now. */
    public SymbolTable dictionaryOfMade(long tableId, int ordinal) {
        SymbolTable dictionary = Objects.requireNonNull(tables.get(tableId)).dictionary(ordinal);
        return Objects.requireNonNull(dictionary);
    }

    /** The sequence number that the next row of a table gets here. */
    public long nextSequence(TableMetadata table) {
        return table(table).nextSequence();
    }

    /** The sequence number that the next row of a table would have had in the snapshot that this began with. */
    public long baseNextSequence(TableMetadata table) {
        return ((TableView) base.snapshot().table(table.id())).nextSequence();
    }

    /**
     * @param columns as {@link WriteTransaction#append} takes them
     * @return the sequence numbers, ascending, of the rows that they replace: of the snapshot, own ones, and those among themselves
     */
    public long[] append(TableMetadata table, ColumnVector[] columns, int rows) {
        return changing(table).append(columns, rows, scratch, split);
    }

    /**
     * Deletes rows by their sequence numbers.
     *
     * @return rows that were there
     */
    public int delete(TableMetadata table, long[] sequences, int count) {
        return changing(table).delete(sequences, count);
    }

    public void truncate(TableMetadata table) {
        changing(table).truncate();
    }

    private WorkspaceTable changing(TableMetadata metadata) {
        WorkspaceTable table = table(metadata);
        touched.add(table);
        return table;
    }

    private WorkspaceTable table(TableMetadata metadata) {
        TableMetadata present = catalog.find(metadata.name()).orElse(null);
        if (present == null || present.id() != metadata.id()) {
            throw DatabaseStore.droppedError(metadata);
        }
        WorkspaceTable known = tables.get(metadata.id());
        if (known == null) {
            MemoryBudget own = budget.child("table " + metadata.name());
            try {
                known = WorkspaceTable.over((TableView) base.snapshot().table(metadata.id()), own);
            } catch (RuntimeException | Error e) {
                own.close();
                throw e;
            }
            tables.put(metadata.id(), known);
            fresh.add(known);
        }
        return known;
    }

    /** Keeps what the present statement has changed: the next one sees it. */
    public synchronized void keep() {
        RetiredRanges ranges = new RetiredRanges();
        for (WorkspaceTable table : touched) {
            shown = shown.with(table.id(), table.publish(ranges));
        }
        if (!ranges.isEmpty()) {
            retired.add(ranges); // a cursor of this transaction may still read them
        }
        fresh.clear();
        touched.clear();
        keptCatalog = catalog;
        view = new WorkspaceView(base.snapshot(), catalog, shown);
    }

    /** Undoes what the present statement has changed. */
    public synchronized void undo() {
        for (WorkspaceTable table : fresh) {
            tables.remove(table.id());
            touched.remove(table);
            table.close();
        }
        fresh.clear();
        touched.forEach(WorkspaceTable::rollback);
        touched.clear();
        catalog = keptCatalog;
    }

    /** Ends it: its memory goes when the last lease is closed. */
    @Override
    public synchronized void close() {
        if (!ended) {
            ended = true;
            freeIfUnused();
        }
    }

    private void freeIfUnused() {
        if (ended && leases == 0) {
            Closing closing = new Closing().each(retired, Runnable::run);
            retired.clear();
            closing.each(tables.values(), WorkspaceTable::close);
            tables.clear();
            closing.then(base::close).then(budget::close).finish();
        }
    }

    /** The tables of a workspace after a statement. */
    private record WorkspaceView(DatabaseSnapshot base, Catalog catalog, TableMap<TableSnapshot> changed)
            implements DatabaseSnapshot {
        @Override
        public long sequence() {
            return base.sequence();
        }

        @Override
        public TableSnapshot table(long tableId) {
            @Nullable TableSnapshot own = changed.get(tableId);
            return own == null ? base.table(tableId) : own;
        }
    }
}
