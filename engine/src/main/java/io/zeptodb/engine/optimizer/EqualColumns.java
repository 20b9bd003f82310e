package io.zeptodb.engine.optimizer;

import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/**
 * A condition that two columns are equal, with or without casts around them.
 *
 * @param least index of the one that comes first
 * @param greatest of the other
 */
record EqualColumns(int least, int greatest) {
    /** Null for another condition. */
    static @Nullable EqualColumns of(RexNode condition) {
        if (condition.getKind() != SqlKind.EQUALS && condition.getKind() != SqlKind.IS_NOT_DISTINCT_FROM) {
            return null;
        }
        RexNode a = Selectivity.withoutCast(((RexCall) condition).getOperands().get(0));
        RexNode b = Selectivity.withoutCast(((RexCall) condition).getOperands().get(1));
        if (!(a instanceof RexInputRef first) || !(b instanceof RexInputRef second)) {
            return null;
        }
        return new EqualColumns(
                Math.min(first.getIndex(), second.getIndex()), Math.max(first.getIndex(), second.getIndex()));
    }
}
