package io.zeptodb.engine.optimizer;

import static java.util.Objects.requireNonNull;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.function.AggregateFunction;
import io.zeptodb.engine.function.WindowFunction;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Column;
import io.zeptodb.engine.plan.Expression.Literal;
import io.zeptodb.engine.plan.ExpressionTree;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.Window;
import io.zeptodb.engine.plan.PlanColumn;
import io.zeptodb.engine.plan.SortKey;
import io.zeptodb.engine.plan.TextPlace;
import io.zeptodb.engine.plan.WindowCall;
import io.zeptodb.engine.plan.WindowCall.Bound;
import io.zeptodb.engine.plan.WindowCall.BoundKind;
import io.zeptodb.engine.plan.WindowCall.Exclusion;
import io.zeptodb.engine.plan.WindowCall.Frame;
import io.zeptodb.engine.plan.WindowCall.FrameUnit;
import io.zeptodb.engine.plan.WindowCall.Kind;
import io.zeptodb.engine.sql.ast.GroupsFrame;
import io.zeptodb.engine.sql.operator.RegistryWindow;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexWindow;
import org.apache.calcite.rex.RexWindowBound;
import org.jspecify.annotations.Nullable;

/**
 * A projection with window functions: the columns they need, one Window record for each partitioning and order, the projection over their
 * results. A window without ORDER BY over one table with a designated timestamp goes by time order where order matters.
 */
final class WindowLowering {
    private static final Map<String, Kind> KINDS = Map.ofEntries(
            Map.entry("row_number", Kind.ROW_NUMBER),
            Map.entry("rank", Kind.RANK),
            Map.entry("dense_rank", Kind.DENSE_RANK),
            Map.entry("percent_rank", Kind.PERCENT_RANK),
            Map.entry("cume_dist", Kind.CUME_DIST),
            Map.entry("ntile", Kind.NTILE),
            Map.entry("lag", Kind.LAG),
            Map.entry("lead", Kind.LEAD),
            Map.entry("first_value", Kind.FIRST_VALUE),
            Map.entry("last_value", Kind.LAST_VALUE),
            Map.entry("nth_value", Kind.NTH_VALUE));

    /** Aggregates that take what comes first or last, or put values one behind the other. */
    private static final Set<String> BY_ARRIVAL = Set.of(
            "first",
            "last",
            "first_not_null",
            "last_not_null",
            "string_agg",
            "array_agg",
            "arg_min",
            "arg_max",
            "ohlc");

    private static final Bound FIRST = new Bound(BoundKind.UNBOUNDED_PRECEDING, null);
    private static final Bound LAST = new Bound(BoundKind.UNBOUNDED_FOLLOWING, null);

    private final LoweringContext context;
    private final Projections projections;
    private final TickCalls ticks;
    private PhysicalPlan input;
    private final ExpressionLowering expressions;
    private final List<Expression> columns;
    private final List<PlanColumn> names;
    private @Nullable TimeOrder order;

    WindowLowering(LoweringContext context, PhysicalPlan input) {
        this.context = context;
        this.projections = new Projections(context.folding());
        this.ticks = new TickCalls(context);
        this.input = input;
        this.expressions = new ExpressionLowering(context, input.columns());
        this.columns = new ArrayList<>();
        this.names = new ArrayList<>();
    }

    PhysicalPlan project(Project project) {
        for (int column : RelOptUtil.InputFinder.bits(project.getProjects(), null)) {
            column(reference(column));
        }
        Map<Specification, List<WindowCall>> calls = new LinkedHashMap<>();
        Map<RexOver, WindowCall> byOver = new LinkedHashMap<>();
        for (RexOver over : overs(project)) {
            if (!byOver.containsKey(over)) {
                WindowCall call = placed(over, "$window" + byOver.size(), calls);
                byOver.put(over, call);
            }
        }
        Map<Specification, List<SortKey>> ties = new HashMap<>();
        // the first window gets the rows as they are ingested, the others in the order of the window before
        calls.forEach((specification, own) -> ties.put(specification, ties(specification, own, ties.isEmpty())));
        PhysicalPlan plan = projections.project(input, columns, names);
        int inputCount = names.size();
        Map<WindowCall, Integer> positions = new HashMap<>();
        List<PlanColumn> output = new ArrayList<>(names);
        for (Map.Entry<Specification, List<WindowCall>> each : calls.entrySet()) {
            for (WindowCall call : each.getValue()) {
                positions.put(call, inputCount + positions.size());
                output.add(new PlanColumn(call.name(), call.type(), true));
            }
            Specification window = each.getKey();
            plan = new Window(
                    plan,
                    window.partition,
                    window.order,
                    ties.getOrDefault(window, List.of()),
                    each.getValue(),
                    List.copyOf(output));
        }
        Map<RexOver, Integer> results = new HashMap<>();
        byOver.forEach((over, call) -> results.put(over, position(positions, call)));
        return over(project, computed(plan, byOver, results), results);
    }

