package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.function.AggregateFunction;
import io.zeptodb.engine.plan.AggregateCall;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Column;
import io.zeptodb.engine.plan.Expression.Literal;
import io.zeptodb.engine.plan.ExpressionTree;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.HashAggregate;
import io.zeptodb.engine.plan.PhysicalPlan.Project;
import io.zeptodb.engine.plan.PhysicalPlan.RunAggregate;
import io.zeptodb.engine.plan.PhysicalPlan.SingleRow;
import io.zeptodb.engine.plan.PhysicalPlan.Sort;
import io.zeptodb.engine.plan.PhysicalPlan.TableScan;
import io.zeptodb.engine.plan.PhysicalPlan.UnionAll;
import io.zeptodb.engine.plan.PlanColumn;
import io.zeptodb.engine.plan.SortKey;
import io.zeptodb.engine.plan.TextPlace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Aggregations: run by run where the groups are the partition key and a bucket of the designated timestamp, else through a hash table.
 * GROUPING SETS are one aggregation each, put together.
 */
final class AggregateLowering {
    /** Aggregates that pick a row by another argument; the sequence decides among equal ones. */
    private static final Set<String> BY_ARGUMENT = Set.of("arg_min", "arg_max");

    private static final String TWAP = "twap";
    private static final String OHLC = "ohlc";
    private static final String ARRAY_AGG = "array_agg";
    /** Price, time and end. */
    private static final int MOST_TWAP_ARGUMENTS = 3;

    private final LoweringContext context;
    private final Projections projections;

    AggregateLowering(LoweringContext context) {
        this.context = context;
        this.projections = new Projections(context.folding());
    }

    PhysicalPlan aggregate(Aggregate aggregate, PhysicalPlan input) {
        if (isSingleValue(aggregate)) {
            int value = aggregate.getAggCallList().get(0).getArgList().get(0);
            PlanColumn column = input.columns().get(value);
            return projections.project(
                    new SingleRow(input),
                    List.of(column(input, value)),
                    List.of(new PlanColumn(column.name(), column.type(), true)));
        }
        List<ImmutableBitSet> sets = aggregate.getGroupSets();
        if (sets.size() == 1 && sets.get(0).equals(aggregate.getGroupSet())) {
            return ofSet(aggregate, input, aggregate.getGroupSet());
        }
        List<PhysicalPlan> parts =
                sets.stream().map(set -> ofSet(aggregate, input, set)).toList();
        return new UnionAll(
                parts,
                parts.get(0).columns().stream()
                        .map(column -> new PlanColumn(column.name(), column.type(), true))
                        .toList());
    }

    /** The one value of a scalar subquery. */
    private static boolean isSingleValue(Aggregate aggregate) {
        return aggregate.getGroupSet().isEmpty()
                && aggregate.getGroupSets().size() == 1
                && aggregate.getAggCallList().size() == 1
                && aggregate.getAggCallList().get(0).getAggregation().getKind() == SqlKind.SINGLE_VALUE;
    }

    private static Expression column(PhysicalPlan input, int index) {
        return new Column(index, input.columns().get(index).type());
    }

