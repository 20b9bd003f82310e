package io.zeptodb.engine.tier;

import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.Manifest;
import io.zeptodb.engine.catalog.SegmentCompression;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.ingest.SnapshotReader;
import io.zeptodb.engine.ingest.Storage;
import io.zeptodb.engine.ingest.StorageModel;
import io.zeptodb.engine.ingest.Transaction;
import io.zeptodb.engine.partition.PartitionSnapshot;
import io.zeptodb.engine.partition.SealPolicy;
import io.zeptodb.engine.partition.SegmentColumns;
import io.zeptodb.engine.partition.SegmentOpener;
import io.zeptodb.engine.partition.SnapshotLease;
import io.zeptodb.engine.seal.Sealer;
import io.zeptodb.engine.store.Directory;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.arrow.memory.RootAllocator;

/** A table with rows in memory, whose segments are written to files, and other databases that are given these files. */
final class SegmentHarness implements AutoCloseable {
    final RootAllocator root = new RootAllocator();
    final MemoryBudget budget = new MemoryBudget(root.newChildAllocator("test", 0, Long.MAX_VALUE));
    final Storage storage = newStorage();
    final Directory directory;
    final TableMetadata table;
    /** What the table has, by sequence number. */
    final SortedMap<Long, Object[]> model = new TreeMap<>();

    private final FileSealer fileSealer;
    private long nextSequence;
    private long nextSegment = 1_000;

    SegmentHarness(TableSchema schema, Directory directory) {
        this.directory = directory;
        this.table = storage.createTable(schema);
        this.fileSealer = new FileSealer(storage.store(), directory, budget, SegmentCompression.NONE);
    }

    private Storage newStorage() {
        return new Storage(new MemoryBudget(root), SealPolicy.ofSealRows(1 << 30), () -> {});
    }

    void append(List<Object[]> rows) {
        List<WritableColumn> columns = StorageModel.columns(table.schema(), rows, budget);
        try (Transaction transaction = storage.begin()) {
            transaction.append(table, StorageModel.vectors(columns), null, rows.size());
            transaction.commit();
        } finally {
            columns.forEach(WritableColumn::close);
        }
        for (Object[] row : rows) {
            model.put(nextSequence++, row);
        }
    }

    void delete(List<Long> sequences) {
        try (Transaction transaction = storage.begin()) {
            transaction.delete(
                    table, sequences.stream().mapToLong(Long::longValue).toArray(), sequences.size());
            transaction.commit();
        }
        sequences.forEach(model::remove);
    }

    /** Makes hot segments sealed ones, in memory or in files. */
    void seal(boolean inFiles) {
        if (inFiles) {
            fileSealer.seal(true);
        } else {
            new Sealer(storage.store()).checkpoint(() -> {});
        }
    }

    /** Writes all segments of each partition as one file. */
    List<SegmentMetadata> merge(SegmentCompression compression) {
        List<SegmentMetadata> made = new ArrayList<>();
        try (SnapshotLease lease = storage.lease()) {
            for (PartitionSnapshot partition :
                    lease.snapshot().table(table.id()).partitions()) {
                SegmentMetadata.Slice slice =
                        new SegmentMetadata.Slice(partition.sliceStart(), partition.sliceEnd(), partition.nullTimes());
                SegmentSpec spec = new SegmentSpec(nextSegment++, table, slice, partition.segments(), compression);
                SegmentMetadata file = new SegmentWriter(directory, budget).write(spec, () -> {});
                if (file != null) {
                    made.add(file);
                }
            }
        }
        return made;
    }

    /** The rows that another database reads from these files. */
    SortedMap<Long, Object[]> read(List<SegmentMetadata> files) {
        Manifest.TableContents contents = new Manifest.TableContents(
                table.id(),
                nextSequence,
                List.of(),
                files.stream()
                        .map(file -> new Manifest.PartitionContents(
                                file.slice(), nextSequence, List.of(new Manifest.SegmentContents(file, null))))
                        .toList());
        Manifest manifest = new Manifest(
                new UUID(1, 2),
                1,
                Catalog.EMPTY.with(table),
                nextSegment,
                new Manifest.LogPlace(0, 0, 0, 0),
                List.of(contents));
        try (Storage other = newStorage()) {
            other.store().restore(manifest, opener());
            copySymbols(other);
            try (SnapshotLease lease = other.lease()) {
                return SnapshotReader.readBySequence(lease.snapshot().table(table.id()), budget);
            }
        }
    }

    private SegmentOpener opener() {
        return new SegmentOpener() {
            @Override
            public SegmentColumns open(TableMetadata of, MemoryBudget memory, SegmentMetadata file) {
                return new SegmentFile(directory, file, of, memory);
            }

            @Override
            public void readDeleted(SegmentMetadata segment, Manifest.DeletedRowsFile file, DeletedRowsSink sink) {
                DeletionFile.read(directory, segment, file, sink);
            }
        };
    }

    private void copySymbols(Storage other) {
        for (int i = 0; i < table.schema().columns().size(); i++) {
            SymbolDictionary dictionary = storage.store().dictionary(table.id(), i);
            for (int code = 0; dictionary != null && code < dictionary.size(); code++) {
                other.store().intern(table, i, dictionary.text(code));
            }
        }
    }

    @Override
    public void close() {
        storage.close();
        budget.close();
        long left = root.getAllocatedMemory();
        root.close();
        if (left != 0) {
            throw new AssertionError(left + " bytes are left");
        }
    }
}
