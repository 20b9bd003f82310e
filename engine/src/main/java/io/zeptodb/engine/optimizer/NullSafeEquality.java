package io.zeptodb.engine.optimizer;

import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.SqlKind;

/** Calcite writes IS NOT DISTINCT FROM out as {@code a IS NULL AND b IS NULL OR (a = b) IS TRUE}; as one comparison it can be a key of a join. */
final class NullSafeEquality extends RexShuttle {
    private final RexBuilder builder;

    private NullSafeEquality(RexBuilder builder) {
        this.builder = builder;
    }

    /** The tree with every such disjunction as the comparison that it stands for. */
    static RelNode collapse(RelNode root) {
        return collapse(root, new NullSafeEquality(root.getCluster().getRexBuilder()));
    }

    private static RelNode collapse(RelNode node, RexShuttle shuttle) {
        RelNode current = RelInputs.rewrite(node, input -> collapse(input, shuttle));
        return current.accept(shuttle);
    }

    @Override
    public RexNode visitCall(RexCall call) {
        boolean candidate = call.getKind() == SqlKind.OR
                && call.getOperands().size() == 2
                && call.getOperands().stream().anyMatch(term -> term.getKind() == SqlKind.AND);
        return candidate ? RelOptUtil.collapseExpandedIsNotDistinctFromExpr(call, builder) : super.visitCall(call);
    }
}
