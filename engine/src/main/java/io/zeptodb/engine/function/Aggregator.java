package io.zeptodb.engine.function;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import org.jspecify.annotations.Nullable;

/**
 * The state of one aggregate for many groups, in flat arrays indexed by group number. Owned by one operator, one thread; NULL arguments
 * are skipped unless the function says otherwise. Loops are inside: no call, no object and no boxed value for each row.
 */
public interface Aggregator extends AutoCloseable {
    /** Makes room for groups [0, groups); new ones begin empty. Called before a group number is used. */
    void reserve(int groups);

    /**
     * Takes rows of many groups.
     *
     * @param arguments one vector for each parameter, any may be constant
     * @param selection positions that count, or null for [0, rowCount)
     * @param groups group of each position (indexed by position, not by place in the selection)
     */
    void update(ColumnVector[] arguments, @Nullable SelectionVector selection, int rowCount, int[] groups);

    /** Takes rows that all belong to one group: the fast path of ungrouped queries and of runs. */
    void updateGroup(int group, ColumnVector[] arguments, @Nullable SelectionVector selection, int rowCount);

    /** Takes all rows of a batch, range by range: the fast path of short runs and of bars over ordered runs. */
    default void updateRanges(ColumnVector[] arguments, RowRanges ranges) {
        update(arguments, null, ranges.rowCount(), ranges.groupsByRow());
    }

    /** Whether the result can depend on the order in which rows arrive, so that they must not be dealt out to several threads. */
    default boolean dependsOnArrival() {
        return false;
    }

    /** Adds what another aggregator of the same function holds: its group g joins group {@code groups[g]} of this one. */
    void merge(Aggregator other, int[] groups, int groupCount);

    /** Writes the results of groups [from, from + count) to rows [0, count) of the column, which is reserved and empty. */
    void finish(int from, int count, WritableColumn result);

    /** Bytes held, for the operator's budget. */
    long memoryBytes();

    @Override
    void close();
}
