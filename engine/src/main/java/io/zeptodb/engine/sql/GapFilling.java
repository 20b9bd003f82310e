package io.zeptodb.engine.sql;

import com.google.common.collect.ImmutableSet;
import io.zeptodb.engine.sql.relation.GapFill;
import io.zeptodb.engine.sql.relation.GapFill.Bound;
import io.zeptodb.engine.sql.relation.GapFill.Fill;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * An aggregation by time_bucket_gapfill becomes one by time_bucket with a {@link GapFill} over it, behind HAVING and before the columns of the SELECT are
 * computed; locf, interpolate and fill_value say there what is in the rows that are added.
 */
final class GapFilling extends RelationRewrite {
    /** Arguments of time_bucket_gapfill behind the width and the time; then comes the zone, or the origin and the zone. */
    private static final int START = 2;

    private static final int END = 3;

    private final Supplier<SqlOperator> timeBucket;
    /** Those that have no SELECT over them yet. */
    private final Set<RelNode> open = Collections.newSetFromMap(new IdentityHashMap<>());

    /** @param timeBucket the registry's function, asked for only when gaps are filled */
    GapFilling(Supplier<SqlOperator> timeBucket) {
        this.timeBucket = timeBucket;
    }

    @Override
    RelNode replace(RelNode node) {
        if (node instanceof Aggregate aggregate) {
            return aggregate(aggregate);
        } else if (node instanceof Filter filter && open.contains(filter.getInput())) {
            return having(filter, (GapFill) filter.getInput());
        } else if (node instanceof Project project && open.contains(project.getInput())) {
            return new FillCalls((GapFill) project.getInput()).project(project);
        }
        return node;
    }

    private RelNode opened(GapFill gap) {
        open.add(gap);
        return gap;
    }

    private RelNode aggregate(Aggregate aggregate) {
        if (!(aggregate.getInput() instanceof Project project)) {
            return aggregate;
        }
        RexCall call = null;
        int field = -1;
        for (int group : aggregate.getGroupSet()) {
            if (project.getProjects().get(group) instanceof RexCall grouped
                    && FillCalls.isBucket(grouped.getOperator())) {
                if (call != null) {
                    throw SyntaxRewrite.unsupported("more than one time_bucket_gapfill in GROUP BY", null);
                }
                call = grouped;
                field = group;
            }
        }
        if (call == null) {
            return aggregate;
        }
        if (aggregate.getGroupSets().size() > 1) {
            throw SyntaxRewrite.unsupported("time_bucket_gapfill with GROUPING SETS", null);
        }
        return filled(aggregate, project, call, field);
    }

    private RelNode filled(Aggregate aggregate, Project project, RexCall call, int field) {
        RexBuilder rex = project.getCluster().getRexBuilder();
        List<RexNode> arguments = call.getOperands();
        RexNode time = arguments.get(1);
        int count = arguments.size();
        RexNode start = count > START ? given(arguments.get(START)) : null;
        RexNode end = count > START ? given(arguments.get(END)) : null;
        RexNode zone = count > END + 1 ? given(arguments.get(count - 1)) : null;
        RexNode origin = count > END + 2 ? given(arguments.get(END + 1)) : null;
        List<Bound> bounds = bounds(project.getInput(), time, start == null, end == null);
        List<RexNode> conditions = new ArrayList<>();
        if (time.getType().isNullable()) {
            conditions.add(rex.makeCall(SqlStdOperatorTable.IS_NOT_NULL, time));
        }
        if (start != null) {
            bounds.add(new Bound(SqlKind.GREATER_THAN_OR_EQUAL, start));
            conditions.add(rex.makeCall(SqlStdOperatorTable.GREATER_THAN_OR_EQUAL, time, start));
        }
        if (end != null) {
            bounds.add(new Bound(SqlKind.LESS_THAN, end));
            conditions.add(rex.makeCall(SqlStdOperatorTable.LESS_THAN, time, end));
        }
        RelNode rows = conditions.isEmpty()
                ? project.getInput()
                : LogicalFilter.create(project.getInput(), RexUtil.composeConjunction(rex, conditions));
        List<RexNode> columns = new ArrayList<>(project.getProjects());
        columns.set(field, bucket(rex, call, arguments.get(0), time, origin, zone));
        RelNode input = LogicalProject.create(
                rows, project.getHints(), columns, project.getRowType(), project.getVariablesSet());
        Aggregate plain = aggregate.copy(
                aggregate.getTraitSet(),
                input,
                aggregate.getGroupSet(),
                aggregate.getGroupSets(),
                aggregate.getAggCallList());
        return opened(over(plain, field, new GapFill.Buckets(arguments.get(0), origin, zone, bounds)));
    }

