package io.zeptodb.engine.partition.index;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.KeyHashing;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.partition.BitScratch;
import io.zeptodb.engine.partition.SegmentSnapshot;

/** Reads a column of a run a piece at a time, with the hashes of its values. One thread. */
final class HashedRows implements AutoCloseable {
    /** Rows of a piece; a multiple of 8, so that bitmaps need no shift. */
    static final int ROWS = 1 << 12;

    private final SegmentSnapshot segment;
    private final int ordinal;
    private final ColumnVector column;
    private final ColumnVector[] key;
    private final BitScratch bits;
    private final long[] wide;
    private final int[] hashes;

    /** @param rows that will be read, about: of a few ones the scratch is small */
    HashedRows(SegmentSnapshot segment, int ordinal, ColumnType type, long rows, MemoryBudget budget) {
        int size = (int) Math.min(rows, ROWS);
        this.wide = new long[size];
        this.hashes = new int[size];
        this.segment = segment;
        this.ordinal = ordinal;
        this.column = new ColumnVector(type);
        this.key = new ColumnVector[] {column};
        this.bits = new BitScratch(budget);
    }

    /** Hashes of rows [from, from + count) of a run, at most {@link #ROWS}; valid until the next call. */
    int[] read(int run, int from, int count) {
        segment.slice(ordinal, run, from, count, column, bits);
        KeyHashing.hash(key, (int[]) null, count, wide, hashes);
        return hashes;
    }

    /** Whether a row of the piece, counted from its first, is NULL. */
    boolean isNull(int row) {
        return column.isNull(row);
    }

    @Override
    public void close() {
        bits.close();
    }
}
