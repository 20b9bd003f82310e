package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.Filter;
import io.zeptodb.engine.plan.PhysicalPlan.HashAggregate;
import io.zeptodb.engine.plan.PhysicalPlan.Limit;
import io.zeptodb.engine.plan.PhysicalPlan.SetOperation;
import io.zeptodb.engine.plan.PhysicalPlan.Sort;
import io.zeptodb.engine.plan.PhysicalPlan.SystemScan;
import io.zeptodb.engine.plan.PhysicalPlan.TableScan;
import io.zeptodb.engine.plan.PhysicalPlan.TopN;
import io.zeptodb.engine.plan.PhysicalPlan.UnionAll;
import io.zeptodb.engine.plan.PhysicalPlan.Values;
import io.zeptodb.engine.plan.PlanColumn;
import io.zeptodb.engine.plan.SortKey;
import io.zeptodb.engine.sql.PlanningStop;
import io.zeptodb.engine.sql.relation.GapFill;
import io.zeptodb.engine.sql.relation.VolatileProject;
import io.zeptodb.engine.sql.schema.SystemTable;
import io.zeptodb.engine.sql.schema.ZeptoTable;
import io.zeptodb.engine.sql.type.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.RepeatUnion;
import org.apache.calcite.rel.core.Sample;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Uncollect;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/** Turns an optimised relational tree into the records of a physical plan. One statement, one thread. */
final class Lowering {
    /** How the text says what Calcite's relations are called here. */
    private static final Map<String, String> CONSTRUCTS = Map.of(
            "LogicalMatch", "MATCH_RECOGNIZE",
            "LogicalTableFunctionScan", "this table function",
            "Collect", "MULTISET");

    private final LoweringContext context;
    private final Projections projections;
    private final ScanPushdown pushdown;
    private final JoinLowering joins;
    private final AsofLowering asofJoins;
    private final AggregateLowering aggregates;
    private final RecursionLowering recursions;
    private final GapFillLowering gapFills;
    private final SampleLowering samples;

    Lowering(LoweringContext context) {
        this.context = context;
        this.projections = new Projections(context.folding());
        this.pushdown = new ScanPushdown(context.conversion());
        this.joins = new JoinLowering(context);
        this.asofJoins = new AsofLowering(context);
        this.aggregates = new AggregateLowering(context);
        this.recursions = new RecursionLowering(this);
        this.gapFills = new GapFillLowering(context);
        this.samples = new SampleLowering(context, pushdown);
    }

    /** The plan of a whole query: its columns have the types that the validator promised, SYMBOL where it says VARCHAR. */
    PhysicalPlan lowerRoot(RelNode root, List<ColumnType> promised) {
        PhysicalPlan plan = lower(root);
        List<ColumnType> types = new ArrayList<>();
        for (int i = 0; i < promised.size(); i++) {
            ColumnType actual = plan.columns().get(i).type();
            boolean symbol = actual.kind() == TypeKind.SYMBOL && promised.get(i).kind() == TypeKind.VARCHAR;
            boolean unknown = promised.get(i).kind() == TypeKind.NULL;
            types.add(symbol || unknown ? actual : promised.get(i));
        }
        return converted(plan, types);
    }

    PhysicalPlan lower(RelNode node) {
        PlanningStop.check(node);
        if (node instanceof org.apache.calcite.rel.core.TableScan scan) {
            return scan(scan);
        } else if (node instanceof org.apache.calcite.rel.core.Filter filter) {
            return filter(filter);
        } else if (node instanceof Project project) {
            return project(project);
        } else if (node instanceof VolatileProject project) {
            return computed(project, project.expressions(), lower(project.getInput()));
        } else if (node instanceof Aggregate aggregate) {
            return aggregates.aggregate(aggregate, lower(aggregate.getInput()));
        } else if (node instanceof AsofJoin join) {
            return asofJoins.join(join, lower(join.getLeft()), lower(join.getRight()));
        } else if (node instanceof WindowJoinRelation join) {
            return new WindowJoinLowering(context, aggregates)
                    .join(join, lower(join.getLeft()), lower(join.getRight()));
        } else if (node instanceof Join join) {
            return joins.join(join, lower(join.getLeft()), lower(join.getRight()));
        } else if (node instanceof Correlate correlate) {
            PhysicalPlan unnested = UnnestLowering.correlated(this, context, correlate);
            return unnested == null ? correlate(correlate) : unnested;
        } else if (node instanceof Uncollect uncollect) {
            return UnnestLowering.alone(this, context, uncollect);
        } else if (node instanceof GapFill gap) {
            return gapFills.lower(gap, asTexts(lower(gap.getInput()), gap));
        } else if (node instanceof Sample sample) {
            return samples.lower(sample, lower(sample.getInput()));
        } else if (node instanceof org.apache.calcite.rel.core.Sort sort) {
            return sort(sort);
        } else if (node instanceof org.apache.calcite.rel.core.Values values) {
            return values(values);
        } else if (node instanceof SetOp operation) {
            return setOperation(operation);
        } else if (node instanceof RepeatUnion union) {
            return recursions.recursion(union, columns(union, textTypes(union)));
        }
        throw Unsupported.construct(
                CONSTRUCTS.getOrDefault(node.getRelTypeName(), "relation " + node.getRelTypeName()));
    }

