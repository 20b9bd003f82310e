package io.zeptodb.engine;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.catalog.Manifest;
import io.zeptodb.engine.catalog.Manifest.PartitionContents;
import io.zeptodb.engine.catalog.Manifest.SegmentContents;
import io.zeptodb.engine.catalog.Manifest.TableContents;
import io.zeptodb.engine.catalog.ManifestFile;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.store.Directory;
import io.zeptodb.engine.store.FileDirectory;
import io.zeptodb.engine.wal.WalFile;
import java.util.ArrayList;
import java.util.List;

/**
 * What the manifest of a database folder says, read without taking the folder: also while a process has it open. Rows that only the log has are not
 * counted.
 *
 * @param location absolute path of the folder
 * @param database its identity
 * @param generation counts the manifests
 * @param logFiles log files that an open would read
 * @param logBytes of them
 * @param tables in the order of their names
 */
public record FolderSummary(
        String location, String database, long generation, int logFiles, long logBytes, List<Table> tables) {
    private static final long GONE = -1;

    /**
     * A table.
     *
     * @param columns of it
     * @param partitions that have sealed rows
     * @param segments files
     * @param rows that are sealed and not deleted
     * @param deleted rows that are sealed and deleted
     * @param bytes of its files
     */
    public record Table(String name, int columns, int partitions, int segments, long rows, long deleted, long bytes) {}

    /** @throws EngineException FILE_NOT_FOUND when there is no database; CORRUPTION of the manifest; FEATURE_NOT_SUPPORTED of a newer version */
    public static FolderSummary read(String path) {
        try (FileDirectory directory = FileDirectory.openExisting(path)) {
            DatabaseFolder.checkDatabase(directory);
            Manifest manifest = ManifestFile.read(directory);
            List<Table> tables = new ArrayList<>();
            for (TableMetadata table : manifest.catalog().tables()) {
                for (TableContents contents : manifest.tables()) {
                    if (contents.tableId() == table.id()) {
                        tables.add(table(table, contents));
                    }
                }
            }
            return summary(directory, manifest, tables);
        }
    }

    private static FolderSummary summary(Directory directory, Manifest manifest, List<Table> tables) {
        int files = 0;
        long bytes = 0;
        for (long number : WalFile.numbers(directory)) {
            long length = number >= manifest.log().firstFile() ? lengthIfThere(directory, WalFile.name(number)) : GONE;
            if (length != GONE) {
                files++;
                bytes += length;
            }
        }
        return new FolderSummary(
                directory.location(), manifest.database().toString(), manifest.generation(), files, bytes, tables);
    }

    /** The process that has the folder open may have needed a file for the last time since the folder was listed. */
    private static long lengthIfThere(Directory directory, String name) {
        try {
            return directory.length(name);
        } catch (EngineException e) {
            if (directory.exists(name)) {
                throw e;
            }
            return GONE;
        }
    }

    private static Table table(TableMetadata table, TableContents contents) {
        int segments = 0;
        long rows = 0;
        long deleted = 0;
        long bytes = 0;
        for (Manifest.DictionaryFile file : contents.dictionaries()) {
            bytes += file.bytes();
        }
        for (PartitionContents partition : contents.partitions()) {
            for (SegmentContents segment : partition.segments()) {
                segments++;
                Manifest.DeletedRowsFile file = segment.deleted();
                long gone = file == null ? 0 : file.rows();
                bytes += file == null ? 0 : file.bytes();
                rows += segment.metadata().rows() - gone;
                deleted += gone;
                bytes += segment.metadata().file().bytes();
            }
        }
        return new Table(
                table.name(),
                table.schema().columns().size(),
                contents.partitions().size(),
                segments,
                rows,
                deleted,
                bytes);
    }
}
