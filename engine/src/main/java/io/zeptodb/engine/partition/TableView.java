package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.batch.SymbolTable;
import io.zeptodb.engine.catalog.TableMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A table at one commit.
 *
 * @param nextSequence of the table's next row
 */
record TableView(TableLayout layout, long rowCount, Parts partitions, long nextSequence) implements TableSnapshot {
    @Nullable
    SymbolTable symbolTable(int ordinal) {
        return layout.dictionaries[ordinal];
    }

    @Override
    public TableMetadata metadata() {
        return layout.metadata;
    }

    @Override
    public @Nullable SymbolDictionary dictionary(int ordinal) {
        return layout.dictionaries[ordinal];
    }
}
