package io.zeptodb.engine.function;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.function.FunctionDefinition.WindowResolver;
import io.zeptodb.engine.function.WindowFunction.Constant;
import io.zeptodb.engine.function.scalar.ArithmeticFunctions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The functions that are called with OVER: the standard's, and those for ticks. Aggregates are window functions too, and not here. */
final class StandardWindows {
    private static final String SECTION = "Window functions";
    private static final String TICKS = "Window functions for ticks";
    private static final String ROWS = " FROM (VALUES (1, 10), (2, 20), (3, 20), (4, 40)) AS t(i, x)";
    private static final String GAPS = " FROM (VALUES (1, 10), (2, NULL), (3, 20), (4, NULL)) AS t(i, x)";

    private final List<FunctionDefinition> definitions = new ArrayList<>();

    private StandardWindows() {}

    static List<FunctionDefinition> definitions() {
        StandardWindows windows = new StandardWindows();
        windows.addRanking();
        windows.addValues();
        windows.addNeighbours();
        windows.addMoving();
        windows.addAverages();
        windows.addSteps();
        return windows.definitions;
    }

    private void add(
            String section,
            String name,
            String signature,
            String documentation,
            String example,
            String result,
            WindowResolver resolver) {
        definitions.add(new FunctionDefinition(
                name, List.of(), section, signature, documentation, example, result, null, null, resolver));
    }

    private void ranking(String name, String documentation, String result, ColumnType type) {
        add(
                SECTION,
                name,
                name + "()",
                documentation,
                "SELECT " + name + "() OVER (ORDER BY x)" + ROWS,
                result,
                arguments -> arguments.isEmpty() ? new WindowFunction(name, List.of(), type, null) : null);
    }

    private void addRanking() {
        ranking("row_number", "The number of the row in its partition, from 1.", "1; 2; 3; 4", ColumnType.BIGINT);
        ranking(
                "rank",
                "One more than the rows that come before the row and its peers, which are the rows equal in ORDER BY.",
                "1; 2; 2; 4",
                ColumnType.BIGINT);
        ranking(
                "dense_rank",
                "The number of the row's group of peers in its partition, from 1.",
                "1; 2; 2; 3",
                ColumnType.BIGINT);
        ranking(
                "percent_rank",
                "(rank - 1) / (rows of the partition - 1); 0 for a single row.",
                "0; 0.333333333333; 0.333333333333; 1",
                ColumnType.DOUBLE);
        ranking(
                "cume_dist",
                "The part of the partition's rows that come before the row or are its peers, itself among them.",
                "0.25; 0.75; 0.75; 1",
                ColumnType.DOUBLE);
        add(
                SECTION,
                "ntile",
                "ntile(n)",
                "Deals the partition to n buckets of rows that follow each other, as equal as can be, the larger first: the bucket, from 1. NULL"
                        + " for NULL, n below 1 is an error (22023).",
                "SELECT ntile(3) OVER (ORDER BY i)" + ROWS,
                "1; 1; 2; 3",
                arguments -> arguments.size() == 1 && isWholeOrNull(arguments.get(0))
                        ? new WindowFunction("ntile", List.of(ColumnType.BIGINT), ColumnType.BIGINT, null)
                        : null);
    }

    private void neighbour(
            String section, String name, String signature, String documentation, String call, String result) {
        add(
                section,
                name,
                signature,
                documentation,
                "SELECT " + call + " OVER (ORDER BY i)" + ROWS,
                result,
                arguments -> {
                    int count = arguments.size();
                    int most = section.equals(TICKS) ? 2 : 3;
                    if (count < 1 || count > most || (count > 1 && !isWholeOrNull(arguments.get(1)))) {
                        return null;
                    }
                    List<ColumnType> parameters = new ArrayList<>(arguments);
                    ColumnType value = StandardAggregates.concrete(arguments.get(0));
                    parameters.set(0, value);
                    if (count > 1) {
                        parameters.set(1, ColumnType.BIGINT);
                    }
                    return new WindowFunction(name, parameters, value, null);
                });
    }

    private void ofFrame(String name, String signature, String documentation, String call, String result, int count) {
        add(
                SECTION,
                name,
                signature,
                documentation,
                "SELECT " + call + " OVER (ORDER BY i)" + ROWS,
                result,
                arguments -> {
                    if (arguments.size() != count || (count == 2 && !isWholeOrNull(arguments.get(1)))) {
                        return null;
                    }
                    ColumnType value = StandardAggregates.concrete(arguments.get(0));
                    List<ColumnType> parameters = count == 2 ? List.of(value, ColumnType.BIGINT) : List.of(value);
                    return new WindowFunction(name, parameters, value, null);
                });
    }

