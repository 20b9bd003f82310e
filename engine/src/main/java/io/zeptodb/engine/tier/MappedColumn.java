package io.zeptodb.engine.tier;

import io.zeptodb.engine.batch.ColumnBuffer;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.kernel.Memory;
import io.zeptodb.engine.partition.SealedColumn;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/** A column of a mapped file: which of its rows may be read is found chunk by chunk, when they are first asked for. Thread-safe. */
final class MappedColumn implements FileColumn {
    private static final int CHUNK_SHIFT = 13;
    private static final int CHUNK_ROWS = 1 << CHUNK_SHIFT;
    private static final int VIEW_HEAP = 8;
    private static final int VIEW_OFFSET = 12;
    /** Bits of a row of BOOLEAN; bytes otherwise. */
    private final int width;

    private final int rows;
    private final SegmentIndex.Column column;
    private final MappedArea values;
    private final @Nullable MappedArea validity;
    private final MappedArea[] heaps;
    private final SealedColumn sealed;
    /** By chunk of rows, 1 when they may be read. Racy: a chunk may be looked at twice. */
    private final byte[] ready;

    private int readyChunks;
    private volatile boolean complete;

    /** Takes a hold of each area. */
    MappedColumn(
            SegmentIndex.Column column,
            int rows,
            MappedArea values,
            @Nullable MappedArea validity,
            List<MappedArea> heapAreas) {
        this.column = column;
        this.rows = rows;
        this.width = column.type().width();
        this.values = values;
        this.validity = validity;
        this.heaps = heapAreas.toArray(MappedArea[]::new);
        this.ready = new byte[(rows + CHUNK_ROWS - 1) >>> CHUNK_SHIFT];
        ArrowBuf bits = validity == null || column.validity() == null ? null : validity.buffer(column.validity());
        ColumnBuffer buffer = ColumnBuffer.over(column.type(), rows, values.buffer(column.values()), bits);
        ArrowBuf[] texts = new ArrowBuf[heaps.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = heaps[i].buffer(column.heaps().get(i));
        }
        this.sealed = new SealedColumn(buffer, texts);
    }

    @Override
    public @Nullable SealedColumn complete() {
        return complete ? sealed : null;
    }

    @Override
    public SealedColumn rows(int row, int count) {
        if (count > 0) {
            int last = (row + count - 1) >>> CHUNK_SHIFT;
            for (int chunk = row >>> CHUNK_SHIFT; chunk <= last; chunk++) {
                if (ready[chunk] == 0) {
                    check(chunk);
                }
            }
        }
        return sealed;
    }

    private void check(int chunk) {
        int from = chunk << CHUNK_SHIFT;
        int end = Math.min(rows, from + CHUNK_ROWS);
        if (width == 0) {
            checkBits(values, column.values(), from, end);
        } else {
            values.check(column.values().offset() + (long) from * width, (long) (end - from) * width);
        }
        if (validity != null && column.validity() != null) {
            checkBits(validity, column.validity(), from, end);
        }
        if (heaps.length > 0) {
            checkTexts(from, end);
        }
        markReady(chunk);
    }

    private static void checkBits(MappedArea area, SegmentIndex.Part part, int from, int end) {
        long first = from / Byte.SIZE;
        area.check(part.offset() + first, (end + Byte.SIZE - 1) / Byte.SIZE - first);
    }

    private void checkTexts(int from, int end) {
        long views = sealed.values().data().memoryAddress();
        for (int row = from; row < end; row++) {
            long view = views + (long) row * ColumnVector.VIEW_BYTES;
            int length = Memory.getInt(view);
            if (length > ColumnVector.INLINE_BYTES) {
                int heap = Memory.getInt(view + VIEW_HEAP);
                heaps[heap].check(column.heaps().get(heap).offset() + Memory.getInt(view + VIEW_OFFSET), length);
            }
        }
    }

    private synchronized void markReady(int chunk) {
        if (ready[chunk] == 0) {
            ready[chunk] = 1;
            complete = ++readyChunks == ready.length;
        }
    }

    @Override
    public void close() {
        sealed.close();
    }
}
