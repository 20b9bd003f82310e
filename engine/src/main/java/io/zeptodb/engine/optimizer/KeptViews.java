package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.function.AggregateFunction;
import io.zeptodb.engine.function.FunctionRegistry;
import io.zeptodb.engine.plan.AggregateCall;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Call;
import io.zeptodb.engine.plan.ExpressionTree;
import io.zeptodb.engine.plan.KeptAggregation;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.Filter;
import io.zeptodb.engine.plan.PhysicalPlan.HashAggregate;
import io.zeptodb.engine.plan.PhysicalPlan.Limit;
import io.zeptodb.engine.plan.PhysicalPlan.Project;
import io.zeptodb.engine.plan.PhysicalPlan.RunAggregate;
import io.zeptodb.engine.plan.PhysicalPlan.RunLatest;
import io.zeptodb.engine.plan.PhysicalPlan.Sort;
import io.zeptodb.engine.plan.PhysicalPlan.StatisticsAggregate;
import io.zeptodb.engine.plan.PhysicalPlan.TableScan;
import io.zeptodb.engine.plan.PhysicalPlan.TopN;
import io.zeptodb.engine.plan.PhysicalPlan.UnionAll;
import io.zeptodb.engine.plan.PhysicalPlan.Window;
import io.zeptodb.engine.plan.PlanColumn;
import io.zeptodb.engine.sql.SqlPlaces;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of a view's plan can be kept: its one aggregation, if that is of the rows of one table, by expressions that give the same for the same row at any time,
 * and of aggregates whose states can be merged in any order. What lies above it (HAVING, ORDER BY, expressions of aggregates) is computed by each query.
 */
final class KeptViews {
    /** Aggregates whose states are small and give the same in whatever order rows and states come. */
    private static final Set<String> MERGEABLE = Set.of(
            "count",
            "count_if",
            "sum",
            "avg",
            "min",
            "max",
            "vwap",
            "wavg",
            "bool_and",
            "bool_or",
            "bit_and",
            "bit_or",
            "bit_xor",
            "stddev",
            "stddev_samp",
            "stddev_pop",
            "variance",
            "var_samp",
            "var_pop",
            "skewness",
            "kurtosis",
            "corr",
            "covar_pop",
            "covar_samp",
            "regr_count",
            "regr_slope",
            "regr_intercept",
            "regr_r2",
            "regr_avgx",
            "regr_avgy",
            "regr_sxx",
            "regr_syy",
            "regr_sxy");

    /** Those that pick a row, by the time and sequence among their arguments. */
    private static final Set<String> PICKS =
            Set.of("first", "last", "first_not_null", "last_not_null", "arg_min", "arg_max");

    /** What an aggregate that picks a row needs: the value, what it goes by, the sequence. */
    private static final int PICK_ARGUMENTS = 3;

    private final FunctionResolution functions;
    private final String sql;
    private final String view;

    /**
     * @param sql the statement that makes the view, for places; its query when there is none
     * @param view its name
     */
    KeptViews(FunctionRegistry functions, String sql, String view) {
        this.functions = new FunctionResolution(functions);
        this.sql = sql;
        this.view = view;
    }

    /**
     * What is kept of a view.
     *
     * @param plan of its query
     * @throws EngineException FEATURE_NOT_SUPPORTED with place and reason
     */
    KeptView of(long viewId, PhysicalPlan plan) {
        HashAggregate rows = withCount(aggregation(plan));
        TableAggregate form = TableAggregate.of(rows);
        if (form == null) {
            throw belowAggregation(rows.input());
        }
        if (form.groups().isEmpty()) {
            throw refused("it has no GROUP BY", "GROUP");
        }
        form.groups().forEach(this::check);
        form.filters().forEach(this::check);
        form.bounds().forEach(bound -> check(bound.value()));
        form.calls().forEach(this::check);
        return new KeptView(new KeptAggregation(viewId, view, form.table(), rows, bucket(form)), form);
    }

    /** The one aggregation, below what queries compute. */
    private HashAggregate aggregation(PhysicalPlan plan) {
        PhysicalPlan below = plan;
        while (true) {
            if (below instanceof HashAggregate aggregate) {
                return aggregate;
            } else if (below instanceof RunAggregate aggregate) {
                return new HashAggregate(
                        aggregate.scan(), aggregate.groups(), aggregate.aggregates(), aggregate.columns());
            } else if (below instanceof RunLatest latest) {
                below = latest.aggregate();
                continue;
            } else if (below instanceof Project project) {
                project.expressions().forEach(this::check);
            } else if (below instanceof Filter filter) {
                check(filter.condition());
            } else if (!(below instanceof Sort || below instanceof TopN || below instanceof Limit)) {
                throw aboveAggregation(below);
            }
            below = below.inputs().get(0);
        }
    }

