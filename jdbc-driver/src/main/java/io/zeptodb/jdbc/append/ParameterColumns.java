package io.zeptodb.jdbc.append;

import io.zeptodb.jdbc.value.SqlErrors;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/**
 * The rows of parameters of a batch that is to run, as Arrow columns {@code p1} to {@code pn}, one for each question mark, in batches of at most {@link
 * #MOST_ROWS} rows that all have one schema.
 *
 * <p>The type of a column says what its values were set with, not what the parameter is; the statement converts them as it does single ones:
 *
 * <table>
 *   <caption>types</caption>
 *   <tr><td>setBoolean</td><td>Bool</td></tr>
 *   <tr><td>setByte, setShort, setInt, setLong</td><td>Int of 8, 16, 32, 64 bits, signed</td></tr>
 *   <tr><td>setFloat, setDouble</td><td>FloatingPoint, single or double</td></tr>
 *   <tr><td>setBigDecimal, all of one scale</td><td>Decimal(38, scale) of 128 bits</td></tr>
 *   <tr><td>setString and its relatives</td><td>Utf8</td></tr>
 *   <tr><td>setBytes and its relatives</td><td>Binary</td></tr>
 *   <tr><td>setDate, setTime, setTimestamp, java.time</td><td>Date of days, Time and Timestamp of nanoseconds without a zone</td></tr>
 *   <tr><td>nothing but NULL</td><td>Null</td></tr>
 * </table>
 *
 * <p>Where values of one parameter are of several kinds, decimals of several scales among them, or of one that no column is made of, such as an interval, there
 * are no columns: {@link #isColumnar()} says so, and {@link #rows()} has the rows as Java objects, which run one by one.
 *
 * <p>Memory comes from the allocator that was given; when that has no more, its OutOfMemoryException is thrown and the row is not added. One
 * thread at a time, except for {@link #close()}. Whoever made it closes it, which frees the batches too.
 */
public final class ParameterColumns implements AutoCloseable {
    /** Rows of a batch at most. */
    public static final int MOST_ROWS = 1 << 16;

    /** A batch ends behind the rows that have made the texts of one column this long. */
    private static final int MOST_TEXT_BYTES = 16 << 20;

    private record Part(@Nullable FieldVector[] vectors, int rows) {}

    private final ParameterColumn[] columns;
    /** The row that is set now, once there are rows of several kinds. */
    private final ParameterCells cells;

    private final List<Part> parts = new ArrayList<>();
    private int capacity;
    /** Rows before the part that is filled, rows of that in vectors, and in the stage behind them. */
    private int rowsBefore;

    private int rows;
    private int staged;
    private boolean large;
    /** The rows as objects, once they are of several kinds. */
    private @Nullable List<@Nullable Object[]> mixed;

    private @Nullable List<VectorSchemaRoot> batches;
    private volatile boolean closed;

    /**
     * @param parameters how many each row has
     * @param allocator stays the caller's
     */
    public ParameterColumns(int parameters, BufferAllocator allocator) {
        this.columns = new ParameterColumn[parameters];
        for (int i = 0; i < parameters; i++) {
            columns[i] = new ParameterColumn("p" + (i + 1), allocator);
        }
        this.cells = new ParameterCells(parameters);
        this.capacity = ParameterColumn.STAGE_ROWS;
    }

    public int rowCount() {
        return mixed == null ? rowsBefore + rows + staged : mixed.size();
    }

    public boolean isClosed() {
        return closed;
    }

    /** Adds a row. Nothing of it stays when that fails. @param row all of it set */
    public void add(ParameterCells row) throws SQLException {
        try {
            for (int i = 0; i < columns.length; i++) {
                ValueKind kind = row.kind(i);
                if (kind == ValueKind.LONG) {
                    setLong(i, row.number(i));
                } else if (kind != ValueKind.NULL) {
                    set(i, kind, row.number(i), row.object(i));
                }
            }
            endRow();
        } catch (RuntimeException | SQLException | Error e) {
            clearRow();
            throw e;
        }
    }

    // ---- a row, by place: what is not set is NULL

    public void setLong(int place, long value) throws SQLException {
        ParameterColumn column = columns[place];
        if (column.kind() == ValueKind.LONG) {
            column.putLong(staged, value);
        } else {
            set(place, ValueKind.LONG, value, null);
        }
    }

    public void setDouble(int place, double value) throws SQLException {
        ParameterColumn column = columns[place];
        long bits = Double.doubleToRawLongBits(value);
        if (column.kind() == ValueKind.DOUBLE) {
            column.putLong(staged, bits);
        } else {
            set(place, ValueKind.DOUBLE, bits, null);
        }
    }

    /** Nanoseconds since 1970. */
    public void setTimestamp(int place, long epochNanos) throws SQLException {
        ParameterColumn column = columns[place];
        if (column.kind() == ValueKind.TIMESTAMP) {
            column.putLong(staged, epochNanos);
        } else {
            set(place, ValueKind.TIMESTAMP, epochNanos, null);
        }
    }

    public void setText(int place, CharSequence value) throws SQLException {
        ParameterColumn column = columns[place];
        if (column.kind() == ValueKind.TEXT) {
            large |= column.putText(staged, value);
        } else {
            set(place, ValueKind.TEXT, 0, value);
        }
    }

    /** The value of a cell of {@code row}, as {@link ParameterCells} has it. */
    public void set(int place, ParameterCells row) throws SQLException {
        set(place, row.kind(place), row.number(place), row.object(place));
    }

