package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.plan.Expression;
import org.jspecify.annotations.Nullable;

/** Values of LIMIT and OFFSET. */
final class RowCounts {
    private RowCounts() {}

    /** The number of rows; NULL and an absent clause are {@code absent}. */
    static long evaluate(@Nullable Expression expression, String clause, long absent, ExecutionContext context) {
        if (expression == null) {
            return absent;
        }
        Object value = Constants.evaluate(expression, context);
        if (value == null) {
            return absent;
        }
        long rows = ((Number) value).longValue();
        if (rows < 0) {
            throw new EngineException(ErrorCode.INVALID_ARGUMENT, clause + " must not be negative, is " + rows);
        }
        return rows;
    }
}
