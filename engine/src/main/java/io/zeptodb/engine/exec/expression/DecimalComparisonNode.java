package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.kernel.Int128;
import io.zeptodb.engine.plan.Expression.Comparator;
import org.jspecify.annotations.Nullable;

/** DECIMAL values of one scale. */
final class DecimalComparisonNode extends PairComparisonNode {
    DecimalComparisonNode(ExpressionNode left, Comparator operator, ExpressionNode right, MemoryBudget budget) {
        super(left, operator, right, budget);
    }

    @Override
    int test(ColumnVector leftVector, ColumnVector rightVector, int @Nullable [] in, int count, int[] out) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            int at = in == null ? i : in[i];
            int order = Int128.compare(
                    leftVector.getDecimalHigh(at),
                    leftVector.getDecimalLow(at),
                    rightVector.getDecimalHigh(at),
                    rightVector.getDecimalLow(at));
            out[kept] = at;
            kept += holds(operator, order) ? 1 : 0;
        }
        return kept;
    }
}