    /** The aggregation by one of the grouping sets, in the columns of the whole: NULL for what is not grouped by here. */
    private PhysicalPlan ofSet(Aggregate aggregate, PhysicalPlan input, ImmutableBitSet set) {
        List<List<org.apache.calcite.rel.core.AggregateCall>> orders = OrderedCalls.byOrder(aggregate);
        if (orders.size() > 1) {
            return inSeveralOrders(aggregate, input, set, orders);
        }
        Builder builder = new Builder(input, aggregate.getInput().getRowType());
        List<Expression> groups = new ArrayList<>();
        List<PlanColumn> groupColumns = new ArrayList<>();
        List<PlanColumn> output = new ArrayList<>();
        List<Expression> result = new ArrayList<>();
        List<String> names = aggregate.getRowType().getFieldNames();
        for (int field : aggregate.getGroupSet()) {
            Expression group = column(input, field);
            PlanColumn column = new PlanColumn(
                    names.get(output.size()),
                    group.type(),
                    input.columns().get(field).nullable());
            output.add(column);
            if (set.get(field)) {
                result.add(new Column(groups.size(), group.type()));
                groups.add(group);
                groupColumns.add(column);
            } else {
                result.add(new Literal(null, group.type()));
            }
        }
        for (org.apache.calcite.rel.core.AggregateCall call : aggregate.getAggCallList()) {
            Expression value = builder.add(call, set, groups.size(), names.get(output.size()));
            output.add(new PlanColumn(
                    names.get(output.size()), value.type(), call.getType().isNullable()));
            result.add(value);
        }
        PhysicalPlan plan = context.views().answer(build(builder.ordered(), groups, groupColumns, builder.calls));
        return projections.project(plan, result, output);
    }

    /**
     * Rows are sorted once for an aggregation, so that each order gets one of its own. Their rows, with NULL for what the others compute, are put
     * together by the groups again.
     */
    private PhysicalPlan inSeveralOrders(
            Aggregate aggregate,
            PhysicalPlan input,
            ImmutableBitSet set,
            List<List<org.apache.calcite.rel.core.AggregateCall>> orders) {
        int groups = aggregate.getGroupCount();
        List<org.apache.calcite.rel.core.AggregateCall> all = aggregate.getAggCallList();
        List<PhysicalPlan> parts = new ArrayList<>();
        for (List<org.apache.calcite.rel.core.AggregateCall> calls : orders) {
            parts.add(ofSet(OrderedCalls.only(aggregate, calls), input, set));
        }
        List<PlanColumn> columns = new ArrayList<>(parts.get(0).columns().subList(0, groups));
        for (org.apache.calcite.rel.core.AggregateCall call : all) {
            PlanColumn computed = OrderedCalls.column(call, orders, parts, groups);
            columns.add(
                    new PlanColumn(aggregate.getRowType().getFieldNames().get(columns.size()), computed.type(), true));
        }
        List<PhysicalPlan> padded = new ArrayList<>();
        for (int part = 0; part < parts.size(); part++) {
            padded.add(projections.project(
                    parts.get(part), OrderedCalls.padded(all, orders.get(part), columns, groups), columns));
        }
        List<Expression> keys = new ArrayList<>();
        for (int i = 0; i < groups; i++) {
            keys.add(new Column(i, columns.get(i).type()));
        }
        List<AggregateCall> picks = new ArrayList<>();
        for (int i = groups; i < columns.size(); i++) {
            Expression value = new Column(i, columns.get(i).type());
            picks.add(aggregateCall(
                    "any_value", List.of(value), false, null, columns.get(i).name()));
        }
        return new HashAggregate(new UnionAll(padded, columns), keys, picks, columns);
    }

    /**
     * Aggregates of rows that come in time order.
     *
     * @param input with columns for the time order behind its own, where a call needs them
     * @param calls over the input, each once
     * @param values the value of each call that was given, over the calls' results from column {@code firstResult} on
     */
    record Lowered(PhysicalPlan input, List<AggregateCall> calls, List<Expression> values) {}

    /** Lowers calls without groups; an order of their own is refused where it matters. */
    Lowered calls(
            List<org.apache.calcite.rel.core.AggregateCall> calls,
            RelDataType inputType,
            PhysicalPlan input,
            int firstResult) {
        Builder builder = new Builder(input, inputType);
        List<Expression> values = new ArrayList<>();
        for (org.apache.calcite.rel.core.AggregateCall call : calls) {
            if (OrderedCalls.sortsRows(call, inputType)) {
                throw Unsupported.because(
                        "ORDER BY inside " + OrderedCalls.function(call) + " of a WINDOW JOIN",
                        "its rows come in the order of their time");
            }
            values.add(builder.add(call, ImmutableBitSet.of(), firstResult, "$" + values.size()));
        }
        return new Lowered(builder.ordered(), builder.calls, values);
    }

