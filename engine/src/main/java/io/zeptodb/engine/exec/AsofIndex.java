package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.kernel.Memory;
import io.zeptodb.engine.plan.Expression;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/**
 * The right side of an as-of join: rows by key, each key's rows in (time, sequence) order. A lookup begins where the last one of the
 * same key ended and gallops from there, forward or back: ordered left rows make it a merge of two streams, others cost a binary search. Owned by one
 * operator; one thread.
 */
final class AsofIndex implements AutoCloseable {
    /** A tolerance that every distance is within. */
    static final long ANY_DISTANCE = -1;

    /** Indexes of more keys than these do not fit the caches next to a processor: places are fetched together, see {@link #fetch}. */
    private static final int NEAR_KEYS = 1 << 14;

    private final MemoryBudget budget;
    private final int[] starts;
    private final int @Nullable [] rows;
    private final long times;
    private @Nullable ArrowBuf ownTimes;
    /** For each key, the place behind the last row of at most the limit of the last lookup. */
    private final int[] bounds;

    /** Scratch of {@link #fetch}. */
    private int[] fetched = {};

    private long accounted;

    /** @param heapBytes Java arrays of its own, already in the budget */
    private AsofIndex(
            MemoryBudget budget,
            int[] starts,
            int @Nullable [] rows,
            long times,
            @Nullable ArrowBuf ownTimes,
            long heapBytes) {
        this.budget = budget;
        this.starts = starts;
        this.rows = rows;
        this.times = times;
        this.ownTimes = ownTimes;
        long boundBytes = (starts.length - 1L) * Integer.BYTES;
        budget.reserveHeap(boundBytes);
        this.accounted = heapBytes + boundBytes;
        this.bounds = java.util.Arrays.copyOf(starts, starts.length - 1);
    }

    /**
     * Puts each key's rows in order, unless they are. The arrays of {@code byKey} may be sorted in place.
     *
     * @param times a BIGINT for each row, in the order of the times; its memory must live as long as the index
     * @param sequence a BIGINT for each row that orders equal times, or null when the rows' order does
     * @param inOrder whether the rows with a key are known to be in (time, sequence) order, all of them together
     */
    static AsofIndex of(
            MemoryBudget budget,
            RowsByGroup byKey,
            ColumnVector times,
            @Nullable ColumnVector sequence,
            boolean inOrder) {
        int[] starts = byKey.starts();
        int[] rows = byKey.rows();
        int count = starts[starts.length - 1];
        boolean ordered = inOrder || isOrdered(budget, starts, rows, times.data(), sequence);
        if (rows == null && ordered) {
            return new AsofIndex(budget, starts, null, times.data(), null, 0);
        }
        long heapBytes = rows == null ? (long) count * Integer.BYTES : 0;
        budget.reserveHeap(heapBytes);
        ArrowBuf own = null;
        try {
            own = budget.allocate((long) count << 3);
            int[] places = rows == null ? identity(count) : rows;
            long to = own.memoryAddress();
            long from = times.data();
            for (int start = 0; start < count; start += MemoryBudget.POLL_STEPS) {
                budget.poll();
                int end = Math.min(count, start + MemoryBudget.POLL_STEPS);
                for (int i = start; i < end; i++) {
                    Memory.putLong(to + ((long) i << 3), Memory.getLong(from + ((long) places[i] << 3)));
                }
            }
            if (!ordered) {
                sortKeys(budget, starts, places, to, sequence);
            }
            return new AsofIndex(budget, starts, places, to, own, heapBytes);
        } catch (RuntimeException e) {
            if (own != null) {
                own.close();
            }
            budget.reserveHeap(-heapBytes);
            throw e;
        }
    }

    private static int[] identity(int count) {
        int[] rows = new int[count];
        for (int i = 0; i < count; i++) {
            rows[i] = i;
        }
        return rows;
    }

