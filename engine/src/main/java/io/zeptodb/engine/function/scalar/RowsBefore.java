package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.function.NullRule;
import io.zeptodb.engine.function.ScalarFunction;
import io.zeptodb.engine.function.WindowFunction.Constant;
import java.util.List;

/**
 * How many rows before the current one a moving window of n rows has, for an n that is known only when the statement runs. No function of the
 * registry: plans make it.
 */
public final class RowsBefore {
    private RowsBefore() {}

    /** @param caller the function whose argument n is, for the error */
    public static ScalarFunction of(String caller) {
        return new ScalarFunction(
                "rows_before",
                List.of(ColumnType.BIGINT),
                ColumnType.BIGINT,
                NullRule.CALLED_ON_NULL,
                true,
                true,
                (arguments, selection, rowCount, result, context) -> {
                    int[] positions = Rows.positions(selection);
                    int count = Rows.count(selection, rowCount);
                    for (int i = 0; i < count; i++) {
                        int row = positions == null ? i : positions[i];
                        result.setLong(row, before(caller, arguments[0], row));
                    }
                });
    }

    private static long before(String caller, ColumnVector given, int row) {
        boolean isNull = given.isNull(row);
        long rows = isNull ? 0 : given.getLong(row);
        if (!Constant.ROWS.allows(rows)) {
            throw new EngineException(ErrorCode.INVALID_ARGUMENT, Constant.ROWS.refusal(caller, isNull ? null : rows));
        }
        return rows - 1;
    }
}
