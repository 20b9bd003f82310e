package io.zeptodb.engine.optimizer;

import java.util.List;
import org.apache.calcite.plan.Contexts;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelRule;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.rex.RexExecutor;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.tools.RelBuilderFactory;

/**
 * Rewrites a validated tree: subqueries become joins, conditions and projections move down, joins are put in the order of their sizes. The
 * list of rules is short on purpose: planning a query the first time is meant to take a millisecond.
 */
final class RelationOptimizer {
    /** Leaves constants alone: Calcite would compute them to the millisecond; the lowering folds them with the engine's kernels. */
    private static final RexExecutor NO_EVALUATION = (builder, constants, reduced) -> reduced.addAll(constants);

    /**
     * Builds relations and leaves conditions as they are: Calcite would compare texts by UTF-16 and times by milliseconds where it simplifies.
     */
    static final RelBuilderFactory BUILDERS =
            RelBuilder.proto(Contexts.of(RelBuilder.Config.DEFAULT.withSimplify(false)));

    static final HepProgram PUSH_DOWN = program(List.of(
            plain(CoreRules.FILTER_MERGE),
            plain(CoreRules.FILTER_PROJECT_TRANSPOSE),
            filterIntoJoin(),
            plain(CoreRules.FILTER_AGGREGATE_TRANSPOSE),
            plain(CoreRules.FILTER_SET_OP_TRANSPOSE),
            filterBelowSort(),
            plain(CoreRules.FILTER_CORRELATE),
            joinConditionPush(),
            plain(CoreRules.PROJECT_MERGE),
            plain(CoreRules.PROJECT_REMOVE),
            new MarkFilterRule(),
            SideFilterRule.ofMarkJoins(),
            SideFilterRule.ofAsofJoins(),
            SideFilterRule.ofWindowJoins(),
            new VolatileFilterRule()));

    private RelationOptimizer() {}

    /** A rule of Calcite's that builds without simplifying. */
    static RelOptRule plain(RelRule<?> rule) {
        return rule.config.withRelBuilderFactory(BUILDERS).toRule();
    }

    /** Calcite's, for joins of which only the matches count. */
    static RelOptRule filterIntoJoin() {
        return CoreRules.FILTER_INTO_JOIN
                .config
                .withRelBuilderFactory(BUILDERS)
                .withOperandSupplier(filter -> filter.operand(Filter.class)
                        .oneInput(join -> join.operand(Join.class)
                                .predicate(RelationOptimizer::isTwoValued)
                                .anyInputs()))
                .toRule();
    }

    /** Calcite's, for sorts without a limit. */
    private static RelOptRule filterBelowSort() {
        return CoreRules.FILTER_SORT_TRANSPOSE
                .config
                .withRelBuilderFactory(BUILDERS)
                .withOperandSupplier(filter -> filter.operand(Filter.class)
                        .oneInput(sort -> sort.operand(Sort.class)
                                .predicate(below -> below.fetch == null && below.offset == null)
                                .anyInputs()))
                .toRule();
    }

    private static RelOptRule joinConditionPush() {
        return CoreRules.JOIN_CONDITION_PUSH
                .config
                .withRelBuilderFactory(BUILDERS)
                .withOperandSupplier(join -> join.operand(Join.class)
                        .predicate(RelationOptimizer::isTwoValued)
                        .anyInputs())
                .toRule();
    }

    /**
     * Not where a mark may be NULL: these rules make a = c of a = b AND a = c, which is the same where both are true, but NULL where one
     * is NULL and the other false.
     */
    private static boolean isTwoValued(Join join) {
        return join.getJoinType() != JoinRelType.LEFT_MARK
                || !join.getCondition().getType().isNullable();
    }

    static HepProgram program(List<RelOptRule> rules) {
        return new HepProgramBuilder().addRuleCollection(rules).build();
    }

    static RelNode optimise(RelNode root) {
        RelOptCluster cluster = root.getCluster();
        cluster.getPlanner().setExecutor(NO_EVALUATION);
        RelBuilder builder = BUILDERS.create(cluster, null);
        RelNode unnested = NullSafeEquality.collapse(Subqueries.remove(root, builder));
        RelNode united = UnionJoins.unite(unnested);
        RelNode filtered = run(PUSH_DOWN, united);
        RelNode pushed = united.equals(unnested) ? filtered : run(UnionJoins.PROJECTIONS_DOWN, filtered);
        RelNode joined = JoinOrder.of(pushed, builder);
        return new ColumnTrimmer(builder).trim(joined);
    }

    static RelNode run(HepProgram program, RelNode root) {
        HepPlanner planner = new StoppablePlanner(program, root);
        planner.setExecutor(NO_EVALUATION);
        planner.setRoot(root);
        return planner.findBestExp();
    }
}
