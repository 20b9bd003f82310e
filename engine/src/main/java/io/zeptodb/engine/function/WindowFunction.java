package io.zeptodb.engine.function;

import io.zeptodb.engine.api.ColumnType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A window function for given argument types: its types and what its last argument must be. How it is computed is said where plans are made.
 *
 * @param name the name in the registry, lower case
 * @param parameters type of each argument
 * @param result type of the result
 * @param constant what the last argument is, when it must be the same for all rows; null when any value will do
 */
public record WindowFunction(
        String name,
        List<ColumnType> parameters,
        ColumnType result,
        @Nullable Constant constant) {
    public WindowFunction {
        parameters = List.copyOf(parameters);
    }

    /** An argument that is the same for all rows, and the values it may have. */
    public enum Constant {
        /** A number of rows, greater than 0. */
        ROWS("the number of rows", "greater than 0"),
        /** The weight of the newest value, greater than 0 and at most 1. */
        WEIGHT("the weight", "greater than 0 and at most 1"),
        /** A length of time, greater than 0. */
        DURATION("the half-life", "greater than 0");

        private final String noun;
        private final String range;

        Constant(String noun, String range) {
            this.noun = noun;
            this.range = range;
        }

        /** As an error says it: "the number of rows". */
        public String noun() {
            return noun;
        }

        /** Whether a value, given as a double, is allowed. */
        public boolean allows(double value) {
            return value > 0 && (this != WEIGHT || value <= 1);
        }

        /** The text of the error for a value that is not allowed, without its place. */
        public String refusal(String function, @Nullable Object value) {
            return noun + " of " + function + " must be " + range + ", is " + (value == null ? "NULL" : value);
        }
    }
}
