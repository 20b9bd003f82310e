package io.zeptodb.engine.partition;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.ColumnBuffer;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.catalog.ColumnStatistics;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/**
 * Copies the rows that are not deleted, run by run of a segment, in the order of their keys and each in time order, into contiguous columns. Used by one thread while a lease keeps
 * the source's memory. Closing it before {@link #finish} gives everything back.
 */
public final class SealedSegmentBuilder implements AutoCloseable {
    private final TableLayout layout;
    private final SegmentSnapshot source;
    private final BitScratch bits;
    private final ColumnVector[] vectors;
    private final long[] keys;
    private final int[] starts;
    private ColumnBuffer @Nullable [] columns;
    private int runs;
    private int rows;
    private boolean hasNullKey;

    SealedSegmentBuilder(TableLayout layout, SegmentSnapshot source) {
        this.layout = layout;
        this.source = source;
        if (source.rowCount() > Integer.MAX_VALUE) {
            throw new EngineException(
                    ErrorCode.FEATURE_NOT_SUPPORTED,
                    "cannot seal " + source.rowCount() + " rows of '" + layout.metadata.name() + "' in one segment, "
                            + Integer.MAX_VALUE + " are the most; set seal_rows lower");
        }
        this.bits = new BitScratch(layout.budget);
        this.vectors = new ColumnVector[layout.types.length];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = new ColumnVector(layout.types[i]);
        }
        this.keys = new long[source.runCount()];
        this.starts = new int[source.runCount() + 1];
        this.columns = Slab.allocateColumns(layout, (int) source.rowCount());
    }

    /** Adds the next run that has rows which are not deleted: keys ascend, the NULL key comes last. */
    public void addRun(int run) {
        ColumnBuffer[] targets = openColumns();
        int count = source.liveRows(run);
        int[] order = source.runOrder(run);
        for (int i = 0; i < targets.length; i++) {
            ColumnVector vector = vectors[i];
            source.slice(
                    i == layout.sequenceColumn ? SegmentSnapshot.SEQUENCE : i,
                    run,
                    0,
                    source.runRows(run),
                    vector,
                    bits);
            if (order == null) {
                targets[i].copy(vector, 0, count, rows, null);
            } else {
                targets[i].gather(vector, order, 0, count, rows, null);
            }
        }
        keys[runs] = source.runKey(run);
        hasNullKey |= source.runKeyIsNull(run);
        rows += count;
        starts[++runs] = rows;
    }

    private ColumnBuffer[] openColumns() {
        ColumnBuffer[] open = columns;
        if (open == null) {
            throw new IllegalStateException("the segment is finished or given up");
        }
        return open;
    }

    /** The segment of all runs added, which must be all of the source. */
    SealedSegment finish() {
        if (rows != source.rowCount()) {
            throw new IllegalStateException("sealed " + rows + " rows of " + source.rowCount());
        }
        ColumnBuffer[] made = openColumns();
        ColumnStatistics[] statistics = statistics(made);
        SealedColumn[] sealed = new SealedColumn[layout.types.length];
        for (int i = 0; i < sealed.length; i++) {
            sealed[i] = layout.types[i].kind().isView() ? withHeaps(made[i], vectors[i]) : new SealedColumn(made[i]);
        }
        columns = null;
        SealedRuns index = new SealedRuns(Arrays.copyOf(keys, runs), Arrays.copyOf(starts, runs + 1), hasNullKey);
        return SealedSegment.inMemory(layout, new MemoryColumns(index, sealed), statistics);
    }

    private ColumnStatistics[] statistics(ColumnBuffer[] made) {
        if (!source.deletedRows().isEmpty()) {
            return SegmentStatistics.of(layout, made, rows);
        }
        ColumnStatistics[] known = new ColumnStatistics[layout.types.length];
        for (int i = 0; i < known.length; i++) {
            known[i] = source.statistics(i == layout.sequenceColumn ? SegmentSnapshot.SEQUENCE : i);
        }
        return known;
    }

    private static SealedColumn withHeaps(ColumnBuffer views, ColumnVector vector) {
        // the hot segment's heaps may still grow: only what its views index is held
        ArrowBuf[] buffers = vector.heaps();
        for (ArrowBuf buffer : buffers) {
            buffer.getReferenceManager().retain();
        }
        return new SealedColumn(views, buffers, vector.heapAddresses());
    }

    @Override
    public void close() {
        bits.close();
        if (columns != null) {
            for (ColumnBuffer column : columns) {
                column.close();
            }
            columns = null;
        }
    }
}
