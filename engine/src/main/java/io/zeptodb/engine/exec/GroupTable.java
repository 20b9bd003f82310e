package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.KeyEquality;
import io.zeptodb.engine.batch.KeyHashing;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.kernel.Memory;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers distinct keys: the open-addressing hash table behind GROUP BY, DISTINCT, set operations and hash joins. Groups are numbered from 0
 * batch by batch; inside a batch mostly, not always, in the order of first sight (a key whose hash is another's comes later): {@link DistinctRows}
 * tells which row came first. {@link #key(int)} holds the keys, row g being group g. NULL equals NULL, -0.0 equals 0.0, NaN equals NaN (a join
 * whose NULLs match nothing leaves such rows out of the selection first).
 *
 * <p>{@link #assign} finds or adds the keys of a batch, {@link #find} only finds; both write the group of each position. Work goes column by
 * column: hash all keys, follow all of them to their slots, add the new ones, compare the others with what the slot holds, and go on
 * with those that differ. A single integer-like key takes a shorter way, a single SYMBOL key is an array indexed by code.
 *
 * <p>A table without key columns has the one group 0 from the first assigned row on. Key types are exact: the vectors have the kinds given
 * to the constructor, and SYMBOL vectors all have one dictionary. Memory is the budget's; owned by one operator, one thread; many threads may
 * {@link Finder#find} at once after the last {@link #assign}.
 */
public final class GroupTable implements AutoCloseable {
    private static final int LEAST_SLOTS = 1 << 10;
    private static final int MOST_SLOTS = 1 << 30;
    private static final long HASH_SHIFT = 32;
    private static final int ABSENT = -1;
    /** Tables of more slots than these do not fit the caches next to a processor: keys are fetched together, see {@link Finder#fetch}. */
    private static final int NEAR_SLOTS = 1 << 15;

    private enum Layout {
        NO_KEY,
        SYMBOL,
        INT,
        LONG,
        GENERAL
    }

    private final MemoryBudget budget;
    private final WritableColumn[] keys;
    private final ColumnVector[] keyVectors;
    private final Layout layout;
    private final Finder finder;
    /** Hash in the upper half, group + 1 in the lower; 0 is empty. */
    private long[] slots = {};
    /** For SYMBOL: group by code, ABSENT where none. */
    private int[] groupOfCode = {};

    private int groupCount;
    private int nullGroup = ABSENT;
    private int[] newPositions = {};
    private long accounted;

    public GroupTable(MemoryBudget budget, List<ColumnType> keyTypes) {
        this.budget = budget;
        this.keys = new WritableColumn[keyTypes.size()];
        this.keyVectors = new ColumnVector[keyTypes.size()];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = new WritableColumn(budget, keyTypes.get(i));
            keyVectors[i] = keys[i].vector();
        }
        this.layout = layoutOf(keyTypes);
        this.finder = new Finder();
    }

    private static Layout layoutOf(List<ColumnType> types) {
        if (types.isEmpty()) {
            return Layout.NO_KEY;
        }
        if (types.size() > 1) {
            return Layout.GENERAL;
        }
        return switch (types.get(0).kind()) {
            case SYMBOL -> Layout.SYMBOL;
            case INTEGER, DATE, INTERVAL_MONTH -> Layout.INT;
            case BIGINT, TIME, TIMESTAMP, INTERVAL_DAY -> Layout.LONG;
            default -> Layout.GENERAL;
        };
    }

    /** Distinct keys so far. */
    public int groupCount() {
        return groupCount;
    }

    /** Key column i of all groups; valid until the next {@link #assign}. */
    public ColumnVector key(int i) {
        keys[i].setRowCount(groupCount);
        return keys[i].vector();
    }

    /** All memory held, already in the budget. */
    long heldBytes() {
        long bytes = accounted;
        for (WritableColumn key : keys) {
            bytes += key.heldBytes();
        }
        return bytes;
    }

    /**
     * Finds or adds the keys of the positions that count.
     *
     * @param batch one vector for each key, any may be constant
     * @param selection the positions that count, or null for [0, rowCount)
     * @param groups receives the group of each position that counts, at its position
     */
    public void assign(ColumnVector[] batch, @Nullable SelectionVector selection, int rowCount, int[] groups) {
        int count = selection == null ? rowCount : selection.count();
        if (count == 0) {
            return;
        }
        if (selection == null && count > MemoryBudget.POLL_STEPS) {
            assignInSteps(batch, rowCount, groups);
            return;
        }
        int[] positions = selection == null ? null : selection.positions();
        switch (layout) {
            case NO_KEY -> {
                groupCount = 1;
                fill(positions, count, groups, 0);
            }
            case SYMBOL -> assignSymbols(batch[0], positions, count, groups);
            case INT, LONG -> assignIntegers(batch[0], positions, count, groups);
            case GENERAL -> assignGeneral(batch, selection, count, groups);
        }
    }

    /** The keys of a whole other table and the like: the scratch memory stays small and the statement can be stopped. */
    private void assignInSteps(ColumnVector[] batch, int rowCount, int[] groups) {
        SelectionVector step = new SelectionVector(MemoryBudget.POLL_STEPS);
        for (int from = 0; from < rowCount; from += MemoryBudget.POLL_STEPS) {
            budget.poll();
            int count = Math.min(MemoryBudget.POLL_STEPS, rowCount - from);
            for (int i = 0; i < count; i++) {
                step.positions()[i] = from + i;
            }
            step.setCount(count);
            assign(batch, step, rowCount, groups);
        }
    }

    /** As {@link #assign} but adds nothing: -1 for keys that are not there. For the owner's thread; others make a {@link #newFinder}. */
    public void find(ColumnVector[] batch, @Nullable SelectionVector selection, int rowCount, int[] groups) {
        finder.find(batch, selection, rowCount, groups);
    }

    /** Looks keys up in a thread of its own. */
    public Finder newFinder() {
        return new Finder();
    }

    private static void fill(int @Nullable [] positions, int count, int[] groups, int group) {
        if (positions == null) {
            Arrays.fill(groups, 0, count, group);
            return;
        }
        for (int i = 0; i < count; i++) {
            groups[positions[i]] = group;
        }
    }

    private void assignSymbols(ColumnVector key, int @Nullable [] positions, int count, int[] groups) {
        coverCodes(key, positions, count);
        int[] map = groupOfCode;
        long data = key.data();
        int mask = key.mask();
        boolean nulls = key.hasNulls();
        for (int i = 0; i < count; i++) {
            int row = positions == null ? i : positions[i];
            if (nulls && key.isNull(row)) {
                groups[row] = nullGroup(key, row);
                continue;
            }
            int code = Memory.getInt(data + ((long) (row & mask) << 2));
            int group = map[code];
            if (group < 0) {
                group = addSingle(key, row);
                map[code] = group;
            }
            groups[row] = group;
        }
    }

    private void coverCodes(ColumnVector key, int @Nullable [] positions, int count) {
        int most = key.dictionary() == null ? 0 : key.dictionary().size() - 1;
        long data = key.data();
        int mask = key.mask();
        boolean nulls = key.hasNulls();
        if (most >= groupOfCode.length || key.dictionary() == null) {
            for (int i = 0; i < count; i++) {
                int row = positions == null ? i : positions[i];
                most = Math.max(most, nulls && key.isNull(row) ? 0 : Memory.getInt(data + ((long) (row & mask) << 2)));
            }
        }
        if (most >= groupOfCode.length) {
            int old = groupOfCode.length;
            int size = Math.max(most + 1, Math.min(old, MOST_SLOTS) * 2);
            account((long) (size - old) * Integer.BYTES);
            groupOfCode = Arrays.copyOf(groupOfCode, size);
            Arrays.fill(groupOfCode, old, size, ABSENT);
        }
    }

    private void assignIntegers(ColumnVector key, int @Nullable [] positions, int count, int[] groups) {
        growSlots(groupCount + 1);
        finder.fetch(key, positions, count);
        long data = key.data();
        int mask = key.mask();
        boolean nulls = key.hasNulls();
        boolean wide = layout == Layout.LONG;
        keys[0].reserve(groupCount + 1);
        long stored = keys[0].data();
        long[] table = slots;
        int slotMask = table.length - 1;
        int lastGroup = ABSENT;
        long lastValue = 0;
        for (int i = 0; i < count; i++) {
            int row = positions == null ? i : positions[i];
            if (nulls && key.isNull(row)) {
                groups[row] = nullGroup(key, row);
                stored = keys[0].data();
                continue;
            }
            long value = wide
                    ? Memory.getLong(data + ((long) (row & mask) << 3))
                    : Memory.getInt(data + ((long) (row & mask) << 2));
            if (value == lastValue && lastGroup >= 0) {
                groups[row] = lastGroup; // rows often come sorted
                continue;
            }
            int hash = wide ? foldedMix(value) : KeyHashing.mixInt((int) value);
            int slot = hash & slotMask;
            int group;
            while (true) {
                long entry = table[slot];
                group = (int) entry - 1;
                if (entry == 0) {
                    stored = addInteger(value, wide);
                    group = groupCount - 1;
                    table[slot] = entry(hash, group);
                    growSlots(groupCount + 1);
                    table = slots;
                    slotMask = table.length - 1;
                    break;
                }
                if ((int) (entry >>> HASH_SHIFT) == hash
                        && (!wide || Memory.getLong(stored + ((long) group << 3)) == value)) {
                    break;
                }
                slot = (slot + 1) & slotMask;
            }
            groups[row] = group;
            lastGroup = group;
            lastValue = value;
        }
    }

    /** Adds a group; gives the address of the keys. */
    private long addInteger(long value, boolean wide) {
        WritableColumn column = keys[0];
        column.reserve(groupCount + 1);
        long stored = column.data();
        if (wide) {
            Memory.putLong(stored + ((long) groupCount << 3), value);
        } else {
            Memory.putInt(stored + ((long) groupCount << 2), (int) value);
        }
        groupCount++;
        return stored;
    }

    private static int foldedMix(long value) {
        long h = KeyHashing.mix(value);
        return (int) (h ^ (h >>> 32));
    }

    private static long entry(int hash, int group) {
        return ((long) hash << HASH_SHIFT) | (group + 1);
    }

    private int nullGroup(ColumnVector key, int row) {
        if (nullGroup < 0) {
            nullGroup = addSingle(key, row);
        }
        return nullGroup;
    }

    private int addSingle(ColumnVector key, int row) {
        int group = groupCount++;
        WritableColumn column = keys[0];
        column.setRowCount(group);
        column.append(key, row & key.mask(), 1);
        return group;
    }

    private void assignGeneral(ColumnVector[] batch, @Nullable SelectionVector selection, int count, int[] groups) {
        growSlots(groupCount + count);
        Finder scratch = finder;
        scratch.hash(batch, selection, count);
        int[] positions = selection == null ? null : selection.positions();
        if (newPositions.length < count) {
            account((long) (count - newPositions.length) * Integer.BYTES);
            newPositions = new int[count];
        }
        int open = count;
        while (open > 0) {
            int added = followOrClaim(scratch, open, positions);
            addKeys(batch, added);
            open = scratch.settle(batch, positions, open, groups);
        }
    }

    /** Follows each open row to the first slot with its hash, or claims an empty one for a new group; gives the number of new groups. */
    private int followOrClaim(Finder scratch, int open, int @Nullable [] positions) {
        long[] table = slots;
        int slotMask = table.length - 1;
        int added = 0;
        scratch.fetchOpen(open);
        for (int i = 0; i < open; i++) {
            int row = scratch.rows[i];
            int hash = scratch.hashes[row];
            int slot = scratch.slotOf[row] & slotMask;
            long entry = table[slot];
            while (entry != 0 && (int) (entry >>> HASH_SHIFT) != hash) {
                slot = (slot + 1) & slotMask;
                entry = table[slot];
            }
            if (entry == 0) {
                int group = groupCount + added;
                entry = entry(hash, group);
                table[slot] = entry;
                newPositions[added++] = positions == null ? row : positions[row];
            }
            scratch.candidates[i] = (int) entry - 1;
            scratch.slotOf[row] = slot + 1;
        }
        return added;
    }

    private void addKeys(ColumnVector[] batch, int added) {
        if (added == 0) {
            return;
        }
        for (int k = 0; k < keys.length; k++) {
            keys[k].setRowCount(groupCount);
            keys[k].append(batch[k], newPositions, added);
            keyVectors[k] = keys[k].vector();
        }
        groupCount += added;
    }

    /** Slots for this many groups, half of them free at least. */
    private void growSlots(int groups) {
        if ((long) groups * 2 <= slots.length) {
            return;
        }
        if (groups > MOST_SLOTS / 2) {
            throw new EngineException(
                    ErrorCode.OUT_OF_MEMORY, "a hash table takes at most " + MOST_SLOTS / 2 + " groups, got " + groups);
        }
        int size = Math.max(LEAST_SLOTS, Integer.highestOneBit(groups * 2 - 1) << 1);
        account((long) size * Long.BYTES);
        long[] grown = new long[size];
        int slotMask = size - 1;
        for (int from = 0; from < slots.length; from += MemoryBudget.POLL_STEPS) {
            budget.poll();
            int end = Math.min(slots.length, from + MemoryBudget.POLL_STEPS);
            for (int i = from; i < end; i++) {
                long entry = slots[i];
                if (entry != 0) {
                    int slot = (int) (entry >>> HASH_SHIFT) & slotMask;
                    while (grown[slot] != 0) {
                        slot = (slot + 1) & slotMask;
                    }
                    grown[slot] = entry;
                }
            }
        }
        account(-(long) slots.length * Long.BYTES);
        slots = grown;
    }

    private void account(long bytes) {
        budget.reserveHeap(bytes);
        accounted += bytes;
    }

    @Override
    public void close() {
        for (WritableColumn key : keys) {
            key.close();
        }
        account(-accounted);
        slots = new long[0];
        groupOfCode = new int[0];
        newPositions = new int[0];
        groupCount = 0;
        nullGroup = ABSENT;
    }

    /** Looks keys up; has the scratch memory for one thread. */
    public final class Finder {
        /** By index among the positions that count. */
        private int[] hashes = {};

        private long[] wide = {};
        private int[] slotOf = {};
        /** Indexes that are not settled yet, with the group each is to be compared with. */
        private int[] rows = {};

        private int[] candidates = {};
        private boolean[] equal = {};

        private Finder() {}

        /** See {@link GroupTable#find}. */
        public void find(ColumnVector[] batch, @Nullable SelectionVector selection, int rowCount, int[] groups) {
            int count = selection == null ? rowCount : selection.count();
            int[] positions = selection == null ? null : selection.positions();
            if (groupCount == 0) {
                fill(positions, count, groups, ABSENT);
                return;
            }
            switch (layout) {
                case NO_KEY -> fill(positions, count, groups, 0);
                case SYMBOL -> findSymbols(batch[0], positions, count, groups);
                case INT, LONG -> findIntegers(batch[0], positions, count, groups);
                case GENERAL -> findGeneral(batch, selection, count, groups);
            }
        }

        private void findSymbols(ColumnVector key, int @Nullable [] positions, int count, int[] groups) {
            int[] map = groupOfCode;
            long data = key.data();
            int mask = key.mask();
            boolean nulls = key.hasNulls();
            for (int i = 0; i < count; i++) {
                int row = positions == null ? i : positions[i];
                if (nulls && key.isNull(row)) {
                    groups[row] = nullGroup;
                    continue;
                }
                int code = Memory.getInt(data + ((long) (row & mask) << 2));
                groups[row] = code < map.length ? map[code] : ABSENT;
            }
        }

        private void findIntegers(ColumnVector key, int @Nullable [] positions, int count, int[] groups) {
            if (slots.length == 0) {
                fill(positions, count, groups, ABSENT);
                return;
            }
            fetch(key, positions, count);
            long data = key.data();
            int mask = key.mask();
            boolean nulls = key.hasNulls();
            boolean wideKey = layout == Layout.LONG;
            long stored = keys[0].data();
            long[] table = slots;
            int slotMask = table.length - 1;
            for (int i = 0; i < count; i++) {
                int row = positions == null ? i : positions[i];
                if (nulls && key.isNull(row)) {
                    groups[row] = nullGroup;
                    continue;
                }
                long value = wideKey
                        ? Memory.getLong(data + ((long) (row & mask) << 3))
                        : Memory.getInt(data + ((long) (row & mask) << 2));
                int hash = wideKey ? foldedMix(value) : KeyHashing.mixInt((int) value);
                int slot = hash & slotMask;
                int group;
                while (true) {
                    long entry = table[slot];
                    group = (int) entry - 1;
                    if (entry == 0
                            || ((int) (entry >>> HASH_SHIFT) == hash
                                    && (!wideKey || Memory.getLong(stored + ((long) group << 3)) == value))) {
                        break;
                    }
                    slot = (slot + 1) & slotMask;
                }
                groups[row] = group;
            }
        }

        /**
         * Reads what following the keys will read. Loops that follow them wait for memory at each step, because where the next key goes on is guessed
         * wrong too often; here nothing depends on what is read, so that many reads are under way at once. Does nothing for tables that caches hold.
         */
        private void fetch(ColumnVector key, int @Nullable [] positions, int count) {
            long[] table = slots;
            if (table.length <= NEAR_SLOTS) {
                return;
            }
            if (candidates.length < count) {
                candidates = new int[count];
            }
            int[] to = candidates;
            long data = key.data();
            int mask = key.mask();
            boolean wideKey = layout == Layout.LONG;
            int slotMask = table.length - 1;
            for (int i = 0; i < count; i++) {
                int row = (positions == null ? i : positions[i]) & mask;
                int hash = wideKey
                        ? foldedMix(Memory.getLong(data + ((long) row << 3)))
                        : KeyHashing.mixInt(Memory.getInt(data + ((long) row << 2)));
                to[i] = (int) table[hash & slotMask];
            }
            if (wideKey) {
                long stored = keys[0].data();
                for (int i = 0; i < count; i++) {
                    // what is read is written, or the compiler would see that nobody wants it
                    to[i] = (int) Memory.getLong(stored + ((long) Math.max(to[i] - 1, 0) << 3));
                }
            }
        }

        private void findGeneral(ColumnVector[] batch, @Nullable SelectionVector selection, int count, int[] groups) {
            hash(batch, selection, count);
            int[] positions = selection == null ? null : selection.positions();
            int open = count;
            while (open > 0) {
                open = follow(open, positions, groups);
                open = settle(batch, positions, open, groups);
            }
        }

        /** As {@link #fetch}, the slots of all open rows. */
        private void fetchOpen(int open) {
            long[] table = slots;
            if (table.length <= NEAR_SLOTS) {
                return;
            }
            int slotMask = table.length - 1;
            for (int i = 0; i < open; i++) {
                candidates[i] = (int) table[slotOf[rows[i]] & slotMask];
            }
        }

        /** Follows each open row to the first slot with its hash; those that end at an empty slot are settled as absent. */
        private int follow(int open, int @Nullable [] positions, int[] groups) {
            long[] table = slots;
            int slotMask = table.length - 1;
            int kept = 0;
            fetchOpen(open);
            for (int i = 0; i < open; i++) {
                int row = rows[i];
                int hash = hashes[row];
                int slot = slotOf[row] & slotMask;
                long entry = table[slot];
                while (entry != 0 && (int) (entry >>> HASH_SHIFT) != hash) {
                    slot = (slot + 1) & slotMask;
                    entry = table[slot];
                }
                if (entry == 0) {
                    groups[positions == null ? row : positions[row]] = ABSENT;
                } else {
                    rows[kept] = row;
                    candidates[kept++] = (int) entry - 1;
                    slotOf[row] = slot + 1;
                }
            }
            return kept;
        }

        /** Compares the open rows with their candidates: equal ones get their group, the others stay open; gives their number. */
        private int settle(ColumnVector[] batch, int @Nullable [] positions, int open, int[] groups) {
            Arrays.fill(equal, 0, open, true);
            for (int k = 0; k < batch.length; k++) {
                KeyEquality.compare(batch[k], positions, rows, open, keyVectors[k], candidates, equal);
            }
            int kept = 0;
            for (int i = 0; i < open; i++) {
                int row = rows[i];
                if (equal[i]) {
                    groups[positions == null ? row : positions[row]] = candidates[i];
                } else {
                    rows[kept++] = row;
                }
            }
            return kept;
        }

        private void hash(ColumnVector[] batch, @Nullable SelectionVector selection, int count) {
            if (hashes.length < count) {
                hashes = new int[count];
                wide = new long[count];
                slotOf = new int[count];
                rows = new int[count];
                candidates = new int[count];
                equal = new boolean[count];
            }
            KeyHashing.hash(batch, selection, count, wide, hashes);
            for (int i = 0; i < count; i++) {
                rows[i] = i;
                slotOf[i] = hashes[i];
            }
        }
    }
}
