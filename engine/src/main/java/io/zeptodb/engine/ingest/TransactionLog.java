package io.zeptodb.engine.ingest;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SymbolTable;
import io.zeptodb.engine.catalog.TableEncoding;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.catalog.ViewEncoding;
import io.zeptodb.engine.catalog.ViewMetadata;
import io.zeptodb.engine.partition.CommitLog;
import io.zeptodb.engine.store.ByteWriter;
import io.zeptodb.engine.wal.LogSizes;
import io.zeptodb.engine.wal.WalRecord;
import io.zeptodb.engine.wal.WalWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What transactions write to the log of a database on disk, as records; without a writer (a database in memory, or one that is being recovered)
 * nothing is written. The methods that write are called by the thread that holds the gate.
 */
public final class TransactionLog implements CommitLog {
    /** Rows of a record; a multiple of 8, so that bitmaps need no shifting. */
    private static final int RECORD_ROWS = 1 << 16;
    /** Rows whose bits begin and end with a byte. */
    private static final int BYTE_ROWS = 8;
    /** Bytes of a record that are not rows, sequence numbers or texts; fewer. */
    private static final int HEAD_BYTES = 64;

    private record Column(long table, int id) {}

    /** How many codes of a column the log or the manifest has. */
    private final Map<Column, Integer> symbols = new HashMap<>();
    /** Those of the present transaction, and what was known before it. */
    private final List<Map.Entry<Column, Integer>> before = new ArrayList<>();

    private final Runnable onNextFile;
    /** The file that was written to when the last commit ended. */
    private long lastFile = -1;

    private volatile @Nullable WalWriter writer;
    private volatile long replayedFrame;
    private volatile long replayedFile;

    /** @param onNextFile called under the gate when the log has gone on in another file; quick */
    TransactionLog(Runnable onNextFile) {
        this.onNextFile = onNextFile;
    }

    /** From now on transactions are written; all that the dictionaries have now is known already. */
    void attach(WalWriter log) {
        writer = log;
    }

    /**
     * While the log is read back: how far that is.
     *
     * @param file from which on the present transaction can be read
     */
    void replayed(long file, long frame) {
        replayedFile = file;
        replayedFrame = frame;
    }

    /** The log or the manifest has the codes below this number. */
    void knowSymbols(long tableId, int columnId, int codes) {
        symbols.put(new Column(tableId, columnId), codes);
    }

    void append(
            TableMetadata table,
            @Nullable SymbolTable[] dictionaries,
            ColumnVector[] columns,
            int rows,
            long firstSequence) {
        WalWriter log = writer;
        if (log == null) {
            return;
        }
        int[] ids = new int[columns.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = table.columnId(i);
            SymbolTable dictionary = dictionaries[i];
            if (dictionary != null) {
                appendSymbols(log, table.id(), ids[i], dictionary);
            }
        }
        long[] lengths = new long[columns.length];
        int from = 0;
        while (from < rows) {
            // behind rows that were split within a byte, the next record ends where it does
            int most = from % BYTE_ROWS == 0 ? RECORD_ROWS : BYTE_ROWS - from % BYTE_ROWS;
            int count = recordRows(log.sizes(), columns, from, Math.min(most, rows - from), lengths);
            checkLength(log.sizes(), lengths, table.name());
            ByteWriter out = log.beginFrame(WalRecord.APPEND);
            WalRecord.writeAppend(out, table.id(), firstSequence + from, ids, columns, lengths, from, count);
            log.endFrame();
            from += count;
        }
    }

    /**
     * Fewer rows when their texts are long, at least one.
     *
     * @param lengths gets the bytes that these rows take, by column
     */
    private static int recordRows(LogSizes sizes, ColumnVector[] columns, int from, int most, long[] lengths) {
        int count = most;
        while (WalRecord.measureAppend(columns, from, count, lengths) > sizes.recordBytes() && count > 1) {
            count = count > BYTE_ROWS ? Math.max(BYTE_ROWS, count / 2 / BYTE_ROWS * BYTE_ROWS) : count / 2;
        }
        return count;
    }