    private PhysicalPlan scan(org.apache.calcite.rel.core.TableScan scan) {
        SystemTable system = scan.getTable().unwrap(SystemTable.class);
        if (system != null) {
            return systemScan(system);
        }
        ZeptoTable known = scan.getTable().unwrap(ZeptoTable.class);
        if (known == null) {
            PhysicalPlan working = recursions.workingTable(scan, columns(scan, textTypes(scan)));
            if (working != null) {
                return working;
            }
            throw new IllegalStateException(
                    "no table of the catalog behind " + scan.getTable().getQualifiedName());
        }
        TableMetadata table = known.metadata();
        List<Integer> ordinals = new ArrayList<>();
        List<PlanColumn> columns = new ArrayList<>();
        for (ColumnDefinition column : table.schema().columns()) {
            ordinals.add(ordinals.size());
            columns.add(new PlanColumn(column.name(), column.type(), column.nullable()));
        }
        if (known.sequenceName() != null) {
            ordinals.add(TimeOrder.SEQUENCE_ORDINAL);
            columns.add(new PlanColumn(TimeOrder.SEQUENCE_NAME, ColumnType.BIGINT, false));
        }
        return new TableScan(table, ordinals, null, List.of(), List.of(), columns);
    }

    private static PhysicalPlan systemScan(SystemTable table) {
        if (table.rows() == null) {
            return new SystemScan(table.name(), table.columns());
        }
        List<List<Expression>> rows = new ArrayList<>();
        for (List<@Nullable Object> values : table.rows()) {
            List<Expression> row = new ArrayList<>();
            for (int i = 0; i < values.size(); i++) {
                row.add(new Expression.Literal(
                        values.get(i), table.columns().get(i).type()));
            }
            rows.add(row);
        }
        return new Values(rows, table.columns());
    }

    private PhysicalPlan filter(org.apache.calcite.rel.core.Filter filter) {
        PhysicalPlan input = lower(filter.getInput());
        Expression condition = new ExpressionLowering(context, input.columns()).condition(filter.getCondition());
        return filtered(input, Folding.asFilter(condition));
    }

    private PhysicalPlan filtered(PhysicalPlan input, Expression condition) {
        if (Folding.isTrue(condition)) {
            return input;
        }
        if (Folding.isFalse(condition) || Folding.isNull(condition)) {
            return new Values(List.of(), input.columns());
        }
        return input instanceof TableScan scan ? pushdown.filter(scan, condition) : new Filter(input, condition);
    }

    private PhysicalPlan project(Project project) {
        PhysicalPlan input = lower(project.getInput());
        if (project.containsOver()) {
            return new WindowLowering(context, input).project(project);
        }
        return computed(project, project.getProjects(), input);
    }

    private PhysicalPlan computed(RelNode columns, List<RexNode> expressions, PhysicalPlan input) {
        List<Expression> lowered = new ExpressionLowering(context, input.columns()).lowerAll(expressions);
        List<Expression> simpler = CommonColumns.of(input).simplify(lowered);
        return projections.project(input, simpler, Columns.of(columns, simpler));
    }

    private PhysicalPlan correlate(Correlate correlate) {
        PhysicalPlan left = lower(correlate.getLeft());
        context.variables().open(correlate.getCorrelationId(), left.columns());
        return joins.apply(correlate, left, lower(correlate.getRight()));
    }

    private PhysicalPlan sort(org.apache.calcite.rel.core.Sort sort) {
        PhysicalPlan input = lower(sort.getInput());
        Expression offset = count(sort.offset);
        Expression limit = count(sort.fetch);
        List<SortKey> keys = new ArrayList<>();
        for (RelFieldCollation key : sort.getCollation().getFieldCollations()) {
            keys.add(key(key));
        }
        NestedLowering.refuseOrder(input.columns(), keys);
        if (keys.isEmpty() || GapFillLowering.isOrdered(input, keys)) {
            return offset == null && limit == null ? input : new Limit(input, offset, limit);
        }
        if (limit != null) {
            return new TopN(input, keys, offset, limit);
        }
        PhysicalPlan sorted = new Sort(input, keys);
        return offset == null ? sorted : new Limit(sorted, offset, null);
    }

    private static SortKey key(RelFieldCollation key) {
        boolean descending = key.getDirection().isDescending();
        boolean nullsFirst = key.nullDirection == RelFieldCollation.NullDirection.UNSPECIFIED
                ? descending
                : key.nullDirection == RelFieldCollation.NullDirection.FIRST;
        return new SortKey(key.getFieldIndex(), descending, nullsFirst);
    }

    private @Nullable Expression count(@Nullable RexNode rows) {
        if (rows instanceof RexDynamicParam parameter) {
            // integers are passed as 64 bits whatever their type
            return new Expression.Parameter(parameter.getIndex(), ColumnType.BIGINT);
        }
        return rows == null
                ? null
                : context.conversion().to(new ExpressionLowering(context, List.of()).lower(rows), ColumnType.BIGINT);
    }

