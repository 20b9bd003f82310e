package io.zeptodb.engine.tier;

import io.zeptodb.engine.catalog.SegmentCompression;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.partition.SegmentSnapshot;
import java.util.List;

/**
 * A segment to be written.
 *
 * @param number that no segment of the database has had
 * @param table whose columns the file gets
 * @param slice of the partition that all sources are of
 * @param sources whose rows are merged, hot or sealed; a lease keeps them readable
 * @param compression of the buffers
 */
public record SegmentSpec(
        long number,
        TableMetadata table,
        SegmentMetadata.Slice slice,
        List<SegmentSnapshot> sources,
        SegmentCompression compression) {
    public SegmentSpec {
        sources = List.copyOf(sources);
    }
}
