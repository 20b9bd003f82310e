package io.zeptodb.engine.partition.index;

import io.zeptodb.engine.api.ColumnAttribute;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.partition.SegmentSnapshot;
import java.util.Arrays;

/**
 * The index of a column of a hot segment by the hash of its values: a hash table of groups, each a chain of entries (single rows of a GROUPED column,
 * stretches of a run's rows of a PARTED one), the last one first. It grows with the rows, 16 to 40 bytes for each entry. NULLs have no entry.
 */
final class GrowingHashIndex extends ColumnIndex {
    private static final int FIRST = 64;
    private static final int NONE = -1;
    private static final int LOAD = 2;
    private static final int ENTRY_ARRAYS = 4;
    private static final int GROUP_ARRAYS = 3;

    private final boolean parted;

    /** By run: rows from the first on that are known. */
    private int[] known = {};
    /** Of all runs. */
    private long rows;

    /** Group + 1; 0 when free. */
    private int[] slots = {};

    private int[] groupHash = {};
    private int[] groupLast = {};
    private int[] groupEntries = {};
    private int groups;

    private int[] entryRun = {};
    private int[] entryRow = {};
    private int[] entryLength = {};
    private int[] entryBefore = {};
    private int entries;

    GrowingHashIndex(ColumnAttribute attribute, ColumnType type, MemoryBudget budget) {
        super(attribute, type, budget);
        this.parted = attribute == ColumnAttribute.PARTED;
    }

    /** Rows are only appended: of two states the one with more rows has all of the other. */
    @Override
    boolean covers(SegmentSnapshot segment) {
        return segment.rowCount() <= rows;
    }

    @Override
    void extend(SegmentSnapshot segment, int column, ValueSearch search) {
        int runs = segment.runCount();
        if (runs > known.length) {
            int size = Math.max(runs, known.length * 2);
            account((long) (size - known.length) * Integer.BYTES);
            known = Arrays.copyOf(known, size);
        }
        try (HashedRows source = new HashedRows(segment, column, type, segment.rowCount() - rows, budget())) {
            for (int run = 0; run < runs; run++) {
                int end = segment.runRows(run);
                while (known[run] < end) {
                    search.poll();
                    // up to a multiple of 8, where bitmaps need no shift
                    int piece = HashedRows.ROWS - (known[run] & (Byte.SIZE - 1));
                    addRows(source, run, known[run], Math.min(piece, end - known[run]));
                }
            }
        }
    }

    private void addRows(HashedRows source, int run, int from, int count) {
        reserve(count);
        int[] hashes = source.read(run, from, count);
        for (int i = 0; i < count; i++) {
            if (!source.isNull(i)) {
                add(hashes[i], run, from + i);
            }
        }
        known[run] += count;
        rows += count;
    }

    /** Makes room first, so that memory does not end between two rows. */
    private void reserve(int more) {
        if (entries + more > entryRun.length) {
            int size = Math.max(FIRST, Math.max(entries + more, entryRun.length * 2));
            account((long) ENTRY_ARRAYS * (size - entryRun.length) * Integer.BYTES);
            entryRun = Arrays.copyOf(entryRun, size);
            entryRow = Arrays.copyOf(entryRow, size);
            entryLength = Arrays.copyOf(entryLength, size);
            entryBefore = Arrays.copyOf(entryBefore, size);
        }
        if (groups + more > groupHash.length) {
            int size = Math.max(FIRST, Math.max(groups + more, groupHash.length * 2));
            account((long) GROUP_ARRAYS * (size - groupHash.length) * Integer.BYTES);
            groupHash = Arrays.copyOf(groupHash, size);
            groupLast = Arrays.copyOf(groupLast, size);
            groupEntries = Arrays.copyOf(groupEntries, size);
        }
        if ((groups + more) * (long) LOAD > slots.length) {
            rehash(Integer.highestOneBit((groups + more) * LOAD) * 2);
        }
    }

    private void rehash(int size) {
        account((long) (size - slots.length) * Integer.BYTES);
        slots = new int[size];
        for (int group = 0; group < groups; group++) {
            slots[slotOf(groupHash[group])] = group + 1;
        }
    }

    /** The slot of a hash, or the free one where it belongs. */
    private int slotOf(int hash) {
        int mask = slots.length - 1;
        int slot = hash & mask;
        while (slots[slot] != 0 && groupHash[slots[slot] - 1] != hash) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void add(int hash, int run, int row) {
        int slot = slotOf(hash);
        int group = slots[slot] - 1;
        if (group < 0) {
            group = groups++;
            slots[slot] = group + 1;
            groupHash[group] = hash;
            groupLast[group] = NONE;
            groupEntries[group] = 0;
        }
        int last = groupLast[group];
        if (parted && last != NONE && entryRun[last] == run && entryRow[last] + entryLength[last] == row) {
            entryLength[last]++;
            return;
        }
        entryRun[entries] = run;
        entryRow[entries] = row;
        entryLength[entries] = 1;
        entryBefore[entries] = last;
        groupLast[group] = entries++;
        groupEntries[group]++;
    }

    @Override
    boolean collect(SegmentSnapshot segment, int column, ValueSearch search, RowRanges into) {
        if (slots.length == 0) {
            return true;
        }
        int runs = segment.runCount();
        long most = ValueSearch.mostRows(rows);
        for (int hash : search.hashes()) {
            int group = slots[slotOf(hash)] - 1;
            if (group < 0) {
                continue;
            }
            if (into.size() + (long) groupEntries[group] > most) {
                return false;
            }
            for (int entry = groupLast[group]; entry != NONE; entry = entryBefore[entry]) {
                int run = entryRun[entry];
                if (run < runs) {
                    // what lies behind the run's end came after this state
                    int end = Math.min(entryRow[entry] + entryLength[entry], segment.runRows(run));
                    into.add(run, entryRow[entry], end);
                }
            }
        }
        return true;
    }
}
