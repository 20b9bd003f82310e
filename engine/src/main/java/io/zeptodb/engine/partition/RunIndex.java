package io.zeptodb.engine.partition;

/**
 * From key to run number: open addressing in one int array (run + 1, 0 when free), keys beside it by run. A writer adds to the arrays that readers
 * of earlier snapshots probe: those ignore runs behind their count, and a new entry never moves an old one. Growing makes a new array.
 */
final class RunIndex {
    private static final int FIRST_SLOTS = 16;
    private static final int LOAD = 2;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private RunIndex() {}

    static int[] empty() {
        return new int[FIRST_SLOTS];
    }

    /** The run of a key among runs [0, runCount), or -1. */
    static int find(int[] slots, long[] keys, int nullRun, int runCount, long key) {
        int mask = slots.length - 1;
        for (int at = hash(key) & mask; ; at = (at + 1) & mask) {
            int run = slots[at] - 1;
            if (run < 0) {
                return -1;
            }
            if (run < runCount && keys[run] == key && run != nullRun) {
                return run;
            }
        }
    }

    /** Adds a run whose key is new; the array itself, or a larger one. Runs are added in the order of their numbers. */
    static int[] add(int[] slots, long[] keys, int nullRun, int run) {
        int[] target = slots;
        if ((run + 1) * LOAD > slots.length) {
            target = new int[slots.length * 2];
            for (int r = 0; r < run; r++) {
                if (r != nullRun) {
                    put(target, keys[r], r);
                }
            }
        }
        put(target, keys[run], run);
        return target;
    }

    /** Takes out the run that was added last: no later entry's way leads over its slot. */
    static void removeLast(int[] slots, long key, int run) {
        int mask = slots.length - 1;
        int at = hash(key) & mask;
        while (slots[at] != run + 1) {
            at = (at + 1) & mask;
        }
        slots[at] = 0;
    }

    private static void put(int[] slots, long key, int run) {
        int mask = slots.length - 1;
        int at = hash(key) & mask;
        while (slots[at] != 0) {
            at = (at + 1) & mask;
        }
        slots[at] = run + 1;
    }

    private static int hash(long key) {
        long mixed = key * MIX;
        return (int) (mixed >>> Integer.SIZE) ^ (int) (mixed >>> (Integer.SIZE + Integer.SIZE / 2));
    }
}
