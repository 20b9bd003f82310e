package io.zeptodb.engine.exec;

import io.zeptodb.engine.plan.PhysicalPlan.SetOperation;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** INTERSECT and EXCEPT divided by whole rows: equal rows of both sides are in one part. */
final class SetDivision extends TwoSidedDivision {
    private final SetOperation plan;

    SetDivision(SetOperation plan) {
        super(plan.left(), plan.right());
        this.plan = plan;
    }

    @Override
    public @Nullable BitSet used(int side) {
        return null;
    }

    @Override
    Operator open(Operator left, Operator right, ExecutionContext context) {
        return new SetOperationOperator(plan, context, left, right);
    }

    @Override
    public Keys newKeys(ExecutionContext context) {
        JoinKeys left = SetOperationOperator.keysOf(plan.left(), plan, context);
        return keys(
                left, Inputs.closingOnFailure(left, () -> SetOperationOperator.keysOf(plan.right(), plan, context)));
    }
}
