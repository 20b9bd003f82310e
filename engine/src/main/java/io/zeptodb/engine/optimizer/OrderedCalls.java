package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Column;
import io.zeptodb.engine.plan.Expression.Literal;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PlanColumn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.type.RelDataType;

/** What ORDER BY inside an aggregate's call means for it, and which calls can be computed together. */
final class OrderedCalls {
    /** Aggregates that go by the time order of their rows. */
    private static final Set<String> BY_TIME = Set.of("first", "last", "first_not_null", "last_not_null");

    /** Aggregates whose result the order of rows cannot change. */
    private static final Set<String> ANY_ORDER = Set.of(
            "count",
            "sum",
            "avg",
            "min",
            "max",
            "bool_and",
            "bool_or",
            "bit_and",
            "bit_or",
            "bit_xor",
            "median",
            "stddev",
            "stddev_pop",
            "stddev_samp",
            "variance",
            "var_pop",
            "var_samp",
            "corr",
            "covar_pop",
            "covar_samp",
            "skewness",
            "kurtosis",
            "mode",
            "vwap",
            "wavg",
            "percentile",
            "approx_percentile",
            "approx_count_distinct",
            "twap",
            "count_if",
            "histogram");

    private static final Map<String, String> NAMES = Map.of("$sum0", "sum", "listagg", "string_agg");

    private OrderedCalls() {}

    /** The registry's name of the function that is called. */
    static String function(AggregateCall call) {
        String called = call.getAggregation().getName().toLowerCase(Locale.ROOT);
        return NAMES.getOrDefault(called, called);
    }

    static boolean goesByTime(String function) {
        return BY_TIME.contains(function);
    }

    static boolean isInAnyOrder(String function) {
        return ANY_ORDER.contains(function);
    }

    /**
     * Whether the order is an argument of the function: first(x ORDER BY y). That argument leaves out rows where it is NULL, an order has a place for
     * them.
     *
     * @param input columns of the aggregation's input
     */
    static boolean isKey(AggregateCall call, RelDataType input) {
        List<RelFieldCollation> order = call.getCollation().getFieldCollations();
        return order.size() == 1
                && goesByTime(function(call))
                && call.getArgList().size() == 1
                && !input.getFieldList()
                        .get(order.get(0).getFieldIndex())
                        .getType()
                        .isNullable();
    }

    /** Whether the call wants its rows sorted. */
    static boolean sortsRows(AggregateCall call, RelDataType input) {
        String function = function(call);
        return !call.getCollation().equals(RelCollations.EMPTY)
                && !isKey(call, input)
                && !isInAnyOrder(function)
                && !function.startsWith("percentile_");
    }

    /** The calls, those together that take their rows in one order; calls that do not care are with the first ones. */
    static List<List<AggregateCall>> byOrder(Aggregate aggregate) {
        Map<RelCollation, List<AggregateCall>> orders = new LinkedHashMap<>();
        List<AggregateCall> careless = new ArrayList<>();
        for (AggregateCall call : aggregate.getAggCallList()) {
            if (sortsRows(call, aggregate.getInput().getRowType())) {
                orders.computeIfAbsent(call.getCollation(), key -> new ArrayList<>())
                        .add(call);
            } else {
                careless.add(call);
            }
        }
        List<List<AggregateCall>> groups = new ArrayList<>(orders.values());
        if (groups.isEmpty()) {
            return List.of(careless);
        }
        groups.get(0).addAll(careless);
        return groups;
    }

    /** The aggregation with some of its calls. */
    static Aggregate only(Aggregate aggregate, List<AggregateCall> calls) {
        return aggregate.copy(
                aggregate.getTraitSet(),
                aggregate.getInput(),
                aggregate.getGroupSet(),
                aggregate.getGroupSets(),
                calls);
    }

    /** Where a call was computed. */
    static PlanColumn column(
            AggregateCall call, List<List<AggregateCall>> orders, List<PhysicalPlan> parts, int groups) {
        for (int i = 0; i < parts.size(); i++) {
            int at = orders.get(i).indexOf(call);
            if (at >= 0) {
                return parts.get(i).columns().get(groups + at);
            }
        }
        throw new IllegalStateException("no part computes " + call);
    }

    /** The columns of the whole over those of a part: NULL for calls that it does not compute. */
    static List<Expression> padded(
            List<AggregateCall> all, List<AggregateCall> computed, List<PlanColumn> columns, int groups) {
        List<Expression> expressions = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            int at = i < groups ? i : computed.indexOf(all.get(i - groups));
            boolean here = i < groups || at >= 0;
            int index = i < groups ? i : groups + at;
            expressions.add(
                    here
                            ? new Column(index, columns.get(i).type())
                            : new Literal(null, columns.get(i).type()));
        }
        return expressions;
    }
}
