package io.zeptodb.engine.catalog;

import io.zeptodb.engine.api.ColumnAttribute;
import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.PartitionScheme;
import io.zeptodb.engine.api.Retention;
import io.zeptodb.engine.api.TableSchema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One change of ALTER TABLE, as plain data. {@link #apply} gives the table as it is then: with the same table id, each column that stays with its
 * column id, and a new one with the next. Rows are not touched: what was written of a table that lacks a column has NULL there.
 */
public sealed interface SchemaChange {
    /**
     * The table after the change.
     *
     * @throws EngineException UNDEFINED_COLUMN, DUPLICATE_COLUMN, INVALID_TABLE_DEFINITION
     */
    TableMetadata apply(TableMetadata table);

    /** A column behind the others. One that is NOT NULL is for a table without rows, which the caller checks. */
    record AddColumn(ColumnDefinition column) implements SchemaChange {
        @Override
        public TableMetadata apply(TableMetadata table) {
            TableSchema schema = table.schema();
            refuseName(table, column.name(), TableSchema.NONE);
            List<ColumnDefinition> columns = new ArrayList<>(schema.columns());
            columns.add(column);
            List<Integer> ids = new ArrayList<>(table.columnIds());
            ids.add(table.nextColumnId());
            return new TableMetadata(table.id(), withColumns(schema, columns), ids, table.nextColumnId() + 1);
        }
    }

    /** Takes a column away; none that the order or the place of rows hangs on. */
    record DropColumn(String name) implements SchemaChange {
        @Override
        public TableMetadata apply(TableMetadata table) {
            TableSchema schema = table.schema();
            int dropped = ordinal(table, name);
            String role = role(schema, dropped);
            if (role != null) {
                throw new EngineException(
                        ErrorCode.INVALID_TABLE_DEFINITION,
                        "cannot drop column '" + name + "' of table '" + table.name() + "': " + role);
            }
            List<ColumnDefinition> columns = new ArrayList<>(schema.columns());
            columns.remove(dropped);
            List<Integer> ids = new ArrayList<>(table.columnIds());
            ids.remove(dropped);
            TableSchema fewer = new TableSchema(
                    schema.name(),
                    columns,
                    without(dropped, schema.timestampOrdinal()),
                    without(dropped, schema.keyOrdinal()),
                    schema.partitioning(),
                    schema.dedupKeys().stream()
                            .map(key -> without(dropped, key))
                            .toList(),
                    schema.retention());
            return new TableMetadata(table.id(), fewer, ids, table.nextColumnId());
        }

        private static int without(int dropped, int ordinal) {
            return ordinal > dropped ? ordinal - 1 : ordinal;
        }

        private static @Nullable String role(TableSchema schema, int ordinal) {
            if (ordinal == schema.keyOrdinal()) {
                return "it is the partition key";
            }
            if (ordinal == schema.timestampOrdinal()) {
                return "it is the designated timestamp";
            }
            if (schema.dedupKeys().contains(ordinal)) {
                return "it is a dedup key";
            }
            return schema.columns().size() == 1 ? "a table has at least one column; drop the table" : null;
        }
    }

    /** Another name for a column. */
    record RenameColumn(String from, String to) implements SchemaChange {
        @Override
        public TableMetadata apply(TableMetadata table) {
            TableSchema schema = table.schema();
            int renamed = ordinal(table, from);
            refuseName(table, to, renamed);
            List<ColumnDefinition> columns = new ArrayList<>(schema.columns());
            ColumnDefinition column = columns.get(renamed);
            columns.set(renamed, new ColumnDefinition(to, column.type(), column.nullable(), column.attribute()));
            return with(table, withColumns(schema, columns));
        }
    }

    /** Another name for the table; whether it is free, the catalog checks. */
    record RenameTable(String name) implements SchemaChange {
        @Override
        public TableMetadata apply(TableMetadata table) {
            TableSchema schema = table.schema();
            PartitionScheme partitioning = schema.partitioning();
            return with(
                    table,
                    new TableSchema(
                            name,
                            schema.columns(),
                            schema.timestampOrdinal(),
                            schema.keyOrdinal(),
                            partitioning,
                            schema.dedupKeys(),
                            schema.retention()));
        }
    }

    /** Another time for which rows are kept; 0 nanoseconds for no end. */
    record SetTtl(long nanos) implements SchemaChange {
        @Override
        public TableMetadata apply(TableMetadata table) {
            Retention retention = table.schema().retention().withTtl(nanos);
            return with(table, table.schema().withRetention(retention));
        }
    }

    /** Another storage policy; empty for none. */
    record SetStoragePolicy(String policy) implements SchemaChange {
        @Override
        public TableMetadata apply(TableMetadata table) {
            Retention retention = table.schema().retention().withStoragePolicy(policy);
            return with(table, table.schema().withRetention(retention));
        }
    }

    /** Another way to find rows by the values of a column. That the rows fit SORTED is for the caller to check. */
    record SetAttribute(String column, ColumnAttribute attribute) implements SchemaChange {
        @Override
        public TableMetadata apply(TableMetadata table) {
            List<ColumnDefinition> columns = new ArrayList<>(table.schema().columns());
            int changed = ordinal(table, column);
            columns.set(changed, columns.get(changed).with(attribute));
            return SchemaChange.with(table, withColumns(table.schema(), columns));
        }
    }

    private static TableMetadata with(TableMetadata table, TableSchema schema) {
        return new TableMetadata(table.id(), schema, table.columnIds(), table.nextColumnId());
    }

    private static TableSchema withColumns(TableSchema schema, List<ColumnDefinition> columns) {
        return new TableSchema(
                schema.name(),
                columns,
                schema.timestampOrdinal(),
                schema.keyOrdinal(),
                schema.partitioning(),
                schema.dedupKeys(),
                schema.retention());
    }

    private static int ordinal(TableMetadata table, String column) {
        int ordinal = table.schema().ordinalOf(column);
        if (ordinal == TableSchema.NONE) {
            List<String> known = table.schema().columns().stream()
                    .map(ColumnDefinition::name)
                    .toList();
            throw new EngineException(
                    ErrorCode.UNDEFINED_COLUMN,
                    "table '" + table.name() + "' has no column '" + column + "'" + Suggestion.of(column, known));
        }
        return ordinal;
    }

    private static void refuseName(TableMetadata table, String name, int own) {
        int taken = table.schema().ordinalOf(name);
        if (taken != TableSchema.NONE && taken != own) {
            throw new EngineException(
                    ErrorCode.DUPLICATE_COLUMN, "table '" + table.name() + "' has a column '" + name + "' already");
        }
    }
}
