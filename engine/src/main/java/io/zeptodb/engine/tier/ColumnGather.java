package io.zeptodb.engine.tier;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnBounds;
import io.zeptodb.engine.batch.ColumnBuffer;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.kernel.Bitmaps;
import io.zeptodb.engine.kernel.Memory;
import io.zeptodb.engine.partition.BitScratch;
import io.zeptodb.engine.partition.SegmentSnapshot;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/**
 * One column of merged rows in memory, as it goes into the file: its values in the rows' order, views with their places in the file's heaps. The
 * texts themselves stay where they are and are copied one by one to whoever asks. One thread.
 */
final class ColumnGather implements AutoCloseable {
    /** Where the place in a heap stands in a view: index, then offset. */
    private static final int VIEW_HEAP = 8;

    private static final int VIEW_OFFSET = 12;
    private static final int BOUNDS_ROWS = 8192;

    /** Takes the texts that are too long for their views, in the order of the rows. */
    interface LongTexts {
        void add(long address, int length);
    }

    private final MergedRows rows;
    private final MemoryBudget budget;
    private final int ordinal;
    private final ColumnType type;
    private final ColumnVector[] vectors;
    private final BitScratch[] bits;
    private final ColumnBuffer values;
    private final ColumnVector whole;
    private final HeapPlaces heaps = new HeapPlaces();
    private long nulls;

    /** @param ordinal of the table, or {@link SegmentSnapshot#SEQUENCE} */
    ColumnGather(MergedRows rows, int ordinal, ColumnType type, MemoryBudget budget) {
        this.rows = rows;
        this.budget = budget;
        this.ordinal = ordinal;
        this.type = type;
        this.vectors = new ColumnVector[rows.mostParts()];
        this.bits = new BitScratch[rows.mostParts()];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = new ColumnVector(type);
            bits[i] = new BitScratch(budget);
        }
        this.values = new ColumnBuffer(budget, type, rows.rows());
        this.whole = new ColumnVector(type);
        try {
            gather();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void gather() {
        int at = 0;
        for (int group = 0; group < rows.groups(); group++) {
            int[] next = openParts(group);
            int[] @Nullable [] orders = orders(group);
            for (int s = rows.firstStretch(group); s < rows.firstStretch(group + 1); s++) {
                int part = rows.stretchPart(s);
                int count = rows.stretchRows(s);
                int[] order = orders[part];
                if (order == null) {
                    values.copy(vectors[part], next[part], count, at, null);
                } else {
                    values.gather(vectors[part], order, next[part], count, at, null);
                }
                if (type.kind().isView()) {
                    placeTexts(at, count);
                }
                next[part] += count;
                at += count;
            }
            budget.poll();
        }
        values.point(whole, 0);
        ArrowBuf validity = values.validity();
        nulls = validity == null ? 0 : at - Bitmaps.count(validity.memoryAddress(), at);
    }

    /** Points the vectors at the runs of a group. Where each is consumed from: the beginning. */
    private int[] openParts(int group) {
        int first = rows.firstPart(group);
        int parts = rows.firstPart(group + 1) - first;
        for (int part = 0; part < parts; part++) {
            SegmentSnapshot source = rows.source(first + part);
            int run = rows.run(first + part);
            source.slice(ordinal, run, 0, source.runRows(run), vectors[part], bits[part]);
        }
        return new int[parts];
    }

    private int[] @Nullable [] orders(int group) {
        int first = rows.firstPart(group);
        int[] @Nullable [] orders = new int[rows.firstPart(group + 1) - first][];
        for (int part = 0; part < orders.length; part++) {
            orders[part] = rows.source(first + part).runOrder(rows.run(first + part));
        }
        return orders;
    }

    private void placeTexts(int at, int count) {
        ArrowBuf validity = values.validity();
        long bitmap = validity == null ? 0 : validity.memoryAddress();
        long views = values.data().memoryAddress();
        for (int row = at; row < at + count; row++) {
            long view = views + (long) row * ColumnVector.VIEW_BYTES;
            if (bitmap != 0 && !Memory.getBit(bitmap, row)) {
                Memory.putLong(view, 0);
                Memory.putLong(view + Long.BYTES, 0);
                continue;
            }
            int length = Memory.getInt(view);
            if (length > ColumnVector.INLINE_BYTES) {
                long offset = heaps.place(length);
                Memory.putInt(view + VIEW_HEAP, heaps.count() - 1);
                Memory.putInt(view + VIEW_OFFSET, (int) offset);
            }
        }
    }

    /** Values of all rows. */
    ColumnBuffer values() {
        return values;
    }

    long nulls() {
        return nulls;
    }

    /** How long the heaps are that the views index. */
    List<Long> heapBytes() {
        return heaps.lengths();
    }

    ColumnBounds bounds() {
        ColumnBounds bounds = new ColumnBounds(type.kind());
        int[] positions = new int[BOUNDS_ROWS];
        for (int from = 0; from < rows.rows(); from += BOUNDS_ROWS) {
            int count = Math.min(BOUNDS_ROWS, rows.rows() - from);
            for (int i = 0; i < count; i++) {
                positions[i] = from + i;
            }
            bounds.add(whole, positions, 0, count);
        }
        return bounds;
    }

    /** Codes that rows of a SYMBOL column have. */
    BitSet codes() {
        BitSet codes = new BitSet();
        for (int row = 0; row < rows.rows(); row++) {
            if (!whole.isNull(row)) {
                codes.set(whole.getInt(row));
            }
        }
        return codes;
    }

    /** Of a SYMBOL column. */
    SymbolDictionary dictionary() {
        return vectors[0].requireDictionary();
    }

    /** Hands out the texts that lie in heaps. */
    void eachLongText(LongTexts target) {
        for (int group = 0; group < rows.groups(); group++) {
            int[] next = openParts(group);
            int[] @Nullable [] orders = orders(group);
            for (int s = rows.firstStretch(group); s < rows.firstStretch(group + 1); s++) {
                int part = rows.stretchPart(s);
                ColumnVector vector = vectors[part];
                int[] order = orders[part];
                for (int end = next[part] + rows.stretchRows(s); next[part] < end; next[part]++) {
                    int row = order == null ? next[part] : order[next[part]];
                    if (!vector.isNull(row) && vector.viewLength(row) > ColumnVector.INLINE_BYTES) {
                        target.add(vector.viewBytes(row), vector.viewLength(row));
                    }
                }
            }
            budget.poll();
        }
    }

    @Override
    public void close() {
        values.close();
        for (BitScratch scratch : bits) {
            scratch.close();
        }
    }

    /** Where texts go that follow each other: into heaps, the next of which begins when one is full. */
    static final class HeapPlaces {
        private final List<Long> full = new ArrayList<>();
        private long used = -1;

        /** Offset of the next text in its heap, which is the last one. */
        long place(int length) {
            if (used < 0) {
                used = 0;
            } else if (used + length > SegmentFormat.HEAP_BYTES) {
                full.add(used);
                used = 0;
            }
            long offset = used;
            used += length;
            return offset;
        }

        int count() {
            return full.size() + (used < 0 ? 0 : 1);
        }

        List<Long> lengths() {
            List<Long> all = new ArrayList<>(full);
            if (used >= 0) {
                all.add(used);
            }
            return all;
        }
    }
}
