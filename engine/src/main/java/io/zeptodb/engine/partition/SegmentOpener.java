package io.zeptodb.engine.partition;

import io.zeptodb.engine.catalog.SegmentMetadata;

/** Makes a segment of a file that a manifest has named, without reading it yet. */
public interface SegmentOpener {
    /**
     * The segment.
     *
     * @param layout the columns of the table that the file has
     * @throws io.zeptodb.engine.api.EngineException IO_ERROR, CORRUPTION
     */
    SealedSegment open(TableLayout layout, SegmentMetadata file);
}
