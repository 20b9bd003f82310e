package io.zeptodb.engine.function;

import io.zeptodb.engine.api.ColumnType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function as users know it: every overload of one name.
 *
 * @param name lower case; operators by their sign
 * @param aliases other names, lower case
 * @param section where docs/sql.md shows it: "Time", "Text", "Numbers", "Aggregates" …
 * @param signature as the documentation shows it, e.g. {@code xbar(ts, width)}
 * @param documentation what it does, NULL rule and errors included; one or two sentences
 * @param example a query that runs on an empty database
 * @param exampleResult its answer as text, columns separated by a blank, rows by "; "
 * @param scalar resolves argument types to a function, or gives null when they do not fit; null unless it is a scalar function
 * @param aggregate resolves argument types to an aggregate, or gives null when they do not fit; null unless it is one
 * @param window resolves argument types to a window function, or gives null when they do not fit; null unless it is one
 */
public record FunctionDefinition(
        String name,
        List<String> aliases,
        String section,
        String signature,
        String documentation,
        String example,
        String exampleResult,
        @Nullable ScalarResolver scalar,
        @Nullable AggregateResolver aggregate,
        @Nullable WindowResolver window) {
    public FunctionDefinition {
        aliases = List.copyOf(aliases);
        int kinds = (scalar == null ? 0 : 1) + (aggregate == null ? 0 : 1) + (window == null ? 0 : 1);
        if (kinds != 1) {
            throw new IllegalArgumentException(
                    "function '" + name + "' must be a scalar, an aggregate or a window function");
        }
    }

    /**
     * What it takes, for errors: {@code it takes vwap(price, volume); expected vwap(price NUMERIC, volume NUMERIC)}, the latter with the kinds of
     * values of each parameter where they can be told.
     */
    public String expected() {
        String typed = Signatures.expected(this);
        return "it takes " + signature + (typed.equals(signature) ? "" : "; expected " + typed);
    }

    public boolean isAggregate() {
        return aggregate != null;
    }

    /** Whether it is called with OVER only. */
    public boolean isWindow() {
        return window != null;
    }

    /**
     * Finds the overload for argument types. It is generous: what a safe implicit cast makes fit (integers to DOUBLE, SYMBOL to VARCHAR, NULL to
     * anything, VARCHAR literal to TIMESTAMP where the name leaves no doubt) fits; the returned function says the types to cast to.
     */
    @FunctionalInterface
    public interface ScalarResolver {
        @Nullable
        ScalarFunction resolve(List<ColumnType> arguments);
    }

    /** Finds the overload for argument types, as {@link ScalarResolver}. */
    @FunctionalInterface
    public interface AggregateResolver {
        @Nullable
        AggregateFunction resolve(List<ColumnType> arguments);
    }

    /** Finds the overload for argument types, as {@link ScalarResolver}. */
    @FunctionalInterface
    public interface WindowResolver {
        @Nullable
        WindowFunction resolve(List<ColumnType> arguments);
    }
}
