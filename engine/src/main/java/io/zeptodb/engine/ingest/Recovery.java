package io.zeptodb.engine.ingest;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SymbolTable;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.catalog.TableEncoding;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.catalog.ViewEncoding;
import io.zeptodb.engine.catalog.ViewMetadata;
import io.zeptodb.engine.partition.DatabaseStore;
import io.zeptodb.engine.partition.WriteTransaction;
import io.zeptodb.engine.store.ByteReader;
import io.zeptodb.engine.wal.WalReader;
import io.zeptodb.engine.wal.WalRecord;
import io.zeptodb.engine.wal.WalRecord.AppendHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Replays the log: what its transactions did is done again to the tables that the manifest has given, as ingest does it. What is in the manifest
 * already is passed over: rows by the sequence number through which their slice is sealed, definitions by the number of their record; deleted
 * rows are looked for among the rows that were replayed only. Between two transactions rows that fill the memory are sealed. One thread, before anybody else sees the database.
 */
public final class Recovery implements WalReader.Handler {
    private final DatabaseStore store;
    private final TransactionLog log;
    private final MemoryBudget budget;
    private final long manifestFrame;
    private final ReplayRelief relief;
    private @Nullable WriteTransaction transaction;
    /** From which on the present transaction can be read. */
    private long file;

    private long rows;
    /** Of the present transaction, which may have been given up. */
    private long openRows;

    private long transactions;

    /** @param manifestFrame the last record that the manifest has seen */
    Recovery(DatabaseStore store, TransactionLog log, MemoryBudget budget, long manifestFrame, ReplayRelief relief) {
        this.store = store;
        this.log = log;
        this.budget = budget;
        this.manifestFrame = manifestFrame;
        this.relief = relief;
    }

    /** Rows that came back. */
    public long rows() {
        return rows;
    }

    /** Transactions that were read. */
    public long transactions() {
        return transactions;
    }

    @Override
    public void begin(long readableFrom) {
        file = readableFrom;
        transaction = store.begin();
        openRows = 0;
    }

    @Override
    public void commit(long frameNumber) {
        log.replayed(file, frameNumber);
        open().commit();
        transactions++;
        rows += openRows;
        transaction = null;
        relief.afterTransaction();
    }

    @Override
    public void abandon() {
        open().abort();
        transaction = null;
    }

    private WriteTransaction open() {
        WriteTransaction present = transaction;
        if (present == null) {
            throw new IllegalStateException("no transaction is open");
        }
        return present;
    }

    @Override
    public void record(int kind, ByteReader in, long frameNumber) {
        log.replayed(file, frameNumber);
        relief.add(in.remaining());
        boolean isKnown = frameNumber <= manifestFrame;
        switch (kind) {
            case WalRecord.SYMBOLS -> symbols(in);
            case WalRecord.APPEND -> append(in);
            case WalRecord.DELETE -> delete(in, isKnown);
            case WalRecord.TRUNCATE -> truncate(in, isKnown);
            case WalRecord.DROP_SLICE -> dropSlice(in, isKnown);
            case WalRecord.CREATE_TABLE -> create(in, isKnown);
            case WalRecord.ALTER_TABLE -> alter(in, isKnown);
            case WalRecord.DROP_TABLE -> drop(in, isKnown);
            case WalRecord.PUT_VIEW -> putView(in, isKnown);
            case WalRecord.DROP_VIEW -> dropView(in, isKnown);
            default -> throw in.corrupt("a record of the unknown kind " + kind);
        }
        in.expectEnd();
    }

    /** The table, absent when it was dropped since. */
    private Optional<TableMetadata> table(long id) {
        return open().catalog().tables().stream()
                .filter(table -> table.id() == id)
                .findFirst();
    }

    private void create(ByteReader in, boolean isKnown) {
        TableMetadata table = TableEncoding.read(in);
        if (!isKnown) {
            open().restoreTable(table);
        }
    }

    private void alter(ByteReader in, boolean isKnown) {
        TableMetadata to = TableEncoding.read(in);
        if (!isKnown) {
            TableMetadata from =
                    table(to.id()).orElseThrow(() -> in.corrupt("table " + to.id() + " is altered and is not there"));
            open().alterTable(from, to);
        }
    }

