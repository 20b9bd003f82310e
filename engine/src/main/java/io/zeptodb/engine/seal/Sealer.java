package io.zeptodb.engine.seal;

import io.zeptodb.engine.partition.DatabaseStore;
import io.zeptodb.engine.partition.Gate;
import io.zeptodb.engine.partition.SealTask;
import io.zeptodb.engine.partition.SnapshotLease;
import java.util.List;

/**
 * Turns hot segments into sealed ones: rows sorted by key, time and sequence, each column contiguous; in memory or in files, as the {@link
 * SegmentStore} has it. Synchronous: the engine calls it from a thread of its own, or from the one that asked for a checkpoint; two calls follow each
 * other. Writers go on meanwhile, with fresh hot segments, and wait only while the result is swapped in.
 */
public final class Sealer {
    private final DatabaseStore store;
    private final SegmentStore segments;
    private final Gate gate = new Gate();

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
     * @param stopCheck called while this waits for others and between steps; what it throws ends the call, and everything is as after the last step
     * @throws io.zeptodb.engine.api.EngineException OUT_OF_MEMORY, IO_ERROR, DISK_FULL: the segment stays as it is and is tried again next time;
     *     CLOSED
     */
    public int sealDue(Runnable stopCheck) {
        gate.enter(stopCheck);
        try {
            int sealed = seal(false, stopCheck);
            if (sealed > 0) {
                segments.checkpoint(stopCheck);
            }
            return sealed;
        } finally {
            gate.leave();
        }
    }

    /**
     * Seals every hot segment that had rows at the call, and writes down what is in files. Segments sealed. Stops and errors as {@link
     * #sealDue(Runnable)}.
     */
    public int checkpoint(Runnable stopCheck) {
        gate.enter(stopCheck);
        try {
            int sealed = seal(true, stopCheck);
            segments.checkpoint(stopCheck);
            return sealed;
        } finally {
            gate.leave();
        }
    }

    private int seal(boolean all, Runnable stopCheck) {
        try (SnapshotLease lease = store.lease()) {
            List<SealTask> tasks = store.beginSeal(all, stopCheck);
            segments.seal(tasks, stopCheck);
            return tasks.size() + (store.isClosed() ? 0 : compact(stopCheck));
        }
    }

    /** Under a lease of its own, for the segments that were sealed a moment ago are newer than the one of their sealing. */
    private int compact(Runnable stopCheck) {
        try (SnapshotLease lease = store.lease()) {
            return segments.compact(stopCheck);
        }
    }

    /** Writes down what is in files, and frees those that are needed no more. Stops and errors as {@link #sealDue(Runnable)}. */
    public void settle(Runnable stopCheck) {
        gate.enter(stopCheck);
        try {
            segments.checkpoint(stopCheck);
        } finally {
            gate.leave();
        }
    }

    /** Copies the database as it is now into another folder; bytes copied. Errors as {@link SegmentStore#backup}. */
    public long backup(String path, Runnable stopCheck) {
        gate.enter(stopCheck);
        try {
            return segments.backup(path, stopCheck);
        } finally {
            gate.leave();
        }
    }

    /** Runs work that must not meet a segment being written, such as copying all files. */
    public void between(Runnable work) {
        gate.enter();
        try {
            work.run();
        } finally {
            gate.leave();
        }
    }
}
