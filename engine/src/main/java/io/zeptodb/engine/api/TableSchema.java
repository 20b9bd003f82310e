package io.zeptodb.engine.api;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a table is: name, columns, designated timestamp, partition key and partition scheme. Immutable.
 *
 * @param name the name as written; compared without case
 * @param columns at least one; names differ without regard to case
 * @param timestampOrdinal ordinal of the designated timestamp, or {@link #NONE}
 * @param keyOrdinal ordinal of the partition key (SYMBOL or integer), or {@link #NONE}
 * @param partitioning how rows are split
 */
public record TableSchema(
        String name,
        List<ColumnDefinition> columns,
        int timestampOrdinal,
        int keyOrdinal,
        PartitionScheme partitioning) {
    /** An ordinal that is not there. */
    public static final int NONE = -1;

    public TableSchema {
        EngineException.required(name, "the name of a table");
        EngineException.required(columns, "the columns of a table");
        EngineException.required(partitioning, "the partition scheme of a table");
        columns.forEach(column -> EngineException.required(column, "a column of a table"));
        columns = List.copyOf(columns);
        checkOrdinal(name, columns, timestampOrdinal, "designated timestamp");
        checkOrdinal(name, columns, keyOrdinal, "partition key");
        Set<String> seen = new HashSet<>();
        for (ColumnDefinition column : columns) {
            if (!seen.add(column.name().toLowerCase(Locale.ROOT))) {
                throw new EngineException(
                        ErrorCode.DUPLICATE_COLUMN, "table '" + name + "' names column '" + column.name() + "' twice");
            }
        }
        if (columns.isEmpty()) {
            throw new EngineException(ErrorCode.INVALID_TABLE_DEFINITION, "table '" + name + "' has no column");
        }
        if (timestampOrdinal != NONE && columns.get(timestampOrdinal).type().kind() != TypeKind.TIMESTAMP) {
            ColumnDefinition column = columns.get(timestampOrdinal);
            throw new EngineException(
                    ErrorCode.INVALID_TABLE_DEFINITION,
                    "designated timestamp '" + column.name() + "' of table '" + name + "' must be a TIMESTAMP, is "
                            + column.type());
        }
        if (keyOrdinal != NONE) {
            ColumnDefinition column = columns.get(keyOrdinal);
            TypeKind kind = column.type().kind();
            if (kind != TypeKind.SYMBOL && !kind.isInteger()) {
                throw new EngineException(
                        ErrorCode.INVALID_TABLE_DEFINITION,
                        "partition key '" + column.name() + "' of table '" + name
                                + "' must be a SYMBOL or an integer, is " + column.type());
            }
        }
        if (partitioning.byKey() != (keyOrdinal != NONE)) {
            throw new EngineException(
                    ErrorCode.INVALID_TABLE_DEFINITION,
                    "table '" + name + "' must have a key column exactly when it is partitioned by key");
        }
        if (partitioning.slice() != PartitionScheme.TimeSlice.NONE && timestampOrdinal == NONE) {
            throw new EngineException(
                    ErrorCode.INVALID_TABLE_DEFINITION,
                    "table '" + name + "' is partitioned by " + partitioning.slice()
                            + " but has no designated timestamp");
        }
    }

    private static void checkOrdinal(String table, List<ColumnDefinition> columns, int ordinal, String role) {
        if (ordinal != NONE && (ordinal < 0 || ordinal >= columns.size())) {
            throw new EngineException(
                    ErrorCode.INVALID_TABLE_DEFINITION,
                    "the " + role + " of table '" + table + "' must be one of its columns 0 to " + (columns.size() - 1)
                            + ", or -1 for none, got " + ordinal);
        }
    }

    /** Ordinal of the column with this name, compared without case, or {@link #NONE}. */
    public int ordinalOf(String columnName) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equalsIgnoreCase(columnName)) {
                return i;
            }
        }
        return NONE;
    }

    public ColumnType typeOf(int ordinal) {
        return columns.get(ordinal).type();
    }
}
