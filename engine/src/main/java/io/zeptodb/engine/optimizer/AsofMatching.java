package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.sql.ast.AsofMatch;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * The match condition of an as-of join taken apart.
 *
 * @param condition the comparison of times, or the call of NEAREST
 * @param tolerance without columns, or null
 */
record AsofMatching(RexNode condition, @Nullable RexNode tolerance) {
    static AsofMatching of(RexNode match) {
        if (!(match instanceof RexCall call) || !call.getOperator().equals(AsofMatch.MATCH)) {
            return new AsofMatching(match, null);
        }
        boolean tolerant = call.getOperands().size() > AsofMatch.TOLERANCE_AT;
        RexNode tolerance = tolerant ? call.getOperands().get(AsofMatch.TOLERANCE_AT) : null;
        return new AsofMatching(call.getOperands().get(0), tolerance);
    }

    /** The call of NEAREST, or null when the condition is a comparison. */
    @Nullable
    RexCall nearest() {
        return condition instanceof RexCall call && call.getOperator().equals(AsofMatch.NEAREST) ? call : null;
    }
}
