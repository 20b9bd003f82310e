package io.zeptodb.engine.seal;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.catalog.SegmentCompression;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.partition.CompactionPolicy;
import io.zeptodb.engine.partition.CompactionTask;
import io.zeptodb.engine.partition.DatabaseStore;
import io.zeptodb.engine.partition.SealTask;
import io.zeptodb.engine.partition.SegmentTask;
import io.zeptodb.engine.store.Directory;
import io.zeptodb.engine.tier.SegmentSpec;
import io.zeptodb.engine.tier.SegmentWriter;
import java.util.List;

/** Sealed segments in files of the database's folder, and the manifest that names them. */
public final class FolderSegments implements SegmentStore {
    /**
     * How files are written.
     *
     * @param compression of their buffers
     * @param compaction which of them are written anew as one
     */
    public record Settings(SegmentCompression compression, CompactionPolicy compaction) {}

    private final Directory directory;
    private final DatabaseStore store;
    private final SegmentFiles files;
    private final SegmentNumbers numbers;
    private final SegmentCompression compression;
    private final CompactionPolicy compaction;
    private final SegmentWriter writer;
    private final Checkpointer checkpointer;

    public FolderSegments(
            Directory directory,
            DatabaseStore store,
            MemoryBudget memory,
            SegmentFiles files,
            SegmentNumbers numbers,
            Settings settings,
            Checkpointer checkpointer) {
        this.directory = directory;
        this.store = store;
        this.files = files;
        this.numbers = numbers;
        this.compression = settings.compression;
        this.compaction = settings.compaction;
        this.writer = new SegmentWriter(directory, memory);
        this.checkpointer = checkpointer;
    }

    @Override
    public void seal(SealTask task, Runnable stopCheck) {
        write(task, stopCheck);
    }

    @Override
    public int compact(Runnable stopCheck) {
        List<CompactionTask> tasks = store.beginCompaction(compaction, stopCheck);
        tasks.forEach(task -> write(task, stopCheck));
        return tasks.size();
    }

    private void write(SegmentTask task, Runnable stopCheck) {
        Runnable check = () -> {
            checkOpen();
            stopCheck.run();
        };
        SegmentSpec spec = new SegmentSpec(numbers.take(), task.metadata(), task.slice(), task.sources(), compression);
        SegmentMetadata made = writer.write(spec, check);
        if (made != null) { // else all its rows were deleted: the next commit to the table gives it up
            store.finish(task, made, files.open(task.metadata(), task.memory(), made), stopCheck);
        }
    }

    private void checkOpen() {
        if (store.isClosed()) {
            throw new EngineException(ErrorCode.CLOSED, "the database is closed");
        }
    }

    @Override
    public long backup(Directory target, Runnable stopCheck) {
        return Backup.copy(directory, checkpointer.checkpoint(stopCheck), target, stopCheck);
    }

    @Override
    public void checkpoint(Runnable stopCheck) {
        checkpointer.checkpoint(stopCheck);
    }
}
