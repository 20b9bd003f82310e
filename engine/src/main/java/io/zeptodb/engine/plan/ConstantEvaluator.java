package io.zeptodb.engine.plan;

import org.jspecify.annotations.Nullable;

/**
 * Computes constant expressions while a statement is planned. Execution implements it with its own kernels, so that a folded expression
 * has the value that it would have had at run time. Stateless: one object serves all threads.
 */
@FunctionalInterface
public interface ConstantEvaluator {
    /**
     * @param expression without columns, parameters and functions that are not deterministic
     * @return its value in the representation of {@link Expression.Literal}
     * @throws io.zeptodb.engine.api.EngineException as the run would throw it
     */
    @Nullable
    Object evaluate(Expression expression);
}
