package io.zeptodb.engine.function;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.function.aggregate.ApproximateDistinct;
import io.zeptodb.engine.function.aggregate.ApproximatePercentile;
import io.zeptodb.engine.function.aggregate.TimeWeighted;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of {@link StandardAggregates} that weighs by time, and sketches. */
final class TickAggregates {
    private static final String TICKS = "Aggregates for ticks";
    private static final String STATISTICS = "Statistics";
    private static final int MOST_TWAP_ARGUMENTS = 4;

    private TickAggregates() {}

    static void addTo(List<FunctionDefinition> all) {
        all.add(StandardAggregates.define(
                List.of("twap"),
                TICKS,
                "twap(price, ts [, end [, sequence]])",
                "The time-weighted average: each price holds until the time of the next row, the last one until the end, which must be one for"
                        + " all rows of a group; rows at or behind it do not count. Of rows of one time the last by sequence (the order of ingest)"
                        + " holds. Without an end and with one time only, the plain average. NULL without rows of both a price and a time.",
                "SELECT twap(price, ts) FROM (VALUES (10, TIMESTAMP '2024-08-09 10:00:00'), (20, TIMESTAMP '2024-08-09 10:00:03'),"
                        + " (90, TIMESTAMP '2024-08-09 10:00:04')) AS t(price, ts)",
                "12.5",
                TickAggregates::twap));
        all.add(StandardAggregates.define(
                List.of("approx_percentile", "approx_quantile"),
                STATISTICS,
                "approx_percentile(x, p)",
                "As percentile_cont in 128 KiB a group at most: the same up to 8,192 different values. Beyond, values are off by less than K / 8192 of"
                        + " themselves, K being the number of powers of two that they spread over: 0.03 % for prices within a factor of two,"
                        + " 0.3 % within six powers of ten. The answer does not depend on the order of rows. NULL without rows.",
                "SELECT approx_percentile(x, 0.5) FROM (VALUES (1), (2), (3), (6)) AS t(x)",
                "2.5",
                TickAggregates::approximatePercentile));
        all.add(StandardAggregates.define(
                List.of("approx_count_distinct", "approx_distinct"),
                STATISTICS,
                "approx_count_distinct(x)",
                "About how many different values, of any type, in 16 KiB a group at most: exact up to 1,024, beyond with a standard error of 0.8 %"
                        + " (HyperLogLog). The answer does not depend on the order of rows. NULLs do not count; 0 without rows.",
                "SELECT approx_count_distinct(x) FROM (VALUES (1), (2), (2), (NULL)) AS t(x)",
                "2",
                TickAggregates::approximateDistinct));
    }

    private static @Nullable AggregateFunction twap(List<ColumnType> arguments) {
        int count = arguments.size();
        if (count < 2 || count > MOST_TWAP_ARGUMENTS || !StandardAggregates.isNumber(arguments.get(0))) {
            return null;
        }
        ColumnType time = asTime(arguments.get(1));
        if (time == null || (count > 2 && !isEnd(arguments.get(2), time))) {
            return null;
        }
        if (count == MOST_TWAP_ARGUMENTS && !arguments.get(3).kind().isInteger()) {
            return null;
        }
        List<ColumnType> parameters =
                List.of(ColumnType.DOUBLE, time, time, ColumnType.BIGINT).subList(0, count);
        return StandardAggregates.function(
                "twap", parameters, ColumnType.DOUBLE, budget -> new TimeWeighted(budget, count));
    }

    /** The type of eight bytes that holds such times. */
    private static @Nullable ColumnType asTime(ColumnType type) {
        return switch (type.kind()) {
            case TIMESTAMP, DATE, NULL -> ColumnType.TIMESTAMP_NS;
            case TIME -> ColumnType.TIME;
            case TINYINT, SMALLINT, INTEGER, BIGINT -> ColumnType.BIGINT;
            default -> null;
        };
    }

    private static boolean isEnd(ColumnType type, ColumnType time) {
        return type.kind() == TypeKind.NULL
                || time.equals(asTime(type))
                || (time.kind() == TypeKind.TIMESTAMP && (type.kind().isText() || type.kind() == TypeKind.BIGINT));
    }

    private static @Nullable AggregateFunction approximatePercentile(List<ColumnType> arguments) {
        return arguments.size() == 2
                        && StandardAggregates.isNumber(arguments.get(0))
                        && StandardAggregates.isNumber(arguments.get(1))
                ? StandardAggregates.function(
                        "approx_percentile",
                        List.of(ColumnType.DOUBLE, ColumnType.DOUBLE),
                        ColumnType.DOUBLE,
                        ApproximatePercentile::new)
                : null;
    }

    private static @Nullable AggregateFunction approximateDistinct(List<ColumnType> arguments) {
        if (arguments.size() != 1) {
            return null;
        }
        ColumnType given = StandardAggregates.concrete(arguments.get(0));
        ColumnType type = given.kind() == TypeKind.SYMBOL ? ColumnType.VARCHAR : given;
        return StandardAggregates.function(
                "approx_count_distinct", List.of(type), ColumnType.BIGINT, ApproximateDistinct::new);
    }
}
