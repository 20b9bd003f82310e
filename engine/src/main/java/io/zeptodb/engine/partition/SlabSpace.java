package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.ColumnBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The slabs of a hot segment and the ranges of them that are free. Capacities are powers of two of at least 8 rows, so that ranges begin at a byte
 * of every bitmap. Shared slabs grow from small to {@link #MOST_SHARED_ROWS}; a large range gets a slab of its own. Writer side only;
 * {@link #slabs} is replaced, never changed, when slabs come or go, so a snapshot keeps the array it was made with.
 */
final class SlabSpace {
    static final int LEAST_CAPACITY = ColumnBuffer.ROW_ALIGNMENT;

    private static final int FIRST_SHARED_ROWS = 64;
    private static final int SHARED_GROWTH = 4;
    private static final int MOST_SHARED_ROWS = 1 << 16;
    /** Ranges of more rows than this get a slab of their own: a quarter of a shared one at most is left unused. */
    private static final int MOST_RANGE_ROWS = MOST_SHARED_ROWS >> 2;

    private static final int CLASSES = 32;

    private final TableLayout layout;
    private @Nullable Slab[] slabs = {};
    /** The same buffers by column and slab, as a scatter wants them. */
    private final @Nullable ColumnBuffer[][] byColumn;

    private final long[][] free = new long[CLASSES][];
    private final int[] freeCount = new int[CLASSES];
    private int currentSlab = -1;
    private int currentUsed;
    private int nextShared = FIRST_SHARED_ROWS;

    SlabSpace(TableLayout layout) {
        this.layout = layout;
        this.byColumn = new ColumnBuffer[layout.types.length][0];
    }

    /** Immutable; holes where slabs went. */
    @Nullable
    Slab[] slabs() {
        return slabs;
    }

    Slab slab(int index) {
        Slab slab = slabs[index];
        if (slab == null) {
            throw new IllegalStateException("slab " + index + " is gone");
        }
        return slab;
    }

    /** A column's buffers by slab; changes when slabs come or go. */
    @Nullable
    ColumnBuffer[] buffers(int column) {
        return byColumn[column];
    }

    /** What {@link #buffers} holds for a slab that is there. */
    static ColumnBuffer present(@Nullable ColumnBuffer[] buffers, int slab) {
        ColumnBuffer buffer = buffers[slab];
        if (buffer == null) {
            throw new IllegalStateException("slab " + slab + " is gone");
        }
        return buffer;
    }

    static int slabOf(long range) {
        return (int) (range >>> Integer.SIZE);
    }

    static int offsetOf(long range) {
        return (int) range;
    }

    static long range(int slab, int offset) {
        return (long) slab << Integer.SIZE | offset;
    }

    /** A range of this capacity (a power of two, at least {@link #LEAST_CAPACITY}): slab and offset. */
    long allocate(int capacity) {
        if (capacity > MOST_RANGE_ROWS) {
            return range(addSlab(Slab.allocate(layout, capacity)), 0);
        }
        int sizeClass = sizeClass(capacity);
        if (freeCount[sizeClass] > 0) {
            long range = free[sizeClass][freeCount[sizeClass] - 1];
            if (slab(slabOf(range)).isUnshared()) {
                freeCount[sizeClass]--;
                return range;
            }
        }
        if (currentSlab < 0 || currentUsed + capacity > slab(currentSlab).capacity) {
            openShared(capacity);
        }
        long range = range(currentSlab, currentUsed);
        currentUsed += capacity;
        return range;
    }

    /** Gives a range back that no reader can see. */
    void free(int slabIndex, int offset, int capacity) {
        if (capacity > MOST_RANGE_ROWS) {
            removeSlab(slabIndex);
            return;
        }
        int sizeClass = sizeClass(capacity);
        long[] ranges = free[sizeClass];
        if (ranges == null || freeCount[sizeClass] == ranges.length) {
            ranges = ranges == null ? new long[4] : Arrays.copyOf(ranges, ranges.length * 2);
            free[sizeClass] = ranges;
        }
        ranges[freeCount[sizeClass]++] = range(slabIndex, offset);
    }

    private void openShared(int capacity) {
        int rows = Math.max(nextShared, capacity);
        int added = addSlab(Slab.allocate(layout, rows));
        nextShared = Math.min(rows * SHARED_GROWTH, MOST_SHARED_ROWS);
        if (currentSlab >= 0) {
            freeTail(slab(currentSlab).capacity);
        }
        currentSlab = added;
        currentUsed = 0;
    }

    /** Cuts what is left of the current slab into ranges. */
    private void freeTail(int end) {
        while (currentUsed < end) {
            int piece = Math.min(Integer.highestOneBit(end - currentUsed), MOST_RANGE_ROWS);
            free(currentSlab, currentUsed, piece);
            currentUsed += piece;
        }
    }

    private int addSlab(Slab slab) {
        int index = 0;
        while (index < slabs.length && slabs[index] != null) {
            index++;
        }
        @Nullable Slab[] changed = Arrays.copyOf(slabs, Math.max(slabs.length, index + 1));
        changed[index] = slab;
        slabs = changed;
        for (int column = 0; column < byColumn.length; column++) {
            byColumn[column] = Arrays.copyOf(byColumn[column], changed.length);
            byColumn[column][index] = slab.columns[column];
        }
        return index;
    }

    private void removeSlab(int index) {
        slab(index).close();
        @Nullable Slab[] changed = slabs.clone();
        changed[index] = null;
        slabs = changed;
        for (@Nullable ColumnBuffer[] buffers : byColumn) {
            buffers[index] = null;
        }
    }

    private static int sizeClass(int capacity) {
        return Integer.numberOfTrailingZeros(capacity);
    }

    void close() {
        for (Slab slab : slabs) {
            if (slab != null) {
                slab.close();
            }
        }
        slabs = new Slab[0];
    }
}
