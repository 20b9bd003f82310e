package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ResultColumn;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.api.ViewDefinition;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.catalog.ViewMetadata;
import io.zeptodb.engine.function.FunctionRegistry;
import io.zeptodb.engine.plan.ConstantEvaluator;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Literal;
import io.zeptodb.engine.plan.Expression.Parameter;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.Values;
import io.zeptodb.engine.plan.PlanColumn;
import io.zeptodb.engine.plan.Statement;
import io.zeptodb.engine.sql.ErrorPlaces;
import io.zeptodb.engine.sql.PlanningStop;
import io.zeptodb.engine.sql.SqlFrontEnd;
import io.zeptodb.engine.sql.ValidatedStatement;
import io.zeptodb.engine.sql.ValidatedStatement.Origin;
import io.zeptodb.engine.sql.ViewDraft;
import io.zeptodb.engine.sql.type.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.jspecify.annotations.Nullable;

/** Makes a statement of a text: parse, validate, optimise, lower. Thread-safe; one for a database. */
public final class Planner {
    /** The class of SQLSTATEs that a text causes. */
    private static final String OF_THE_TEXT = "42";

    private final SqlFrontEnd frontEnd;
    private final FunctionRegistry functions;
    private final ConstantEvaluator evaluator;
    /** By the view's id. */
    private final Map<Long, KeptView> keptViews;

    private final ViewAnswers views;

    /** @param evaluator computes constants, with the kernels that the run would use */
    public Planner(SqlFrontEnd frontEnd, FunctionRegistry functions, ConstantEvaluator evaluator) {
        this(frontEnd, functions, evaluator, new ConcurrentHashMap<>(), ViewAnswers.NONE);
    }

    private Planner(
            SqlFrontEnd frontEnd,
            FunctionRegistry functions,
            ConstantEvaluator evaluator,
            Map<Long, KeptView> keptViews,
            ViewAnswers views) {
        this.frontEnd = frontEnd;
        this.functions = functions;
        this.evaluator = evaluator;
        this.keptViews = keptViews;
        this.views = views;
    }

    /** The planner of a statement that may be answered from the materialized views of its catalog. */
    private Planner withViews(SqlFrontEnd.Context ofStatement) {
        SqlFrontEnd.Context context = ofStatement.ofWhole();
        boolean has = context.usesMaterializedViews()
                && context.catalog().views().stream().anyMatch(view -> view.materialized() && !view.isPrivate());
        return has
                ? new Planner(frontEnd, functions, evaluator, keptViews, ViewAnswers.of(() -> keptViews(context)))
                : this;
    }

    private List<KeptView> keptViews(SqlFrontEnd.Context context) {
        List<KeptView> kept = new ArrayList<>();
        for (ViewMetadata view : context.catalog().views()) {
            if (view.materialized() && !view.isPrivate()) {
                try {
                    kept.add(keptView(view, context));
                } catch (EngineException e) {
                    if (!e.sqlState().startsWith(OF_THE_TEXT) && e.code() != ErrorCode.FEATURE_NOT_SUPPORTED) {
                        throw e;
                    }
                    // a version that reads its text otherwise than the one that made it answers from the table
                }
            }
        }
        keptViews.keySet().removeIf(id -> context.catalog().views().stream().noneMatch(view -> view.id() == id));
        return kept;
    }

    private KeptView keptView(ViewMetadata view, SqlFrontEnd.Context context) {
        KeptView known = keptViews.get(view.id());
        TableMetadata table = known == null
                ? null
                : context.catalog().find(known.form().table().name()).orElse(null);
        if (known == null || !known.form().table().equals(table)) {
            PhysicalPlan plan =
                    withoutViews().query(frontEnd.view(view, context)).plan();
            known = new KeptViews(functions, view.definition().query(), view.name()).of(view.id(), plan);
            keptViews.put(view.id(), known);
        }
        return known;
    }

    private Planner withoutViews() {
        return new Planner(frontEnd, functions, evaluator, keptViews, ViewAnswers.NONE);
    }

    /**
     * The whole way of a statement up to its plan.
     *
     * @throws EngineException with line and column where the text is wrong; FEATURE_NOT_SUPPORTED for what cannot be planned
     */
    public Statement prepare(String sql, SqlFrontEnd.Context context) {
        ValidatedStatement validated = frontEnd.validate(sql, context);
        try {
            return withViews(context).plan(validated, sql);
        } catch (EngineException e) {
            throw ErrorPlaces.add(e, sql);
        }
    }

    private Statement plan(ValidatedStatement statement, String sql) {
        if (statement instanceof ValidatedStatement.Query query) {
            return query(query);
        } else if (statement instanceof ValidatedStatement.Insert insert) {
            return insert(insert);
        } else if (statement instanceof ValidatedStatement.Update update) {
            PhysicalPlan source = plan(update.source(), update.parameters());
            return new Statement.Update(update.table(), update.ordinals(), source, update.parameters());
        } else if (statement instanceof ValidatedStatement.Delete delete) {
            PhysicalPlan source = plan(delete.source(), delete.parameters());
            return new Statement.Delete(delete.table(), source, delete.parameters());
        } else if (statement instanceof ValidatedStatement.Merge merge) {
            PhysicalPlan source = plan(merge.source(), merge.parameters());
            return new Statement.Merge(merge.table(), source, merge.parameters());
        } else if (statement instanceof ValidatedStatement.CreateTable create) {
            return createTable(create);
        } else if (statement instanceof ValidatedStatement.CreateView create) {
            return withoutViews().createView(create, sql);
        } else if (statement instanceof ValidatedStatement.CopyTo copy) {
            return new Statement.CopyTo(query(copy.source()).plan(), copy.file(), copy.options());
        } else if (statement instanceof ValidatedStatement.Explain explain) {
            return explain(explain, sql);
        }
        return ((ValidatedStatement.Ready) statement).statement();
    }

