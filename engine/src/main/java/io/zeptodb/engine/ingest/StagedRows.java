package io.zeptodb.engine.ingest;

import io.zeptodb.engine.batch.StagedColumn;
import io.zeptodb.engine.batch.WritableColumn;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A block of a queue: rows of one writer, column by column. The writer fills row after row and hands each over by storing the count behind it; the
 * drain takes what was handed over. When it is full, the writer chains the next one.
 */
final class StagedRows {
    private static final VarHandle PUBLISHED;

    static {
        try {
            PUBLISHED = MethodHandles.lookup().findVarHandle(StagedRows.class, "published", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final StagedColumn[] columns;
    final int capacity;

    @SuppressWarnings("UnusedVariable") // by handle
    private int published;

    /** Rows that the drain has taken; guarded by the drain's lock. */
    int taken;

    /** The block behind this one, when this one is full. */
    volatile @Nullable StagedRows next;

    StagedRows(StagedColumn[] columns, int capacity) {
        this.columns = columns;
        this.capacity = capacity;
    }

    void publish(int rows) {
        PUBLISHED.setRelease(this, rows);
    }

    int published() {
        return (int) PUBLISHED.getAcquire(this);
    }

    /** Forgets its rows, to be filled again. */
    void clear() {
        for (StagedColumn column : columns) {
            column.clear();
        }
        taken = 0;
        next = null;
        publish(0);
    }

    void copyTo(WritableColumn[] targets, int from, int count) {
        for (int i = 0; i < columns.length; i++) {
            columns[i].copyTo(targets[i], from, count);
        }
    }
}
