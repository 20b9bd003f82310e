package io.zeptodb.engine.function;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.function.aggregate.DoubleVwap;
import io.zeptodb.engine.function.aggregate.IntegerVwap;
import io.zeptodb.engine.function.aggregate.MomentsAggregator;
import io.zeptodb.engine.function.aggregate.PairAggregator;
import io.zeptodb.engine.function.aggregate.PercentileAggregator;
import io.zeptodb.engine.function.aggregate.PercentileAggregator.Form;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The statistical part of {@link StandardAggregates}: weighted averages, moments, correlation, percentiles. */
final class StatisticalAggregates {
    private static final String SECTION = "Statistics";
    private static final String TICKS = "Aggregates for ticks";
    private static final String PRICES = " FROM (VALUES (10e0, 1), (13e0, 2)) AS t(price, volume)";
    private static final String NUMBERS = " FROM (VALUES (1), (2), (3), (6)) AS t(x)";
    private static final String PAIRS = " FROM (VALUES (1.5e0, 1), (2.5e0, 2), (3.5e0, 3)) AS t(y, x)";

    private StatisticalAggregates() {}

    /** Whether values compare as longs do, so that a row can be picked by them in a short loop. */
    static boolean comparesAsLong(ColumnType type) {
        return switch (type.kind()) {
            case DECIMAL, VARCHAR, SYMBOL, VARBINARY, ARRAY, ROW, NULL -> false;
            default -> true;
        };
    }

    /** The type that keeps all values as longs, or null when there is none. */
    static @Nullable ColumnType asOrdered(ColumnType type) {
        return switch (type.kind()) {
            case DECIMAL, NULL -> ColumnType.DOUBLE;
            case VARCHAR, VARBINARY, ARRAY, ROW -> null;
            default -> type;
        };
    }

    static void addTo(List<FunctionDefinition> all) {
        addWeighted(all);
        addMoments(all);
        addPairs(all);
        addPercentiles(all);
    }

    private static void addWeighted(List<FunctionDefinition> all) {
        String rule =
                " over rows with both present; NULL when that divisor is 0. Exact for integers, compensated for doubles.";
        all.add(StandardAggregates.define(
                List.of("vwap"),
                TICKS,
                "vwap(price, volume)",
                "sum(price * volume) / sum(volume)" + rule,
                "SELECT vwap(price, volume)" + PRICES,
                "12.0",
                arguments -> weighted("vwap", arguments, false)));
        all.add(StandardAggregates.define(
                List.of("wavg"),
                TICKS,
                "wavg(weight, x)",
                "sum(weight * x) / sum(weight)" + rule,
                "SELECT wavg(volume, price)" + PRICES,
                "12.0",
                arguments -> weighted("wavg", arguments, true)));
    }

    private static @Nullable AggregateFunction weighted(String name, List<ColumnType> arguments, boolean weightFirst) {
        if (arguments.size() != 2
                || !StandardAggregates.isNumber(arguments.get(0))
                || !StandardAggregates.isNumber(arguments.get(1))) {
            return null;
        }
        TypeKind value = arguments.get(weightFirst ? 1 : 0).kind();
        TypeKind weight = arguments.get(weightFirst ? 0 : 1).kind();
        if (value.isInteger() && weight.isInteger()) {
            return StandardAggregates.function(
                    name,
                    List.of(ColumnType.BIGINT, ColumnType.BIGINT),
                    ColumnType.DOUBLE,
                    budget -> new IntegerVwap(budget, weightFirst));
        }
        ColumnType weightType = weight.isInteger() ? ColumnType.BIGINT : ColumnType.DOUBLE;
        return StandardAggregates.function(
                name,
                weightFirst ? List.of(weightType, ColumnType.DOUBLE) : List.of(ColumnType.DOUBLE, weightType),
                ColumnType.DOUBLE,
                budget -> new DoubleVwap(budget, weightType, weightFirst));
    }

