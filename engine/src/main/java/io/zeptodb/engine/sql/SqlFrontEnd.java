package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.catalog.TableStatistics;
import io.zeptodb.engine.catalog.ViewMetadata;
import io.zeptodb.engine.function.FunctionRegistry;
import io.zeptodb.engine.plan.Statement;
import io.zeptodb.engine.sql.ast.CopyNode;
import io.zeptodb.engine.sql.ast.CreateTableNode;
import io.zeptodb.engine.sql.ast.CreateViewNode;
import io.zeptodb.engine.sql.ast.DeleteUsingNode;
import io.zeptodb.engine.sql.ast.DropTableNode;
import io.zeptodb.engine.sql.ast.DropViewNode;
import io.zeptodb.engine.sql.ast.ExplainNode;
import io.zeptodb.engine.sql.ast.MergeNode;
import io.zeptodb.engine.sql.ast.PlainSelect;
import io.zeptodb.engine.sql.ast.StatementNode;
import io.zeptodb.engine.sql.ast.UpdateFromNode;
import io.zeptodb.engine.sql.operator.ZeptoOperatorTable;
import io.zeptodb.engine.sql.schema.DatabaseSchemas;
import java.util.List;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlSetOption;
import org.apache.calcite.sql.SqlUpdate;
import org.apache.calcite.sql.parser.SqlParseException;
import org.jspecify.annotations.Nullable;

/** The door of this package: SQL text in, a validated statement out. Thread-safe; one for a database. */
public final class SqlFrontEnd {
    /** Where the condition is among the operands of Calcite's nodes. */
    private static final int UPDATE_CONDITION = 3;

    private static final int DELETE_CONDITION = 1;

    private final FunctionRegistry functions;
    private final ZeptoOperatorTable operators;

    /** Loads nothing of Calcite yet: that is most of the time of the first statement, see {@link #warmUpStatements()}. */
    public SqlFrontEnd(FunctionRegistry functions) {
        this.functions = functions;
        this.operators = new ZeptoOperatorTable(functions);
    }

    /**
     * What a text is validated against.
     *
     * @param catalog the tables and views that the statement can name
     * @param statistics of the tables now; estimates are enough
     * @param stopCheck throws when the planning shall end; called often, by the thread that plans
     * @param asofKeepsUnmatched whether plain ASOF JOIN keeps left rows without a match (option {@code asof_default})
     * @param usesMaterializedViews whether queries may be answered from materialized views (option {@code use_materialized_views})
     * @param whole all tables and views: a query of a table that may be read may be answered from a view of it that may not
     */
    public record Context(
            Catalog catalog,
            TableStatistics statistics,
            boolean asofKeepsUnmatched,
            boolean usesMaterializedViews,
            Runnable stopCheck,
            Catalog whole) {
        /** Of a statement that nobody stops and that can name everything. */
        public Context(Catalog catalog, TableStatistics statistics, boolean asofKeepsUnmatched) {
            this(catalog, statistics, asofKeepsUnmatched, true, () -> {}, catalog);
        }

        /** As this one, for a statement that can name everything. */
        public Context ofWhole() {
            return new Context(whole, statistics, asofKeepsUnmatched, usesMaterializedViews, stopCheck, whole);
        }
    }

    /**
     * Parses and validates one statement.
     *
     * @throws EngineException with line and column
     */
    public ValidatedStatement validate(String sql, Context context) {
        SqlNode node = null;
        try {
            node = SqlText.parse(sql, context.stopCheck());
            return statement(node, new Request(sql, context));
        } catch (EngineException e) {
            throw e;
        } catch (Exception | StackOverflowError | AssertionError e) {
            throw SqlErrors.translate(e, sql, names(node, context));
        }
    }

    /** The query of a view, as it would be one of its own. @throws EngineException with the view's name */
    public ValidatedStatement.Query view(ViewMetadata view, Context context) {
        Context own = new Context(
                context.catalog(),
                context.statistics(),
                view.asofKeepsUnmatched(),
                false,
                context.stopCheck(),
                context.whole());
        return (ValidatedStatement.Query) validate(ViewExpansion.text(view), own);
    }

    /** A text and what it is validated against. */
    private record Request(String sql, Context context) {
        Catalog catalog() {
            return context.catalog();
        }
    }