    private static boolean isOrdered(
            MemoryBudget budget, int[] starts, int @Nullable [] rows, long times, @Nullable ColumnVector sequence) {
        int polled = 0;
        for (int key = 0; key < starts.length - 1; key++) {
            if (starts[key] - polled >= MemoryBudget.POLL_STEPS) {
                polled = starts[key];
                budget.poll();
            }
            if (!isOrdered(starts[key], starts[key + 1], rows, times, sequence)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOrdered(
            int start, int end, int @Nullable [] rows, long times, @Nullable ColumnVector sequence) {
        if (start >= end) {
            return true;
        }
        int previousRow = rows == null ? start : rows[start];
        long previous = Memory.getLong(times + ((long) previousRow << 3));
        boolean ordered = true;
        for (int i = start + 1; i < end; i++) {
            int row = rows == null ? i : rows[i];
            long time = Memory.getLong(times + ((long) row << 3));
            ordered &= previous <= time;
            if (sequence != null && previous == time) {
                ordered &= sequence.getLong(previousRow) <= sequence.getLong(row);
            }
            previous = time;
            previousRow = row;
        }
        return ordered;
    }

    private static void sortKeys(
            MemoryBudget budget, int[] starts, int[] rows, long times, @Nullable ColumnVector sequence) {
        RowComparator ties =
                sequence == null ? null : (row, other) -> Long.compare(sequence.getLong(row), sequence.getLong(other));
        int most = 0;
        for (int key = 0; key < starts.length - 1; key++) {
            most = Math.max(most, starts[key + 1] - starts[key]);
        }
        long scratchBytes = (long) most * (Long.BYTES + Integer.BYTES);
        budget.reserveHeap(scratchBytes);
        try (RunMergeSort sort = new RunMergeSort(budget, ties)) {
            long[] keys = new long[most];
            int[] sorted = new int[most];
            for (int key = 0; key < starts.length - 1; key++) {
                budget.poll();
                int start = starts[key];
                int count = starts[key + 1] - start;
                for (int i = 0; i < count; i++) {
                    keys[i] = Memory.getLong(times + ((long) (start + i) << 3));
                }
                System.arraycopy(rows, start, sorted, 0, count);
                sort.sort(keys, sorted, count);
                System.arraycopy(sorted, 0, rows, start, count);
                for (int i = 0; i < count; i++) {
                    Memory.putLong(times + ((long) (start + i) << 3), keys[i]);
                }
            }
        } finally {
            budget.reserveHeap(-scratchBytes);
        }
    }

    /** First place of each key, and the number of places behind the last. Shared, not copied. */
    int[] starts() {
        return starts;
    }

    /** The row at each place, or null when place and row are the same. Shared, not copied. */
    int @Nullable [] rows() {
        return rows;
    }

    /** The first place of a key whose time is above the limit, looked for from {@code near} on, a place of this key or the one behind its last. */
    int boundary(int key, int near, long limit) {
        return boundary(times, starts[key], starts[key + 1], near, limit);
    }

    /**
     * Finds the right row of each left row.
     *
     * @param operator null for the nearest either way
     * @param tolerance the greatest distance, as an unsigned number
     * @param selection the positions to look up, or null for [0, rowCount)
     * @param leftTimes time of each position, as {@link OrderedLongs}
     * @param keys key of each position, -1 for a key without rows
     * @param found receives the row at each position that has a match; others are left as they are
     */
    void match(
            Expression.@Nullable Comparator operator,
            long tolerance,
            @Nullable SelectionVector selection,
            int rowCount,
            long[] leftTimes,
            int[] keys,
            int[] found) {
        int count = selection == null ? rowCount : selection.count();
        int[] positions = selection == null ? null : selection.positions();
        fetch(positions, count, keys, bounds);
        if (operator == null) {
            nearest(positions, count, leftTimes, tolerance, keys, found);
            return;
        }
        switch (operator) {
            // strictly after t is: not at most t; strictly before t is: at most t - 1, as these times are whole numbers
            case GREATER_OR_EQUAL -> backward(positions, count, leftTimes, 0, tolerance, keys, found);
            case GREATER -> backward(positions, count, leftTimes, 1, tolerance, keys, found);
            case LESS_OR_EQUAL -> forward(positions, count, leftTimes, 1, tolerance, keys, found);
            case LESS -> forward(positions, count, leftTimes, 0, tolerance, keys, found);
            default -> throw new IllegalArgumentException("an as-of join has no operator " + operator.sign());
        }
    }

    /**
     * Reads what looking left rows up will read. Loops that look them up wait for memory at each step, because what a row needs next depends on what was
     * read; here many reads are under way at once. Does nothing for indexes that caches hold.
     *
     * @param positions of the left rows, null for [0, count)
     * @param keys key of each position, -1 for a key without rows
     * @param near for each key, the place where the next search begins
     */
    void fetch(int @Nullable [] positions, int count, int[] keys, int[] near) {
        if (starts.length <= NEAR_KEYS) {
            return;
        }
        if (fetched.length < count) {
            fetched = new int[count];
        }
        int last = starts[starts.length - 1] - 1;
        // what is read is written, or the compiler would see that nobody wants it
        for (int i = 0; i < count; i++) {
            int key = Math.max(keys[positions == null ? i : positions[i]], 0);
            fetched[i] = Math.max(Math.min(near[key], last), starts[key]);
        }
        for (int i = 0; i < count; i++) {
            int place = fetched[i];
            fetched[i] = (int) time(place) ^ row(place);
        }
    }

    private long time(int place) {
        return Memory.getLong(times + ((long) place << 3));
    }

    private int row(int place) {
        return rows == null ? place : rows[place];
    }

    /** Whether two times, the later one first, are this near: their difference may need all 64 bits. */
    private static boolean isWithin(long later, long earlier, long tolerance) {
        return Long.compareUnsigned(later - earlier, tolerance) <= 0;
    }

    /** The last row of at most time - back. */
    private void backward(
            int @Nullable [] positions,
            int count,
            long[] leftTimes,
            int back,
            long tolerance,
            int[] keys,
            int[] found) {
        for (int i = 0; i < count; i++) {
            int position = positions == null ? i : positions[i];
            int key = keys[position];
            long limit = leftTimes[position] - back;
            // when the subtraction wraps round nothing is smaller
            if (key < 0 || limit > leftTimes[position]) {
                continue;
            }
            int start = starts[key];
            int bound = boundary(times, start, starts[key + 1], bounds[key], limit);
            bounds[key] = bound;
            if (bound > start && isWithin(leftTimes[position], time(bound - 1), tolerance)) {
                found[position] = row(bound - 1);
            }
        }
    }

    /** The first row behind time - back, and of its equals the last. */
    private void forward(
            int @Nullable [] positions,
            int count,
            long[] leftTimes,
            int back,
            long tolerance,
            int[] keys,
            int[] found) {
        for (int i = 0; i < count; i++) {
            int position = positions == null ? i : positions[i];
            int key = keys[position];
            if (key < 0) {
                continue;
            }
            long limit = leftTimes[position] - back;
            int start = starts[key];
            int end = starts[key + 1];
            // when the subtraction wraps round every row is behind it
            int bound = limit > leftTimes[position] ? start : boundary(times, start, end, bounds[key], limit);
            bounds[key] = bound;
            if (bound < end && isWithin(time(bound), leftTimes[position], tolerance)) {
                found[position] = row(ascend(times, bound, end, time(bound)) - 1);
            }
        }
    }

    /** The last row of at most the time, or the first behind it and of its equals the last: whichever is nearer, the earlier when both are. */
    private void nearest(
            int @Nullable [] positions, int count, long[] leftTimes, long tolerance, int[] keys, int[] found) {
        for (int i = 0; i < count; i++) {
            int position = positions == null ? i : positions[i];
            int key = keys[position];
            if (key < 0) {
                continue;
            }
            long at = leftTimes[position];
            int start = starts[key];
            int end = starts[key + 1];
            int bound = boundary(times, start, end, bounds[key], at);
            bounds[key] = bound;
            boolean later = bound < end;
            if (later && bound > start) {
                later = Long.compareUnsigned(time(bound) - at, at - time(bound - 1)) < 0;
            }
            if (later) {
                if (isWithin(time(bound), at, tolerance)) {
                    found[position] = row(ascend(times, bound, end, time(bound)) - 1);
                }
            } else if (bound > start && isWithin(at, time(bound - 1), tolerance)) {
                found[position] = row(bound - 1);
            }
        }
    }

    /** The first place in [start, end] whose time is above the limit, looked for from {@code near} on. */
    private static int boundary(long times, int start, int end, int near, long limit) {
        if (near < end && Memory.getLong(times + ((long) near << 3)) <= limit) {
            return ascend(times, near, end, limit);
        }
        if (near > start && Memory.getLong(times + ((long) (near - 1) << 3)) > limit) {
            return descend(times, start, near - 1, limit);
        }
        return near;
    }

    /** As {@link #boundary}; the time at {@code low} is at most the limit. */
    private static int ascend(long times, int low, int end, long limit) {
        int step = 1;
        int below = low;
        int above = low + 1;
        while (above < end && Memory.getLong(times + ((long) above << 3)) <= limit) {
            below = above;
            above = (int) Math.min((long) above + step, end);
            step <<= 1;
        }
        return search(times, below + 1, Math.min(above, end), limit);
    }

    /** As {@link #boundary}; the time at {@code high} is above the limit. */
    private static int descend(long times, int start, int high, long limit) {
        int step = 1;
        int above = high;
        int below = high - 1;
        while (below >= start && Memory.getLong(times + ((long) below << 3)) > limit) {
            above = below;
            below = (int) Math.max((long) below - step, start - 1L);
            step <<= 1;
        }
        return search(times, below + 1, above, limit);
    }

    private static int search(long times, int from, int end, long limit) {
        int low = from;
        int high = end;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Memory.getLong(times + ((long) middle << 3)) <= limit) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @Override
    public void close() {
        budget.reserveHeap(-accounted);
        accounted = 0;
        if (ownTimes != null) {
            ownTimes.close();
            ownTimes = null;
        }
    }
}
