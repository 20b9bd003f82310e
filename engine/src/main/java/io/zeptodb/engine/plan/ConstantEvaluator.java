package io.zeptodb.engine.plan;

import org.jspecify.annotations.Nullable;

/**
 * Computes constant expressions while a statement is planned. Execution implements it with its own kernels, so that a folded expression
 * has the value that it would have had at run time.
 */
public interface ConstantEvaluator {
    /**
     * @param expression without columns, parameters and functions that are not deterministic
     * @return its value in the representation of {@link Expression.Literal}
     * @throws io.zeptodb.engine.api.EngineException as the run would throw it, or LIMIT_EXCEEDED for what is left to the run because it takes long
     */
    @Nullable
    Object evaluate(Expression expression);

    /**
     * The evaluator of one statement.
     *
     * @param stopCheck throws when the planning shall end
     */
    ConstantEvaluator stoppedBy(Runnable stopCheck);
}