    /** The plan with a column more for each function that is computed from the result of its call, to which {@code results} then leads. */
    private PhysicalPlan computed(PhysicalPlan plan, Map<RexOver, WindowCall> calls, Map<RexOver, Integer> results) {
        List<Expression> expressions = new ArrayList<>();
        List<PlanColumn> output = new ArrayList<>(plan.columns());
        for (int i = 0; i < output.size(); i++) {
            expressions.add(new Column(i, output.get(i).type()));
        }
        int passed = expressions.size();
        calls.forEach((over, call) -> {
            Column result = new Column(results.getOrDefault(over, 0), call.type());
            Expression value = over.getAggOperator() instanceof RegistryWindow function
                    ? ticks.over(function.definition().name(), call, result)
                    : null;
            if (value != null) {
                results.put(over, expressions.size());
                expressions.add(value);
                output.add(new PlanColumn(call.name() + "$", value.type(), true));
            }
        });
        return expressions.size() == passed ? plan : projections.project(plan, expressions, output);
    }

    private WindowCall placed(RexOver over, String name, Map<Specification, List<WindowCall>> calls) {
        CurrentPlace place = context.place();
        TextPlace around = place.enter(over.getParserPosition());
        try {
            WindowCall call = call(over, name);
            calls.computeIfAbsent(specification(over), key -> new ArrayList<>()).add(call);
            return call;
        } catch (EngineException e) {
            throw TextPlace.add(place.get(), e);
        } finally {
            place.leave(around);
        }
    }

    private static List<RexOver> overs(Project project) {
        List<RexOver> overs = new ArrayList<>();
        RexShuttle finder = new RexShuttle() {
            @Override
            public RexNode visitOver(RexOver over) {
                overs.add(over);
                return over;
            }
        };
        project.getProjects().forEach(each -> each.accept(finder));
        return overs;
    }

    /** The projection with each window function replaced by the column of its result. */
    private PhysicalPlan over(Project project, PhysicalPlan plan, Map<RexOver, Integer> positions) {
        RexShuttle replace = new RexShuttle() {
            @Override
            public RexNode visitOver(RexOver over) {
                return new RexInputRef(position(positions, over), over.getType());
            }

            @Override
            public RexNode visitInputRef(RexInputRef reference) {
                return new RexInputRef(column(reference(reference.getIndex())), reference.getType());
            }
        };
        ExpressionLowering overResults = new ExpressionLowering(context, plan.columns());
        List<Expression> results = project.getProjects().stream()
                .map(each -> overResults.lower(each.accept(replace)))
                .toList();
        return projections.project(plan, results, Columns.of(project, results));
    }

    private static <T> int position(Map<T, Integer> positions, T call) {
        Integer position = positions.get(call);
        if (position == null) {
            throw new IllegalStateException("a window function without a result column: " + call);
        }
        return position;
    }

    private record Specification(List<Integer> partition, List<SortKey> order) {}

    private Specification specification(RexOver over) {
        RexWindow window = over.getWindow();
        List<Integer> partition = new ArrayList<>();
        window.partitionKeys.forEach(key -> partition.add(column(expressions.lower(key))));
        List<SortKey> keys = new ArrayList<>();
        for (RexFieldCollation key : window.orderKeys) {
            boolean descending = key.getDirection().isDescending();
            boolean nullsFirst = key.getNullDirection() == RelFieldCollation.NullDirection.UNSPECIFIED
                    ? descending
                    : key.getNullDirection() == RelFieldCollation.NullDirection.FIRST;
            Expression value = expressions.lower(key.left);
            NestedLowering.refuseOrder(value.type());
            keys.add(new SortKey(column(value), descending, nullsFirst));
        }
        return new Specification(partition, keys);
    }

