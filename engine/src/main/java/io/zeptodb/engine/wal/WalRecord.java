package io.zeptodb.engine.wal;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnEncoding;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.store.ByteReader;
import io.zeptodb.engine.store.ByteWriter;

/**
 * The records of the log: their kinds, and the layout of those that hold rows. Little-endian.
 *
 * <pre>
 *   SYMBOLS   table (8), column id (4), code of the first (4), count (4), then of each: bytes (4), UTF-8
 *   APPEND    table (8), sequence number of the first row (8), rows (4), columns (4), then of each: id (4), bytes (4), {@link ColumnEncoding}
 *   DELETE    table (8), count (4), sequence numbers (8 each, ascending)
 *   TRUNCATE  table (8): all rows that it has
 *   DROP_SLICE table (8), start of the slice (8): all rows that it has there
 *   CREATE, ALTER: a table as the catalog writes it; DROP: table (8)
 *   PUT_VIEW: a view as the catalog writes it, which takes the place of the one of its name; DROP_VIEW: view (8)
 * </pre>
 */
public final class WalRecord {
    public static final int SYMBOLS = 2;
    public static final int APPEND = 3;
    public static final int DELETE = 4;
    public static final int TRUNCATE = 5;
    public static final int CREATE_TABLE = 6;
    public static final int ALTER_TABLE = 7;
    public static final int DROP_TABLE = 8;
    public static final int DROP_SLICE = 9;
    public static final int PUT_VIEW = 10;
    public static final int DROP_VIEW = 11;

    private static final int LEAST_COLUMN_BYTES = 9;

    private WalRecord() {}

    /** What stands before the columns of an APPEND. */
    public record AppendHeader(long table, long firstSequence, int rows, int columns) {
        public static AppendHeader read(ByteReader in) {
            long table = in.getLong();
            long firstSequence = in.getLong();
            int rows = in.getInt();
            int columns = in.getCount(LEAST_COLUMN_BYTES);
            if (rows < 0 || firstSequence < 0) {
                throw in.corrupt(rows + " rows from sequence number " + firstSequence);
            }
            return new AppendHeader(table, firstSequence, rows, columns);
        }
    }

    /**
     * Finds how long an APPEND of rows [from, from + count) will be.
     *
     * @param lengths gets the bytes of each column
     * @return bytes of all columns
     */
    public static long measureAppend(ColumnVector[] columns, int from, int count, long[] lengths) {
        long bytes = 0;
        for (int i = 0; i < columns.length; i++) {
            lengths[i] = ColumnEncoding.bytes(columns[i], from, count);
            bytes += 2 * Integer.BYTES + lengths[i];
        }
        return bytes;
    }

    /**
     * Writes an APPEND of rows [from, from + count).
     *
     * @param columnIds by column
     * @param lengths of just these rows, as {@link #measureAppend} found them
     */
    public static void writeAppend(
            ByteWriter out,
            long table,
            long firstSequence,
            int[] columnIds,
            ColumnVector[] columns,
            long[] lengths,
            int from,
            int count) {
        out.putLong(table).putLong(firstSequence).putInt(count).putInt(columns.length);
        for (int i = 0; i < columns.length; i++) {
            out.putInt(columnIds[i]);
            out.putInt((int) lengths[i]);
            int at = out.take(lengths[i]);
            ColumnEncoding.encode(columns[i], from, count, out.bytes(), at);
        }
    }

    /**
     * Reads the next column of an APPEND behind its id.
     *
     * @param type what the column was when it was written
     * @return valid until it is closed; the caller closes it
     */
    public static WritableColumn readColumn(ByteReader in, int rows, ColumnType type, MemoryBudget budget) {
        int length = in.getCount(1);
        int start = in.skip(length);
        WritableColumn column = new WritableColumn(budget, type);
        try {
            if (ColumnEncoding.decode(in.bytes(), start, start + length, rows, column) != start + length) {
                throw in.corrupt("a column of " + rows + " rows of " + type + " does not fit its " + length + " bytes");
            }
            return column;
        } catch (RuntimeException | Error e) {
            column.close();
            throw e;
        }
    }

    /** Passes over the next column of an APPEND behind its id: of one that the table has no more. */
    public static void skipColumn(ByteReader in) {
        in.skip(in.getCount(1));
    }

    /** Of the texts from {@code first} on as many as one record should hold, at least one: the code behind the last of them. */
    public static int endOfSymbols(int first, int size, SymbolDictionary dictionary, int recordBytes) {
        ColumnVector texts = dictionary.values();
        long bytes = 0;
        int end = first;
        do {
            bytes += Integer.BYTES + texts.viewLength(end);
            end++;
        } while (end < size && bytes + Integer.BYTES + texts.viewLength(end) <= recordBytes);
        return end;
    }

    /** Writes SYMBOLS: the texts of codes [first, end) of a dictionary. */
    public static void writeSymbols(
            ByteWriter out, long table, int columnId, int first, int end, SymbolDictionary dictionary) {
        out.putLong(table).putInt(columnId).putInt(first).putInt(end - first);
        ColumnVector texts = dictionary.values();
        for (int code = first; code < end; code++) {
            out.putBytes(texts.getBytes(code));
        }
    }

    /** The sequence numbers of a DELETE behind its table; ascending. */
    public static long[] readSequences(ByteReader in) {
        long[] sequences = new long[in.getCount(Long.BYTES)];
        long before = -1;
        for (int i = 0; i < sequences.length; i++) {
            sequences[i] = in.getLong();
            if (sequences[i] <= before) {
                throw in.corrupt("sequence number " + sequences[i] + " behind " + before);
            }
            before = sequences[i];
        }
        return sequences;
    }

    /** Writes a DELETE of the numbers [from, end) of an array. */
    public static void writeDelete(ByteWriter out, long table, long[] sequences, int from, int end) {
        out.putLong(table).putInt(end - from);
        for (int i = from; i < end; i++) {
            out.putLong(sequences[i]);
        }
    }
}
