package io.zeptodb.engine;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.StorageConfig;
import io.zeptodb.engine.batch.Closing;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.Manifest;
import io.zeptodb.engine.catalog.Manifest.DeletedRowsFile;
import io.zeptodb.engine.catalog.Manifest.DictionaryFile;
import io.zeptodb.engine.catalog.Manifest.LogPlace;
import io.zeptodb.engine.catalog.Manifest.TableContents;
import io.zeptodb.engine.catalog.ManifestFile;
import io.zeptodb.engine.catalog.SegmentCompression;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.ingest.Recovery;
import io.zeptodb.engine.ingest.ReplayRelief;
import io.zeptodb.engine.ingest.Storage;
import io.zeptodb.engine.partition.CompactionPolicy;
import io.zeptodb.engine.seal.Checkpointer;
import io.zeptodb.engine.seal.FolderSegments;
import io.zeptodb.engine.seal.SegmentFileWriting;
import io.zeptodb.engine.seal.SegmentFiles;
import io.zeptodb.engine.seal.SegmentNumbers;
import io.zeptodb.engine.seal.SegmentStore;
import io.zeptodb.engine.store.Directory;
import io.zeptodb.engine.store.DirectoryLock;
import io.zeptodb.engine.tier.ColumnCache;
import io.zeptodb.engine.tier.SymbolFile;
import io.zeptodb.engine.wal.LogSizes;
import io.zeptodb.engine.wal.SyncMode;
import io.zeptodb.engine.wal.WalFile;
import io.zeptodb.engine.wal.WalReader;
import io.zeptodb.engine.wal.WalTail;
import io.zeptodb.engine.wal.WalWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a database: takes it, reads what it holds into a {@link Storage}, and keeps its log. Opening is the order of its methods: {@link
 * #open}, {@link #recover}, then for a database that may be changed {@link #startWriting}.
 */
final class DatabaseFolder implements AutoCloseable {
    static final String LOCK_NAME = "zepto.lock";
    /** Of the memory limit, one part in so many is for decompressed columns. */
    private static final int CACHE_SHARE = 4;
    /** Where queries put what does not fit memory. */
    static final String SPILL_FOLDER = "tmp";

    /** A checkpoint begins a file each time: of so many the rows are sealed, however few they are. */
    private static final int MOST_LOG_FILES = 64;

    private final Directory directory;
    private final StorageConfig config;
    private final LogSizes logSizes;
    private final DirectoryLock lock;
    private final SegmentFiles files;
    private final Manifest manifest;
    private @Nullable WalWriter log;
    private @Nullable Checkpointer checkpointer;
    private WalReader.@Nullable End end;
    private @Nullable SegmentNumbers numbers;
    private @Nullable SegmentFileWriting writing;
    private boolean canSeal = true;
    private boolean hasSealed;

    private DatabaseFolder(
            Directory directory, StorageConfig config, LogSizes logSizes, DirectoryLock lock, Manifest manifest) {
        this.directory = directory;
        this.config = config;
        this.logSizes = logSizes;
        this.lock = lock;
        this.manifest = manifest;
        this.files = new SegmentFiles(directory);
    }

    /**
     * Takes the folder and reads its manifest; makes one in an empty folder.
     *
     * @throws EngineException DATABASE_LOCKED; CORRUPTION with file and offset; FEATURE_NOT_SUPPORTED when a newer version wrote it; FILE_NOT_FOUND
     *     when it is to be read only and has none; IO_ERROR
     */
    static DatabaseFolder open(Directory directory, StorageConfig config, LogSizes logSizes) {
        // before the lock, which makes a file: a folder that is none of ours is left as it is
        if (config.readOnly()) {
            checkDatabase(directory);
        } else if (!ManifestFile.exists(directory)) {
            checkNoOtherFiles(directory);
        }
        DirectoryLock lock = directory.lock(LOCK_NAME, config.readOnly());
        try {
            return new DatabaseFolder(directory, config, logSizes, lock, manifest(directory, config, logSizes));
        } catch (RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    private static Manifest manifest(Directory directory, StorageConfig config, LogSizes logSizes) {
        if (ManifestFile.exists(directory)) {
            return ManifestFile.read(directory);
        }
        if (config.readOnly()) {
            checkDatabase(directory);
        }
        checkNoOtherFiles(directory);
        checkNoDatabase(directory);
        Manifest first = new Manifest(
                UUID.randomUUID(), 1, Catalog.EMPTY, 1, new LogPlace(1, 0, WalReader.Mark.NONE.file(), 0), List.of());
        new WalWriter(directory, first.database(), new WalWriter.Start(1, 0, 0), SyncMode.FSYNC, logSizes).close();
        ManifestFile.write(directory, first);
        return first;
    }

    /** @throws EngineException FILE_NOT_FOUND when the folder has no database; CORRUPTION when it had one */
    static void checkDatabase(Directory directory) {
        if (!ManifestFile.exists(directory)) {
            checkNoDatabase(directory);
            throw new EngineException(
                    ErrorCode.FILE_NOT_FOUND,
                    "'" + directory.location() + "' is no database: it has no file '" + ManifestFile.NAME + "'");
        }
    }

    /** No database is made between the files of others. */
    private static void checkNoOtherFiles(Directory directory) {
        List<String> others = new ArrayList<>(directory.foreign());
        for (String name : directory.list()) {
            boolean isOurs = name.equals(LOCK_NAME)
                    || name.equals(ManifestFile.NAME)
                    || name.equals(ManifestFile.NEXT_NAME)
                    || WalFile.isName(name)
                    || isRows(name);
            if (!isOurs) {
                others.add(name);
            }
        }
        for (String name : directory.folders()) {
            if (!name.equals(SPILL_FOLDER) || !isEmpty(directory.folder(name))) {
                others.add(name);
            }
        }
        if (!others.isEmpty()) {
            throw new EngineException(
                    ErrorCode.IO_ERROR,
                    "cannot make a database in '" + directory.location() + "': it has other files or folders, such as '"
                            + others.get(0) + "'; give a folder that is empty or not there");
        }
    }

    private static boolean isEmpty(Directory folder) {
        return folder.list().isEmpty()
                && folder.foreign().isEmpty()
                && folder.folders().isEmpty();
    }

    private static boolean isRows(String name) {
        return SegmentMetadata.numberOf(name) >= 0
                || DictionaryFile.isFileName(name)
                || DeletedRowsFile.isFileName(name);
    }

    /** A folder without a manifest is new, but not when it has rows: the manifest is written before the first of them. */
    private static void checkNoDatabase(Directory directory) {
        for (String name : directory.list()) {
            boolean isLogOfRows = WalFile.isName(name)
                    && (!name.equals(WalFile.name(1)) || directory.length(name) > WalFile.HEADER_BYTES);
            if (isRows(name) || isLogOfRows) {
                throw new EngineException(
                        ErrorCode.CORRUPTION,
                        "'" + directory.path(ManifestFile.NAME) + "' is missing (offset 0), but '"
                                + directory.path(name) + "' is there: the folder had a database");
            }
        }
    }

    /**
     * Fills the storage with what the manifest names and with what the log has beyond that.
     *
     * @param memory of the database, of which a share may hold decompressed columns
     * @param parallel runs all of some tasks, at once if it can
     * @throws EngineException CORRUPTION with file and offset; OUT_OF_MEMORY when the memory is too small for it
     */
    void recover(Storage storage, MemoryBudget memory, Consumer<List<Runnable>> parallel) {
        try {
            readAll(storage, memory, parallel);
        } catch (EngineException e) {
            throw e.code() == ErrorCode.OUT_OF_MEMORY ? tooSmall(e) : e;
        }
    }

    private EngineException tooSmall(EngineException cause) {
        String remedy = config.readOnly()
                ? "open it with more, or once to write: then CHECKPOINT puts the rows of the log into files"
                : "open it with more";
        return new EngineException(
                ErrorCode.OUT_OF_MEMORY,
                "memory_limit is too small to open '" + directory.location() + "': its symbols, and "
                        + (config.readOnly() ? "all rows" : "the rows of each transaction")
                        + " that only the log has, must fit; " + remedy + " (" + cause.getMessage() + ")",
                cause);
    }

    private void readAll(Storage storage, MemoryBudget memory, Consumer<List<Runnable>> parallel) {
        long memoryLimit = memory.limitBytes();
        files.cacheColumns(new ColumnCache(memoryLimit / CACHE_SHARE, !config.readOnly(), storage.store()::retire));
        storage.store().restore(manifest, files);
        Map<Long, TableMetadata> tables = new HashMap<>();
        manifest.catalog().tables().forEach(table -> tables.put(table.id(), table));
        for (TableContents contents : manifest.tables()) {
            TableMetadata table = tables.get(contents.tableId());
            for (DictionaryFile file : contents.dictionaries()) {
                int ordinal = table == null ? -1 : table.ordinalOfId(file.columnId());
                if (table != null && ordinal >= 0) {
                    SymbolFile.read(
                            directory, table.id(), file, text -> storage.store().intern(table, ordinal, text));
                    storage.knowSymbols(table.id(), file.columnId(), file.codes());
                }
            }
        }
        LogPlace place = manifest.log();
        Recovery recovery = storage.newRecovery(place.frame(), relief(storage, memory, parallel));
        WalReader.Mark mark = new WalReader.Mark(place.markFile(), place.markLength());
        end = WalReader.read(directory, manifest.database(), place.firstFile(), mark, recovery);
        EngineLog.recovered(directory.location(), recovery, end);
    }

    /** Seals rows of a log that is longer than the memory; a folder that is only read has no place for them. */
    private ReplayRelief relief(Storage storage, MemoryBudget memory, Consumer<List<Runnable>> parallel) {
        if (config.readOnly()) {
            return new ReplayRelief(memory, Long.MAX_VALUE, () -> {});
        }
        long next = manifest.nextSegment();
        for (String name : directory.list()) {
            next = Math.max(next, SegmentMetadata.numberOf(name) + 1);
        }
        SegmentNumbers fresh = new SegmentNumbers(next);
        SegmentFileWriting made = new SegmentFileWriting(
                directory,
                storage.store(),
                memory,
                files,
                fresh,
                new SegmentFileWriting.Settings(
                        SegmentCompression.valueOf(config.compression().name()), parallel));
        numbers = fresh;
        writing = made;
        return new ReplayRelief(memory, logSizes.replayedBytes(), () -> sealReplayed(made));
    }

    private void sealReplayed(SegmentFileWriting into) {
        if (canSeal) {
            try {
                into.sealReplayed();
                hasSealed = true;
            } catch (EngineException e) {
                canSeal = false; // the rows may fit all the same
                EngineLog.sealingFailed(e);
            }
        }
    }

    /** Whether rows of the log were sealed when it was read: a checkpoint makes them independent of it. */
    boolean hasSealedWhileRecovering() {
        return hasSealed;
    }

    /** Goes on with the log, behind what was read; a torn end is cut off. Where sealed segments go. */
    SegmentStore startWriting(Storage storage, int sealRows) {
        WalReader.End read = end;
        SegmentNumbers fresh = numbers;
        SegmentFileWriting into = writing;
        if (read == null || fresh == null || into == null) {
            throw new IllegalStateException("the log was not read");
        }
        LogPlace place = manifest.log();
        WalTail.settle(directory, read, new WalReader.Mark(place.markFile(), place.markLength()));
        WalWriter writer = new WalWriter(
                directory,
                manifest.database(),
                new WalWriter.Start(read.file() + 1, Math.max(read.frame(), place.frame()), read.length()),
                SyncMode.valueOf(config.durability().name()),
                logSizes);
        log = writer;
        storage.attach(writer);
        Checkpointer made = new Checkpointer(directory, storage.store(), writer, files, fresh, manifest);
        made.deleteUnnamed();
        checkpointer = made;
        return new FolderSegments(directory, storage.store(), into, CompactionPolicy.ofSealRows(sealRows), made);
    }

    /** The log; null while the folder is only read. */
    @Nullable
    WalWriter log() {
        return log;
    }

    /** Whether the log is so long that what only it has should be sealed. */
    boolean isLogLong() {
        WalWriter writer = log;
        Checkpointer known = checkpointer;
        if (writer == null || known == null) {
            return false;
        }
        long first = known.last().log().firstFile();
        long last = writer.fileNumber();
        if (last - first >= MOST_LOG_FILES) {
            return true;
        }
        long bytes = 0;
        for (long number = first; number <= last; number++) {
            bytes += lengthIfThere(WalFile.name(number));
        }
        return bytes > config.logBytes();
    }

    /** Another thread's checkpoint may delete a log file at any moment. */
    private long lengthIfThere(String name) {
        try {
            return directory.length(name);
        } catch (EngineException e) {
            if (e.code() == ErrorCode.FILE_NOT_FOUND) {
                return 0;
            }
            throw e;
        }
    }

    Directory directory() {
        return directory;
    }

    /** Writes the manifest a last time, so that the next open knows how far the log must reach; nobody writes any more. */
    void settle() {
        WalWriter writer = log;
        Checkpointer known = checkpointer;
        if (writer != null && known != null && !writer.hasFailed() && !known.isUnknown()) {
            known.checkpoint(() -> {});
        }
    }

    @Override
    public void close() {
        Closing closing = new Closing();
        WalWriter writer = log;
        if (writer != null) {
            closing.then(writer::close);
        }
        closing.then(lock::close).then(directory::close).finish();
    }
}
