package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.function.FunctionRegistry;
import io.zeptodb.engine.plan.ConstantEvaluator;

/**
 * What all parts of one lowering share.
 *
 * @param functions resolves names and argument types
 * @param folding computes constants
 * @param conversion inserts casts
 * @param variables of correlated subqueries
 * @param place of what is being lowered
 * @param views that aggregations may be answered from
 */
record LoweringContext(
        FunctionResolution functions,
        Folding folding,
        Conversion conversion,
        Variables variables,
        CurrentPlace place,
        ViewAnswers views) {
    static LoweringContext of(
            FunctionRegistry functions, ConstantEvaluator evaluator, int parameters, ViewAnswers views) {
        Folding folding = new Folding(evaluator);
        CurrentPlace place = new CurrentPlace();
        return new LoweringContext(
                new FunctionResolution(functions),
                folding,
                new Conversion(folding, place),
                new Variables(parameters),
                place,
                views);
    }
}
