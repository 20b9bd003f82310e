package io.zeptodb.engine.seal;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.Closing;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.catalog.SegmentCompression;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.partition.DatabaseStore;
import io.zeptodb.engine.partition.SegmentTask;
import io.zeptodb.engine.partition.SnapshotLease;
import io.zeptodb.engine.store.Directory;
import io.zeptodb.engine.tier.SegmentSpec;
import io.zeptodb.engine.tier.SegmentWriter;
import io.zeptodb.engine.tier.WrittenSegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Writes rows into segment files of the database's folder and swaps them in. No manifest names them yet. Called by one thread at a time. */
public final class SegmentFileWriting {
    /**
     * How files are written.
     *
     * @param compression of their buffers
     * @param parallel runs all of some tasks, at once if it can, and throws when one has failed
     */
    public record Settings(SegmentCompression compression, Consumer<List<Runnable>> parallel) {}

    /** So many files wait for the disk together, */
    private static final int GROUP_FILES = 64;
    /** or files of so many bytes: the rows in them take memory until then. */
    private static final long GROUP_BYTES = 4 << 20;

    private final DatabaseStore store;
    private final SegmentFiles files;
    private final SegmentNumbers numbers;
    private final SegmentCompression compression;
    private final Consumer<List<Runnable>> parallel;
    private final SegmentWriter writer;

    public SegmentFileWriting(
            Directory directory,
            DatabaseStore store,
            MemoryBudget memory,
            SegmentFiles files,
            SegmentNumbers numbers,
            Settings settings) {
        this.store = store;
        this.files = files;
        this.numbers = numbers;
        this.compression = settings.compression;
        this.parallel = settings.parallel;
        this.writer = new SegmentWriter(directory, memory);
    }

    /**
     * Seals all rows that the log has brought back so far, between two of its transactions. Nothing on the disk speaks of it: a crash leaves files that
     * the next open deletes, and it reads the same log again. Errors as {@link SegmentStore#seal}.
     */
    public void sealReplayed() {
        try (SnapshotLease lease = store.lease()) {
            write(store.beginSeal(true, () -> {}), () -> {});
        }
    }

    /** A file that waits for the disk, and what it is to take the place of. */
    private record Unsynced(SegmentTask task, WrittenSegment file) {}

    /**
     * The disk makes many small files durable in about the time that it takes for one: they wait for it together. None takes the place of its sources
     * before it is on the disk. Errors as {@link SegmentStore#seal}.
     */
    void write(List<? extends SegmentTask> tasks, Runnable stopCheck) {
        Runnable check = () -> {
            checkOpen();
            stopCheck.run();
        };
        List<Unsynced> group = new ArrayList<>();
        try {
            long bytes = 0;
            for (SegmentTask task : tasks) {
                if (store.isClosed()) {
                    break;
                }
                SegmentSpec spec =
                        new SegmentSpec(numbers.take(), task.metadata(), task.slice(), task.sources(), compression);
                WrittenSegment made = writer.writeUnsynced(spec, check);
                if (made == null) {
                    continue; // all its rows were deleted: the next commit to the table gives it up
                }
                group.add(new Unsynced(task, made));
                bytes += made.metadata().file().bytes();
                if (bytes >= GROUP_BYTES || group.size() == GROUP_FILES) {
                    install(group, stopCheck);
                    bytes = 0;
                }
            }
            install(group, stopCheck);
        } catch (RuntimeException | Error e) {
            new Closing().each(group, unsynced -> unsynced.file.discard()).addTo(e);
            throw e;
        }
    }

    private void install(List<Unsynced> group, Runnable stopCheck) {
        List<Runnable> syncs = new ArrayList<>();
        group.forEach(unsynced -> syncs.add(unsynced.file::sync));
        parallel.accept(syncs);
        while (!group.isEmpty()) {
            Unsynced next = group.remove(0);
            SegmentTask task = next.task;
            SegmentMetadata made = next.file.metadata();
            store.finish(task, made, files.open(task.metadata(), task.memory(), made), stopCheck);
        }
    }

    private void checkOpen() {
        if (store.isClosed()) {
            throw new EngineException(ErrorCode.CLOSED, "the database is closed");
        }
    }
}
