package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.MemoryBudget;
import java.util.Arrays;

/**
 * All that the writer knows of the runs of a hot segment, in arrays by run number, and how to go back to the last commit. A run that a transaction
 * touches first notes its state in the undo arrays.
 */
final class RunTable implements AutoCloseable {
    private static final int FIRST_RUNS = 4;
    /** What the arrays here, the slots of the index and the page of a snapshot have for a run: counted against the table's memory. */
    private static final int BYTES_PER_RUN = 72;

    private final MemoryBudget budget;
    private long accounted;

    int[] slab = new int[FIRST_RUNS];
    int[] offset = new int[FIRST_RUNS];
    int[] capacity = new int[FIRST_RUNS];
    int[] rows = new int[FIRST_RUNS];
    long[] lastTime = new long[FIRST_RUNS];
    boolean[] ordered = new boolean[FIRST_RUNS];

    private long[] keys = new long[FIRST_RUNS];
    private int[] slots = RunIndex.empty();
    private int nullRun = -1;
    private int count;
    private int unordered;

    /** Where a run's state of the last commit is among the undo arrays, plus 1; 0 while the run is untouched. */
    private int[] undoAt = new int[FIRST_RUNS];

    private int[] undoRun = new int[FIRST_RUNS];
    private int[] undoSlab = new int[FIRST_RUNS];
    private int[] undoOffset = new int[FIRST_RUNS];
    private int[] undoCapacity = new int[FIRST_RUNS];
    private int[] undoRows = new int[FIRST_RUNS];
    private long[] undoLastTime = new long[FIRST_RUNS];
    private boolean[] undoOrdered = new boolean[FIRST_RUNS];
    private int undoCount;
    private int committedCount;

    RunTable(MemoryBudget budget) {
        this.budget = budget;
    }

    int count() {
        return count;
    }

    int unordered() {
        return unordered;
    }

    HotSnapshot.RunKeys keys() {
        return new HotSnapshot.RunKeys(keys, slots, count, nullRun);
    }

    /** The run of a key, or -1. */
    int find(long key) {
        return RunIndex.find(slots, keys, nullRun, count, key);
    }

    int nullRun() {
        return nullRun;
    }

    long key(int run) {
        return keys[run];
    }

    /** The run of a key, made when it is new: with no capacity and no rows. */
    int runOf(long key) {
        int run = find(key);
        if (run >= 0) {
            return run;
        }
        int added = add(key);
        slots = RunIndex.add(slots, keys, nullRun, added);
        return added;
    }

    int runOfNull() {
        if (nullRun < 0) {
            nullRun = add(0);
        }
        return nullRun;
    }

    private int add(long key) {
        if (count == slab.length) {
            grow(count * 2);
        }
        int run = count++;
        keys[run] = key;
        slab[run] = 0;
        offset[run] = 0;
        capacity[run] = 0;
        rows[run] = 0;
        lastTime[run] = Long.MIN_VALUE;
        ordered[run] = true;
        undoAt[run] = 0;
        return run;
    }

    private void grow(int size) {
        long bytes = (long) (size - slab.length) * BYTES_PER_RUN;
        budget.reserveHeap(bytes);
        accounted += bytes;
        slab = Arrays.copyOf(slab, size);
        offset = Arrays.copyOf(offset, size);
        capacity = Arrays.copyOf(capacity, size);
        rows = Arrays.copyOf(rows, size);
        lastTime = Arrays.copyOf(lastTime, size);
        ordered = Arrays.copyOf(ordered, size);
        keys = Arrays.copyOf(keys, size);
        undoAt = Arrays.copyOf(undoAt, size);
    }

    /** Notes the state of a run before the transaction's first change. */
    void touch(int run) {
        if (undoAt[run] != 0) {
            return;
        }
        if (undoCount == undoRun.length) {
            growUndo(undoCount * 2);
        }
        int at = undoCount++;
        undoAt[run] = undoCount;
        undoRun[at] = run;
        undoSlab[at] = slab[run];
        undoOffset[at] = offset[run];
        undoCapacity[at] = capacity[run];
        undoRows[at] = rows[run];
        undoLastTime[at] = lastTime[run];
        undoOrdered[at] = ordered[run];
    }

    private void growUndo(int size) {
        undoRun = Arrays.copyOf(undoRun, size);
        undoSlab = Arrays.copyOf(undoSlab, size);
        undoOffset = Arrays.copyOf(undoOffset, size);
        undoCapacity = Arrays.copyOf(undoCapacity, size);
        undoRows = Arrays.copyOf(undoRows, size);
        undoLastTime = Arrays.copyOf(undoLastTime, size);
        undoOrdered = Arrays.copyOf(undoOrdered, size);
    }

    int touchedCount() {
        return undoCount;
    }

    int touchedRun(int i) {
        return undoRun[i];
    }

    void clearOrdered(int run) {
        if (ordered[run]) {
            ordered[run] = false;
            unordered++;
        }
    }

    /** Whether the run lies elsewhere than at the last commit, where it had rows. */
    boolean leftRange(int i) {
        int run = undoRun[i];
        return undoCapacity[i] > 0 && (slab[run] != undoSlab[i] || offset[run] != undoOffset[i]);
    }

    /** Whether the run's range of now is not the one of the last commit. */
    boolean hasNewRange(int i) {
        int run = undoRun[i];
        return capacity[run] > 0 && (undoCapacity[i] == 0 || slab[run] != undoSlab[i] || offset[run] != undoOffset[i]);
    }

    /** Whether a touched run's present range was made by the open transaction: nobody else can see it. */
    boolean rangeIsPrivate(int run) {
        return hasNewRange(undoAt[run] - 1);
    }

    long leftRangeOf(int i) {
        return SlabSpace.range(undoSlab[i], undoOffset[i]);
    }

    int leftCapacityOf(int i) {
        return undoCapacity[i];
    }

    /** Forgets how to go back. */
    void commit() {
        for (int i = 0; i < undoCount; i++) {
            undoAt[undoRun[i]] = 0;
        }
        undoCount = 0;
        committedCount = count;
    }

    /** Goes back to the last commit; new ranges must have been given back before. */
    void rollback() {
        for (int i = undoCount - 1; i >= 0; i--) {
            int run = undoRun[i];
            slab[run] = undoSlab[i];
            offset[run] = undoOffset[i];
            capacity[run] = undoCapacity[i];
            rows[run] = undoRows[i];
            lastTime[run] = undoLastTime[i];
            if (ordered[run] != undoOrdered[i]) {
                ordered[run] = undoOrdered[i];
                unordered--;
            }
            undoAt[run] = 0;
        }
        undoCount = 0;
        for (int run = count - 1; run >= committedCount; run--) {
            if (run == nullRun) {
                nullRun = -1;
            } else {
                RunIndex.removeLast(slots, keys[run], run);
            }
        }
        count = committedCount;
    }

    @Override
    public void close() {
        budget.reserveHeap(-accounted);
        accounted = 0;
    }
}
