package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.plan.PhysicalPlan;
import java.util.List;

/** An operator over two inputs, divided by keys of both. */
abstract class TwoSidedDivision implements Division {
    static final int LEFT = 0;
    static final int RIGHT = 1;

    private final PhysicalPlan left;
    private final PhysicalPlan right;

    TwoSidedDivision(PhysicalPlan left, PhysicalPlan right) {
        this.left = left;
        this.right = right;
    }

    /** Opens the operator over two inputs. */
    abstract Operator open(Operator leftRows, Operator rightRows, ExecutionContext context);

    @Override
    public final int sides() {
        return 2;
    }

    private PhysicalPlan input(int side) {
        return side == LEFT ? left : right;
    }

    @Override
    public final List<ColumnType> types(int side) {
        return input(side).types();
    }

    @Override
    public Operator open(ExecutionContext context) {
        return Inputs.two(
                left, used(LEFT), right, used(RIGHT), context, (first, second) -> open(first, second, context));
    }

    @Override
    public final Operator open(List<List<Operator>> inputs, ExecutionContext context) {
        return open(
                new UnionAllOperator(context, inputs.get(LEFT)),
                new UnionAllOperator(context, inputs.get(RIGHT)),
                context);
    }

    @Override
    public final List<Operator> openSide(int side, ExecutionContext context) {
        return List.of(Operators.open(input(side), context, used(side)));
    }

    /** Keys of both sides in the form of the right one's. */
    static Keys keys(JoinKeys left, JoinKeys right) {
        return new Keys() {
            @Override
            public ColumnVector[] of(int side, Batch batch) {
                return side == LEFT ? left.probing(batch, right) : right.built(batch);
            }

            @Override
            public void close() {
                left.close();
                right.close();
            }
        };
    }
}