    private void drop(ByteReader in, boolean isKnown) {
        long id = in.getLong();
        if (!isKnown) {
            TableMetadata table =
                    table(id).orElseThrow(() -> in.corrupt("table " + id + " is dropped and is not there"));
            open().dropTable(table.name());
        }
    }

    private void putView(ByteReader in, boolean isKnown) {
        ViewMetadata view = ViewEncoding.read(in);
        if (!isKnown) {
            open().restoreView(view);
        }
    }

    private void dropView(ByteReader in, boolean isKnown) {
        long id = in.getLong();
        if (!isKnown) {
            ViewMetadata view = open().catalog().views().stream()
                    .filter(known -> known.id() == id)
                    .findFirst()
                    .orElseThrow(() -> in.corrupt("view " + id + " is dropped and is not there"));
            open().dropView(view.name());
        }
    }

    private void truncate(ByteReader in, boolean isKnown) {
        long id = in.getLong();
        Optional<TableMetadata> table = table(id);
        if (table.isPresent()) {
            if (isKnown) {
                open().truncateReplayed(table.get());
            } else {
                open().truncate(table.get());
            }
        }
    }

    private void dropSlice(ByteReader in, boolean isKnown) {
        Optional<TableMetadata> table = table(in.getLong());
        long start = in.getLong();
        if (table.isPresent()) {
            if (isKnown) {
                open().dropReplayedSlice(table.get(), start);
            } else {
                open().dropSlice(table.get(), start);
            }
        }
    }

    private void delete(ByteReader in, boolean isKnown) {
        Optional<TableMetadata> table = table(in.getLong());
        long[] sequences = WalRecord.readSequences(in);
        if (table.isPresent()) {
            if (isKnown) {
                open().deleteReplayed(table.get(), sequences, sequences.length);
            } else {
                open().delete(table.get(), sequences, sequences.length);
            }
        }
    }

    private void symbols(ByteReader in) {
        long id = in.getLong();
        int columnId = in.getInt();
        int first = in.getInt();
        int count = in.getCount(Integer.BYTES);
        Optional<TableMetadata> table = table(id);
        int ordinal = table.map(known -> known.ordinalOfId(columnId)).orElse(TableSchema.NONE);
        SymbolTable dictionary =
                table.isPresent() && ordinal != TableSchema.NONE ? open().dictionary(table.get(), ordinal) : null;
        for (int code = first; code < first + count; code++) {
            String text = in.getText();
            if (dictionary != null && dictionary.intern(text) != code) {
                throw in.corrupt("symbol '" + text + "' of table " + id + " is not code " + code);
            }
        }
        if (dictionary != null) {
            log.knowSymbols(id, columnId, dictionary.size());
        }
    }

    private void append(ByteReader in) {
        AppendHeader header = AppendHeader.read(in);
        Optional<TableMetadata> table = table(header.table());
        List<WritableColumn> decoded = new ArrayList<>();
        try {
            ColumnVector[] columns = columns(in, header, table.orElse(null), decoded);
            if (table.isPresent()) {
                openRows += open().appendReplayed(table.get(), columns, header.rows(), header.firstSequence());
            }
        } finally {
            decoded.forEach(WritableColumn::close);
        }
    }

    private ColumnVector[] columns(
            ByteReader in, AppendHeader header, @Nullable TableMetadata table, List<WritableColumn> decoded) {
        ColumnVector[] columns =
                new ColumnVector[table == null ? 0 : table.schema().columns().size()];
        for (int i = 0; i < header.columns(); i++) {
            int columnId = in.getInt();
            int ordinal = table == null ? TableSchema.NONE : table.ordinalOfId(columnId);
            if (table == null || ordinal == TableSchema.NONE) {
                WalRecord.skipColumn(in);
            } else {
                WritableColumn column =
                        WalRecord.readColumn(in, header.rows(), table.schema().typeOf(ordinal), budget);
                decoded.add(column);
                columns[ordinal] = column.vector();
            }
        }
        for (int i = 0; table != null && i < columns.length; i++) {
            if (columns[i] == null) {
                columns[i] = nulls(table.schema().typeOf(i), decoded);
            }
        }
        return columns;
    }

    /** Of a column that came later than the rows. */
    private ColumnVector nulls(ColumnType type, List<WritableColumn> decoded) {
        WritableColumn column = new WritableColumn(budget, type);
        decoded.add(column);
        column.reserve(1);
        column.setNull(0);
        column.setRowCount(1);
        return column.vector().asConstant(true);
    }
}
