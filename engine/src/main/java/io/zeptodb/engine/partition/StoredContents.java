package io.zeptodb.engine.partition;

import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.Manifest.DeletedRowsFile;
import io.zeptodb.engine.catalog.Manifest.PartitionContents;
import io.zeptodb.engine.catalog.Manifest.SegmentContents;
import io.zeptodb.engine.catalog.Manifest.TableContents;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.catalog.TableMetadata;
import java.util.ArrayList;
import java.util.List;

/**
 * What of a snapshot is in files, in the words of the manifest: what a checkpoint writes down. Dictionaries are the caller's to add.
 *
 * @param catalog the tables
 * @param logFrame the last record of the log that the snapshot shows
 * @param firstLogFile number of the first log file that has rows which are in no file, {@link PartitionSnapshot#NO_LOG_FILE} when there is none
 * @param tables without dictionaries
 */
public record StoredContents(Catalog catalog, long logFrame, long firstLogFile, List<TableContents> tables) {
    /** Where the deleted rows of segments are written down. */
    public interface DeletedRowsStore {
        /**
         * The file that has them.
         *
         * @param rows at least one
         */
        DeletedRowsFile store(SegmentMetadata segment, DeletedRows rows);
    }

    /** @param snapshot of a database, leased */
    public static StoredContents of(DatabaseSnapshot snapshot, DeletedRowsStore deleted) {
        DatabaseView view = (DatabaseView) snapshot;
        long firstLogFile = PartitionSnapshot.NO_LOG_FILE;
        List<TableContents> tables = new ArrayList<>();
        for (TableMetadata table : view.catalog().tables()) {
            TableView rows = view.tables().get(table.id());
            if (rows == null) {
                throw new IllegalStateException("table " + table.id() + " has no rows in its snapshot");
            }
            List<PartitionContents> partitions = new ArrayList<>();
            for (PartitionSnapshot partition : rows.partitions()) {
                firstLogFile = Math.min(firstLogFile, partition.logFile());
                partitions.add(contents(partition, deleted));
            }
            tables.add(new TableContents(table.id(), rows.nextSequence(), List.of(), partitions));
        }
        return new StoredContents(view.catalog(), view.logFrame(), firstLogFile, tables);
    }

    private static PartitionContents contents(PartitionSnapshot partition, DeletedRowsStore deletedRows) {
        List<SegmentContents> segments = new ArrayList<>();
        for (SegmentSnapshot segment : partition.segments()) {
            SegmentMetadata file = segment.file();
            if (file != null) {
                DeletedRows deleted = segment.deletedRows();
                segments.add(new SegmentContents(file, deleted.isEmpty() ? null : deletedRows.store(file, deleted)));
            }
        }
        return new PartitionContents(
                new SegmentMetadata.Slice(partition.sliceStart(), partition.sliceEnd(), partition.nullTimes()),
                partition.sealedThrough(),
                segments);
    }
}
