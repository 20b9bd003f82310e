package io.zeptodb.engine.seal;

import io.zeptodb.engine.partition.DatabaseStore;
import io.zeptodb.engine.partition.SealTask;
import io.zeptodb.engine.partition.SnapshotLease;
import io.zeptodb.engine.store.Directory;
import java.util.List;

/**
 * Turns hot segments into sealed ones: rows sorted by key, time and sequence, each column contiguous; in memory or in files, as the {@link
 * SegmentStore} has it. Synchronous: the engine calls it from a thread of its own, or from the one that asked for a checkpoint; two calls follow each
 * other. Writers go on meanwhile, with fresh hot segments, and wait only while the result is swapped in.
 */
public final class Sealer {
    private final DatabaseStore store;
    private final SegmentStore segments;

    /** Seals in memory. */
    public Sealer(DatabaseStore store) {
        this(store, new MemorySegments(store));
    }

    public Sealer(DatabaseStore store, SegmentStore segments) {
        this.store = store;
        this.segments = segments;
    }

    /**
     * Seals what is due: large hot segments, and those of time slices that have passed. Segments sealed.
     *
     * @throws io.zeptodb.engine.api.EngineException OUT_OF_MEMORY, IO_ERROR, DISK_FULL: the segment stays as it is and is tried again next time;
     *     CLOSED
     */
    public synchronized int sealDue() {
        int sealed = seal(false);
        if (sealed > 0) {
            segments.checkpoint();
        }
        return sealed;
    }

    /** Seals every hot segment that had rows at the call, and writes down what is in files. Segments sealed. Errors as {@link #sealDue()}. */
    public synchronized int checkpoint() {
        int sealed = seal(true);
        segments.checkpoint();
        return sealed;
    }

    private int seal(boolean all) {
        try (SnapshotLease lease = store.lease()) {
            List<SealTask> tasks = store.beginSeal(all);
            for (SealTask task : tasks) {
                if (!store.isClosed()) {
                    segments.seal(task);
                }
            }
            return tasks.size() + (store.isClosed() ? 0 : compact());
        }
    }

    /** Under a lease of its own, for the segments that were sealed a moment ago are newer than the one of their sealing. */
    private int compact() {
        try (SnapshotLease lease = store.lease()) {
            return segments.compact();
        }
    }

    /** Writes down what is in files, and frees those that are needed no more. Errors as {@link #sealDue()}. */
    public synchronized void settle() {
        segments.checkpoint();
    }

    /** Copies the database as it is now into another folder; bytes copied. Errors as {@link SegmentStore#backup}. */
    public synchronized long backup(Directory target, Runnable stopCheck) {
        return segments.backup(target, stopCheck);
    }

    /** Runs work that must not meet a segment being written, such as copying all files. */
    public synchronized void between(Runnable work) {
        work.run();
    }
}
