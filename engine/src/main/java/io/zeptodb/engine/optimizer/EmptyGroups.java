package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.sql.operator.RegistryAggregate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.fun.SqlCountAggFunction;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * An aggregate without GROUP BY has a row where no row comes in. Decorrelated it groups by the outer columns and has none; Calcite's decorrelator
 * brings the row back only for a mark, for COUNT and below an expression of no NULL. What else must keep the row is given a COUNT here, which
 * the trimming of columns takes away again.
 */
final class EmptyGroups {
    /** What becomes of a subtree whose row is missing. */
    private enum Missing {
        /** Nothing: it depends on no outer row. */
        NEVER,
        /** A row of NULLs: it is all of the right side of a left join. */
        IS_NULLS,
        /** The decorrelator sees to it. */
        IS_FILLED,
        /** A row is lost, or a wrong one appears. */
        IS_WRONG;

        /** The same for an input whose rows other operators look at. */
        Missing seen() {
            return this == IS_NULLS ? IS_WRONG : this;
        }
    }

    private static final Set<String> OTHER_COUNTS = Set.of("count_if", "regr_count");

    private final RelBuilder builder;

    private EmptyGroups(RelBuilder builder) {
        this.builder = builder;
    }

    static RelNode keep(RelNode root, RelBuilder builder) {
        return new EmptyGroups(builder).keep(root, Missing.NEVER);
    }

    private RelNode keep(RelNode node, Missing missing) {
        if (node instanceof Correlate correlate) {
            return correlate(correlate, missing);
        }
        boolean passes = node instanceof Project || node instanceof Sort;
        RelNode current = RelInputs.rewrite(node, input -> keep(input, passes ? missing : missing.seen()));
        if (!(current instanceof Aggregate aggregate) || !dependsOnOuter(aggregate, missing)) {
            return current;
        }
        Aggregate apart = aggregate.getGroupSets().size() > 1 ? ownKeys(aggregate) : aggregate;
        return needsCount(apart, missing) ? counted(apart) : apart;
    }

    private static boolean dependsOnOuter(Aggregate aggregate, Missing missing) {
        return missing != Missing.NEVER
                && !RelOptUtil.getVariablesUsed(aggregate).isEmpty();
    }

    /** A key that equals an outer column would be grouped by in every grouping set: over a projection the two are columns apart. */
    private static Aggregate ownKeys(Aggregate aggregate) {
        RelNode input = aggregate.getInput();
        List<RexNode> same =
                new ArrayList<>(aggregate.getCluster().getRexBuilder().identityProjects(input.getRowType()));
        RelNode apart =
                LogicalProject.create(input, List.of(), same, input.getRowType().getFieldNames(), Set.of());
        return (Aggregate) aggregate.copy(aggregate.getTraitSet(), List.of(apart));
    }

    private RelNode correlate(Correlate correlate, Missing missing) {
        boolean outer = correlate.getJoinType() == JoinRelType.INNER
                && correlate.getCondition().isAlwaysTrue()
                && isOneRowOfNullables(correlate.getRight());
        JoinRelType type = outer ? JoinRelType.LEFT : correlate.getJoinType();
        Missing right = switch (type) {
            case LEFT_MARK -> Missing.IS_FILLED;
            case LEFT -> Missing.IS_NULLS;
            default -> Missing.IS_WRONG;
        };
        RelNode newLeft = keep(correlate.getLeft(), missing.seen());
        RelNode newRight = keep(correlate.getRight(), missing == Missing.IS_FILLED ? missing : right);
        return outer
                ? correlate.copy(
                        correlate.getTraitSet(),
                        newLeft,
                        newRight,
                        correlate.getCorrelationId(),
                        correlate.getRequiredColumns(),
                        type)
                : correlate.copy(correlate.getTraitSet(), List.of(newLeft, newRight));
    }

    /** Whether there is always one row and each of its columns may be NULL, so that an inner join may as well be a left one. */
    private static boolean isOneRowOfNullables(RelNode node) {
        boolean nullable = node.getRowType().getFieldList().stream()
                .allMatch(field -> field.getType().isNullable());
        RelNode core = node;
        while (core instanceof Project project) {
            core = project.getInput();
        }
        return nullable
                && core instanceof Aggregate aggregate
                && aggregate.getGroupSet().isEmpty()
                && aggregate.getGroupSets().size() == 1;
    }

    private static boolean needsCount(Aggregate aggregate, Missing missing) {
        if (!aggregate.getGroupSets().contains(ImmutableBitSet.of())) {
            return false;
        }
        boolean counts = aggregate.getAggCallList().stream().anyMatch(EmptyGroups::isCount);
        boolean zeros = aggregate.getAggCallList().stream().anyMatch(EmptyGroups::isOtherZero);
        return zeros || (missing == Missing.IS_WRONG && !counts);
    }

    private static boolean isCount(AggregateCall call) {
        return call.getAggregation() instanceof SqlCountAggFunction;
    }

    /** Whether it is zero and not NULL where no row comes in, and the decorrelator does not know. */
    private static boolean isOtherZero(AggregateCall call) {
        return call.getAggregation() instanceof RegistryAggregate aggregate
                && OTHER_COUNTS.contains(aggregate.definition().name());
    }

    private RelNode counted(Aggregate aggregate) {
        RexBuilder rex = aggregate.getCluster().getRexBuilder();
        List<AggregateCall> calls = new ArrayList<>(aggregate.getAggCallList());
        calls.add(AggregateCall.create(
                SqlStdOperatorTable.COUNT,
                false,
                false,
                false,
                List.of(),
                List.of(),
                -1,
                null,
                RelCollations.EMPTY,
                0,
                aggregate.getInput(),
                null,
                null));
        RelNode wider = aggregate.copy(
                aggregate.getTraitSet(),
                aggregate.getInput(),
                aggregate.getGroupSet(),
                aggregate.getGroupSets(),
                calls);
        List<RexNode> columns = new ArrayList<>();
        int width = aggregate.getRowType().getFieldCount();
        for (int column = 0; column < width; column++) {
            RexNode value = rex.makeInputRef(wider, column);
            int call = column - aggregate.getGroupCount();
            columns.add(call >= 0 && isOtherZero(calls.get(call)) ? zeroIfNull(value, rex) : value);
        }
        return builder.push(wider)
                .project(columns, aggregate.getRowType().getFieldNames(), true)
                .build();
    }

    private static RexNode zeroIfNull(RexNode value, RexBuilder rex) {
        return rex.makeCall(
                value.getType(),
                SqlStdOperatorTable.CASE,
                List.of(rex.makeCall(SqlStdOperatorTable.IS_NULL, value), rex.makeZeroLiteral(value.getType()), value));
    }
}
