package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.plan.SortKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts the rows of a store in order, stably, key by key: NULLs apart, the others by {@link SortPrefix}, rows of equal prefix by what
 * the prefix does not say, equal rows by the next key. Owned by one operator, one thread.
 */
final class RowOrder implements AutoCloseable {
    /** Texts are ordered seven bytes at a time up to here; behind it they are compared. */
    private static final int MOST_PREFIX_BYTES = 8 * SortPrefix.TEXT_BYTES;
    /** Fewer rows than this are compared straight away. */
    private static final int FEW_ROWS = 16;

    private static final long BYTES_PER_ROW = Long.BYTES + 2 * Integer.BYTES;
    /** Memory of this and of its sort while rows are put in order. */
    private static final long MOST_BYTES_PER_ROW = BYTES_PER_ROW + Long.BYTES + Integer.BYTES;

    private final List<SortKey> sortKeys;
    private final MemoryBudget budget;
    private final KeyedRowSort sort;
    private final int[] @Nullable [] ranks;
    private ColumnVector[] vectors = {};
    private int[] rows = {};
    private int[] spare = {};
    private long[] keys = {};
    private long accounted;
    /** Rows looked at since the last poll. */
    private int steps;

    RowOrder(List<SortKey> sortKeys, MemoryBudget budget) {
        this.sortKeys = sortKeys;
        this.budget = budget;
        this.sort = new KeyedRowSort(budget);
        this.ranks = new int[sortKeys.size()][];
    }

