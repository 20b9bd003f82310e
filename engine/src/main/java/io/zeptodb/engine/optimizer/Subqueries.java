package io.zeptodb.engine.optimizer;

import java.util.List;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql2rel.TopDownGeneralDecorrelator;
import org.apache.calcite.tools.RelBuilder;

/**
 * Turns subqueries into joins. IN, EXISTS and ANY become mark joins, scalar subqueries left joins; correlated ones are decorrelated top down
 * (Neumann and Kemper, "Unnesting Arbitrary Queries", BTW 2015). A correlation that resists stays a Correlate, to be run row by row.
 */
final class Subqueries {
    private static final HepProgram REMOVE = new HepProgramBuilder()
            .addRuleCollection(List.of(
                    CoreRules.FILTER_SUB_QUERY_TO_MARK_CORRELATE,
                    CoreRules.PROJECT_SUB_QUERY_TO_MARK_CORRELATE,
                    CoreRules.JOIN_SUB_QUERY_TO_CORRELATE))
            .build();

    private Subqueries() {}

    static RelNode remove(RelNode root, RelBuilder builder) {
        RelNode joined = hasSubquery(root) ? RelationOptimizer.run(REMOVE, root) : root;
        return hasCorrelate(joined) ? TopDownGeneralDecorrelator.decorrelateQuery(joined, builder) : joined;
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
