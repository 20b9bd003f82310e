package io.zeptodb.engine.function;

import io.zeptodb.engine.api.ColumnType;
import java.util.List;

/**
 * A scalar function for given argument types: what a plan holds. Arguments are cast to {@code parameters} before the call.
 *
 * @param name the name in the registry, lower case; operators by their sign ("+", "||")
 * @param parameters type of each argument
 * @param result type of the result
 * @param nullRule what NULL arguments give
 * @param mayFail some argument values are an error: it is called for selected rows only and never folded away
 * @param deterministic equal arguments give equal results within a query; such calls on constants are folded
 * @param kernel the loop
 */
public record ScalarFunction(
        String name,
        List<ColumnType> parameters,
        ColumnType result,
        NullRule nullRule,
        boolean mayFail,
        boolean deterministic,
        ScalarKernel kernel) {
    public ScalarFunction {
        parameters = List.copyOf(parameters);
    }
}