    private static GapFill over(Aggregate aggregate, int field, GapFill.Buckets buckets) {
        ImmutableBitSet groups = aggregate.getGroupSet();
        List<Fill> fills = new ArrayList<>();
        for (int i = 0; i < aggregate.getRowType().getFieldCount(); i++) {
            fills.add(i < groups.cardinality() ? Fill.GROUP : Fill.NOTHING);
        }
        return GapFill.create(
                aggregate, groups.indexOf(field), fills, buckets, FillCalls.rowType(aggregate, List.of()));
    }

    /** NULL stands for an argument that is left out. */
    private static @Nullable RexNode given(RexNode argument) {
        RexNode plain = argument;
        while (plain.getKind() == SqlKind.CAST) {
            plain = ((RexCall) plain).getOperands().get(0);
        }
        return plain instanceof RexLiteral literal && literal.isNull() ? null : argument;
    }

    private RexNode bucket(
            RexBuilder rex,
            RexCall call,
            RexNode width,
            RexNode time,
            @Nullable RexNode origin,
            @Nullable RexNode zone) {
        for (RexNode constant : FillCalls.present(width, origin, zone)) {
            if (FillCalls.hasColumns(constant)) {
                throw SyntaxRewrite.unsupported(
                        "time_bucket_gapfill with a width, origin or time zone that is no constant", null);
            }
        }
        List<RexNode> arguments = new ArrayList<>(List.of(width, time));
        arguments.addAll(FillCalls.present(origin, zone));
        return rex.makeCall(call.getType(), timeBucket.get(), arguments);
    }

    /** What WHERE says about the time, on the sides that are asked for. */
    private static List<Bound> bounds(RelNode rows, RexNode time, boolean lower, boolean upper) {
        List<Bound> bounds = new ArrayList<>();
        if (!(rows instanceof Filter filter)) {
            return bounds;
        }
        for (RexNode condition : RelOptUtil.conjunctions(filter.getCondition())) {
            if (!(condition instanceof RexCall call) || call.getOperands().size() != 2) {
                continue;
            }
            boolean mirrored = call.getOperands().get(1).equals(time);
            RexNode value = call.getOperands().get(mirrored ? 0 : 1);
            SqlKind operator = mirrored ? call.getKind().reverse() : call.getKind();
            boolean compares = (mirrored || call.getOperands().get(0).equals(time)) && !FillCalls.hasColumns(value);
            boolean low = operator == SqlKind.GREATER_THAN || operator == SqlKind.GREATER_THAN_OR_EQUAL;
            boolean high = operator == SqlKind.LESS_THAN || operator == SqlKind.LESS_THAN_OR_EQUAL;
            if (compares && ((low && lower) || (high && upper))) {
                bounds.add(new Bound(operator, value));
            } else if (compares && operator == SqlKind.EQUALS) {
                if (lower) {
                    bounds.add(new Bound(SqlKind.GREATER_THAN_OR_EQUAL, value));
                }
                if (upper) {
                    bounds.add(new Bound(SqlKind.LESS_THAN_OR_EQUAL, value));
                }
            }
        }
        return bounds;
    }

    private RelNode having(Filter filter, GapFill gap) {
        if (FillCalls.isIn(filter.getCondition())) {
            throw SyntaxRewrite.unsupported(
                    "locf, interpolate or fill_value in HAVING, which comes before gaps are filled (put the query into a subquery): it",
                    null);
        }
        RelNode rows = LogicalFilter.create(
                gap.getInput(), filter.getCondition(), ImmutableSet.copyOf(filter.getVariablesSet()));
        return opened((GapFill) gap.copy(gap.getTraitSet(), List.of(rows)));
    }
}
