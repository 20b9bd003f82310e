package io.zeptodb.engine.partition;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SymbolTable;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.catalog.TableMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
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

    /** Of columns that old segments lack. */
    final NullMemory nulls;

    /** Dictionaries of columns that were dropped: old snapshots and segments have codes of them. */
    private final List<SymbolTable> dropped;

    private final boolean ownsDictionaries;

    /** A new table. */
    TableLayout(TableMetadata metadata, MemoryBudget budget) {
        this(metadata, budget, new NullMemory(budget), columnId -> null, List.of(), true);
    }

    private TableLayout(
            TableMetadata metadata,
            MemoryBudget budget,
            NullMemory nulls,
            IntFunction<@Nullable SymbolTable> known,
            List<SymbolTable> dropped,
            boolean ownsDictionaries) {
        this.metadata = metadata;
        this.budget = budget;
        this.nulls = nulls;
        this.dropped = dropped;
        this.ownsDictionaries = ownsDictionaries;
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
        List<SymbolTable> made = new ArrayList<>();
        try {
            for (int i = 0; i < sequenceColumn; i++) {
                if (types[i].kind() == TypeKind.SYMBOL) {
                    SymbolTable old = known.apply(metadata.columnId(i));
                    if (old == null) {
                        old = new SymbolTable(budget);
                        made.add(old);
                    }
                    dictionaries[i] = old;
                }
            }
        } catch (RuntimeException e) {
            made.forEach(SymbolTable::close);
            throw e;
        }
    }

    /** The same table with other columns: those that stay keep their dictionaries. */
    TableLayout altered(TableMetadata to) {
        List<SymbolTable> gone = new ArrayList<>(dropped);
        for (int i = 0; i < sequenceColumn; i++) {
            SymbolTable dictionary = dictionaries[i];
            if (dictionary != null && to.ordinalOfId(metadata.columnId(i)) == TableSchema.NONE) {
                gone.add(dictionary);
            }
        }
        return new TableLayout(to, budget, nulls, this::dictionaryOfId, gone, ownsDictionaries);
    }

    private @Nullable SymbolTable dictionaryOfId(int columnId) {
        int ordinal = metadata.ordinalOfId(columnId);
        return ordinal == TableSchema.NONE ? null : dictionaries[ordinal];
    }

    /** What is this table's now and was not that one's: to give back when the change is undone. */
    void closeAllBut(TableLayout before) {
        for (int i = 0; i < sequenceColumn; i++) {
            SymbolTable dictionary = dictionaries[i];
            if (dictionary != null && before.metadata.ordinalOfId(metadata.columnId(i)) == TableSchema.NONE) {
                dictionary.close();
            }
        }
    }

    /** The columns of this table that a file has, in the order of this table. */
    TableLayout having(SegmentMetadata file) {
        TableSchema schema = metadata.schema();
        List<ColumnDefinition> columns = new ArrayList<>();
        List<Integer> ids = new ArrayList<>();
        int key = TableSchema.NONE;
        int time = TableSchema.NONE;
        for (int i = 0; i < sequenceColumn; i++) {
            if (file.hasColumn(metadata.columnId(i))) {
                key = i == keyOrdinal ? columns.size() : key;
                time = i == timeOrdinal ? columns.size() : time;
                columns.add(schema.columns().get(i));
                ids.add(metadata.columnId(i));
            }
        }
        if (columns.size() == sequenceColumn) {
            return this;
        }
        TableSchema fewer = new TableSchema(
                schema.name(), columns, time, key, schema.partitioning(), List.of(), schema.retention());
        TableMetadata then = new TableMetadata(metadata.id(), fewer, ids, metadata.nextColumnId());
        return new TableLayout(then, budget, nulls, this::dictionaryOfId, List.of(), false);
    }

    /** The same table for rows of somebody else's memory: the dictionaries are this one's, who closes them. */
    TableLayout sharing(MemoryBudget other) {
        return new TableLayout(metadata, other, new NullMemory(other), this::dictionaryOfId, List.of(), false);
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
        nulls.close();
        if (ownsDictionaries) {
            for (SymbolTable dictionary : dictionaries) {
                if (dictionary != null) {
                    dictionary.close();
                }
            }
            dropped.forEach(SymbolTable::close);
        }
    }
}
