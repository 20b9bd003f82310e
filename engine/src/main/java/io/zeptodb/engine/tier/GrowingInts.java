package io.zeptodb.engine.tier;

import io.zeptodb.engine.batch.MemoryBudget;
import java.util.Arrays;

/** A list of ints in an array that the budget knows of. One thread. */
final class GrowingInts implements AutoCloseable {
    private static final int FIRST = 16;

    private final MemoryBudget budget;
    private int[] values = {};
    private int size;

    GrowingInts(MemoryBudget budget) {
        this.budget = budget;
    }

    int size() {
        return size;
    }

    int get(int index) {
        return values[index];
    }

    void set(int index, int value) {
        values[index] = value;
    }

    void add(int value) {
        if (size == values.length) {
            int larger = Math.max(FIRST, Math.min(size * 2, size + (1 << 26)));
            budget.reserveHeap((long) (larger - values.length) * Integer.BYTES);
            values = Arrays.copyOf(values, larger);
        }
        values[size++] = value;
    }

    int removeLast() {
        return values[--size];
    }

    void cut(int newSize) {
        size = newSize;
    }

    int[] toArray() {
        return Arrays.copyOf(values, size);
    }

    @Override
    public void close() {
        budget.reserveHeap(-(long) values.length * Integer.BYTES);
        values = new int[0];
        size = 0;
    }
}
