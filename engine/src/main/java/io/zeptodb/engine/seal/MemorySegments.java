package io.zeptodb.engine.seal;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.partition.DatabaseStore;
import io.zeptodb.engine.partition.SealTask;
import io.zeptodb.engine.partition.SealedSegmentBuilder;
import io.zeptodb.engine.partition.SegmentSnapshot;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Sealed segments in memory. */
public final class MemorySegments implements SegmentStore {
    private final DatabaseStore store;

    public MemorySegments(DatabaseStore store) {
        this.store = store;
    }

    @Override
    public void seal(List<SealTask> tasks, Runnable stopCheck) {
        for (SealTask task : tasks) {
            if (!store.isClosed()) {
                seal(task, stopCheck);
            }
        }
    }

    private void seal(SealTask task, Runnable stopCheck) {
        try (SealedSegmentBuilder builder = task.newBuilder()) {
            for (int run : runsByKey(task.source())) {
                stopCheck.run();
                builder.addRun(run);
            }
            store.finish(task, builder, stopCheck);
        }
    }

    @Override
    public int compact(Runnable stopCheck) {
        return 0; // their memory is the table's either way
    }

    @Override
    public long backup(String path, Runnable stopCheck) {
        throw new EngineException(
                ErrorCode.FEATURE_NOT_SUPPORTED,
                "cannot make a backup: the database is in memory, or was opened to be read only; COPY writes a table to a file");
    }

    @Override
    public void checkpoint(Runnable stopCheck) {}

    private static int[] runsByKey(SegmentSnapshot source) {
        Comparator<Integer> byKey =
                Comparator.<Integer, Boolean>comparing(source::runKeyIsNull).thenComparingLong(source::runKey);
        return IntStream.range(0, source.runCount())
                .boxed()
                .filter(run -> source.liveRows(run) > 0)
                .sorted(byKey)
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
