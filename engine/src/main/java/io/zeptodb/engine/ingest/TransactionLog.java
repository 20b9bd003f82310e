package io.zeptodb.engine.ingest;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SymbolTable;
import io.zeptodb.engine.catalog.TableEncoding;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.partition.CommitLog;
import io.zeptodb.engine.store.ByteWriter;
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
    /** Bytes of a record that is not of a few rows. */
    private static final long RECORD_BYTES = 16 << 20;

    private static final int LEAST_ROWS = 8;

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

    /** While the log is read back: how far that is. */
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
            int count = recordRows(columns, from, Math.min(RECORD_ROWS, rows - from), lengths);
            ByteWriter out = log.beginFrame(WalRecord.APPEND);
            WalRecord.writeAppend(out, table.id(), firstSequence + from, ids, columns, lengths, from, count);
            log.endFrame();
            from += count;
        }
    }

    /**
     * Fewer rows when their texts are long.
     *
     * @param lengths gets the bytes that these rows take, by column
     */
    private static int recordRows(ColumnVector[] columns, int from, int most, long[] lengths) {
        int count = most;
        while (WalRecord.measureAppend(columns, from, count, lengths) > RECORD_BYTES && count > LEAST_ROWS) {
            count = Math.max(LEAST_ROWS, count / 2 / LEAST_ROWS * LEAST_ROWS);
        }
        return count;
    }

    private void appendSymbols(WalWriter log, long tableId, int columnId, SymbolTable dictionary) {
        Column column = new Column(tableId, columnId);
        int known = symbols.getOrDefault(column, 0);
        int size = dictionary.size();
        if (size > known) {
            ByteWriter out = log.beginFrame(WalRecord.SYMBOLS);
            WalRecord.writeSymbols(out, tableId, columnId, known, size, dictionary);
            log.endFrame();
            before.add(Map.entry(column, known));
            symbols.put(column, size);
        }
    }

    void delete(long tableId, long[] sequences, int count) {
        WalWriter log = writer;
        if (log != null && count > 0) {
            WalRecord.writeDelete(log.beginFrame(WalRecord.DELETE), tableId, sequences, count);
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
    public long fileNumber() {
        WalWriter log = writer;
        return log == null ? replayedFile : log.fileNumber();
    }

    @Override
    public void flush(long position) {
        WalWriter log = writer;
        if (log != null) {
            log.flush(position);
        }
    }
}
