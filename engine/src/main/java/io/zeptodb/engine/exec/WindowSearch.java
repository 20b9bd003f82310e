package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.plan.PhysicalPlan.WindowJoin.Window;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The windows of left rows among the right rows of their keys: ranges of the places of an {@link AsofIndex}. Both ends are looked for from where those of the
 * key's last window were, so that ordered left rows move them forward step by step. Owned by one operator; one thread.
 */
final class WindowSearch implements AutoCloseable {
    private final MemoryBudget budget;
    private final AsofIndex index;
    private final Window window;
    private final int[] starts;
    /** For each key, the ends of the last window. */
    private final int[] lastFirst;

    private final int[] lastEnd;
    private long accounted;

    /** @param index must live as long as this */
    WindowSearch(MemoryBudget budget, AsofIndex index, Window window) {
        this.budget = budget;
        this.index = index;
        this.window = window;
        starts = index.starts();
        long bytes = 2L * (starts.length - 1) * Integer.BYTES;
        budget.reserveHeap(bytes);
        accounted = bytes;
        lastFirst = Arrays.copyOf(starts, starts.length - 1);
        lastEnd = Arrays.copyOf(starts, starts.length - 1);
    }

    /**
     * Finds the window of each left row.
     *
     * @param selection the positions to look up, or null for [0, rowCount)
     * @param from start of the window of each position, as {@link OrderedLongs}
     * @param to end of the window of each position
     * @param keys key of each position, -1 for a key without rows
     * @param firsts receives the first place at each position whose window has rows; others are left as they are
     * @param ends receives the place behind the last
     */
    void find(
            @Nullable SelectionVector selection,
            int rowCount,
            long[] from,
            long[] to,
            int[] keys,
            int[] firsts,
            int[] ends) {
        int count = selection == null ? rowCount : selection.count();
        int[] positions = selection == null ? null : selection.positions();
        index.fetch(positions, count, keys, lastFirst);
        index.fetch(positions, count, keys, lastEnd);
        for (int i = 0; i < count; i++) {
            int position = positions == null ? i : positions[i];
            int key = keys[position];
            if (key < 0 || from[position] > to[position]) {
                continue;
            }
            int first = boundary(key, lastFirst[key], from[position], window.startIncluded());
            int end = boundary(key, lastEnd[key], to[position], !window.endIncluded());
            lastFirst[key] = first;
            lastEnd[key] = end;
            if (window.prevailing()) {
                // the last row up to the start: the one before the window, one in it, or where the window is empty one
                // at both its ends
                int valid = index.boundary(key, first, from[position]) - 1;
                if (valid >= starts[key] && (valid < first || valid >= end)) {
                    end = valid < first ? Math.max(end, valid + 1) : valid + 1;
                    first = valid;
                }
            }
            if (first < end) {
                firsts[position] = first;
                ends[position] = end;
            }
        }
    }

    /** The first place whose time is at least the limit, or above it. */
    private int boundary(int key, int near, long limit, boolean orEqual) {
        if (!orEqual) {
            return index.boundary(key, near, limit);
        }
        return limit == Long.MIN_VALUE ? starts[key] : index.boundary(key, near, limit - 1);
    }

    @Override
    public void close() {
        budget.reserveHeap(-accounted);
        accounted = 0;
    }
}
