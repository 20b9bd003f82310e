package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.plan.PhysicalPlan.HashJoin;
import io.zeptodb.engine.plan.PhysicalPlan.JoinType;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A hash join divided by key, whatever its type: rows that can match are in one part, and a row that matches none is in one part, which finds
 * that out. The left order is lost.
 */
final class JoinDivision extends TwoSidedDivision {
    private final HashJoin plan;
    private final @Nullable BitSet read;
    private final @Nullable BitSet leftUsed;
    private final @Nullable BitSet rightUsed;

    /**
     * @param plan one with keys
     * @param used the columns that are read of the output; null for all
     */
    JoinDivision(HashJoin plan, @Nullable BitSet used) {
        super(plan.left(), plan.right());
        this.plan = plan;
        int leftCount = plan.left().columns().size();
        int rightCount = plan.right().columns().size();
        this.read = used == null ? null : ofBothSides(used, plan.type(), leftCount);
        this.leftUsed = ColumnUse.ofSide(read, 0, leftCount, plan.leftKeys(), plan.residual());
        this.rightUsed = ColumnUse.ofSide(read, leftCount, rightCount, plan.rightKeys(), plan.residual());
    }

    /** The columns that are read, numbered as those of the left side and then those of the right. */
    private static BitSet ofBothSides(BitSet used, JoinType type, int leftCount) {
        if (JoinProbe.isRightOnly(type)) {
            BitSet moved = new BitSet();
            used.stream().forEach(column -> moved.set(column + leftCount));
            return moved;
        }
        return JoinProbe.isLeftOnly(type) ? used.get(0, leftCount) : used;
    }

    @Override
    public @Nullable BitSet used(int side) {
        return side == LEFT ? leftUsed : rightUsed;
    }

    @Override
    Operator open(Operator left, Operator right, ExecutionContext context) {
        return new HashJoinOperator(plan, context, left, right, read);
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
}