    private static void addMoments(List<FunctionDefinition> all) {
        all.add(moments(
                List.of("variance", "var_samp"),
                "Sample variance, divisor n - 1. NULL below two rows.",
                "SELECT variance(x) FROM (VALUES (1), (2), (3), (4), (5)) AS t(x)",
                "2.5",
                MomentsAggregator.Statistic.VARIANCE_SAMPLE));
        all.add(moments(
                List.of("var_pop"),
                "Population variance, divisor n. NULL without rows.",
                "SELECT var_pop(x)" + NUMBERS,
                "3.5",
                MomentsAggregator.Statistic.VARIANCE_POPULATION));
        all.add(moments(
                List.of("stddev", "stddev_samp"),
                "Sample standard deviation, divisor n - 1. NULL below two rows.",
                "SELECT stddev(x) FROM (VALUES (1.5e0), (2.5e0), (3.5e0)) AS t(x)",
                "1.0",
                MomentsAggregator.Statistic.DEVIATION_SAMPLE));
        all.add(moments(
                List.of("stddev_pop"),
                "Population standard deviation, divisor n. NULL without rows.",
                "SELECT stddev_pop(x) FROM (VALUES (1), (2)) AS t(x)",
                "0.5",
                MomentsAggregator.Statistic.DEVIATION_POPULATION));
        all.add(moments(
                List.of("skewness"),
                "Sample skewness (adjusted Fisher-Pearson coefficient). NULL below three rows or when all are equal.",
                "SELECT skewness(x) FROM (VALUES (1), (2), (3)) AS t(x)",
                "0.0",
                MomentsAggregator.Statistic.SKEWNESS));
        all.add(moments(
                List.of("kurtosis"),
                "Sample excess kurtosis. NULL below four rows or when all are equal.",
                "SELECT kurtosis(x) FROM (VALUES (1), (2), (3), (4), (5)) AS t(x)",
                "-1.2",
                MomentsAggregator.Statistic.KURTOSIS));
    }

    private static FunctionDefinition moments(
            List<String> names,
            String documentation,
            String example,
            String exampleResult,
            MomentsAggregator.Statistic statistic) {
        return StandardAggregates.define(
                names,
                SECTION,
                names.get(0) + "(x)",
                documentation,
                example,
                exampleResult,
                arguments -> arguments.size() == 1 && StandardAggregates.isNumber(arguments.get(0))
                        ? StandardAggregates.function(
                                names.get(0),
                                List.of(ColumnType.DOUBLE),
                                ColumnType.DOUBLE,
                                budget -> new MomentsAggregator(budget, statistic))
                        : null);
    }

    private static void addPairs(List<FunctionDefinition> all) {
        all.add(pairs(
                "corr",
                "Pearson's correlation; NULL when one side does not vary.",
                "1.0",
                PairAggregator.Statistic.CORRELATION));
        all.add(pairs(
                "covar_pop",
                "Population covariance, divisor n.",
                "0.6666666666666666",
                PairAggregator.Statistic.COVARIANCE_POPULATION));
        all.add(pairs(
                "covar_samp",
                "Sample covariance, divisor n - 1. NULL below two rows.",
                "1.0",
                PairAggregator.Statistic.COVARIANCE_SAMPLE));
        all.add(pairs(
                "regr_slope",
                "Slope of the least-squares line of y over x; NULL when x does not vary.",
                "1.0",
                PairAggregator.Statistic.SLOPE));
        all.add(pairs(
                "regr_intercept",
                "Intercept of the least-squares line of y over x; NULL when x does not vary.",
                "0.5",
                PairAggregator.Statistic.INTERCEPT));
        all.add(pairs(
                "regr_r2",
                "Square of the correlation; 1 when only y does not vary, NULL when x does not.",
                "1.0",
                PairAggregator.Statistic.R2));
        all.add(pairs("regr_count", "The number of rows.", "3", PairAggregator.Statistic.COUNT));
        all.add(pairs("regr_avgx", "The average of x.", "2.0", PairAggregator.Statistic.MEAN_OF_X));
        all.add(pairs("regr_avgy", "The average of y.", "2.5", PairAggregator.Statistic.MEAN_OF_Y));
        all.add(pairs(
                "regr_sxx",
                "The sum of squared distances of x from its average.",
                "2.0",
                PairAggregator.Statistic.SUM_XX));
        all.add(pairs(
                "regr_syy",
                "The sum of squared distances of y from its average.",
                "2.0",
                PairAggregator.Statistic.SUM_YY));
        all.add(pairs(
                "regr_sxy",
                "The sum of products of the distances of x and y from their averages.",
                "2.0",
                PairAggregator.Statistic.SUM_XY));
    }

