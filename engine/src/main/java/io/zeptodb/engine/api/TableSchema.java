package io.zeptodb.engine.api;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a table is: name, columns, designated timestamp, partition key and partition scheme, and what becomes of its rows. Immutable.
 *
 * @param name the name as written; compared without case
 * @param columns at least one; names differ without regard to case
 * @param timestampOrdinal ordinal of the designated timestamp, or {@link #NONE}
 * @param keyOrdinal ordinal of the partition key (SYMBOL or integer), or {@link #NONE}
 * @param partitioning how rows are split
 * @param dedupKeys ordinals of the columns of DEDUP UPSERT KEYS: a row that is equal in all of them replaces the older one; empty for none
 * @param retention for how long rows are kept; a TTL wants slices of time, for it drops whole ones
 */
public record TableSchema(
        String name,
        List<ColumnDefinition> columns,
        int timestampOrdinal,
        int keyOrdinal,
        PartitionScheme partitioning,
        List<Integer> dedupKeys,
        Retention retention) {
    /** An ordinal that is not there. */
    public static final int NONE = -1;

    /** A table whose rows are all kept. */
    public TableSchema(
            String name,
            List<ColumnDefinition> columns,
            int timestampOrdinal,
            int keyOrdinal,
            PartitionScheme partitioning) {
        this(name, columns, timestampOrdinal, keyOrdinal, partitioning, List.of(), Retention.NONE);
    }

    public TableSchema {
        EngineException.required(name, "the name of a table");
        ValueText.checkUnicode(name);
        EngineException.required(columns, "the columns of a table");
        EngineException.required(partitioning, "the partition scheme of a table");
        EngineException.required(dedupKeys, "the dedup keys of a table");
        EngineException.required(retention, "the retention of a table");
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
        dedupKeys = List.copyOf(dedupKeys);
        checkDedupKeys(name, columns, dedupKeys);
        if (retention.hasTtl() && partitioning.slice() == PartitionScheme.TimeSlice.NONE) {
            throw new EngineException(
                    ErrorCode.INVALID_TABLE_DEFINITION,
                    "table '" + name + "' cannot have a TTL: it drops whole slices of time, and the table is not"
                            + " partitioned by HOUR, DAY or MONTH of a designated timestamp");
        }
    }

    private static void checkDedupKeys(String table, List<ColumnDefinition> columns, List<Integer> keys) {
        Set<Integer> seen = new HashSet<>();
        for (int key : keys) {
            if (key < 0 || key >= columns.size()) {
                throw new EngineException(
                        ErrorCode.INVALID_TABLE_DEFINITION,
                        "the dedup keys of table '" + table + "' must be of its columns 0 to " + (columns.size() - 1)
                                + ", got " + key);
            }
            if (!seen.add(key)) {
                throw new EngineException(
                        ErrorCode.DUPLICATE_COLUMN,
                        "the dedup keys of table '" + table + "' name column '"
                                + columns.get(key).name() + "' twice");
            }
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

    /** The same table with another retention. */
    public TableSchema withRetention(Retention changed) {
        return new TableSchema(name, columns, timestampOrdinal, keyOrdinal, partitioning, dedupKeys, changed);
    }
}
