package io.zeptodb.engine.batch;

/**
 * Which positions of a batch count, ascending. A filter writes one; nothing is copied. Reused from batch to batch by its owner; one
 * thread.
 */
public final class SelectionVector {
    private int[] positions;
    private int count;

    public SelectionVector(int capacity) {
        positions = new int[capacity];
    }

    /** Positions; only the first {@link #count()} mean something. Shared, not copied. */
    public int[] positions() {
        return positions;
    }

    public int count() {
        return count;
    }

    public void setCount(int count) {
        this.count = count;
    }

    /** Makes room for at least this many positions; what was there is kept. */
    public void reserve(int capacity) {
        if (capacity > positions.length) {
            positions = java.util.Arrays.copyOf(positions, capacity);
        }
    }

    /** Becomes 0, 1, … count - 1. */
    public void selectAll(int rows) {
        reserve(rows);
        for (int i = 0; i < rows; i++) {
            positions[i] = i;
        }
        count = rows;
    }
}
