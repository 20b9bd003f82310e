package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.catalog.TableMetadata;
import java.util.List;

/** Sealed segments of one partition that shall become one. Given out by {@link DatabaseStore#beginCompaction}. */
public final class CompactionTask {
    final TableStore table;
    final PartitionStore partition;
    final List<StoredSegment> segments;
    final TableLayout layout;
    private final List<SegmentSnapshot> sources;

    CompactionTask(
            TableStore table, PartitionStore partition, List<StoredSegment> segments, List<SegmentSnapshot> sources) {
        this.table = table;
        this.partition = partition;
        this.segments = List.copyOf(segments);
        this.sources = List.copyOf(sources);
        this.layout = table.layout();
    }

    public TableMetadata metadata() {
        return layout.metadata;
    }

    /** The partition that the rows are of. */
    public SegmentMetadata.Slice slice() {
        return new SegmentMetadata.Slice(partition.sliceStart, partition.sliceEnd, partition.nullTimes);
    }

    /** The table's: what a segment needs of it stays until the table is freed. */
    public MemoryBudget memory() {
        return layout.budget;
    }

    /** The rows, without those that were deleted before; readable while a lease is open that was taken before the task. */
    public List<SegmentSnapshot> sources() {
        return sources;
    }
}
