package io.zeptodb.engine.seal;

import io.zeptodb.engine.partition.SealTask;
import io.zeptodb.engine.store.Directory;

/** Where sealed segments are made. Called by one thread at a time. */
public interface SegmentStore {
    /**
     * Makes the sealed segment of a task and swaps it in.
     *
     * @throws io.zeptodb.engine.api.EngineException OUT_OF_MEMORY, IO_ERROR, DISK_FULL, CLOSED: nothing has changed
     */
    void seal(SealTask task);

    /**
     * Writes small segments, and those of which many rows are deleted, anew. The caller holds a lease.
     *
     * @return segments made
     * @throws io.zeptodb.engine.api.EngineException as {@link #seal}
     */
    int compact();

    /**
     * Copies the database as it is now into another folder.
     *
     * @param stopCheck throws when the work shall end
     * @return bytes copied
     * @throws io.zeptodb.engine.api.EngineException FEATURE_NOT_SUPPORTED for a database in memory; as {@link Backup#copy}
     */
    long backup(Directory target, Runnable stopCheck);

    /** Makes what was sealed independent of the log; does nothing where there is none. */
    void checkpoint();
}