    private Statement.Query query(ValidatedStatement.Query query) {
        PhysicalPlan plan = plan(query.root(), query.parameters());
        return new Statement.Query(plan, resultColumns(query, plan), query.parameters());
    }

    /** Optimise and lower. */
    private PhysicalPlan plan(RelRoot root, List<ColumnType> parameters) {
        RelNode visible = root.project();
        RelNode optimised = RelationOptimizer.optimise(visible);
        ConstantEvaluator constants = evaluator.stoppedBy(() -> PlanningStop.check(visible));
        LoweringContext context = LoweringContext.of(functions, constants, parameters.size(), views);
        return new Lowering(context).lowerRoot(optimised, types(visible));
    }

    private static List<ColumnType> types(RelNode node) {
        return node.getRowType().getFieldList().stream()
                .map(field -> Types.toEngine(field.getType()))
                .toList();
    }

    private static List<ResultColumn> resultColumns(ValidatedStatement.Query query, PhysicalPlan plan) {
        List<ResultColumn> columns = new ArrayList<>();
        List<RelDataTypeField> fields = query.root().validatedRowType.getFieldList();
        for (int i = 0; i < plan.columns().size(); i++) {
            PlanColumn column = plan.columns().get(i);
            Origin origin = query.origins().get(i);
            columns.add(new ResultColumn(
                    query.root().fields.get(i).getValue(),
                    column.type(),
                    fields.get(i).getType().isNullable(),
                    origin == null ? null : origin.table(),
                    origin == null ? null : origin.column()));
        }
        return columns;
    }

    private Statement.Insert insert(ValidatedStatement.Insert insert) {
        PhysicalPlan source = plan(insert.source(), insert.parameters());
        return new Statement.Insert(
                insert.table(),
                insert.ordinals(),
                source,
                insert.singleRow() ? valuesRow(source) : null,
                insert.parameters());
    }

    /** The one row of VALUES, when it is nothing but literals and parameters. */
    private static @Nullable List<Expression> valuesRow(PhysicalPlan source) {
        if (!(source instanceof Values values) || values.rows().size() != 1) {
            return null;
        }
        List<Expression> row = values.rows().get(0);
        boolean plain = row.stream().allMatch(each -> each instanceof Literal || each instanceof Parameter);
        return plain ? row : null;
    }

    private Statement.CreateTable createTable(ValidatedStatement.CreateTable create) {
        ValidatedStatement.Query source = create.source();
        if (source == null) {
            TableSchema schema = create.definition().schema(create.definition().columns());
            return new Statement.CreateTable(schema, create.ifNotExists(), null, List.of());
        }
        Statement.Query query = query(source);
        List<ColumnDefinition> columns = new ArrayList<>();
        for (ResultColumn column : query.columns()) {
            columns.add(new ColumnDefinition(
                    column.label(), storable(column, create.definition().name()), true));
        }
        boolean declared = !create.definition().columns().isEmpty();
        TableSchema schema =
                create.definition().schema(declared ? create.definition().columns() : columns);
        return new Statement.CreateTable(schema, create.ifNotExists(), query.plan(), query.parameters());
    }

    private Statement.CreateView createView(ValidatedStatement.CreateView create, String sql) {
        ViewDraft draft = create.draft();
        Statement.Query query = query(create.source());
        if (draft.manner().materialized()) {
            new KeptViews(functions, sql, draft.name()).of(0, query.plan());
        }
        ViewDefinition definition = new ViewDefinition(
                draft.name(),
                draft.columns(query),
                create.text(),
                draft.manner().materialized());
        ViewMetadata view = new ViewMetadata(0, definition, create.asofKeepsUnmatched(), create.dependencies());
        return new Statement.CreateView(
                view, draft.manner().orReplace(), draft.manner().ifNotExists());
    }

    private static ColumnType storable(ResultColumn column, String table) {
        return switch (column.type().kind()) {
            case NULL, INTERVAL_DAY, INTERVAL_MONTH ->
                throw new EngineException(
                        ErrorCode.INVALID_TABLE_DEFINITION,
                        "cannot create table '" + table + "': column '" + column.label() + "' is " + column.type()
                                + ", which is no type of a table; cast it");
            case ARRAY, ROW ->
                throw new EngineException(
                        ErrorCode.FEATURE_NOT_SUPPORTED,
                        "cannot create table '" + table + "': column '" + column.label() + "' is " + column.type()
                                + ", and tables have no columns of nested values; select its parts");
            default -> column.type();
        };
    }

    private Statement explain(ValidatedStatement.Explain explain, String sql) {
        Statement statement = plan(explain.statement(), sql);
        if (explain.analyze()) {
            return new Statement.ExplainAnalyze(statement);
        }
        PhysicalPlan lines = StatementText.explain(statement);
        ResultColumn column = new ResultColumn("plan", ColumnType.VARCHAR, false, null, null);
        return new Statement.Query(lines, List.of(column), explain.parameters());
    }
}
