package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.sql.relation.VolatileProject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.tools.RelBuilder;

/**
 * Turns subqueries into joins. IN, EXISTS and ANY become mark joins, scalar subqueries left joins; correlated ones are decorrelated top down
 * (Neumann and Kemper, "Unnesting Arbitrary Queries", BTW 2015). A correlation that resists stays a Correlate, to be run row by row.
 */
final class Subqueries {
    private static final HepProgram REMOVE = RelationOptimizer.program(List.of(
            RelationOptimizer.plain(CoreRules.FILTER_SUB_QUERY_TO_MARK_CORRELATE),
            RelationOptimizer.plain(CoreRules.PROJECT_SUB_QUERY_TO_MARK_CORRELATE),
            RelationOptimizer.plain(CoreRules.JOIN_SUB_QUERY_TO_CORRELATE)));

    private static final HepProgram FILTERS_DOWN = RelationOptimizer.program(List.of(
            RelationOptimizer.plain(CoreRules.FILTER_PROJECT_TRANSPOSE),
            RelationOptimizer.filterIntoJoin(),
            SideFilterRule.ofMarkJoins(),
            RelationOptimizer.plain(CoreRules.FILTER_CORRELATE)));

    private Subqueries() {}

    static RelNode remove(RelNode root, RelBuilder builder) {
        RelNode removed = root;
        if (hasSubquery(root)) {
            OuterAggregates.refuse(root);
            removed = RelationOptimizer.run(REMOVE, NestedOperands.hoist(root));
            refuseInJoins(removed);
        }
        RelNode joined = WindowJoinFinder.reveal(removed);
        WindowJoinFinder.requireAllFound(joined);
        if (!hasCorrelate(joined)) {
            return joined;
        }
        RelNode filtered = RelationOptimizer.run(FILTERS_DOWN, joined);
        RelNode merged = CorrelatedEqualities.merge(filtered);
        RelNode kept = EmptyGroups.keep(merged, builder);
        return HiddenLiterals.reveal(decorrelate(HiddenLiterals.hide(kept), builder));
    }

    /** Calcite leaves a subquery in ON alone that takes columns of both sides. */
    private static void refuseInJoins(RelNode node) {
        if (node instanceof Join join && RexUtil.SubQueryFinder.containsSubQuery(join)) {
            throw Unsupported.because(
                    "a subquery in ON with columns of both sides", "say it in WHERE, or in a query around one of them");
        }
        node.getInputs().forEach(Subqueries::refuseInJoins);
    }

    /**
     * Decorrelates from the leaves up, each Correlate that depends on nothing outside by itself: one run of Calcite's decorrelator mixes up the
     * variables of two correlations that stand side by side below a join.
     */
    private static RelNode decorrelate(RelNode node, RelBuilder builder) {
        RelNode current = RelInputs.rewrite(node, input -> decorrelate(input, builder));
        if (!(current instanceof Correlate correlate) || !isClosed(current)) {
            return current;
        }
        RelNode joined = ExistsJoin.of(correlate, builder);
        if (joined != null) {
            return joined;
        }
        // a join has the left side twice, which would be two sides with random numbers of their own
        return isVolatile(correlate.getLeft()) ? correlate : OuterRows.decorrelate(correlate, builder);
    }

    private static boolean isVolatile(RelNode node) {
        return node instanceof VolatileProject || node.getInputs().stream().anyMatch(Subqueries::isVolatile);
    }

    /** Whether every variable that is used below is set below. */
    private static boolean isClosed(RelNode node) {
        Set<CorrelationId> used = new HashSet<>(RelOptUtil.getVariablesUsed(node));
        removeSet(node, used);
        return used.isEmpty();
    }

    private static void removeSet(RelNode node, Set<CorrelationId> used) {
        if (node instanceof Correlate correlate) {
            used.remove(correlate.getCorrelationId());
        }
        used.removeAll(node.getVariablesSet());
        node.getInputs().forEach(input -> removeSet(input, used));
    }

    private static boolean hasSubquery(RelNode node) {
        boolean here = (node instanceof Filter filter && RexUtil.SubQueryFinder.containsSubQuery(filter))
                || (node instanceof Project project && RexUtil.SubQueryFinder.containsSubQuery(project))
                || (node instanceof Join join && RexUtil.SubQueryFinder.containsSubQuery(join));
        return here || node.getInputs().stream().anyMatch(Subqueries::hasSubquery);
    }

    private static boolean hasCorrelate(RelNode node) {
        return node instanceof Correlate || node.getInputs().stream().anyMatch(Subqueries::hasCorrelate);
    }
}
