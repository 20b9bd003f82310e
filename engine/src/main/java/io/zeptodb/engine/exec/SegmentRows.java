package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.partition.DatabaseSnapshot;
import io.zeptodb.engine.partition.PartitionSnapshot;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.partition.TableSnapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A snapshot in which one table has the rows of one segment, or some of them, and no others. */
record SegmentRows(DatabaseSnapshot database, TableSnapshot whole, PartitionSnapshot slice, SegmentSnapshot segment)
        implements DatabaseSnapshot, TableSnapshot {
    @Override
    public long sequence() {
        return database.sequence();
    }

    @Override
    public Catalog catalog() {
        return database.catalog();
    }

    @Override
    public TableSnapshot table(long tableId) {
        return tableId == whole.metadata().id() ? this : database.table(tableId);
    }

    @Override
    public TableMetadata metadata() {
        return whole.metadata();
    }

    @Override
    public long rowCount() {
        return segment.rowCount();
    }

    @Override
    public List<PartitionSnapshot> partitions() {
        return List.of(new PartitionSnapshot(slice.sliceStart(), slice.sliceEnd(), List.of(segment)));
    }

    @Override
    public @Nullable SymbolDictionary dictionary(int ordinal) {
        return whole.dictionary(ordinal);
    }
}
