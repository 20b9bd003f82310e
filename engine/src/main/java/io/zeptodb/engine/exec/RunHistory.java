package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.kernel.Memory;
import java.util.Arrays;

/**
 * The last values of each key, so that a window function can go on where the key's last run ended: a run's rows are put behind them into
 * one array. Values are longs: whole numbers widened, doubles as their bits or as {@link OrderedLongs}; a NULL is 0 and not present.
 * Owned by one operator; one thread.
 */
final class RunHistory implements AutoCloseable {
    private final MemoryBudget budget;
    private final int depth;
    private final boolean ordered;
    private long[] kept = {};
    private boolean[] keptPresent = {};
    private boolean anyNull;
    private long[] values = {};
    private boolean[] present = {};
    private long accounted;

    /**
     * @param depth values kept of each key
     * @param ordered doubles become {@link OrderedLongs}
     */
    RunHistory(MemoryBudget budget, int depth, boolean ordered) {
        this.budget = budget;
        this.depth = depth;
        this.ordered = ordered;
    }

    /** The values of the run loaded last, behind what was kept of its key. */
    long[] values() {
        return values;
    }

    /** Whether each of {@link #values()} is not NULL; false in {@link #hasNulls()} means that all are. */
    boolean[] present() {
        return present;
    }

    /** Whether a NULL was met so far. */
    boolean hasNulls() {
        return anyNull;
    }

    int depth() {
        return depth;
    }

    /**
     * Loads a run's rows.
     *
     * @param key number of the key
     * @param have how many values are kept of it: the rows seen, at most {@link #depth()}
     * @param from first row in the vector
     */
    void load(int key, int have, ColumnVector vector, int from, int count) {
        reserve(key, have + count);
        System.arraycopy(kept, key * depth, values, 0, have);
        int mask = vector.mask();
        long data = vector.data();
        switch (vector.type().kind()) {
            case BIGINT, TIME, TIMESTAMP -> {
                for (int i = 0; i < count; i++) {
                    values[have + i] = Memory.getLong(data + ((long) ((from + i) & mask) << 3));
                }
            }
            case DOUBLE -> {
                for (int i = 0; i < count; i++) {
                    long at = data + ((long) ((from + i) & mask) << 3);
                    values[have + i] = ordered ? OrderedLongs.of(Memory.getDouble(at)) : Memory.getLong(at);
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    values[have + i] = vector.getAsLong(from + i);
                }
            }
        }
        if (vector.hasNulls() || anyNull) {
            loadNulls(key, have, vector, from, count);
        }
    }

    private void loadNulls(int key, int have, ColumnVector vector, int from, int count) {
        if (!anyNull) {
            anyNull = true;
            account(kept.length + values.length);
            keptPresent = new boolean[kept.length];
            Arrays.fill(keptPresent, true);
            present = new boolean[values.length];
        }
        System.arraycopy(keptPresent, key * depth, present, 0, have);
        for (int i = 0; i < count; i++) {
            boolean here = !vector.isNull(from + i);
            present[have + i] = here;
            values[have + i] = here ? values[have + i] : 0;
        }
    }

    /** Keeps the last of the values loaded for the next run of the key. */
    void save(int key, int have, int count) {
        int keep = Math.min(depth, have + count);
        System.arraycopy(values, have + count - keep, kept, key * depth, keep);
        if (anyNull) {
            System.arraycopy(present, have + count - keep, keptPresent, key * depth, keep);
        }
    }

    private void reserve(int key, int rows) {
        if (values.length < rows) {
            int wanted = Math.max(rows, values.length * 2);
            account((long) (wanted - values.length) * (anyNull ? Long.BYTES + 1 : Long.BYTES));
            values = new long[wanted];
            present = anyNull ? new boolean[wanted] : present;
        }
        long needed = (key + 1L) * depth;
        if (kept.length < needed) {
            int wanted = Math.toIntExact(Math.max(needed, Math.min(kept.length * 2L, Integer.MAX_VALUE >> 1)));
            account((long) (wanted - kept.length) * (anyNull ? Long.BYTES + 1 : Long.BYTES));
            kept = Arrays.copyOf(kept, wanted);
            if (anyNull) {
                int old = keptPresent.length;
                keptPresent = Arrays.copyOf(keptPresent, wanted);
                Arrays.fill(keptPresent, old, wanted, true);
            }
        }
    }

    private void account(long bytes) {
        budget.reserveHeap(bytes);
        accounted += bytes;
    }

    /** Whether values of this kind can be kept. */
    static boolean holds(TypeKind kind) {
        return switch (kind) {
            case TINYINT, SMALLINT, INTEGER, BIGINT, DOUBLE, DATE, TIME, TIMESTAMP, SYMBOL -> true;
            default -> false;
        };
    }

    @Override
    public void close() {
        account(-accounted);
        kept = new long[0];
        keptPresent = new boolean[0];
        values = new long[0];
        present = new boolean[0];
    }
}
