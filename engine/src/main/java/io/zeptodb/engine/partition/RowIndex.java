package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.MemoryBudget;
import java.util.Arrays;

/**
 * Rows of a segment by the hash of their dedup keys: open addressing. Who looks a key up walks over the entries of its hash and compares the rows
 * himself. Entries are taken out when their row is found to be deleted, and their slots used again. Guarded by the writer's gate.
 */
final class RowIndex implements AutoCloseable {
    private static final long FREE = 0;
    private static final long GONE = -1;
    private static final int FIRST_SLOTS = 64;
    private static final int SLOT_BYTES = Long.BYTES + Integer.BYTES;

    private final MemoryBudget budget;
    private long[] entries = {};
    private int[] hashes = {};
    /** Slots that are not free. */
    private int used;
    /** By run: rows from the first on that were put in. */
    private int[] indexed = {};

    private long accounted;
    private boolean changed;

    RowIndex(MemoryBudget budget) {
        this.budget = budget;
    }

    /** Whether it was changed since {@link #commit}. */
    boolean isChanged() {
        return changed;
    }

    void commit() {
        changed = false;
    }

    int indexed(int run) {
        return run < indexed.length ? indexed[run] : 0;
    }

    void setIndexed(int run, int rows) {
        if (run >= indexed.length) {
            int length = Math.max(run + 1, indexed.length * 2);
            account((long) (length - indexed.length) * Integer.BYTES);
            indexed = Arrays.copyOf(indexed, length);
        }
        indexed[run] = rows;
        changed = true;
    }

    /** The first slot with an entry of this hash, or -1. */
    int first(int hash) {
        return entries.length == 0 ? -1 : find(hash & (entries.length - 1), hash);
    }

    /** The next slot with an entry of this hash, or -1. */
    int next(int slot, int hash) {
        return find((slot + 1) & (entries.length - 1), hash);
    }

    private int find(int from, int hash) {
        int mask = entries.length - 1;
        for (int slot = from; ; slot = (slot + 1) & mask) {
            long entry = entries[slot];
            if (entry == FREE) {
                return -1;
            }
            if (hashes[slot] == hash && entry != GONE) {
                return slot;
            }
        }
    }

    int run(int slot) {
        return (int) ((entries[slot] - 1) >>> Integer.SIZE);
    }

    int row(int slot) {
        return (int) (entries[slot] - 1);
    }

    /** Takes an entry out; the slots of other entries stay. */
    void remove(int slot) {
        entries[slot] = GONE;
        changed = true;
    }

    void set(int slot, int run, int row) {
        entries[slot] = entry(run, row);
        changed = true;
    }

    private static long entry(int run, int row) {
        return ((long) run << Integer.SIZE | row) + 1;
    }

    void add(int hash, int run, int row) {
        if ((used + 1) * 2L > entries.length) {
            grow();
        }
        int mask = entries.length - 1;
        int slot = hash & mask;
        while (entries[slot] != FREE && entries[slot] != GONE) {
            slot = (slot + 1) & mask;
        }
        used += entries[slot] == FREE ? 1 : 0;
        entries[slot] = entry(run, row);
        hashes[slot] = hash;
        changed = true;
    }

    private void grow() {
        int left = 0;
        for (long entry : entries) {
            left += entry != FREE && entry != GONE ? 1 : 0;
        }
        // twice as large unless many entries are gone
        int size = Math.max(FIRST_SLOTS, Integer.highestOneBit(Math.max(left, 1)) * 4);
        account((long) size * SLOT_BYTES);
        long[] oldEntries = entries;
        int[] oldHashes = hashes;
        entries = new long[size];
        hashes = new int[size];
        used = left;
        int mask = size - 1;
        for (int i = 0; i < oldEntries.length; i++) {
            if (oldEntries[i] != FREE && oldEntries[i] != GONE) {
                int slot = oldHashes[i] & mask;
                while (entries[slot] != FREE) {
                    slot = (slot + 1) & mask;
                }
                entries[slot] = oldEntries[i];
                hashes[slot] = oldHashes[i];
            }
        }
        account(-(long) oldEntries.length * SLOT_BYTES);
    }

    private void account(long more) {
        budget.reserveHeap(more);
        accounted += more;
    }

    @Override
    public void close() {
        budget.reserveHeap(-accounted);
        accounted = 0;
    }
}
