package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.MemoryBudget;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * All values of all groups as longs, in the order they came: what functions need that must see every value. Nothing is kept for a group while
 * it fills; when a result is asked for, the log is put in order of group and value, and so it is again when more came after that.
 */
final class ValueLog {
    private static final int LEAST_CAPACITY = 64;
    private static final int ENTRY_BYTES = Long.BYTES + Integer.BYTES;

    private final MemoryBudget budget;
    private final LongConsumer accounting;
    private long[] values = {};
    private int[] groups = {};
    private int size;
    /** First place of each group in the ordered values, and the end of the last; empty while the log is written. */
    private int[] starts = {};
    /** How many entries those are. */
    private int orderedSize;

    /** @param accounting told of the bytes of Java arrays, and gives them back */
    ValueLog(MemoryBudget budget, LongConsumer accounting) {
        this.budget = budget;
        this.accounting = accounting;
    }

    /** Makes room for more entries. */
    void reserve(int more) {
        if (size + more <= values.length) {
            return;
        }
        if (size > Integer.MAX_VALUE - LEAST_CAPACITY - more) {
            throw new EngineException(
                    ErrorCode.OUT_OF_MEMORY, "an aggregate that keeps all values takes at most 2^31 of them");
        }
        int wanted = (int) Math.max(
                Math.max(LEAST_CAPACITY, size + more),
                Math.min(values.length * 2L, Integer.MAX_VALUE - LEAST_CAPACITY));
        accounting.accept((long) (wanted - values.length) * ENTRY_BYTES);
        values = Arrays.copyOf(values, wanted);
        groups = Arrays.copyOf(groups, wanted);
    }

    /** Adds an entry; there must be room. */
    void add(int group, long value) {
        values[size] = value;
        groups[size++] = group;
    }

    /** Adds another log's entries: group g there is group {@code map[g]} here. */
    void addAll(ValueLog other, int[] map) {
        reserve(other.size);
        for (int i = 0; i < other.size; i++) {
            add(map[other.groups[i]], other.values[i]);
        }
    }

    /** As {@link #addAll(ValueLog, int[])}; a value v of the other is {@code values[v]} here. */
    void addAll(ValueLog other, int[] map, int[] values) {
        reserve(other.size);
        for (int i = 0; i < other.size; i++) {
            add(map[other.groups[i]], values[(int) other.values[i]]);
        }
    }

    /** Puts the log in order of group, and each group's values in ascending order, unless that has been done. */
    void order(int groupCount) {
        if (isOrdered(groupCount)) {
            return;
        }
        group(groupCount);
        int most = 0;
        for (int g = 0; g < groupCount; g++) {
            most = Math.max(most, starts[g + 1] - starts[g]);
        }
        long[] scratch = {};
        if (most > LongSort.PART) {
            accounting.accept((long) most * Long.BYTES);
            scratch = new long[most];
        }
        for (int g = 0; g < groupCount; g++) {
            budget.poll();
            LongSort.sort(values, starts[g], starts[g + 1], scratch, budget);
        }
        accounting.accept(-(long) scratch.length * Long.BYTES);
    }

    /** Puts the log in order of group; inside a group the order of arrival stays. */
    void group(int groupCount) {
        if (isOrdered(groupCount)) {
            return;
        }
        long before = (long) orderedSize * Long.BYTES + (long) starts.length * Integer.BYTES;
        accounting.accept((long) size * Long.BYTES + (groupCount + 1L) * Integer.BYTES - before);
        int[] next = new int[groupCount + 1];
        for (int i = 0; i < size; i++) {
            next[groups[i] + 1]++;
        }
        for (int g = 0; g < groupCount; g++) {
            next[g + 1] += next[g];
        }
        starts = next.clone();
        long[] ordered = new long[size];
        for (int i = 0; i < size; i++) {
            if ((i & (MemoryBudget.POLL_STEPS - 1)) == 0) {
                budget.poll();
            }
            ordered[next[groups[i]]++] = values[i];
        }
        values = ordered;
        if (groups.length != size) {
            groups = Arrays.copyOf(groups, size);
        }
        for (int g = 0; g < groupCount; g++) {
            Arrays.fill(groups, starts[g], starts[g + 1], g);
        }
        orderedSize = size;
    }

    private boolean isOrdered(int groupCount) {
        return starts.length == groupCount + 1 && orderedSize == size;
    }

    int start(int group) {
        return starts[group];
    }

    int end(int group) {
        return starts[group + 1];
    }

    long value(int at) {
        return values[at];
    }
}
