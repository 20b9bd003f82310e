package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.catalog.Manifest.DeletedRowsFile;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.catalog.TableMetadata;

/** Opens what a manifest has named: a segment, whose file is not read yet, and which rows of it are deleted. */
public interface SegmentOpener {
    /**
     * The segment's memory, which goes over to the caller.
     *
     * @param table as it is now
     * @param memory of the table, which is there as long as the segment is
     */
    SegmentColumns open(TableMetadata table, MemoryBudget memory, SegmentMetadata file);

    /** Who takes the deleted rows of a segment, in the order of run and row. */
    interface DeletedRowsSink {
        void deleted(int run, int row);
    }

    /**
     * Reads which rows of a segment are deleted.
     *
     * @throws io.zeptodb.engine.api.EngineException CORRUPTION, IO_ERROR
     */
    void readDeleted(SegmentMetadata segment, DeletedRowsFile file, DeletedRowsSink sink);
}
