package io.zeptodb.engine.exec.expression;

import org.jspecify.annotations.Nullable;

/** An immutable set of longs: open addressing, at most half full. */
final class LongSet {
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final long[] slots;
    private final boolean[] used;
    private final int shift;

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
        int kept = 0;
        for (int i = 0; i < count; i++) {
            out[kept] = in == null ? i : in[i];
            kept += contains(keys[i]) == negated ? 0 : 1;
        }
        return kept;
    }
}
