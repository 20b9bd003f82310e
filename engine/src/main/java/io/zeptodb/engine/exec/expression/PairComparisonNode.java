package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.plan.Expression.Comparator;
import org.jspecify.annotations.Nullable;

/** Two computed values compared. Subclasses know how, by type. */
abstract class PairComparisonNode extends PredicateNode {
    protected final ExpressionNode left;
    protected final ExpressionNode right;
    protected final Comparator operator;
    private final ColumnVector[] operands = new ColumnVector[2];

    PairComparisonNode(ExpressionNode left, Comparator operator, ExpressionNode right, MemoryBudget budget) {
        super(budget);
        this.left = left;
        this.operator = operator;
        this.right = right;
    }

    @Override
    final ColumnVector[] operands(Batch batch, @Nullable SelectionVector selection) {
        operands[0] = left.evaluate(batch, selection);
        operands[1] = right.evaluate(batch, selection);
        return operands;
    }

    @Override
    final int test(int @Nullable [] in, int count, int[] out) {
        return test(operands[0], operands[1], in, count, out);
    }

    abstract int test(ColumnVector leftVector, ColumnVector rightVector, int @Nullable [] in, int count, int[] out);

    /** What the operator makes of the outcome of a comparison of two values. */
    static boolean holds(Comparator operator, int order) {
        return switch (operator) {
            case EQUAL, NOT_DISTINCT -> order == 0;
            case NOT_EQUAL, DISTINCT -> order != 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
        };
    }

    @Override
    public final boolean isConstant() {
        return left.isConstant() && right.isConstant();
    }

    @Override
    public void close() {
        super.close();
        left.close();
        right.close();
    }
}