    /** The calls of one aggregation; those that go by time order add columns to the input. */
    private final class Builder {
        private final List<AggregateCall> calls = new ArrayList<>();
        private final Map<String, Integer> known = new HashMap<>();
        private final RelDataType inputType;
        private PhysicalPlan input;
        private @Nullable TimeOrder order;
        private List<SortKey> arrival = List.of();

        Builder(PhysicalPlan input, RelDataType inputType) {
            this.input = input;
            this.inputType = inputType;
        }

        /** The value of a call over the aggregation's output. */
        Expression add(
                org.apache.calcite.rel.core.AggregateCall call, ImmutableBitSet set, int groupCount, String name) {
            switch (call.getAggregation().getKind()) {
                case GROUPING, GROUPING_ID -> {
                    return new Literal(grouping(call, set), ColumnType.BIGINT);
                }
                case GROUP_ID -> {
                    return new Literal(0L, ColumnType.BIGINT);
                }
                case LITERAL_AGG -> {
                    return new ExpressionLowering(context, List.of()).lower(call.rexList.get(0));
                }
                default -> {
                    AggregateCall lowered = placed(call, name);
                    String text =
                            lowered.function().name() + lowered.arguments() + lowered.distinct() + lowered.filter();
                    int index = known.computeIfAbsent(text, key -> {
                        calls.add(lowered);
                        return calls.size() - 1;
                    });
                    return new Column(groupCount + index, lowered.function().result());
                }
            }
        }

        /** A bit for each argument, the last one lowest: set when the row is not grouped by it. */
        private long grouping(org.apache.calcite.rel.core.AggregateCall call, ImmutableBitSet set) {
            long bits = 0;
            for (int argument : call.getArgList()) {
                bits = bits << 1 | (set.get(argument) ? 0 : 1);
            }
            return bits;
        }

        private AggregateCall placed(org.apache.calcite.rel.core.AggregateCall call, String name) {
            CurrentPlace place = context.place();
            TextPlace around = place.enter(call.getParserPosition());
            try {
                return lower(call, name);
            } catch (EngineException e) {
                throw TextPlace.add(place.get(), e);
            } finally {
                place.leave(around);
            }
        }

        private AggregateCall lower(org.apache.calcite.rel.core.AggregateCall call, String name) {
            String function = OrderedCalls.function(call);
            List<Expression> arguments = new ArrayList<>();
            call.getArgList().forEach(index -> arguments.add(column(input, index)));
            if (!call.getCollation().getFieldCollations().isEmpty()) {
                function = addOrder(call, function, arguments);
            }
            boolean sorts = OrderedCalls.sortsRows(call, inputType);
            if (function.equals(TWAP) && !sorts) {
                addSequence(function, arguments);
            } else if (function.equals(OHLC) && !sorts && addTime(arguments, 2)) {
                addSequence(function, arguments);
            } else if (function.equals(ARRAY_AGG) && !sorts && !call.isDistinct() && addTime(arguments, 1)) {
                addSequence(function, arguments);
            }
            boolean byTime =
                    OrderedCalls.goesByTime(function) || (BY_ARGUMENT.contains(function) && arguments.size() == 2);
            if (byTime && !OrderedCalls.sortsRows(call, inputType)) {
                addTimeOrder(arguments);
            }
            Expression filter = call.filterArg < 0 ? null : column(input, call.filterArg);
            return aggregateCall(function, arguments, call.isDistinct(), filter, name);
        }

