package io.zeptodb.engine.function;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.function.aggregate.ArgExtreme;
import io.zeptodb.engine.function.aggregate.BitAggregator;
import io.zeptodb.engine.function.aggregate.BooleanAggregator;
import io.zeptodb.engine.function.aggregate.CellExtreme;
import io.zeptodb.engine.function.aggregate.CountAggregator;
import io.zeptodb.engine.function.aggregate.DecimalSum;
import io.zeptodb.engine.function.aggregate.DoubleExtreme;
import io.zeptodb.engine.function.aggregate.DoubleSum;
import io.zeptodb.engine.function.aggregate.IntegerSum;
import io.zeptodb.engine.function.aggregate.LongExtreme;
import io.zeptodb.engine.function.aggregate.ModeAggregator;
import io.zeptodb.engine.function.aggregate.PickAggregator;
import io.zeptodb.engine.function.aggregate.ProductAggregator;
import io.zeptodb.engine.function.aggregate.SingleValue;
import io.zeptodb.engine.function.aggregate.TextJoin;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The aggregate functions that every database has; {@link StatisticalAggregates} and {@link TickAggregates} and {@link NestedAggregates} are a part of them. */
public final class StandardAggregates {
    static final String SECTION = "Aggregates";
    private static final String TICKS = "Aggregates for ticks";
    private static final String ABC = " FROM (VALUES (1, 'a'), (2, 'b'), (3, 'c')) AS t(i, s)";
    private static final String FLAGS = " FROM (VALUES (true), (false), (true)) AS t(x)";

    private StandardAggregates() {}

    public static List<FunctionDefinition> definitions() {
        List<FunctionDefinition> all = new ArrayList<>();
        addSums(all);
        addExtremes(all);
        addPicks(all);
        addLogic(all);
        StatisticalAggregates.addTo(all);
        TickAggregates.addTo(all);
        NestedAggregates.addTo(all);
        return all;
    }

    static FunctionDefinition define(
            List<String> names,
            String section,
            String signature,
            String documentation,
            String example,
            String exampleResult,
            FunctionDefinition.AggregateResolver resolver) {
        return new FunctionDefinition(
                names.get(0),
                names.subList(1, names.size()),
                section,
                signature,
                documentation,
                example,
                exampleResult,
                null,
                resolver,
                null);
    }

    static AggregateFunction function(
            String name, List<ColumnType> parameters, ColumnType result, Function<MemoryBudget, Aggregator> factory) {
        return new AggregateFunction(name, parameters, result, factory);
    }

    /** The type an untyped NULL is taken for when any type would do. */
    static ColumnType concrete(ColumnType type) {
        return type.kind() == TypeKind.NULL ? ColumnType.VARCHAR : type;
    }

    static boolean isNumber(ColumnType type) {
        return type.kind().isNumeric() || type.kind() == TypeKind.NULL;
    }

    private static boolean isWhole(ColumnType type) {
        return type.kind().isInteger();
    }

    private static void addSums(List<FunctionDefinition> all) {
        all.add(define(
                List.of("count"),
                SECTION,
                "count(*), count(x)",
                "The number of rows, or of rows whose x is not NULL. 0 without rows.",
                "SELECT count(*), count(x) FROM (VALUES (1), (NULL), (3)) AS t(x)",
                "3 2",
                StandardAggregates::count));
        all.add(define(
                List.of("sum"),
                SECTION,
                "sum(x)",
                "The sum. Integers are summed in 128 bits and give BIGINT, an error when it does not fit; DECIMAL gives DECIMAL(38, s);"
                        + " REAL and DOUBLE give DOUBLE, compensated for what rounding loses. NULL without rows.",
                "SELECT sum(i)" + ABC,
                "6",
                arguments -> arguments.size() == 1 ? sum(arguments.get(0)) : null));
        all.add(define(
                List.of("avg", "mean"),
                SECTION,
                "avg(x)",
                "The average: exact sum over count, DOUBLE; of DECIMAL a DECIMAL with up to six more digits behind the point. NULL"
                        + " without rows.",
                "SELECT avg(i) FROM (VALUES (1), (2)) AS t(i)",
                "1.5",
                arguments -> arguments.size() == 1 ? average(arguments.get(0)) : null));
        all.add(define(
                List.of("product"),
                SECTION,
                "product(x)",
                "The product as DOUBLE. NULL without rows.",
                "SELECT product(x) FROM (VALUES (1.5e0), (3e0)) AS t(x)",
                "4.5",
                arguments -> arguments.size() == 1 && isNumber(arguments.get(0))
                        ? function("product", List.of(ColumnType.DOUBLE), ColumnType.DOUBLE, ProductAggregator::new)
                        : null));
    }

