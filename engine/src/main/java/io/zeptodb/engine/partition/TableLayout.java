package io.zeptodb.engine.partition;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SymbolTable;
import io.zeptodb.engine.catalog.TableMetadata;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What every segment of a table shares: column types with the hidden sequence behind them, dictionaries, memory. */
final class TableLayout {
    final TableMetadata metadata;
    final MemoryBudget budget;
    /** The table's columns, then the sequence. */
    final ColumnType[] types;
    /** By ordinal; null where the column is not a SYMBOL. */
    final @Nullable SymbolTable[] dictionaries;
    /** Index of the hidden column of sequence numbers among {@link #types}. */
    final int sequenceColumn;

    final int keyOrdinal;
    final int timeOrdinal;

    TableLayout(TableMetadata metadata, MemoryBudget budget) {
        this.metadata = metadata;
        this.budget = budget;
        TableSchema schema = metadata.schema();
        List<ColumnDefinition> columns = schema.columns();
        sequenceColumn = columns.size();
        types = new ColumnType[sequenceColumn + 1];
        dictionaries = new SymbolTable[sequenceColumn + 1];
        for (int i = 0; i < sequenceColumn; i++) {
            types[i] = columns.get(i).type();
        }
        types[sequenceColumn] = ColumnType.BIGINT;
        keyOrdinal = schema.keyOrdinal();
        timeOrdinal = schema.timestampOrdinal();
        try {
            for (int i = 0; i < sequenceColumn; i++) {
                if (types[i].kind() == TypeKind.SYMBOL) {
                    dictionaries[i] = new SymbolTable(budget);
                }
            }
        } catch (RuntimeException e) {
            closeDictionaries();
            throw e;
        }
    }

    boolean hasKey() {
        return keyOrdinal != TableSchema.NONE;
    }

    boolean hasTime() {
        return timeOrdinal != TableSchema.NONE;
    }

    /** Index among {@link #types} of a column as readers name it. */
    int column(int ordinal) {
        return ordinal == SegmentSnapshot.SEQUENCE ? sequenceColumn : ordinal;
    }

    void closeDictionaries() {
        for (SymbolTable dictionary : dictionaries) {
            if (dictionary != null) {
                dictionary.close();
            }
        }
    }
}
