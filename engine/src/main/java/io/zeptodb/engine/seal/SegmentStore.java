package io.zeptodb.engine.seal;

import io.zeptodb.engine.partition.SealTask;

/** Where sealed segments are made. Called by one thread at a time. */
public interface SegmentStore {
    /**
     * Makes the sealed segment of a task and swaps it in.
     *
     * @throws io.zeptodb.engine.api.EngineException OUT_OF_MEMORY, IO_ERROR, DISK_FULL, CLOSED: nothing has changed
     */
    void seal(SealTask task);

    /** Makes what was sealed independent of the log; does nothing where there is none. */
    void checkpoint();
}
