package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.catalog.TableMetadata;

/** A hot segment that takes no more rows and waits to be sealed. Given out by {@link DatabaseStore#beginSeal}. */
public final class SealTask {
    final TableStore table;
    final PartitionStore partition;
    final StoredSegment frozen;
    private final SegmentSnapshot source;
    /** The table's when the task was begun; what is altered since, the made segment is read as. */
    final TableLayout layout;

    SealTask(TableStore table, PartitionStore partition, StoredSegment frozen, SegmentSnapshot source) {
        this.table = table;
        this.partition = partition;
        this.frozen = frozen;
        this.source = source;
        this.layout = table.layout();
    }

    /** The table as the rows of {@link #source} are: as it was when the task was begun. */
    public TableMetadata metadata() {
        return layout.metadata;
    }

    /** The rows to seal, without those that were deleted before; readable while a lease is open that was taken before the task. */
    public SegmentSnapshot source() {
        return source;
    }

    /** The partition that the rows are of. */
    public SegmentMetadata.Slice slice() {
        return new SegmentMetadata.Slice(partition.sliceStart, partition.sliceEnd, partition.nullTimes);
    }

    /** The table's: what a segment needs of it stays until the table is freed. */
    public MemoryBudget memory() {
        return layout.budget;
    }

    /** Begins the sealed segment. */
    public SealedSegmentBuilder newBuilder() {
        return new SealedSegmentBuilder(layout, source);
    }
}
