package io.zeptodb.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.plan.Expression.Comparator;
import io.zeptodb.engine.plan.PhysicalPlan;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class AsofJoinOperatorTest extends TimedJoinContract {
    private static final int SEEDS = 40;
    /** More than there are places in the tables that caches hold. */
    private static final int MANY_KEYS = 60_000;

    private static final int MANY_ROWS = 80_000;

    /** The left side has a text behind the time, the right one a sequence. */
    private static TimedSides sides(List<ColumnType> leftKeys, List<ColumnType> rightKeys, ColumnType time) {
        return new TimedSides(leftKeys, rightKeys, time, List.of(ColumnType.VARCHAR), List.of(ColumnType.BIGINT));
    }

    static List<TimedSides> cases() {
        List<ColumnType> symbol = List.of(ColumnType.SYMBOL);
        List<ColumnType> text = List.of(ColumnType.VARCHAR);
        return List.of(
                sides(symbol, symbol, ColumnType.TIMESTAMP_NS),
                sides(symbol, text, ColumnType.TIMESTAMP_NS),
                sides(text, symbol, ColumnType.BIGINT),
                sides(List.of(), List.of(), ColumnType.TIMESTAMP_NS),
                sides(List.of(ColumnType.BIGINT), List.of(ColumnType.BIGINT), ColumnType.DOUBLE),
                sides(List.of(ColumnType.INTEGER), List.of(ColumnType.INTEGER), ColumnType.REAL),
                sides(List.of(ColumnType.DOUBLE), List.of(ColumnType.DOUBLE), ColumnType.DATE),
                sides(text, text, ColumnType.TIME),
                sides(
                        List.of(ColumnType.SYMBOL, ColumnType.BOOLEAN),
                        List.of(ColumnType.SYMBOL, ColumnType.BOOLEAN),
                        ColumnType.SMALLINT),
                sides(symbol, symbol, ColumnType.decimal(10, 2)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesWhatTheNaiveJoinGives(TimedSides types) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            Comparator operator = List.of(
                            Comparator.GREATER_OR_EQUAL, Comparator.GREATER, Comparator.LESS_OR_EQUAL, Comparator.LESS)
                    .get(random.nextInt(4));
            boolean keep = random.nextBoolean();
            boolean sequenced = random.nextBoolean();
            int most = random.nextInt(5) == 0 ? 1 : 700;
            List<@Nullable Object[]> left = QueryFixture.randomRows(types.left(), random.nextInt(most), random);
            List<@Nullable Object[]> right = QueryFixture.randomRows(types.right(), random.nextInt(most), random);
            numberRows(right, random, true);
            if (random.nextBoolean()) {
                int time = types.keys();
                right.removeIf(row -> row[time] == null);
                right.sort((a, b) -> compare(a[time], b[time]));
            }
            BitSet used = random.nextBoolean()
                    ? null
                    : QueryFixture.randomColumns(
                            types.left().size() + types.right().size(), random);
            try (QueryFixture fixture = new QueryFixture()) {
                PhysicalPlan.AsofJoin plan = plan(types, operator, keep, sequenced);
                Operator join = types.open(
                        fixture,
                        left,
                        right,
                        random,
                        (one, other) -> new AsofJoinOperator(plan, fixture.context, one, other, used));
                assertThat(QueryFixture.drain(join, used))
                        .as("seed %d %s keep %s sequence %s used %s", seed, operator, keep, sequenced, used)
                        .isEqualTo(QueryFixture.masked(naive(types, left, right, operator, keep, sequenced), used));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Comparator.class,
            names = {"GREATER_OR_EQUAL", "GREATER", "LESS_OR_EQUAL", "LESS"})
    void timesAtTheEndsOfTheRangeDoNotWrapRound(Comparator operator) {
        TimedSides types = sides(List.of(), List.of(), ColumnType.BIGINT);
        List<@Nullable Object[]> left = new ArrayList<>();
        List<@Nullable Object[]> right = new ArrayList<>();
        long sequence = 0;
        for (long time : new long[] {Long.MIN_VALUE, Long.MIN_VALUE + 1, 0, Long.MAX_VALUE - 1, Long.MAX_VALUE}) {
            left.add(new Object[] {time, "x"});
            right.add(new Object[] {time, sequence++});
        }
        try (QueryFixture fixture = new QueryFixture()) {
            PhysicalPlan.AsofJoin plan = plan(types, operator, true, false);
            assertThat(joined(fixture, types, plan, left, right, new Random(0)))
                    .isEqualTo(naive(types, left, right, operator, true, false));
        }
    }

    @Test
    void ofEqualTimesTheLastIngestedMatchesWhateverOrderTheyComeIn() {
        TimedSides types = sides(List.of(ColumnType.SYMBOL), List.of(ColumnType.SYMBOL), ColumnType.TIMESTAMP_NS);
        List<@Nullable Object[]> left = rows(new Object[] {"a", 10L, "x"});
        List<@Nullable Object[]> right =
                rows(new Object[] {"a", 10L, 7L}, new Object[] {"a", 10L, 9L}, new Object[] {"a", 10L, 8L});
        try (QueryFixture fixture = new QueryFixture()) {
            for (boolean sequenced : new boolean[] {true, false}) {
                PhysicalPlan.AsofJoin plan = plan(types, Comparator.GREATER_OR_EQUAL, false, sequenced);
                assertThat(joined(fixture, types, plan, left, right, new Random(1))
                                .get(0)
                                .get(5))
                        .isEqualTo(sequenced ? 9L : 8L);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Comparator.class,
            names = {"GREATER_OR_EQUAL", "LESS_OR_EQUAL"})
    void ofManyKeysEachRowFindsItsOwn(Comparator operator) {
        for (ColumnType key : List.of(ColumnType.BIGINT, ColumnType.INTEGER, ColumnType.DOUBLE)) {
            TimedSides types = sides(List.of(key), List.of(key), ColumnType.BIGINT);
            Random random = new Random(5);
            List<@Nullable Object[]> left = new ArrayList<>();
            List<@Nullable Object[]> right = new ArrayList<>();
            Map<Object, TreeMap<Long, Long>> times = new HashMap<>();
            for (long i = 0; i < MANY_ROWS; i++) {
                Object rightKey = keyOf(key, random);
                // by time, so that nobody sorts them, but for some in the last case
                long time = key.equals(ColumnType.DOUBLE) && i % 7 == 0 ? random.nextInt(MANY_ROWS) : i;
                right.add(new Object[] {rightKey, time, i});
                if (rightKey != null) {
                    times.computeIfAbsent(rightKey, all -> new TreeMap<>()).put(time, i);
                }
                left.add(new Object[] {keyOf(key, random), (long) random.nextInt(MANY_ROWS), "x"});
            }
            List<@Nullable Object> expected = new ArrayList<>();
            for (Object[] row : left) {
                TreeMap<Long, Long> own =
                        row[0] == null ? new TreeMap<>() : times.getOrDefault(row[0], new TreeMap<>());
                Map.Entry<Long, Long> match = operator == Comparator.GREATER_OR_EQUAL
                        ? own.floorEntry((Long) row[1])
                        : own.ceilingEntry((Long) row[1]);
                expected.add(match == null ? null : match.getValue());
            }
            try (QueryFixture fixture = new QueryFixture()) {
                PhysicalPlan.AsofJoin plan = plan(types, operator, true, false);
                List<List<@Nullable Object>> actual = joined(fixture, types, plan, left, right, random);
                assertThat(actual.stream().map(row -> row.get(5)).toList())
                        .as("key %s", key)
                        .isEqualTo(expected);
            }
        }
    }

    private static @Nullable Object keyOf(ColumnType type, Random random) {
        int key = random.nextInt(MANY_KEYS);
        if (key % 1000 == 0) {
            return null;
        }
        return switch (type.kind()) {
            case BIGINT -> (Object) (key * 1_000_003L);
            case INTEGER -> key;
            default -> key / 4.0;
        };
    }

    private static List<List<@Nullable Object>> joined(
            QueryFixture fixture,
            TimedSides types,
            PhysicalPlan.AsofJoin plan,
            List<@Nullable Object[]> left,
            List<@Nullable Object[]> right,
            Random random) {
        return QueryFixture.drain(types.open(
                fixture, left, right, random, (one, other) -> new AsofJoinOperator(plan, fixture.context, one, other)));
    }

    @Override
    TimedSides sides() {
        return cases().get(0);
    }

    @Override
    Operator join(QueryFixture fixture, Operator left, Operator right) {
        return new AsofJoinOperator(plan(sides(), Comparator.GREATER, true, false), fixture.context, left, right);
    }

    @SafeVarargs
    private static List<@Nullable Object[]> rows(@Nullable Object[]... rows) {
        return new ArrayList<>(List.of(rows));
    }

    private static PhysicalPlan.AsofJoin plan(TimedSides types, Comparator operator, boolean keep, boolean sequenced) {
        int keys = types.keys();
        List<ColumnType> output = new ArrayList<>(types.left());
        output.addAll(types.right());
        return new PhysicalPlan.AsofJoin(
                QueryFixture.shape(types.left()),
                QueryFixture.shape(types.right()),
                keep,
                types.keysOf(types.left()),
                types.keysOf(types.right()),
                QueryFixture.column(types.left(), keys),
                operator,
                QueryFixture.column(types.right(), keys),
                null,
                sequenced ? keys + 1 : -1,
                QueryFixture.columns(output));
    }

    private static List<List<@Nullable Object>> naive(
            TimedSides types,
            List<@Nullable Object[]> left,
            List<@Nullable Object[]> right,
            Comparator operator,
            boolean keep,
            boolean sequenced) {
        List<List<@Nullable Object>> result = new ArrayList<>();
        for (Object[] row : left) {
            Object[] best = null;
            for (Object[] candidate : right) {
                if (matches(types, row, candidate, operator)
                        && (best == null || better(types, candidate, best, operator, sequenced))) {
                    best = candidate;
                }
            }
            if (best != null || keep) {
                List<@Nullable Object> joined = QueryFixture.normalRow(row);
                joined.addAll(QueryFixture.normalRow(
                        best == null ? new Object[types.right().size()] : best));
                result.add(joined);
            }
        }
        return result;
    }

    private static boolean matches(
            TimedSides types, @Nullable Object[] left, @Nullable Object[] right, Comparator operator) {
        int keys = types.keys();
        if (!sameKeys(keys, left, right) || left[keys] == null || right[keys] == null) {
            return false;
        }
        int order = compare(left[keys], right[keys]);
        return switch (operator) {
            case GREATER_OR_EQUAL -> order >= 0;
            case GREATER -> order > 0;
            case LESS_OR_EQUAL -> order <= 0;
            default -> order < 0;
        };
    }

    private static boolean better(
            TimedSides types, @Nullable Object[] one, @Nullable Object[] best, Comparator operator, boolean sequenced) {
        int time = types.keys();
        int order = compare(one[time], best[time]);
        if (order != 0) {
            boolean backward = operator == Comparator.GREATER_OR_EQUAL || operator == Comparator.GREATER;
            return backward == order > 0;
        }
        return !sequenced || compare(one[time + 1], best[time + 1]) > 0;
    }
}
