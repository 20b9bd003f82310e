package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.kernel.Selects;
import org.jspecify.annotations.Nullable;

/** An immutable set of longs: a table by value when they lie close together, else open addressing, at most half full. */
final class LongSet {
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /** Widest range of values for which a table is made. */
    private static final int MOST_TABLE_PLACES = 1 << 12;

    private final long[] slots;
    private final boolean[] used;
    private final int shift;
    private final boolean @Nullable [] table;
    private final long least;

    LongSet(long[] values, int count) {
        int capacity = Integer.highestOneBit(Math.max(count, 2) * 2 - 1) << 1;
        slots = new long[capacity];
        used = new boolean[capacity];
        shift = Long.SIZE - Integer.numberOfTrailingZeros(capacity);
        for (int i = 0; i < count; i++) {
            int at = find(values[i]);
            slots[at] = values[i];
            used[at] = true;
        }
        long low = Long.MAX_VALUE;
        long high = Long.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            low = Math.min(low, values[i]);
            high = Math.max(high, values[i]);
        }
        least = low;
        boolean close = count > 0 && high - low >= 0 && high - low < MOST_TABLE_PLACES;
        table = close ? new boolean[(int) (high - low) + 2] : null;
        for (int i = 0; i < count && table != null; i++) {
            table[(int) (values[i] - low)] = true;
        }
    }

    private int find(long value) {
        int at = (int) ((value * SPREAD) >>> shift);
        while (used[at] && slots[at] != value) {
            at = (at + 1) & (slots.length - 1);
        }
        return at;
    }

    boolean contains(long value) {
        return used[find(value)];
    }

    /** Narrows positions to those whose key is in the set, or is not; keys are indexed by place in {@code in}. */
    int select(long[] keys, int @Nullable [] in, int count, int[] out, boolean negated) {
        if (table != null) {
            return Selects.members(keys, in, count, out, table, least, negated ? 1 : 0);
        }
        int kept = 0;
        for (int i = 0; i < count; i++) {
            out[kept] = in == null ? i : in[i];
            kept += contains(keys[i]) == negated ? 0 : 1;
        }
        return kept;
    }
}
