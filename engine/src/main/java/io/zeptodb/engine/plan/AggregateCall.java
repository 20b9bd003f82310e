package io.zeptodb.engine.plan;

import io.zeptodb.engine.function.AggregateFunction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One aggregate of an aggregation.
 *
 * @param function the function, its parameters' types exact
 * @param arguments over the input of the aggregation
 * @param distinct each distinct list of arguments counts once in a group
 * @param filter FILTER (WHERE …), or null
 * @param name the name of the result column
 * @param place where it was written, or null when that is not known
 */
public record AggregateCall(
        AggregateFunction function,
        List<Expression> arguments,
        boolean distinct,
        @Nullable Expression filter,
        String name,
        @Nullable TextPlace place) {
    public AggregateCall(
            AggregateFunction function,
            List<Expression> arguments,
            boolean distinct,
            @Nullable Expression filter,
            String name) {
        this(function, arguments, distinct, filter, name, null);
    }
}
