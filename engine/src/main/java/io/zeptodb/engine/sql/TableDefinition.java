package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.PartitionScheme;
import io.zeptodb.engine.api.PartitionScheme.TimeSlice;
import io.zeptodb.engine.api.Retention;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.catalog.Suggestion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What CREATE TABLE says of a table, before defaults. {@link #schema} makes the schema when the columns are known: at once, or for AS SELECT
 * when the query's are.
 *
 * @param name the table's name
 * @param columns empty when AS SELECT gives them
 * @param timestamp the column in TIMESTAMP(…) or in the time part of PARTITION BY, or null
 * @param partitioning what PARTITION BY says, or null for the default
 * @param fate what becomes of its rows
 */
public record TableDefinition(
        String name,
        List<ColumnDefinition> columns,
        @Nullable String timestamp,
        @Nullable Partitioning partitioning,
        Fate fate) {
    private static final String DEFAULT_INTEGER_KEY = "symbol";

    /** PARTITION BY: {@code key} is null when there is none. */
    public record Partitioning(@Nullable String key, TimeSlice slice) {}

    /**
     * What becomes of rows.
     *
     * @param dedupKeys columns of DEDUP UPSERT KEYS
     */
    public record Fate(List<String> dedupKeys, Retention retention) {
        /** Rows are kept as they come. */
        public static final Fate KEPT = new Fate(List.of(), Retention.NONE);

        public Fate {
            dedupKeys = List.copyOf(dedupKeys);
        }
    }

    public TableDefinition {
        columns = List.copyOf(columns);
    }

    /**
     * Fills in the defaults: the first TIMESTAMP column is the designated timestamp; the first SYMBOL column, or an integer column named symbol,
     * is the key; partitions are by key and hour.
     *
     * @param known the columns of the table
     * @throws EngineException when a column that is named does not exist or cannot be what it is meant to be
     */
    public TableSchema schema(List<ColumnDefinition> known) {
        int time = timestamp != null ? ordinal(known, timestamp) : firstOf(known, TypeKind.TIMESTAMP);
        if (partitioning == null) {
            int key = defaultKey(known);
            boolean byKey = key != TableSchema.NONE;
            boolean byTime = time != TableSchema.NONE;
            return schema(known, time, key, new PartitionScheme(byKey, byTime ? TimeSlice.HOUR : TimeSlice.NONE));
        }
        int key = partitioning.key() == null ? TableSchema.NONE : ordinal(known, partitioning.key());
        return schema(known, time, key, new PartitionScheme(key != TableSchema.NONE, partitioning.slice()));
    }

    private TableSchema schema(List<ColumnDefinition> known, int time, int key, PartitionScheme scheme) {
        List<Integer> dedupKeys =
                fate.dedupKeys().stream().map(column -> ordinal(known, column)).toList();
        return new TableSchema(name, known, time, key, scheme, dedupKeys, fate.retention());
    }

    private int ordinal(List<ColumnDefinition> known, String column) {
        for (int i = 0; i < known.size(); i++) {
            if (known.get(i).name().equalsIgnoreCase(column)) {
                return i;
            }
        }
        throw new EngineException(
                ErrorCode.UNDEFINED_COLUMN,
                "table '" + name + "' has no column '" + column + "'"
                        + Suggestion.of(
                                column,
                                known.stream().map(ColumnDefinition::name).toList()));
    }

    private static int firstOf(List<ColumnDefinition> columns, TypeKind kind) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).type().kind() == kind) {
                return i;
            }
        }
        return TableSchema.NONE;
    }

    private static int defaultKey(List<ColumnDefinition> columns) {
        int symbol = firstOf(columns, TypeKind.SYMBOL);
        if (symbol != TableSchema.NONE) {
            return symbol;
        }
        for (int i = 0; i < columns.size(); i++) {
            ColumnType type = columns.get(i).type();
            if (type.kind().isInteger() && columns.get(i).name().equalsIgnoreCase(DEFAULT_INTEGER_KEY)) {
                return i;
            }
        }
        return TableSchema.NONE;
    }
}
