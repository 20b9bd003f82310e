package io.zeptodb.engine.function;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import org.jspecify.annotations.Nullable;

/** The loop of a scalar function over one batch. Stateless: one object serves all threads. */
@FunctionalInterface
public interface ScalarKernel {
    /**
     * Computes the function position by position.
     *
     * @param arguments one vector for each parameter, of exactly the parameters' kinds; any of them may be constant
     * @param selection the positions that count, or null for [0, rowCount); other positions may be computed too unless the function may
     *     fail, and a STRICT function that may fail is never given a position with a NULL argument
     * @param rowCount positions in the batch
     * @param result reserved for rowCount rows, empty, without NULLs; rows are written at their position. For STRICT functions the caller
     *     merges the arguments' validity into it afterwards (the kernel may clear further bits, for results that are NULL)
     * @param context the query
     */
    void evaluate(
            ColumnVector[] arguments,
            @Nullable SelectionVector selection,
            int rowCount,
            WritableColumn result,
            FunctionContext context);
}
