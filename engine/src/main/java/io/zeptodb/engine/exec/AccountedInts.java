package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.MemoryBudget;
import java.util.Arrays;

/** A growing array of ints that the query's memory knows of. One thread. */
final class AccountedInts implements AutoCloseable {
    private final MemoryBudget budget;
    private int[] values = {};
    private int size;

    AccountedInts(MemoryBudget budget) {
        this.budget = budget;
    }

    /** The values; only the first {@link #size()} mean something. Shared, and replaced when it grows. */
    int[] values() {
        return values;
    }

    int size() {
        return size;
    }

    int get(int index) {
        return values[index];
    }

    void add(int value) {
        reserve(size + 1);
        values[size++] = value;
    }

    /** Makes room for this many values in all; what was there is kept. */
    void reserve(int capacity) {
        if (capacity <= values.length) {
            return;
        }
        int wanted = (int) Math.max(capacity, Math.min((long) values.length * 2, Integer.MAX_VALUE - Long.BYTES));
        budget.reserveHeap((long) wanted * Integer.BYTES);
        int old = values.length;
        values = Arrays.copyOf(values, wanted);
        budget.reserveHeap(-(long) old * Integer.BYTES);
    }

    /** Sets the number of values, which must have been reserved. */
    void setSize(int newSize) {
        size = newSize;
    }

    @Override
    public void close() {
        budget.reserveHeap(-(long) values.length * Integer.BYTES);
        values = new int[0];
        size = 0;
    }
}
