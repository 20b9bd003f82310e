package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.catalog.TableMetadata;

/** Makes the memory of a segment of a file that a manifest has named, without reading it yet. */
public interface SegmentOpener {
    /**
     * The segment's memory, which goes over to the caller.
     *
     * @param table as it is now
     * @param memory of the table, which is there as long as the segment is
     */
    SegmentColumns open(TableMetadata table, MemoryBudget memory, SegmentMetadata file);
}
