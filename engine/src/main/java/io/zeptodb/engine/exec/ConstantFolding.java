package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.function.FunctionContext;
import io.zeptodb.engine.plan.ConstantEvaluator;
import io.zeptodb.engine.plan.Expression;
import org.jspecify.annotations.Nullable;

/** Folds constants with the kernels that would compute them at run time. Thread-safe; the budget is the caller's. */
public final class ConstantFolding implements ConstantEvaluator {
    private static final @Nullable Object[] NO_PARAMETERS = {};

    private final FunctionContext context;

    public ConstantFolding(MemoryBudget budget) {
        // what depends on the time of the query is not deterministic, so it is not folded and no time is known here
        this.context = new FunctionContext(0, budget);
    }

    @Override
    public @Nullable Object evaluate(Expression expression) {
        return Constants.evaluate(expression, NO_PARAMETERS, context);
    }
}
