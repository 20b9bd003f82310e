package io.zeptodb.engine.tier;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.batch.Closing;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.catalog.SegmentCompression;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.store.Directory;
import io.zeptodb.engine.store.OutputFile;
import org.jspecify.annotations.Nullable;

/**
 * Writes sealed segments as files. Takes the memory of one column at a time. May be used by many threads, each with its own segments.
 */
public final class SegmentWriter {
    /** Most rows of a segment: all columns but those of texts and decimals can be mapped as one. */
    public static final long MOST_ROWS = SegmentFormat.MOST_BUFFER_BYTES / (2 * Long.BYTES);

    private final Directory directory;
    private final MemoryBudget memory;

    /** @param memory of the database; each segment takes a child of it */
    public SegmentWriter(Directory directory, MemoryBudget memory) {
        this.directory = directory;
        this.memory = memory;
    }

    /**
     * Writes the rows of all sources that are not deleted, in the order of (key, time, sequence), and waits until the file is on the disk. Its
     * name is durable with the folder's next sync. When it fails, the file is deleted if that is possible; it is garbage if it is not.
     *
     * @param stopCheck throws when the work shall end; called now and then
     * @return what the manifest needs to know; null, and no file, when no row is left
     * @throws EngineException OUT_OF_MEMORY, IO_ERROR, DISK_FULL; CORRUPTION of a source; FEATURE_NOT_SUPPORTED for too many rows
     */
    public @Nullable SegmentMetadata write(SegmentSpec spec, Runnable stopCheck) {
        WrittenSegment written = writeUnsynced(spec, stopCheck);
        if (written == null) {
            return null;
        }
        try {
            written.sync();
        } catch (RuntimeException | Error e) {
            new Closing().then(written::discard).addTo(e);
            throw e;
        }
        return written.metadata();
    }

    /** As {@link #write}, but does not wait for the disk: that is the caller's to do, for many files at once. */
    public @Nullable WrittenSegment writeUnsynced(SegmentSpec spec, Runnable stopCheck) {
        MemoryBudget budget = memory.child("segment " + spec.number(), memory.limitBytes(), stopCheck);
        try (budget;
                MergedRows rows = new MergedRows(spec.table(), spec.sources(), budget)) {
            return rows.rows() == 0 ? null : write(spec, rows, budget);
        }
    }

    private BodyColumns columns(SegmentSpec spec, MergedRows rows, MemoryBudget budget) {
        return spec.compression() == SegmentCompression.NONE
                ? new PlainColumns(spec, rows, budget)
                : new CompressedColumns(spec, rows, budget, directory);
    }

    private WrittenSegment write(SegmentSpec spec, MergedRows rows, MemoryBudget budget) {
        String name = SegmentMetadata.fileName(spec.number());
        OutputFile file = directory.create(name);
        try (BodyColumns columns = columns(spec, rows, budget)) {
            return new WrittenSegment(directory, file, new SegmentBody(columns, file).write());
        } catch (RuntimeException | Error e) {
            new Closing().then(file::close).then(() -> directory.delete(name)).addTo(e);
            throw e;
        }
    }
}