    private void addValues() {
        neighbour(
                SECTION,
                "lag",
                "lag(x [, n [, default]])",
                "x of the row n rows before, 1 unless said; the default, or NULL, where the partition has no such row. IGNORE NULLS counts only rows"
                        + " whose x is there.",
                "lag(x, 1, 0)",
                "0; 10; 20; 20");
        neighbour(
                SECTION,
                "lead",
                "lead(x [, n [, default]])",
                "As lag, of the row n rows behind.",
                "lead(x)",
                "20; 20; 40; NULL");
        ofFrame(
                "first_value",
                "first_value(x)",
                "x of the first row of the frame. Takes IGNORE NULLS.",
                "first_value(x)",
                "10; 10; 10; 10",
                1);
        ofFrame(
                "last_value",
                "last_value(x)",
                "x of the last row of the frame. Takes IGNORE NULLS.",
                "last_value(x)",
                "10; 20; 20; 40",
                1);
        ofFrame(
                "nth_value",
                "nth_value(x, n)",
                "x of the n-th row of the frame, NULL when it has fewer. Takes IGNORE NULLS; n below 1 is an error (22023).",
                "nth_value(x, 2)",
                "NULL; 20; 20; 20",
                2);
    }

    private void addNeighbours() {
        neighbour(
                TICKS,
                "prev",
                "prev(x [, n])",
                "x of the row before, or n rows before; NULL where there is none. As lag.",
                "prev(x)",
                "NULL; 10; 20; 20");
        neighbour(
                TICKS,
                "next",
                "next(x [, n])",
                "x of the row behind, or n rows behind; NULL where there is none. As lead.",
                "next(x)",
                "20; 20; 40; NULL");
        add(
                TICKS,
                "fills",
                "fills(x)",
                "The last x that is not NULL, of this row or one before; NULL until there is one.",
                "SELECT fills(x) OVER (ORDER BY i)" + GAPS,
                "10; 10; 20; 20",
                arguments -> {
                    if (arguments.size() != 1) {
                        return null;
                    }
                    ColumnType value = StandardAggregates.concrete(arguments.get(0));
                    return new WindowFunction("fills", List.of(value), value, null);
                });
    }

    private void moving(String name, String aggregate, String documentation, String result) {
        add(
                TICKS,
                name,
                name + "(x, n)",
                documentation + " NULLs do not count; NULL without a value. n is a constant greater than 0 (22023).",
                "SELECT " + name + "(x, 2) OVER (ORDER BY i)" + ROWS,
                result,
                arguments -> moving(name, aggregate, arguments));
    }

    private static @Nullable WindowFunction moving(String name, String aggregate, List<ColumnType> arguments) {
        if (arguments.size() != 2 || !isWholeOrNull(arguments.get(1))) {
            return null;
        }
        AggregateFunction function = Aggregates.resolve(aggregate, arguments.get(0));
        return function == null
                ? null
                : new WindowFunction(
                        name,
                        List.of(function.parameters().get(0), ColumnType.BIGINT),
                        function.result(),
                        Constant.ROWS);
    }

    private void addMoving() {
        moving("msum", "sum", "The sum of the last n rows, this one among them, typed as sum.", "10; 30; 40; 60");
        moving("mavg", "avg", "The average of the last n rows, this one among them, typed as avg.", "10; 15; 20; 30");
        moving("mmin", "min", "The least x of the last n rows, this one among them.", "10; 10; 20; 20");
        moving("mmax", "max", "The greatest x of the last n rows, this one among them.", "10; 20; 20; 40");
        moving(
                "mdev",
                "stddev_pop",
                "The standard deviation of the last n rows, this one among them: of the whole (stddev_pop), as kdb+ has it.",
                "0; 5; 0; 10");
        add(
                TICKS,
                "mcount",
                "mcount(x, n)",
                "How many of the last n rows, this one among them, have an x that is not NULL. n is a constant greater than 0 (22023).",
                "SELECT mcount(x, 2) OVER (ORDER BY i)" + GAPS,
                "1; 1; 1; 1",
                arguments -> moving("mcount", "count", arguments));
    }

