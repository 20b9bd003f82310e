package io.zeptodb.engine.function;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Every function by name. Immutable and thread-safe; names are compared without case. */
public final class FunctionRegistry {
    private final Map<String, FunctionDefinition> byName = new HashMap<>();
    private final Map<String, FunctionDefinition> definitions = new TreeMap<>();

    /** @throws IllegalArgumentException when a name is registered twice */
    public FunctionRegistry(Collection<FunctionDefinition> functions) {
        for (FunctionDefinition function : functions) {
            register(function.name(), function);
            function.aliases().forEach(alias -> register(alias, function));
            definitions.put(function.name(), function);
        }
    }

    private void register(String name, FunctionDefinition function) {
        if (byName.put(name, function) != null) {
            throw new IllegalArgumentException("function '" + name + "' is registered twice");
        }
    }

    /** The functions that every database has. Made on first use, shared by all. */
    public static FunctionRegistry standard() {
        return Standard.REGISTRY;
    }

    /** In the order of their names. */
    public Collection<FunctionDefinition> all() {
        return Collections.unmodifiableCollection(definitions.values());
    }

    /** By name or alias. */
    public Optional<FunctionDefinition> find(String name) {
        return Optional.ofNullable(byName.get(name.toLowerCase(Locale.ROOT)));
    }

    /** @throws EngineException UNDEFINED_FUNCTION naming what the function takes */
    public ScalarFunction scalar(String name, List<ColumnType> arguments) {
        FunctionDefinition definition = find(name).orElse(null);
        ScalarFunction function = definition == null || definition.scalar() == null
                ? null
                : definition.scalar().resolve(arguments);
        if (function == null) {
            throw undefined(name, arguments);
        }
        return function;
    }

    /** @throws EngineException UNDEFINED_FUNCTION naming what the function takes */
    public AggregateFunction aggregate(String name, List<ColumnType> arguments) {
        FunctionDefinition definition = find(name).orElse(null);
        AggregateFunction function = definition == null || definition.aggregate() == null
                ? null
                : definition.aggregate().resolve(arguments);
        if (function == null) {
            throw undefined(name, arguments);
        }
        return function;
    }

    /** @throws EngineException UNDEFINED_FUNCTION naming what the function takes */
    public WindowFunction window(String name, List<ColumnType> arguments) {
        FunctionDefinition definition = find(name).orElse(null);
        WindowFunction function = definition == null || definition.window() == null
                ? null
                : definition.window().resolve(arguments);
        if (function == null) {
            throw undefined(name, arguments);
        }
        return function;
    }

    private EngineException undefined(String name, List<ColumnType> arguments) {
        String types = arguments.stream().map(ColumnType::toString).collect(Collectors.joining(", "));
        String known =
                find(name).map(definition -> "; " + definition.expected()).orElse("");
        return new EngineException(
                ErrorCode.UNDEFINED_FUNCTION, "function " + name + "(" + types + ") does not exist" + known);
    }

    /** Keeps the standard registry out of the way of those who make their own. */
    private static final class Standard {
        static final FunctionRegistry REGISTRY = make();

        private static FunctionRegistry make() {
            List<FunctionDefinition> functions = new ArrayList<>(StandardFunctions.definitions());
            functions.addAll(StandardAggregates.definitions());
            functions.addAll(StandardWindows.definitions());
            return new FunctionRegistry(functions);
        }
    }
}
