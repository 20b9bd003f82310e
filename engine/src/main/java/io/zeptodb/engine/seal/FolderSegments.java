package io.zeptodb.engine.seal;

import io.zeptodb.engine.partition.CompactionPolicy;
import io.zeptodb.engine.partition.CompactionTask;
import io.zeptodb.engine.partition.DatabaseStore;
import io.zeptodb.engine.partition.SealTask;
import io.zeptodb.engine.store.Directory;
import io.zeptodb.engine.store.FileDirectory;
import java.util.List;

/** Sealed segments in files of the database's folder, and the manifest that names them. */
public final class FolderSegments implements SegmentStore {
    private final Directory directory;
    private final DatabaseStore store;
    private final SegmentFileWriting writing;
    private final CompactionPolicy compaction;
    private final Checkpointer checkpointer;

    /** @param compaction which files are written anew as one */
    public FolderSegments(
            Directory directory,
            DatabaseStore store,
            SegmentFileWriting writing,
            CompactionPolicy compaction,
            Checkpointer checkpointer) {
        this.directory = directory;
        this.store = store;
        this.writing = writing;
        this.compaction = compaction;
        this.checkpointer = checkpointer;
    }

    @Override
    public void seal(List<SealTask> tasks, Runnable stopCheck) {
        writing.write(tasks, stopCheck);
    }

    @Override
    public int compact(Runnable stopCheck) {
        List<CompactionTask> tasks = store.beginCompaction(compaction, stopCheck);
        writing.write(tasks, stopCheck);
        return tasks.size();
    }

    @Override
    public long backup(String path, Runnable stopCheck) {
        try (FileDirectory target = Backup.target(path, directory)) {
            return Backup.copy(directory, checkpointer.checkpoint(stopCheck), target, stopCheck);
        }
    }

    @Override
    public void checkpoint(Runnable stopCheck) {
        checkpointer.checkpoint(stopCheck);
    }
}
