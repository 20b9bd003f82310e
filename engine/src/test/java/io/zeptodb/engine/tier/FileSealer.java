package io.zeptodb.engine.tier;

import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.catalog.SegmentCompression;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.partition.CompactionPolicy;
import io.zeptodb.engine.partition.CompactionTask;
import io.zeptodb.engine.partition.DatabaseStore;
import io.zeptodb.engine.partition.SealTask;
import io.zeptodb.engine.partition.SegmentTask;
import io.zeptodb.engine.partition.SnapshotLease;
import io.zeptodb.engine.store.Directory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Seals hot segments into files of a folder: the least that can be done with a writer and a store. */
public final class FileSealer {
    private final DatabaseStore store;
    private final Directory directory;
    private final SegmentWriter writer;
    private final SegmentCompression compression;
    private final List<SegmentMetadata> written = new ArrayList<>();

    public FileSealer(DatabaseStore store, Directory directory, MemoryBudget memory, SegmentCompression compression) {
        this.store = store;
        this.directory = directory;
        this.writer = new SegmentWriter(directory, memory);
        this.compression = compression;
    }

    /** What was written so far. */
    public List<SegmentMetadata> written() {
        return written;
    }

    /** Seals what is hot, or what is due. */
    public void seal(boolean all) {
        try (SnapshotLease lease = store.lease()) {
            for (SealTask task : store.beginSeal(all, () -> {})) {
                seal(task, () -> {});
            }
        }
    }

    /** Writes small segments, and those with deleted rows, anew as one each. */
    public void compact(CompactionPolicy policy, Runnable beforeInstall) {
        try (SnapshotLease lease = store.lease()) {
            for (CompactionTask task : store.beginCompaction(policy, () -> {})) {
                seal(task, beforeInstall);
            }
        }
    }

    /** Makes one segment, under a lease. */
    public void seal(SegmentTask task, Runnable beforeInstall) {
        SegmentSpec spec =
                new SegmentSpec(written.size() + 1, task.metadata(), task.slice(), task.sources(), compression);
        SegmentMetadata made = Objects.requireNonNull(writer.write(spec, () -> {}));
        written.add(made);
        beforeInstall.run();
        store.finish(task, made, new SegmentFile(directory, made, task.metadata(), task.memory()), () -> {});
    }
}
