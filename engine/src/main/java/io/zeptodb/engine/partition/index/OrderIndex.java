package io.zeptodb.engine.partition.index;

import io.zeptodb.engine.api.ColumnAttribute;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.OrderKeys;
import io.zeptodb.engine.partition.BitScratch;
import io.zeptodb.engine.partition.SegmentSnapshot;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The index of a SORTED column of a segment: the least and the greatest order key of each run, and whether its values ascend as they lie, which is what the
 * attribute says of rows that come in order; they are searched in place then. A run in which they do not, because rows came late, or were changed, or are
 * NULL, has the permutation that puts them in order; rows behind it are few, and looked at one by one, until it is made anew.
 */
final class OrderIndex extends ColumnIndex {
    /** Rows of a hot run behind its permutation, before that is made anew: so many, or one in so many of the run's. */
    private static final int MOST_BEHIND = 1 << 10;

    private static final int BEHIND_SHARE = 8;

    private static final int RUN_BYTES = 2 * Long.BYTES + Integer.BYTES + Long.BYTES;
    /** While a permutation is made: keys, rows, and the two arrays of the merge sort. */
    private static final int SORT_BYTES = Long.BYTES + 3 * Integer.BYTES;

    private final ColumnVector column;
    private final BitScratch bits;

    /** By run: rows from the first on that are known. */
    private int[] known = {};

    private long[] least = {};
    private long[] greatest = {};
    /** By run; null while its known rows ascend and none is NULL. */
    private int[] @Nullable [] orders = new int[0][];
    /** By run: rows that its permutation knows, NULLs included. */
    private int[] ordered = {};

    private long rows;

    OrderIndex(ColumnType type, MemoryBudget budget) {
        super(ColumnAttribute.SORTED, type, budget);
        this.column = new ColumnVector(type);
        this.bits = new BitScratch(budget);
    }

    @Override
    boolean covers(SegmentSnapshot segment) {
        return segment.rowCount() <= rows;
    }

    @Override
    void extend(SegmentSnapshot segment, int ordinal, ValueSearch search) {
        int runs = segment.runCount();
        if (runs > known.length) {
            int size = Math.max(runs, known.length * 2);
            account((long) (size - known.length) * RUN_BYTES);
            int from = known.length;
            known = Arrays.copyOf(known, size);
            least = Arrays.copyOf(least, size);
            greatest = Arrays.copyOf(greatest, size);
            orders = Arrays.copyOf(orders, size);
            ordered = Arrays.copyOf(ordered, size);
            Arrays.fill(least, from, size, Long.MAX_VALUE);
            Arrays.fill(greatest, from, size, Long.MIN_VALUE);
        }
        for (int run = 0; run < runs; run++) {
            int end = segment.runRows(run);
            if (known[run] < end) {
                search.poll();
                extendRun(segment, ordinal, run, end, search);
            }
        }
    }

    private void extendRun(SegmentSnapshot segment, int ordinal, int run, int end, ValueSearch search) {
        segment.slice(ordinal, run, 0, end, column, bits);
        boolean ascends = orders[run] == null;
        for (int row = known[run]; row < end; row++) {
            if (column.isNull(row)) {
                ascends = false;
                continue;
            }
            long key = OrderKeys.of(column, row);
            ascends &= key >= greatest[run];
            least[run] = Math.min(least[run], key);
            greatest[run] = Math.max(greatest[run], key);
        }
        int behind = end - ordered[run];
        if (!ascends && (orders[run] == null || behind > Math.max(MOST_BEHIND, end / BEHIND_SHARE))) {
            search.poll();
            putInOrder(run, end);
        }
        rows += end - known[run];
        known[run] = end;
    }

    private void putInOrder(int run, int end) {
        account((long) end * SORT_BYTES);
        try {
            long[] keys = new long[end];
            int[] present = new int[end];
            int count = 0;
            for (int row = 0; row < end; row++) {
                if (!column.isNull(row)) {
                    keys[count] = OrderKeys.of(column, row);
                    present[count++] = row;
                }
            }
            int[] order = LongOrder.of(keys, count);
            for (int i = 0; i < count; i++) {
                order[i] = present[order[i]];
            }
            int[] before = orders[run];
            account((long) (count - (before == null ? 0 : before.length)) * Integer.BYTES);
            orders[run] = order;
            ordered[run] = end;
        } finally {
            account(-(long) end * SORT_BYTES);
        }
    }

    @Override
    boolean collect(SegmentSnapshot segment, int ordinal, ValueSearch search, RowRanges into) {
        int runs = segment.runCount();
        long most = ValueSearch.mostRows(rows);
        for (int run = 0; run < runs; run++) {
            boolean sliced = false;
            for (int range = 0; range < search.ranges(); range++) {
                if (search.low(range) > greatest[run] || search.high(range) < least[run]) {
                    continue;
                }
                if (!sliced) {
                    segment.slice(ordinal, run, 0, segment.runRows(run), column, bits);
                    sliced = true;
                }
                collect(run, segment.runRows(run), search.low(range), search.high(range), into);
                if (into.size() > most) {
                    return false;
                }
            }
        }
        return true;
    }

    /** @param end rows of the run in the reader's state: perhaps fewer than are known here */
    private void collect(int run, int end, long low, long high, RowRanges into) {
        int[] order = orders[run];
        if (order == null) {
            int from = first(null, 0, end, low, false);
            into.add(run, from, first(null, from, end, high, true));
            return;
        }
        // the reader of an older state cannot read rows behind its end, which the permutation may name
        if (end >= ordered[run]) {
            int from = first(order, 0, order.length, low, false);
            int behind = first(order, from, order.length, high, true);
            for (int i = from; i < behind; i++) {
                into.add(run, order[i], order[i] + 1);
            }
            into.add(run, ordered[run], end);
        } else {
            into.add(run, 0, end);
        }
    }

    /** The first place of [from, end) whose key is at least the bound, or, if so asked, above it. */
    private int first(int @Nullable [] order, int from, int end, long bound, boolean above) {
        int low = from;
        int high = end;
        while (low < high) {
            int middle = (low + high) >>> 1;
            long key = OrderKeys.of(column, order == null ? middle : order[middle]);
            if (key < bound || (above && key == bound)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @Override
    public void close() {
        bits.close();
        super.close();
    }
}
