package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.SchemaChange;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.plan.Statement;
import io.zeptodb.engine.sql.ast.AlterTableNode;
import io.zeptodb.engine.sql.ast.ColumnNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** ALTER TABLE as plain data: each action is tried on the table as the actions before it leave it, so that an error has its place. */
final class Alterations {
    private Alterations() {}

    static Statement of(AlterTableNode node, Catalog catalog) {
        TableMetadata table = TableNames.find(node.table(), catalog);
        TableMetadata state = table;
        List<SchemaChange> changes = new ArrayList<>();
        Set<String> views = new LinkedHashSet<>();
        for (AlterTableNode.Action action : node.actions()) {
            SchemaChange change = change(action, state.schema(), catalog);
            if (change != null) {
                views.addAll(droppedViews(action, table, catalog));
                state = applied(change, state, position(action));
                changes.add(change);
            }
        }
        return new Statement.AlterTable(table, List.copyOf(changes), List.copyOf(views));
    }

    /** The views that go with a column. @throws EngineException DEPENDENT_OBJECTS when they may not, or when views know what is renamed by its name */
    private static List<String> droppedViews(AlterTableNode.Action action, TableMetadata table, Catalog catalog) {
        if (action instanceof AlterTableNode.Drop drop) {
            String column = drop.column().getSimple();
            List<String> views = catalog.dependents(table.name(), column);
            if (!drop.cascade()) {
                refuse("drop column '" + column + "' of table '" + table.name() + "'", views, position(action));
            }
            return views;
        } else if (action instanceof AlterTableNode.Rename rename) {
            String column = rename.from().getSimple();
            refuse(
                    "rename column '" + column + "' of table '" + table.name() + "'",
                    catalog.dependents(table.name(), column),
                    position(action));
        } else if (action instanceof AlterTableNode.RenameTable rename
                && !rename.to().getSimple().equalsIgnoreCase(table.name())) {
            refuse("rename table '" + table.name() + "'", catalog.dependents(table.name()), position(action));
        }
        return List.of();
    }

    private static void refuse(String change, List<String> views, SqlParserPos position) {
        if (!views.isEmpty()) {
            EngineException error = Catalog.dependent(change, views);
            throw TableNames.at(error.code(), String.valueOf(error.getMessage()), position);
        }
    }

    private static TableMetadata applied(SchemaChange change, TableMetadata table, SqlParserPos position) {
        try {
            return change.apply(table);
        } catch (EngineException e) {
            throw TableNames.at(e.code(), String.valueOf(e.getMessage()), position);
        }
    }

    /** Null when there is nothing to do. */
    private static @Nullable SchemaChange change(AlterTableNode.Action action, TableSchema schema, Catalog catalog) {
        if (action instanceof AlterTableNode.Add add) {
            ColumnDefinition column = column(add.column());
            boolean there = schema.ordinalOf(column.name()) != TableSchema.NONE;
            return add.ifNotExists() && there ? null : new SchemaChange.AddColumn(column);
        } else if (action instanceof AlterTableNode.Drop drop) {
            String name = drop.column().getSimple();
            boolean there = schema.ordinalOf(name) != TableSchema.NONE;
            return drop.ifExists() && !there ? null : new SchemaChange.DropColumn(name);
        } else if (action instanceof AlterTableNode.Rename rename) {
            return new SchemaChange.RenameColumn(
                    rename.from().getSimple(), rename.to().getSimple());
        } else if (action instanceof AlterTableNode.RenameTable rename) {
            return renamed(rename, schema, catalog);
        } else if (action instanceof AlterTableNode.SetTtl ttl) {
            return new SchemaChange.SetTtl(ttl.age().isEmpty() ? 0 : RetentionText.nanos(ttl.age(), ttl.position()));
        }
        if (action instanceof AlterTableNode.SetAttribute set) {
            return new SchemaChange.SetAttribute(set.column().getSimple(), AttributeNames.attribute(set.attribute()));
        }
        return new SchemaChange.SetStoragePolicy(
                RetentionText.policy(((AlterTableNode.SetStoragePolicy) action).steps()));
    }

    private static SchemaChange renamed(AlterTableNode.RenameTable rename, TableSchema schema, Catalog catalog) {
        String name = rename.to().getSimple();
        boolean taken = catalog.find(name).isPresent() || catalog.findView(name).isPresent();
        if (!name.equalsIgnoreCase(schema.name()) && taken) {
            throw TableNames.at(
                    ErrorCode.DUPLICATE_TABLE,
                    "table '" + name + "' exists already",
                    rename.to().getParserPosition());
        }
        return new SchemaChange.RenameTable(name);
    }

    private static ColumnDefinition column(ColumnNode node) {
        SqlDataTypeSpec type = node.type();
        String name = node.name().getSimple();
        if (type == null) {
            throw TableNames.at(
                    ErrorCode.INVALID_TABLE_DEFINITION,
                    "column '" + name + "' has no type",
                    node.name().getParserPosition());
        }
        return AttributeNames.column(node, type);
    }

    private static SqlParserPos position(AlterTableNode.Action action) {
        if (action instanceof AlterTableNode.Add add) {
            return add.column().name().getParserPosition();
        } else if (action instanceof AlterTableNode.Drop drop) {
            return drop.column().getParserPosition();
        } else if (action instanceof AlterTableNode.Rename rename) {
            return rename.from().getParserPosition();
        } else if (action instanceof AlterTableNode.RenameTable rename) {
            return rename.to().getParserPosition();
        } else if (action instanceof AlterTableNode.SetTtl ttl) {
            return ttl.position();
        } else if (action instanceof AlterTableNode.SetAttribute set) {
            return set.column().getParserPosition();
        }
        return ((AlterTableNode.SetStoragePolicy) action).position();
    }
}