    private static @Nullable AggregateFunction count(List<ColumnType> arguments) {
        if (arguments.size() > 1) {
            return null;
        }
        List<ColumnType> parameters =
                arguments.stream().map(StandardAggregates::concrete).toList();
        return function(
                "count", parameters, ColumnType.BIGINT, budget -> new CountAggregator(budget, parameters.size()));
    }

    private static @Nullable AggregateFunction sum(ColumnType type) {
        return switch (type.kind()) {
            case TINYINT, SMALLINT, INTEGER ->
                function(
                        "sum",
                        List.of(ColumnType.INTEGER),
                        ColumnType.BIGINT,
                        budget -> new IntegerSum(budget, ColumnType.INTEGER, false));
            case BIGINT, NULL ->
                function(
                        "sum",
                        List.of(ColumnType.BIGINT),
                        ColumnType.BIGINT,
                        budget -> new IntegerSum(budget, ColumnType.BIGINT, false));
            case REAL, DOUBLE ->
                function("sum", List.of(ColumnType.DOUBLE), ColumnType.DOUBLE, budget -> new DoubleSum(budget, false));
            case DECIMAL -> {
                ColumnType result = ColumnType.decimal(ColumnType.MAX_DECIMAL_PRECISION, type.scale());
                yield function("sum", List.of(type), result, budget -> new DecimalSum(budget, type, result, false));
            }
            default -> null;
        };
    }

    private static @Nullable AggregateFunction average(ColumnType type) {
        return switch (type.kind()) {
            case TINYINT, SMALLINT, INTEGER ->
                function(
                        "avg",
                        List.of(ColumnType.INTEGER),
                        ColumnType.DOUBLE,
                        budget -> new IntegerSum(budget, ColumnType.INTEGER, true));
            case BIGINT ->
                function(
                        "avg",
                        List.of(ColumnType.BIGINT),
                        ColumnType.DOUBLE,
                        budget -> new IntegerSum(budget, ColumnType.BIGINT, true));
            case REAL, DOUBLE, NULL ->
                function("avg", List.of(ColumnType.DOUBLE), ColumnType.DOUBLE, budget -> new DoubleSum(budget, true));
            case DECIMAL -> {
                ColumnType result = DecimalRules.average(type);
                yield function("avg", List.of(type), result, budget -> new DecimalSum(budget, type, result, true));
            }
            default -> null;
        };
    }

    private static void addExtremes(List<FunctionDefinition> all) {
        all.add(define(
                List.of("min"),
                SECTION,
                "min(x)",
                "The least value of any type; NaN is greater than every number, text goes by code point. NULL without rows.",
                "SELECT min(s)" + ABC,
                "a",
                arguments -> arguments.size() == 1 ? extreme("min", arguments.get(0), false) : null));
        all.add(define(
                List.of("max"),
                SECTION,
                "max(x)",
                "The greatest value of any type; NaN is greater than every number, text goes by code point. NULL without rows.",
                "SELECT max(i)" + ABC,
                "3",
                arguments -> arguments.size() == 1 ? extreme("max", arguments.get(0), true) : null));
        all.add(define(
                List.of("arg_min", "min_by"),
                TICKS,
                "arg_min(x, y [, sequence])",
                "x, maybe NULL, of the row with the least y; among equal ones of the least sequence, else of the first to come. Rows"
                        + " whose y is NULL do not count.",
                "SELECT arg_min(s, i)" + ABC,
                "a",
                arguments -> argExtreme("arg_min", arguments, false)));
        all.add(define(
                List.of("arg_max", "max_by"),
                TICKS,
                "arg_max(x, y [, sequence])",
                "x, maybe NULL, of the row with the greatest y; among equal ones of the least sequence, else of the first to come. Rows"
                        + " whose y is NULL do not count.",
                "SELECT arg_max(s, i)" + ABC,
                "c",
                arguments -> argExtreme("arg_max", arguments, true)));
    }

