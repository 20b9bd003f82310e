package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.batch.SymbolTable;
import io.zeptodb.engine.catalog.TableMetadata;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table at one commit. */
final class TableView implements TableSnapshot {
    private final TableLayout layout;
    private final long rowCount;
    private final PartitionSnapshot[] parts;
    private final PartitionStore[] owners;
    private final long nextSequence;

    TableView(TableLayout layout, long rowCount, PartitionSnapshot[] parts) {
        this(layout, rowCount, parts, new PartitionStore[0], 0);
    }

    /**
     * @param parts not changed any more
     * @param owners the writer's side of each part: for the next view
     * @param nextSequence of the table's next row
     */
    TableView(
            TableLayout layout, long rowCount, PartitionSnapshot[] parts, PartitionStore[] owners, long nextSequence) {
        this.layout = layout;
        this.rowCount = rowCount;
        this.parts = parts;
        this.owners = owners;
        this.nextSequence = nextSequence;
    }

    TableLayout layout() {
        return layout;
    }

    long nextSequence() {
        return nextSequence;
    }

    PartitionSnapshot[] parts() {
        return parts;
    }

    PartitionStore[] owners() {
        return owners;
    }

    @Nullable
    SymbolTable symbolTable(int ordinal) {
        return layout.dictionaries[ordinal];
    }

    @Override
    public TableMetadata metadata() {
        return layout.metadata;
    }

    @Override
    public long rowCount() {
        return rowCount;
    }

    @Override
    public List<PartitionSnapshot> partitions() {
        return Collections.unmodifiableList(Arrays.asList(parts));
    }

    @Override
    public @Nullable SymbolDictionary dictionary(int ordinal) {
        return layout.dictionaries[ordinal];
    }
}