    private static FunctionDefinition pairs(
            String name, String documentation, String exampleResult, PairAggregator.Statistic statistic) {
        return StandardAggregates.define(
                List.of(name),
                SECTION,
                name + "(y, x)",
                documentation + " Over rows with both present.",
                "SELECT " + name + "(y, x)" + PAIRS,
                exampleResult,
                arguments -> arguments.size() == 2
                                && StandardAggregates.isNumber(arguments.get(0))
                                && StandardAggregates.isNumber(arguments.get(1))
                        ? StandardAggregates.function(
                                name,
                                List.of(ColumnType.DOUBLE, ColumnType.DOUBLE),
                                statistic == PairAggregator.Statistic.COUNT ? ColumnType.BIGINT : ColumnType.DOUBLE,
                                budget -> new PairAggregator(budget, statistic))
                        : null);
    }

    private static void addPercentiles(List<FunctionDefinition> all) {
        all.add(StandardAggregates.define(
                List.of("median"),
                SECTION,
                "median(x)",
                "The middle value, the average of two in the middle; exact, DOUBLE. NULL without rows.",
                "SELECT median(x)" + NUMBERS,
                "2.5",
                arguments -> arguments.size() == 1 && StandardAggregates.isNumber(arguments.get(0))
                        ? continuous("median", List.of(ColumnType.DOUBLE), 0)
                        : null));
        all.add(StandardAggregates.define(
                List.of("percentile_cont", "quantile", "quantile_cont"),
                SECTION,
                "percentile_cont(x, p)",
                "The value at fraction p (0 to 1, one for all rows) of the ordered values, interpolated (R-7); exact, DOUBLE. NULL"
                        + " without rows.",
                "SELECT percentile_cont(x, 0.5)" + NUMBERS,
                "2.5",
                arguments -> percentile("percentile_cont", arguments, 1)));
        all.add(StandardAggregates.define(
                List.of("percentile"),
                SECTION,
                "percentile(x, p)",
                "As percentile_cont with p in percent, 0 to 100.",
                "SELECT percentile(x, 50)" + NUMBERS,
                "2.5",
                arguments -> percentile("percentile", arguments, 100)));
        all.add(StandardAggregates.define(
                List.of("percentile_disc", "quantile_disc"),
                SECTION,
                "percentile_disc(x, p)",
                "The first of the ordered values whose place is at least fraction p (0 to 1, one for all rows) of all. Numbers, dates,"
                        + " times; DECIMAL as DOUBLE. NULL without rows.",
                "SELECT percentile_disc(x, 0.5)" + NUMBERS,
                "2",
                arguments -> discrete("percentile_disc", arguments, Form.DISCRETE)));
        all.add(StandardAggregates.define(
                List.of("percentile_disc_desc"),
                SECTION,
                "percentile_disc_desc(x, p)",
                "As percentile_disc with places counted from the greatest value: percentile_disc(p) WITHIN GROUP (ORDER BY x DESC).",
                "SELECT percentile_disc_desc(x, 0.5)" + NUMBERS,
                "3",
                arguments -> discrete("percentile_disc_desc", arguments, Form.DISCRETE_DESCENDING)));
    }

    private static @Nullable AggregateFunction percentile(String name, List<ColumnType> arguments, double scale) {
        return arguments.size() == 2
                        && StandardAggregates.isNumber(arguments.get(0))
                        && StandardAggregates.isNumber(arguments.get(1))
                ? continuous(name, List.of(ColumnType.DOUBLE, ColumnType.DOUBLE), scale)
                : null;
    }

    private static AggregateFunction continuous(String name, List<ColumnType> parameters, double scale) {
        return StandardAggregates.function(
                name,
                parameters,
                ColumnType.DOUBLE,
                budget -> new PercentileAggregator(budget, ColumnType.DOUBLE, Form.CONTINUOUS, scale));
    }

    private static @Nullable AggregateFunction discrete(String name, List<ColumnType> arguments, Form form) {
        if (arguments.size() != 2 || !StandardAggregates.isNumber(arguments.get(1))) {
            return null;
        }
        ColumnType type = asOrdered(arguments.get(0));
        if (type == null || type.kind() == TypeKind.SYMBOL) {
            return null;
        }
        return StandardAggregates.function(
                name,
                List.of(type, ColumnType.DOUBLE),
                type,
                budget -> new PercentileAggregator(budget, type, form, 1));
    }
}
