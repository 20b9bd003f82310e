package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.catalog.TableMetadata;
import java.util.List;

/** Segments of one partition that a sealed one shall be made of, which takes their place with {@link DatabaseStore#finish}. */
public abstract class SegmentTask {
    final TableStore table;
    final PartitionStore partition;
    /** What is replaced. */
    final List<StoredSegment> segments;

    private final List<SegmentSnapshot> sources;
    /** The table's when the task was begun; what is altered since, the made segment is read as. */
    final TableLayout layout;

    /** @param sources of each segment its last snapshot */
    SegmentTask(
            TableStore table, PartitionStore partition, List<StoredSegment> segments, List<SegmentSnapshot> sources) {
        this.table = table;
        this.partition = partition;
        this.segments = List.copyOf(segments);
        this.sources = List.copyOf(sources);
        this.layout = table.layout();
    }

    /** The table as the rows of {@link #sources} are: as it was when the task was begun. */
    public final TableMetadata metadata() {
        return layout.metadata;
    }

    /** The rows, without those that were deleted before; readable while a lease is open that was taken before the task. */
    public final List<SegmentSnapshot> sources() {
        return sources;
    }

    /** The partition that the rows are of. */
    public final SegmentMetadata.Slice slice() {
        return new SegmentMetadata.Slice(partition.sliceStart, partition.sliceEnd, partition.nullTimes);
    }

    /** The table's: what a segment needs of it stays until the table is freed. */
    public final MemoryBudget memory() {
        return layout.budget;
    }

    /** Whether what is replaced is still what its partition has. Under the gate, as {@link #swapIn} is. */
    abstract boolean areSegmentsThere();

    /** Puts the made segment in the place of those that it was made of. */
    abstract void swapIn(StoredSegment made);
}
