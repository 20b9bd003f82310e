package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.MemoryBudget;
import java.util.Arrays;

/**
 * An aggregate that keeps all its rows and puts them in order when a result is asked for: those of a group by time, then by sequence, else as they
 * arrived. What a row holds besides is the subclass's, in arrays that grow with these.
 */
abstract class OrderedRows extends RowAggregator {
    private static final int LEAST_CAPACITY = 64;
    private static final int MOST_ROWS = Integer.MAX_VALUE - LEAST_CAPACITY;

    private final boolean timed;
    private final boolean sequenced;
    private final int bytesPerRow;
    private int groupsReserved;
    /** Of the rows there were when {@link #order} was called last. */
    final RowOrdering ordering = new RowOrdering();

    /** By row, as the next two; only the first {@link #size} mean something. */
    int[] groups = {};

    /** Empty without times. */
    long[] times = {};

    /** Empty without sequences. */
    long[] sequences = {};

    int size;

    /**
     * @param bytesPerRow what a row takes besides group, time and sequence
     * @param timed whether rows have times, else the order of arrival decides
     * @param sequenced whether rows of one time are ordered by sequence
     */
    OrderedRows(MemoryBudget budget, int bytesPerGroup, int strict, int bytesPerRow, boolean timed, boolean sequenced) {
        super(budget, bytesPerGroup, strict);
        this.timed = timed;
        this.sequenced = sequenced;
        this.bytesPerRow = bytesPerRow + Integer.BYTES + (timed ? Long.BYTES : 0) + (sequenced ? Long.BYTES : 0);
    }

    @Override
    public final boolean dependsOnArrival() {
        return !sequenced;
    }

    @Override
    void grow(int wanted) {
        groupsReserved = wanted;
    }

    /** Makes room for more rows, whatever they hold. */
    final void reserveRows(int more) {
        if (size + (long) more <= groups.length) {
            return;
        }
        if (size > MOST_ROWS - more) {
            throw new EngineException(
                    ErrorCode.OUT_OF_MEMORY,
                    "an aggregate that keeps its rows takes at most " + MOST_ROWS + " of them");
        }
        int wanted = (int) Math.max(Math.max(LEAST_CAPACITY, size + more), Math.min(groups.length * 2L, MOST_ROWS));
        account((long) (wanted - groups.length) * bytesPerRow);
        groups = Arrays.copyOf(groups, wanted);
        if (timed) {
            times = Arrays.copyOf(times, wanted);
        }
        if (sequenced) {
            sequences = Arrays.copyOf(sequences, wanted);
        }
        growRows(wanted);
    }

    /** Makes the subclass's arrays by row this long. */
    void growRows(int rows) {
        // unless it says otherwise, it has none
    }

    /**
     * Adds the rows of another aggregator of the same function, for which there is room, behind what the subclass has added of them.
     *
     * @param map group here of each group there
     */
    final void mergeRows(OrderedRows from, int[] map) {
        for (int i = 0; i < from.size; i++) {
            groups[size + i] = map[from.groups[i]];
        }
        if (timed) {
            System.arraycopy(from.times, 0, times, size, from.size);
        }
        if (sequenced) {
            System.arraycopy(from.sequences, 0, sequences, size, from.size);
        }
        size += from.size;
    }

    /** Puts all rows in order, unless they are. */
    final void order() {
        if (!ordering.isOf(size, groupsReserved)) {
            account(RowOrdering.bytes(size, groupsReserved) - ordering.bytes());
            ordering.order(groups, size, groupsReserved, timed ? times : null, sequenced ? sequences : null, budget());
        }
    }
}
