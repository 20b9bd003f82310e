package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.KeyHashing;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.exec.spill.SpilledRows;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows dealt to files by the hash of their keys: rows of one key are in one file, in the order they came. One thread. */
final class RowPartitions implements AutoCloseable {
    private static final int BITS = 4;
    /** Files that rows are dealt to. */
    static final int COUNT = 1 << BITS;
    /** How often the rows of a file can be dealt again, each time by other bits. */
    static final int MOST_LEVELS = 6;

    private final List<@Nullable SpilledRows> files = new ArrayList<>();
    private final int shift;
    private final int[] starts = new int[COUNT + 1];
    private int[] hashes = {};
    private long[] wide = {};
    private int[] dealt = {};

    /** @param level how often these rows were dealt before */
    RowPartitions(ExecutionContext context, List<ColumnType> types, @Nullable BitSet used, int level) {
        this.shift = Integer.SIZE - BITS * (level + 1);
        for (int i = 0; i < COUNT; i++) {
            files.add(context.newSpill(types, used));
        }
    }

    /** Deals the selected rows of a batch. */
    void add(ColumnVector[] keys, Batch batch) {
        SelectionVector selection = batch.selection();
        int count = batch.selectedCount();
        if (hashes.length < count) {
            int size = Math.max(count, Batch.ROWS);
            hashes = new int[size];
            wide = new long[size];
            dealt = new int[size];
        }
        KeyHashing.hash(keys, selection, count, wide, hashes);
        java.util.Arrays.fill(starts, 0);
        for (int i = 0; i < count; i++) {
            // hash tables go by the hash's low bits: mixed again, so that those of a file are not alike
            hashes[i] = KeyHashing.mixInt(hashes[i]) >>> shift & (COUNT - 1);
            starts[hashes[i] + 1]++;
        }
        for (int i = 0; i < COUNT; i++) {
            starts[i + 1] += starts[i];
        }
        for (int i = 0; i < count; i++) {
            dealt[starts[hashes[i]]++] = batch.position(i);
        }
        int from = 0;
        for (int i = 0; i < COUNT; i++) {
            SpilledRows file = files.get(i);
            if (file != null && starts[i] > from) {
                file.append(batch.columns(), dealt, from, starts[i] - from);
            }
            from = starts[i];
        }
    }

    /** Ends the dealing. */
    void finish() {
        for (SpilledRows file : files) {
            if (file != null) {
                file.finish();
            }
        }
    }

    /** Rows of a file that was not given away. */
    long rowCount(int i) {
        SpilledRows file = files.get(i);
        return file == null ? 0 : file.rowCount();
    }

    /** Gives a file away, to be closed by the caller. */
    SpilledRows take(int i) {
        return java.util.Objects.requireNonNull(files.set(i, null));
    }

    @Override
    public void close() {
        for (SpilledRows file : files) {
            if (file != null) {
                file.close();
            }
        }
        files.clear();
    }
}
