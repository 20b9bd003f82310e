package io.zeptodb.engine.partition;

import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.Manifest.PartitionContents;
import io.zeptodb.engine.catalog.Manifest.SegmentContents;
import io.zeptodb.engine.catalog.Manifest.TableContents;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.catalog.TableMetadata;
import java.util.ArrayList;
import java.util.Arrays;
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
    /** @param snapshot of a database, leased */
    public static StoredContents of(DatabaseSnapshot snapshot) {
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
                partitions.add(contents(partition));
            }
            tables.add(new TableContents(table.id(), rows.nextSequence(), List.of(), partitions));
        }
        return new StoredContents(view.catalog(), view.logFrame(), firstLogFile, tables);
    }

    private static PartitionContents contents(PartitionSnapshot partition) {
        List<SegmentContents> segments = new ArrayList<>();
        for (SegmentSnapshot segment : partition.segments()) {
            SegmentMetadata file = segment.file();
            if (file != null) {
                segments.add(new SegmentContents(file, deleted(segment)));
            }
        }
        return new PartitionContents(
                new SegmentMetadata.Slice(partition.sliceStart(), partition.sliceEnd(), partition.nullTimes()),
                partition.sealedThrough(),
                segments);
    }

    /** Run, count and rows of each run that has deleted ones. */
    private static int[] deleted(SegmentSnapshot segment) {
        DeletedRows deleted = segment.deletedRows();
        if (deleted.isEmpty()) {
            return SegmentContents.NONE_DELETED;
        }
        int[] numbers = new int[1];
        int count = 0;
        for (int run = 0; run < segment.runCount(); run++) {
            int gone = deleted.count(run);
            if (gone > 0) {
                if (numbers.length < count + gone + 2) {
                    numbers = Arrays.copyOf(numbers, Math.max(count + gone + 2, numbers.length * 2));
                }
                numbers[count++] = run;
                numbers[count++] = gone;
                int rows = segment.runRows(run);
                int row = deleted.nextDeleted(run, 0, rows);
                while (row < rows) {
                    numbers[count++] = row;
                    row = deleted.nextDeleted(run, row + 1, rows);
                }
            }
        }
        return Arrays.copyOf(numbers, count);
    }
}
