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

    /** Over the plan's inputs, where the keys of the right side can leave out rows far below the left one. */
    @Override
    public Operator open(ExecutionContext context) {
        List<BuiltKeys> filters = BuiltKeys.of(plan);
        if (filters.isEmpty()) {
            return super.open(context);
        }
        ExecutionContext filtered = context.withFilters(context.filters().with(filters));
        Operator left = Operators.open(plan.left(), filtered, leftUsed);
        return Inputs.closingOnFailure(left, () -> {
            Operator right = Operators.open(plan.right(), context, rightUsed);
            return Inputs.closingOnFailure(
                    right, () -> new HashJoinOperator(plan, context, left, right, read, filters));
        });
    }

    @Override
    Operator open(Operator left, Operator right, ExecutionContext context) {
        return new HashJoinOperator(plan, context, left, right, read, List.of());
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