    private ValidatedStatement statement(SqlNode node, Request request) {
        Catalog catalog = request.catalog();
        if (node instanceof CreateTableNode create) {
            return createTable(create, request);
        } else if (node instanceof DropTableNode drop) {
            return ready(ViewStatements.drop(drop, catalog));
        } else if (node instanceof CreateViewNode create) {
            return createView(create, request);
        } else if (node instanceof DropViewNode drop) {
            return ready(ViewStatements.drop(drop, catalog));
        } else if (node instanceof ExplainNode explain) {
            return new ValidatedStatement.Explain(statement(explain.statement(), request), explain.analyze());
        } else if (node instanceof CopyNode copy) {
            return copy(copy, request);
        } else if (node instanceof StatementNode other) {
            return ready(Definitions.statement(other, catalog));
        } else if (node instanceof SqlSetOption option) {
            return ready(Definitions.setOption(option));
        } else if (node instanceof SqlInsert insert) {
            return insert(insert, request);
        } else if (node instanceof SqlUpdate update) {
            return update(update, request);
        } else if (node instanceof SqlDelete delete) {
            return delete(delete, request);
        } else if (node instanceof MergeNode merge) {
            RowChanges changes =
                    new RowChanges(merge.getTargetTable(), merge.getAlias(), request.catalog(), request.sql());
            SqlSelect rows = new Merging(merge, changes, operators, rewrite(request)).query();
            return translation(request.context(), changes).merge(rows, changes.table());
        } else if (node.isA(SqlKind.QUERY)) {
            return query(node, request);
        }
        throw SyntaxRewrite.unsupported(node.getKind().name().replace('_', ' '), node.getParserPosition());
    }

    private static ValidatedStatement ready(Statement statement) {
        return new ValidatedStatement.Ready(statement);
    }

    private ValidatedStatement.Query query(SqlNode node, Request request) {
        new SelectLabels(request.sql()).label(node);
        return translation(request.context()).query(rewrite(request).rewrite(Sampling.ordered(node)));
    }

    private ValidatedStatement createView(CreateViewNode node, Request request) {
        ViewDraft draft = ViewStatements.draft(node, request.catalog());
        ViewText text = new ViewText(request.sql(), node.query(), node.queryPosition());
        new SelectLabels(request.sql()).label(node.query());
        Translation translation = translation(request.context());
        SqlNode validated = translation.validate(rewrite(request).rewrite(node.query()));
        String kept = text.of(validated);
        boolean asofKeepsUnmatched = request.context().asofKeepsUnmatched();
        return new ValidatedStatement.CreateView(
                draft,
                translation.validated(validated),
                kept,
                asofKeepsUnmatched,
                dependencies(kept, request.context()));
    }

    private List<ViewMetadata.Dependency> dependencies(String query, Context context) {
        CalciteSchema names = DatabaseSchemas.rootOfNames(context.catalog(), context.statistics(), functions);
        try {
            SqlNode parsed = SqlText.parse(query);
            SqlNode rewritten = new SyntaxRewrite(operators, context.catalog(), context.asofKeepsUnmatched(), query)
                    .rewrite(parsed);
            return new Translation(
                            names, operators, new ViewExpansion(context.catalog(), names, operators, stop(context)))
                    .dependencies(rewritten);
        } catch (SqlParseException e) {
            throw new IllegalStateException("the text of a view cannot be read again: " + query, e);
        }
    }

    private SyntaxRewrite rewrite(Request request) {
        return new SyntaxRewrite(operators, request.catalog(), request.context().asofKeepsUnmatched(), request.sql());
    }

    private static PlanningStop stop(Context context) {
        return new PlanningStop(context.stopCheck());
    }

    private Translation translation(Context context) {
        CalciteSchema schemas = DatabaseSchemas.root(context.catalog(), context.statistics(), functions);
        return new Translation(
                schemas, operators, new ViewExpansion(context.catalog(), schemas, operators, stop(context)));
    }

    private ValidatedStatement insert(SqlInsert node, Request request) {
        if (node.isUpsert()) {
            throw SyntaxRewrite.unsupported("UPSERT", node.getParserPosition());
        }
        if (!(node.getTargetTable() instanceof SqlIdentifier name)) {
            throw SyntaxRewrite.unsupported(
                    "INSERT into anything but a table", node.getTargetTable().getParserPosition());
        }
        TableMetadata target = TableNames.find(name, request.catalog());
        List<Integer> ordinals = TableNames.ordinals(target, node.getTargetColumnList());
        InsertDefaults.fill(node, ordinals.size());
        SqlInsert rewritten = (SqlInsert) rewrite(request).rewrite(node);
        Constants.fit(rewritten.getSource(), ordinals, target);
        return translation(request.context()).insert(rewritten, target);
    }

