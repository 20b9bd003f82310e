package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.plan.PhysicalPlan.Window;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Window functions divided by PARTITION BY: a partition is in one part, its rows in the order they came. */
final class WindowDivision implements Division {
    private final Window plan;

    /** @param plan one with PARTITION BY */
    WindowDivision(Window plan) {
        this.plan = plan;
    }

    @Override
    public int sides() {
        return 1;
    }

    @Override
    public List<ColumnType> types(int side) {
        return plan.input().types();
    }

    @Override
    public @Nullable BitSet used(int side) {
        return null;
    }

    @Override
    public Operator open(ExecutionContext context) {
        return Inputs.several(plan.inputs(), context, inputs -> new WindowOperator(plan, context, inputs.get(0)));
    }

    @Override
    public Operator open(List<List<Operator>> inputs, ExecutionContext context) {
        return new WindowOperator(plan, context, new UnionAllOperator(context, inputs.get(0)));
    }

    @Override
    public Operator openUndivided(List<List<Operator>> inputs, ExecutionContext context) {
        return WindowPieces.canCompute(plan)
                ? WindowPieces.open(plan, context, new UnionAllOperator(context, inputs.get(0)))
                : Division.super.openUndivided(inputs, context);
    }

    @Override
    public List<Operator> openSide(int side, ExecutionContext context) {
        return List.of(Operators.open(plan.input(), context));
    }

    @Override
    public Keys newKeys(ExecutionContext context) {
        List<Integer> columns = plan.partitionBy();
        ColumnVector[] vectors = new ColumnVector[columns.size()];
        return new Keys() {
            @Override
            public ColumnVector[] of(int side, Batch batch) {
                for (int i = 0; i < vectors.length; i++) {
                    vectors[i] = batch.column(columns.get(i));
                }
                return vectors;
            }

            @Override
            public void close() {}
        };
    }
}
