package io.zeptodb.engine.partition;

import java.util.List;

/** Sealed segments of one partition that shall become one. Given out by {@link DatabaseStore#beginCompaction}. */
public final class CompactionTask extends SegmentTask {
    CompactionTask(
            TableStore table, PartitionStore partition, List<StoredSegment> segments, List<SegmentSnapshot> sources) {
        super(table, partition, segments, sources);
    }

    @Override
    boolean areSegmentsThere() {
        return partition.hasSealed(segments);
    }

    @Override
    void swapIn(StoredSegment made) {
        partition.replaceSealed(segments, made);
    }
}