    private EngineException aboveAggregation(PhysicalPlan plan) {
        if (plan instanceof Window) {
            return refused("it has window functions", "OVER");
        } else if (plan instanceof UnionAll) {
            return refused("it has GROUPING SETS, UNION or aggregates of several orders", "UNION");
        } else if (plan instanceof TableScan || plan instanceof StatisticsAggregate) {
            return refused("it has no GROUP BY", "GROUP");
        }
        return refused(
                plan.inputs().size() > 1 ? "it has a join or a subquery" : "it is no aggregation of a table", "JOIN");
    }

    private EngineException belowAggregation(PhysicalPlan input) {
        PhysicalPlan below = input;
        while (below instanceof Filter || below instanceof Project) {
            below = below.inputs().get(0);
        }
        if (below instanceof Window) {
            return refused("it has window functions", "OVER");
        } else if (below instanceof HashAggregate || below instanceof RunAggregate || below instanceof RunLatest) {
            return refused("it aggregates an aggregation", "GROUP");
        } else if (below instanceof Limit || below instanceof TopN) {
            return refused("it has a LIMIT below the aggregation", "LIMIT");
        } else if (below.inputs().size() > 1) {
            return refused("it has a join, a set operation or a subquery", "JOIN");
        }
        return refused("it is no aggregation of the rows of one table", "FROM");
    }

    private void check(AggregateCall call) {
        String name = call.function().name();
        if (call.distinct()) {
            throw refused(name + "(DISTINCT …) keeps all values of a group", "DISTINCT");
        }
        boolean pick = PICKS.contains(name);
        if (!pick && !MERGEABLE.contains(name)) {
            throw refused("the result of " + name + " cannot be kept up to date from states of a fixed size", name);
        }
        if (pick && call.arguments().size() < PICK_ARGUMENTS) {
            throw refused(name + " goes by the order of arrival, as the table has no designated timestamp", name);
        }
        call.arguments().forEach(this::check);
        Expression filter = call.filter();
        if (filter != null) {
            check(filter);
        }
    }

    private void check(Expression expression) {
        ExpressionTree.visit(expression, each -> {
            if (each instanceof Call call
                    && (!call.function().deterministic()
                            || call.function().name().equals("now"))) {
                throw refused(
                        call.function().name() + "() is another one for each query",
                        call.function().name());
            }
        });
    }

    /** The narrowest of the groups that are buckets of time. */
    private static KeptAggregation.@Nullable Bucket bucket(TableAggregate form) {
        KeptAggregation.Bucket narrowest = null;
        for (int i = 0; i < form.groups().size(); i++) {
            TimeBucket bucket = TimeBucket.of(form.groups().get(i));
            if (bucket == null
                    || bucket.column().index() != form.table().schema().timestampOrdinal()) {
                continue;
            }
            Object width = ((Expression.Literal) bucket.width()).value();
            if (width instanceof Long nanos && (narrowest == null || nanos < narrowest.width())) {
                narrowest = new KeptAggregation.Bucket(i, nanos, bucket.origin());
            }
        }
        return narrowest;
    }

    private EngineException refused(String reason, String word) {
        SqlPlaces.@Nullable Place place = SqlPlaces.word(sql, word);
        return new EngineException(
                ErrorCode.FEATURE_NOT_SUPPORTED,
                "view '" + view + "' cannot be materialized: " + reason + "; make it a plain view",
                place == null ? 1 : place.line(),
                place == null ? 1 : place.column(),
                null);
    }

    /** With the number of rows of each group, from which other queries are answered. */
    private HashAggregate withCount(HashAggregate aggregate) {
        for (AggregateCall call : aggregate.aggregates()) {
            if (isCountOfRows(call)) {
                return aggregate;
            }
        }
        AggregateFunction count = functions.aggregate("count", List.of());
        List<AggregateCall> calls = new ArrayList<>(aggregate.aggregates());
        calls.add(new AggregateCall(count, List.of(), false, null, "count"));
        List<PlanColumn> columns = new ArrayList<>(aggregate.columns());
        columns.add(new PlanColumn("count", ColumnType.BIGINT, false));
        return new HashAggregate(aggregate.input(), aggregate.groups(), calls, columns);
    }

    private static boolean isCountOfRows(AggregateCall call) {
        return call.function().name().equals("count")
                && call.arguments().isEmpty()
                && call.filter() == null
                && !call.distinct();
    }
}