    private static @Nullable AggregateFunction extreme(String name, ColumnType given, boolean greatest) {
        ColumnType type = concrete(given);
        return switch (type.kind()) {
            case REAL, DOUBLE ->
                function(name, List.of(type), type, budget -> new DoubleExtreme(budget, type, greatest));
            case ARRAY, ROW -> null;
            case DECIMAL, VARCHAR, SYMBOL, VARBINARY ->
                function(name, List.of(type), type, budget -> new CellExtreme(budget, type, greatest));
            default -> function(name, List.of(type), type, budget -> new LongExtreme(budget, type, greatest));
        };
    }

    private static @Nullable AggregateFunction argExtreme(String name, List<ColumnType> arguments, boolean greatest) {
        if (arguments.size() < 2 || arguments.size() > 3) {
            return null;
        }
        ColumnType value = concrete(arguments.get(0));
        ColumnType key = concrete(arguments.get(1));
        boolean hasSequence = arguments.size() == 3;
        if (key.kind().isNested() || (hasSequence && !isWhole(arguments.get(2)))) {
            return null;
        }
        List<ColumnType> parameters = hasSequence ? List.of(value, key, ColumnType.BIGINT) : List.of(value, key);
        if (!StatisticalAggregates.comparesAsLong(key)) {
            return function(
                    name, parameters, value, budget -> new ArgExtreme(budget, value, key, greatest, hasSequence));
        }
        PickAggregator.Choice choice = greatest ? PickAggregator.Choice.GREATEST : PickAggregator.Choice.FIRST;
        return function(
                name,
                parameters,
                value,
                budget -> new PickAggregator(budget, value, parameters.size() - 1, choice, false));
    }

    private static void addPicks(List<FunctionDefinition> all) {
        String rule =
                " by time, ties by sequence (the order of ingest), else by order of arrival; rows whose time is NULL do not count.";
        all.add(define(
                List.of("first"),
                TICKS,
                "first(x [, ts [, sequence]])",
                "x of the first row, maybe NULL," + rule,
                "SELECT first(s, i)" + ABC,
                "a",
                arguments -> pick("first", arguments, PickAggregator.Choice.FIRST, false)));
        all.add(define(
                List.of("last"),
                TICKS,
                "last(x [, ts [, sequence]])",
                "x of the last row, maybe NULL," + rule,
                "SELECT last(s, i)" + ABC,
                "c",
                arguments -> pick("last", arguments, PickAggregator.Choice.LAST, false)));
        all.add(define(
                List.of("first_not_null"),
                TICKS,
                "first_not_null(x [, ts [, sequence]])",
                "The first x that is not NULL" + rule,
                "SELECT first_not_null(x, i) FROM (VALUES (1, NULL), (2, 5)) AS t(i, x)",
                "5",
                arguments -> pick("first_not_null", arguments, PickAggregator.Choice.FIRST, true)));
        all.add(define(
                List.of("last_not_null"),
                TICKS,
                "last_not_null(x [, ts [, sequence]])",
                "The last x that is not NULL" + rule,
                "SELECT last_not_null(x, i) FROM (VALUES (1, 5), (2, NULL)) AS t(i, x)",
                "5",
                arguments -> pick("last_not_null", arguments, PickAggregator.Choice.LAST, true)));
        all.add(define(
                List.of("any_value"),
                SECTION,
                "any_value(x)",
                "Some x that is not NULL; NULL without one.",
                "SELECT any_value(x) FROM (VALUES (7), (7)) AS t(x)",
                "7",
                arguments ->
                        arguments.size() == 1 ? pick("any_value", arguments, PickAggregator.Choice.ANY, true) : null));
        all.add(define(
                List.of("single_value"),
                SECTION,
                "single_value(x)",
                "x of the only row, an error when there are more; NULL without rows. What a scalar subquery does.",
                "SELECT single_value(x) FROM (VALUES (7)) AS t(x)",
                "7",
                arguments -> arguments.size() == 1 ? singleValue(concrete(arguments.get(0))) : null));
    }

    private static AggregateFunction singleValue(ColumnType type) {
        return function("single_value", List.of(type), type, budget -> new SingleValue(budget, type));
    }

    private static @Nullable AggregateFunction pick(
            String name, List<ColumnType> arguments, PickAggregator.Choice choice, boolean skipNulls) {
        int count = arguments.size();
        if (count < 1
                || count > 3
                || (count > 1 && !StatisticalAggregates.comparesAsLong(arguments.get(1)))
                || (count > 2 && !isWhole(arguments.get(2)))) {
            return null;
        }
        List<ColumnType> parameters = new ArrayList<>(arguments);
        ColumnType value = concrete(arguments.get(0));
        parameters.set(0, value);
        if (count > 2) {
            parameters.set(2, ColumnType.BIGINT);
        }
        return function(
                name, parameters, value, budget -> new PickAggregator(budget, value, count - 1, choice, skipNulls));
    }

