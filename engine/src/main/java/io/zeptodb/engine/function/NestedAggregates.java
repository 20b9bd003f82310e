package io.zeptodb.engine.function;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.NestedField;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.function.aggregate.ArrayAggregator;
import io.zeptodb.engine.function.aggregate.CountAggregator;
import io.zeptodb.engine.function.aggregate.DoubleExtreme;
import io.zeptodb.engine.function.aggregate.DoubleSum;
import io.zeptodb.engine.function.aggregate.DoubleVwap;
import io.zeptodb.engine.function.aggregate.HistogramAggregator;
import io.zeptodb.engine.function.aggregate.IntegerSum;
import io.zeptodb.engine.function.aggregate.IntegerVwap;
import io.zeptodb.engine.function.aggregate.LongExtreme;
import io.zeptodb.engine.function.aggregate.NothingAggregator;
import io.zeptodb.engine.function.aggregate.PickAggregator;
import io.zeptodb.engine.function.aggregate.PickAggregator.Choice;
import io.zeptodb.engine.function.aggregate.RowOfAggregates;
import io.zeptodb.engine.function.aggregate.RowOfAggregates.Part;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The part of {@link StandardAggregates} whose results are arrays and rows. */
final class NestedAggregates {
    private static final String TICKS = "Aggregates for ticks";
    private static final String STATISTICS = "Statistics";
    private static final int MOST_OHLC_ARGUMENTS = 4;
    private static final int ARRAY_WITH_TIME = 3;

    private NestedAggregates() {}

    static void addTo(List<FunctionDefinition> all) {
        all.add(StandardAggregates.define(
                List.of("ohlc"),
                TICKS,
                "ohlc(price [, volume [, ts [, sequence]]])",
                "ROW(open, high, low, close, volume, vwap, count) of the prices that are not NULL, the first and the last by time, ties by sequence (the order"
                        + " of ingest), else by order of arrival. The price of integers is BIGINT, else DOUBLE; without a volume that field and vwap are"
                        + " NULL. A field is taken with a point: (ohlc(price, volume)).high. NULL without prices.",
                "SELECT ohlc(price, volume, ts) FROM (VALUES (10e0, 1, 1), (13e0, 2, 2), (9e0, 1, 3)) AS t(price, volume, ts)",
                "{'open': 10, 'high': 13, 'low': 9, 'close': 9, 'volume': 4, 'vwap': 11.25, 'count': 3}",
                NestedAggregates::ohlc));
        all.add(StandardAggregates.define(
                List.of("array_agg", "list"),
                StandardAggregates.SECTION,
                "array_agg(x)",
                "An ARRAY of all x, NULLs too: by ORDER BY inside the call, else of a table's rows by time order, else in the order they come. NULL"
                        + " without rows.",
                "SELECT array_agg(i ORDER BY i DESC) FROM (VALUES (1), (NULL), (3)) AS t(i)",
                "[NULL, 3, 1]",
                NestedAggregates::arrayOf));
        all.add(StandardAggregates.define(
                List.of("histogram"),
                STATISTICS,
                "histogram(x)",
                "An ARRAY of ROW(value, count), in order of value; histogram(xbar(x, width)) counts by buckets. Numbers (DECIMAL as DOUBLE), BOOLEAN,"
                        + " dates, times. NULLs do not count; NULL without rows.",
                "SELECT histogram(x) FROM (VALUES (1), (2), (2)) AS t(x)",
                "[{'value': 1, 'count': 1}, {'value': 2, 'count': 2}]",
                NestedAggregates::histogram));
    }

