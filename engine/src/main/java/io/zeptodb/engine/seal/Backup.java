package io.zeptodb.engine.seal;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.catalog.Manifest;
import io.zeptodb.engine.catalog.Manifest.PartitionContents;
import io.zeptodb.engine.catalog.Manifest.SegmentContents;
import io.zeptodb.engine.catalog.Manifest.TableContents;
import io.zeptodb.engine.catalog.ManifestFile;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.store.Directory;
import io.zeptodb.engine.store.FileCopy;
import io.zeptodb.engine.wal.WalFile;

/**
 * Copies what a manifest names, and the log as far as it was when the manifest was written, into another folder; the manifest comes last, so that a
 * copy that was not finished is no database. The caller sees to it that no file of it is deleted meanwhile.
 */
public final class Backup {
    private Backup() {}

    /**
     * Makes the copy.
     *
     * @param stopCheck throws when the work shall end
     * @return bytes copied
     * @throws EngineException IO_ERROR when the folder has files already; DISK_FULL; CORRUPTION of a file that is too short
     */
    public static long copy(Directory from, Manifest manifest, Directory to, Runnable stopCheck) {
        if (!to.list().isEmpty() || !to.foreign().isEmpty()) {
            throw new EngineException(
                    ErrorCode.IO_ERROR, "cannot make a backup in '" + to.location() + "': the folder is not empty");
        }
        long bytes = 0;
        for (TableContents table : manifest.tables()) {
            for (Manifest.DictionaryFile file : table.dictionaries()) {
                FileCopy.copy(from, to, file.file(), file.bytes(), stopCheck);
                bytes += file.bytes();
            }
            for (PartitionContents partition : table.partitions()) {
                for (SegmentContents segment : partition.segments()) {
                    SegmentMetadata.Contents file = segment.metadata().file();
                    FileCopy.copy(from, to, file.name(), file.bytes(), stopCheck);
                    bytes += file.bytes();
                    Manifest.DeletedRowsFile deleted = segment.deleted();
                    if (deleted != null) {
                        FileCopy.copy(from, to, deleted.file(), deleted.bytes(), stopCheck);
                        bytes += deleted.bytes();
                    }
                }
            }
        }
        Manifest.LogPlace log = manifest.log();
        for (long number = log.firstFile(); number <= log.markFile(); number++) {
            String name = WalFile.name(number);
            long length = number == log.markFile() ? log.markLength() : from.lengthOfNamed(name);
            FileCopy.copy(from, to, name, length, stopCheck);
            bytes += length;
        }
        to.sync();
        ManifestFile.write(to, manifest);
        return bytes;
    }
}
