package io.zeptodb.engine.copy;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.store.ExternalFile;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a CSV file as batches of VARCHAR columns, one for each wanted column. Owned by one statement, one thread; a batch is
 * valid until the next call.
 */
public final class CsvSource implements AutoCloseable {
    /** Of the reader: the longest field, and room for what stands around it. */
    private static final int MOST_BUFFER_CHARS = CsvRow.MOST_FIELD_CHARS + (1 << 16);
    /** How the reader's message begins. */
    private static final String FIELD_TOO_LONG = "The maximum buffer size";

    private final ExternalFile file;
    private final CsvOptions options;
    private final List<String> names;
    private final WritableColumn[] columns;
    private final Batch batch;
    private final long[] lines = new long[Batch.ROWS];
    private final byte[] nullBytes;
    private final CsvReader<CsvRow> reader;
    private final CloseableIterator<CsvRow> rows;
    private final int[] targets;
    private long skipped;
    private @Nullable SkippedLine firstSkipped;
    private long lastLine;

    /**
     * Opens the file and reads its header.
     *
     * @param names the columns wanted, in the order of the fields when the file has no header
     */
    public CsvSource(ExternalFile file, CsvOptions options, List<String> names, MemoryBudget budget) {
        this.file = file;
        this.options = options;
        this.names = names;
        this.nullBytes = options.nullText().getBytes(StandardCharsets.UTF_8);
        this.columns = new WritableColumn[names.size()];
        ColumnVector[] vectors = new ColumnVector[columns.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new WritableColumn(budget, ColumnType.VARCHAR);
            vectors[i] = columns[i].vector();
        }
        this.batch = new Batch(vectors);
        // a decoder made this way reports bad bytes instead of replacing them
        CsvText text = new CsvText(
                new InputStreamReader(file.open(), StandardCharsets.UTF_8.newDecoder()),
                options.delimiter(),
                options.quote());
        this.reader = CsvReader.builder()
                .fieldSeparator(options.delimiter())
                .quoteCharacter(options.quote())
                .maxBufferSize(MOST_BUFFER_CHARS)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .skipEmptyLines(names.size() > 1)
                .build(new CsvRow(), text);
        this.rows = reader.iterator();
        try {
            this.targets = options.header() ? readHeader() : inOrder();
        } catch (RuntimeException | Error e) {
            try {
                close();
            } catch (RuntimeException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /** Lines left out because they had too few or too many fields. */
    public long skipped() {
        return skipped;
    }

    /** The first of them, or null when there is none. */
    public @Nullable SkippedLine firstSkipped() {
        return firstSkipped;
    }

    private String wrongFields(CsvRow row) {
        return "expected " + targets.length + " fields, got " + row.fields();
    }

    /** Line of the file that a row of the current batch comes from, from 1. */
    public long line(int row) {
        return lines[row];
    }

    /** The next rows, at most {@link Batch#ROWS}; null at the end. */
    public @Nullable Batch next() {
        for (WritableColumn column : columns) {
            column.clear();
            column.reserve(Batch.ROWS);
        }
        int count = 0;
        for (CsvRow row = nextRow(); row != null; row = count < Batch.ROWS ? nextRow() : null) {
            if (row.fields() == targets.length) {
                lines[count] = row.line();
                store(row, count);
                count++;
            } else if (options.skipBadLines()) {
                if (skipped++ == 0) {
                    firstSkipped = new SkippedLine(row.line(), wrongFields(row));
                }
            } else {
                throw bad(row.line(), wrongFields(row));
            }
        }
        if (count == 0) {
            return null;
        }
        for (WritableColumn column : columns) {
            column.setRowCount(count);
            column.vector();
        }
        return batch.set(count, null);
    }

    private void store(CsvRow row, int at) {
        for (int field = 0; field < targets.length; field++) {
            WritableColumn column = columns[targets[field]];
            if (isNull(row, field)) {
                column.setBytes(at, nullBytes, 0, 0);
                column.setNull(at);
            } else {
                column.setBytes(at, row.bytes(), row.start(field), row.length(field));
            }
        }
    }

    private boolean isNull(CsvRow row, int field) {
        int start = row.start(field);
        return !row.isQuoted(field)
                && row.length(field) == nullBytes.length
                && Arrays.equals(row.bytes(), start, start + nullBytes.length, nullBytes, 0, nullBytes.length);
    }

    private int[] inOrder() {
        int[] order = new int[names.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        return order;
    }

    /** The column of each field. */
    private int[] readHeader() {
        CsvRow header = nextRow();
        if (header == null) {
            throw new EngineException(
                    ErrorCode.BAD_COPY_FILE,
                    "'" + file.path() + "' is empty: expected a header line (header = false reads files without one)");
        }
        int[] found = new int[header.fields()];
        Map<String, Integer> known = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            known.put(names.get(i).toLowerCase(Locale.ROOT), i);
        }
        Set<String> missing = new LinkedHashSet<>(names);
        for (int field = 0; field < found.length; field++) {
            String name = header.text(field);
            Integer exact = known.get(name.toLowerCase(Locale.ROOT));
            Integer stripped = exact == null ? known.get(name.strip().toLowerCase(Locale.ROOT)) : exact;
            int at = stripped == null ? -1 : stripped;
            if (at < 0) {
                throw bad(header.line(), "the header names '" + name + "', which is not one of the columns " + names);
            }
            if (!missing.remove(names.get(at))) {
                throw bad(header.line(), "the header names '" + name + "' twice");
            }
            found[field] = at;
        }
        if (!missing.isEmpty()) {
            throw bad(
                    header.line(),
                    "the header lacks the columns " + missing
                            + "; COPY table (columns) FROM … reads some of a table's columns");
        }
        return found;
    }

    /** The next line; null behind the last one. */
    private @Nullable CsvRow nextRow() {
        try {
            if (!rows.hasNext()) {
                return null;
            }
            CsvRow row = rows.next();
            lastLine = row.line();
            return row.isEnd() ? null : row;
        } catch (CsvParseException | UncheckedIOException e) {
            throw unreadable(e);
        }
    }

    private EngineException unreadable(RuntimeException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CharacterCodingException) {
                return new EngineException(ErrorCode.BAD_COPY_FILE, place() + "bytes that are not UTF-8", e);
            }
            if (cause instanceof IOException io) {
                return file.failure("read", io);
            }
        }
        return new EngineException(ErrorCode.BAD_COPY_FILE, place() + problem(e), e);
    }

    private String place() {
        return "'" + file.path() + "'" + (lastLine == 0 ? ": " : " after line " + lastLine + ": ");
    }

    /** What the reader says at the root of it; that a field is too long in words of ours. */
    private static String problem(RuntimeException e) {
        Throwable root = e;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            root = cause;
        }
        String message = String.valueOf(root.getMessage());
        return message.startsWith(FIELD_TOO_LONG)
                ? "a field of more than " + CsvRow.MOST_FIELD_CHARS + " characters; is a quote not closed?"
                : message;
    }

    /** An error of the content, with file and line. */
    private EngineException bad(long line, String what) {
        return new EngineException(ErrorCode.BAD_COPY_FILE, "'" + file.path() + "' line " + line + ": " + what);
    }

    @Override
    public void close() {
        for (WritableColumn column : columns) {
            column.close();
        }
        try {
            reader.close();
        } catch (IOException e) {
            throw file.failure("read", e);
        }
    }
}
