package io.zeptodb.engine.function;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.MemoryBudget;
import java.util.List;
import java.util.function.Function;

/**
 * An aggregate function for given argument types: what a plan holds.
 *
 * @param name the name in the registry, lower case
 * @param parameters type of each argument; empty for COUNT(*)
 * @param result type of the result
 * @param factory makes the state of one operator
 */
public record AggregateFunction(
        String name, List<ColumnType> parameters, ColumnType result, Function<MemoryBudget, Aggregator> factory) {
    public AggregateFunction {
        parameters = List.copyOf(parameters);
    }

    public Aggregator newAggregator(MemoryBudget budget) {
        return factory.apply(budget);
    }
}
