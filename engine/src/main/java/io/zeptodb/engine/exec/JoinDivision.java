package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.HashJoin;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A hash join divided by key, whatever its type: rows that can match are in one part, and a row that matches none is in one part, which finds
 * that out. The left order is lost.
 */
final class JoinDivision implements Division {
    private static final int LEFT = 0;

    private final HashJoin plan;
    private final @Nullable BitSet read;
    private final @Nullable BitSet leftUsed;
    private final @Nullable BitSet rightUsed;

    /**
     * @param plan one with keys
     * @param used the columns that are read of the output; null for all
     */
    JoinDivision(HashJoin plan, @Nullable BitSet used) {
        this.plan = plan;
        int leftCount = plan.left().columns().size();
        int rightCount = plan.right().columns().size();
        this.read = JoinProbe.isLeftOnly(plan.type()) && used != null ? used.get(0, leftCount) : used;
        this.leftUsed = ColumnUse.ofSide(read, 0, leftCount, plan.leftKeys(), plan.residual());
        this.rightUsed = ColumnUse.ofSide(read, leftCount, rightCount, plan.rightKeys(), plan.residual());
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
        return side == LEFT ? leftUsed : rightUsed;
    }

    @Override
    public Operator open(ExecutionContext context) {
        return Inputs.two(
                plan.left(), leftUsed, plan.right(), rightUsed, context, (left, right) -> join(left, right, context));
    }

    @Override
    public Operator open(List<List<Operator>> inputs, ExecutionContext context) {
        return join(
                new UnionAllOperator(context, inputs.get(LEFT)),
                new UnionAllOperator(context, inputs.get(LEFT + 1)),
                context);
    }

    private Operator join(Operator left, Operator right, ExecutionContext context) {
        return new HashJoinOperator(plan, context, left, right, read);
    }

    @Override
    public List<Operator> openSide(int side, ExecutionContext context) {
        return List.of(Operators.open(input(side), context, used(side)));
    }

    @Override
    public Keys newKeys(ExecutionContext context) {
        boolean[] nullMatches = new boolean[plan.leftKeys().size()];
        for (int i = 0; i < nullMatches.length; i++) {
            nullMatches[i] = plan.nullSafe().get(i);
        }
        List<ColumnType> types = JoinKeys.commonTypes(plan.leftKeys(), plan.rightKeys());
        JoinKeys left = new JoinKeys(plan.leftKeys(), types, nullMatches, context);
        JoinKeys right =
                Inputs.closingOnFailure(left, () -> new JoinKeys(plan.rightKeys(), types, nullMatches, context));
        return keys(left, right);
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
