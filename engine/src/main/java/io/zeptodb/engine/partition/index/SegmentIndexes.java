package io.zeptodb.engine.partition.index;

import io.zeptodb.engine.api.ColumnAttribute;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.partition.SegmentSnapshot;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The indexes of a segment's columns, made by the first reader that looks for a value. Writers have nothing to do with them:
 *
 * <ul>
 *   <li>A sealed segment never changes: its index is made once, and read without the lock.
 *   <li>The rows of a hot segment never change either, and are only appended, run by run: an index that knows the first n rows of a run knows them in
 *       every later state. The reader of a newer state adds the rows behind them, of which the snapshot says that they are committed; the reader of an
 *       older one leaves out rows that lie behind the ends of its own runs.
 *   <li>Deleted rows stay in an index, as they stay in the segment, and are passed over by who reads it.
 * </ul>
 *
 * An index that finds no memory is not an error: the reader scans. Thread-safe; closed with its segment, when no reader can see it any more.
 */
public final class SegmentIndexes implements AutoCloseable {
    private static final long POLL_MILLIS = 10;

    private final ColumnType[] types;
    private final MemoryBudget budget;
    private final boolean grows;
    private final ReentrantLock lock = new ReentrantLock();
    /** By column of the segment; written under the lock, complete when it is seen. */
    private final @Nullable ColumnIndex[] indexes;

    /**
     * @param types of the segment's columns; shared, not changed
     * @param grows whether rows are appended to it
     */
    public SegmentIndexes(ColumnType[] types, boolean grows, MemoryBudget budget) {
        this.types = types;
        this.budget = budget;
        this.grows = grows;
        this.indexes = new ColumnIndex[types.length];
    }

    /**
     * Adds the rows that may have the values, in any order.
     *
     * @param segment the state of the segment that the reader sees, with its own columns
     * @param column among these
     * @return false when all rows must be looked at: the memory does not suffice for an index, or so many rows have the values that it does not pay
     */
    public boolean collect(SegmentSnapshot segment, int column, ValueSearch search, RowRanges into) {
        acquire(search);
        ColumnIndex index;
        try {
            index = ready(segment, column, search);
            if (index == null) {
                return false;
            }
            if (!index.isReadWithoutLock()) {
                return index.collect(segment, column, search, into);
            }
        } finally {
            lock.unlock();
        }
        return index.collect(segment, column, search, into);
    }

    /** A reader that another one keeps waiting, which makes the index of a large segment, can still be cancelled. */
    private void acquire(ValueSearch search) {
        if (lock.tryLock()) {
            return;
        }
        try {
            while (!lock.tryLock(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                search.poll();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            lock.lock();
        }
    }

    private @Nullable ColumnIndex ready(SegmentSnapshot segment, int column, ValueSearch search) {
        ColumnIndex index = indexes[column];
        if (index == null || index.attribute != search.attribute()) {
            drop(column);
            index = create(search.attribute(), types[column]);
            indexes[column] = index;
        }
        if (!index.covers(segment)) {
            try {
                index.extend(segment, column, search);
            } catch (EngineException e) {
                if (!grows) {
                    drop(column);
                }
                if (e.code() == ErrorCode.OUT_OF_MEMORY) {
                    return null;
                }
                throw e;
            }
        }
        return index;
    }

    private ColumnIndex create(ColumnAttribute attribute, ColumnType type) {
        if (attribute == ColumnAttribute.SORTED) {
            return new OrderIndex(type, budget);
        }
        return grows ? new GrowingHashIndex(attribute, type, budget) : new SealedHashIndex(attribute, type, budget);
    }

    private void drop(int column) {
        ColumnIndex index = indexes[column];
        indexes[column] = null;
        if (index != null) {
            index.close();
        }
    }

    /** Gives the indexes up that the table no longer wants. @param attributes by column of the segment */
    public void keep(ColumnAttribute[] attributes) {
        lock.lock();
        try {
            for (int i = 0; i < indexes.length; i++) {
                ColumnIndex index = indexes[i];
                if (index != null && (i >= attributes.length || index.attribute != attributes[i])) {
                    drop(i);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        keep(new ColumnAttribute[0]);
    }
}
