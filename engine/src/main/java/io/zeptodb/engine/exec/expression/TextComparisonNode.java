package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.kernel.Memory;
import io.zeptodb.engine.kernel.Selects;
import io.zeptodb.engine.plan.Expression.Comparator;
import org.jspecify.annotations.Nullable;

/** VARCHAR with VARCHAR, by code point, and VARBINARY with VARBINARY, by unsigned byte: in UTF-8 that is the same. */
final class TextComparisonNode extends PairComparisonNode {
    TextComparisonNode(ExpressionNode left, Comparator operator, ExpressionNode right, MemoryBudget budget) {
        super(left, operator, right, budget);
    }

    @Override
    int test(ColumnVector leftVector, ColumnVector rightVector, int @Nullable [] in, int count, int[] out) {
        if (operator == Comparator.EQUAL || operator == Comparator.NOT_EQUAL) {
            int flip = operator == Comparator.NOT_EQUAL ? 1 : 0;
            if (isShortConstant(rightVector) && !leftVector.isConstant()) {
                long view = rightVector.viewAddress(0);
                return Selects.pairs(
                        leftVector.data(),
                        in,
                        count,
                        out,
                        Memory.getLong(view),
                        Memory.getLong(view + Long.BYTES),
                        flip);
            }
            return testEqual(leftVector, rightVector, in, count, out, flip == 0);
        }
        int kept = 0;
        for (int i = 0; i < count; i++) {
            int at = in == null ? i : in[i];
            out[kept] = at;
            kept += holds(operator, leftVector.compareText(at, rightVector, at)) ? 1 : 0;
        }
        return kept;
    }

    /** A short text lies in its view with zeros behind it, so that equal texts are equal words. */
    private static boolean isShortConstant(ColumnVector vector) {
        return vector.isConstant() && vector.viewLength(0) <= ColumnVector.INLINE_BYTES;
    }

    private static int testEqual(
            ColumnVector left, ColumnVector right, int @Nullable [] in, int count, int[] out, boolean wanted) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            int at = in == null ? i : in[i];
            out[kept] = at;
            kept += left.equalText(at, right, at) == wanted ? 1 : 0;
        }
        return kept;
    }
}
