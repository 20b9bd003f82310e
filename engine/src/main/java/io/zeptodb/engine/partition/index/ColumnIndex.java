package io.zeptodb.engine.partition.index;

import io.zeptodb.engine.api.ColumnAttribute;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.partition.SegmentSnapshot;

/**
 * The index of one column of one segment. Its arrays are counted against the table's memory until it is closed. Guarded by the lock of its {@link
 * SegmentIndexes}, unless a class says otherwise.
 */
abstract class ColumnIndex implements AutoCloseable {
    /** An index takes nothing of the last one in so many bytes of the limit. */
    private static final int SPARE_SHARE = 8;

    final ColumnAttribute attribute;
    final ColumnType type;
    private final MemoryBudget budget;
    private long accounted;

    ColumnIndex(ColumnAttribute attribute, ColumnType type, MemoryBudget budget) {
        this.attribute = attribute;
        this.type = type;
        this.budget = budget;
    }

    /** Whether it knows all rows of this state of its segment, so that {@link #extend} has nothing to do. */
    abstract boolean covers(SegmentSnapshot segment);

    /**
     * Takes in the rows of the segment that it does not know yet.
     *
     * @param column the column's ordinal in the segment
     * @throws io.zeptodb.engine.api.EngineException OUT_OF_MEMORY; it knows then what it knew, or more
     */
    abstract void extend(SegmentSnapshot segment, int column, ValueSearch search);

    /**
     * Adds the rows of this state of the segment that may have the values, in any order; a row may come twice.
     *
     * @return false when they are so many that it is faster to scan all
     */
    abstract boolean collect(SegmentSnapshot segment, int column, ValueSearch search, RowRanges into);

    /** Whether {@link #collect} may run beside others, once it {@link #covers} a state. */
    boolean isReadWithoutLock() {
        return false;
    }

    MemoryBudget budget() {
        return budget;
    }

    /**
     * Before an array is made; negative when one is given up.
     *
     * @throws io.zeptodb.engine.api.EngineException OUT_OF_MEMORY, already when little would be left for rows and queries
     */
    void account(long bytes) {
        if (bytes > 0 && budget.availableBytes() - bytes < budget.limitBytes() / SPARE_SHARE) {
            throw budget.refusal(bytes);
        }
        budget.reserveHeap(bytes);
        accounted += bytes;
    }

    @Override
    public void close() {
        budget.reserveHeap(-accounted);
        accounted = 0;
    }
}
