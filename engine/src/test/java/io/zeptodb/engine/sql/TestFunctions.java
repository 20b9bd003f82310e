package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.function.AggregateFunction;
import io.zeptodb.engine.function.FunctionDefinition;
import io.zeptodb.engine.function.FunctionDefinition.AggregateResolver;
import io.zeptodb.engine.function.FunctionDefinition.ScalarResolver;
import io.zeptodb.engine.function.FunctionRegistry;
import io.zeptodb.engine.function.NullRule;
import io.zeptodb.engine.function.ScalarFunction;
import java.util.ArrayList;
import java.util.List;

/** A small registry with types and no kernels: what a front end needs. */
final class TestFunctions {
    private static final ScalarResolver ARITHMETIC = arguments -> {
        if (arguments.size() != 2) {
            return null;
        }
        ColumnType a = arguments.get(0);
        ColumnType b = arguments.get(1);
        if (a.kind() == TypeKind.NULL) {
            a = b;
        }
        if (b.kind() == TypeKind.NULL) {
            b = a;
        }
        if (a.kind() == TypeKind.TIMESTAMP && b.kind() == TypeKind.TIMESTAMP) {
            return function("-", List.of(a, b), ColumnType.BIGINT);
        }
        boolean offset = b.kind() == TypeKind.INTERVAL_DAY
                || b.kind() == TypeKind.INTERVAL_MONTH
                || b.kind().isInteger();
        if (a.kind() == TypeKind.TIMESTAMP && offset) {
            return function("+", List.of(a, b), a);
        }
        if (a.kind() == TypeKind.INTERVAL_DAY && b.kind().isNumeric()) {
            return function("*", List.of(a, ColumnType.DOUBLE), a);
        }
        if (!a.kind().isNumeric() || !b.kind().isNumeric()) {
            return null;
        }
        if (a.kind().isFloat() || b.kind().isFloat()) {
            return function("+", List.of(ColumnType.DOUBLE, ColumnType.DOUBLE), ColumnType.DOUBLE);
        }
        if (a.kind() == TypeKind.DECIMAL || b.kind() == TypeKind.DECIMAL) {
            ColumnType decimal = ColumnType.decimal(38, Math.max(a.scale(), b.scale()));
            return function("+", List.of(decimal, decimal), decimal);
        }
        ColumnType wider = a.width() >= b.width() ? a : b;
        return function("+", List.of(wider, wider), wider);
    };

    private TestFunctions() {}

    static FunctionRegistry registry() {
        List<FunctionDefinition> definitions = new ArrayList<>();
        for (String sign : List.of("+", "-", "*", "/", "%")) {
            definitions.add(scalar(sign, ARITHMETIC));
        }
        definitions.add(scalar("||", fixed("||", ColumnType.VARCHAR, ColumnType.VARCHAR, ColumnType.VARCHAR)));
        definitions.add(scalar("now", fixed("now", ColumnType.TIMESTAMP_NS)));
        definitions.add(scalar(
                "date_part", fixed("date_part", ColumnType.BIGINT, ColumnType.VARCHAR, ColumnType.TIMESTAMP_NS)));
        definitions.add(scalar(
                "date_trunc",
                fixed("date_trunc", ColumnType.TIMESTAMP_NS, ColumnType.VARCHAR, ColumnType.TIMESTAMP_NS)));
        definitions.add(scalar("floor", fixed("floor", ColumnType.DOUBLE, ColumnType.DOUBLE)));
        definitions.add(scalar("lower", fixed("lower", ColumnType.VARCHAR, ColumnType.VARCHAR)));
        definitions.add(scalar(
                "substring",
                fixed("substring", ColumnType.VARCHAR, ColumnType.VARCHAR, ColumnType.BIGINT, ColumnType.BIGINT)));
        definitions.add(scalar("trim", fixed("trim", ColumnType.VARCHAR, ColumnType.VARCHAR)));
        definitions.add(scalar(
                "xbar",
                arguments -> arguments.size() == 2 && arguments.get(0).kind() == TypeKind.TIMESTAMP
                        ? function(
                                "xbar",
                                List.of(
                                        arguments.get(0),
                                        arguments.get(1).kind() == TypeKind.NULL
                                                ? ColumnType.INTERVAL_DAY
                                                : arguments.get(1)),
                                ColumnType.TIMESTAMP_NS)
                        : null));
        definitions.add(aggregate(
                "sum",
                arguments -> arguments.size() == 1 && arguments.get(0).kind().isNumeric()
                        ? new AggregateFunction(
                                "sum",
                                arguments,
                                arguments.get(0).kind().isInteger()
                                        ? ColumnType.BIGINT
                                        : arguments.get(0).kind() == TypeKind.DECIMAL
                                                ? ColumnType.decimal(
                                                        38, arguments.get(0).scale())
                                                : ColumnType.DOUBLE,
                                budget -> {
                                    throw new IllegalStateException();
                                })
                        : null));
        for (String name : List.of("first", "last")) {
            definitions.add(aggregate(
                    name,
                    arguments -> arguments.isEmpty()
                            ? null
                            : new AggregateFunction(name, arguments, arguments.get(0), budget -> {
                                throw new IllegalStateException();
                            })));
        }
        for (String name : List.of("vwap", "percentile_cont", "avg", "corr")) {
            definitions.add(aggregate(
                    name,
                    arguments -> !arguments.isEmpty()
                                    && arguments.stream()
                                            .allMatch(type -> type.kind().isNumeric())
                            ? new AggregateFunction(name, arguments, ColumnType.DOUBLE, budget -> {
                                throw new IllegalStateException();
                            })
                            : null));
        }
        return new FunctionRegistry(definitions);
    }

    private static ScalarResolver fixed(String name, ColumnType result, ColumnType... parameters) {
        return arguments -> {
            if (arguments.size() != parameters.length) {
                return null;
            }
            for (int i = 0; i < parameters.length; i++) {
                TypeKind given = arguments.get(i).kind();
                TypeKind wanted = parameters[i].kind();
                boolean fits = given == wanted
                        || given == TypeKind.NULL
                        || (given.isNumeric() && wanted.isNumeric())
                        || (given.isText() && wanted.isText());
                if (!fits) {
                    return null;
                }
            }
            return function(name, List.of(parameters), result);
        };
    }

    private static ScalarFunction function(String name, List<ColumnType> parameters, ColumnType result) {
        return new ScalarFunction(
                name, parameters, result, NullRule.STRICT, true, !name.equals("random"), (a, b, c, d, e) -> {
                    throw new IllegalStateException("never called");
                });
    }

    private static FunctionDefinition scalar(String name, ScalarResolver resolver) {
        return new FunctionDefinition(
                name, List.of(), "Test", name + "(…)", "Test.", "SELECT 1", "1", resolver, null, null);
    }

    private static FunctionDefinition aggregate(String name, AggregateResolver resolver) {
        return new FunctionDefinition(
                name, List.of(), "Test", name + "(…)", "Test.", "SELECT 1", "1", null, resolver, null);
    }
}
