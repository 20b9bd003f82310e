package io.zeptodb.engine.optimizer;

import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCostImpl;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.rex.RexExecutor;
import org.apache.calcite.sql2rel.RelFieldTrimmer;
import org.apache.calcite.tools.RelBuilder;

/**
 * Rewrites a validated tree: subqueries become joins, conditions and projections move down, joins are put in the order of their sizes. The
 * list of rules is short on purpose: planning a query the first time is meant to take a millisecond.
 */
final class RelationOptimizer {
    /** Leaves constants alone: Calcite would compute them to the millisecond; the lowering folds them with the engine's kernels. */
    private static final RexExecutor NO_EVALUATION = (builder, constants, reduced) -> reduced.addAll(constants);

    static final HepProgram PUSH_DOWN = program(List.of(
            CoreRules.FILTER_MERGE,
            CoreRules.FILTER_PROJECT_TRANSPOSE,
            CoreRules.FILTER_INTO_JOIN,
            CoreRules.FILTER_AGGREGATE_TRANSPOSE,
            CoreRules.FILTER_SET_OP_TRANSPOSE,
            CoreRules.FILTER_CORRELATE,
            CoreRules.JOIN_CONDITION_PUSH,
            CoreRules.PROJECT_MERGE,
            CoreRules.PROJECT_REMOVE,
            new MarkFilterRule(),
            new AsofFilterRule()));

    private RelationOptimizer() {}

    private static HepProgram program(List<RelOptRule> rules) {
        return new HepProgramBuilder().addRuleCollection(rules).build();
    }

    static RelNode optimise(RelNode root) {
        RelOptCluster cluster = root.getCluster();
        cluster.getPlanner().setExecutor(NO_EVALUATION);
        RelBuilder builder = RelFactories.LOGICAL_BUILDER.create(cluster, null);
        RelNode unnested = Subqueries.remove(root, builder);
        RelNode pushed = run(PUSH_DOWN, unnested);
        RelNode joined = JoinOrder.of(pushed, builder);
        return new RelFieldTrimmer(null, builder).trim(joined);
    }

    static RelNode run(HepProgram program, RelNode root) {
        // trees, not a graph of shared nodes: the decorrelation asks each subquery who it belongs to, and a CTE that is
        // named twice
        // would belong to two
        HepPlanner planner = new HepPlanner(program, null, true, null, RelOptCostImpl.FACTORY);
        planner.setExecutor(NO_EVALUATION);
        planner.setRoot(root);
        return planner.findBestExp();
    }
}
