package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.SetOperation;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** INTERSECT and EXCEPT divided by whole rows: equal rows of both sides are in one part. */
final class SetDivision implements Division {
    private static final int LEFT = 0;

    private final SetOperation plan;

    SetDivision(SetOperation plan) {
        this.plan = plan;
    }

    @Override
    public int sides() {
        return 2;
    }

    private PhysicalPlan input(int side) {
        return side == LEFT ? plan.left() : plan.right();
    }

    @Override
    public List<ColumnType> types(int side) {
        return input(side).types();
    }

    @Override
    public @Nullable BitSet used(int side) {
        return null;
    }

    @Override
    public Operator open(ExecutionContext context) {
        return Inputs.two(
                plan.left(),
                plan.right(),
                context,
                (left, right) -> new SetOperationOperator(plan, context, left, right));
    }

    @Override
    public Operator open(List<List<Operator>> inputs, ExecutionContext context) {
        return new SetOperationOperator(
                plan,
                context,
                new UnionAllOperator(context, inputs.get(LEFT)),
                new UnionAllOperator(context, inputs.get(LEFT + 1)));
    }

    @Override
    public List<Operator> openSide(int side, ExecutionContext context) {
        return List.of(Operators.open(input(side), context));
    }

    @Override
    public Keys newKeys(ExecutionContext context) {
        return JoinDivision.keys(
                SetOperationOperator.keysOf(plan.left(), plan, context),
                SetOperationOperator.keysOf(plan.right(), plan, context));
    }
}
