package io.zeptodb.engine.optimizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.tools.RelBuilder;
import org.jspecify.annotations.Nullable;

/**
 * EXISTS whose subquery speaks of outer columns in its own WHERE alone is a join on that condition: rows below it are read once, where the general
 * decorrelation would first join them with all outer values.
 */
final class ExistsJoin {
    private ExistsJoin() {}

    /** Null where the subquery is of another form. */
    static @Nullable RelNode of(Correlate correlate, RelBuilder builder) {
        if (correlate.getJoinType() != JoinRelType.LEFT_MARK
                || !correlate.getCondition().isAlwaysTrue()) {
            return null;
        }
        RelNode rows = correlate.getRight();
        while (rows instanceof Project project && !project.containsOver()) {
            rows = project.getInput(); // which columns there are does not matter
        }
        if (!(rows instanceof Filter filter)
                || !RelOptUtil.getVariablesUsed(filter.getInput()).isEmpty()) {
            return null;
        }
        CorrelationId id = correlate.getCorrelationId();
        Set<CorrelationId> used = RelOptUtil.getVariablesUsed(filter);
        if (used.size() != 1 || !used.contains(id)) {
            return null;
        }
        List<RexNode> between = new ArrayList<>();
        List<RexNode> own = new ArrayList<>();
        for (RexNode conjunct : RelOptUtil.conjunctions(filter.getCondition())) {
            (RexUtil.containsCorrelation(conjunct) ? between : own).add(conjunct);
        }
        return join(correlate, builder.push(filter.getInput()).filter(own).build(), between);
    }

    private static RelNode join(Correlate correlate, RelNode right, List<RexNode> between) {
        RelNode left = correlate.getLeft();
        RexBuilder builder = left.getCluster().getRexBuilder();
        int leftCount = left.getRowType().getFieldCount();
        RexShuttle shuttle = new RexShuttle() {
            @Override
            public RexNode visitInputRef(RexInputRef reference) {
                return new RexInputRef(reference.getIndex() + leftCount, reference.getType());
            }

            @Override
            public RexNode visitFieldAccess(RexFieldAccess access) {
                return access.getReferenceExpr() instanceof RexCorrelVariable
                        ? RexInputRef.of(access.getField().getIndex(), left.getRowType())
                        : super.visitFieldAccess(access);
            }
        };
        RexNode condition = RexUtil.composeConjunction(builder, shuttle.visitList(between));
        RexNode certain =
                condition.getType().isNullable() ? builder.makeCall(SqlStdOperatorTable.IS_TRUE, condition) : condition;
        return LogicalJoin.create(left, right, List.of(), certain, Set.of(), JoinRelType.LEFT_MARK);
    }
}
