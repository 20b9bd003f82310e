package io.zeptodb.engine.seal;

import io.zeptodb.engine.partition.DatabaseStore;
import io.zeptodb.engine.partition.SealTask;
import io.zeptodb.engine.partition.SealedSegmentBuilder;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.partition.SnapshotLease;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Turns hot segments into sealed ones: rows sorted by key, time and sequence, each column contiguous. Synchronous: the engine calls it from a thread
 * of its own, or from the one that asked for a checkpoint; two calls follow each other. Writers go on meanwhile, with fresh hot segments,
 * and wait only while the result is swapped in.
 */
public final class Sealer {
    private final DatabaseStore store;

    public Sealer(DatabaseStore store) {
        this.store = store;
    }

    /**
     * Seals what is due: large hot segments, and those of time slices that have passed. Segments sealed.
     *
     * @throws io.zeptodb.engine.api.EngineException OUT_OF_MEMORY: the segment stays as it is and is tried again next time; CLOSED
     */
    public synchronized int sealDue() {
        return seal(false);
    }

    /** Seals every hot segment that had rows at the call. Segments sealed. Errors as {@link #sealDue()}. */
    public synchronized int checkpoint() {
        return seal(true);
    }

    private int seal(boolean all) {
        try (SnapshotLease lease = store.lease()) {
            List<SealTask> tasks = store.beginSeal(all);
            for (SealTask task : tasks) {
                if (!store.isClosed()) {
                    seal(task);
                }
            }
            return tasks.size();
        }
    }

    private void seal(SealTask task) {
        try (SealedSegmentBuilder builder = task.newBuilder()) {
            for (int run : runsByKey(task.source())) {
                builder.addRun(run);
            }
            store.finishSeal(task, builder);
        }
    }

    private static int[] runsByKey(SegmentSnapshot source) {
        Comparator<Integer> byKey =
                Comparator.<Integer, Boolean>comparing(source::runKeyIsNull).thenComparingLong(source::runKey);
        return IntStream.range(0, source.runCount())
                .filter(run -> source.liveRows(run) > 0)
                .boxed()
                .sorted(byKey)
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
