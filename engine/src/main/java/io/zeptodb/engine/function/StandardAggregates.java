package io.zeptodb.engine.function;

import java.util.List;

/** The aggregate functions that every database has. */
public final class StandardAggregates {
    private StandardAggregates() {}

    public static List<FunctionDefinition> definitions() {
        return List.of();
    }
}