    private void addAverages() {
        String rule = " It begins with the first x; where x is NULL it stays. DOUBLE.";
        add(
                TICKS,
                "ema",
                "ema(x, n)",
                "The exponential moving average: a * x + (1 - a) * (the one before), a = 2 / (n + 1)." + rule
                        + " n is a constant greater than 0 (22023).",
                "SELECT ema(x, 3) OVER (ORDER BY i)" + ROWS,
                "10; 15; 17.5; 28.75",
                arguments -> average("ema", ColumnType.BIGINT, Constant.ROWS, arguments));
        add(
                TICKS,
                "ema_alpha",
                "ema_alpha(x, a)",
                "As ema, of the weight a: a constant greater than 0 and at most 1 (22023).",
                "SELECT ema_alpha(x, 0.25) OVER (ORDER BY i)" + ROWS,
                "10; 12.5; 14.375; 20.78125",
                arguments -> average("ema_alpha", ColumnType.DOUBLE, Constant.WEIGHT, arguments));
        add(
                TICKS,
                "ema_halflife",
                "ema_halflife(x, ts, interval)",
                "As ema, of ticks at any times: what came before loses half of its weight in each interval that passes between two values, a = 1 -"
                        + " 2 ^ (-passed / interval). Where x or ts is NULL it stays. The interval, or nanoseconds, is a constant greater than 0"
                        + " (22023).",
                "SELECT ema_halflife(x, to_timestamp(i), INTERVAL '1' SECOND) OVER (ORDER BY i)" + ROWS,
                "10; 15; 17.5; 28.75",
                StandardWindows::halfLife);
    }

    private static @Nullable WindowFunction average(
            String name, ColumnType last, Constant constant, List<ColumnType> arguments) {
        boolean fits = arguments.size() == 2
                && StandardAggregates.isNumber(arguments.get(0))
                && (constant == Constant.ROWS
                        ? isWholeOrNull(arguments.get(1))
                        : StandardAggregates.isNumber(arguments.get(1)));
        return fits ? new WindowFunction(name, List.of(ColumnType.DOUBLE, last), ColumnType.DOUBLE, constant) : null;
    }

    private static @Nullable WindowFunction halfLife(List<ColumnType> arguments) {
        if (arguments.size() != 3 || !StandardAggregates.isNumber(arguments.get(0))) {
            return null;
        }
        TypeKind time = arguments.get(1).kind();
        ColumnType length = arguments.get(2);
        boolean isTime = time == TypeKind.TIMESTAMP || time == TypeKind.DATE || time == TypeKind.NULL;
        boolean isInterval = length.kind() == TypeKind.INTERVAL_DAY;
        if (!isTime || (!isInterval && !isWholeOrNull(length))) {
            return null;
        }
        return new WindowFunction(
                "ema_halflife",
                List.of(ColumnType.DOUBLE, ColumnType.TIMESTAMP_NS, isInterval ? length : ColumnType.BIGINT),
                ColumnType.DOUBLE,
                Constant.DURATION);
    }

    private void addSteps() {
        add(
                TICKS,
                "delta",
                "delta(x)",
                "x - lag(x), typed as the difference: exact for integers (22003), BIGINT nanoseconds for times. NULL in the first row.",
                "SELECT delta(x) OVER (ORDER BY i)" + ROWS,
                "NULL; 10; 0; 20",
                arguments -> {
                    ScalarFunction minus = arguments.size() == 1 ? Differences.resolve(arguments.get(0)) : null;
                    return minus == null
                            ? null
                            : new WindowFunction(
                                    "delta", List.of(minus.parameters().get(0)), minus.result(), null);
                });
        add(
                TICKS,
                "ratio",
                "ratio(x)",
                "x / lag(x) as DOUBLE; NULL in the first row and where the row before has 0.",
                "SELECT ratio(x) OVER (ORDER BY i)" + ROWS,
                "NULL; 2; 1; 2",
                arguments -> arguments.size() == 1 && StandardAggregates.isNumber(arguments.get(0))
                        ? new WindowFunction("ratio", List.of(ColumnType.DOUBLE), ColumnType.DOUBLE, null)
                        : null);
    }

    private static boolean isWholeOrNull(ColumnType type) {
        return type.kind().isInteger() || type.kind() == TypeKind.NULL;
    }

    /** The aggregates behind the moving ones; made when the first is asked for. */
    private static final class Aggregates {
        private static final FunctionRegistry REGISTRY = new FunctionRegistry(StandardAggregates.definitions());

        static @Nullable AggregateFunction resolve(String name, ColumnType type) {
            return REGISTRY.find(name)
                    .map(FunctionDefinition::aggregate)
                    .map(resolver -> resolver.resolve(List.of(type)))
                    .orElse(null);
        }
    }

    /** The minus behind delta; made when it is asked for. */
    private static final class Differences {
        private static final FunctionRegistry REGISTRY = new FunctionRegistry(ArithmeticFunctions.definitions());

        static @Nullable ScalarFunction resolve(ColumnType type) {
            return REGISTRY.find("-")
                    .map(FunctionDefinition::scalar)
                    .map(resolver -> resolver.resolve(List.of(type, type)))
                    .orElse(null);
        }
    }
}
