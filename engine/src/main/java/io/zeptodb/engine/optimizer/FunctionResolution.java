package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.function.AggregateFunction;
import io.zeptodb.engine.function.FunctionRegistry;
import io.zeptodb.engine.function.ScalarFunction;
import io.zeptodb.engine.function.WindowFunction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The overloads that one statement uses, each resolved once: equal calls are then equal expressions, and are computed once.
 */
final class FunctionResolution {
    private final FunctionRegistry registry;
    private final Map<Key, ScalarFunction> scalars = new HashMap<>();
    private final Map<Key, AggregateFunction> aggregates = new HashMap<>();

    FunctionResolution(FunctionRegistry registry) {
        this.registry = registry;
    }

    ScalarFunction scalar(String name, List<ColumnType> arguments) {
        return scalars.computeIfAbsent(new Key(name, arguments), key -> registry.scalar(name, arguments));
    }

    AggregateFunction aggregate(String name, List<ColumnType> arguments) {
        return aggregates.computeIfAbsent(new Key(name, arguments), key -> registry.aggregate(name, arguments));
    }

    WindowFunction window(String name, List<ColumnType> arguments) {
        return registry.window(name, arguments);
    }

    private record Key(String name, List<ColumnType> arguments) {}
}
