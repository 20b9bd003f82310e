package io.zeptodb.engine.ingest;

import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SymbolTable;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.catalog.ViewMetadata;
import io.zeptodb.engine.partition.SnapshotLease;
import io.zeptodb.engine.partition.WriteTransaction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A write transaction and what it writes to the log, which are one thing: each change goes to the log and then to the tables, the commit ends both.
 * What fails ends both as well. One thread at a time, as {@link WriteTransaction}.
 */
final class LoggedWrite implements AutoCloseable {
    private final WriteTransaction write;
    private final TransactionLog log;

    LoggedWrite(WriteTransaction write, TransactionLog log) {
        this.write = write;
        this.log = log;
    }

    /** What a closing database waits for before it ends the transaction: hold it over {@link #requireWriting()} and the work behind that. */
    Object monitor() {
        return write;
    }

    void requireWriting() {
        write.requireWriting();
    }

    SnapshotLease leaseNewest() {
        return write.leaseNewest();
    }

    long nextSequence(TableMetadata table) {
        return write.nextSequence(table);
    }

    Catalog catalog() {
        return write.catalog();
    }

    SymbolTable dictionary(TableMetadata table, int ordinal) {
        return write.dictionary(table, ordinal);
    }

    /**
     * @param columns as the table stores them
     * @return how many rows they replace, by dedup keys
     */
    int append(TableMetadata table, @Nullable SymbolTable[] dictionaries, ColumnVector[] columns, int rows) {
        return changing(() -> {
            log.append(table, dictionaries, columns, rows, write.nextSequence(table));
            return write.append(table, columns, rows);
        });
    }

    int delete(TableMetadata table, long[] sequences, int count) {
        return changing(() -> {
            log.delete(table.id(), sequences, count);
            return write.delete(table, sequences, count);
        });
    }

    void truncate(TableMetadata table) {
        changing(() -> {
            log.truncate(table.id());
            write.truncate(table);
            return 0;
        });
    }

    void dropSlice(TableMetadata table, long sliceStart) {
        changing(() -> {
            log.dropSlice(table.id(), sliceStart);
            write.dropSlice(table, sliceStart);
            return 0;
        });
    }

    TableMetadata createTable(TableSchema schema) {
        return changing(() -> {
            TableMetadata table = write.createTable(schema);
            log.createTable(table);
            return table;
        });
    }

    void dropTable(String name) {
        changing(() -> {
            long id = write.catalog().get(name).id();
            write.dropTable(name);
            log.dropTable(id);
            return 0;
        });
    }

    ViewMetadata createView(ViewMetadata definition, boolean replace) {
        return changing(() -> {
            ViewMetadata view = write.createView(definition, replace);
            log.putView(view);
            return view;
        });
    }

    void dropView(String name) {
        changing(() -> {
            long id = write.catalog().getView(name).id();
            write.dropView(name);
            log.dropView(id);
            return 0;
        });
    }

    void alterTable(TableMetadata from, TableMetadata to) {
        changing(() -> {
            write.alterTable(from, to);
            log.alterTable(to);
            return 0;
        });
    }

    private <T> T changing(Supplier<T> change) {
        synchronized (write) {
            try {
                write.requireWriting();
                return change.get();
            } catch (RuntimeException | Error e) {
                write.abort();
                throw e;
            }
        }
    }

    /** The number of the commit. @throws io.zeptodb.engine.api.EngineException IO_ERROR, DISK_FULL, CLOSED */
    long commit() {
        synchronized (write) {
            if (write.isWriting()) {
                try {
                    log.commit();
                } catch (RuntimeException | Error e) {
                    write.abort();
                    throw e;
                }
            }
            return write.commit();
        }
    }

    void abort() {
        write.abort();
    }

    @Override
    public void close() {
        write.close();
    }
}
