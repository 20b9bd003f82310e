package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.ResultColumn;
import java.sql.SQLException;
import java.util.Calendar;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.util.ArrayImpl;
import org.apache.calcite.avatica.util.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * Goes over the rows of Arrow batches, forward. Owns the {@link BatchCursor}. A reader takes either the rows ({@link #next()}) or the
 * batches ({@link #takeBatches()}), for the one moves the other along.
 *
 * <p>One thread reads, any may close. Memory of Arrow is only touched between {@link #enter()} and {@link #leave()}, which hold a lock, or while the next
 * batch is pulled, which holds it too: {@link #close()} frees the memory when nobody is there, and nobody comes there afterwards. A reader that was overtaken
 * by a close gets an SQLException, never freed memory. Of two threads that read at once each gets rows, but which ones is not said.
 */
public class ArrowCursor implements Cursor {
    static final long NO_ROW = -1;

    final BatchCursor batches;
    private final ReentrantLock lock = new ReentrantLock();
    private final ColumnAccessor[] accessors;
    /** Number of the row that is read now, counted from 0. */
    private long row = NO_ROW;
    /** The rows of the batch that is loaded. */
    private long batchFrom;

    private long batchEnd;
    private boolean wasNull;
    private boolean ended;
    /** What ended the result before its end. */
    private @Nullable SQLException failure;

    private boolean started;
    private boolean batchesTaken;
    private long pulledRows;
    private volatile boolean closed;
    /** Whether a thread is in {@link BatchCursor#next()}; guarded by the monitor of {@link #pullState}. */
    private boolean pulling;

    private @Nullable ArrayRows arrayRows;
    private final Object pullState = new Object();
    private final Object freeing = new Object();

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
    public final List<Accessor> createAccessors(
            List<ColumnMetaData> types, Calendar localCalendar, ArrayImpl.Factory factory) {
        return List.of(accessors);
    }

    /** The accessors of the columns, in their order. */
    public final List<Accessor> accessors() {
        return List.of(accessors);
    }

    /** What makes result sets of arrays, for {@link java.sql.Array#getResultSet()}; before the first row. */
    public final void setArrayRows(ArrayRows rows) {
        arrayRows = rows;
    }

    final @Nullable ArrayRows arrayRows() {
        return arrayRows;
    }

    // ---- moving

    @Override
    public boolean next() throws SQLException {
        refuseIfTaken();
        started = true;
        if (row + 1 < batchEnd) {
            row++;
            return true;
        }
        return nextBatch();
    }

    final void refuseIfTaken() throws SQLException {
        if (batchesTaken) {
            throw SqlErrors.of(
                    SqlErrors.INVALID_CURSOR_STATE,
                    "the batches of this result were taken with unwrap(BatchCursor.class): read on from there");
        }
    }

    private boolean nextBatch() throws SQLException {
        row = NO_ROW;
        batchEnd = 0;
        refuseIfFailed();
        if (ended || !pull()) {
            return false;
        }
        row = batchFrom;
        return true;
    }

    /** Whether there are rows: before the first {@link #next()} the first batch is pulled for it. */
    public boolean hasRows() throws SQLException {
        refuseIfTaken();
        if (!started) {
            started = true;
            nextBatch();
            row = NO_ROW;
        }
        return batchEnd > 0;
    }

    /** Whoever reads on after an error gets it again: the rows before it are not the whole result. */
    final void refuseIfFailed() throws SQLException {
        if (failure != null) {
            throw failure;
        }
    }

    /** Loads the next batch of the query. There is nothing after an error. */
    final boolean pull() throws SQLException {
        lock.lock();
        try {
            refuseIfFailed();
            boolean more = false;
            try {
                more = pullLocked();
                return more;
            } finally {
                ended |= !more;
            }
        } catch (RuntimeException e) {
            SQLException told = SqlErrors.translate(e);
            failure = told;
            throw told;
        } finally {
            lock.unlock();
        }
    }

    private boolean pullLocked() throws SQLException {
        setPulling(true);
        boolean more;
        try {
            more = batches.next();
        } finally {
            setPulling(false);
        }
        if (more) {
            checkOpen(); // a close that found this pulling has freed the memory already
            VectorSchemaRoot batch = keep(batches.batch(), pulledRows);
            long from = pulledRows;
            pulledRows += batch.getRowCount();
            show(batch, batches.dictionaries(), from, pulledRows);
        }
        return more;
    }

    private void setPulling(boolean value) throws SQLException {
        synchronized (pullState) {
            if (value) {
                checkOpen();
            }
            pulling = value;
        }
    }

    /**
     * What becomes of a batch that was pulled; the lock is held.
     *
     * @param from number of its first row
     */
    VectorSchemaRoot keep(VectorSchemaRoot batch, long from) {
        return batch;
    }

    /** Makes a batch the one that is read; the lock is held. */
    final void show(VectorSchemaRoot batch, DictionaryProvider dictionaries, long from, long end) {
        for (int i = 0; i < accessors.length; i++) {
            accessors[i].show(batch.getVector(i), dictionaries);
        }
        batchFrom = from;
        batchEnd = end;
    }

    final void moveTo(long target) {
        row = target;
    }

    final boolean shows(long target) {
        return target >= batchFrom && target < batchEnd;
    }

    final boolean hasEnded() {
        return ended;
    }

    final void setStarted() {
        started = true;
    }

    // ---- reading

    /** The row that is read now. */
    final long row() throws SQLException {
        long current = row;
        if (current < 0) {
            throw noRow();
        }
        return current;
    }

    private SQLException noRow() {
        return SqlErrors.of(
                SqlErrors.INVALID_CURSOR_STATE,
                started && ended
                        ? "there is no row any more: next() gave false or an error"
                        : "there is no row yet: call next() first");
    }

    /** Whether there were rows and none is left. */
    public boolean isAfterLast() {
        return ended && failure == null && row == NO_ROW && pulledRows > 0;
    }

    /** Number of the current row, counted from 1; 0 when there is none. */
    public final long rowNumber() {
        return row + 1;
    }

    /** Locks the memory of the batch until {@link #leave()}. @return the place of the current row in the batch */
    final int enter() throws SQLException {
        lock.lock();
        boolean entered = false;
        try {
            checkOpen();
            long current = row();
            if (!shows(current)) {
                throw noRow(); // another thread has moved the cursor
            }
            entered = true;
            return (int) (current - batchFrom);
        } finally {
            if (!entered) {
                lock.unlock();
            }
        }
    }

    final void leave() {
        lock.unlock();
    }

    /** For moves between batches that are there. */
    final void lockOpen() throws SQLException {
        lock.lock();
        if (closed) {
            lock.unlock();
            throw SqlErrors.closed("result set");
        }
    }

    private void checkOpen() throws SQLException {
        if (closed) {
            throw SqlErrors.closed("result set");
        }
    }

    final void noteNull(boolean isNull) {
        wasNull = isNull;
    }

    @Override
    public final boolean wasNull() {
        return wasNull;
    }

    // ---- the batches

    /**
     * Hands out the batches, to be read instead of the rows; this cursor still closes them.
     *
     * @throws SQLException 24000 when a row was read before
     */
    public final BatchCursor takeBatches() throws SQLException {
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

    /**
     * Any thread. One that is in {@link BatchCursor#next()} is stopped by the close of the batches and touches no memory on its way out; nobody begins to pull
     * afterwards, so that the lock is soon free otherwise.
     */
    @Override
    public final void close() {
        synchronized (pullState) {
            closed = true;
            if (pulling) {
                freeOnce();
                return;
            }
        }
        lock.lock();
        try {
            freeOnce();
        } finally {
            lock.unlock();
        }
    }

    /** Of two closers the second comes back when the first has given everything back. */
    private void freeOnce() {
        synchronized (freeing) {
            free();
        }
    }

    /** Gives the memory back; nobody else touches it now. More than once does no harm. */
    void free() {
        batches.close();
    }
}