    /**
     * What puts peers in order: without ORDER BY time and ingest; with an order by time ingest, backward when that goes backward, so that the
     * one is the other reversed. Rows of one key come in the order of ingest anyway.
     *
     * @param asIngested whether the rows of a key come in the order of ingest
     */
    private List<SortKey> ties(Specification window, List<WindowCall> calls, boolean asIngested) {
        boolean grouped = window.order.isEmpty();
        if (calls.stream().noneMatch(call -> dependsOnOrder(call))) {
            return List.of();
        }
        TimeOrder found = order == null ? TimeOrder.trace(input) : order;
        if (found == null) {
            return List.of();
        }
        if (grouped) {
            adopt(found);
            List<SortKey> keys = new ArrayList<>(List.of(new SortKey(column(reference(found.time())), false, false)));
            if (found.sequence() != found.time()) {
                keys.add(new SortKey(column(reference(found.sequence())), false, false));
            }
            return keys;
        }
        SortKey last = window.order.get(window.order.size() - 1);
        boolean byTime = columns.get(last.column()) instanceof Column time && time.index() == found.time();
        int key = TimeOrder.keyColumn(input);
        boolean arrives = asIngested
                && !last.descending()
                && (key < 0
                        ? !hasKey(input)
                        : window.partition.stream()
                                .anyMatch(each -> columns.get(each) instanceof Column own && own.index() == key));
        if (!byTime || arrives || found.sequence() == found.time()) {
            return List.of();
        }
        adopt(found);
        return List.of(new SortKey(column(reference(found.sequence())), last.descending(), false));
    }

    private static boolean hasKey(PhysicalPlan plan) {
        return plan instanceof PhysicalPlan.TableScan scan
                ? scan.table().schema().keyOrdinal() != TableSchema.NONE
                : plan.inputs().stream().anyMatch(WindowLowering::hasKey);
    }

    private void adopt(TimeOrder found) {
        order = found;
        input = found.plan();
    }

    /** Whether a result depends on the order of rows that are peers. */
    private static boolean dependsOnOrder(WindowCall call) {
        return switch (call.kind()) {
            case ROW_NUMBER, NTILE, LAG, LEAD, FIRST_VALUE, LAST_VALUE, NTH_VALUE, EMA, EMA_ALPHA, EMA_HALFLIFE -> true;
            case RANK, DENSE_RANK, PERCENT_RANK, CUME_DIST -> false;
            case AGGREGATE -> {
                boolean takesAll = call.frame().start().kind() == BoundKind.UNBOUNDED_PRECEDING
                        && call.frame().end().kind() == BoundKind.UNBOUNDED_FOLLOWING;
                boolean byRows = call.frame().unit() == FrameUnit.ROWS && !takesAll;
                boolean picks = call.aggregate() != null
                        && BY_ARRIVAL.contains(call.aggregate().name());
                yield byRows || picks;
            }
        };
    }

    private Expression reference(int index) {
        return new Column(index, input.columns().get(index).type());
    }

    /** The column below the windows that holds an expression; added when there is none. */
    private int column(Expression expression) {
        int there = columns.indexOf(expression);
        if (there >= 0) {
            return there;
        }
        columns.add(expression);
        names.add(
                expression instanceof Column column
                        ? input.columns().get(column.index())
                        : new PlanColumn("$arg" + names.size(), expression.type(), true));
        return columns.size() - 1;
    }

    private Expression columnOrLiteral(Expression expression) {
        return expression instanceof Literal ? expression : new Column(column(expression), expression.type());
    }

    private WindowCall call(RexOver over, String name) {
        String called = over.getAggOperator().getName().toLowerCase(Locale.ROOT);
        if (over.isDistinct()) {
            throw Unsupported.construct(called.toUpperCase(Locale.ROOT) + "(DISTINCT …) as a window function");
        }
        List<Expression> arguments = new ArrayList<>(expressions.lowerAll(over.getOperands()));
        if (over.getAggOperator() instanceof RegistryWindow) {
            WindowFunction function = context.functions()
                    .window(called, arguments.stream().map(Expression::type).toList());
            return ticks.call(function, arguments, over.ignoreNulls(), name, this::columnOrLiteral);
        }
        Kind kind = Optional.ofNullable(KINDS.get(called)).orElse(Kind.AGGREGATE);
        AggregateFunction function = null;
        ColumnType type;
        switch (kind) {
            case AGGREGATE -> {
                function = context.functions()
                        .aggregate(
                                called.equals("$sum0") ? "sum" : called,
                                arguments.stream().map(Expression::type).toList());
                for (int i = 0; i < arguments.size(); i++) {
                    arguments.set(
                            i,
                            context.conversion()
                                    .to(arguments.get(i), function.parameters().get(i)));
                }
                type = function.result();
            }
            case LAG, LEAD -> type = valueAndDefault(arguments);
            case FIRST_VALUE, LAST_VALUE, NTH_VALUE -> type = arguments.get(0).type();
            case PERCENT_RANK, CUME_DIST -> type = ColumnType.DOUBLE;
            default -> type = ColumnType.BIGINT;
        }
        if ((kind == Kind.NTILE || kind == Kind.NTH_VALUE) && !arguments.isEmpty()) {
            int count = arguments.size() - 1;
            arguments.set(count, context.conversion().to(arguments.get(count), ColumnType.BIGINT));
        }
        List<Expression> lowered =
                new ArrayList<>(arguments.stream().map(this::columnOrLiteral).toList());
        return new WindowCall(
                kind,
                function,
                lowered,
                frame(over),
                over.ignoreNulls(),
                type,
                name,
                context.place().get());
    }

