package io.zeptodb.engine.optimizer;

import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.BiRel;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;

/**
 * A window join: each left row with aggregates of those right rows that satisfy the condition together with it. Columns: the left ones, then one for each
 * call.
 */
final class WindowJoinRelation extends BiRel {
    private final RexNode condition;
    private final boolean prevailing;
    private final List<AggregateCall> calls;

    /**
     * @param condition over the left columns, then the right ones
     * @param prevailing whether the right row that is valid where the window begins belongs to it
     * @param calls over the right columns
     * @param rowType of the columns that come out
     */
    WindowJoinRelation(
            RelNode left,
            RelNode right,
            RexNode condition,
            boolean prevailing,
            List<AggregateCall> calls,
            RelDataType rowType) {
        this(left.getCluster(), left.getCluster().traitSet(), left, right, condition, prevailing, calls);
        this.rowType = rowType;
    }

    private WindowJoinRelation(
            RelOptCluster cluster,
            RelTraitSet traits,
            RelNode left,
            RelNode right,
            RexNode condition,
            boolean prevailing,
            List<AggregateCall> calls) {
        super(cluster, traits, left, right);
        this.condition = condition;
        this.prevailing = prevailing;
        this.calls = List.copyOf(calls);
    }

    RexNode condition() {
        return condition;
    }

    boolean prevailing() {
        return prevailing;
    }

    List<AggregateCall> calls() {
        return calls;
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
        return new WindowJoinRelation(inputs.get(0), inputs.get(1), condition, prevailing, calls, getRowType());
    }

    @Override
    public RelNode accept(RexShuttle shuttle) {
        RexNode changed = shuttle.apply(condition);
        return changed.equals(condition)
                ? this
                : new WindowJoinRelation(left, right, changed, prevailing, calls, getRowType());
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
        return super.explainTerms(writer)
                .item("condition", condition)
                .item("prevailing", prevailing)
                .item("calls", calls)
                .item("columns", getRowType().getFieldNames());
    }

    @Override
    public double estimateRowCount(RelMetadataQuery metadata) {
        return metadata.getRowCount(left);
    }
}