    /** Row numbers [0, rowCount) of the store in order; more places of the array mean nothing. Valid until the next call. */
    int[] order(RowStore store) {
        int count = store.rowCount();
        vectors = new ColumnVector[sortKeys.size()];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = store.column(sortKeys.get(i).column());
        }
        begin(count);
        for (int i = 0; i < vectors.length; i++) {
            ranks[i] = ranksOf(vectors[i], count);
        }
        sortBy(0, 0, count);
        return rows;
    }

    /** What ordering so many rows will take. */
    static long bytesFor(long count) {
        return count * MOST_BYTES_PER_ROW;
    }

    private void begin(int count) {
        if (rows.length < count) {
            long bytes = (count - rows.length) * BYTES_PER_ROW;
            budget.reserveHeap(bytes);
            accounted += bytes;
            rows = new int[count];
            spare = new int[count];
            keys = new long[count];
        }
        for (int i = 0; i < count; i++) {
            rows[i] = i;
        }
    }

    /** The place of each code among the texts, when that pays: symbols then sort as small numbers. */
    private int @Nullable [] ranksOf(ColumnVector vector, int count) {
        SymbolDictionary dictionary = vector.dictionary();
        int size = dictionary == null ? 0 : dictionary.size();
        if (dictionary == null || vector.type().kind() != TypeKind.SYMBOL || size > count / 2) {
            return null;
        }
        try (RowOrder texts = new RowOrder(List.of(new SortKey(0, false, false)), budget)) {
            texts.vectors = new ColumnVector[] {dictionary.values()};
            texts.begin(size);
            texts.sortBy(0, 0, size);
            int[] ranked = new int[size];
            for (int i = 0; i < size; i++) {
                ranked[texts.rows[i]] = i;
            }
            return ranked;
        }
    }

    private void sortBy(int key, int from, int to) {
        if (key == vectors.length || to - from < 2) {
            return;
        }
        ColumnVector vector = vectors[key];
        SortKey by = sortKeys.get(key);
        int first = from;
        int last = to;
        if (vector.hasNulls()) {
            int nulls = partition(vector, from, to, by.nullsFirst());
            first = by.nullsFirst() ? from + nulls : from;
            last = by.nullsFirst() ? to : to - nulls;
            sortBy(key + 1, by.nullsFirst() ? from : last, by.nullsFirst() ? first : to);
        }
        for (int at = first; at < last; at += MemoryBudget.POLL_STEPS) {
            int end = Math.min(last, at + MemoryBudget.POLL_STEPS);
            step(end - at);
            SortPrefix.load(vector, by.descending(), ranks[key], rows, at, end, keys);
        }
        sort.sort(keys, rows, first, last);
        sortEqual(key, first, last, 0);
    }

    private void step(int count) {
        steps += count;
        if (steps >= MemoryBudget.POLL_STEPS) {
            steps = 0;
            budget.poll();
        }
    }

    /**
     * Sorts rows of equal prefix further.
     *
     * @param skipped bytes of a text before those of the prefix
     */
    private void sortEqual(int key, int from, int to, int skipped) {
        SortKey by = sortKeys.get(key);
        TypeKind kind = vectors[key].type().kind();
        boolean exact = ranks[key] != null || SortPrefix.isExact(kind);
        if (exact && key + 1 == vectors.length) {
            return;
        }
        int start = from;
        while (start < to) {
            long prefix = keys[start];
            int end = start + 1;
            while (end < to && keys[end] == prefix) {
                end++;
            }
            if (end - start > 1) {
                if (!exact && SortPrefix.needsRest(kind, prefix, by.descending())) {
                    sortRest(key, start, end, skipped + SortPrefix.TEXT_BYTES);
                } else {
                    sortBy(key + 1, start, end);
                }
            }
            start = end;
        }
    }

    /** @param skip bytes of a text that are equal */
    private void sortRest(int key, int from, int to, int skip) {
        ColumnVector vector = vectors[key];
        boolean descending = sortKeys.get(key).descending();
        if (vector.type().kind().isView() && to - from > FEW_ROWS && skip < MOST_PREFIX_BYTES) {
            for (int at = from; at < to; at += MemoryBudget.POLL_STEPS) {
                int end = Math.min(to, at + MemoryBudget.POLL_STEPS);
                step(end - at);
                SortPrefix.loadBehind(vector, skip, descending, rows, at, end, keys);
            }
            sort.sort(keys, rows, from, to);
            sortEqual(key, from, to, skip);
            return;
        }
        mergeSort(vector, descending, from, to);
        int start = from;
        while (start < to) {
            int end = start + 1;
            while (end < to && SortPrefix.compareRest(vector, rows[start], rows[end], descending) == 0) {
                end++;
            }
            sortBy(key + 1, start, end);
            start = end;
        }
    }

    private void mergeSort(ColumnVector vector, boolean descending, int from, int to) {
        if (to - from < 2) {
            return;
        }
        step(to - from);
        int middle = (from + to) >>> 1;
        mergeSort(vector, descending, from, middle);
        mergeSort(vector, descending, middle, to);
        if (SortPrefix.compareRest(vector, rows[middle - 1], rows[middle], descending) <= 0) {
            return;
        }
        System.arraycopy(rows, from, spare, from, middle - from);
        int left = from;
        int right = middle;
        int at = from;
        while (left < middle && right < to) {
            if ((at & (MemoryBudget.POLL_STEPS - 1)) == 0) {
                budget.poll();
            }
            boolean takeLeft = SortPrefix.compareRest(vector, spare[left], rows[right], descending) <= 0;
            rows[at++] = takeLeft ? spare[left++] : rows[right++];
        }
        System.arraycopy(spare, left, rows, at, middle - left);
    }

    /** Moves NULLs to one end of the range, each part in its order; gives their number. */
    private int partition(ColumnVector vector, int from, int to, boolean nullsFirst) {
        int nulls = 0;
        int others = from;
        for (int i = from; i < to; i++) {
            int row = rows[i];
            if (vector.isNull(row)) {
                spare[from + nulls++] = row;
            } else {
                rows[others++] = row;
            }
        }
        if (nullsFirst) {
            System.arraycopy(rows, from, rows, from + nulls, others - from);
            System.arraycopy(spare, from, rows, from, nulls);
        } else {
            System.arraycopy(spare, from, rows, others, nulls);
        }
        return nulls;
    }

    @Override
    public void close() {
        budget.reserveHeap(-accounted);
        accounted = 0;
        rows = new int[0];
        spare = new int[0];
        keys = new long[0];
        sort.close();
    }
}
