package io.zeptodb.jdbc.append;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
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
 * thread at a time. Whoever made it closes it, which frees the batches too.
 */
public final class ParameterColumns implements AutoCloseable {
    /** Rows of a batch at most. */
    public static final int MOST_ROWS = 1 << 16;

    private static final int FIRST_ROWS = 256;
    /** A batch ends behind the row that has made the texts of one column this long. */
    private static final int MOST_TEXT_BYTES = 16 << 20;

    private record Part(@Nullable FieldVector[] vectors, int rows) {}

    private final ParameterColumn[] columns;
    private final ParameterColumn.EncodedText encoded = new ParameterColumn.EncodedText();
    private final List<Part> parts = new ArrayList<>();
    private int capacity;
    /** Of the part that is filled. */
    private int rows;

    private int rowsBefore;
    /** The rows as objects, once they are of several kinds. */
    private @Nullable List<@Nullable Object[]> mixed;

    private @Nullable List<VectorSchemaRoot> batches;
    private boolean closed;

    /**
     * @param parameters how many each row has
     * @param allocator stays the caller's
     * @param expectedRows about how many there will be, so that memory is taken once
     */
    public ParameterColumns(int parameters, BufferAllocator allocator, int expectedRows) {
        this.columns = new ParameterColumn[parameters];
        for (int i = 0; i < parameters; i++) {
            columns[i] = new ParameterColumn("p" + (i + 1), allocator);
        }
        this.capacity = Math.max(FIRST_ROWS, Math.min(MOST_ROWS, expectedRows));
    }

    public int rowCount() {
        return mixed == null ? rowsBefore + rows : mixed.size();
    }

    /**
     * Adds a row; nothing of it stays when that fails.
     *
     * @param cells all of them set
     */
    public void add(ParameterCells cells) throws SQLException {
        if (closed || batches != null) {
            throw new IllegalStateException("the batch runs or was closed: no row can be added");
        }
        if (mixed != null || !take(cells)) {
            mix().add(cells.copy());
        }
    }

    private boolean take(ParameterCells cells) {
        for (int i = 0; i < columns.length; i++) {
            if (!columns[i].takes(cells, i)) {
                return false;
            }
        }
        if (rows == capacity) {
            makeRoom();
        }
        for (int i = 0; i < columns.length; i++) {
            columns[i].write(rows, cells, i, capacity, encoded);
        }
        boolean full = false;
        for (ParameterColumn column : columns) {
            column.keep(rows);
            full |= column.textBytes() > MOST_TEXT_BYTES;
        }
        rows++;
        if (full) {
            endPart();
        }
        return true;
    }

    private void makeRoom() {
        if (capacity >= MOST_ROWS) {
            endPart();
            return;
        }
        int wanted = Math.min(MOST_ROWS, capacity * 2);
        for (ParameterColumn column : columns) {
            column.reserve(wanted);
        }
        capacity = wanted;
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

    private List<@Nullable Object[]> mix() {
        List<@Nullable Object[]> objects = mixed;
        if (objects == null) {
            objects = ParameterObjects.rows(batches(), null);
            freeBatches();
            mixed = objects;
        }
        return objects;
    }

    /** Whether the rows are columns: {@link #batches()} may be asked for. */
    public boolean isColumnar() {
        return mixed == null;
    }

    /** The rows as columns, no batch when there is no row. Owned by this. No row can be added any more. */
    public List<VectorSchemaRoot> batches() {
        if (mixed != null) {
            throw new IllegalStateException("values of one parameter are of several kinds: there are no columns");
        }
        List<VectorSchemaRoot> made = batches;
        if (made == null) {
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
    public List<@Nullable Object[]> rows() {
        List<@Nullable Object[]> objects = mixed;
        return objects == null ? ParameterObjects.rows(batches(), null) : objects;
    }

    private void freeBatches() {
        for (ParameterColumn column : columns) {
            column.close();
        }
        for (Part part : parts) {
            Arrays.stream(part.vectors).forEach(vector -> {
                if (vector != null) {
                    vector.close();
                }
            });
        }
        parts.clear();
        batches = null;
        rows = 0;
        rowsBefore = 0;
    }

    @Override
    public void close() {
        closed = true;
        freeBatches();
        mixed = null;
    }
}