    private ValidatedStatement update(SqlUpdate node, Request request) {
        RowChanges changes = new RowChanges(node.getTargetTable(), node.getAlias(), request.catalog(), request.sql());
        List<Integer> assigned = changes.assigned(node.getTargetColumnList());
        SyntaxRewrite rewrite = rewrite(request);
        SqlNodeList values = node.getSourceExpressionList();
        for (int i = 0; i < values.size(); i++) {
            ColumnType column = changes.table().schema().typeOf(assigned.get(i));
            values.set(i, Constants.fit(rewrite.rewrite(values.get(i)), column));
        }
        SqlNode condition = node.getCondition();
        if (condition != null) {
            node.setOperand(UPDATE_CONDITION, rewrite.rewrite(condition));
        }
        SqlNode from = node instanceof UpdateFromNode other ? rewrite.rewrite(other.from()) : null;
        return translation(request.context(), changes)
                .update(changes.update(node, from, assigned), changes.table(), assigned);
    }

    private ValidatedStatement delete(SqlDelete node, Request request) {
        RowChanges changes = new RowChanges(node.getTargetTable(), node.getAlias(), request.catalog(), request.sql());
        SqlNode condition = node.getCondition();
        if (condition != null) {
            node.setOperand(DELETE_CONDITION, rewrite(request).rewrite(condition));
        }
        SqlNode using = node instanceof DeleteUsingNode other ? rewrite(request).rewrite(other.using()) : null;
        return translation(request.context(), changes).delete(changes.delete(node, using), changes.table());
    }

    private Translation translation(Context context, RowChanges changes) {
        CalciteSchema schemas = DatabaseSchemas.root(
                context.catalog(), context.statistics(), functions, changes.table(), changes.sequenceName());
        return new Translation(
                schemas, operators, new ViewExpansion(context.catalog(), schemas, operators, stop(context)));
    }

    private ValidatedStatement createTable(CreateTableNode node, Request request) {
        TableDefinition definition = Definitions.table(node);
        SqlNode query = node.query();
        if (query == null) {
            if (definition.columns().isEmpty()) {
                throw TableNames.at(
                        ErrorCode.INVALID_TABLE_DEFINITION,
                        "table '" + definition.name() + "' has no column: name some, or write AS SELECT",
                        node.getParserPosition());
            }
            return ready(new Statement.CreateTable(schema(definition, request), node.ifNotExists(), null, List.of()));
        }
        return new ValidatedStatement.CreateTable(
                definition, node.ifNotExists(), query(Definitions.named(query, node), request));
    }

    private static TableSchema schema(TableDefinition definition, Request request) {
        try {
            return definition.schema(definition.columns());
        } catch (EngineException e) {
            throw ErrorPlaces.add(e, request.sql());
        }
    }

    private ValidatedStatement copy(CopyNode node, Request request) {
        SqlIdentifier table = node.table();
        if (table == null) {
            SqlNode query = node.query();
            if (query == null) {
                throw new IllegalStateException("COPY without table and query");
            }
            return new ValidatedStatement.CopyTo(
                    query(query, request), node.file(), Definitions.options(node.options()));
        }
        if (node.isFrom()) {
            TableMetadata target = TableNames.find(table, request.catalog());
            return ready(new Statement.CopyFrom(
                    target,
                    TableNames.ordinals(target, node.columns()),
                    node.file(),
                    Definitions.options(node.options())));
        }
        SqlNodeList columns = node.columns();
        SqlNodeList select = columns == null ? SqlNodeList.of(SqlIdentifier.star(table.getParserPosition())) : columns;
        SqlSelect all = PlainSelect.of(node.getParserPosition(), select, table, null);
        return new ValidatedStatement.CopyTo(query(all, request), node.file(), Definitions.options(node.options()));
    }

    private SqlErrors.Names names(@Nullable SqlNode node, Context context) {
        return NamesInText.of(node, context.catalog(), operators.functionNames());
    }

    /**
     * Statements of the usual kind over {@link #warmUpContext()}. Planning them loads the classes that the first statement needs: half a second and
     * more, once in the life of a JVM, for a thread that nobody waits for.
     */
    public static List<String> warmUpStatements() {
        return List.of(
                "SELECT symbol, count(*), max(price + 1) FROM warm_up WHERE ts >= '2024-01-01' AND price * 2 > 1"
                        + " GROUP BY symbol ORDER BY 2 DESC LIMIT 10",
                "INSERT INTO warm_up VALUES ('A', 1.5, '2024-01-01 00:00:00')");
    }

    /** A catalog of one empty table. */
    public static Context warmUpContext() {
        List<ColumnDefinition> columns = List.of(
                new ColumnDefinition("symbol", ColumnType.SYMBOL, true),
                new ColumnDefinition("price", ColumnType.DOUBLE, true),
                new ColumnDefinition("ts", ColumnType.TIMESTAMP_NS, true));
        TableSchema schema =
                new TableDefinition("warm_up", columns, null, null, TableDefinition.Fate.KEPT).schema(columns);
        return new Context(Catalog.EMPTY.with(new TableMetadata(1, schema)), table -> 0, false);
    }
}