        /** ORDER BY inside the call: an argument of first and last, one of percentiles; nothing to functions that do not care. */
        private String addOrder(
                org.apache.calcite.rel.core.AggregateCall call, String function, List<Expression> arguments) {
            List<RelFieldCollation> order = call.getCollation().getFieldCollations();
            RelFieldCollation key = order.get(0);
            boolean descending = key.getDirection().isDescending();
            if (OrderedCalls.isKey(call, inputType)) {
                arguments.add(column(input, key.getFieldIndex()));
                boolean first = function.startsWith("first");
                String rest = function.substring(first ? "first".length() : "last".length());
                return (first == descending ? "last" : "first") + rest;
            }
            if (function.startsWith("percentile_") && order.size() == 1 && arguments.size() == 1 && !descending) {
                arguments.add(0, column(input, key.getFieldIndex()));
                return function;
            }
            if (OrderedCalls.isInAnyOrder(function)) {
                return function;
            }
            List<SortKey> keys = order.stream().map(Builder::sortKey).toList();
            NestedLowering.refuseOrder(input.columns(), keys);
            arrival = keys;
            return function;
        }

        private static SortKey sortKey(RelFieldCollation key) {
            boolean descending = key.getDirection().isDescending();
            boolean nullsFirst = key.nullDirection == RelFieldCollation.NullDirection.UNSPECIFIED
                    ? descending
                    : key.nullDirection == RelFieldCollation.NullDirection.FIRST;
            return new SortKey(key.getFieldIndex(), descending, nullsFirst);
        }

        /** The input in the order in which aggregates want its rows. */
        PhysicalPlan ordered() {
            return arrival.isEmpty() ? input : new Sort(input, arrival);
        }

        /** Fills the arguments up with NULL to so many, and adds the time behind them; false when the rows are not those of one table. */
        private boolean addTime(List<Expression> arguments, int before) {
            TimeOrder found = order == null ? TimeOrder.trace(input) : order;
            if (found == null || arguments.size() > before) {
                return false;
            }
            order = found;
            input = found.plan();
            while (arguments.size() < before) {
                arguments.add(new Literal(null, ColumnType.NULL));
            }
            arguments.add(column(input, found.time()));
            return true;
        }

        /** twap(x, ts) becomes twap(x, ts, NULL, sequence), so that of rows of one time the one ingested last holds. */
        private void addSequence(String function, List<Expression> arguments) {
            TimeOrder found = order == null ? TimeOrder.trace(input) : order;
            if (found == null || arguments.size() > MOST_TWAP_ARGUMENTS) {
                return;
            }
            order = found;
            input = found.plan();
            if (function.equals(TWAP) && arguments.size() == 2) {
                arguments.add(new Literal(null, ColumnType.NULL));
            }
            arguments.add(column(input, found.sequence()));
        }

        /** first(x) becomes first(x, time, sequence), first(x, y) becomes first(x, y, sequence), where the rows come from one table. */
        private void addTimeOrder(List<Expression> arguments) {
            if (arguments.size() > 2) {
                return;
            }
            TimeOrder found = order == null ? TimeOrder.trace(input) : order;
            if (found == null) {
                return;
            }
            order = found;
            input = found.plan();
            if (arguments.size() == 1) {
                arguments.add(column(input, found.time()));
            }
            arguments.add(column(input, found.sequence()));
        }
    }