    private static @Nullable AggregateFunction ohlc(List<ColumnType> arguments) {
        int count = arguments.size();
        if (count < 1 || count > MOST_OHLC_ARGUMENTS || !StandardAggregates.isNumber(arguments.get(0))) {
            return null;
        }
        ColumnType given = count > 1 ? arguments.get(1) : ColumnType.NULL;
        boolean timed = count > 2;
        if (!StandardAggregates.isNumber(given)
                || (timed && !StatisticalAggregates.comparesAsLong(arguments.get(2)))
                || (count == MOST_OHLC_ARGUMENTS && !arguments.get(3).kind().isInteger())) {
            return null;
        }
        ColumnType price = arguments.get(0).kind().isInteger() ? ColumnType.BIGINT : ColumnType.DOUBLE;
        ColumnType volume = given.kind().isInteger() ? ColumnType.BIGINT : ColumnType.DOUBLE;
        ColumnType time = timed ? arguments.get(2) : ColumnType.NULL;
        ColumnType result = ColumnType.row(List.of(
                new NestedField("open", price),
                new NestedField("high", price),
                new NestedField("low", price),
                new NestedField("close", price),
                new NestedField("volume", volume),
                new NestedField("vwap", ColumnType.DOUBLE),
                new NestedField("count", ColumnType.BIGINT)));
        List<ColumnType> parameters =
                List.of(price, volume, time, ColumnType.BIGINT).subList(0, count);
        boolean hasVolume = count > 1;
        int keys = Math.max(0, count - 2);
        return StandardAggregates.function(
                "ohlc",
                parameters,
                result,
                budget -> new RowOfAggregates(budget, result, parts(budget, price, volume, hasVolume, keys)));
    }

    private static List<Part> parts(
            MemoryBudget budget, ColumnType price, ColumnType volume, boolean hasVolume, int keys) {
        int[] picked =
                IntStream.concat(IntStream.of(0), IntStream.range(2, 2 + keys)).toArray();
        return List.of(
                new Part(new PickAggregator(budget, price, keys, Choice.FIRST, true), picked),
                new Part(extreme(budget, price, true), 0),
                new Part(extreme(budget, price, false), 0),
                new Part(new PickAggregator(budget, price, keys, Choice.LAST, true), picked),
                hasVolume ? new Part(sum(budget, volume), 1) : new Part(new NothingAggregator()),
                hasVolume ? new Part(vwap(budget, price, volume), 0, 1) : new Part(new NothingAggregator()),
                new Part(new CountAggregator(budget, 1), 0));
    }

    private static Aggregator extreme(MemoryBudget budget, ColumnType price, boolean greatest) {
        return price.kind() == TypeKind.DOUBLE
                ? new DoubleExtreme(budget, price, greatest)
                : new LongExtreme(budget, price, greatest);
    }

    private static Aggregator sum(MemoryBudget budget, ColumnType volume) {
        return volume.kind() == TypeKind.DOUBLE
                ? new DoubleSum(budget, false)
                : new IntegerSum(budget, ColumnType.BIGINT, false);
    }

    private static Aggregator vwap(MemoryBudget budget, ColumnType price, ColumnType volume) {
        return price.kind() == TypeKind.BIGINT && volume.kind() == TypeKind.BIGINT
                ? new IntegerVwap(budget, false)
                : new DoubleVwap(budget, volume, false);
    }

    private static @Nullable AggregateFunction arrayOf(List<ColumnType> arguments) {
        int count = arguments.size();
        boolean timed = count == ARRAY_WITH_TIME
                && StatisticalAggregates.comparesAsLong(arguments.get(1))
                && arguments.get(1).width() == Long.BYTES
                && arguments.get(2).kind() == TypeKind.BIGINT;
        if (count != 1 && !timed) {
            return null;
        }
        ColumnType given = StandardAggregates.concrete(arguments.get(0));
        ColumnType element = given.kind() == TypeKind.SYMBOL ? ColumnType.VARCHAR : given;
        ColumnType result = ColumnType.array(element);
        return StandardAggregates.function(
                "array_agg",
                timed ? List.of(element, arguments.get(1), ColumnType.BIGINT) : List.of(element),
                result,
                budget -> new ArrayAggregator(budget, result, count));
    }

    private static @Nullable AggregateFunction histogram(List<ColumnType> arguments) {
        if (arguments.size() != 1) {
            return null;
        }
        ColumnType value = StatisticalAggregates.asOrdered(arguments.get(0));
        if (value == null || value.kind() == TypeKind.SYMBOL) {
            return null;
        }
        ColumnType result = ColumnType.array(
                ColumnType.row(List.of(new NestedField("value", value), new NestedField("count", ColumnType.BIGINT))));
        return StandardAggregates.function(
                "histogram", List.of(value), result, budget -> new HistogramAggregator(budget, result));
    }
}
