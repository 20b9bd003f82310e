package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.ResultColumn;
import java.sql.SQLException;
import java.util.Calendar;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.util.ArrayImpl;
import org.apache.calcite.avatica.util.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * Goes over the rows of Arrow batches, forward only. Owns the {@link BatchCursor}. A reader takes either the rows ({@link #next()}) or the
 * batches ({@link #takeBatches()}), for the one moves the other along. One thread.
 */
public final class ArrowCursor implements Cursor {
    private static final int NO_ROW = -1;

    private final BatchCursor batches;
    private final ColumnAccessor[] accessors;
    private int row = NO_ROW;
    private int rowsInBatch;
    private boolean wasNull;
    private boolean ended;
    private boolean started;
    private boolean batchesTaken;

    public ArrowCursor(BatchCursor batches) {
        this.batches = batches;
        List<ResultColumn> columns = batches.columns();
        VectorSchemaRoot vectors = batches.batch();
        this.accessors = new ColumnAccessor[columns.size()];
        for (int i = 0; i < accessors.length; i++) {
            accessors[i] = Accessors.create(this, columns.get(i), vectors.getVector(i));
        }
    }

    /** The accessors of the columns, in their order; the arguments say nothing that the batches do not know. */
    @Override
    public List<Accessor> createAccessors(
            List<ColumnMetaData> types, Calendar localCalendar, ArrayImpl.Factory factory) {
        return List.of(accessors);
    }

    /** The accessors of the columns, in their order. */
    public List<Accessor> accessors() {
        return List.of(accessors);
    }

    @Override
    public boolean next() throws SQLException {
        if (batchesTaken) {
            throw SqlErrors.of(
                    SqlErrors.INVALID_CURSOR_STATE,
                    "the batches of this result were taken with unwrap(BatchCursor.class): read on from there");
        }
        started = true;
        if (row + 1 < rowsInBatch) {
            row++;
            return true;
        }
        return nextBatch();
    }

    private boolean nextBatch() throws SQLException {
        row = NO_ROW;
        rowsInBatch = 0;
        if (ended) {
            return false;
        }
        try {
            ended = true; // also when next fails: there is nothing after an error
            if (!batches.next()) {
                return false;
            }
            for (ColumnAccessor accessor : accessors) {
                accessor.batchLoaded();
            }
            rowsInBatch = batches.batch().getRowCount();
            row = 0;
            ended = false;
            return true;
        } catch (RuntimeException e) {
            throw SqlErrors.translate(e);
        }
    }

    /** The row of the batch that is read now. */
    int row() throws SQLException {
        if (row < 0) {
            throw SqlErrors.of(
                    SqlErrors.INVALID_CURSOR_STATE,
                    started ? "there is no row any more: next() gave false" : "there is no row yet: call next() first");
        }
        return row;
    }

    void noteNull(boolean isNull) {
        wasNull = isNull;
    }

    @Override
    public boolean wasNull() {
        return wasNull;
    }

    /** The dictionary with this id as it is in the current batch. */
    @Nullable
    Dictionary dictionary(long id) {
        return batches.dictionaries().lookup(id);
    }

    /**
     * Hands out the batches, to be read instead of the rows; this cursor still closes them.
     *
     * @throws SQLException 24000 when a row was read before
     */
    public BatchCursor takeBatches() throws SQLException {
        if (started) {
            throw SqlErrors.of(
                    SqlErrors.INVALID_CURSOR_STATE,
                    "rows of this result were read: its batches must be taken before the first next()");
        }
        batchesTaken = true;
        return batches;
    }

    /** The batch in which the current row lies, or the one that the taker of the batches is at. */
    public VectorSchemaRoot batch() throws SQLException {
        try {
            return batches.batch();
        } catch (RuntimeException e) {
            throw SqlErrors.translate(e);
        }
    }

    @Override
    public void close() {
        row = NO_ROW;
        rowsInBatch = 0;
        ended = true;
        batches.close();
    }
}
