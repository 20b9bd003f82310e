package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.function.FunctionRegistry;

/**
 * What all parts of one lowering share.
 *
 * @param functions resolves names and argument types
 * @param folding computes constants
 * @param conversion inserts casts
 * @param variables of correlated subqueries
 * @param failures what folding met
 */
record LoweringContext(
        FunctionResolution functions,
        Folding folding,
        Conversion conversion,
        Variables variables,
        ConstantFailures failures) {
    static LoweringContext of(FunctionRegistry functions, ConstantFailures evaluator, int parameters) {
        Folding folding = new Folding(evaluator);
        return new LoweringContext(
                new FunctionResolution(functions),
                folding,
                new Conversion(folding),
                new Variables(parameters),
                evaluator);
    }
}
