package io.zeptodb.engine.seal;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.Closing;
import io.zeptodb.engine.catalog.Manifest;
import io.zeptodb.engine.catalog.Manifest.PartitionContents;
import io.zeptodb.engine.catalog.Manifest.SegmentContents;
import io.zeptodb.engine.catalog.Manifest.TableContents;
import io.zeptodb.engine.catalog.ManifestFile;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.store.Directory;
import io.zeptodb.engine.store.FileCopy;
import io.zeptodb.engine.store.FileDirectory;
import io.zeptodb.engine.wal.WalFile;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies what a manifest names, and the log as far as it was when the manifest was written, into another folder; the manifest comes last, so that a
 * copy that was not finished is no database. The caller sees to it that no file of it is deleted meanwhile.
 */
public final class Backup {
    private final Directory from;
    private final Directory to;
    private final Runnable stopCheck;
    private final List<String> made = new ArrayList<>();

    private Backup(Directory from, Directory to, Runnable stopCheck) {
        this.from = from;
        this.to = to;
        this.stopCheck = stopCheck;
    }

    /**
     * Opens the folder that a copy goes to, and makes it when it is not there.
     *
     * @throws EngineException INVALID_ARGUMENT when the path is empty, which would be the folder that the process was started in, or lies in the
     *     database's own folder, whatever links lead there; as {@link FileDirectory#open}
     */
    static FileDirectory target(String path, Directory from) {
        if (path.isBlank()) {
            throw new EngineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "cannot make a backup in '" + path
                            + "': the name of the folder is empty; give one that is empty or not there");
        }
        if (FileDirectory.isWithin(path, from)) {
            throw new EngineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "cannot make a backup in '" + path + "': it lies in the folder of the database itself, '"
                            + from.location() + "'; give a folder outside of it");
        }
        return FileDirectory.open(path);
    }

    /**
     * Makes the copy. When it fails, what was made of it is deleted again, so that it can be tried anew.
     *
     * @param stopCheck throws when the work shall end
     * @return bytes copied
     * @throws EngineException IO_ERROR when the folder has files already; DISK_FULL; CORRUPTION of a file that is too short
     */
    public static long copy(Directory from, Manifest manifest, Directory to, Runnable stopCheck) {
        if (!to.list().isEmpty() || !to.foreign().isEmpty() || !to.folders().isEmpty()) {
            throw new EngineException(
                    ErrorCode.IO_ERROR, "cannot make a backup in '" + to.location() + "': the folder is not empty");
        }
        Backup backup = new Backup(from, to, stopCheck);
        try {
            return backup.copy(manifest);
        } catch (RuntimeException | Error e) {
            backup.takeBack(e);
            throw e;
        }
    }

    private long copy(Manifest manifest) {
        long bytes = 0;
        for (TableContents table : manifest.tables()) {
            for (Manifest.DictionaryFile file : table.dictionaries()) {
                bytes += copy(file.file(), file.bytes());
            }
            for (PartitionContents partition : table.partitions()) {
                for (SegmentContents segment : partition.segments()) {
                    SegmentMetadata.Contents file = segment.metadata().file();
                    bytes += copy(file.name(), file.bytes());
                    Manifest.DeletedRowsFile deleted = segment.deleted();
                    if (deleted != null) {
                        bytes += copy(deleted.file(), deleted.bytes());
                    }
                }
            }
        }
        Manifest.LogPlace log = manifest.log();
        for (long number = log.firstFile(); number <= log.markFile(); number++) {
            String name = WalFile.name(number);
            bytes += copy(name, number == log.markFile() ? log.markLength() : from.lengthOfNamed(name));
        }
        to.sync();
        made.add(ManifestFile.NEXT_NAME);
        made.add(ManifestFile.NAME);
        ManifestFile.write(to, manifest);
        return bytes;
    }

    private long copy(String name, long bytes) {
        made.add(name);
        FileCopy.copy(from, to, name, bytes, stopCheck);
        return bytes;
    }

    /** The manifest goes first: what is left when this fails too is no database. */
    private void takeBack(Throwable cause) {
        Closing deletes = new Closing();
        for (int i = made.size() - 1; i >= 0; i--) {
            String name = made.get(i);
            deletes.then(() -> to.delete(name));
        }
        deletes.addTo(cause);
    }
}
