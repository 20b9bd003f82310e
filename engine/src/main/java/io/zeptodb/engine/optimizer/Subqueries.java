package io.zeptodb.engine.optimizer;

import java.util.ArrayList;
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
        return decorrelate(joined, builder);
    }

    /**
     * Decorrelates each correlation by itself, with the nodes of one input above it: one run of Calcite's decorrelator mixes up the variables of
     * two correlations that stand side by side below a join.
     */
    private static RelNode decorrelate(RelNode node, RelBuilder builder) {
        if (!hasCorrelate(node)) {
            return node;
        }
        return aboveCorrelation(node)
                ? TopDownGeneralDecorrelator.decorrelateQuery(withPlainLeft(node, builder), builder)
                : withInputs(node, builder);
    }

    /** Whether nodes of one input lead from here to a correlation. */
    private static boolean aboveCorrelation(RelNode node) {
        return node instanceof Correlate || (node.getInputs().size() == 1 && aboveCorrelation(node.getInput(0)));
    }

    private static RelNode withInputs(RelNode node, RelBuilder builder) {
        List<RelNode> inputs = new ArrayList<>();
        for (RelNode input : node.getInputs()) {
            inputs.add(decorrelate(input, builder));
        }
        return node.copy(node.getTraitSet(), inputs);
    }

    /** The same with the left side of the correlation decorrelated before. */
    private static RelNode withPlainLeft(RelNode node, RelBuilder builder) {
        if (node instanceof Correlate correlate) {
            RelNode left = decorrelate(correlate.getLeft(), builder);
            return correlate.copy(correlate.getTraitSet(), List.of(left, correlate.getRight()));
        }
        return node.copy(node.getTraitSet(), List.of(withPlainLeft(node.getInput(0), builder)));
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