    private static void addLogic(List<FunctionDefinition> all) {
        all.add(logic(
                List.of("bool_and", "every"),
                "bool_and(x)",
                "True when no x is false. NULL without rows.",
                "SELECT bool_and(x)" + FLAGS,
                "false",
                BooleanAggregator.Result.AND));
        all.add(logic(
                List.of("bool_or"),
                "bool_or(x)",
                "True when an x is true. NULL without rows.",
                "SELECT bool_or(x)" + FLAGS,
                "true",
                BooleanAggregator.Result.OR));
        all.add(logic(
                List.of("count_if", "countif"),
                "count_if(x)",
                "The number of rows whose x is true. 0 without rows.",
                "SELECT count_if(x)" + FLAGS,
                "2",
                BooleanAggregator.Result.COUNT));
        all.add(bits("bit_and", "and", "0", BitAggregator.Operation.AND));
        all.add(bits("bit_or", "or", "3", BitAggregator.Operation.OR));
        all.add(bits("bit_xor", "exclusive or", "0", BitAggregator.Operation.XOR));
        all.add(define(
                List.of("string_agg", "listagg", "group_concat"),
                SECTION,
                "string_agg(text, separator)",
                "The texts that are not NULL, one behind the other in the order they come, with the separator between them. NULL without one.",
                "SELECT string_agg(s, '-')" + ABC,
                "a-b-c",
                StandardAggregates::textJoin));
        all.add(define(
                List.of("mode"),
                SECTION,
                "mode(x)",
                "The most frequent value, the least of several: of numbers, texts, dates, times. NULL without rows.",
                "SELECT mode(x) FROM (VALUES (1), (2), (2)) AS t(x)",
                "2",
                arguments -> {
                    if (arguments.size() != 1) {
                        return null;
                    }
                    ColumnType given = arguments.get(0);
                    boolean kept = given.kind() == TypeKind.VARCHAR || given.kind() == TypeKind.DECIMAL;
                    ColumnType type = kept ? given : StatisticalAggregates.asOrdered(given);
                    return type == null
                            ? null
                            : function("mode", List.of(type), type, budget -> new ModeAggregator(budget, type));
                }));
    }

    private static @Nullable AggregateFunction textJoin(List<ColumnType> arguments) {
        for (ColumnType type : arguments) {
            if (!type.kind().isText() && type.kind() != TypeKind.NULL) {
                return null;
            }
        }
        return arguments.size() != 2
                ? null
                : function(
                        "string_agg",
                        List.of(ColumnType.VARCHAR, ColumnType.VARCHAR),
                        ColumnType.VARCHAR,
                        TextJoin::new);
    }

    private static FunctionDefinition logic(
            List<String> names,
            String signature,
            String documentation,
            String example,
            String exampleResult,
            BooleanAggregator.Result kind) {
        ColumnType result = kind == BooleanAggregator.Result.COUNT ? ColumnType.BIGINT : ColumnType.BOOLEAN;
        return define(
                names,
                SECTION,
                signature,
                documentation,
                example,
                exampleResult,
                arguments -> arguments.size() == 1
                                && (arguments.get(0).kind() == TypeKind.BOOLEAN
                                        || arguments.get(0).kind() == TypeKind.NULL)
                        ? function(
                                names.get(0),
                                List.of(ColumnType.BOOLEAN),
                                result,
                                budget -> new BooleanAggregator(budget, kind))
                        : null);
    }

    private static FunctionDefinition bits(
            String name, String operation, String exampleResult, BitAggregator.Operation kind) {
        return define(
                List.of(name),
                SECTION,
                name + "(x)",
                "Bitwise " + operation + " of integers. NULL without rows.",
                "SELECT " + name + "(i)" + ABC,
                exampleResult,
                arguments -> {
                    if (arguments.size() != 1 || !isWhole(arguments.get(0))) {
                        return null;
                    }
                    ColumnType type = arguments.get(0);
                    return function(name, List.of(type), type, budget -> new BitAggregator(budget, kind));
                });
    }
}
