package io.zeptodb.engine.seal;

import io.zeptodb.engine.partition.SealTask;
import java.util.List;

/** Where sealed segments are made. Called by one thread at a time. */
public interface SegmentStore {
    /**
     * Makes the sealed segments of tasks and swaps them in, the first ones before the last are made; ends when the database is closed.
     *
     * @param stopCheck throws when the work shall end: what was swapped in by then stays, the rest comes again
     * @throws io.zeptodb.engine.api.EngineException OUT_OF_MEMORY, IO_ERROR, DISK_FULL, CLOSED: likewise
     */
    void seal(List<SealTask> tasks, Runnable stopCheck);

    /**
     * Writes small segments, and those of which many rows are deleted, anew. The caller holds a lease.
     *
     * @param stopCheck throws when the work shall end: what was written by then is swapped in, the rest comes again
     * @return segments made
     * @throws io.zeptodb.engine.api.EngineException as {@link #seal}
     */
    int compact(Runnable stopCheck);

    /**
     * Copies the database as it is now into another folder.
     *
     * @param path of the folder: empty or not there, and outside of the database's own
     * @param stopCheck throws when the work shall end
     * @return bytes copied
     * @throws io.zeptodb.engine.api.EngineException FEATURE_NOT_SUPPORTED for a database in memory, which makes no folder; INVALID_ARGUMENT when the path is
     *     empty or lies in the database's own folder; as {@link Backup#copy}
     */
    long backup(String path, Runnable stopCheck);

    /**
     * Makes what was sealed independent of the log; does nothing where there is none.
     *
     * @param stopCheck throws when the wait for a transaction shall end
     */
    void checkpoint(Runnable stopCheck);
}
