package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.kernel.Selects;
import io.zeptodb.engine.plan.Expression.Comparator;
import org.jspecify.annotations.Nullable;

/** Values that have order keys: both sides become longs, which are compared without a branch. */
final class KeyComparisonNode extends PairComparisonNode {
    private long[] leftKeys = {};
    private long[] rightKeys = {};

    KeyComparisonNode(ExpressionNode left, Comparator operator, ExpressionNode right, MemoryBudget budget) {
        super(left, operator, right, budget);
    }

    @Override
    int test(ColumnVector leftVector, ColumnVector rightVector, int @Nullable [] in, int count, int[] out) {
        if (leftKeys.length < count) {
            leftKeys = new long[count];
            rightKeys = new long[count];
        }
        OrderKeys.load(leftVector, in, count, leftKeys);
        OrderKeys.load(rightVector, in, count, rightKeys);
        return switch (operator) {
            case EQUAL -> Selects.equal(leftKeys, rightKeys, in, count, out, 0);
            case NOT_EQUAL -> Selects.equal(leftKeys, rightKeys, in, count, out, 1);
            case LESS -> Selects.less(leftKeys, rightKeys, in, count, out, 0);
            case GREATER_OR_EQUAL -> Selects.less(leftKeys, rightKeys, in, count, out, 1);
            case GREATER -> Selects.less(rightKeys, leftKeys, in, count, out, 0);
            case LESS_OR_EQUAL -> Selects.less(rightKeys, leftKeys, in, count, out, 1);
            default -> throw new IllegalStateException("no comparison of keys by " + operator);
        };
    }
}
