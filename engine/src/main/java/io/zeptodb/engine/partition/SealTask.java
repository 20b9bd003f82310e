package io.zeptodb.engine.partition;

import io.zeptodb.engine.catalog.TableMetadata;

/** A hot segment that takes no more rows and waits to be sealed. Given out by {@link DatabaseStore#beginSeal}. */
public final class SealTask {
    final TableStore table;
    final PartitionStore partition;
    final HotSegment hot;
    private final HotSnapshot source;

    SealTask(TableStore table, PartitionStore partition, HotSegment hot, HotSnapshot source) {
        this.table = table;
        this.partition = partition;
        this.hot = hot;
        this.source = source;
    }

    public TableMetadata metadata() {
        return table.layout.metadata;
    }

    /** The rows to seal; readable while a lease is open that was taken before the task. */
    public SegmentSnapshot source() {
        return source;
    }

    /** Begins the sealed segment. */
    public SealedSegmentBuilder newBuilder() {
        return new SealedSegmentBuilder(table.layout, source);
    }
}
