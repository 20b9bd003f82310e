package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.Suggestion;
import io.zeptodb.engine.catalog.ViewMetadata;
import io.zeptodb.engine.plan.Statement;
import io.zeptodb.engine.sql.ast.CreateViewNode;
import io.zeptodb.engine.sql.ast.DropTableNode;
import io.zeptodb.engine.sql.ast.DropViewNode;
import io.zeptodb.engine.sql.ast.ShowCreateTableNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/** CREATE VIEW, DROP VIEW and what other statements say of views, as plain data. */
final class ViewStatements {
    private ViewStatements() {}

    /** What CREATE VIEW says besides its query. @throws EngineException for a name that is taken, a question mark in the query */
    static ViewDraft draft(CreateViewNode node, Catalog catalog) {
        String name = TableNames.simple(node.name());
        CreateViewNode.Manner manner = node.manner();
        if (manner.orReplace() && manner.ifNotExists()) {
            throw TableNames.at(
                    ErrorCode.SYNTAX_ERROR,
                    "OR REPLACE and IF NOT EXISTS exclude each other",
                    node.getParserPosition());
        }
        boolean mayBeThere = manner.orReplace() || manner.ifNotExists();
        ViewMetadata there = catalog.findView(name).orElse(null);
        if (catalog.find(name).isPresent()) {
            throw at(ErrorCode.DUPLICATE_TABLE, "table '" + name + "' exists already", node.name());
        } else if (there != null && !mayBeThere) {
            throw at(
                    ErrorCode.DUPLICATE_TABLE,
                    "a " + there.kind() + " '" + there.name() + "' exists already",
                    node.name());
        } else if (there != null && there.materialized() != manner.materialized()) {
            throw at(
                    ErrorCode.WRONG_OBJECT_TYPE,
                    "'" + there.name() + "' is a " + there.kind() + " already: drop it first",
                    node.name());
        }
        refuseParameters(node.query());
        List<SqlIdentifier> columns = new ArrayList<>();
        SqlNodeList named = node.columns();
        if (named != null) {
            named.forEach(column -> columns.add((SqlIdentifier) column));
        }
        return new ViewDraft(name, columns, manner, node.name().getParserPosition());
    }

    private static void refuseParameters(SqlNode query) {
        query.accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlDynamicParam parameter) {
                throw TableNames.at(
                        ErrorCode.INVALID_STATEMENT,
                        "a view has no parameters: write a value for the question mark",
                        parameter.getParserPosition());
            }
        });
    }

    static Statement drop(DropViewNode node, Catalog catalog) {
        Set<String> dropped = new LinkedHashSet<>();
        List<String> named = new ArrayList<>();
        for (SqlIdentifier name : node.names()) {
            String simple = TableNames.simple(name);
            ViewMetadata view = catalog.findView(simple).orElse(null);
            if (view != null) {
                requireKind(node, view, name);
                named.add(view.name());
            } else if (catalog.find(simple).isPresent()) {
                throw at(ErrorCode.WRONG_OBJECT_TYPE, "'" + simple + "' is a table, not a view: use DROP TABLE", name);
            } else if (!node.ifExists()) {
                List<String> known =
                        catalog.views().stream().map(ViewMetadata::name).toList();
                throw at(
                        ErrorCode.UNDEFINED_TABLE,
                        "view '" + simple + "' does not exist" + Suggestion.of(simple, known),
                        name);
            }
        }
        for (int i = 0; i < named.size(); i++) {
            List<String> dependents = catalog.dependents(named.get(i));
            List<String> others =
                    dependents.stream().filter(other -> !named.contains(other)).toList();
            if (!node.cascade() && !others.isEmpty()) {
                EngineException error = Catalog.dependent("drop view '" + named.get(i) + "'", others);
                throw at(
                        error.code(),
                        String.valueOf(error.getMessage()),
                        node.names().get(0));
            }
            dropped.addAll(dependents);
            dropped.add(named.get(i));
        }
        return new Statement.DropViews(inOrder(dropped, catalog));
    }

    /** Each behind those that read it. */
    private static List<String> inOrder(Set<String> views, Catalog catalog) {
        Set<String> ordered = new LinkedHashSet<>();
        for (String view : views) {
            ordered.addAll(catalog.dependents(view));
            ordered.add(view);
        }
        return List.copyOf(ordered);
    }

    private static void requireKind(DropViewNode node, ViewMetadata view, SqlIdentifier name) {
        if (node.materialized() != view.materialized()) {
            throw at(
                    ErrorCode.WRONG_OBJECT_TYPE,
                    "'" + view.name() + "' is a " + view.kind() + ": use DROP "
                            + (view.materialized() ? "MATERIALIZED VIEW" : "VIEW"),
                    name);
        }
    }

    static Statement drop(DropTableNode node, Catalog catalog) {
        String name = TableNames.simple(node.name());
        ViewMetadata view = catalog.findView(name).orElse(null);
        if (view != null) {
            throw at(
                    ErrorCode.WRONG_OBJECT_TYPE,
                    "'" + view.name() + "' is a " + view.kind() + ", not a table: use DROP "
                            + (view.materialized() ? "MATERIALIZED VIEW" : "VIEW"),
                    node.name());
        }
        if (!node.ifExists()) {
            TableNames.find(node.name(), catalog);
        }
        List<String> views = catalog.dependents(name);
        if (!node.cascade() && !views.isEmpty()) {
            EngineException error = Catalog.dependent("drop table '" + name + "'", views);
            throw at(error.code(), String.valueOf(error.getMessage()), node.name());
        }
        return new Statement.DropTable(name, node.ifExists(), views);
    }

    /** The statement that makes a table or view. */
    static String text(ShowCreateTableNode show, Catalog catalog) {
        String name = TableNames.simple(show.table());
        ViewMetadata view = catalog.findView(name).orElse(null);
        if (view != null) {
            return TableText.of(view.definition());
        } else if (show.ofView()) {
            TableNames.find(show.table(), catalog);
            throw at(ErrorCode.WRONG_OBJECT_TYPE, "'" + name + "' is a table, not a view", show.table());
        }
        return TableText.of(TableNames.find(show.table(), catalog).schema());
    }

    private static EngineException at(ErrorCode code, String message, SqlIdentifier name) {
        SqlParserPos position = name.getParserPosition();
        return TableNames.at(code, message, position);
    }
}