    private PhysicalPlan values(org.apache.calcite.rel.core.Values values) {
        List<ColumnType> types = types(values);
        List<List<Expression>> rows = new ArrayList<>();
        for (List<RexLiteral> tuple : values.getTuples()) {
            List<Expression> row = new ArrayList<>();
            for (int i = 0; i < tuple.size(); i++) {
                row.add(context.conversion().to(Literals.of(tuple.get(i)), types.get(i)));
            }
            rows.add(row);
        }
        List<PlanColumn> columns = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            var field = values.getRowType().getFieldList().get(i);
            columns.add(new PlanColumn(
                    field.getName(), types.get(i), field.getType().isNullable()));
        }
        return new Values(rows, columns);
    }

    private PhysicalPlan setOperation(SetOp operation) {
        List<PhysicalPlan> inputs =
                operation.getInputs().stream().map(this::lower).toList();
        List<ColumnType> types = commonTypes(inputs, types(operation));
        List<PhysicalPlan> unified =
                inputs.stream().map(input -> converted(input, types)).toList();
        List<PlanColumn> columns = columns(operation, types);
        if (operation instanceof Union union) {
            PhysicalPlan all = union(flattened(unified), columns);
            return union.all ? all : new HashAggregate(all, Columns.references(columns), List.of(), columns);
        }
        boolean except = operation.kind == SqlKind.EXCEPT;
        PhysicalPlan result = unified.get(0);
        for (PhysicalPlan input : unified.subList(1, unified.size())) {
            result = new SetOperation(except, operation.all, result, input, columns);
        }
        return result;
    }

    private static List<PhysicalPlan> flattened(List<PhysicalPlan> inputs) {
        return inputs.stream()
                .flatMap(input -> input instanceof UnionAll union ? union.inputs().stream() : Stream.of(input))
                .toList();
    }

    /** Rows of several VALUES become one. */
    private static PhysicalPlan union(List<PhysicalPlan> inputs, List<PlanColumn> columns) {
        List<List<Expression>> rows = new ArrayList<>();
        for (PhysicalPlan input : inputs) {
            if (!(input instanceof Values values)) {
                return inputs.size() == 1 ? inputs.get(0) : new UnionAll(inputs, columns);
            }
            rows.addAll(values.rows());
        }
        return new Values(rows, columns);
    }

    /** What Calcite says; where it cannot know a type, what the inputs have in common. */
    private static List<ColumnType> commonTypes(List<PhysicalPlan> inputs, List<ColumnType> calciteTypes) {
        List<ColumnType> types = new ArrayList<>();
        for (int i = 0; i < calciteTypes.size(); i++) {
            int column = i;
            ColumnType type = calciteTypes.get(i);
            if (type.kind() == TypeKind.NULL) {
                type = Conversion.common(inputs.stream()
                        .map(input -> input.columns().get(column).type())
                        .toList());
            }
            // dictionaries of several columns do not meet
            types.add(type.kind() == TypeKind.SYMBOL ? ColumnType.VARCHAR : type);
        }
        return types;
    }

    private static List<ColumnType> types(RelNode node) {
        return node.getRowType().getFieldList().stream()
                .map(field -> Types.toEngine(field.getType()))
                .toList();
    }

    /** Types of rows that an operator keeps: without dictionaries. */
    private static List<ColumnType> textTypes(RelNode node) {
        return types(node).stream()
                .map(type -> type.kind() == TypeKind.SYMBOL ? ColumnType.VARCHAR : type)
                .toList();
    }

    private static List<PlanColumn> columns(RelNode node, List<ColumnType> types) {
        List<PlanColumn> columns = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            var field = node.getRowType().getFieldList().get(i);
            columns.add(new PlanColumn(
                    field.getName(), types.get(i), field.getType().isNullable()));
        }
        return columns;
    }

    /** The input of a gap fill, whose values that are not groups may be NULL in rows that know no dictionary. */
    private PhysicalPlan asTexts(PhysicalPlan input, GapFill gap) {
        List<ColumnType> types = new ArrayList<>();
        for (int i = 0; i < input.columns().size(); i++) {
            ColumnType type = input.columns().get(i).type();
            boolean value = gap.fills().get(i) != GapFill.Fill.GROUP;
            types.add(value && type.kind() == TypeKind.SYMBOL ? ColumnType.VARCHAR : type);
        }
        return converted(input, types);
    }

    /** The plan with its columns cast to these types. */
    PhysicalPlan converted(PhysicalPlan plan, List<ColumnType> types) {
        List<Expression> expressions = new ArrayList<>();
        List<PlanColumn> columns = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            PlanColumn column = plan.columns().get(i);
            Expression reference = new Expression.Column(i, column.type());
            Expression converted = context.conversion().to(reference, types.get(i));
            expressions.add(converted);
            columns.add(new PlanColumn(column.name(), converted.type(), column.nullable()));
        }
        return projections.project(plan, expressions, columns);
    }
}
