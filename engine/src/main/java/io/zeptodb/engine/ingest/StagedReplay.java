package io.zeptodb.engine.ingest;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.SymbolTable;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.catalog.ViewMetadata;
import io.zeptodb.engine.partition.Workspace;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Does the changes of a transaction over several statements in the database. First go the rows of the database that it deleted, or that rows which it
 * appended replaced; then come those of its own rows that are left at its end. By their dedup keys these are neither equal to each other nor to a row
 * that the transaction saw: what they would replace is a row of another transaction.
 */
final class StagedReplay {
    private final List<StagedChange> changes;
    private final Workspace workspace;
    private final Transaction transaction;
    /** Tables that this transaction made, by the ids that they have in the workspace. */
    private final Map<Long, TableMetadata> made = new HashMap<>();
    /** By table. */
    private final Map<Long, Deleted> deleted = new LinkedHashMap<>();
    /** Where the last TRUNCATE of a table stands among the changes. */
    private final Map<Long, Integer> truncated = new HashMap<>();

    /** Sequence numbers of the rows of a table that are deleted behind its last TRUNCATE. */
    private static final class Deleted {
        private static final int FIRST_LENGTH = 16;

        private final TableMetadata table;
        private long[] sequences = new long[FIRST_LENGTH];
        private int count;
        /** How many of them, sorted, are of rows of the database. */
        private int old;

        Deleted(TableMetadata table) {
            this.table = table;
        }

        void add(long[] more) {
            int length = Math.addExact(count, more.length);
            if (length > sequences.length) {
                sequences = Arrays.copyOf(sequences, Math.max(length, sequences.length * 2));
            }
            System.arraycopy(more, 0, sequences, count, more.length);
            count = length;
        }

        void sort() {
            Arrays.sort(sequences, 0, count);
            int place = Arrays.binarySearch(sequences, 0, count, Workspace.FIRST_OWN_SEQUENCE);
            old = place < 0 ? -place - 1 : place;
        }

        boolean hasOwn(long sequence) {
            return Arrays.binarySearch(sequences, old, count, sequence) >= 0;
        }
    }

    StagedReplay(List<StagedChange> changes, Workspace workspace, Transaction transaction) {
        this.changes = changes;
        this.workspace = workspace;
        this.transaction = transaction;
    }

    void run() {
        for (int i = 0; i < changes.size(); i++) {
            if (changes.get(i) instanceof StagedChange.Truncate truncate) {
                truncated.put(truncate.table().id(), i);
            }
        }
        for (int i = 0; i < changes.size(); i++) {
            if (changes.get(i) instanceof StagedChange.Delete delete && i > truncatedAt(delete.table())) {
                TableMetadata table = delete.table();
                deleted.computeIfAbsent(table.id(), id -> new Deleted(table)).add(delete.sequences());
            }
        }
        deleted.values().forEach(this::delete);
        for (int i = 0; i < changes.size(); i++) {
            run(changes.get(i), i);
        }
    }

    private void delete(Deleted rows) {
        rows.sort();
        if (rows.old > 0 && transaction.delete(real(rows.table), rows.sequences, rows.old) != rows.old) {
            throw conflict("rows of table '" + rows.table.name()
                    + "' that this transaction changes were changed or deleted by another one since it began");
        }
    }

    private void run(StagedChange change, int place) {
        if (change instanceof StagedChange.Create create) {
            create(create.table());
        } else if (change instanceof StagedChange.Drop drop) {
            drop(real(drop.table()));
        } else if (change instanceof StagedChange.CreateView view) {
            createView(view);
        } else if (change instanceof StagedChange.DropView view) {
            dropView(view.view());
        } else if (change instanceof StagedChange.Truncate truncate) {
            truncate(truncate.table());
        } else if (change instanceof StagedChange.Rows rows && place > truncatedAt(rows.table())) {
            append(rows);
        }
    }

    private void drop(TableMetadata table) {
        try {
            transaction.dropTable(table.name());
        } catch (EngineException e) {
            throw e.code() == ErrorCode.DEPENDENT_OBJECTS ? conflict(e.getMessage()) : e;
        }
    }

    /** What it reads may have gone, its name may be taken: by another transaction. */
    private void createView(StagedChange.CreateView change) {
        try {
            transaction.createView(change.view(), change.replace());
        } catch (EngineException e) {
            throw switch (e.code()) {
                case DUPLICATE_TABLE, UNDEFINED_TABLE, UNDEFINED_COLUMN, WRONG_OBJECT_TYPE, DEPENDENT_OBJECTS ->
                    conflict("view '" + change.view().name()
                            + "' cannot be made any more, since another transaction changed the tables ("
                            + e.getMessage() + ")");
                default -> e;
            };
        }
    }

    private void dropView(ViewMetadata view) {
        ViewMetadata now = transaction.catalog().findView(view.name()).orElse(null);
        if (now == null || !now.withId(0).equals(view.withId(0))) {
            throw conflict(
                    "view '" + view.name() + "' was replaced or dropped by another transaction since this one began");
        }
        try {
            transaction.dropView(view.name());
        } catch (EngineException e) {
            throw e.code() == ErrorCode.DEPENDENT_OBJECTS ? conflict(e.getMessage()) : e;
        }
    }

    private int truncatedAt(TableMetadata table) {
        return truncated.getOrDefault(table.id(), -1);
    }

    private void create(TableMetadata table) {
        boolean taken = transaction.catalog().find(table.name()).isPresent()
                || transaction.catalog().findView(table.name()).isPresent();
        if (taken) {
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
            throw conflict(
                    "table '" + table.name() + "' was altered or dropped by another transaction since this one began");
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

    private void append(StagedChange.Rows rows) {
        TableMetadata now = real(rows.table());
        ColumnVector[] columns = new ColumnVector[rows.columns().length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = rows.columns()[i].vector();
            if (made.containsKey(rows.table().id()) && columns[i].dictionary() != null) {
                columns[i].withDictionary(transaction.dictionary(now, i));
            }
        }
        if (transaction.replaceBy(now, columns, left(rows), rows.count()) > 0) {
            throw conflict("rows with dedup keys that this transaction appends to table '"
                    + rows.table().name() + "' were appended by another one since it began");
        }
    }

    /** The rows that are left; null when all are. */
    private @Nullable SelectionVector left(StagedChange.Rows rows) {
        Deleted gone = deleted.get(rows.table().id());
        if (gone == null || gone.old == gone.count) {
            return null;
        }
        SelectionVector selection = new SelectionVector(rows.count());
        int[] positions = selection.reserveList(rows.count());
        int count = 0;
        for (int i = 0; i < rows.count(); i++) {
            if (!gone.hasOwn(rows.first() + i)) {
                positions[count++] = i;
            }
        }
        selection.setCount(count);
        return count == rows.count() ? null : selection;
    }

    private static EngineException conflict(@Nullable String what) {
        return new EngineException(ErrorCode.CONFLICT, what + ": nothing of it was stored, begin it again");
    }
}
