package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.ColumnBuffer;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;

/** A column of a sealed segment in memory: its values, and the heaps that the views of a text column index. Immutable. */
public final class SealedColumn {
    private static final ArrowBuf[] NO_HEAPS = {};

    final ColumnBuffer values;
    final ArrowBuf[] heaps;
    final long[] heapAddresses;
    final boolean hasViews;

    /** @param heaps empty but for VARCHAR and VARBINARY */
    public SealedColumn(ColumnBuffer values, ArrowBuf[] heaps) {
        this(
                values,
                heaps,
                Arrays.stream(heaps).mapToLong(ArrowBuf::memoryAddress).toArray());
    }

    SealedColumn(ColumnBuffer values, ArrowBuf[] heaps, long[] heapAddresses) {
        this.values = values;
        this.heaps = heaps;
        this.heapAddresses = heapAddresses;
        this.hasViews = values.type().kind().isView();
    }

    SealedColumn(ColumnBuffer values) {
        this(values, NO_HEAPS);
    }

    public ColumnBuffer values() {
        return values;
    }

    /** Gives back the holds of all buffers. */
    public void close() {
        values.close();
        for (ArrowBuf heap : heaps) {
            heap.getReferenceManager().release();
        }
    }
}
