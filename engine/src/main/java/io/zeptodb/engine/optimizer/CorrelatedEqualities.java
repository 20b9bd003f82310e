package io.zeptodb.engine.optimizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/**
 * Where a filter compares one outer column with two columns of its own, the second comparison becomes one of the two columns with each other:
 * outer = a AND outer = b is outer = a AND a = b. The decorrelator keeps only one equality for each outer column.
 */
final class CorrelatedEqualities {
    private CorrelatedEqualities() {}

    static RelNode merge(RelNode node) {
        RelNode current = RelInputs.rewrite(node, CorrelatedEqualities::merge);
        return current instanceof Filter filter && RexUtil.containsCorrelation(filter.getCondition())
                ? merge(filter)
                : current;
    }

    private static Filter merge(Filter filter) {
        RexBuilder builder = filter.getCluster().getRexBuilder();
        Map<String, RexNode> columnOf = new HashMap<>();
        List<RexNode> conjuncts = new ArrayList<>();
        boolean changed = false;
        for (RexNode conjunct : RelOptUtil.conjunctions(filter.getCondition())) {
            Equality equality = equality(conjunct);
            RexNode known = equality == null ? null : columnOf.putIfAbsent(equality.outer, equality.column);
            if (equality == null || known == null || known.equals(equality.column)) {
                conjuncts.add(conjunct);
            } else {
                changed = true;
                conjuncts.add(builder.makeCall(((RexCall) conjunct).getOperator(), known, equality.column));
            }
        }
        return changed
                ? filter.copy(filter.getTraitSet(), filter.getInput(), RexUtil.composeConjunction(builder, conjuncts))
                : filter;
    }

    /** An outer column, by variable and field, and the column that equals it. */
    private record Equality(String outer, RexNode column) {}

    private static @Nullable Equality equality(RexNode node) {
        if (node.getKind() != SqlKind.EQUALS && node.getKind() != SqlKind.IS_NOT_DISTINCT_FROM) {
            return null;
        }
        RexNode left = ((RexCall) node).getOperands().get(0);
        RexNode right = ((RexCall) node).getOperands().get(1);
        if (isOuter(left) && right instanceof RexInputRef) {
            return new Equality(left.toString(), right);
        }
        return isOuter(right) && left instanceof RexInputRef ? new Equality(right.toString(), left) : null;
    }

    private static boolean isOuter(RexNode node) {
        return node instanceof RexFieldAccess access && access.getReferenceExpr() instanceof RexCorrelVariable;
    }
}
