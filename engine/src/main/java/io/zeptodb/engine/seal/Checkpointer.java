package io.zeptodb.engine.seal;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.catalog.Manifest;
import io.zeptodb.engine.catalog.Manifest.DeletedRowsFile;
import io.zeptodb.engine.catalog.Manifest.DictionaryFile;
import io.zeptodb.engine.catalog.Manifest.LogPlace;
import io.zeptodb.engine.catalog.Manifest.TableContents;
import io.zeptodb.engine.catalog.ManifestFile;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.partition.DatabaseStore;
import io.zeptodb.engine.partition.DeletedRows;
import io.zeptodb.engine.partition.SnapshotLease;
import io.zeptodb.engine.partition.StoredContents;
import io.zeptodb.engine.partition.TableSnapshot;
import io.zeptodb.engine.store.Directory;
import io.zeptodb.engine.tier.DeletionFile;
import io.zeptodb.engine.tier.SymbolFile;
import io.zeptodb.engine.wal.WalFile;
import io.zeptodb.engine.wal.WalReader;
import io.zeptodb.engine.wal.WalTail;
import io.zeptodb.engine.wal.WalWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes down what a database has in files: the manifest; then deletes what that does not name. In this order, so that a crash at any step leaves
 * the old manifest and all it names, or the new one:
 *
 * <ol>
 *   <li>the log goes on in a new file, and all of the old ones is on the disk, so that nothing the manifest has seen can get lost behind it
 *   <li>texts of symbols that came since are added to their files, and the deleted rows of segments of which more are deleted now are written into
 *       new files; all are synced, segments were when they were written
 *   <li>the folder is synced: all names are there
 *   <li>the manifest is written
 *   <li>log files whose rows are in segments, and files of no table and no segment, are deleted: on opening all that the folder has, later those
 *       that a manifest has named, or that were made for one
 * </ol>
 *
 * When nothing was committed or sealed since the last manifest, none is written.
 *
 * One call at a time; the caller sees to it that no segment is being written meanwhile.
 */
public final class Checkpointer {
    private final Directory directory;
    private final DatabaseStore store;
    private final WalWriter log;
    private final SegmentFiles files;
    private final SegmentNumbers numbers;
    /** Files that may be garbage, each as soon as {@link #last} does not name it and nobody reads it. */
    private final Set<String> candidates = new HashSet<>();

    private Manifest last;
    /** Number of the commit that {@link #last} shows; -1 when that is not known. */
    private long settledSequence = -1;

    private boolean isUnknown;

    /** @param last the manifest that the folder has */
    public Checkpointer(
            Directory directory,
            DatabaseStore store,
            WalWriter log,
            SegmentFiles files,
            SegmentNumbers numbers,
            Manifest last) {
        this.directory = directory;
        this.store = store;
        this.log = log;
        this.files = files;
        this.numbers = numbers;
        this.last = last;
    }

    /** The manifest that the folder has. */
    public Manifest last() {
        return last;
    }

    /** Whether a checkpoint has failed in such a way that none is possible any more; its caller was told. */
    public boolean isUnknown() {
        return isUnknown;
    }

    /**
     * Writes the manifest.
     *
     * @param stopCheck called while this waits for a transaction; what it throws ends the call, and nothing has happened
     * @throws io.zeptodb.engine.api.EngineException IO_ERROR, DISK_FULL: the folder keeps the manifest that it had, or has the new one; CLOSED
     */
    public Manifest checkpoint(Runnable stopCheck) {
        if (isUnknown) {
            throw new EngineException(
                    ErrorCode.IO_ERROR,
                    "no checkpoint of '" + directory.location()
                            + "' is possible until it is opened again: giving the last manifest its name has failed, and it is not known"
                            + " which one is on the disk");
        }
        if (store.current().sequence() == settledSequence) {
            deleteGarbage(); // nothing was committed or sealed since
            return last;
        }
        long[] settled = {0};
        Runnable settle = () -> {
            log.rotate();
            settled[0] = log.readableFrom();
        };
        try (SnapshotLease lease = store.leaseSettled(settle, stopCheck)) {
            log.sync();
            WalReader.Mark mark = log.mark();
            StoredContents contents = StoredContents.of(lease.snapshot(), deletedRows());
            List<TableContents> tables = new ArrayList<>();
            Map<Long, Map<Integer, DictionaryFile>> known = knownDictionaries();
            for (TableContents table : contents.tables()) {
                Map<Integer, DictionaryFile> files = known.getOrDefault(table.tableId(), Map.of());
                tables.add(withDictionaries(table, lease.snapshot().table(table.tableId()), files));
            }
            directory.sync();
            LogPlace place = new LogPlace(
                    Math.min(contents.firstLogFile(), settled[0]), contents.logFrame(), mark.file(), mark.length());
            Manifest next = new Manifest(
                    last.database(), last.generation() + 1, contents.catalog(), numbers.next(), place, tables);
            ManifestFile.writeNext(directory, next);
            // from here on a failure leaves it open which manifest the folder has
            isUnknown = true;
            ManifestFile.adoptNext(directory);
            isUnknown = false;
            // what the one before named and this one does not is garbage by now
            candidates.addAll(names(last));
            for (long number = last.log().firstFile(); number < place.firstFile(); number++) {
                candidates.add(WalFile.name(number));
            }
            last = next;
            settledSequence = lease.snapshot().sequence();
        }
        deleteGarbage();
        return last;
    }

