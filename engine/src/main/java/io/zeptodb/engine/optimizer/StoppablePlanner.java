package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.sql.PlanningStop;
import org.apache.calcite.plan.RelOptCostImpl;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.rel.RelNode;

/** A HepPlanner over trees that looks, whenever it fires a rule, whether the statement is still wanted. */
final class StoppablePlanner extends HepPlanner {
    private final RelNode tree;

    StoppablePlanner(HepProgram program, RelNode tree) {
        // trees, not a graph of shared nodes: the decorrelation asks each subquery who it belongs to, and a CTE that is
        // named twice
        // would belong to two
        super(program, null, true, null, RelOptCostImpl.FACTORY);
        this.tree = tree;
    }

    @Override
    public void checkCancel() {
        PlanningStop.check(tree);
    }
}
