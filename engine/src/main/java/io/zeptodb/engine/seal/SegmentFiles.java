package io.zeptodb.engine.seal;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.batch.EndMark;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.catalog.Manifest.DeletedRowsFile;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.partition.SealedColumn;
import io.zeptodb.engine.partition.SealedRuns;
import io.zeptodb.engine.partition.SegmentColumns;
import io.zeptodb.engine.partition.SegmentOpener;
import io.zeptodb.engine.store.Directory;
import io.zeptodb.engine.tier.ColumnCache;
import io.zeptodb.engine.tier.DeletionFile;
import io.zeptodb.engine.tier.SegmentFile;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Opens the files of sealed segments and knows which of them a snapshot may still read: a file is opened with the first question, which an old
 * snapshot may ask long after the segment was replaced. Thread-safe.
 */
public final class SegmentFiles implements SegmentOpener {
    private final Directory directory;
    private final Set<String> inUse = ConcurrentHashMap.newKeySet();
    private final Set<String> released = ConcurrentHashMap.newKeySet();
    private volatile @Nullable ColumnCache cache;

    public SegmentFiles(Directory directory) {
        this.directory = directory;
    }

    /** What keeps columns of compressed segments decompressed; before the first is opened. */
    public void cacheColumns(ColumnCache columns) {
        cache = columns;
    }

    @Override
    public SegmentColumns open(TableMetadata table, MemoryBudget memory, SegmentMetadata file) {
        String name = file.file().name();
        inUse.add(name);
        return new Counted(new SegmentFile(directory, file, table, memory, cache), name);
    }

    @Override
    public void readDeleted(SegmentMetadata segment, DeletedRowsFile file, DeletedRowsSink sink) {
        DeletionFile.read(directory, segment, file, sink);
    }

    /** Takes the names of the files that no snapshot reads any more since the last call. */
    Set<String> takeReleased() {
        Set<String> taken = new HashSet<>();
        for (String name : released) {
            released.remove(name);
            taken.add(name);
        }
        return taken;
    }

    /** Whether a snapshot may still read the file of this name. */
    boolean isInUse(String name) {
        return inUse.contains(name);
    }

    private final class Counted implements SegmentColumns {
        private final SegmentFile file;
        private final String name;

        Counted(SegmentFile file, String name) {
            this.file = file;
            this.name = name;
        }

        @Override
        public SealedRuns runs() {
            return file.runs();
        }

        @Override
        public SealedColumn column(int column, int row, int count) {
            return file.column(column, row, count);
        }

        @Override
        public @Nullable SealedColumn complete(int column) {
            return file.complete(column);
        }

        @Override
        public @Nullable EndMark endMark() {
            return file.endMark();
        }

        @Override
        public EngineException cutShort() {
            return file.cutShort();
        }

        @Override
        public void close() {
            file.close();
            inUse.remove(name);
            released.add(name);
        }
    }
}