    private void set(int place, ValueKind kind, long number, @Nullable Object object) throws SQLException {
        if (kind == ValueKind.NULL) {
            columns[place].unset();
            cells.put(place, kind, 0, null);
        } else if (mixed == null && columns[place].takes(kind, object)) {
            large |= columns[place].put(staged, kind, number, object);
        } else {
            mix();
            cells.put(place, kind, number, object instanceof CharSequence text ? text.toString() : object);
        }
    }

    /** What was set of the row is NULL again. */
    public void clearRow() {
        for (ParameterColumn column : columns) {
            column.unset();
        }
        cells.setNulls();
    }

    /** Ends the row. When that fails the row is as it was, and can be ended again. */
    public void endRow() throws SQLException {
        if (closed) {
            throw SqlErrors.closed("statement");
        }
        List<@Nullable Object[]> objects = mixed;
        if (objects != null) {
            objects.add(cells.copy());
            cells.setNulls();
            return;
        }
        int row = staged;
        for (ParameterColumn column : columns) {
            if (!column.isWritten(row)) {
                column.putNull(row, rows);
            }
        }
        staged = row + 1;
        if (staged == ParameterColumn.STAGE_ROWS || large) {
            try {
                unstage();
            } catch (RuntimeException | SQLException | Error e) {
                staged = row;
                for (ParameterColumn column : columns) {
                    column.takeBack(row, rows);
                }
                throw e;
            }
        }
    }

    /** Another thread may close this meanwhile: only here is memory used that it frees. */
    private synchronized void unstage() throws SQLException {
        if (closed) {
            throw SqlErrors.closed("statement");
        }
        if (batches != null) {
            throw new IllegalStateException("the batch runs: no row can be added");
        }
        int room = capacity;
        while (room < rows + staged) {
            room *= 2;
        }
        for (ParameterColumn column : columns) {
            column.unstage(staged, rows, room);
        }
        capacity = room;
        boolean full = rows + staged + ParameterColumn.STAGE_ROWS > MOST_ROWS;
        for (ParameterColumn column : columns) {
            column.forgetStage(staged);
            full |= column.textBytes() > MOST_TEXT_BYTES;
        }
        rows += staged;
        staged = 0;
        large = false;
        if (full) {
            endPart();
        }
    }

    private void endPart() {
        @Nullable FieldVector[] vectors = new FieldVector[columns.length];
        for (int i = 0; i < columns.length; i++) {
            vectors[i] = columns[i].take(rows);
        }
        parts.add(new Part(vectors, rows));
        rowsBefore += rows;
        rows = 0;
    }

    /** From here on rows are objects, the one that is set too. */
    private void mix() throws SQLException {
        if (mixed == null) {
            cells.setNulls();
            for (int i = 0; i < columns.length; i++) {
                if (columns[i].isWritten(staged)) {
                    cells.setObject(i + 1, columns[i].value(staged));
                }
            }
            List<@Nullable Object[]> objects = ParameterObjects.rows(batches(), null);
            free();
            mixed = objects;
        }
    }

    /** Whether the rows are columns: {@link #batches()} may be asked for. */
    public boolean isColumnar() {
        return mixed == null;
    }

    /** The rows as columns, no batch when there is no row. Owned by this. No row can be added any more. */
    public synchronized List<VectorSchemaRoot> batches() throws SQLException {
        if (mixed != null) {
            throw new IllegalStateException("values of one parameter are of several kinds: there are no columns");
        }
        List<VectorSchemaRoot> made = batches;
        if (made == null) {
            if (staged > 0) {
                unstage();
            }
            if (rows > 0) {
                endPart();
            }
            made = new ArrayList<>(parts.size());
            batches = made;
            for (Part part : parts) {
                made.add(batch(part));
            }
        }
        return made;
    }

    private VectorSchemaRoot batch(Part part) {
        FieldVector[] vectors = new FieldVector[columns.length];
        for (int i = 0; i < vectors.length; i++) {
            FieldVector vector = part.vectors[i];
            if (vector == null) {
                vector = columns[i].nulls(part.rows);
                part.vectors[i] = vector; // freed with the others
            }
            vectors[i] = vector;
        }
        VectorSchemaRoot batch = new VectorSchemaRoot(List.of(vectors));
        batch.setRowCount(part.rows);
        return batch;
    }

    /** The rows as objects that the engine's {@code PreparedQuery} takes, whether they are columns or not. */
    public List<@Nullable Object[]> rows() throws SQLException {
        List<@Nullable Object[]> objects = mixed;
        return objects == null ? ParameterObjects.rows(batches(), null) : objects;
    }

    /** Forgets all rows, to be filled again. */
    public synchronized void clear() {
        free();
        cells.setNulls();
        mixed = null;
    }

    private synchronized void free() {
        int expected = Math.min(MOST_ROWS, rowsBefore + rows + staged); // of the next batch
        capacity = ParameterColumn.STAGE_ROWS;
        while (capacity < expected) {
            capacity *= 2;
        }
        for (ParameterColumn column : columns) {
            column.clear();
        }
        for (Part part : parts) {
            for (FieldVector vector : part.vectors) {
                if (vector != null) {
                    vector.close();
                }
            }
        }
        parts.clear();
        batches = null;
        rowsBefore = 0;
        rows = 0;
        staged = 0;
        large = false;
    }

    @Override
    public synchronized void close() {
        closed = true;
        clear();
    }
}
