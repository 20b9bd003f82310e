package io.zeptodb.engine.ingest;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.Closing;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.SymbolTable;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.TableMetadata;
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
 * and as a list of what to do: other writers are held up only while {@link #commit} does it. A row that another transaction has deleted
 * or replaced meanwhile, or a table that it has altered, truncated or dropped, is a conflict; rows that both have added are not.
 *
 * <p>A statement ends with {@link #keep()} or {@link #undo()}. One thread at a time.
 */
public final class SessionTransaction implements AutoCloseable {
    private final Storage storage;
    private final MemoryBudget budget;
    private final Workspace workspace;
    private final Map<Long, TableWriter> writers = new HashMap<>();
    private final List<Change> changes = new ArrayList<>();
    private int kept;
    private boolean ended;

    /** Something to do again at the commit. */
    private sealed interface Change {
        record Create(TableMetadata table) implements Change {}

        record Drop(TableMetadata table) implements Change {}

        record Truncate(TableMetadata table) implements Change {}

        /** Sequence numbers ascend. */
        record Delete(TableMetadata table, long[] sequences) implements Change {}

        /** Rows with the sequence numbers from {@code first} on in the workspace. */
        record Rows(TableMetadata table, WritableColumn[] columns, int count, long first) implements Change {}
    }

    /**
     * @param base taken over
     * @param memory the database's; stays the caller's
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
        changes.add(new Change.Create(table));
        return table;
    }

    /** @throws EngineException UNDEFINED_TABLE */
    public synchronized void dropTable(String name) {
        checkOpen();
        changes.add(new Change.Drop(workspace.dropTable(name)));
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
        changes.add(new Change.Rows(table, copies, count, first));
        workspace.append(table, prepared, count);
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
        if (count > 0) {
            budget.reserveHeap((long) count * Long.BYTES);
            changes.add(new Change.Delete(table, Arrays.copyOf(sequences, count)));
            workspace.delete(table, sequences, count);
        }
    }

    public synchronized void truncate(TableMetadata table) {
        checkOpen();
        changes.add(new Change.Truncate(table));
        workspace.truncate(table);
    }

    /** The statement has succeeded: the next one sees what it changed. */
    public synchronized void keep() {
        checkOpen();
        workspace.keep();
        kept = changes.size();
    }

    /** The statement has failed: nothing of it stays. */
    public synchronized void undo() {
        if (ended) {
            return; // with its session
        }
        workspace.undo();
        forgetFrom(kept);
    }

    private void forgetFrom(int first) {
        List<Change> gone = changes.subList(first, changes.size());
        for (Change change : gone) {
            if (change instanceof Change.Rows rows) {
                close(rows.columns);
            } else if (change instanceof Change.Delete delete) {
                budget.reserveHeap(-(long) delete.sequences.length * Long.BYTES);
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
                    new Replay(transaction).run();
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

    /** The changes, done in the database. */
    private final class Replay {
        private final Transaction transaction;
        /** Tables that this transaction made, by the ids that they have in the workspace. */
        private final Map<Long, TableMetadata> made = new HashMap<>();
        /** Own rows that were deleted again, by table. */
        private final Map<Long, long[]> deleted = new HashMap<>();
        /** Where the last TRUNCATE of a table stands among the changes. */
        private final Map<Long, Integer> truncated = new HashMap<>();

        Replay(Transaction transaction) {
            this.transaction = transaction;
        }

        void run() {
            for (int i = 0; i < changes.size(); i++) {
                Change change = changes.get(i);
                if (change instanceof Change.Delete delete) {
                    noteOwn(delete);
                } else if (change instanceof Change.Truncate truncate) {
                    truncated.put(truncate.table.id(), i);
                }
            }
            for (int i = 0; i < changes.size(); i++) {
                run(changes.get(i), i);
            }
        }

        private void noteOwn(Change.Delete delete) {
            long[] own = Arrays.stream(delete.sequences)
                    .filter(sequence -> sequence >= Workspace.FIRST_OWN_SEQUENCE)
                    .toArray();
            deleted.merge(delete.table.id(), own, (known, more) -> {
                long[] both = Arrays.copyOf(known, known.length + more.length);
                System.arraycopy(more, 0, both, known.length, more.length);
                Arrays.sort(both);
                return both;
            });
        }

        private void run(Change change, int place) {
            if (change instanceof Change.Create create) {
                create(create.table);
            } else if (change instanceof Change.Drop drop) {
                TableMetadata table = real(drop.table);
                transaction.dropTable(table.name());
            } else if (change instanceof Change.Truncate truncate) {
                truncate(truncate.table);
            } else if (change instanceof Change.Delete delete) {
                if (place > truncatedAt(delete.table)) {
                    delete(delete);
                }
            } else if (change instanceof Change.Rows rows && place > truncatedAt(rows.table)) {
                append(rows);
            }
        }

        private int truncatedAt(TableMetadata table) {
            return truncated.getOrDefault(table.id(), -1);
        }

        private void create(TableMetadata table) {
            if (transaction.catalog().find(table.name()).isPresent()) {
                throw conflict("table '" + table.name() + "' was made by another transaction since this one began");
            }
            TableMetadata now = transaction.createTable(table.schema());
            made.put(table.id(), now);
            List<ColumnDefinition> columns = table.schema().columns();
            for (int i = 0; i < columns.size(); i++) {
                if (columns.get(i).type().kind() == TypeKind.SYMBOL) {
                    SymbolTable from = workspace.dictionaryOfMade(table.id(), i);
                    SymbolTable to = transaction.dictionary(now, i);
                    for (int code = 0; code < from.size(); code++) {
                        to.intern(from.text(code)); // in the order of the codes: they stay the same
                    }
                }
            }
        }

        /** The table as the database has it. */
        private TableMetadata real(TableMetadata table) {
            TableMetadata own = made.get(table.id());
            if (own != null) {
                return own;
            }
            TableMetadata now = transaction.catalog().find(table.name()).orElse(null);
            if (now == null || !now.equals(table)) {
                throw conflict("table '" + table.name()
                        + "' was altered or dropped by another transaction since this one began");
            }
            return now;
        }

        private void truncate(TableMetadata table) {
            TableMetadata now = real(table);
            if (!made.containsKey(table.id()) && transaction.nextSequence(now) != workspace.baseNextSequence(table)) {
                throw conflict("rows were added to table '" + table.name()
                        + "', which this transaction truncates, since it began");
            }
            transaction.truncate(now);
        }

        private void delete(Change.Delete delete) {
            TableMetadata now = real(delete.table);
            int old = 0;
            while (old < delete.sequences.length && delete.sequences[old] < Workspace.FIRST_OWN_SEQUENCE) {
                old++;
            }
            if (transaction.delete(now, delete.sequences, old) != old) {
                throw conflict("rows of table '" + delete.table.name()
                        + "' that this transaction changes were changed or deleted by another one since it began");
            }
        }

        private void append(Change.Rows rows) {
            TableMetadata now = real(rows.table);
            ColumnVector[] columns = new ColumnVector[rows.columns.length];
            for (int i = 0; i < columns.length; i++) {
                columns[i] = rows.columns[i].vector();
                if (made.containsKey(rows.table.id()) && columns[i].dictionary() != null) {
                    columns[i].withDictionary(transaction.dictionary(now, i));
                }
            }
            int[] left = new int[rows.count];
            int count = 0;
            long[] gone = deleted.getOrDefault(rows.table.id(), new long[0]);
            for (int i = 0; i < rows.count; i++) {
                if (Arrays.binarySearch(gone, rows.first + i) < 0) {
                    left[count++] = i;
                }
            }
            if (count == rows.count) {
                transaction.append(now, columns, null, rows.count);
            } else if (count > 0) {
                SelectionVector selection = new SelectionVector(count);
                System.arraycopy(left, 0, selection.reserveList(count), 0, count);
                selection.setCount(count);
                transaction.append(now, columns, selection, rows.count);
            }
        }

        private EngineException conflict(String what) {
            return new EngineException(ErrorCode.CONFLICT, what + ": nothing of it was stored, begin it again");
        }
    }
}
