package io.zeptodb.engine.partition;

import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import java.util.Arrays;

/**
 * Gives the rows of a batch small group numbers by their key, in order of first sight, and counts each group: the counting pass of a scatter. Symbol
 * codes are looked up in a sparse set, integers in a small hash table; neighbours with one key skip both. Kept and used again by its one writer.
 */
final class KeyGroups {
    private static final int FIRST_SIZE = 64;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private int[] groupOf = {};
    private int[] ordered = {};
    private int[] next = {};
    private long[] keys = new long[FIRST_SIZE];
    private int[] rows = new int[FIRST_SIZE];
    private int groups;
    private int nullGroup;
    private int stretches;

    /** By symbol code: a group number that holds only if {@link #keys} agrees. */
    private int[] sparse = {};
    /** By hash: group + 1 in the low half, the number of the batch in the high half. */
    private long[] table = new long[FIRST_SIZE];

    private int batch;

    /** Group of the i-th row of the last call. */
    int[] groupOf() {
        return groupOf;
    }

    int groups() {
        return groups;
    }

    long key(int group) {
        return keys[group];
    }

    boolean isNull(int group) {
        return group == nullGroup;
    }

    int rows(int group) {
        return rows[group];
    }

    /** The positions that were grouped last, those of group 0 first, each group's in their order. Valid until the next call. */
    int[] ordered(int[] positions, int from, int count) {
        if (ordered.length < count) {
            ordered = new int[groupOf.length];
        }
        if (next.length < groups) {
            next = new int[rows.length];
        }
        next[0] = 0;
        for (int group = 1; group < groups; group++) {
            next[group] = next[group - 1] + rows[group - 1];
        }
        for (int i = 0; i < count; i++) {
            ordered[next[groupOf[i]]++] = positions[from + i];
        }
        return ordered;
    }

    /** Whether the rows of each group are neighbours. */
    boolean areNeighbours() {
        return stretches == groups;
    }

    /** Groups positions [from, from + count) of a key column. */
    void group(ColumnVector column, int[] positions, int from, int count) {
        if (groupOf.length < count) {
            groupOf = new int[count];
        }
        groups = 0;
        nullGroup = -1;
        stretches = 0;
        if (column.isConstant()) {
            addWhole(column, count);
        } else if (column.hasNulls()) {
            groupNullable(column, positions, from, count);
        } else if (column.type().kind() == TypeKind.SYMBOL) {
            groupSymbols(column, positions, from, count);
        } else {
            groupIntegers(column, positions, from, count);
        }
    }

    private void addWhole(ColumnVector column, int count) {
        int group = column.isNull(0) ? newNullGroup() : newGroup(column.getAsLong(0));
        rows[group] = count;
        stretches = 1;
        Arrays.fill(groupOf, 0, count, group);
    }

    private void groupSymbols(ColumnVector column, int[] positions, int from, int count) {
        int last = -1;
        int group = -1;
        for (int i = 0; i < count; i++) {
            int code = column.getInt(positions[from + i]);
            if (code != last) {
                last = code;
                stretches++;
                group = symbolGroup(code);
            }
            groupOf[i] = group;
            rows[group]++;
        }
    }

    private int symbolGroup(int code) {
        if (code >= sparse.length) {
            sparse = Arrays.copyOf(sparse, Math.max(code + 1, Math.max(FIRST_SIZE, sparse.length * 2)));
        }
        int group = sparse[code];
        if (group < groups && keys[group] == code && group != nullGroup) {
            return group;
        }
        sparse[code] = groups;
        return newGroup(code);
    }

    private void groupIntegers(ColumnVector column, int[] positions, int from, int count) {
        beginTable(count);
        long last = 0;
        int group = -1;
        for (int i = 0; i < count; i++) {
            long key = column.getAsLong(positions[from + i]);
            if (key != last || group < 0) {
                last = key;
                stretches++;
                group = integerGroup(key);
            }
            groupOf[i] = group;
            rows[group]++;
        }
    }

    private void groupNullable(ColumnVector column, int[] positions, int from, int count) {
        boolean symbols = column.type().kind() == TypeKind.SYMBOL;
        beginTable(count);
        int group = -1;
        for (int i = 0; i < count; i++) {
            int position = positions[from + i];
            int next;
            if (column.isNull(position)) {
                next = nullGroup >= 0 ? nullGroup : newNullGroup();
            } else {
                long key = column.getAsLong(position);
                next = symbols ? symbolGroup((int) key) : integerGroup(key);
            }
            stretches += next == group ? 0 : 1;
            group = next;
            groupOf[i] = group;
            rows[group]++;
        }
    }

    private void beginTable(int count) {
        int size = Integer.highestOneBit(Math.max(count, FIRST_SIZE / 2)) << 2;
        if (table.length < size) {
            table = new long[size];
        }
        batch++;
    }

    private int integerGroup(long key) {
        int mask = table.length - 1;
        long mixed = key * MIX;
        int at = (int) (mixed >>> Integer.SIZE) & mask;
        while ((int) (table[at] >>> Integer.SIZE) == batch) {
            int group = (int) table[at] - 1;
            if (keys[group] == key) {
                return group;
            }
            at = (at + 1) & mask;
        }
        int group = newGroup(key);
        table[at] = (long) batch << Integer.SIZE | (group + 1);
        return group;
    }

    private int newNullGroup() {
        nullGroup = newGroup(0);
        return nullGroup;
    }

    private int newGroup(long key) {
        if (groups == keys.length) {
            keys = Arrays.copyOf(keys, groups * 2);
            rows = Arrays.copyOf(rows, groups * 2);
        }
        keys[groups] = key;
        rows[groups] = 0;
        return groups++;
    }
}