    /** @throws EngineException VALUE_TOO_LONG before anything of it is written */
    private static void checkLength(LogSizes sizes, long[] lengths, String table) {
        long bytes = HEAD_BYTES;
        for (long length : lengths) {
            bytes += 2 * Integer.BYTES + length;
        }
        if (bytes > sizes.mostRecordBytes()) {
            throw new EngineException(
                    ErrorCode.VALUE_TOO_LONG,
                    "cannot append to '" + table + "': a row has " + bytes + " bytes, " + sizes.mostRecordBytes()
                            + " are the most that the log takes");
        }
    }

    private void appendSymbols(WalWriter log, long tableId, int columnId, SymbolTable dictionary) {
        Column column = new Column(tableId, columnId);
        int known = symbols.getOrDefault(column, 0);
        int size = dictionary.size();
        if (size > known) {
            int first = known;
            while (first < size) {
                int end = WalRecord.endOfSymbols(
                        first, size, dictionary, log.sizes().recordBytes());
                ByteWriter out = log.beginFrame(WalRecord.SYMBOLS);
                WalRecord.writeSymbols(out, tableId, columnId, first, end, dictionary);
                log.endFrame();
                first = end;
            }
            before.add(Map.entry(column, known));
            symbols.put(column, size);
        }
    }

    void delete(long tableId, long[] sequences, int count) {
        WalWriter log = writer;
        if (log == null) {
            return;
        }
        int most = Math.max(1, log.sizes().recordBytes() / Long.BYTES);
        for (int from = 0; from < count; from += most) {
            int end = Math.min(count, from + most);
            WalRecord.writeDelete(log.beginFrame(WalRecord.DELETE), tableId, sequences, from, end);
            log.endFrame();
        }
    }

    void truncate(long tableId) {
        table(WalRecord.TRUNCATE, tableId);
    }

    void dropSlice(long tableId, long sliceStart) {
        WalWriter log = writer;
        if (log != null) {
            log.beginFrame(WalRecord.DROP_SLICE).putLong(tableId).putLong(sliceStart);
            log.endFrame();
        }
    }

    void dropTable(long tableId) {
        table(WalRecord.DROP_TABLE, tableId);
    }

    private void table(int kind, long tableId) {
        WalWriter log = writer;
        if (log != null) {
            log.beginFrame(kind).putLong(tableId);
            log.endFrame();
        }
    }

    void createTable(TableMetadata table) {
        definition(WalRecord.CREATE_TABLE, table);
    }

    void alterTable(TableMetadata table) {
        definition(WalRecord.ALTER_TABLE, table);
    }

    private void definition(int kind, TableMetadata table) {
        WalWriter log = writer;
        if (log != null) {
            TableEncoding.write(log.beginFrame(kind), table);
            log.endFrame();
        }
    }

    void putView(ViewMetadata view) {
        WalWriter log = writer;
        if (log != null) {
            ViewEncoding.write(log.beginFrame(WalRecord.PUT_VIEW), view);
            log.endFrame();
        }
    }

    void dropView(long viewId) {
        table(WalRecord.DROP_VIEW, viewId);
    }

    /** Marks the records since the last commit as one whole transaction. */
    void commit() {
        WalWriter log = writer;
        if (log != null) {
            log.commit();
            if (log.fileNumber() != lastFile) {
                lastFile = log.fileNumber();
                onNextFile.run(); // the log may have grown so long that its rows should be sealed
            }
        }
        before.clear();
    }

    @Override
    public void abort() {
        WalWriter log = writer;
        if (log != null) {
            log.abort();
        }
        for (int i = before.size() - 1; i >= 0; i--) {
            symbols.put(before.get(i).getKey(), before.get(i).getValue());
        }
        before.clear();
    }

    @Override
    public void deleted(long tableId, long[] sequences, int count) {
        delete(tableId, sequences, count);
    }

    @Override
    public long position() {
        WalWriter log = writer;
        return log == null ? replayedFrame : log.position();
    }

    @Override
    public long readableFrom() {
        WalWriter log = writer;
        return log == null ? replayedFile : log.readableFrom();
    }

    @Override
    public void flush(long position) {
        WalWriter log = writer;
        if (log != null) {
            log.flush(position);
        }
    }
}
