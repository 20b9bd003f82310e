package io.zeptodb.engine.partition;

import java.util.List;

/** A hot segment that takes no more rows and waits to be sealed. Given out by {@link DatabaseStore#beginSeal}. */
public final class SealTask extends SegmentTask {
    private final StoredSegment frozen;
    private final SegmentSnapshot source;

    SealTask(TableStore table, PartitionStore partition, StoredSegment frozen, SegmentSnapshot source) {
        super(table, partition, List.of(frozen), List.of(source));
        this.frozen = frozen;
        this.source = source;
    }

    /** The one of {@link #sources()}. */
    public SegmentSnapshot source() {
        return source;
    }

    /** Begins the sealed segment in memory. */
    public SealedSegmentBuilder newBuilder() {
        return new SealedSegmentBuilder(layout, source);
    }

    @Override
    boolean areSegmentsThere() {
        return partition.isFrozen(frozen);
    }

    @Override
    void swapIn(StoredSegment made) {
        partition.replace(frozen, made);
    }
}
