package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.KeyEquality;
import io.zeptodb.engine.batch.KeyHashing;
import io.zeptodb.engine.batch.MemoryBudget;
import org.jspecify.annotations.Nullable;

/** The columns of one run by which a row that is appended replaces an older one, pointed at run after run. One thread. */
final class UpsertKeys implements AutoCloseable {
    /** Rows whose hashes are computed at once. */
    static final int HASHED_ROWS = 1 << 10;

    private final int[] ordinals;
    private final ColumnVector[] columns;
    private final BitScratch[] bits;
    private final int[] positions = new int[HASHED_ROWS];
    private final long[] wide = new long[HASHED_ROWS];
    private final int[] hashes = new int[HASHED_ROWS];
    private @Nullable SegmentSnapshot segment;
    private int run;

    UpsertKeys(TableLayout layout, MemoryBudget budget) {
        this.ordinals = layout.metadata.schema().dedupKeys().stream()
                .mapToInt(Integer::intValue)
                .toArray();
        this.columns = new ColumnVector[ordinals.length];
        this.bits = new BitScratch[ordinals.length];
        for (int i = 0; i < ordinals.length; i++) {
            columns[i] = new ColumnVector(layout.types[ordinals[i]]);
            bits[i] = new BitScratch(budget);
        }
    }

    /** Points at all rows of a run. */
    UpsertKeys at(SegmentSnapshot target, int targetRun) {
        if (target != segment || targetRun != run) {
            int rows = target.runRows(targetRun);
            for (int i = 0; i < ordinals.length; i++) {
                target.slice(ordinals[i], targetRun, 0, rows, columns[i], bits[i]);
            }
            segment = target;
            run = targetRun;
        }
        return this;
    }

    /** Rows may have been appended: what is pointed at is not taken to be there any more. */
    void forget() {
        segment = null;
    }

    /** Hashes of rows [from, from + count) of the run, at most {@link #HASHED_ROWS}; valid until the next call. */
    int[] hash(int from, int count) {
        for (int i = 0; i < count; i++) {
            positions[i] = from + i;
        }
        KeyHashing.hash(columns, positions, count, wide, hashes);
        return hashes;
    }

    boolean equal(int row, UpsertKeys other, int otherRow) {
        for (int i = 0; i < columns.length; i++) {
            if (!KeyEquality.equalOrBothNull(columns[i], row, other.columns[i], otherRow)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        forget();
        for (BitScratch scratch : bits) {
            scratch.close();
        }
    }
}
