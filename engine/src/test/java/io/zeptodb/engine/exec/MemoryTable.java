package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.batch.TestVectors;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.partition.DatabaseSnapshot;
import io.zeptodb.engine.partition.PartitionSnapshot;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.partition.TableSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A table for tests, and a database with nothing but it. Rows are objects as in {@code Expression.Literal}, SYMBOL as String. */
final class MemoryTable implements TableSnapshot, DatabaseSnapshot, AutoCloseable {
    private static final long ID = 7;

    private final TableMetadata metadata;
    private final MemoryBudget budget;
    private final Map<Integer, TestVectors.Dictionary> dictionaries = new HashMap<>();
    private final List<PartitionSnapshot> partitions = new ArrayList<>();
    private final List<MemorySegment> segments = new ArrayList<>();
    /** All rows, each with its sequence number at the end. */
    private final List<@Nullable Object[]> rows = new ArrayList<>();

    MemoryTable(TableSchema schema, MemoryBudget budget) {
        this.metadata = new TableMetadata(ID, schema);
        this.budget = budget;
        for (int i = 0; i < schema.columns().size(); i++) {
            if (schema.typeOf(i).kind() == TypeKind.SYMBOL) {
                dictionaries.put(i, new TestVectors.Dictionary(budget, List.of()));
            }
        }
    }

    void addPartition(long start, long end) {
        partitions.add(new PartitionSnapshot(start, end, List.of()));
    }

    /** Adds a segment to the last partition. Rows get the next sequence numbers. */
    void addSegment(List<@Nullable Object[]> values, boolean sealed) {
        List<@Nullable Object[]> withSequence = new ArrayList<>();
        for (Object[] value : values) {
            Object[] row = java.util.Arrays.copyOf(value, value.length + 1);
            row[value.length] = (long) rows.size();
            rows.add(row);
            withSequence.add(row);
            dictionaries.forEach((ordinal, dictionary) -> {
                if (value[ordinal] != null) {
                    dictionary.add((String) value[ordinal]);
                }
            });
        }
        MemorySegment segment = new MemorySegment(metadata.schema(), withSequence, sealed, dictionaries, budget);
        segments.add(segment);
        PartitionSnapshot last = partitions.remove(partitions.size() - 1);
        List<SegmentSnapshot> all = new ArrayList<>(last.segments());
        all.add(segment);
        partitions.add(new PartitionSnapshot(last.sliceStart(), last.sliceEnd(), List.copyOf(all)));
    }

    List<@Nullable Object[]> rows() {
        return rows;
    }

    @Override
    public TableMetadata metadata() {
        return metadata;
    }

    @Override
    public long rowCount() {
        return rows.size();
    }

    @Override
    public List<PartitionSnapshot> partitions() {
        return partitions;
    }

    @Override
    public @Nullable SymbolDictionary dictionary(int ordinal) {
        return dictionaries.get(ordinal);
    }

    @Override
    public long sequence() {
        return 1;
    }

    @Override
    public Catalog catalog() {
        return Catalog.EMPTY;
    }

    @Override
    public TableSnapshot table(long tableId) {
        if (tableId != ID) {
            throw new IllegalArgumentException("no table " + tableId);
        }
        return this;
    }

    @Override
    public void close() {
        segments.forEach(MemorySegment::close);
        dictionaries.values().forEach(TestVectors.Dictionary::close);
    }
}