    private AggregateCall aggregateCall(
            String name, List<Expression> arguments, boolean distinct, @Nullable Expression filter, String column) {
        AggregateFunction function = context.functions()
                .aggregate(name, arguments.stream().map(Expression::type).toList());
        List<Expression> converted = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            converted.add(context.conversion()
                    .to(arguments.get(i), function.parameters().get(i)));
        }
        boolean matters = distinct
                && !converted.isEmpty()
                && !Set.of("min", "max", "any_value").contains(name);
        return new AggregateCall(
                function, converted, matters, filter, column, context.place().get());
    }

    /** Chooses the record. Projections below that compute nothing twice move into the aggregation. */
    private static PhysicalPlan build(
            PhysicalPlan input, List<Expression> groups, List<PlanColumn> groupColumns, List<AggregateCall> calls) {
        List<PlanColumn> columns = new ArrayList<>(groupColumns);
        calls.forEach(
                call -> columns.add(new PlanColumn(call.name(), call.function().result(), true)));
        PhysicalPlan answer = groups.isEmpty() ? ofStatistics(input, calls, columns) : null;
        if (answer != null) {
            return answer;
        }
        if (!(input instanceof Project project)) {
            RunAggregate runs = runs(input, groups, calls, columns);
            return runs == null ? new HashAggregate(input, groups, calls, columns) : LatestValues.of(runs);
        }
        List<Expression> merged = substitute(groups, project);
        List<AggregateCall> mergedCalls =
                calls.stream().map(call -> substitute(call, project)).toList();
        RunAggregate runs = runs(project.input(), merged, mergedCalls, columns);
        if (runs != null) {
            return LatestValues.of(runs);
        }
        return computesTwice(project, groups, calls)
                ? new HashAggregate(input, groups, calls, columns)
                : new HashAggregate(project.input(), merged, mergedCalls, columns);
    }

    private static @Nullable PhysicalPlan ofStatistics(
            PhysicalPlan input, List<AggregateCall> calls, List<PlanColumn> columns) {
        if (!(input instanceof Project project)) {
            return StatisticsAnswer.of(input, calls, columns);
        }
        List<AggregateCall> merged =
                calls.stream().map(call -> substitute(call, project)).toList();
        return StatisticsAnswer.of(project.input(), merged, columns);
    }

    private static List<Expression> substitute(List<Expression> expressions, Project project) {
        return expressions.stream()
                .map(each -> ExpressionTree.substitute(each, project.expressions()))
                .toList();
    }

    private static AggregateCall substitute(AggregateCall call, Project project) {
        Expression filter = call.filter() == null
                ? null
                : Folding.asFilter(ExpressionTree.substitute(call.filter(), project.expressions()));
        return new AggregateCall(
                call.function(),
                substitute(call.arguments(), project),
                call.distinct(),
                filter,
                call.name(),
                call.place());
    }

    /** Whether an expression of the projection that costs something would be computed more than once without it. */
    private static boolean computesTwice(Project project, List<Expression> groups, List<AggregateCall> calls) {
        List<Expression> readers = new ArrayList<>(groups);
        for (AggregateCall call : calls) {
            readers.addAll(call.arguments());
            if (call.filter() != null) {
                readers.add(call.filter());
            }
        }
        return Projections.computesTwice(project.expressions(), readers);
    }

    private static @Nullable RunAggregate runs(
            PhysicalPlan input, List<Expression> groups, List<AggregateCall> calls, List<PlanColumn> columns) {
        if (!(input instanceof TableScan scan) || groups.isEmpty() || groups.size() > 2) {
            return null;
        }
        if (calls.stream().anyMatch(AggregateCall::distinct)) {
            return null;
        }
        TableSchema schema = scan.table().schema();
        boolean byKey = false;
        TimeBucket bucket = null;
        boolean bucketFirst = false;
        for (Expression group : groups) {
            TimeBucket found = TimeBucket.of(group);
            if (isOrdinal(scan, group, schema.keyOrdinal()) && !byKey) {
                byKey = true;
                bucketFirst = bucket != null;
            } else if (found != null && bucket == null && isOrdinal(scan, found.column(), schema.timestampOrdinal())) {
                bucket = found;
            } else {
                return null;
            }
        }
        return new RunAggregate(
                scan,
                byKey,
                bucket == null ? null : bucket.width(),
                bucket == null ? 0 : bucket.origin(),
                bucketFirst,
                groups,
                calls,
                columns);
    }

    private static boolean isOrdinal(TableScan scan, Expression expression, int ordinal) {
        return ordinal != TableSchema.NONE
                && expression instanceof Column column
                && scan.ordinals().get(column.index()) == ordinal;
    }
}
