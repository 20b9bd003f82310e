package io.zeptodb.engine.tier;

import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.store.Directory;
import io.zeptodb.engine.store.OutputFile;

/** A segment's file that is written and not yet on the disk for certain. One thread at a time. */
public final class WrittenSegment {
    private final Directory directory;
    private final OutputFile file;
    private final SegmentMetadata metadata;

    WrittenSegment(Directory directory, OutputFile file, SegmentMetadata metadata) {
        this.directory = directory;
        this.file = file;
        this.metadata = metadata;
    }

    /** What the manifest needs to know. */
    public SegmentMetadata metadata() {
        return metadata;
    }

    /**
     * Waits until the file is on the disk and closes it. Its name is durable with the folder's next sync.
     *
     * @throws io.zeptodb.engine.api.EngineException IO_ERROR, DISK_FULL: nobody knows what of it is there
     */
    public void sync() {
        try (file) {
            file.sync();
        }
    }

    /** Closes and deletes it. */
    public void discard() {
        try (file) {
            directory.delete(file.name());
        }
    }
}
