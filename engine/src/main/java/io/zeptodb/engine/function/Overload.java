package io.zeptodb.engine.function;

import java.util.List;

/**
 * One way to call a function, as lists of functions show it. Types are as {@code ColumnType} spells them, DECIMAL without its digits, and {@link #ANY} where every
 * type is taken.
 *
 * @param function the registry's name
 * @param names of the parameters, as the documentation has them
 * @param types of the parameters, as many
 * @param result the type of the result; ANY is that of the parameter of any type
 */
public record Overload(String function, List<String> names, List<String> types, String result) {
    /** A parameter that takes every type but nested ones. */
    public static final String ANY = "ANY";

    public Overload {
        names = List.copyOf(names);
        types = List.copyOf(types);
    }

    /** Tells it from the other ways to call functions: {@code vwap(DOUBLE, BIGINT)}. */
    public String specificName() {
        return function + "(" + String.join(", ", types) + ")";
    }
}