    /** Rows of a segment only ever get deleted: a file that has as many has the same. */
    private StoredContents.DeletedRowsStore deletedRows() {
        Map<Long, DeletedRowsFile> known = new HashMap<>();
        for (TableContents table : last.tables()) {
            for (Manifest.PartitionContents partition : table.partitions()) {
                for (Manifest.SegmentContents segment : partition.segments()) {
                    DeletedRowsFile file = segment.deleted();
                    if (file != null) {
                        known.put(segment.metadata().number(), file);
                    }
                }
            }
        }
        return (segment, rows) -> {
            DeletedRowsFile before = known.get(segment.number());
            return before != null && before.rows() == rows.count() ? before : write(segment.number(), rows);
        };
    }

    private DeletedRowsFile write(long segment, DeletedRows rows) {
        long generation = last.generation() + 1;
        candidates.add(DeletedRowsFile.fileName(segment, generation));
        return DeletionFile.write(directory, segment, generation, rows);
    }

    /** The files of dictionaries that the folder has, by table and column. */
    private Map<Long, Map<Integer, DictionaryFile>> knownDictionaries() {
        Map<Long, Map<Integer, DictionaryFile>> known = new HashMap<>();
        for (TableContents table : last.tables()) {
            Map<Integer, DictionaryFile> files = new HashMap<>();
            table.dictionaries().forEach(file -> files.put(file.columnId(), file));
            known.put(table.tableId(), files);
        }
        return known;
    }

    private TableContents withDictionaries(
            TableContents contents, TableSnapshot table, Map<Integer, DictionaryFile> known) {
        TableMetadata metadata = table.metadata();
        List<DictionaryFile> dictionaries = new ArrayList<>();
        List<ColumnDefinition> columns = metadata.schema().columns();
        for (int i = 0; i < columns.size(); i++) {
            SymbolDictionary dictionary = table.dictionary(i);
            if (columns.get(i).type().kind() == TypeKind.SYMBOL && dictionary != null) {
                int columnId = metadata.columnId(i);
                String name = DictionaryFile.fileName(metadata.id(), columnId);
                DictionaryFile before = known.getOrDefault(columnId, new DictionaryFile(columnId, name, 0, 0));
                if (before.bytes() == 0 && dictionary.size() > 0) {
                    candidates.add(name);
                }
                DictionaryFile now = SymbolFile.extend(directory, metadata.id(), before, dictionary);
                if (now.codes() > 0) {
                    dictionaries.add(now);
                }
            }
        }
        return new TableContents(contents.tableId(), contents.nextSequence(), dictionaries, contents.partitions());
    }

    /** Deletes what is in the folder and the manifest does not name: on opening it, when nobody knows what the process before has left. */
    public void deleteUnnamed() {
        for (String name : directory.list()) {
            boolean isSegment = SegmentMetadata.numberOf(name) >= 0;
            boolean isUnfinished = name.equals(ManifestFile.NEXT_NAME) || WalTail.isCopy(name);
            if (isSegment || DictionaryFile.isFileName(name) || DeletedRowsFile.isFileName(name) || isUnfinished) {
                candidates.add(name);
            }
        }
        for (long number : WalFile.numbers(directory)) {
            if (number < last.log().firstFile()) {
                candidates.add(WalFile.name(number));
            }
        }
        deleteGarbage();
    }

    /** Deletes what the manifest named once, or might have, and does not any more, unless a snapshot reads it. */
    private void deleteGarbage() {
        candidates.addAll(files.takeReleased());
        if (!candidates.isEmpty()) {
            Set<String> named = names(last);
            candidates.removeIf(named::contains);
        }
        for (Iterator<String> each = candidates.iterator(); each.hasNext(); ) {
            String name = each.next();
            if (!files.isInUse(name)) {
                directory.delete(name);
                each.remove();
            }
        }
    }

    /** The files, but for those of the log, that a manifest names. */
    public static Set<String> names(Manifest manifest) {
        Set<String> names = new HashSet<>();
        for (TableContents table : manifest.tables()) {
            table.dictionaries().forEach(file -> names.add(file.file()));
            for (Manifest.PartitionContents partition : table.partitions()) {
                for (Manifest.SegmentContents segment : partition.segments()) {
                    names.add(segment.metadata().file().name());
                    DeletedRowsFile deleted = segment.deleted();
                    if (deleted != null) {
                        names.add(deleted.file());
                    }
                }
            }
        }
        return names;
    }
}