    /** LAG and LEAD: the offset is a BIGINT, value and default have one type. */
    private ColumnType valueAndDefault(List<Expression> arguments) {
        ColumnType type = arguments.get(0).type();
        if (arguments.size() > 1) {
            arguments.set(1, context.conversion().to(arguments.get(1), ColumnType.BIGINT));
        }
        if (arguments.size() > 2) {
            type = Conversion.common(type, arguments.get(2).type());
            type = type.kind() == TypeKind.SYMBOL ? ColumnType.VARCHAR : type;
            arguments.set(0, context.conversion().to(arguments.get(0), type));
            arguments.set(2, context.conversion().to(arguments.get(2), type));
        }
        return type;
    }

    private Frame frame(RexOver over) {
        RexWindow window = over.getWindow();
        FrameUnit unit = isGroups(window.getLowerBound()) || isGroups(window.getUpperBound())
                ? FrameUnit.GROUPS
                : window.isRows() ? FrameUnit.ROWS : FrameUnit.RANGE;
        Exclusion exclusion = switch (window.getExclude()) {
            case EXCLUDE_NO_OTHER -> Exclusion.NONE;
            case EXCLUDE_CURRENT_ROW -> Exclusion.CURRENT_ROW;
            case EXCLUDE_GROUP -> Exclusion.GROUP;
            case EXCLUDE_TIES -> Exclusion.TIES;
        };
        if (window.orderKeys.isEmpty() && unit == FrameUnit.RANGE) {
            // without an order all rows are peers
            return new Frame(unit, FIRST, LAST, exclusion);
        }
        return new Frame(unit, bound(window, window.getLowerBound()), bound(window, window.getUpperBound()), exclusion);
    }

    /** Whether a bound came as one of ROWS from a frame of GROUPS. */
    private static boolean isGroups(RexWindowBound bound) {
        return bound.getOffset() instanceof RexLiteral offset
                && offset.getValue() instanceof BigDecimal number
                && GroupsFrame.isGroups(number.longValue());
    }

    private Bound bound(RexWindow window, RexWindowBound bound) {
        if (bound.isUnbounded()) {
            return bound.isPreceding() ? FIRST : LAST;
        }
        if (bound.isCurrentRow()) {
            return new Bound(BoundKind.CURRENT_ROW, null);
        }
        BoundKind kind = bound.isPreceding() ? BoundKind.PRECEDING : BoundKind.FOLLOWING;
        RexNode offset = bound.getOffset();
        if (offset == null) {
            throw new IllegalStateException("a window bound without an offset: " + bound);
        }
        Expression value = expressions.lower(offset);
        if (!ExpressionTree.isConstant(value)) {
            throw Unsupported.because("this window frame", "its offsets must be constants or parameters");
        }
        if (isGroups(bound)) {
            long groups = GroupsFrame.groups(((Number) requireNonNull(((Literal) value).value())).longValue());
            return groups == 0
                    ? new Bound(BoundKind.CURRENT_ROW, null)
                    : new Bound(kind, new Literal(groups, ColumnType.BIGINT));
        }
        if (window.isRows()) {
            return new Bound(kind, context.conversion().to(value, ColumnType.BIGINT));
        }
        return new Bound(kind, rangeOffset(window, value));
    }

    /** RANGE: DOUBLE for floating keys, else the exact number, which may be finer than the key, or an interval where that is a time. */
    private Expression rangeOffset(RexWindow window, Expression value) {
        if (window.orderKeys.size() != 1) {
            throw Unsupported.because("a RANGE frame with an offset", "it needs exactly one ORDER BY key");
        }
        ColumnType key = expressions.lower(window.orderKeys.get(0).left).type();
        return key.kind().isFloat() ? context.conversion().to(value, ColumnType.DOUBLE) : value;
    }
}
