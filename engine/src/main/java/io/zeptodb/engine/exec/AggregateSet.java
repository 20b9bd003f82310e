package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.RowRanges;
import io.zeptodb.engine.plan.AggregateCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The aggregates of one aggregation, over one numbering of groups. Owned by one operator, one thread. */
final class AggregateSet implements AutoCloseable {
    private final AggregateState[] states;

    AggregateSet(List<AggregateCall> calls, ExecutionContext context) {
        @Nullable AggregateState[] made = new AggregateState[calls.size()];
        int count = 0;
        try {
            for (; count < made.length; count++) {
                made[count] = new AggregateState(calls.get(count), context);
            }
        } finally {
            for (int i = 0; i < count && count < made.length; i++) {
                made[i].close();
            }
        }
        this.states = made;
    }

    int size() {
        return states.length;
    }

    /** Whether rows must come in their order, to one thread. */
    boolean dependsOnArrival() {
        for (AggregateState state : states) {
            if (state.dependsOnArrival()) {
                return true;
            }
        }
        return false;
    }

    void reserve(int groups) {
        for (AggregateState state : states) {
            state.reserve(groups);
        }
    }

    void update(Batch batch, int[] groups) {
        for (AggregateState state : states) {
            state.update(batch, groups);
        }
    }

    void updateGroup(Batch batch, int group) {
        for (AggregateState state : states) {
            state.updateGroup(batch, group);
        }
    }

    /**
     * Takes all rows of a batch without a selection.
     *
     * @param ordered for each aggregate, whether the rows of each range ascend by its time and sequence arguments
     */
    void updateRanges(Batch batch, RowRanges ranges, boolean[] ordered) {
        for (int i = 0; i < states.length; i++) {
            ranges.setOrdered(ordered[i]);
            states[i].updateRanges(batch, ranges);
        }
    }

    /** Adds what another set of the same aggregates holds: its group g joins group {@code groups[g]}, reserved. */
    void merge(AggregateSet other, int[] groups, int groupCount) {
        for (int i = 0; i < states.length; i++) {
            states[i].merge(other.states[i], groups, groupCount);
        }
    }

    /** Adds what one aggregate of another set holds to one of this set, whose states are of the same kind. */
    void merge(int own, AggregateSet other, int theirs, int[] groups, int groupCount) {
        states[own].merge(other.states[theirs], groups, groupCount);
    }

    /** Ends the input; before {@link #finish}. */
    void complete() {
        for (AggregateState state : states) {
            state.complete();
        }
    }

    /** Writes the results of groups [from, from + count): one column for each aggregate, emptied first. */
    void finish(int from, int count, WritableColumn[] results) {
        for (int i = 0; i < states.length; i++) {
            results[i].clear();
            results[i].reserve(count);
            states[i].finish(from, count, results[i]);
            results[i].setRowCount(count);
        }
    }

    @Override
    public void close() {
        for (AggregateState state : states) {
            state.close();
        }
    }
}
