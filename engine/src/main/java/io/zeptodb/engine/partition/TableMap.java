package io.zeptodb.engine.partition;

import org.jspecify.annotations.Nullable;

/**
 * Something of each table, by the table's id: a tree of which a change copies one path, and shares the rest with the map before. Immutable.
 *
 * @param <T> what it has of a table
 */
final class TableMap<T> {
    private static final int BITS = 5;
    private static final int WIDTH = 1 << BITS;

    private final @Nullable Object[] root;
    /** Bits of an id below those that the root tells apart. */
    private final int shift;

    private TableMap(@Nullable Object[] root, int shift) {
        this.root = root;
        this.shift = shift;
    }

    static <T> TableMap<T> empty() {
        return new TableMap<>(new Object[WIDTH], 0);
    }

    private static boolean isWithin(long id, int shift) {
        return shift + BITS >= Long.SIZE || id >>> (shift + BITS) == 0;
    }

    @SuppressWarnings("unchecked") // only with() puts something in a leaf
    @Nullable
    T get(long id) {
        if (!isWithin(id, shift)) {
            return null;
        }
        Object node = root;
        for (int at = shift; at >= 0 && node != null; at -= BITS) {
            node = ((Object[]) node)[(int) (id >>> at) & (WIDTH - 1)];
        }
        return (T) node;
    }

    TableMap<T> with(long id, T value) {
        @Nullable Object[] top = root;
        int topShift = shift;
        while (!isWithin(id, topShift)) {
            @Nullable Object[] above = new Object[WIDTH];
            above[0] = top;
            top = above;
            topShift += BITS;
        }
        return new TableMap<>(with(top, topShift, id, value), topShift);
    }

    private static @Nullable Object[] with(@Nullable Object @Nullable [] node, int shift, long id, Object value) {
        @Nullable Object[] next = node == null ? new Object[WIDTH] : node.clone();
        int at = (int) (id >>> shift) & (WIDTH - 1);
        next[at] = shift == 0 ? value : with((Object[]) next[at], shift - BITS, id, value);
        return next;
    }

    TableMap<T> without(long id) {
        if (get(id) == null) {
            return this;
        }
        @Nullable Object[] left = without(root, shift, id);
        return left == null ? empty() : new TableMap<>(left, shift);
    }

    /** Null when nothing is left. */
    private static @Nullable Object @Nullable [] without(@Nullable Object[] node, int shift, long id) {
        @Nullable Object[] next = node.clone();
        int at = (int) (id >>> shift) & (WIDTH - 1);
        next[at] = shift == 0 ? null : without((Object[]) next[at], shift - BITS, id);
        for (Object each : next) {
            if (each != null) {
                return next;
            }
        }
        return null;
    }
}
