package io.zeptodb.engine;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.catalog.Manifest;
import io.zeptodb.engine.catalog.Manifest.DeletedRowsFile;
import io.zeptodb.engine.catalog.Manifest.DictionaryFile;
import io.zeptodb.engine.catalog.Manifest.PartitionContents;
import io.zeptodb.engine.catalog.Manifest.SegmentContents;
import io.zeptodb.engine.catalog.Manifest.TableContents;
import io.zeptodb.engine.catalog.ManifestFile;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.kernel.ModuleAccess;
import io.zeptodb.engine.store.ByteReader;
import io.zeptodb.engine.store.Directory;
import io.zeptodb.engine.store.DirectoryLock;
import io.zeptodb.engine.store.FileDirectory;
import io.zeptodb.engine.tier.DeletionFile;
import io.zeptodb.engine.tier.SegmentFile;
import io.zeptodb.engine.tier.SymbolFile;
import io.zeptodb.engine.wal.WalFile;
import io.zeptodb.engine.wal.WalReader;
import java.util.function.Consumer;
import org.apache.arrow.memory.RootAllocator;

/**
 * Reads every byte of a database folder and compares every checksum and every count; goes on behind what is bad. Changes nothing. The database must
 * not be open to write.
 */
public final class FolderCheck {
    /**
     * What was found of one file.
     *
     * @param file its path
     * @param isGood whether all of it is as it was written
     * @param what rows, symbols or transactions that it has, or what is wrong with it and where
     */
    public record Finding(String file, boolean isGood, String what) {}

    private final Directory directory;
    private final Consumer<Finding> report;
    private boolean good = true;

    private FolderCheck(Directory directory, Consumer<Finding> report) {
        this.directory = directory;
        this.report = report;
    }

    /**
     * Checks a folder.
     *
     * @param report told of each file
     * @return whether all is good
     * @throws EngineException FILE_NOT_FOUND when there is no database; DATABASE_LOCKED while it is open to write; IO_ERROR
     */
    public static boolean run(String path, Consumer<Finding> report) {
        ModuleAccess.openNioToArrow();
        try (FileDirectory directory = FileDirectory.openExisting(path)) {
            return run(directory, report);
        }
    }

    /** As {@link #run(String, Consumer)}; the folder stays the caller's. */
    static boolean run(Directory directory, Consumer<Finding> report) {
        // before the lock, which makes a file
        DatabaseFolder.checkDatabase(directory);
        try (DirectoryLock lock = directory.lock(DatabaseFolder.LOCK_NAME, true)) {
            FolderCheck check = new FolderCheck(directory, report);
            check.all();
            return check.good;
        }
    }

    private interface Step {
        String run();
    }

    private void check(String name, Step step) {
        try {
            report.accept(new Finding(directory.path(name), true, step.run()));
        } catch (EngineException e) {
            good = false;
            report.accept(new Finding(directory.path(name), false, String.valueOf(e.getMessage())));
        }
    }

    private void all() {
        Manifest[] read = new Manifest[1];
        check(ManifestFile.NAME, () -> {
            read[0] = ManifestFile.read(directory);
            return read[0].tables().size() + " tables, generation " + read[0].generation();
        });
        Manifest manifest = read[0];
        if (manifest == null) {
            return; // nobody knows what else there should be
        }
        try (MemoryBudget memory = new MemoryBudget(new RootAllocator())) {
            for (TableContents table : manifest.tables()) {
                TableMetadata metadata = manifest.catalog().tables().stream()
                        .filter(known -> known.id() == table.tableId())
                        .findFirst()
                        .orElseThrow();
                table.dictionaries().forEach(file -> check(file.file(), () -> symbols(table.tableId(), file)));
                for (PartitionContents partition : table.partitions()) {
                    partition.segments().forEach(segment -> checkSegment(metadata, segment, memory));
                }
            }
        }
        checkLog(manifest);
    }

    private void checkSegment(TableMetadata table, SegmentContents contents, MemoryBudget memory) {
        check(contents.metadata().file().name(), () -> segment(table, contents, memory));
        DeletedRowsFile deleted = contents.deleted();
        if (deleted != null) {
            check(deleted.file(), () -> {
                DeletionFile.read(directory, contents.metadata(), deleted, (run, row) -> {});
                return deleted.rows() + " deleted rows of '" + table.name() + "'";
            });
        }
    }

    /** The files of the log are read as one: what is wrong is told of the file that the reader was at. */
    private void checkLog(Manifest manifest) {
        String first = WalFile.name(manifest.log().firstFile());
        try {
            report.accept(new Finding(directory.path(first), true, log(manifest)));
        } catch (EngineException e) {
            good = false;
            String message = String.valueOf(e.getMessage());
            String damaged = WalFile.numbers(directory).stream()
                    .map(number -> directory.path(WalFile.name(number)))
                    .filter(path -> message.startsWith("'" + path + "'"))
                    .findFirst()
                    .orElse(directory.path(first));
            report.accept(new Finding(damaged, false, message));
        }
    }

    private String symbols(long table, DictionaryFile file) {
        int[] codes = {0};
        SymbolFile.read(directory, table, file, text -> codes[0]++);
        long behind = directory.length(file.file()) - file.bytes();
        return codes[0] + " symbols" + (behind == 0 ? "" : "; " + behind + " bytes behind them that do not count");
    }

    private String segment(TableMetadata table, SegmentContents contents, MemoryBudget memory) {
        SegmentMetadata metadata = contents.metadata();
        try (SegmentFile file = new SegmentFile(directory, metadata, table, memory)) {
            long rows = file.verify(() -> {});
            if (rows != metadata.rows()) {
                throw new EngineException(
                        ErrorCode.CORRUPTION,
                        "'" + directory.path(metadata.file().name()) + "' has " + rows + " rows, the manifest says "
                                + metadata.rows() + " (offset 0)");
            }
            return rows + " rows of '" + table.name() + "'";
        }
    }

    private String log(Manifest manifest) {
        Counting counting = new Counting();
        Manifest.LogPlace place = manifest.log();
        WalReader.End end = WalReader.read(
                directory,
                manifest.database(),
                place.firstFile(),
                new WalReader.Mark(place.markFile(), place.markLength()),
                counting);
        return counting.transactions + " transactions, " + counting.records + " records in files " + place.firstFile()
                + " to " + end.file()
                + (end.tornBytes() == 0
                        ? ""
                        : "; " + end.tornBytes() + " bytes of a write that was cut off at the end");
    }

    private static final class Counting implements WalReader.Handler {
        private long transactions;
        private long records;

        @Override
        public void begin(long readableFrom) {}

        @Override
        public void record(int kind, ByteReader payload, long frameNumber) {
            records++;
        }

        @Override
        public void commit(long frameNumber) {
            transactions++;
        }

        @Override
        public void abandon() {}
    }
}
