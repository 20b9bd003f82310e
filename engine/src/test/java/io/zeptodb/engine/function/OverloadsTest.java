package io.zeptodb.engine.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What lists of functions say of parameters, read off their signatures and their resolvers. */
final class OverloadsTest {
    private static final FunctionRegistry REGISTRY = FunctionRegistry.standard();

    @Test
    void optionalParametersComeOneByOne() {
        assertThat(Overloads.parameterLists("time_bucket(width, ts [, origin] [, zone])"))
                .containsExactly(
                        List.of("width", "ts"),
                        List.of("width", "ts", "origin"),
                        List.of("width", "ts", "origin", "zone"));
        assertThat(Overloads.parameterLists("first(x [, ts [, sequence]])"))
                .containsExactly(List.of("x"), List.of("x", "ts"), List.of("x", "ts", "sequence"));
        assertThat(Overloads.parameterLists("log([base,] x)")).containsExactly(List.of("x"), List.of("base", "x"));
        assertThat(Overloads.parameterLists("overlay(text PLACING part FROM start [FOR length])"))
                .containsExactly(List.of("text", "part", "start"), List.of("text", "part", "start", "length"));
        assertThat(Overloads.parameterLists("a || b")).containsExactly(List.of("a", "b"));
        assertThat(Overloads.parameterLists("-a")).containsExactly(List.of("a"));
        assertThat(Overloads.parameterLists("current_date")).containsExactly(List.of());
        assertThat(Overloads.parameterLists("count(*), count(x)")).containsExactly(List.of(), List.of("x"));
        assertThat(Overloads.parameterLists("array[n]")).containsExactly(List.of("array", "n"));
        assertThat(Overloads.parameterLists("a * b")).containsExactly(List.of("a", "b"));
        assertThat(Overloads.parameterLists("greatest(a, b, …)")).containsExactly(List.of("a", "b"));
    }

    @Test
    void whatTakesEveryTypeIsOne() {
        assertThat(overloads("count")).containsExactly("count() BIGINT", "count(ANY) BIGINT");
        assertThat(overloads("any_value")).containsExactly("any_value(ANY) ANY");
        assertThat(overloads("lag"))
                .containsExactly("lag(ANY) ANY", "lag(ANY, BIGINT) ANY", "lag(ANY, BIGINT, ANY) ANY");
    }

    @Test
    void castsAreNoWayOfTheirOwn() {
        assertThat(overloads("haversine")).containsExactly("haversine(DOUBLE, DOUBLE, DOUBLE, DOUBLE) DOUBLE");
        assertThat(overloads("negate"))
                .containsExactly(
                        "negate(BIGINT) BIGINT",
                        "negate(DECIMAL) DECIMAL",
                        "negate(DOUBLE) DOUBLE",
                        "negate(INTERVAL DAY TO SECOND) INTERVAL DAY TO SECOND");
    }

    private static List<String> overloads(String name) {
        return Overloads.of(REGISTRY.find(name).orElseThrow()).stream()
                .map(overload -> overload.specificName() + " " + overload.result())
                .toList();
    }
}
